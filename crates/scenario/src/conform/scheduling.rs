//! `scheduling.json`: nodes, pods created one after another, and what the scheduler did.
//!
//! Events and conditions are compared as they are. Of the nodes it is compared whether a pod got
//! one and how many pods came upon each kind of node, as ties are chance.

use std::collections::BTreeMap;

use rollscope_api::object::Taint;
use rollscope_api::order;
use rollscope_api::{Api, Resource, SimDuration, SimTime, Value, WriteOptions};
use rollscope_sim::world::{NodeGroup, Nodes};
use rollscope_sim::{Cluster, ClusterOptions, Pace, World};
use serde_json::json;

use super::CaseResult;

/// From one pod's creation to the next: long enough for a second attempt where there are no nodes.
const BETWEEN_PODS: SimDuration = SimDuration::from_millis(1_500);
const NAMESPACE: &str = "default";

/// Creates the nodes and the pods and compares what became of each pod.
pub fn check(case: &Value) -> CaseResult {
    let mut result = CaseResult::default();
    let world = World { nodes: nodes(case), ..World::default() };
    if let Err(error) = world.validate() {
        result.compare("the nodes are possible", "", &format!("{error}\n"));
        return result;
    }
    let start = SimTime::from_micros(1_767_603_600_000_000);
    let mut cluster = Cluster::new(ClusterOptions { seed: 1, start, world, pace: Pace::Live });
    let outcomes = list(&case["outcome"]);
    let mut names = outcomes.iter().map(|outcome| text(&outcome["pod"]).to_owned());
    for group in list(&case["pods"]) {
        for _ in 0..group["count"].as_u64().unwrap_or(1) {
            let name = names.next().unwrap_or_default();
            let body = pod(&name, group);
            let options = WriteOptions::default();
            if let Err(status) = cluster.create(Resource::Pods, NAMESPACE, body, &options) {
                result.compare(format!("{name} is created"), "", &format!("{}\n", status.message));
            }
            cluster.run_for(BETWEEN_PODS);
        }
    }
    for outcome in outcomes {
        let name = text(&outcome["pod"]);
        let pod = cluster.get(Resource::Pods, NAMESPACE, name).unwrap_or(Value::Null);
        let events = scheduler_events(&cluster, name);
        result.compare(name, &recorded(outcome), &simulated(&pod, &events));
    }
    let placed = |node: &dyn Fn(&Value) -> Option<String>| spread(case, outcomes, node);
    let recorded = placed(&|outcome| outcome["node"].as_str().map(str::to_owned));
    let simulated = placed(&|outcome| {
        let pod = cluster.clone().get(Resource::Pods, NAMESPACE, text(&outcome["pod"])).ok()?;
        pod["spec"]["nodeName"].as_str().map(str::to_owned)
    });
    result.compare("pods by kind of node", &recorded, &simulated);
    result
}

fn nodes(case: &Value) -> Nodes {
    let or = |value: &Value, default: &str| value.as_str().unwrap_or(default).to_owned();
    let group = |node: &Value| NodeGroup {
        name: Some(text(&node["name"]).to_owned()),
        cpu: or(&node["cpu"], "4"),
        memory: or(&node["memory"], "8Gi"),
        pods: or(&node["pods"], "110").parse().unwrap_or_default(),
        labels: node["labels"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), text(value).to_owned()))
            .collect(),
        taints: list(&node["taints"])
            .iter()
            .map(|taint| Taint {
                key: text(&taint["key"]).to_owned(),
                value: text(&taint["value"]).to_owned(),
                effect: text(&taint["effect"]).to_owned(),
                time_added: None,
            })
            .collect(),
        unschedulable: node["unschedulable"] == true,
        ready: node["ready"] != false,
        resources: node["resources"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), text(value).to_owned()))
            .collect(),
        ..NodeGroup::default()
    };
    Nodes(list(&case["nodes"]).iter().map(group).collect())
}

/// A pod of one container. Fields of the spec that begin with `_` are meant for the container.
fn pod(name: &str, group: &Value) -> Value {
    let mut container = json!({
        "name": "web",
        "image": "web:1.0",
        "resources": {"requests": group["requests"]},
    });
    let requests = group["requests"].as_object().into_iter().flatten();
    // Of resources beyond the usual ones, limits must equal requests.
    let limits: serde_json::Map<String, Value> = requests
        .filter(|(resource, _)| resource.contains('/'))
        .map(|(resource, amount)| (resource.clone(), amount.clone()))
        .collect();
    if !limits.is_empty() {
        container["resources"]["limits"] = limits.into();
    }
    let mut spec = json!({});
    for (field, value) in group["spec"].as_object().into_iter().flatten() {
        match field.as_str() {
            "_hostPort" => {
                container["ports"] = json!([{"containerPort": value, "hostPort": value}]);
            }
            field => spec[field] = value.clone(),
        }
    }
    spec["containers"] = json!([container]);
    let mut labels = json!({"app": "web"});
    for (key, value) in group["labels"].as_object().into_iter().flatten() {
        labels[key.as_str()] = value.clone();
    }
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
        "spec": spec,
    })
}

