//! The API server's own rules: versions, generations, deletion, admission, subresources.

#![allow(missing_docs, reason = "a test says what it tests by its name")]

use expect_test::{Expect, expect};
use rollscope_api::{
    Api, DeleteOptions, FieldValidation, ListOptions, PatchType, Propagation, Resource,
    SimDuration, Status, Subresource, Timestamp, Value, WriteOptions,
};
use rollscope_sim::{Cluster, ClusterOptions, Pace, Termination, World};
use serde_json::json;

const NS: &str = "default";

fn cluster() -> Cluster {
    stepped(Termination::Auto)
}

fn stepped(termination: Termination) -> Cluster {
    Cluster::new(ClusterOptions {
        seed: 1,
        start: Timestamp::from_secs(1_767_603_600).start(),
        world: World::default(),
        pace: Pace::Stepped { termination },
    })
}

fn template(image: &str) -> Value {
    json!({
        "metadata": { "labels": { "app": "web" } },
        "spec": { "containers": [{ "name": "web", "image": image }] },
    })
}

fn web() -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "web" },
        "spec": {
            "replicas": 3,
            "selector": { "matchLabels": { "app": "web" } },
            "template": template("web:1.0"),
        },
    })
}

fn create(cluster: &mut Cluster, resource: Resource, body: Value) -> Result<Value, Status> {
    let written = cluster.create(resource, NS, body, &WriteOptions::default());
    written.map(|written| written.object)
}

fn patch(
    cluster: &mut Cluster,
    resource: Resource,
    name: &str,
    body: Value,
) -> Result<Value, Status> {
    let options = WriteOptions::default();
    let kind = PatchType::StrategicMerge;
    let written = cluster.patch(resource, NS, name, Subresource::None, kind, body, &options);
    written.map(|written| written.object)
}

