//! The state lines of a trace: Deployments and ReplicaSets with everything that matters of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rollscope_api::Value;
use rollscope_api::annotation::{
    DESIRED_REPLICAS, LAST_APPLIED, MAX_REPLICAS, REVISION, REVISION_HISTORY,
};
use rollscope_api::order;

/// Annotations that have a place of their own in a line, or are left out.
const NOT_LISTED: [&str; 5] =
    [REVISION, REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, LAST_APPLIED];

/// Writes the state of a namespace. The objects are in wire form. Empty where there are none.
///
/// `exact` leaves every condition as it is; without it, what is a race upstream is evened out.
pub fn write_state(
    deployments: &[Value],
    replica_sets: &[Value],
    pods: &[Value],
    exact: bool,
) -> String {
    let mut text = String::new();
    for deployment in deployments {
        write_deployment(&mut text, deployment, exact);
    }
    let mut pods_by_owner: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for pod in pods {
        if let Some(owner) = controller_uid(pod) {
            pods_by_owner.entry(owner).or_default().push(pod);
        }
    }
    let mut sorted: Vec<&Value> = replica_sets.iter().collect();
    order::sort_by_key(&mut sorted, |replica_set| {
        (revision_number(replica_set), string(&replica_set["metadata"]["name"]).to_owned())
    });
    for replica_set in sorted {
        let uid = string(&replica_set["metadata"]["uid"]);
        let pods = pods_by_owner.get(uid).map(Vec::as_slice).unwrap_or_default();
        write_replica_set(&mut text, replica_set, pods, exact);
    }
    text
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object["metadata"]["annotations"][key].as_str()
}

fn revision_number(object: &Value) -> i64 {
    annotation(object, REVISION).and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn controller_uid(object: &Value) -> Option<&str> {
    let owners = items(&object["metadata"]["ownerReferences"]);
    let owner = owners.iter().find(|owner| owner["controller"] == true)?;
    owner["uid"].as_str()
}

fn images(object: &Value) -> String {
    let containers = items(&object["spec"]["template"]["spec"]["containers"]);
    containers.iter().map(|container| string(&container["image"])).collect::<Vec<_>>().join(",")
}

fn write_deployment(text: &mut String, deployment: &Value, exact: bool) {
    let (spec, status) = (&deployment["spec"], &deployment["status"]);
    let _ = write!(
        text,
        "deployment {} generation={} observed={} revision={} spec={} replicas={} updated={} \
         ready={} available={} unavailable={} terminating={}",
        string(&deployment["metadata"]["name"]),
        number(&deployment["metadata"]["generation"]),
        number(&status["observedGeneration"]),
        annotation(deployment, REVISION).unwrap_or("-"),
        number(&spec["replicas"]),
        number(&status["replicas"]),
        number(&status["updatedReplicas"]),
        number(&status["readyReplicas"]),
        number(&status["availableReplicas"]),
        number(&status["unavailableReplicas"]),
        number(&status["terminatingReplicas"]),
    );
    if spec["paused"] == true {
        text.push_str(" paused");
    }
    if let Some(collisions) = status["collisionCount"].as_i64().filter(|&count| count != 0) {
        let _ = write!(text, " collisions={collisions}");
    }
    let _ = writeln!(text, " images={}", images(deployment));
    write_annotations(text, deployment);
    write_conditions(text, deployment, exact);
}

fn write_replica_set(text: &mut String, replica_set: &Value, pods: &[&Value], exact: bool) {
    let (spec, status) = (&replica_set["spec"], &replica_set["status"]);
    let _ = write!(
        text,
        "replicaset {} revision={}",
        string(&replica_set["metadata"]["name"]),
        annotation(replica_set, REVISION).unwrap_or("-"),
    );
    if let Some(history) = annotation(replica_set, REVISION_HISTORY) {
        let _ = write!(text, " history={history}");
    }
    let _ = write!(
        text,
        " desired={} max={} spec={} replicas={} ready={} available={} terminating={} pods={}",
        annotation(replica_set, DESIRED_REPLICAS).unwrap_or("-"),
        annotation(replica_set, MAX_REPLICAS).unwrap_or("-"),
        number(&spec["replicas"]),
        number(&status["replicas"]),
        number(&status["readyReplicas"]),
        number(&status["availableReplicas"]),
        number(&status["terminatingReplicas"]),
        count_pods(pods),
    );
    if let Some(seconds) = spec["minReadySeconds"].as_i64().filter(|&seconds| seconds != 0) {
        let _ = write!(text, " minReadySeconds={seconds}");
    }
    if controller_uid(replica_set).is_none() {
        text.push_str(" orphan");
    }
    let _ = writeln!(text, " images={}", images(replica_set));
    write_annotations(text, replica_set);
    write_conditions(text, replica_set, exact);
}

/// How a pod is counted, in the order of the line.
const POD_STATES: [&str; 6] = ["ready", "unready", "pending", "failed", "succeeded", "terminating"];

fn pod_state(pod: &Value) -> &'static str {
    let ready = || {
        let conditions = items(&pod["status"]["conditions"]);
        conditions.iter().any(|one| one["type"] == "Ready" && one["status"] == "True")
    };
    if pod["metadata"]["deletionTimestamp"].is_string() {
        return "terminating";
    }
    match string(&pod["status"]["phase"]) {
        "Failed" => "failed",
        "Succeeded" => "succeeded",
        "Running" if ready() => "ready",
        "Running" => "unready",
        _ => "pending",
    }
}

fn count_pods(pods: &[&Value]) -> String {
    let states: Vec<&str> = pods.iter().map(|pod| pod_state(pod)).collect();
    let counts: Vec<String> = POD_STATES
        .iter()
        .map(|state| (state, states.iter().filter(|one| one == &state).count()))
        .filter(|&(_, count)| count > 0)
        .map(|(state, count)| format!("{state}:{count}"))
        .collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(",") }
}

fn write_annotations(text: &mut String, object: &Value) {
    let Some(annotations) = object["metadata"]["annotations"].as_object() else { return };
    for (key, value) in annotations {
        if !NOT_LISTED.contains(&key.as_str()) {
            let _ = writeln!(text, "  annotation {key}={}", string(value));
        }
    }
}

fn write_conditions(text: &mut String, object: &Value, exact: bool) {
    let mut conditions: Vec<&Value> = items(&object["status"]["conditions"]).iter().collect();
    order::sort_by_key(&mut conditions, |condition| string(&condition["type"]));
    for condition in conditions {
        let (reason, message) = if exact {
            (string(&condition["reason"]), string(&condition["message"]).to_owned())
        } else {
            settled(condition)
        };
        let _ = writeln!(
            text,
            "  condition {}={} {reason}: {message}",
            string(&condition["type"]),
            string(&condition["status"]),
        );
    }
}

/// Whether a Deployment still says `NewReplicaSetCreated` once all is settled is a race upstream:
/// the recordings write what the next sync would make of it.
fn settled(condition: &Value) -> (&str, String) {
    let (reason, message) = (string(&condition["reason"]), string(&condition["message"]));
    match message.split('"').nth(1) {
        Some(name) if reason == "NewReplicaSetCreated" => {
            ("ReplicaSetUpdated", format!("ReplicaSet \"{name}\" is progressing."))
        }
        _ => (reason, message.to_owned()),
    }
}
