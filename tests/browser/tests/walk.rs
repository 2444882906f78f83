//! The course's walk, command by command, and then by buttons alone.

mod page;

use page::{MY_APP_1, MY_APP_2, Page, SET_1, SET_2};

#[test]
fn the_course_by_commands() {
    let page = Page::open();
    page.speed("4");
    // The first manifest is in the editor as the page opens.
    assert_eq!(page.manifest_text().trim_end(), MY_APP_1.trim_end());
    let created = page.kubectl("kubectl apply -f deployment.yaml");
    assert_eq!(created, "deployment.apps/my-app created");
    let pods = page.wait_for_rollout(3, "1");
    assert!(pods.iter().all(|pod| pod.name.starts_with(SET_1)), "{pods:?}");
    assert_eq!(pods[0].label, format!("{}, available, revision 1", pods[0].name));

    page.write_manifest(MY_APP_2);
    page.watch_pods();
    assert_eq!(
        page.kubectl("kubectl apply -f deployment.yaml"),
        "deployment.apps/my-app configured"
    );
    page.kubectl("kubectl rollout status deployment/my-app");
    page.wait_for_log("deployment \"my-app\" successfully rolled out");
    let pods = page.wait_for_rollout(3, "2");
    assert!(pods.iter().all(|pod| pod.name.starts_with(SET_2)), "{pods:?}");
    let (fewest, most) = page.watched();
    assert!(fewest >= 3, "only {fewest} pods were available");
    assert_eq!(most, 4, "the surge is one pod");

    let history = page.kubectl("kubectl rollout history deployment/my-app");
    assert_eq!(
        history,
        "deployment.apps/my-app \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>"
    );
    let second = page.kubectl("kubectl rollout history deployment/my-app --revision=2");
    assert!(second.starts_with("deployment.apps/my-app with revision #2"), "{second}");
    assert!(second.contains("my-app:2.0"), "{second}");

    let undone = page.kubectl("kubectl rollout undo deployment/my-app");
    assert!(undone.contains("deployment.apps/my-app rolled back"), "{undone}");
    page.wait_for_rollout(3, "3");
    let history = page.kubectl("kubectl rollout history deployment/my-app");
    assert!(history.ends_with("2         <none>\n3         <none>"), "{history}");
    page.wait_for_revisions(&[3, 2]);

    let undone = page.kubectl("kubectl rollout undo deployment/my-app --to-revision=2");
    assert!(undone.contains("deployment.apps/my-app rolled back"), "{undone}");
    page.wait_for_rollout(3, "4");
    page.wait_for_revisions(&[4, 3]);

    let set = page.kubectl("kubectl set image deployment/my-app my-app-container=my-app:3.0");
    assert_eq!(set, "deployment.apps/my-app image updated");
    page.wait_for_rollout(3, "5");
    page.wait_for_revisions(&[5, 4, 3]);
    page.screenshot("walk-by-commands");
    page.assert_console_clean();
}

#[test]
fn the_course_by_buttons() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    page.wait_for_revisions(&[1]);
    page.write_manifest(MY_APP_2);
    page.watch_pods();
    page.apply();
    page.wait_for_rollout(3, "2");
    assert_eq!(page.watched(), (3, 4));
    page.wait_for_revisions(&[2, 1]);
    let newest = &page.revisions()[0];
    assert!(newest.contains("my-app:2.0"), "{newest}");
    assert!(newest.contains("image: my-app:1.0"), "what changed is shown: {newest}");

    let dialog = page.undo_to(1);
    assert!(dialog.contains("kubectl rollout undo deployment/my-app --to-revision=1"), "{dialog}");
    assert!(dialog.contains("image: my-app:1.0"), "{dialog}");
    page.wait_for_revisions(&[3, 2]);
    let pods = page.wait_for_rollout(3, "3");
    assert!(pods.iter().all(|pod| pod.name.starts_with(SET_1)), "{pods:?}");
    assert!(page.revisions()[0].contains("was 1"), "{:?}", page.revisions());
    // The buttons wrote what they stand for.
    let log = page.log();
    assert!(log.contains("kubectl apply -f deployment.yaml"), "{log}");
    assert!(log.contains("kubectl rollout undo deployment/my-app --to-revision=1"), "{log}");

    page.undo_to(2);
    page.wait_for_revisions(&[4, 3]);
    page.wait_for_rollout(3, "4");
    page.button("Restart");
    page.wait_for_rollout(3, "5");
    page.button("One replica more");
    page.wait_for_rollout(4, "5");
    page.screenshot("walk-by-buttons");
    page.assert_console_clean();
}

#[test]
fn recreate_has_a_gap() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    let recreate =
        MY_APP_2.replace("  selector:\n", "  strategy:\n    type: Recreate\n  selector:\n");
    page.write_manifest(&recreate);
    page.watch_pods();
    page.apply();
    page.wait_for_rollout(3, "2");
    assert_eq!(page.watched(), (0, 3), "nothing is available in between, and nothing surges");
    page.assert_console_clean();
}

#[test]
fn a_bad_image_halts_and_undo_repairs() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    page.write_manifest(&MY_APP_2.replace("my-app:2.0", "my-app:missing"));
    page.watch_pods();
    page.apply();
    page.wait_for("a crashing pod", || {
        page.pods().iter().any(|pod| pod.state == "crashing" && pod.revision == "2").then_some(())
    });
    assert_eq!(page.watched(), (3, 4), "the old pods go on serving");
    let rows = page.kubectl("kubectl get pods");
    assert!(rows.contains("ErrImagePull") || rows.contains("ImagePullBackOff"), "{rows}");
    page.screenshot("bad-image");
    page.undo_to(1);
    page.wait_for_rollout(3, "3");
    assert_eq!(page.watched().0, 3);
    page.assert_console_clean();
}
