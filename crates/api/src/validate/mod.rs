//! Whether an object is valid, and what the API server says if not.
//!
//! Models pkg/apis/{core,apps,autoscaling}/validation of Kubernetes, in the same order and words.
//! Maps are walked by key, where upstream's order is chance.

mod affinity;
mod container;
mod env;
mod meta;
mod mount;
pub mod names;
mod other;
mod path;
mod probe;
mod security;
mod service;
mod template;
mod volume;
mod warnings;
mod workload;

use path::{Errors, Path};

use crate::status::Cause;
use crate::{Resource, Value};

/// Checks a decoded, defaulted object, against the stored one if it is an update.
/// The causes come in the server's order; none means valid.
pub fn validate(resource: Resource, new: &Value, old: Option<&Value>) -> Vec<Cause> {
    let mut errors = Errors::default();
    match old {
        Some(old) => meta::object_meta_update(&mut errors, new, old),
        None => meta::object_meta(&mut errors, resource, new),
    }
    match resource {
        Resource::Deployments => workload::deployment(&mut errors, new, old),
        Resource::ReplicaSets => workload::replica_set(&mut errors, new, old),
        Resource::DaemonSets | Resource::StatefulSets => {
            workload::other(&mut errors, new, old);
        }
        Resource::Pods => pod(&mut errors, new, old),
        Resource::Services => service::service(&mut errors, new, old),
        Resource::ConfigMaps => other::config_map(&mut errors, new, old),
        Resource::Secrets => other::secret(&mut errors, new, old),
        Resource::ResourceQuotas => other::resource_quota(&mut errors, new),
        Resource::HorizontalPodAutoscalers => other::horizontal_pod_autoscaler(&mut errors, new),
        Resource::Endpoints
        | Resource::EndpointSlices
        | Resource::Events
        | Resource::Nodes
        | Resource::Namespaces => {}
    }
    errors.0
}

/// What the server accepts with a warning: texts for `Warning: …`.
pub fn warnings(resource: Resource, new: &Value, old: Option<&Value>) -> Vec<String> {
    warnings::warnings(resource, new, old)
}

fn pod(errors: &mut Errors, new: &Value, old: Option<&Value>) {
    template::pod_annotations(
        errors,
        &Path::root("metadata").child("annotations"),
        &new["metadata"],
    );
    template::pod_spec(errors, &Path::root("spec"), &new["spec"], true);
    if let Some(old) = old {
        pod_update(errors, new, old);
    }
}

/// Of a pod that exists little may change. Models the last part of `ValidatePodUpdate`; the diff
/// that upstream appends is left out.
fn pod_update(errors: &mut Errors, new: &Value, old: &Value) {
    let mut munged = new["spec"].clone();
    for list in ["containers", "initContainers"] {
        let before = path::list(&old["spec"], list);
        for (at, container) in
            munged.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().enumerate()
        {
            if let Some(image) = before.get(at).and_then(|container| container.get("image")) {
                container["image"] = image.clone();
            }
        }
    }
    for field in ["activeDeadlineSeconds", "tolerations", "nodeName"] {
        match old["spec"].get(field) {
            Some(value) => munged[field] = value.clone(),
            None => {
                munged.as_object_mut().map(|spec| spec.remove(field));
            }
        }
    }
    if munged != old["spec"] {
        errors.forbidden(
            &Path::root("spec"),
            "pod updates may not change fields other than \
             `spec.containers[*].image`,`spec.initContainers[*].image`,\
             `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing \
             tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was \
             previously negative)\n",
        );
    }
}
