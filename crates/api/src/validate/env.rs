//! Environment variables and where their values come from.

use serde_json::Value;

use super::names;
use super::path::{Errors, Path, has, list, text};
use crate::order;
use crate::quantity::{Quantity, wire_text};

pub(super) fn env(errors: &mut Errors, path: &Path<'_>, vars: &[Value]) {
    for (at, var) in vars.iter().enumerate() {
        let path = path.index(at);
        let name = text(var, "name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else {
            errors.invalid_each(&path.child("name"), name, names::env_var_name(name));
        }
        if has(var, "valueFrom") {
            value_from(errors, &path.child("valueFrom"), var);
        }
    }
}

const ENV_FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

fn value_from(errors: &mut Errors, path: &Path<'_>, var: &Value) {
    let source = &var["valueFrom"];
    let mut count = 0;
    if has(source, "fieldRef") {
        count += 1;
        let reference = &source["fieldRef"];
        field_selector(errors, &path.child("fieldRef"), reference, &ENV_FIELDS);
    }
    if has(source, "resourceFieldRef") {
        count += 1;
        let reference = &source["resourceFieldRef"];
        resource_field_selector(errors, &path.child("resourceFieldRef"), reference, false);
    }
    for field in ["configMapKeyRef", "secretKeyRef"] {
        if has(source, field) {
            count += 1;
            key_selector(errors, &path.child(field), &source[field]);
        }
    }
    if has(source, "fileKeyRef") {
        count += 1;
        file_key_selector(errors, &path.child("fileKeyRef"), &source["fileKeyRef"]);
    }
    if count == 0 {
        errors.invalid(
            path,
            "",
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, \
             `secretKeyRef` or `fileKeyRef`",
        );
    } else if !text(var, "value").is_empty() {
        errors.invalid(path, "", "may not be specified when `value` is not empty");
    } else if count > 1 {
        errors.invalid(path, "", "may not have more than one field specified at a time");
    }
}

/// A reference to a field of the pod. Models `validateObjectFieldSelector`.
pub(super) fn field_selector(
    errors: &mut Errors,
    path: &Path<'_>,
    reference: &Value,
    allowed: &[&str],
) {
    const KNOWN: [&str; 15] = [
        "metadata.annotations",
        "metadata.labels",
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.serviceAccountName",
        "spec.schedulerName",
        "status.phase",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
        "spec.host",
    ];
    if text(reference, "apiVersion").is_empty() {
        return errors.required(&path.child("apiVersion"), "");
    }
    let field = text(reference, "fieldPath");
    let field_path = path.child("fieldPath");
    if field.is_empty() {
        return errors.required(&field_path, "");
    }
    let version = text(reference, "apiVersion");
    if version != "v1" {
        let detail = format!("error converting fieldPath: unsupported pod version: {version}");
        return errors.invalid(&field_path, field, &detail);
    }
    let subscripted = field.strip_suffix("']").and_then(|rest| rest.split_once("['"));
    if let Some((base, key)) = subscripted {
        match base {
            "metadata.annotations" => {
                let key = key.to_lowercase();
                errors.invalid_each(path, &key, names::label_key(&key));
            }
            "metadata.labels" => errors.invalid_each(path, key, names::label_key(key)),
            base if KNOWN.contains(&base) => {
                let detail = "error converting fieldPath: field label does not support subscript";
                errors.invalid(&field_path, field, detail);
            }
            base => {
                let detail =
                    format!("error converting fieldPath: field label not supported: {base}");
                errors.invalid(&field_path, field, &detail);
            }
        }
        return;
    }
    if !KNOWN.contains(&field) {
        let detail = format!("error converting fieldPath: field label not supported: {field}");
        return errors.invalid(&field_path, field, &detail);
    }
    let field = if field == "spec.host" { "spec.nodeName" } else { field };
    if !allowed.contains(&field) {
        let mut allowed = allowed.to_vec();
        order::sort(&mut allowed);
        let value = crate::gojson::quote(field);
        errors.not_supported_raw(&field_path, &value, &allowed);
    }
}

const CONTAINER_RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

