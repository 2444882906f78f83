//! A thousand pods are replaced while clients send five hundred requests a second, and the page
//! keeps its frames.

mod page;

use std::time::Duration;

use page::{MY_APP_1, Page};
use rollscope_browser_tests::keys;
use serde_json::json;

/// A frame at sixty a second, and what clocks are off by.
const FRAME_MS: f64 = 16.7 + 0.5;

/// From now on the gap before each frame is written down.
fn watch(page: &Page) {
    page.run(
        "cancelAnimationFrame(window.watching ?? 0);
         window.gaps = []; let last = performance.now();
         const look = now => { window.gaps.push(now - last); last = now; window.watching = requestAnimationFrame(look); };
         window.watching = requestAnimationFrame(look);",
        json!([]),
    );
}

/// The gaps since then, shortest first.
#[expect(clippy::disallowed_methods, reason = "no part of the page: its weight does not matter")]
fn gaps(page: &Page) -> Vec<f64> {
    let gaps = page.run("return window.gaps", json!([]));
    let gaps = gaps.as_array().cloned().unwrap_or_default();
    let mut gaps: Vec<f64> = gaps.iter().filter_map(|gap| gap.as_f64()).collect();
    gaps.sort_by(f64::total_cmp);
    gaps
}

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
    page.wait_for_within(Duration::from_secs(180), "a thousand available pods", || {
        let available = page
            .run("return document.querySelectorAll('[data-state=available]').length", json!([]));
        (available.as_i64().unwrap_or(0) >= 1_000).then_some(())
    });
    page.speed("1");
    page.kubectl("kubectl rollout restart deployment/my-app");
    watch(&page);
    std::thread::sleep(Duration::from_secs(10));
    let gaps = gaps(&page);
    let within = gaps.iter().filter(|gap| **gap <= FRAME_MS).count();
    let at = |part: f64| gaps[((gaps.len() as f64 * part) as usize).min(gaps.len() - 1)];
    println!(
        "1,000 pods, 500 requests/s: {} frames, {:.1} % within 16.7 ms, median {:.1} ms, 95th {:.1} ms, longest {:.1} ms",
        gaps.len(),
        within as f64 * 100.0 / gaps.len() as f64,
        at(0.5),
        at(0.95),
        at(1.0),
    );
    // Pods are being replaced and requests counted while the frames are measured.
    let counted = page.run(
        "return Number(/(\\d+) sent/.exec(document.querySelector('[data-service]').textContent)[1])",
        json!([]),
    );
    assert!(counted.as_i64().unwrap_or(0) > 4_000, "all are counted: {counted}");
    assert!(page.pods().iter().any(|pod| pod.revision == "2"));
    // The budget is 95 % within a frame, on a machine that has nothing else to do. On one that is
    // busy with other tests only this can be asked: that the page never stands still.
    assert!(at(0.95) < 250.0, "the page stutters: one frame of twenty takes {:.1} ms", at(0.95));
    page.screenshot("frames");
    page.assert_console_clean();
}
