//! What cannot be applied is refused at its line, in the API server's words, and nothing else changes.

mod page;

use page::{MY_APP_1, Page};
use serde_json::json;

/// Writes a manifest, expects it to be marked while typing, applies it, and expects the refusal.
#[track_caller]
fn check(page: &Page, text: &str, line: usize, marked: &str, refused: &str) {
    page.write_manifest(text);
    if !marked.is_empty() {
        page.wait_for(&format!("a mark {marked:?} at line {line}"), || {
            let problems = page.run(
                "return [...document.querySelectorAll('button')].map(b => b.innerText).filter(t => /^\\d+:\\d+/.test(t))",
                json!([]),
            );
            let problems = problems.as_array().cloned().unwrap_or_default();
            let found = problems.iter().filter_map(|text| text.as_str()).any(|text| {
                text.starts_with(&format!("{line}:")) && text.contains(marked)
            });
            found.then_some(())
        });
    }
    page.apply();
    page.wait_for(&format!("a refusal {refused:?}"), || {
        let log = page.log();
        let last = log.rsplit("kubectl apply").next().unwrap_or_default();
        last.contains(refused).then_some(())
    });
    let pods = page.pods();
    assert_eq!(pods.len(), 3, "{pods:?}");
    assert!(pods.iter().all(|pod| pod.state == "available" && pod.revision == "1"), "{pods:?}");
}

#[test]
fn bad_manifests_are_refused_at_their_line() {
    let page = Page::open();
    page.speed("4");
    page.apply();
    page.wait_for_rollout(3, "1");
    let changed = |old: &str, new: &str| MY_APP_1.replace(old, new);

    check(
        &page,
        &changed("  replicas: 3", "  replicas: three"),
        6,
        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
        "unrecognized type: int32",
    );
    check(
        &page,
        &changed("replicas", "replicaz"),
        6,
        "replicaz",
        "unknown field \"spec.replicaz\"",
    );
    check(
        &page,
        &changed(
            "  selector:",
            "  strategy:\n    rollingUpdate:\n      maxSurge: 0\n      maxUnavailable: 0\n  selector:",
        ),
        10,
        "may not be 0 when `maxSurge` is 0",
        "may not be 0 when `maxSurge` is 0",
    );
    check(
        &page,
        &changed("kind: Deployment", "kind: Deploymint"),
        2,
        "Deploymint",
        "no matches for kind \"Deploymint\"",
    );
    check(&page, &changed("  replicas: 3", "  replicas: [3"), 7, "yaml", "yaml: line");
    check(&page, "", 1, "", "error: no objects passed to apply");
    page.screenshot("bad-input");
    page.assert_console_clean();
}
