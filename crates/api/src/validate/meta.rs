//! Object metadata, labels and selectors.
//!
//! Models k8s.io/apimachinery/pkg/api/validation/objectmeta.go and
//! pkg/apis/meta/v1/validation/validation.go.

use serde_json::Value;

use super::names;
use super::path::{Errors, Path, entries, has, list, number, text};
use crate::Resource;
use crate::order;

/// The most bytes that keys and values of annotations may have together.
const ANNOTATIONS_SIZE_MAX: usize = 256 * 1024;

fn name_errors(resource: Resource, name: &str, prefix: bool) -> Vec<String> {
    // A prefix is completed, so it may end in a dash.
    let masked = if prefix && name.len() > 1 && name.ends_with('-') {
        format!("{}a", &name[..name.len() - 1])
    } else {
        name.to_owned()
    };
    match resource {
        // Services may start with a digit since RelaxedServiceNameValidation is on by default.
        Resource::Services | Resource::Namespaces => names::dns1123_label(&masked),
        _ => names::dns1123_subdomain(&masked),
    }
}

pub(super) fn object_meta(errors: &mut Errors, resource: Resource, object: &Value) {
    let path = Path::root("metadata");
    let meta = &object["metadata"];
    let (name, prefix) = (text(meta, "name"), text(meta, "generateName"));
    if !prefix.is_empty() {
        let found = name_errors(resource, prefix, true);
        errors.invalid_each(&path.child("generateName"), prefix, found);
    }
    if name.is_empty() {
        errors.required(&path.child("name"), "name or generateName is required");
    } else {
        errors.invalid_each(&path.child("name"), name, name_errors(resource, name, false));
    }
    let namespace = text(meta, "namespace");
    if resource.namespaced() {
        // The server fills in the namespace of the request before it validates.
        if !namespace.is_empty() {
            let found = names::dns1123_label(namespace);
            errors.invalid_each(&path.child("namespace"), namespace, found);
        }
    } else if !namespace.is_empty() {
        errors.forbidden(&path.child("namespace"), "not allowed on this type");
    }
    errors.non_negative(&path.child("generation"), number(meta, "generation").unwrap_or_default());
    common(errors, &path, meta);
    if resource != Resource::Namespaces {
        kube_finalizers(errors, &path, meta);
    }
}

fn common(errors: &mut Errors, path: &Path<'_>, meta: &Value) {
    labels(errors, &path.child("labels"), meta, "labels");
    annotations(errors, &path.child("annotations"), meta);
    owner_references(errors, &path.child("ownerReferences"), list(meta, "ownerReferences"));
    finalizers(errors, &path.child("finalizers"), meta);
}

/// What an update may not change. Models `ValidateObjectMetaAccessorUpdate`.
pub(super) fn object_meta_update(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::root("metadata");
    let (new, old) = (&new["metadata"], &old["metadata"]);
    if has(old, "deletionTimestamp") {
        let before = list(old, "finalizers");
        let mut extra: Vec<&str> = list(new, "finalizers")
            .iter()
            .filter(|name| !before.contains(name))
            .filter_map(Value::as_str)
            .collect();
        order::sort(&mut extra);
        if !extra.is_empty() {
            let extra: Vec<String> = extra.into_iter().map(crate::gojson::quote).collect();
            let extra = extra.join(", ");
            errors.forbidden(
                &path.child("finalizers"),
                &format!(
                    "no new finalizers can be added if the object is being deleted, found new \
                     finalizers []string{{{extra}}}"
                ),
            );
        }
    }
    if text(new, "resourceVersion").is_empty() && has(old, "resourceVersion") {
        errors.invalid(&path.child("resourceVersion"), "", "must be specified for an update");
    }
    let generation = number(new, "generation").unwrap_or_default();
    if generation < number(old, "generation").unwrap_or_default() {
        errors.invalid_number(&path.child("generation"), generation, "must not be decremented");
    }
    for field in ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp"] {
        immutable(errors, &path.child(field), new, old, field);
    }
    immutable(
        errors,
        &path.child("deletionGracePeriodSeconds"),
        new,
        old,
        "deletionGracePeriodSeconds",
    );
    common(errors, &path, new);
    kube_finalizers(errors, &path, new);
}

fn immutable(errors: &mut Errors, path: &Path<'_>, new: &Value, old: &Value, field: &str) {
    let (new, old) = (new.get(field), old.get(field));
    if new.unwrap_or(&Value::Null) != old.unwrap_or(&Value::Null) {
        let text = match new {
            Some(value) => crate::gojson::to_string(value),
            None if matches!(field, "name" | "namespace" | "uid") => "\"\"".to_owned(),
            None => "null".to_owned(),
        };
        errors.invalid_raw(path, &text, "field is immutable");
    }
}