fn names(cluster: &mut Cluster, resource: Resource) -> Vec<String> {
    let listed = cluster.list(resource, Some(NS), &ListOptions::default()).unwrap();
    listed.iter().map(|o| o["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

fn running() -> Cluster {
    let mut cluster = cluster();
    create(&mut cluster, Resource::Deployments, web()).unwrap();
    cluster.settle();
    cluster
}

fn check(refused: Result<impl std::fmt::Debug, Status>, expected: Expect) {
    let status = refused.unwrap_err();
    expected.assert_eq(&format!("{} {}: {}", status.code, status.reason.as_str(), status.message));
}

#[test]
fn generation_counts_spec_and_annotations_but_not_labels_and_status() {
    let mut cluster = running();
    let generation = |object: Value| object["metadata"]["generation"].as_i64().unwrap();
    let mut write =
        |body| generation(patch(&mut cluster, Resource::Deployments, "web", body).unwrap());
    assert_eq!(write(json!({ "metadata": { "labels": { "a": "b" } } })), 1);
    assert_eq!(write(json!({ "metadata": { "annotations": { "a": "b" } } })), 2);
    assert_eq!(write(json!({ "spec": { "paused": true } })), 3);
    assert_eq!(write(json!({ "spec": { "paused": true } })), 3);
    assert_eq!(write(json!({ "status": { "replicas": 9 } })), 3);
}

#[test]
fn a_write_that_changes_nothing_writes_nothing() {
    let mut cluster = running();
    let before = (cluster.version(), cluster.get(Resource::Deployments, NS, "web").unwrap());
    patch(&mut cluster, Resource::Deployments, "web", json!({ "spec": { "replicas": 3 } }))
        .unwrap();
    let options = WriteOptions::default();
    cluster.update(Resource::Deployments, NS, "web", before.1.clone(), &options).unwrap();
    assert_eq!((cluster.version(), cluster.get(Resource::Deployments, NS, "web").unwrap()), before);
}

#[test]
fn a_stale_write_is_a_conflict() {
    let mut cluster = running();
    let stale = cluster.get(Resource::Deployments, NS, "web").unwrap();
    patch(&mut cluster, Resource::Deployments, "web", json!({ "spec": { "replicas": 5 } }))
        .unwrap();
    check(
        cluster.update(Resource::Deployments, NS, "web", stale, &WriteOptions::default()),
        expect![[
            r#"409 Conflict: Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again"#
        ]],
    );
}

#[test]
fn what_cannot_be_is_refused() {
    let mut cluster = running();
    let c = &mut cluster;
    check(
        create(c, Resource::Deployments, web()),
        expect![[r#"409 AlreadyExists: deployments.apps "web" already exists"#]],
    );
    check(c.get(Resource::Pods, NS, "nope"), expect![[r#"404 NotFound: pods "nope" not found"#]]);
    check(
        c.create(Resource::Deployments, "nope", web(), &WriteOptions::default()),
        expect![[r#"404 NotFound: namespaces "nope" not found"#]],
    );
    check(
        patch(c, Resource::Deployments, "web", json!({ "spec": { "replicas": -1 } })),
        expect![[
            r#"422 Invalid: Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0"#
        ]],
    );
    check(
        c.delete(Resource::Namespaces, "", "default", &DeleteOptions::default()),
        expect![[
            r#"403 Forbidden: namespaces "default" is forbidden: this namespace may not be deleted"#
        ]],
    );
}

#[test]
fn a_patch_with_an_unknown_field_is_shown_as_go_shows_it() {
    let mut cluster = running();
    let options = WriteOptions { field_validation: FieldValidation::Strict, ..Default::default() };
    let body = json!({ "spec": { "foo": 1 } });
    let kind = PatchType::StrategicMerge;
    check(
        cluster.patch(Resource::Deployments, NS, "web", Subresource::None, kind, body, &options),
        expect![[
            r#"422 Invalid:  "" is invalid: patch: Invalid value: "map[spec:map[foo:1]]": strict decoding error: unknown field "spec.foo""#
        ]],
    );
}

#[test]
fn a_dry_run_leaves_no_trace() {
    let mut cluster = running();
    let before = cluster.version();
    let options = WriteOptions { dry_run: true, ..Default::default() };
    let mut other = web();
    other["metadata"]["name"] = json!("other");
    let written = cluster.create(Resource::Deployments, NS, other, &options).unwrap();
    assert_eq!(written.object["spec"]["revisionHistoryLimit"], 10);
    let dry = DeleteOptions { dry_run: true, ..Default::default() };
    cluster.delete(Resource::Deployments, NS, "web", &dry).unwrap();
    assert_eq!(cluster.version(), before);
}

#[test]
fn names_are_completed_and_differ() {
    let mut cluster = cluster();
    let body = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "generateName": "settings-" },
    });
    for _ in 0..5 {
        create(&mut cluster, Resource::ConfigMaps, body.clone()).unwrap();
    }
    let mut found = names(&mut cluster, Resource::ConfigMaps);
    found.dedup();
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|name| name.starts_with("settings-") && name.len() == 14));
}

#[test]
fn scale_is_a_view_of_the_deployment() {
    let mut cluster = running();
    let options = WriteOptions::default();
    let mut scale = |body: Value| {
        let kind = PatchType::Merge;
        cluster.patch(Resource::Deployments, NS, "web", Subresource::Scale, kind, body, &options)
    };
    let scaled = scale(json!({ "spec": { "replicas": 5 } })).unwrap().object;
    assert_eq!(scaled["kind"], "Scale");
    assert_eq!(
        (&scaled["spec"]["replicas"], &scaled["status"]["selector"]),
        (&json!(5), &json!("app=web"))
    );
    check(
        scale(json!({ "spec": { "replicas": -2 } })),
        expect![[
            r#"422 Invalid: Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -2: must be greater than or equal to 0"#
        ]],
    );
}

#[test]
fn foreground_deletion_takes_the_dependents_first() {
    let mut cluster = stepped(Termination::Manual);
    create(&mut cluster, Resource::Deployments, web()).unwrap();
    cluster.settle();
    let options = DeleteOptions { propagation: Propagation::Foreground, ..Default::default() };
    let left = cluster.delete(Resource::Deployments, NS, "web", &options).unwrap();
    assert_eq!(left["metadata"]["finalizers"], json!(["foregroundDeletion"]));
    cluster.settle();
    assert_eq!(names(&mut cluster, Resource::Deployments), ["web"], "waits for its pods");
    let pods = names(&mut cluster, Resource::Pods);
    assert_eq!(pods.len(), 3);
    let now = DeleteOptions { grace_period_seconds: Some(0), ..Default::default() };
    for pod in pods {
        cluster.delete(Resource::Pods, NS, &pod, &now).unwrap();
    }
    cluster.settle();
    for resource in [Resource::Pods, Resource::ReplicaSets, Resource::Deployments] {
        assert!(names(&mut cluster, resource).is_empty(), "{resource:?}");
    }
}

#[test]
fn a_finalizer_keeps_an_object_until_it_is_taken_away() {
    let mut cluster = cluster();
    let mut body = web();
    body["metadata"]["finalizers"] = json!(["example.com/wait"]);
    create(&mut cluster, Resource::Deployments, body).unwrap();
    cluster.settle();
    cluster.delete(Resource::Deployments, NS, "web", &DeleteOptions::default()).unwrap();
    cluster.settle();
    assert_eq!(names(&mut cluster, Resource::Deployments), ["web"]);
    patch(
        &mut cluster,
        Resource::Deployments,
        "web",
        json!({ "metadata": { "finalizers": null } }),
    )
    .unwrap();
    cluster.settle();
    assert!(names(&mut cluster, Resource::Deployments).is_empty());
    assert!(names(&mut cluster, Resource::Pods).is_empty());
}

#[test]
fn a_namespace_goes_with_all_that_is_in_it() {
    let mut cluster = cluster();
    let namespace =
        json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "team" } });
    create(&mut cluster, Resource::Namespaces, namespace).unwrap();
    cluster.create(Resource::Deployments, "team", web(), &WriteOptions::default()).unwrap();
    cluster.settle();
    cluster.delete(Resource::Namespaces, "", "team", &DeleteOptions::default()).unwrap();
    check(
        cluster.create(Resource::Deployments, "team", web(), &WriteOptions::default()),
        expect![[
            r#"403 Forbidden: deployments.apps "web" is forbidden: unable to create new content in namespace team because it is being terminated"#
        ]],
    );
    cluster.run_for(SimDuration::from_secs(2));
    assert!(cluster.get(Resource::Namespaces, "", "team").is_err());
    assert_eq!(cluster.listers().pod_count(), 0);
}

#[test]
fn a_quota_refuses_what_would_exceed_it() {
    let mut cluster = cluster();
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": { "name": "small" },
        "spec": { "hard": { "pods": "5", "requests.cpu": "1", "count/deployments.apps": "1" } },
    });
    create(&mut cluster, Resource::ResourceQuotas, quota).unwrap();
    cluster.run_for(SimDuration::from_secs(1));
    create(&mut cluster, Resource::Deployments, web()).unwrap();
    cluster.settle();
    let set =
        cluster.list(Resource::ReplicaSets, Some(NS), &ListOptions::default()).unwrap().remove(0);
    let failure = set["status"]["conditions"][0]["message"].as_str().unwrap();
    assert!(
        failure.ends_with("is forbidden: failed quota: small: must specify requests.cpu for: web")
    );
    let mut other = web();
    other["metadata"]["name"] = json!("other");
    check(
        create(&mut cluster, Resource::Deployments, other),
        expect![[
            r#"403 Forbidden: deployments.apps "other" is forbidden: exceeded quota: small, requested: count/deployments.apps=1, used: count/deployments.apps=1, limited: count/deployments.apps=1"#
        ]],
    );
    let resources = json!({ "name": "web", "resources": { "requests": { "cpu": "400m" } } });
    let body = json!({ "spec": { "template": { "spec": { "containers": [resources] } } } });
    patch(&mut cluster, Resource::Deployments, "web", body).unwrap();
    cluster.run_for(SimDuration::from_secs(60));
    // The old ReplicaSet's three pods count towards the ceiling, although it could not make them.
    assert_eq!(names(&mut cluster, Resource::Pods).len(), 1);
    let quota = cluster.get(Resource::ResourceQuotas, NS, "small").unwrap();
    assert_eq!(quota["status"]["used"]["requests.cpu"], "400m");
}

