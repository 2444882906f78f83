//! Dragging back and forth through a rollout of a hundred pods, sixty positions a second.

mod page;

use std::time::Duration;

use page::frames::{self, Frames};
use page::{MY_APP_1, MY_APP_2, Page};
use rollscope_browser_tests::Browser;
use serde_json::json;

/// Moves the handle from end to end and back, twice, one position a frame as a pointer does, and
/// gives back the gaps between frames.
const DRAG: &str = "
    const done = arguments[arguments.length - 1];
    const slider = [...document.querySelectorAll('input[type=range]')]
        .find(input => input.getAttribute('aria-label') === 'Time');
    const last = Number(slider.max), gaps = [];
    let step = 0, before = null;
    const next = now => {
        if (before !== null) gaps.push(now - before);
        before = now;
        if (step === 240) return done(gaps);
        const part = (step++ % 120) / 60;
        slider.value = Math.round(last * (part < 1 ? part : 2 - part));
        slider.dispatchEvent(new InputEvent('input', {bubbles: true}));
        requestAnimationFrame(next);
    };
    requestAnimationFrame(next)";

/// The states of the pods, and how many have each.
const STATES: &str = "
    const states = {};
    for (const pod of document.querySelectorAll('[data-pod]'))
        states[pod.dataset.state] = (states[pod.dataset.state] ?? 0) + 1;
    return JSON.stringify(Object.entries(states).sort())";

/// Puts the handle at such a part of the axis, in thousandths.
const PUT: &str = "
    const slider = [...document.querySelectorAll('input[type=range]')]
        .find(input => input.getAttribute('aria-label') === 'Time');
    slider.value = Math.round(Number(slider.max) * arguments[0] / 1000);
    slider.dispatchEvent(new InputEvent('input', {bubbles: true}))";

#[test]
fn dragging_through_a_hundred_pods_follows_the_pointer() {
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
    frames::best_of(3, "dragging through 100 pods", || {
        Frames::of(&page.run_async(DRAG, json!([])))
    });

    // What is shown is the moment where the handle is, by whatever way it came there.
    let at = |part: u32| {
        page.run(PUT, json!([part]));
        std::thread::sleep(Duration::from_millis(600));
        page.run(STATES, json!([])).as_str().unwrap_or_default().to_owned()
    };
    let there = at(700);
    assert_ne!(there, at(0), "nothing has changed");
    assert_eq!(at(0), "[]", "there are pods before the beginning");
    assert_eq!(there, at(700), "another way to the same moment");
    page.assert_console_clean();
}
