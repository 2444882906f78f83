//! Nothing that was done or written is lost: a reload, a crash, two tabs, a new beginning.

mod page;

use std::time::Duration;

use page::{MY_APP_2, Page};
use serde_json::json;

/// In the middle of a rollout, paused, with text that is not applied and two runs.
fn busy(page: &Page) -> (i64, Vec<page::Pod>, String) {
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(MY_APP_2);
    page.apply();
    page.wait_for("a pod of revision 2", || {
        page.pods().iter().any(|pod| pod.revision == "2").then_some(())
    });
    page.button("Pause");
    page.run("document.activeElement.blur()", json!([]));
    for _ in 0..2 {
        page.press(&[","]);
    }
    page.kubectl("kubectl scale deployment/my-app --replicas=4");
    page.role("button", "Switch to Run 2");
    page.write_manifest("# half a manifest");
    // What is written is kept after a moment.
    std::thread::sleep(Duration::from_millis(600));
    (page.time(), page.pods(), page.manifest_text())
}

fn is_as_before(page: &Page, before: &(i64, Vec<page::Pod>, String)) {
    page.role("textbox", "Manifest");
    page.wait_for("the pods to be back", || (page.pods() == before.1).then_some(()));
    assert_eq!(page.time(), before.0);
    assert_eq!(page.manifest_text(), before.2);
    page.role("button", "Switch to Run 1");
    let second = page.role("button", "Switch to Run 2");
    assert_eq!(page.attribute(&second, "aria-pressed").as_deref(), Some("true"));
    // Pause is still pause.
    page.role("button", "Play");
}

#[test]
fn a_reload_in_mid_rollout_restores_text_time_and_runs() {
    let page = Page::open();
    let before = busy(&page);
    page.reload();
    is_as_before(&page, &before);
    page.reload();
    is_as_before(&page, &before);
    page.assert_console_clean();
}

#[test]
fn a_killed_tab_is_as_it_was() {
    let page = Page::open();
    let before = busy(&page);
    // Another tab of the same profile is there already: a crashed one answers nothing any more.
    let tab = page.tab_handle();
    page.new_tab();
    let other = page.tab_handle();
    page.switch_to_tab(&tab);
    page.crash_tab();
    page.switch_to_tab(&other);
    page.go("");
    is_as_before(&page, &before);
}

#[test]
fn two_tabs_do_not_overwrite_each_other() {
    let page = Page::open();
    page.write_manifest("# the first tab");
    std::thread::sleep(Duration::from_millis(600));
    let first = page.tab_handle();
    page.new_tab();
    page.go("");
    page.write_manifest("# the second tab");
    std::thread::sleep(Duration::from_millis(600));
    let second = page.tab_handle();
    for (tab, text) in [(first, "# the first tab"), (second, "# the second tab")] {
        page.switch_to_tab(&tab);
        page.reload();
        page.role("textbox", "Manifest");
        assert_eq!(page.manifest_text().trim_end(), text);
    }
    page.assert_console_clean();
}

#[test]
fn a_crash_offers_the_script_and_a_restart() {
    let page = Page::open();
    let before = busy(&page);
    // What is offered as a file is remembered: the page's policy lets nothing be fetched from it.
    page.run(
        "window.blobs = []; const create = URL.createObjectURL;
         URL.createObjectURL = blob => { window.blobs.push(blob); return create.call(URL, blob); }",
        json!([]),
    );
    // The application's elements are taken away from under it: it cannot but panic.
    page.run(
        "document.querySelector('.app').replaceChildren();
         window.dispatchEvent(new KeyboardEvent('keydown', {key: '?', bubbles: true}));
         window.dispatchEvent(new KeyboardEvent('keydown', {key: '.', bubbles: true}))",
        json!([]),
    );
    page.wait_for_text("#recovery", "Rollscope has stopped");
    page.screenshot("recovery");
    let links = page.run(
        "return [...document.querySelectorAll('#recovery a')].map(a => a.textContent)",
        json!([]),
    );
    assert_eq!(
        links,
        json!([
            "Go on where I was",
            "Begin with an empty cluster",
            "Save all that was kept",
            "Save the manifests",
            "Save the session as a file"
        ])
    );
    let saved = page.run_async(
        "const done = arguments[arguments.length - 1];
         Promise.all(window.blobs.map(blob => blob.text())).then(done)",
        json!([]),
    );
    let saved = |at: usize| saved[at].as_str().unwrap_or_default().to_owned();
    assert!(saved(0).starts_with("rollscope-autosave 1 "), "{}", saved(0));
    assert!(saved(1).contains("# half a manifest"), "{}", saved(1));
    let script = saved(2);
    assert!(script.contains("rollscope: 1") && script.contains("--replicas=4"), "{script}");
    let restart = page.find("#recovery a");
    page.click(&restart);
    is_as_before(&page, &before);
    let said = page.console();
    assert!(said.iter().any(|line| line.contains("panicked")), "{said:?}");
}

#[test]
fn starting_over_asks_and_is_taken_back() {
    let page = Page::open();
    let before = busy(&page);
    page.button("Start over");
    let dialog = page.find("dialog[open]");
    page.wait_for("the question", || page.text(&dialog).contains("Start over?").then_some(()));
    page.run(
        "[...document.querySelectorAll('dialog button')].find(b => b.textContent === 'Start over').click()",
        json!([]),
    );
    page.wait_for("an empty cluster", || page.pods().is_empty().then_some(()));
    page.button("Back to what was here");
    is_as_before(&page, &before);
    page.assert_console_clean();
}

#[test]
fn storage_that_is_full_is_told() {
    let page = Page::open();
    page.run(
        "const set = Storage.prototype.setItem;
         Storage.prototype.setItem = function (key, value) {
           if (key.startsWith('rollscope/')) throw new DOMException('full', 'QuotaExceededError');
           return set.call(this, key, value);
         }",
        json!([]),
    );
    page.apply();
    page.wait_for_text(".notice", "no room left");
    page.wait_for_rollout(3, "1");
}
