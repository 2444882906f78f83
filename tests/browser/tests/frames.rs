//! A thousand pods are replaced while clients send five hundred requests a second, and the page
//! keeps its frames.

mod page;

use std::time::Duration;

use page::frames::{self, Frames};
use page::{MY_APP_1, Page};
use rollscope_browser_tests::keys;
use serde_json::json;

/// Writes down the gaps between frames for ten seconds.
const WATCH: &str = "
    const done = arguments[arguments.length - 1], gaps = [], began = performance.now();
    let last = began;
    const look = now => {
        gaps.push(now - last);
        last = now;
        if (now - began > 10_000) done(gaps); else requestAnimationFrame(look);
    };
    requestAnimationFrame(look)";

#[test]
fn a_thousand_pods_with_traffic_keep_their_frames() {
    let page = Page::open();
    page.button("World");
    let rate = page.find("[id='traffic.requests_per_second']");
    page.run(
        "document.getElementById('traffic.requests_per_second').scrollIntoView({block: 'center'})",
        json!([]),
    );
    page.click(&rate);
    page.press(&[keys::CONTROL, "a"]);
    page.type_into(&rate, "500");
    page.button("Use this world");
    page.speed("25");
    page.write_manifest(&MY_APP_1.replace("replicas: 3", "replicas: 1000"));
    page.apply();
    page.kubectl("kubectl expose deployment/my-app --port=80");
    let all_available = || {
        page.wait_for_within(Duration::from_secs(180), "a thousand available pods", || {
            let available = page.run(
                "return document.querySelectorAll('[data-state=available]').length",
                json!([]),
            );
            (available.as_i64().unwrap_or(0) >= 1_000).then_some(())
        });
    };
    frames::best_of(3, "1,000 pods, 500 requests/s", || {
        page.speed("25");
        all_available();
        page.speed("1");
        let before = sent(&page);
        page.kubectl("kubectl rollout restart deployment/my-app");
        let frames = Frames::of(&page.run_async(WATCH, json!([])));
        // Pods were replaced and requests counted while the frames were measured.
        assert!(page.pods().iter().any(|pod| pod.revision != "1"));
        let counted = sent(&page) - before;
        assert!(counted > 3_000, "all are counted: {counted}");
        frames
    });
    page.screenshot("frames");
    page.assert_console_clean();
}

/// How many requests were sent so far.
fn sent(page: &Page) -> i64 {
    let text = "document.querySelector('[data-service]').textContent";
    let script = format!("return Number(/(\\d+) sent/.exec({text})[1])");
    page.run(&script, json!([])).as_i64().unwrap_or(0)
}
