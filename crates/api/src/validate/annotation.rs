//! Annotations of pods and templates that mean something to Kubernetes.
//!
//! Models `ValidatePodSpecificAnnotations` and `validateSeccompAnnotationsAndFields` of
//! pkg/apis/core/validation/validation.go.

use serde_json::Value;

use super::path::{Errors, Path, entries, list, text};
use super::volume::local_descending_path;

const MIRROR: &str = "kubernetes.io/config.mirror";
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

pub(super) fn pod(errors: &mut Errors, path: &Path<'_>, metadata: &Value, spec: &Value) {
    let annotations = || {
        let all = entries(metadata, "annotations");
        all.map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()))
    };
    let find = |name: &str| annotations().find(|(key, _)| *key == name).map(|(_, value)| value);
    if let Some(value) = find(MIRROR).filter(|_| text(spec, "nodeName").is_empty()) {
        let detail = "must set spec.nodeName if mirror pod annotation is set";
        errors.invalid(&path.key(MIRROR), value, detail);
    }
    if let Some(value) = find(DELETION_COST) {
        let canonical = value.parse::<i32>().is_ok_and(|cost| cost.to_string() == value);
        if !canonical {
            errors.invalid(&path.key(DELETION_COST), value, "must be a 32bit integer");
        }
    }
    if let Some(value) = find(SECCOMP_POD) {
        seccomp_profile(errors, &path.child(SECCOMP_POD), value);
    }
    for (key, value) in annotations().filter(|(key, _)| key.starts_with(SECCOMP_CONTAINER)) {
        seccomp_profile(errors, &path.child(key), value);
    }
    for (key, value) in annotations() {
        let Some(container) = key.strip_prefix(APP_ARMOR) else { continue };
        if !containers(spec).any(|(_, _, known)| text(known, "name") == container) {
            errors.invalid(&path.key(key), container, "container not found");
        }
        let known = matches!(value, "" | "runtime/default" | "unconfined");
        if !known && !value.starts_with("localhost/") {
            let detail = format!("invalid AppArmor profile name: {}", crate::gojson::quote(value));
            errors.invalid(&path.key(key), value, &detail);
        }
    }
}

/// All containers of a pod: the list, the place in it, the container.
fn containers(spec: &Value) -> impl Iterator<Item = (&'static str, usize, &Value)> {
    let lists = ["initContainers", "containers", "ephemeralContainers"];
    lists.into_iter().flat_map(move |field| {
        list(spec, field).iter().enumerate().map(move |(at, container)| (field, at, container))
    })
}

fn seccomp_profile(errors: &mut Errors, path: &Path<'_>, profile: &str) {
    match profile {
        "runtime/default" | "docker/default" | "unconfined" => {}
        profile => match profile.strip_prefix("localhost/") {
            Some(file) => local_descending_path(errors, path, file),
            None => errors.invalid(path, profile, "must be a valid seccomp profile"),
        },
    }
}

/// Where a profile is told twice, by annotation and by field, both say the same.
pub(super) fn seccomp_fields(errors: &mut Errors, path: &Path<'_>, metadata: &Value, spec: &Value) {
    let annotation = |key: &str| metadata["annotations"].get(key).and_then(Value::as_str);
    let security = path.child("securityContext");
    if let Some(said) = annotation(SECCOMP_POD) {
        let profile = &spec["securityContext"]["seccompProfile"];
        seccomp_match(errors, &security.child("seccompProfile"), said, profile);
    }
    for (field, at, container) in containers(spec) {
        let name = text(container, "name");
        let Some(said) = annotation(&format!("{SECCOMP_CONTAINER}{name}")) else { continue };
        let profile = &container["securityContext"]["seccompProfile"];
        let (list, security) = (path.child(field), "securityContext");
        let container = list.index(at);
        let security = container.child(security);
        seccomp_match(errors, &security.child("seccompProfile"), said, profile);
    }
}

fn seccomp_match(errors: &mut Errors, path: &Path<'_>, said: &str, profile: &Value) {
    let same = match text(profile, "type") {
        "Unconfined" => said == "unconfined",
        "RuntimeDefault" => matches!(said, "runtime/default" | "docker/default"),
        "Localhost" => match said.strip_prefix("localhost/") {
            Some(file) => {
                if file != text(profile, "localhostProfile") {
                    let detail = "seccomp profile in annotation and field must match";
                    errors.forbidden(&path.child("localhostProfile"), detail);
                }
                true
            }
            None => false,
        },
        _ => true,
    };
    if !same {
        let detail = "seccomp type in annotation and field must match";
        errors.forbidden(&path.child("type"), detail);
    }
}