/// A reference to a container's resources. In volumes it must name the container.
pub(super) fn resource_field_selector(
    errors: &mut Errors,
    path: &Path<'_>,
    reference: &Value,
    volume: bool,
) {
    let resource = text(reference, "resource");
    let huge =
        resource.starts_with("requests.hugepages-") || resource.starts_with("limits.hugepages-");
    if volume && text(reference, "containerName").is_empty() {
        errors.required(&path.child("containerName"), "");
    } else if resource.is_empty() {
        errors.required(&path.child("resource"), "");
    } else if !CONTAINER_RESOURCES.contains(&resource) && !huge {
        let value = crate::gojson::quote(resource);
        errors.not_supported_raw(&path.child("resource"), &value, &CONTAINER_RESOURCES);
    }
    divisor(errors, &path.child("divisor"), reference);
}

fn divisor(errors: &mut Errors, path: &Path<'_>, reference: &Value) {
    const SIZES: [&str; 13] =
        ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    let text_of = wire_text(&reference["divisor"]);
    let Ok(divisor) = Quantity::parse(&text_of) else { return };
    if divisor.is_zero() {
        return;
    }
    let resource = text(reference, "resource");
    let Some((_, kind)) = resource.split_once('.') else { return };
    let divisor = divisor.canonical();
    let size = |name: &str| {
        format!("only divisor's values {} are supported with the {name} resource", SIZES.join(", "))
    };
    let (allowed, detail): (&[&str], String) = match kind {
        "cpu" => (
            &["1m", "1"],
            "only divisor's values 1m and 1 are supported with the cpu resource".to_owned(),
        ),
        "memory" => (&SIZES, size("memory")),
        "ephemeral-storage" => (&SIZES, size("local ephemeral storage")),
        kind if kind.starts_with("hugepages-") => (&SIZES, size("hugepages")),
        _ => return,
    };
    if !allowed.contains(&divisor.as_str()) {
        errors.invalid(path, resource, &detail);
    }
}

fn key_selector(errors: &mut Errors, path: &Path<'_>, reference: &Value) {
    let (name, key) = (text(reference, "name"), text(reference, "key"));
    errors.invalid_each(&path.child("name"), name, names::dns1123_subdomain(name));
    if key.is_empty() {
        errors.required(&path.child("key"), "");
    } else {
        errors.invalid_each(&path.child("key"), key, names::config_map_key(key));
    }
}

fn file_key_selector(errors: &mut Errors, path: &Path<'_>, reference: &Value) {
    for field in ["key", "volumeName", "path"] {
        if text(reference, field).is_empty() {
            errors.required(&path.child(field), "");
        }
    }
}

pub(super) fn env_from(errors: &mut Errors, path: &Path<'_>, sources: &[Value]) {
    for (at, source) in sources.iter().enumerate() {
        let item = path.index(at);
        let prefix = text(source, "prefix");
        if !prefix.is_empty() {
            errors.invalid_each(&item.child("prefix"), prefix, names::env_var_name(prefix));
        }
        let mut count = 0;
        for field in ["configMapRef", "secretRef"] {
            if has(source, field) {
                count += 1;
                named_reference(errors, &item.child(field), &source[field]);
            }
        }
        // Upstream reports both of these at the list, not at the element.
        if count == 0 {
            errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
        } else if count > 1 {
            errors.invalid(path, "", "may not have more than one field specified at a time");
        }
    }
}

fn named_reference(errors: &mut Errors, path: &Path<'_>, reference: &Value) {
    let name = text(reference, "name");
    if name.is_empty() {
        errors.required(&path.child("name"), "");
    } else {
        // A trailing dash is let through, as in a prefix.
        let masked = match name.strip_suffix('-') {
            Some(rest) if !rest.is_empty() => format!("{rest}a"),
            _ => name.to_owned(),
        };
        errors.invalid_each(&path.child("name"), name, names::dns1123_subdomain(&masked));
    }
}

/// The fields a file of a downward volume may hold.
pub(super) const VOLUME_FIELDS: [&str; 5] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
];

/// Items of a list of keys and paths.
pub(super) fn items(holder: &Value) -> impl Iterator<Item = (usize, &Value)> {
    list(holder, "items").iter().enumerate()
}