#[test]
fn a_pod_that_somebody_made_is_adopted_and_one_with_other_labels_is_let_go() {
    let mut cluster = running();
    let set = names(&mut cluster, Resource::ReplicaSets).remove(0);
    let hash = set.rsplit('-').next().unwrap().to_owned();
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": "mine", "labels": { "app": "web", "pod-template-hash": hash } },
        "spec": { "containers": [{ "name": "web", "image": "web:1.0" }] },
    });
    create(&mut cluster, Resource::Pods, pod).unwrap();
    cluster.settle();
    assert_eq!(names(&mut cluster, Resource::Pods).len(), 3, "one of four is too much");
    let pod = names(&mut cluster, Resource::Pods).remove(0);
    patch(
        &mut cluster,
        Resource::Pods,
        &pod,
        json!({ "metadata": { "labels": { "app": "alone" } } }),
    )
    .unwrap();
    cluster.settle();
    assert_eq!(names(&mut cluster, Resource::Pods).len(), 4, "it was replaced");
    let released = cluster.get(Resource::Pods, NS, &pod).unwrap();
    assert!(released["metadata"]["ownerReferences"].is_null());
}

#[test]
fn services_get_addresses_and_keep_them() {
    let mut cluster = cluster();
    let body = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web" },
        "spec": { "type": "NodePort", "selector": { "app": "web" }, "ports": [{ "port": 80 }] },
    });
    let made = create(&mut cluster, Resource::Services, body).unwrap();
    let address = made["spec"]["clusterIP"].as_str().unwrap();
    assert!(address.starts_with("10.0."), "{address}");
    let port = made["spec"]["ports"][0]["nodePort"].as_i64().unwrap();
    assert!((30_000..32_768).contains(&port), "{port}");
    let change = json!({ "spec": { "selector": { "app": "api" } } });
    let changed = patch(&mut cluster, Resource::Services, "web", change).unwrap();
    assert_eq!(changed["spec"]["clusterIP"], made["spec"]["clusterIP"]);
    assert_eq!(changed["spec"]["ports"], made["spec"]["ports"]);
}

