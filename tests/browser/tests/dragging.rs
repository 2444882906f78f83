//! Dragging back and forth through a rollout of a hundred pods, sixty positions a second.

mod page;

use std::time::Duration;

use page::{MY_APP_1, MY_APP_2, Page};
use rollscope_browser_tests::Browser;
use serde_json::json;

/// Of all frames, so many are to come within a sixtieth of a second. Software rendering on a busy
/// test machine misses frames that a person's would not: then the work itself is what counts.
const SHARE: f64 = 0.95;
const FRAME_MS: f64 = 16.7;

#[test]
fn dragging_through_a_hundred_pods_keeps_the_frames() {
    let page = Page::of(Browser::open_with(1440, 900, &[]));
    page.speed("10");
    for manifest in [MY_APP_1, MY_APP_2] {
        page.write_manifest(&manifest.replace("replicas: 3", "replicas: 100"));
        page.apply();
        let image = if manifest == MY_APP_1 { "1" } else { "2" };
        page.wait_for_within(Duration::from_secs(90), "a hundred available pods", || {
            let pods = page.pods();
            let is_done = pods.len() == 100
                && pods.iter().all(|pod| pod.state == "available" && pod.revision == image);
            is_done.then_some(())
        });
    }
    page.button("Pause");
    // The slider is moved as a pointer moves it, once a frame, for ten seconds, from end to end and
    // back every two. The work of a frame is what is done before the next macrotask.
    let measured = page.run_async(
        "const done = arguments[arguments.length - 1];
         const slider = [...document.querySelectorAll('input[type=range]')].find(i => i.getAttribute('aria-label') === 'Time');
         const end = Number(slider.value);
         const gaps = [], work = [];
         let last = null;
         const channel = new MessageChannel();
         const move = now => {
           if (last !== null) gaps.push(now - last);
           last = now;
           const part = (gaps.length % 120) / 60;
           slider.value = Math.round(end * (part < 1 ? part : 2 - part));
           const began = performance.now();
           slider.dispatchEvent(new InputEvent('input', {bubbles: true}));
           channel.port1.onmessage = () => {
             work.push(performance.now() - began);
             if (gaps.length < 600) requestAnimationFrame(move);
             else done([gaps.sort((a, b) => a - b), work.sort((a, b) => a - b)]);
           };
           channel.port2.postMessage(0);
         };
         requestAnimationFrame(move)",
        json!([]),
    );
    let numbers = |index: usize| -> Vec<f64> {
        let list = measured[index].as_array().cloned().unwrap_or_default();
        list.iter().filter_map(serde_json::Value::as_f64).collect()
    };
    let (gaps, work) = (numbers(0), numbers(1));
    assert_eq!(gaps.len(), 600);
    let at = |list: &[f64], part: f64| list[((list.len() - 1) as f64 * part) as usize];
    // A gap is a whole number of frames: half a frame more is the next one.
    let within = |list: &[f64], most: f64| {
        list.iter().filter(|&&ms| ms <= most).count() as f64 / list.len() as f64
    };
    println!(
        "gaps: median {:.1} ms, 95 % {:.1} ms, longest {:.1} ms, {:.1} % in one frame; work until rendering: median {:.1} ms, 95 % {:.1} ms, {:.1} % within {FRAME_MS} ms",
        at(&gaps, 0.5),
        at(&gaps, 0.95),
        at(&gaps, 1.0),
        within(&gaps, FRAME_MS * 1.5) * 100.0,
        at(&work, 0.5),
        at(&work, 0.95),
        within(&work, FRAME_MS) * 100.0,
    );
    assert!(within(&work, FRAME_MS) >= SHARE, "the page's own work takes too long");
    page.assert_console_clean();
}
