//! A link, a file and an embedded page show the same to somebody else; a bad link says so.

mod page;

use page::{MY_APP_2, Page};
use rollscope_browser_tests::{Browser, keys};
use serde_json::json;

/// In the middle of the second rollout, paused.
fn in_the_middle(page: &Page) {
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(MY_APP_2);
    page.apply();
    page.wait_for("a pod of revision 2", || {
        page.pods().iter().any(|pod| pod.revision == "2").then_some(())
    });
    page.button("Pause");
}

fn link(page: &Page) -> String {
    page.button("Share");
    page.find("dialog[open]");
    let link = page.run(
        "return [...document.querySelectorAll('dialog input')].find(i => i.getAttribute('aria-label') === 'Link').value",
        json!([]),
    );
    page.press(&[keys::ESCAPE]);
    page.wait_for("the dialog to close", || page.all("dialog[open]").is_empty().then_some(()));
    link.as_str().expect("a link").to_owned()
}

/// Everything the page shows of the cluster, as YAML and in words.
fn shown(page: &Page) -> String {
    let objects = page.kubectl("kubectl get deployments,replicasets,pods,events -o yaml");
    // The slider's value is rounded to its steps; what it says is not.
    let slider = page.role("slider", "Time");
    let moment = page.attribute(&slider, "aria-valuetext").unwrap_or_default();
    format!("{objects}\n{:?}\n{:?}\n{moment}", page.pods(), page.revisions())
}

/// Names the first line that differs: the whole is too long to be read.
#[track_caller]
fn assert_same(one: &str, other: &str) {
    let differs = one.lines().zip(other.lines()).position(|(a, b)| a != b);
    if let Some(line) = differs {
        let around = |text: &str| -> Vec<String> {
            text.lines().skip(line.saturating_sub(3)).take(6).map(str::to_owned).collect()
        };
        panic!("line {line} differs:\n{:#?}\n{:#?}", around(one), around(other));
    }
    assert_eq!(one.lines().count(), other.lines().count());
}

#[test]
fn a_link_in_a_fresh_profile_gives_the_same_at_the_same_moment() {
    let page = Page::open();
    in_the_middle(&page);
    let link = link(&page);
    let fragment = link.split_once('#').expect("a fragment").1.to_owned();
    let before = shown(&page);

    let browser = Browser::blank(1280, 720, &[]);
    browser.go(&format!("#{fragment}"));
    let other = Page::of(browser);
    other.wait_for("the same pods", || (other.pods() == page.pods()).then_some(()));
    assert_same(&shown(&other), &before);
    assert_eq!(other.manifest_text(), page.manifest_text());
    // The same happens next.
    for page in [&page, &other] {
        page.button("Play");
        page.wait_for_rollout(3, "2");
        page.run("document.activeElement.blur()", json!([]));
        page.press(&["c"]);
    }
    assert_same(&shown(&other), &shown(&page));
    page.assert_console_clean();
    other.assert_console_clean();
}

#[test]
fn a_bad_link_opens_a_working_page_and_says_what_is_wrong() {
    let page = Page::open();
    in_the_middle(&page);
    let link = link(&page);
    let fragment = link.split_once('#').expect("a fragment").1.to_owned();
    let cut = fragment[..fragment.len() * 2 / 3].to_owned();
    let mut flipped = fragment.clone();
    flipped.replace_range(20..21, if &flipped[20..21] == "A" { "B" } else { "A" });
    let newer = fragment.replacen("s=1.", "s=7.", 1);
    let huge = format!("s=1.{}", "A".repeat(450_000));
    for (bad, why) in [
        (cut.as_str(), "missing"),
        (flipped.as_str(), "damaged"),
        (newer.as_str(), "newer version"),
        (huge.as_str(), "characters long"),
        ("s=", "missing"),
    ] {
        // Followed in the open page, which stays as it is.
        let pods = page.pods();
        page.run("location.hash = arguments[0]", json!([bad]));
        page.wait_for_text(".notice", "could not be opened");
        page.wait_for_text(".notice", why);
        assert_eq!(page.pods(), pods);
        page.button("Dismiss");
    }
    for bad in [cut.as_str(), newer.as_str()] {
        let browser = Browser::blank(1280, 720, &[]);
        browser.go(&format!("#{bad}"));
        let fresh = Page::of(browser);
        fresh.wait_for_text(".notice", "could not be opened");
        fresh.apply();
        fresh.wait_for("pods", || (fresh.pods().len() == 3).then_some(()));
        fresh.assert_console_clean();
    }
    // The good one is opened, and what was here comes back.
    page.run("location.hash = arguments[0]", json!([fragment]));
    page.wait_for_text(".notice", "The link is opened");
    page.button("Back to what was here");
    page.assert_console_clean();
}

