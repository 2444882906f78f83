//! The forecast under the editor says what then happens.

mod page;

use page::{MY_APP_1, MY_APP_2, Page, SET_2};
use serde_json::json;

/// The forecast's text once it is worked out and holds this.
fn forecast(page: &Page, part: &str) -> String {
    page.wait_for(&format!("a forecast of {part:?}"), || {
        let text = page.run(
            "const one = document.querySelector('section[aria-label=\"If you apply this\"]');
             return one && !one.hasAttribute('aria-busy') ? one.textContent : ''",
            json!([]),
        );
        let text = text.as_str().unwrap_or_default().to_owned();
        text.contains(part).then_some(text)
    })
}

#[test]
fn the_forecast_says_what_then_happens() {
    let page = Page::open();
    page.speed("4");
    assert!(forecast(&page, "New revision 1").contains("created"));
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(MY_APP_2);
    let told = forecast(&page, "New revision 2");
    for part in ["my-app:1.0 → my-app:2.0", "25% × 3 = 0.75 → 1", "25% × 3 = 0.75 → 0", SET_2]
    {
        assert!(told.contains(part), "{part:?} is missing in {told:?}");
    }
    page.screenshot("forecast");
    page.apply();
    page.wait_for_rollout(3, "2");
    // What was the first revision would become the third.
    page.write_manifest(MY_APP_1);
    forecast(&page, "Revision 1 becomes revision 3");
    page.write_manifest(&MY_APP_1.replace("my-app:1.0", "my-app:missing"));
    let told = forecast(&page, "my-app:missing cannot be pulled");
    assert!(told.contains("never"), "{told:?}");
    page.screenshot("forecast-missing");
    page.write_manifest(&MY_APP_1.replace("replicas: 3", "replicas: -3"));
    forecast(&page, "would be refused");
    assert_eq!(page.pods().len(), 3);
    page.assert_console_clean();
}

#[test]
fn a_strategy_is_chosen_from_the_grid() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(MY_APP_2);
    forecast(&page, "New revision 2");
    page.button("Strategies");
    let cells = "[...document.querySelectorAll('dialog td')]";
    page.wait_for("all cells", || {
        let done = page.run(
            &format!("const all = {cells}; return all.length === 25 && all.every(one => !one.textContent.includes('…'))"),
            json!([]),
        );
        (done == json!(true)).then_some(())
    });
    let refused = page.run(&format!("return {cells}[0].textContent"), json!([]));
    let refused = refused.as_str().unwrap_or_default().to_owned();
    assert!(refused.contains("may not be 0 when `maxSurge` is 0"), "{refused}");
    page.screenshot("strategies");
    page.button("Try surge 100%, unavailable 0");
    page.wait_for("the strategy in the manifest", || {
        let text = page.manifest_text();
        text.contains("      maxSurge: 100%\n      maxUnavailable: 0\n").then_some(())
    });
    let told = forecast(&page, "100% × 3 = 3 → 3");
    assert!(told.contains("peak pods6"), "{told}");
    page.assert_console_clean();
}

#[test]
fn a_session_is_tried_under_other_seeds() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    page.button("Seeds");
    let seeds = page.role("textbox", "Seeds");
    for wrong in ["0", "1000000"] {
        page.run("document.querySelector('dialog input').select()", json!([]));
        page.type_into(&seeds, wrong);
        page.button("Start");
        page.wait_for(&format!("a refusal of {wrong:?}"), || {
            let script = "return document.querySelector('dialog [role=alert]')?.textContent ?? ''";
            let told = page.run(script, json!([])).as_str().unwrap_or_default().to_owned();
            (told.contains("from 1 to 10000") && told.contains(wrong)).then_some(())
        });
    }
    page.run("document.querySelector('dialog input').select()", json!([]));
    page.type_into(&seeds, "50");
    page.button("Start");
    page.wait_for("fifty seeds", || {
        let text = page.run("return document.querySelector('dialog').textContent", json!([]));
        text.as_str().unwrap_or_default().contains("50 of 50 seeds tried").then_some(())
    });
    let text = page.run("return document.querySelector('dialog').textContent", json!([]));
    let text = text.as_str().unwrap_or_default().to_owned();
    assert!(
        text.contains("Nothing went wrong under these seeds. Under another seed it may."),
        "{text}"
    );
    assert!(!text.contains("prove"), "{text}");
    page.screenshot("seeds");
    let open = page.run(
        "const one = [...document.querySelectorAll('dialog button')].find(b => b.textContent.startsWith('Open seed')); one.click(); return one.textContent",
        json!([]),
    );
    let seed = open.as_str().unwrap_or_default().trim_start_matches("Open ").to_owned();
    page.wait_for("the session under that seed", || {
        let text = page.run("return document.body.textContent", json!([]));
        let text = text.as_str().unwrap_or_default().to_owned();
        text.contains(&format!("The same session under {seed}.")).then_some(())
    });
    page.wait_for_rollout(3, "1");
    page.assert_console_clean();
}

/// From now on tasks that hold the page up for more than 50 ms are written down.
const WATCH_TASKS: &str = "window.long = [];
    new PerformanceObserver(list => window.long.push(...list.getEntries().map(e => e.duration)))
        .observe({entryTypes: ['longtask']});";

#[test]
fn a_thousand_replicas_are_forecast_while_the_page_goes_on() {
    let page = Page::open();
    page.speed("25");
    let thousand = MY_APP_1.replace("replicas: 3", "replicas: 1000");
    page.write_manifest(&thousand);
    let told = forecast(&page, "New revision 1");
    assert!(told.contains("peak pods1000"), "{told:?}");
    page.apply();
    page.wait_for_within(std::time::Duration::from_secs(180), "a thousand available pods", || {
        let available = page
            .run("return document.querySelectorAll('[data-state=available]').length", json!([]));
        (available.as_i64().unwrap_or(0) >= 1_000).then_some(())
    });
    // The image stands last, and letter by letter it is another one.
    page.write_manifest(thousand.replace("my-app:1.0", "my-app:2.0").trim_end());
    let told = forecast(&page, "New revision 2");
    assert!(told.contains("my-app:1.0 → my-app:2.0"), "{told:?}");
    page.run(WATCH_TASKS, json!([]));
    let letters = "-abcdefghij";
    for letter in letters.chars() {
        page.press(&[&letter.to_string()]);
        std::thread::sleep(std::time::Duration::from_millis(60));
    }
    let told = forecast(&page, &format!("my-app:1.0 → my-app:2.0{letters}"));
    assert!(told.contains("New revision 2"), "{told:?}");
    let long = page.run("return window.long", json!([]));
    let long: Vec<f64> =
        long.as_array().into_iter().flatten().filter_map(|one| one.as_f64()).collect();
    let longest = long.iter().copied().fold(0.0, f64::max);
    println!(
        "11 letters at 1,000 replicas: {} tasks above 50 ms, longest {longest:.0} ms",
        long.len()
    );
    // A machine that is busy with other tests may hold the page up for a moment.
    assert!(longest < 250.0, "{long:?}");
    page.assert_console_clean();
}