pub(super) fn labels(errors: &mut Errors, path: &Path<'_>, holder: &Value, field: &str) {
    for (key, value) in entries(holder, field) {
        errors.invalid_each(path, key, names::label_key(key));
        let value = value.as_str().unwrap_or_default();
        errors.invalid_each(path, value, names::label_value(value));
    }
}

pub(super) fn annotations(errors: &mut Errors, path: &Path<'_>, meta: &Value) {
    let mut size = 0;
    for (key, value) in entries(meta, "annotations") {
        errors.invalid_each(path, key, names::label_key(&key.to_lowercase()));
        size += key.len() + value.as_str().unwrap_or_default().len();
    }
    if size > ANNOTATIONS_SIZE_MAX {
        errors.too_long(path, ANNOTATIONS_SIZE_MAX);
    }
}

fn owner_references(errors: &mut Errors, path: &Path<'_>, owners: &[Value]) {
    let mut controller: Option<String> = None;
    for owner in owners {
        if text(owner, "apiVersion").is_empty() {
            errors.invalid(&path.child("apiVersion"), "", "version must not be empty");
        }
        for field in ["kind", "name", "uid"] {
            if text(owner, field).is_empty() {
                errors.invalid(&path.child(field), "", "must not be empty");
            }
        }
        if owner["controller"] == Value::Bool(true) {
            let this = format!("{}/{}", text(owner, "kind"), text(owner, "name"));
            match &controller {
                Some(first) => {
                    let detail = format!(
                        "Only one reference can have Controller set to true. Found \"true\" in \
                         references for {first} and {this}"
                    );
                    let owners = Value::from(owners);
                    errors.invalid_typed(path, "[]v1.OwnerReference", &owners, &detail);
                }
                None => controller = Some(this),
            }
        }
    }
}

fn finalizers(errors: &mut Errors, path: &Path<'_>, meta: &Value) {
    let finalizers = list(meta, "finalizers");
    for name in finalizers.iter().filter_map(Value::as_str) {
        errors.invalid_each(path, name, names::label_key(name));
    }
    let named = |name: &str| finalizers.iter().any(|finalizer| finalizer == name);
    if named("orphan") && named("foregroundDeletion") {
        errors.invalid_raw(
            path,
            &crate::gojson::to_string(&Value::from(finalizers)),
            "finalizer orphan and foregroundDeletion cannot be both set",
        );
    }
}

fn kube_finalizers(errors: &mut Errors, path: &Path<'_>, meta: &Value) {
    let path = path.child("finalizers");
    for (at, name) in list(meta, "finalizers").iter().filter_map(Value::as_str).enumerate() {
        if !name.contains('/') && !matches!(name, "kubernetes" | "orphan" | "foregroundDeletion") {
            errors.invalid(
                &path.index(at),
                name,
                "name is neither a standard finalizer name nor is it fully qualified",
            );
        }
    }
}

/// A label selector. Models `ValidateLabelSelector`.
pub(super) fn label_selector(errors: &mut Errors, path: &Path<'_>, selector: &Value) {
    labels(errors, &path.child("matchLabels"), selector, "matchLabels");
    let expressions = path.child("matchExpressions");
    for (at, expression) in list(selector, "matchExpressions").iter().enumerate() {
        let path = expressions.index(at);
        let values = list(expression, "values");
        match text(expression, "operator") {
            "In" | "NotIn" if values.is_empty() => errors.required(
                &path.child("values"),
                "must be specified when `operator` is 'In' or 'NotIn'",
            ),
            "Exists" | "DoesNotExist" if !values.is_empty() => errors.forbidden(
                &path.child("values"),
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            operator => {
                errors.invalid(&path.child("operator"), operator, "not a valid selector operator");
            }
        }
        let key = text(expression, "key");
        errors.invalid_each(&path.child("key"), key, names::label_key(key));
        for (at, value) in values.iter().filter_map(Value::as_str).enumerate() {
            errors.invalid_each(&path.child("values").index(at), value, names::label_value(value));
        }
    }
}

/// Whether a label selector can be turned into a selector: a second, stricter check that upstream
/// makes of Deployments and ReplicaSets. Models `LabelSelectorAsSelector`.
pub(super) fn is_selector(selector: &Value) -> bool {
    let key_ok = |key: &str| names::label_key(key).is_empty();
    let value_ok = |value: &str| names::label_value(value).is_empty();
    let labels_ok = entries(selector, "matchLabels")
        .all(|(key, value)| key_ok(key) && value_ok(value.as_str().unwrap_or_default()));
    labels_ok
        && list(selector, "matchExpressions").iter().all(|expression| {
            let values = list(expression, "values");
            let count_ok = match text(expression, "operator") {
                "In" | "NotIn" => !values.is_empty(),
                "Exists" | "DoesNotExist" => values.is_empty(),
                _ => false,
            };
            count_ok
                && key_ok(text(expression, "key"))
                && values.iter().all(|value| value_ok(value.as_str().unwrap_or_default()))
        })
}
