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
