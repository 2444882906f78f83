//! Patches that a real kubectl sent, and what a real server made of patches.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{json_merge, strategic_merge, three_way, two_way};
use crate::{Resource, gojson};

fn containers() -> Value {
    json!([
        {"name": "c1", "image": "a:1", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
         "ports": [{"containerPort": 80}]},
        {"name": "c2", "image": "b:1"},
    ])
}

fn manifest() -> Value {
    json!({"spec": {"replicas": 3, "template": {"spec": {"containers": containers()}}}})
}

/// The live object: scaled to five, and with defaults.
fn live() -> Value {
    let mut live = manifest();
    live["spec"]["replicas"] = json!(5);
    live["spec"]["strategy"] = json!({"type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}});
    let containers = &mut live["spec"]["template"]["spec"]["containers"];
    for container in containers.as_array_mut().into_iter().flatten() {
        container["imagePullPolicy"] = json!("IfNotPresent");
        container["resources"] = json!({});
    }
    containers[0]["ports"][0]["protocol"] = json!("TCP");
    live
}

/// Edits the manifest and shows the patch that apply would send.
fn check(edit: impl FnOnce(&mut Value), expected: Expect) {
    let (original, mut modified) = (manifest(), manifest());
    edit(&mut modified);
    let text = match three_way(Resource::Deployments, Some(&original), &modified, &live()) {
        Ok(patch) => gojson::to_string(&patch),
        Err(error) => format!("error: {error}"),
    };
    expected.assert_eq(&text);
}

#[test]
fn apply_sends_what_kubectl_sends() {
    check(|_| {}, expect![[r#"{"spec":{"replicas":3}}"#]]);
    check(|m| m["spec"]["replicas"] = json!(5), expect!["{}"]);
    check(
        |m| {
            m["spec"].as_object_mut().unwrap().remove("replicas");
        },
        expect![[r#"{"spec":{"replicas":null}}"#]],
    );
    let same = |m: &mut Value| m["spec"]["replicas"] = json!(5);
    check(
        |m| {
            same(m);
            m["spec"]["template"]["spec"]["containers"][0]["image"] = json!("a:2");
        },
        expect![[
            r#"{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c1"},{"name":"c2"}],"containers":[{"image":"a:2","name":"c1"}]}}}}"#
        ]],
    );
    check(
        |m| {
            same(m);
            m["spec"]["template"]["spec"]["containers"][0]["env"] =
                json!([{"name": "A", "value": "1"}, {"name": "C", "value": "3"}]);
        },
        expect![[
            r#"{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c1"},{"name":"c2"}],"containers":[{"$setElementOrder/env":[{"name":"A"},{"name":"C"}],"env":[{"name":"C","value":"3"},{"$patch":"delete","name":"B"}],"name":"c1"}]}}}}"#
        ]],
    );
    check(
        |m| {
            same(m);
            m["spec"]["template"]["spec"]["containers"].as_array_mut().unwrap().remove(1);
        },
        expect![[
            r#"{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c1"}],"containers":[{"$patch":"delete","name":"c2"}]}}}}"#
        ]],
    );
    check(
        |m| {
            same(m);
            m["spec"]["template"]["spec"]["containers"][0]["name"] = json!("main");
        },
        expect![[
            r#"{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"main"},{"name":"c2"}],"containers":[{"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"image":"a:1","name":"main","ports":[{"containerPort":80}]},{"$patch":"delete","name":"c1"}]}}}}"#
        ]],
    );
    check(
        |m| {
            same(m);
            m["spec"]["strategy"] = json!({"type": "Recreate"});
        },
        expect![[r#"{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}"#]],
    );
    check(
        |m| {
            same(m);
            let container = &mut m["spec"]["template"]["spec"]["containers"][0];
            container.as_object_mut().unwrap().remove("env");
        },
        expect![[
            r#"{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c1"},{"name":"c2"}],"containers":[{"env":null,"name":"c1"}]}}}}"#
        ]],
    );
}

/// Applies a patch to the live object and shows what became of `path`.
fn check_applied(patch: Value, path: &str, expected: Expect) {
    let text = match strategic_merge(Resource::Deployments, &live(), &patch) {
        Ok(value) => gojson::to_string(value.pointer(path).unwrap_or(&Value::Null)),
        Err(status) => format!("{} {}: {}", status.code, status.reason.as_str(), status.message),
    };
    expected.assert_eq(&text);
}

#[test]
fn strategic_patches_merge_lists_by_key() {
    let spec = |spec: Value| json!({"spec": {"template": {"spec": spec}}});
    let containers = "/spec/template/spec/containers";
    check_applied(
        spec(json!({"containers": [{"name": "c2", "image": "b:2"}, {"name": "c3", "image": "c"}]})),
        containers,
        expect![[
            r#"[{"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"image":"a:1","imagePullPolicy":"IfNotPresent","name":"c1","ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{}},{"image":"b:2","imagePullPolicy":"IfNotPresent","name":"c2","resources":{}},{"image":"c","name":"c3"}]"#
        ]],
    );
    check_applied(
        spec(json!({"containers": [{"name": "c1", "$patch": "delete"}]})),
        containers,
        expect![[
            r#"[{"image":"b:1","imagePullPolicy":"IfNotPresent","name":"c2","resources":{}}]"#
        ]],
    );
    check_applied(
        spec(json!({"containers": [{"name": "x", "image": "x"}, {"$patch": "replace"}]})),
        containers,
        expect![[r#"[{"image":"x","name":"x"}]"#]],
    );
    check_applied(
        spec(json!({"$setElementOrder/containers": [{"name": "c2"}, {"name": "c1"}]})),
        &format!("{containers}/0/name"),
        expect![[r#""c2""#]],
    );
    check_applied(
        json!({"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}),
        "/spec/strategy",
        expect![[r#"{"type":"Recreate"}"#]],
    );
    check_applied(
        spec(json!({"containers": [{"image": "x"}]})),
        containers,
        expect!["500 : map: map[image:x] does not contain declared merge key: name"],
    );
    check_applied(json!({"spec": {"replicas": null}}), "/spec/replicas", expect!["null"]);
    check_applied(
        json!({"spec": {"strategy": {"$retainKeys": ["rollingUpdate"], "type": "Recreate"}}}),
        "",
        expect!["400 BadRequest: invalid patch format of retainKeys"],
    );
}

#[test]
fn finalizers_merge_as_a_set() {
    let object = json!({"metadata": {"finalizers": ["c", "a"]}});
    let patch = json!({"metadata": {"finalizers": ["b", "a"],
        "$deleteFromPrimitiveList/finalizers": ["c"]}});
    let merged = strategic_merge(Resource::Deployments, &object, &patch).unwrap();
    assert_eq!(merged, json!({"metadata": {"finalizers": ["b", "a"]}}));
}

#[test]
fn two_way_patches_turn_one_into_the_other() {
    let (original, modified) = (live(), {
        let mut modified = live();
        modified["spec"]["template"]["spec"]["containers"][1]["image"] = json!("b:2");
        modified
    });
    let patch = two_way(Resource::Deployments, &original, &modified).unwrap();
    expect![[
        r#"{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c1"},{"name":"c2"}],"containers":[{"image":"b:2","name":"c2"}]}}}}"#
    ]]
    .assert_eq(&gojson::to_string(&patch));
    assert_eq!(strategic_merge(Resource::Deployments, &original, &patch).unwrap(), modified);
}

#[test]
fn json_merge_patches_replace_lists() {
    let merged = json_merge(
        &live(),
        &json!({"spec": {"replicas": null, "template": {"spec": {"containers": []}}}}),
    );
    assert_eq!(merged["spec"]["template"]["spec"]["containers"], json!([]));
    assert_eq!(merged["spec"].get("replicas"), None);
}
