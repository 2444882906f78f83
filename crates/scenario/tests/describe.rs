//! Descriptions of objects of every kind, in many states.
//!
//! The expected texts are those of a real kubectl (v1.32.4, over a server that held these objects),
//! with what v1.36 changed: names of ports, `AppProtocol`, sorted Secrets, fewer node fields.

use std::path::{Path, PathBuf};

use rollscope_api::{Api, Resource, Value};
use rollscope_kubectl::describe::{DescribeOptions, describe};
use rollscope_kubectl::duration::parse_time;
use rollscope_scenario::conform::printers::RecordedObjects;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn recorded() -> RecordedObjects {
    let text = std::fs::read_to_string(golden("describe.json")).expect("the recorded objects");
    let recording: Value = serde_json::from_str(&text).expect("JSON");
    let now = recording["now"].as_str().and_then(parse_time).expect("a time");
    RecordedObjects { now, objects: recording["objects"].as_array().expect("a list").clone() }
}

fn check(resource: Resource, names: &[&str]) {
    let mut api = recorded();
    let mut text = String::new();
    for name in names {
        let namespace = if resource.namespaced() { "default" } else { "" };
        let object = api.get(resource, namespace, name).expect("a recorded object");
        let options = DescribeOptions { show_events: true };
        let description = describe(&mut api, resource, &object, &options).expect("a description");
        text += &format!("$ describe {} {name}\n{description}\n", resource.singular());
    }
    let file = golden(&format!("describe-{}.txt", resource.plural()));
    expect_test::expect_file![file].assert_eq(&text);
}

#[test]
fn pods() {
    check(Resource::Pods, &["p-many", "p-evicted", "p-be", "p-g"]);
}

#[test]
fn deployments() {
    check(Resource::Deployments, &["w", "v"]);
}

#[test]
fn replica_sets() {
    check(Resource::ReplicaSets, &["w-new", "w-old1", "w-old0"]);
}

#[test]
fn services() {
    check(Resource::Services, &["s1", "s2", "s3"]);
}

#[test]
fn endpoint_slices() {
    check(Resource::EndpointSlices, &["s1-abc", "s2-abc", "none"]);
}

#[test]
fn nodes() {
    check(Resource::Nodes, &["n1", "n2"]);
}

#[test]
fn namespaces() {
    check(Resource::Namespaces, &["default"]);
}

#[test]
fn quotas() {
    check(Resource::ResourceQuotas, &["q1", "q0"]);
}

#[test]
fn config_maps() {
    check(Resource::ConfigMaps, &["cm1", "cm2"]);
}

#[test]
fn secrets() {
    check(Resource::Secrets, &["sec"]);
}

#[test]
fn autoscalers() {
    check(Resource::HorizontalPodAutoscalers, &["h1", "h2"]);
}

#[test]
fn events() {
    check(Resource::Events, &["e1", "e4"]);
}