#[test]
fn many_mutated_links_never_hang_the_page() {
    let page = Page::open();
    in_the_middle(&page);
    let link = link(&page);
    let fragment = link.split_once('#').expect("a fragment").1.to_owned();
    let longest = page.run_async(
        "const [good, done] = [arguments[0], arguments[arguments.length - 1]];
         const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=&%';
         let seed = 7; const chance = n => (seed = seed * 1103515245 + 12345 & 0x7fffffff) % n;
         let longest = 0, count = 0;
         const next = () => {
           const began = performance.now();
           {
             const text = [...good];
             for (let times = 1 + chance(4); times > 0; times--) text[chance(text.length)] = letters[chance(letters.length)];
             const bad = text.join('').slice(0, chance(3) ? undefined : chance(text.length));
             history.replaceState(null, '', '#' + bad);
             window.dispatchEvent(new HashChangeEvent('hashchange'));
           }
           longest = Math.max(longest, performance.now() - began);
           if (++count < 80) requestAnimationFrame(next); else done(longest);
         };
         next()",
        json!([fragment]),
    );
    let longest = longest.as_f64().unwrap_or(f64::INFINITY);
    assert!(longest < 1_000.0, "one link took {longest} ms");
    assert!(page.all("#recovery").is_empty());
    page.button("Share");
    page.find("dialog[open]");
    page.assert_console_clean();
}

#[test]
fn an_embedded_page_shows_the_chosen_panels() {
    let page = Page::open();
    in_the_middle(&page);
    let link = link(&page);
    let fragment = link.split_once('#').expect("a fragment").1.to_owned();
    let pods = page.pods();
    let embedded = Browser::blank(720, 520, &[]);
    embedded.go(&format!("?embed=stage,timeline#{fragment}"));
    embedded.role("button", "Play");
    embedded.wait_for_text("button", "Open in Rollscope");
    assert!(embedded.by_role("textbox", "Manifest").is_none());
    assert!(embedded.by_role("button", "Share").is_none());
    let shown = embedded.run("return document.querySelectorAll('[data-pod]').length", json!([]));
    assert_eq!(shown, pods.len());
    embedded.screenshot("embedded");
    embedded.assert_console_clean();
}

#[test]
fn a_file_that_is_dropped_is_opened() {
    let page = Page::open();
    let script = "rollscope: 1\nfiles:\n  a.yaml: '# dropped'\ninputs:\n- at: 1s\n  command: kubectl create deployment dropped --image=web:1.0 --replicas=2\n";
    let drop = |text: &str| {
        page.run(
            "const data = new DataTransfer();
             data.items.add(new File([arguments[0]], 'my.yaml', {type: 'text/yaml'}));
             document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}))",
            json!([text]),
        );
    };
    drop("replicas: three");
    page.wait_for_text(".notice", "my.yaml could not be opened");
    drop(script);
    page.wait_for_text(".notice", "my.yaml is opened");
    page.wait_for_rollout(2, "1");
    assert_eq!(page.manifest_text().trim_end(), "# dropped");
    page.assert_console_clean();
}
