//! What can be done to a pod on the stage, by pointer and by keyboard.

mod page;

use page::Page;
use rollscope_browser_tests::keys;
use serde_json::json;

fn running() -> (Page, String) {
    let page = Page::open();
    page.speed("4");
    page.apply();
    let pods = page.wait_for_rollout(3, "1");
    let pod = pods[0].name.clone();
    (page, pod)
}

fn focus(page: &Page, pod: &str) {
    page.run("document.querySelector(`[data-pod=\"${arguments[0]}\"]`).focus()", json!([pod]));
}

/// The pod that has the focus; empty if none has.
fn focused(page: &Page) -> String {
    let found = page.run("return document.activeElement?.dataset?.pod ?? ''", json!([]));
    found.as_str().unwrap_or_default().to_owned()
}

fn focused_item(page: &Page) -> String {
    let found = page.run(
        "const e = document.activeElement; return e?.role === 'menuitem' ? e.firstChild.textContent : ''",
        json!([]),
    );
    found.as_str().unwrap_or_default().to_owned()
}

fn state(page: &Page, pod: &str) -> String {
    let pods = page.pods();
    pods.into_iter().find(|one| one.name == pod).map_or("gone".to_owned(), |one| one.state)
}

#[test]
fn the_menu_by_keyboard() {
    let (page, pod) = running();
    focus(&page, &pod);
    page.press(&[keys::SHIFT, keys::F10]);
    page.role("menu", &format!("Actions on {pod}"));
    assert_eq!(focused_item(&page), "Inspect");
    page.press(&[keys::UP]);
    assert_eq!(focused_item(&page), "Drain the node", "it goes around");
    page.press(&[keys::ESCAPE]);
    page.wait_for("the menu to close", || page.all("[role=menu]").is_empty().then_some(()));
    assert_eq!(focused(&page), pod, "the focus is where it was");

    page.press(&[keys::SHIFT, keys::F10]);
    page.press(&[keys::DOWN]);
    assert_eq!(focused_item(&page), "Delete");
    page.press(&[keys::ENTER]);
    page.wait_for("the pod to go", || (state(&page, &pod) != "available").then_some(()));
    let log = page.log();
    assert!(log.contains(&format!("kubectl delete pod {pod} --wait=false")), "{log}");
    page.wait_for("three again", || {
        let pods = page.pods();
        (pods.len() == 3 && pods.iter().all(|pod| pod.state == "available")).then_some(())
    });
    page.assert_console_clean();
}

#[test]
fn the_menu_by_pointer() {
    let (page, pod) = running();
    let menu = |name: &str| {
        page.run(
            "document.querySelector(`[data-pod=\"${arguments[0]}\"]`)
               .dispatchEvent(new MouseEvent('contextmenu', {bubbles: true, cancelable: true, clientX: 400, clientY: 200}))",
            json!([pod]),
        );
        let item = page.wait_for(&format!("the item {name}"), || {
            page.all("[role=menuitem]").into_iter().find(|item| page.text(item).starts_with(name))
        });
        page.screenshot("pod-menu");
        page.click(&item);
    };
    menu("Make unready");
    page.wait_for("the pod not to be ready", || (state(&page, &pod) == "running").then_some(()));
    menu("Let it be ready again");
    page.wait_for("the pod to be ready", || (state(&page, &pod) == "available").then_some(()));
    menu("Crash");
    page.wait_for("a restart", || page.kubectl("kubectl get pods").contains("1 (").then_some(()));
    menu("Starve");
    page.wait_for("the pod to fail", || (state(&page, &pod) == "failed").then_some(()));
    let described = page.kubectl(&format!("kubectl describe pod {pod}"));
    assert!(described.contains("The node was low on resource: memory."), "{described}");
    page.assert_console_clean();
}

#[test]
fn dots_have_cards_and_menus_too() {
    let page = Page::open();
    page.speed("10");
    page.write_manifest(&page::MY_APP_1.replace("replicas: 3", "replicas: 300"));
    page.apply();
    page.wait_for_within(std::time::Duration::from_secs(60), "300 available pods", || {
        (page.pods().iter().filter(|pod| pod.state == "available").count() == 300).then_some(())
    });
    let pods = page.pods();
    focus(&page, &pods[0].name);
    page.press(&[keys::RIGHT]);
    assert_eq!(focused(&page), pods[1].name, "arrows go from pod to pod");
    page.find(".card-over");
    page.press(&[keys::ENTER]);
    page.wait_for_text("[role=tabpanel]", &format!("Name:         {}", pods[1].name));
    page.press(&[keys::SHIFT, keys::F10]);
    page.role("menu", &format!("Actions on {}", pods[1].name));
    page.assert_console_clean();
}

#[test]
fn a_lane_says_why_it_has_its_size() {
    let (page, _) = running();
    page.write_manifest(&page::MY_APP_2.replace("my-app:2.0", "my-app:missing"));
    page.apply();
    page.wait_for("the new pod to fail", || {
        page.pods().iter().any(|pod| pod.state == "crashing").then_some(())
    });
    let why = page.role("region", "Why, now");
    page.wait_for("what it waits for", || page.text(&why).contains("ErrImagePull").then_some(()));
    page.run(
        "document.querySelectorAll('[data-lane]')[1].dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))",
        json!([]),
    );
    page.wait_for_text(".card-over", "Why is Revision 1 at 3?");
    page.wait_for_text(".card-over", "pods 4 − floor 3 − new ones not available 1 = 0");
    page.wait_for_text(".card-over", "reconcileOldReplicaSets");
    page.screenshot("why");
    page.assert_console_clean();
}
