//! The world panel, and what goes wrong in a world.

mod page;

use std::time::Duration;

use page::{MY_APP_2, Page};
use rollscope_browser_tests::keys;
use serde_json::json;

/// Writes into a field of the world panel, by its id.
fn write(page: &Page, field: &str, text: &str) {
    let input = page.find(&format!("[id='{field}']"));
    page.run(
        "document.getElementById(arguments[0]).scrollIntoView({block: 'center'})",
        json!([field]),
    );
    page.click(&input);
    page.press(&[keys::CONTROL, "a"]);
    page.type_into(&input, text);
}

fn closed(page: &Page) {
    page.wait_for("the panel to close", || page.all("dialog[open]").is_empty().then_some(()));
}

#[test]
fn a_bad_world_is_refused_at_its_place_and_the_cluster_is_untouched() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    let before = page.pods();
    page.button("World");
    page.button("Another rule");
    for (field, text, said) in [
        ("images[0].pull_ms", "900-200", "[900, 200] is reversed"),
        ("images[0].pull_ms", "-5", "It cannot be less than 0."),
        ("images[0].error_percent", "101", "101 is more than 100"),
        ("traffic.requests_per_second", "99999999999", "That is absurdly much."),
        ("delays.proxy_ms", "soon", "Milliseconds are wanted"),
    ] {
        write(&page, field, text);
        page.wait_for_text(&format!("label:has([id='{field}']) .field-problem"), said);
        page.button("Use this world");
        page.find("dialog[open]");
        let focus = page.run("return document.activeElement.id", json!([]));
        assert_eq!(focus, field, "the focus is where it is wrong");
        page.screenshot("world-refused");
        page.button("As it is now");
        if field.starts_with("images") {
            page.button("Another rule");
        }
    }
    // What is written stays, also when the panel was closed meanwhile.
    page.button("Another rule");
    write(&page, "images[0].pull_ms", "soon");
    page.press(&[keys::ESCAPE]);
    closed(&page);
    assert_eq!(page.pods(), before);
    page.button("World");
    let kept = page.run("return document.getElementById('images[0].pull_ms').value", json!([]));
    assert_eq!(kept, "soon");
    page.assert_console_clean();
}

#[test]
fn one_node_with_room_for_three_stalls_a_surge() {
    let page = Page::open();
    page.speed("4");
    page.button("World");
    write(&page, "nodes[0].count", "1");
    write(&page, "nodes[0].pods", "3");
    page.screenshot("world");
    page.button("Use this world");
    closed(&page);
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(MY_APP_2);
    page.apply();
    let pending = page.wait_for("a pending pod", || {
        page.pods().into_iter().find(|pod| pod.state == "pending" && pod.revision == "2")
    });
    let said = "0/1 nodes are available: 1 Too many pods.";
    page.wait_for_text("[aria-label='Why, now']", said);
    let described = page.kubectl(&format!("kubectl describe pod {}", pending.name));
    assert!(described.contains("FailedScheduling") && described.contains(said), "{described}");
    // Room for one more, and it goes on.
    page.button("World");
    page.button("Add node");
    page.press(&[keys::ESCAPE]);
    page.wait_for_rollout(3, "2");
    page.assert_console_clean();
}

/// Applies the second manifest with a change and some more lines, over the first.
fn update(page: &Page, image: &str, more: &str) {
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(
        &(MY_APP_2.replace("my-app:2.0", image).trim_end().to_owned() + "\n" + more),
    );
    page.apply();
}

/// Everything that was said of waiting, as it comes by.
fn listen(page: &Page) {
    page.run(
        "window.heard = [];
         setInterval(() => {
           const said = document.querySelector(\"[aria-label='Why, now']\")?.textContent ?? '';
           if (!window.heard.includes(said)) window.heard.push(said);
         }, 30);",
        json!([]),
    );
}

fn heard(page: &Page, said: &str) {
    page.wait_for_within(Duration::from_secs(60), &format!("to hear {said:?}"), || {
        let found =
            page.run("return window.heard.some(s => s.includes(arguments[0]))", json!([said]));
        (found == true).then_some(())
    });
}

#[test]
fn a_crash_loop_waits_longer_each_time() {
    let page = Page::open();
    page.speed("10");
    listen(&page);
    update(&page, "my-app:bad", "");
    for wait in ["10s", "20s", "40s", "1m20s"] {
        heard(&page, &format!("back-off {wait} restarting failed container"));
    }
    page.tab("Events");
    page.wait_for_text("[role=tabpanel]", "Back-off restarting failed container my-app-container");
    let pods = page.pods();
    assert_eq!(pods.iter().filter(|pod| pod.revision == "1").count(), 3, "{pods:?}");
    page.assert_console_clean();
}

#[test]
fn a_missing_image_fails_and_is_waited_with() {
    let page = Page::open();
    page.speed("4");
    listen(&page);
    update(&page, "my-app:missing", "");
    heard(&page, "ErrImagePull");
    heard(&page, "ImagePullBackOff");
    let order = page.run(
        "return window.heard.findIndex(s => s.includes('ErrImagePull')) < window.heard.findIndex(s => s.includes('ImagePullBackOff'))",
        json!([]),
    );
    assert_eq!(order, true);
    page.assert_console_clean();
}

const READINESS: &str = "        readinessProbe:\n          httpGet:\n            path: /\n            port: 80\n          periodSeconds: 2\n";
const LIVENESS: &str = "        livenessProbe:\n          httpGet:\n            path: /\n            port: 80\n          periodSeconds: 2\n";

#[test]
fn a_failing_readiness_probe_stalls_without_restarts() {
    let page = Page::open();
    page.speed("10");
    update(&page, "my-app:never-ready", READINESS);
    page.wait_for_text("[aria-label='Why, now']", "Readiness probe failed:");
    std::thread::sleep(Duration::from_secs(4));
    let rows = page.kubectl("kubectl get pods");
    let stalled = rows.lines().find(|line| line.contains("0/1")).unwrap_or_default();
    assert!(stalled.contains("Running   0"), "{rows}");
    assert_eq!(page.pods().iter().filter(|pod| pod.revision == "1").count(), 3);
    page.assert_console_clean();
}

#[test]
fn a_failing_liveness_probe_restarts() {
    let page = Page::open();
    page.speed("10");
    update(&page, "my-app:hangs", LIVENESS);
    page.wait_for_within(Duration::from_secs(60), "a restart", || {
        let rows = page.kubectl("kubectl get pods");
        rows.lines().any(|line| line.contains(" 1 (") || line.contains(" 2 (")).then_some(())
    });
    page.tab("Events");
    page.wait_for_text("[role=tabpanel]", "failed liveness probe, will be restarted");
    page.assert_console_clean();
}
