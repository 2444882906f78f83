//! Deployments. Models `describeDeployment`.

use rollscope_api::order;
use rollscope_api::{Api, ListOptions, Resource, Value};

use super::writer::Writer;
use super::{template, time};
use crate::duration::parse_time;
use crate::value::{Peek, controller_of, label_selector, or, plain};

pub(super) fn write(w: &mut Writer, api: &mut dyn Api, deployment: &Value) {
    w.field(0, "Name", deployment.text("metadata.name"));
    w.field(0, "Namespace", deployment.text("metadata.namespace"));
    w.field(0, "CreationTimestamp", time(deployment.at("metadata.creationTimestamp")));
    w.labels("Labels", deployment.fields("metadata.labels"));
    w.annotations("Annotations", deployment.fields("metadata.annotations"));
    w.field(0, "Selector", label_selector(deployment.at("spec.selector")));
    let status = |field: &str| deployment.int(field);
    w.field(
        0,
        "Replicas",
        format!(
            "{} desired | {} updated | {} total | {} available | {} unavailable",
            deployment.int("spec.replicas"),
            status("status.updatedReplicas"),
            status("status.replicas"),
            status("status.availableReplicas"),
            status("status.unavailableReplicas"),
        ),
    );
    w.field(0, "StrategyType", deployment.text("spec.strategy.type"));
    w.field(0, "MinReadySeconds", deployment.int("spec.minReadySeconds"));
    if let Some(rolling) = deployment.at("spec.strategy.rollingUpdate") {
        let of = |field: &str| rolling.at(field).map_or("<nil>".into(), plain);
        let (unavailable, surge) = (of("maxUnavailable"), of("maxSurge"));
        let text = format!("{unavailable} max unavailable, {surge} max surge");
        w.field(0, "RollingUpdateStrategy", text);
    }
    template::write(w, deployment.at("spec.template").unwrap_or(&Value::Null));
    conditions(w, deployment);
    replica_sets(w, api, deployment);
}

/// Type, status and reason: of Deployments and ReplicaSets.
pub(super) fn conditions(w: &mut Writer, object: &Value) {
    let conditions = object.items("status.conditions");
    if conditions.is_empty() {
        return;
    }
    w.put(0, "Conditions:\n  Type\tStatus\tReason\n");
    w.put(1, "----\t------\t------\n");
    for condition in conditions {
        let [kind, status, reason] = ["type", "status", "reason"].map(|f| condition.text(f));
        w.put(1, &format!("{kind} \t{status}\t{reason}\n"));
    }
}

/// The old ReplicaSets, scaled to zero or not, and the new one; nothing where there is none at all.
fn replica_sets(w: &mut Writer, api: &mut dyn Api, deployment: &Value) {
    let namespace = deployment.text("metadata.namespace");
    let options = ListOptions {
        label_selector: label_selector(deployment.at("spec.selector")),
        ..ListOptions::default()
    };
    let Ok(mut owned) = api.list(Resource::ReplicaSets, Some(namespace), &options) else { return };
    let uid = deployment.text("metadata.uid");
    owned.retain(|set| controller_of(set).is_some_and(|owner| owner.text("uid") == uid));
    if owned.is_empty() {
        return;
    }
    order::sort_by_key(&mut owned, |set| {
        let created = parse_time(set.text("metadata.creationTimestamp"));
        (created, set.text("metadata.name").to_owned())
    });
    let template = without_hash(deployment);
    let new = owned.iter().position(|set| without_hash(set) == template);
    let new = new.map(|index| owned.remove(index));
    w.field(0, "OldReplicaSets", names(&owned));
    w.field(0, "NewReplicaSet", names(new.as_slice()));
}

fn names(sets: &[Value]) -> String {
    let texts: Vec<String> = sets
        .iter()
        .map(|set| {
            let (current, desired) = (set.int("status.replicas"), set.int("spec.replicas"));
            format!("{} ({current}/{desired} replicas created)", set.text("metadata.name"))
        })
        .collect();
    or(&texts.join(", "), "<none>").to_owned()
}

/// The pod template as far as it decides which ReplicaSet is the new one.
fn without_hash(owner: &Value) -> Option<Value> {
    let mut template = owner.at("spec.template")?.clone();
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove("pod-template-hash");
    }
    Some(template)
}
