//! Resource quotas.
//!
//! Models `ValidateResourceQuotaSpec` of pkg/apis/core/validation/validation.go.

use serde_json::Value;

use super::path::{Errors, Path, entries, list};
use super::resource::{resource_name, resource_quantity};
use crate::gojson;
use crate::order;
use crate::quantity::{Quantity, wire_text};

/// What may be limited by a name without a domain: all that may be named so but `storage`, of
/// which only what is requested can be counted. Models `standardQuotaResources` beside
/// `standardResources`.
fn is_standard(name: &str) -> bool {
    super::resource::is_standard(name) && name != "storage"
}

pub(super) fn resource_quota(errors: &mut Errors, new: &Value, old: Option<&Value>) {
    let spec = &new["spec"];
    let path = Path::root("spec");
    let hard = path.child("hard");
    for (name, value) in entries(spec, "hard") {
        let path = hard.key(name);
        resource_name(errors, &path, name);
        if !name.contains('/') && !is_standard(name) {
            errors.invalid(&path, name, "must be a standard resource for quota");
        }
        if let Ok(quantity) = Quantity::parse(&wire_text(value)) {
            resource_quantity(errors, &path, name, &quantity);
        }
    }
    let path = path.child("scopes");
    scopes(errors, &path, spec);
    if let Some(old) = old {
        let sorted = |spec: &Value| {
            let mut names: Vec<String> =
                list(spec, "scopes").iter().filter_map(Value::as_str).map(str::to_owned).collect();
            order::sort(&mut names);
            names
        };
        if sorted(spec) != sorted(&old["spec"]) {
            errors.invalid_raw(&path, &gojson::to_string(&spec["scopes"]), "field is immutable");
        }
    }
}

fn scopes(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let scopes: Vec<&str> = list(spec, "scopes").iter().filter_map(Value::as_str).collect();
    let mut refuse = |detail| {
        errors.invalid_raw(path, &gojson::to_string(&spec["scopes"]), detail);
    };
    for scope in &scopes {
        let known = [
            "BestEffort",
            "CrossNamespacePodAffinity",
            "NotBestEffort",
            "NotTerminating",
            "PriorityClass",
            "Terminating",
            "VolumeAttributesClass",
        ];
        if !known.contains(scope) {
            refuse("unsupported scope");
        }
        for (name, _) in entries(spec, "hard") {
            if is_standard(name) && !applies(scope, name) {
                refuse("unsupported scope applied to resource");
            }
        }
    }
    for pair in [["BestEffort", "NotBestEffort"], ["NotTerminating", "Terminating"]] {
        if pair.iter().all(|scope| scopes.contains(scope)) {
            refuse("conflicting scopes");
        }
    }
}

/// Whether a quota on these objects can be narrowed by a scope.
/// Models `IsResourceQuotaScopeValidForResource`.
fn applies(scope: &str, name: &str) -> bool {
    match scope {
        "BestEffort" => name == "pods",
        "CrossNamespacePodAffinity"
        | "NotBestEffort"
        | "NotTerminating"
        | "PriorityClass"
        | "Terminating" => matches!(
            name,
            "pods"
                | "cpu"
                | "memory"
                | "limits.cpu"
                | "limits.memory"
                | "requests.cpu"
                | "requests.memory"
        ),
        "VolumeAttributesClass" => matches!(name, "persistentvolumeclaims" | "requests.storage"),
        _ => true,
    }
}
