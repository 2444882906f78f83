//! ConfigMaps, Secrets and autoscalers.

use serde_json::Value;

use super::names;
use super::path::{Errors, Path, entries, flag, has, list, number, text};

/// The most bytes a ConfigMap or Secret may hold.
const DATA_SIZE_MAX: usize = 1024 * 1024;

pub(super) fn config_map(errors: &mut Errors, new: &Value, old: Option<&Value>) {
    immutable_data(errors, new, old, &["data", "binaryData"]);
    let mut size = 0;
    for field in ["data", "binaryData"] {
        let path = Path::root(field);
        for (key, value) in entries(new, field) {
            errors.invalid_each(&path.key(key), key, names::config_map_key(key));
            if field == "data" && new["binaryData"].get(key).is_some() {
                errors.invalid(&path.key(key), key, "duplicate of key present in binaryData");
            }
            size += value.as_str().unwrap_or_default().len();
        }
    }
    if size > DATA_SIZE_MAX {
        errors.too_long(&Path::root(""), DATA_SIZE_MAX);
    }
}

pub(super) fn secret(errors: &mut Errors, new: &Value, old: Option<&Value>) {
    if let Some(old) = old
        && text(old, "type") != text(new, "type")
    {
        errors.invalid(&Path::root("type"), text(new, "type"), "field is immutable");
    }
    immutable_data(errors, new, old, &["data"]);
    let path = Path::root("data");
    let mut size = 0;
    for (key, value) in entries(new, "data") {
        errors.invalid_each(&path.key(key), key, names::config_map_key(key));
        size += value.as_str().unwrap_or_default().len() * 3 / 4;
    }
    if size > DATA_SIZE_MAX {
        errors.too_long(&path, DATA_SIZE_MAX);
    }
    let needed: &[&str] = match text(new, "type") {
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/basic-auth"
            if new["data"].get("username").is_none() && new["data"].get("password").is_none() =>
        {
            &["username", "password"]
        }
        _ => &[],
    };
    for key in needed {
        if new["data"].get(key).is_none() {
            errors.required(&path.key(key), "");
        }
    }
}

fn immutable_data(errors: &mut Errors, new: &Value, old: Option<&Value>, fields: &[&str]) {
    let Some(old) = old.filter(|old| flag(old, "immutable")) else { return };
    let detail = "field is immutable when `immutable` is set";
    if !flag(new, "immutable") {
        errors.forbidden(&Path::root("immutable"), detail);
    }
    for field in fields {
        if new.get(field) != old.get(field) {
            errors.forbidden(&Path::root(field), detail);
        }
    }
}

pub(super) fn horizontal_pod_autoscaler(errors: &mut Errors, new: &Value) {
    let spec = &new["spec"];
    let path = Path::root("spec");
    let (min, max) = (number(spec, "minReplicas"), number(spec, "maxReplicas").unwrap_or_default());
    if let Some(min) = min.filter(|min| *min < 1) {
        let detail = "must be greater than or equal to 1";
        errors.invalid_number(&path.child("minReplicas"), min, detail);
    }
    if max < 1 {
        errors.invalid_number(&path.child("maxReplicas"), max, "must be greater than 0");
    }
    if min.is_some_and(|min| max < min) {
        let detail = "must be greater than or equal to `minReplicas`";
        errors.invalid_number(&path.child("maxReplicas"), max, detail);
    }
    let target = path.child("scaleTargetRef");
    for field in ["kind", "name"] {
        let value = text(&spec["scaleTargetRef"], field);
        if value.is_empty() {
            errors.required(&target.child(field), "");
        } else {
            path_segment(errors, &target.child(field), value);
        }
    }
    let metrics = path.child("metrics");
    for (at, metric) in list(spec, "metrics").iter().enumerate() {
        metric_spec(errors, &metrics.index(at), metric);
    }
}

/// Names that are parts of URLs. Models `IsValidPathSegmentName`.
fn path_segment(errors: &mut Errors, path: &Path<'_>, value: &str) {
    if matches!(value, "." | "..") {
        errors.invalid(path, value, &format!("may not be '{value}'"));
    }
    for part in ["/", "%"] {
        if value.contains(part) {
            errors.invalid(path, value, &format!("may not contain '{part}'"));
        }
    }
}

fn metric_spec(errors: &mut Errors, path: &Path<'_>, metric: &Value) {
    const TYPES: [&str; 5] = ["ContainerResource", "External", "Object", "Pods", "Resource"];
    let type_ = text(metric, "type");
    let type_path = path.child("type");
    if type_.is_empty() {
        errors.required(&type_path, "must specify a metric source type");
    }
    if !TYPES.contains(&type_) {
        errors.not_supported(&type_path, type_, &TYPES);
        return;
    }
    let mut field = type_.to_owned();
    field[..1].make_ascii_lowercase();
    if !has(metric, &field) {
        let detail = "must populate information for the given metric source";
        errors.required(&path.child(&field), detail);
        return;
    }
    let source_path = path.child(&field);
    let target_path = source_path.child("target");
    let target = &metric[&field]["target"];
    match text(target, "type") {
        "Utilization" | "Value" | "AverageValue" => {}
        "" => errors.required(&target_path.child("type"), "must specify a metric target type"),
        other => {
            errors.invalid(
                &target_path.child("type"),
                other,
                "must be either Utilization, Value, or AverageValue",
            );
        }
    }
    if let Some(utilization) = number(target, "averageUtilization").filter(|value| *value < 1) {
        errors.invalid_number(
            &target_path.child("averageUtilization"),
            utilization,
            "must be greater than 0",
        );
    }
}
