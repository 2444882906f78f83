//! `get --subresource=scale`: the part of a workload that says how many pods it has.
//!
//! Models the scale of `pkg/registry/apps/deployment/storage/storage.go` and its table in
//! `pkg/printers/internalversion/printers.go`.

use rollscope_api::{SimTime, Value};
use serde_json::{Map, json};

use crate::duration::age;
use crate::kinds::Kind;
use crate::tabwriter::TabWriter;

/// Whether objects of the type have it.
pub(crate) fn scales(kind: &Kind) -> bool {
    matches!(kind.kind, "Deployment" | "ReplicaSet" | "StatefulSet" | "ReplicationController")
}

/// An object's `Scale`.
pub(crate) fn scale(object: &Value) -> Value {
    let mut metadata = Map::new();
    for key in ["creationTimestamp", "name", "namespace", "resourceVersion", "uid"] {
        if let Some(value) = object["metadata"].get(key) {
            metadata.insert(key.into(), value.clone());
        }
    }
    let replicas = |part: &str| object[part]["replicas"].as_i64().unwrap_or_default();
    let labels = object["spec"]["selector"]["matchLabels"].as_object();
    let selector: Vec<String> = labels
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    let mut scale = json!({
        "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": metadata, "spec": {},
        "status": {"replicas": replicas("status"), "selector": selector.join(",")},
    });
    if replicas("spec") != 0 {
        scale["spec"]["replicas"] = replicas("spec").into();
    }
    scale
}

/// The table of these.
pub(crate) fn table(scales: &[Value], no_headers: bool, now: SimTime) -> String {
    let mut rows = String::new();
    if !no_headers {
        rows.push_str("NAME\tDESIRED\tAVAILABLE\tAGE\n");
    }
    for scale in scales {
        let number = |part: &str| scale[part]["replicas"].as_i64().unwrap_or_default();
        rows.push_str(&format!(
            "{}\t{}\t{}\t{}\n",
            crate::info::name_of(scale),
            number("spec"),
            number("status"),
            age(scale["metadata"].get("creationTimestamp"), now)
        ));
    }
    TabWriter::remembering(6, 3).align(&rows)
}