#[test]
fn events_live_for_an_hour() {
    let mut cluster = running();
    assert_eq!(names(&mut cluster, Resource::Events).len(), 4);
    cluster.run_for(SimDuration::from_secs(3_500));
    assert_eq!(names(&mut cluster, Resource::Events).len(), 4);
    cluster.run_for(SimDuration::from_secs(200));
    assert!(names(&mut cluster, Resource::Events).is_empty());
}

#[test]
fn what_a_template_may_say_and_a_pod_may_not_is_told_by_events() {
    let told = |spec: &[(&str, Value)]| {
        let mut cluster = cluster();
        let mut deployment = web();
        for (field, value) in spec {
            deployment["spec"]["template"]["spec"][field] = value.clone();
        }
        create(&mut cluster, Resource::Deployments, deployment).unwrap();
        cluster.settle();
        let events = cluster.listers().events().map(|(_, event)| event);
        let failed = events.filter(|event| &*event.reason == "FailedCreate");
        let message = failed.map(|event| event.message.to_string()).next().unwrap_or_default();
        match message.split('"').nth(1) {
            Some(name) => message.replace(name, "POD"),
            None => message,
        }
    };
    let image = json!([{ "name": "web", "image": "web:1.0 " }]);
    expect![[r#"
        Error creating: Pod "POD" is invalid: spec.containers[0].image: Invalid value: "web:1.0 ": must not have leading or trailing whitespace"#]]
    .assert_eq(&told(&[("containers", image)]));
    expect![[r#"
        Error creating: pods "POD" is forbidden: no PriorityClass with name high was found"#]]
    .assert_eq(&told(&[("priorityClassName", json!("high"))]));
    expect![[r#"
        Error creating: pods "POD" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name"#]]
    .assert_eq(&told(&[("priority", json!(7))]));
    expect![[r#"
        Error creating: pods "POD" is forbidden: the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name"#]]
    .assert_eq(&told(&[("preemptionPolicy", json!("Never"))]));
    assert_eq!(told(&[("priorityClassName", json!("system-node-critical"))]), "");
}
