//! A thousand replicas roll out in the page, and the page stays quick.

mod page;

use std::time::Duration;

use page::{MY_APP_1, Page};
use serde_json::json;

#[test]
fn a_thousand_replicas_do_not_freeze_the_page() {
    let page = Page::open();
    // It takes two minutes of the cluster's time.
    page.speed("4");
    page.write_manifest(&MY_APP_1.replace("replicas: 3", "replicas: 1000"));
    // Every frame's gap is written down; a test machine without a graphics card draws slowly, so
    // what counts is that no single piece of work holds the page up for long.
    page.run(
        "window.gaps = []; let last = performance.now();
         const look = now => { window.gaps.push(now - last); last = now; requestAnimationFrame(look); };
         requestAnimationFrame(look);",
        json!([]),
    );
    page.apply();
    let all = |state: &str| page.pods().iter().filter(|pod| pod.state == state).count();
    page.wait_for_within(Duration::from_secs(240), "a thousand available pods", || {
        (all("available") == 1000).then_some(())
    });
    let longest = page.run("return Math.max(...window.gaps)", json!([]));
    let longest = longest.as_f64().unwrap_or(f64::INFINITY);
    assert!(longest < 1_000.0, "the page stood still for {longest} ms");
    page.screenshot("thousand");
    page.assert_console_clean();
}
