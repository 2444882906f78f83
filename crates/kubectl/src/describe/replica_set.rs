//! ReplicaSets. Models `describeReplicaSet` and `getPodStatusForController`.

use rollscope_api::{Api, ListOptions, Resource, Status, Value};

use super::writer::Writer;
use super::{deployment, template};
use crate::value::{Peek, controller_of, format_label_selector, label_selector};

pub(super) fn write(w: &mut Writer, api: &mut dyn Api, set: &Value) {
    w.field(0, "Name", set.text("metadata.name"));
    w.field(0, "Namespace", set.text("metadata.namespace"));
    w.field(0, "Selector", format_label_selector(set.at("spec.selector")));
    w.labels("Labels", set.fields("metadata.labels"));
    w.annotations("Annotations", set.fields("metadata.annotations"));
    if let Some(owner) = controller_of(set) {
        w.field(0, "Controlled By", format!("{}/{}", owner.text("kind"), owner.text("name")));
    }
    let (current, desired) = (set.int("status.replicas"), set.int("spec.replicas"));
    w.field(0, "Replicas", format!("{current} current / {desired} desired"));
    match pods_by_phase(api, set) {
        Ok([running, pending, succeeded, failed]) => w.field(
            0,
            "Pods Status",
            format!(
                "{running} Running / {pending} Waiting / {succeeded} Succeeded / {failed} Failed"
            ),
        ),
        Err(status) => {
            w.field(0, "Pods Status", format!("error in fetching pods: {}", status.message));
        }
    }
    template::write(w, set.at("spec.template").unwrap_or(&Value::Null));
    deployment::conditions(w, set);
}

/// How many of its pods are running, pending, succeeded and failed.
fn pods_by_phase(api: &mut dyn Api, set: &Value) -> Result<[usize; 4], Status> {
    let options = ListOptions {
        label_selector: label_selector(set.at("spec.selector")),
        ..ListOptions::default()
    };
    let pods = api.list(Resource::Pods, Some(set.text("metadata.namespace")), &options)?;
    let uid = set.text("metadata.uid");
    let owned = |pod: &&Value| controller_of(pod).is_some_and(|owner| owner.text("uid") == uid);
    let phases: Vec<&str> = pods.iter().filter(owned).map(|pod| pod.text("status.phase")).collect();
    Ok(["Running", "Pending", "Succeeded", "Failed"]
        .map(|phase| phases.iter().filter(|found| **found == phase).count()))
}
