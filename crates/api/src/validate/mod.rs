//! Whether an object is valid, and what the API server says if not.
//!
//! Models pkg/apis/{core,apps,autoscaling}/validation of Kubernetes, in the same order and words.
//! Maps are walked by key, where upstream's order is chance.

mod affinity;
mod annotation;
mod container;
mod env;
mod meta;
mod mount;
pub mod names;
mod os;
mod other;
mod path;
mod pod_resource;
mod probe;
mod quota;
mod resource;
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
        Resource::ResourceQuotas => quota::resource_quota(&mut errors, new, old),
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
    let (spec, path) = (&new["spec"], Path::root("spec"));
    let annotations = Path::root("metadata");
    annotation::pod(errors, &annotations.child("annotations"), &new["metadata"], spec);
    template::pod_spec(errors, &path, spec, true);
    container::containers_only_for_pod(errors, &path, spec);
    match old {
        Some(old) => pod_update(errors, new, old),
        None => pod_create(errors, &path, new),
    }
}

/// What holds only at a pod's creation. Models `ValidatePodCreate`.
fn pod_create(errors: &mut Errors, path: &Path<'_>, new: &Value) {
    let spec = &new["spec"];
    if !path::list(spec, "ephemeralContainers").is_empty() {
        errors.forbidden(&path.child("ephemeralContainers"), "cannot be set on create");
    }
    let gated = !path::list(spec, "schedulingGates").is_empty();
    if gated && !path::text(spec, "nodeName").is_empty() {
        errors.forbidden(
            &path.child("nodeName"),
            "cannot be set until all schedulingGates have been cleared",
        );
    }
    annotation::seccomp_fields(errors, path, &new["metadata"], spec);
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