/// The scheduler's Events about a pod, in order.
fn scheduler_events(cluster: &Cluster, pod: &str) -> Vec<String> {
    let events = cluster.listers().events().map(|(_, event)| event);
    events
        .filter(|event| {
            &*event.reporting_component == "default-scheduler"
                && *event.involved_object.name == *pod
        })
        .map(|event| event_line(&event.type_, &event.reason, &event.message))
        .collect()
}

fn event_line(type_: &str, reason: &str, message: &str) -> String {
    format!("event {type_} {reason}: {}\n", without_chance(message))
}

/// Which node a pod is assigned to may be chance, and so are uids.
fn without_chance(message: &str) -> String {
    let words = message.split(' ');
    if message.starts_with("Successfully assigned ") {
        let words: Vec<&str> = words.collect();
        return format!("{} <node>", words[..words.len() - 1].join(" "));
    }
    let is_uid =
        |word: &str| word.len() == 36 && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    words.map(|word| if is_uid(word) { "<uid>" } else { word }).collect::<Vec<_>>().join(" ")
}

fn condition_line(condition: &Value) -> String {
    let [status, reason, message] =
        ["status", "reason", "message"].map(|field| text(&condition[field]));
    format!("condition PodScheduled={status} {reason}: {message}\n")
}

fn scheduled_conditions(conditions: &Value) -> String {
    let mut own = list(conditions).iter().filter(|condition| condition["type"] == "PodScheduled");
    own.next().map(condition_line).unwrap_or_default()
}

fn recorded(outcome: &Value) -> String {
    let mut lines = format!("has a node: {}\n", outcome["node"].is_string());
    for event in list(&outcome["events"]) {
        let [type_, reason, message] =
            ["type", "reason", "message"].map(|field| text(&event[field]));
        lines.push_str(&event_line(type_, reason, message));
    }
    lines + &scheduled_conditions(&outcome["conditions"])
}

fn simulated(pod: &Value, events: &[String]) -> String {
    let bound = pod["spec"]["nodeName"].is_string();
    let mut lines = format!("has a node: {bound}\n");
    events.iter().for_each(|event| lines.push_str(event));
    lines + &scheduled_conditions(&pod["status"]["conditions"])
}

/// For every kind of node the numbers of pods on nodes of that kind, in descending order.
fn spread(case: &Value, outcomes: &[Value], node_of: &dyn Fn(&Value) -> Option<String>) -> String {
    let mut pods: BTreeMap<String, usize> = BTreeMap::new();
    for node in outcomes.iter().filter_map(node_of) {
        *pods.entry(node).or_default() += 1;
    }
    let mut kinds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for node in list(&case["nodes"]) {
        let mut kind = node.clone();
        let name = kind.as_object_mut().and_then(|kind| kind.remove("name"));
        let name = name.as_ref().map(text).unwrap_or_default();
        let count = pods.get(name).copied().unwrap_or_default();
        kinds.entry(kind.to_string()).or_default().push(count);
    }
    let mut lines = String::new();
    for (kind, mut counts) in kinds {
        order::sort_by_key(&mut counts, |count| std::cmp::Reverse(*count));
        lines.push_str(&format!("{counts:?} {kind}\n"));
    }
    lines
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDING: &str =
        include_str!("../../../../tests/conformance/recordings/scheduling.json");

    #[test]
    fn every_recorded_case_agrees() {
        let cases: Vec<Value> = serde_json::from_str(RECORDING).unwrap();
        assert!(cases.len() >= 25);
        for case in &cases {
            let result = check(case);
            let name = text(&case["name"]);
            if let Some(step) = result.first_difference() {
                let difference = step.difference.as_ref().unwrap();
                panic!(
                    "{name}, {}:\nrecorded\n{}simulated\n{}",
                    step.name, difference.recorded, difference.simulated
                );
            }
            assert!(result.passed(), "{name} compared nothing");
        }
    }

    #[test]
    fn a_wrong_recording_is_told() {
        let mut cases: Vec<Value> = serde_json::from_str(RECORDING).unwrap();
        cases[0]["outcome"][0]["events"][0]["reason"] = "Assigned".into();
        assert!(!check(&cases[0]).passed());
    }
}
