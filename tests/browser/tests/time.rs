//! Play, pause, step, speed, and the slider of time.

mod page;

use page::{MY_APP_2, Page};
use rollscope_browser_tests::keys;
use serde_json::json;

#[test]
fn time_is_played_paused_stepped_and_dragged() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(MY_APP_2);
    page.apply();
    page.wait_for("a pod of revision 2", || {
        page.pods().iter().any(|pod| pod.revision == "2").then_some(())
    });
    page.button("Pause");
    let stopped = page.time();
    std::thread::sleep(std::time::Duration::from_millis(400));
    assert_eq!(page.time(), stopped, "paused is paused");
    page.button("Step");
    page.wait_for("a step", || (page.time() > stopped).then_some(()));

    // To the beginning, where there is nothing, and back.
    page.run("document.activeElement.blur()", json!([]));
    page.press(&[keys::HOME]);
    page.wait_for("the empty start", || page.pods().is_empty().then_some(()));
    assert_eq!(page.time(), 0);
    page.press(&[keys::END]);
    page.wait_for("the present", || (page.time() >= stopped).then_some(()));
    page.button("Play");
    page.wait_for_rollout(3, "2");

    // Dragging the slider shows the past; the pods of then are there again.
    let (left, top, width, height) = page.rect("input[type=range]");
    let middle = top + height / 2;
    let end = page.run("return Number(document.querySelector('input[type=range]').max)", json!([]));
    let share = page.time() as f64 / end.as_f64().unwrap_or(1.0);
    let now = left + (share * width as f64) as i64;
    page.drag((now, middle), (left + width / 50, middle));
    page.wait_for("fewer pods in the past", || {
        (page.pods().len() < 3 || page.pods()[0].revision == "1").then_some(())
    });
    assert!(page.pods().iter().all(|pod| pod.revision != "2"), "{:?}", page.pods());
    page.assert_console_clean();
}

#[test]
fn keys_do_nothing_while_typing() {
    let page = Page::open();
    let prompt = page.role("textbox", "kubectl");
    page.type_into(&prompt, "get rs . , u ?");
    assert!(page.all("dialog[open]").is_empty());
    page.press(&[keys::ESCAPE]);
    page.run("document.activeElement.blur()", json!([]));
    page.press(&["?"]);
    page.find("dialog[open]");
    page.press(&[keys::ESCAPE]);
    page.wait_for("the help to close", || page.all("dialog[open]").is_empty().then_some(()));
    // Ctrl+Enter applies from inside the editor.
    let editor = page.role("textbox", "Manifest");
    page.click(&editor);
    page.press(&[keys::CONTROL, keys::ENTER]);
    page.wait_for_log("deployment.apps/my-app created");
    page.assert_console_clean();
}

#[test]
fn the_tabs_tell_what_happened() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    let pods = page.wait_for_rollout(3, "1");
    page.tab("Events");
    page.wait_for_text("[role=tabpanel]", "Scaled up replica set my-app-66d6dffc99 from 0 to 3");
    page.tab("Conditions");
    page.wait_for_text("[role=tabpanel]", "MinimumReplicasAvailable");
    page.tab("Why");
    page.wait_for_text("[role=tabpanel]", "getNewReplicaSet");
    page.run(
        "document.querySelector(`[data-pod=\"${arguments[0]}\"]`).click()",
        json!([pods[0].name]),
    );
    page.wait_for_text("[role=tabpanel]", "ReplicaSet/my-app-66d6dffc99");
    page.assert_console_clean();
}
