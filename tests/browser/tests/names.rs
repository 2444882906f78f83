//! What programs and screen readers find by name, wherever on the page one is.

mod page;

use page::Page;
use serde_json::json;

#[test]
fn the_terminal_is_read_behind_other_tabs() {
    let page = Page::open();
    page.apply();
    for tab in ["Events", "Conditions", "Inspector", "Why", "Requests", "Runs"] {
        page.tab(tab);
        page.role("log", "Terminal");
        let text = page.run("return document.querySelector('[role=log]').innerText", json!([]));
        let text = text.as_str().unwrap_or_default();
        assert!(text.contains("deployment.apps/my-app created"), "{tab}: {text}");
        let panels = page.all("[role=tabpanel]:not([hidden])").len();
        assert_eq!(panels, 1, "{tab}");
    }
    // A command brings it to the front.
    page.kubectl("kubectl get deployments");
    page.role("tabpanel", "Terminal");
    page.assert_console_clean();
}

#[test]
fn everything_is_named_in_the_language_chosen() {
    let page = Page::open();
    page.button("한국어");
    for (role, name) in [
        ("textbox", "매니페스트"),
        ("button", "적용"),
        ("list", "파드"),
        ("combobox", "속도"),
        ("slider", "시간"),
        ("log", "터미널"),
        ("tab", "이유"),
    ] {
        page.role(role, name);
    }
    page.button("English");
    page.role("textbox", "Manifest");
    page.assert_console_clean();
}

#[test]
fn revisions_are_named_and_speeds_have_their_number_for_a_value() {
    let page = Page::open();
    page.run(
        "const speed = document.querySelector('select[aria-label=Speed]');
         speed.value = '10';
         speed.dispatchEvent(new Event('change', {bubbles: true}));",
        json!([]),
    );
    page.apply();
    page.wait_for_rollout(3, "1");
    page.role("listitem", "Revision 1");
    let chosen = "return document.querySelector('select[aria-label=Speed] option:checked').label";
    assert_eq!(page.run(chosen, json!([])), "10×");
    page.assert_console_clean();
}
