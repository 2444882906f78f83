//! How long it takes until the page can be used.

mod page;

use page::Page;
use serde_json::json;

/// From the beginning of the navigation, on this machine. The budget is 1 s; a machine that runs
/// other tests at the same time is given more.
const USABLE_MS_MAX: f64 = 8_000.0;

#[test]
fn a_page_of_this_weight_is_soon_usable() {
    let page = Page::open();
    page.role("button", "Apply");
    let look =
        "return performance.getEntriesByName('rollscope.started').map((mark) => mark.startTime)";
    let marks = page.wait_for("the mark of the start", || {
        page.run(look, json!([])).as_array().filter(|marks| !marks.is_empty()).cloned()
    });
    let usable_ms = marks[0].as_f64().expect("a time");
    eprintln!("usable after {usable_ms:.0} ms");
    assert!(usable_ms < USABLE_MS_MAX, "usable only after {usable_ms:.0} ms");
    page.assert_console_clean();
}
