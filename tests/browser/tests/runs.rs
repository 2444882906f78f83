//! Acting in the past keeps the old future, and the last action is taken back.

mod page;

use page::{MY_APP_2, Page};
use rollscope_browser_tests::keys;
use serde_json::json;

/// The course's rollout, at its end; then in the middle of it.
fn in_the_middle(page: &Page) {
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(MY_APP_2);
    page.apply();
    page.wait_for_rollout(3, "2");
    page.run("document.activeElement.blur()", json!([]));
    page.press(&["["]);
    page.wait_for("the second apply", || {
        page.pods().iter().all(|pod| pod.revision != "2").then_some(())
    });
    page.wait_for("an available pod of revision 2 beside an old one", || {
        page.press(&["."]);
        let pods = page.pods();
        let is_new = pods.iter().any(|pod| pod.revision == "2" && pod.state == "available");
        let is_old = pods.iter().any(|pod| pod.revision == "1" && pod.state == "available");
        (is_new && is_old).then_some(())
    });
}

/// What the terminal says about the cluster, without the ages.
fn state(page: &Page) -> String {
    let printed = page.kubectl("get deployments,replicasets,pods -o name");
    printed.lines().map(|line| format!("{line}\n")).collect()
}

#[test]
fn deleting_a_pod_in_the_past_begins_a_second_run_and_the_first_stays() {
    let page = Page::open();
    in_the_middle(&page);
    let moment = page.time();
    page.press(&[keys::END]);
    let old = state(&page);
    page.press(&[keys::ESCAPE]);
    page.run("document.activeElement.blur()", json!([]));
    // Back to the very same moment.
    page.run(
        "const slider = [...document.querySelectorAll('input[type=range]')].find(i => i.getAttribute('aria-label') === 'Time');
         slider.value = arguments[0]; slider.dispatchEvent(new InputEvent('input', {bubbles: true}))",
        json!([moment]),
    );
    page.wait_for("the middle", || page.pods().iter().any(|pod| pod.revision == "1").then_some(()));
    let pod = page.pods().into_iter().find(|pod| pod.revision == "2").expect("a new pod").name;
    page.kubectl(&format!("kubectl delete pod {pod} --wait=false"));
    // Two runs, and the first thing in which they differ.
    page.role("button", "Switch to Run 1");
    let second = page.role("button", "Switch to Run 2");
    assert_eq!(page.attribute(&second, "aria-pressed").as_deref(), Some("true"));
    let said = format!("kubectl delete pod {pod} --wait=false, only in Run 2");
    page.wait_for_text(".runs-row", &said);
    page.tab("Runs");
    page.wait_for_text("[role=tabpanel] table", "Min available");
    page.wait_for_text("[role=tabpanel] table", "my-app, rollout 2");
    page.screenshot("two-runs");
    page.button("Play");
    page.wait_for("three available pods without the deleted one", || {
        let pods = page.pods();
        let is_done = pods.len() == 3
            && pods.iter().all(|one| one.state == "available" && one.revision == "2")
            && pods.iter().all(|one| one.name != pod);
        is_done.then_some(())
    });
    // The first run is as it was.
    page.button("Switch to Run 1");
    page.run("document.activeElement.blur()", json!([]));
    page.press(&[keys::END]);
    page.wait_for("the deleted pod", || {
        page.pods().iter().any(|one| one.name == pod).then_some(())
    });
    page.tab("Terminal");
    assert_eq!(state(&page), old);
    // A run that was deleted is put back.
    page.tab("Runs");
    page.button("Delete Run 2");
    page.button("Put it back");
    page.role("button", "Switch to Run 2");
    page.assert_console_clean();
}

#[test]
fn questions_about_the_past_fork_nothing() {
    let page = Page::open();
    in_the_middle(&page);
    let printed = page.kubectl("kubectl get pods -o name");
    assert_eq!(printed.lines().count(), page.pods().len(), "{printed}");
    assert!(page.all(".runs-row").is_empty());
    page.assert_console_clean();
}

#[test]
fn the_last_action_is_taken_back_and_done_again() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(MY_APP_2);
    // In the editor the keys belong to the text.
    page.press(&[keys::CONTROL, "z"]);
    assert_eq!(page.revision_numbers(), [1]);
    page.write_manifest(MY_APP_2);
    page.apply();
    page.wait_for_revisions(&[2, 1]);
    page.button("Step back");
    page.wait_for_revisions(&[1]);
    assert_eq!(page.manifest_text().trim_end(), MY_APP_2.trim_end(), "the text stays");
    page.button("Redo");
    page.wait_for_revisions(&[2, 1]);
    page.run("document.activeElement.blur()", json!([]));
    page.press(&[keys::CONTROL, "z"]);
    page.wait_for_revisions(&[1]);
    page.press(&[keys::CONTROL, keys::SHIFT, "Z"]);
    page.wait_for_rollout(3, "2");
    page.assert_console_clean();
}

#[test]
fn places_on_the_axis_are_gone_to() {
    let page = Page::open();
    in_the_middle(&page);
    page.press(&["c"]);
    let complete = page.wait_for("the end of the rollout", || {
        let available = page.pods().iter().filter(|pod| pod.state == "available").count();
        (available == 3).then(|| page.time())
    });
    page.press(&["g"]);
    page.wait_for("the last old pod to be gone", || {
        (page.time() >= complete && page.pods().len() == 3).then_some(())
    });
    assert!(page.pods().iter().all(|pod| pod.revision == "2"), "{:?}", page.pods());
    let places = page.role("combobox", "Go to");
    page.type_into(&places, "Start");
    page.wait_for("the start", || (page.time() == 0).then_some(()));
    assert!(page.pods().is_empty());
    page.assert_console_clean();
}
