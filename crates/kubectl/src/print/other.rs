//! Rows of Namespaces, ConfigMaps, Secrets and ResourceQuotas, as the server's printers make them.

use rollscope_api::{SimTime, Value};

use super::Cells;
use crate::duration::age;
use crate::value::{Peek, plain};

pub(super) const NAMESPACE_COLUMNS: &[&str] = &["Name", "Status", "Age"];
pub(super) const CONFIG_MAP_COLUMNS: &[&str] = &["Name", "Data", "Age"];
pub(super) const SECRET_COLUMNS: &[&str] = &["Name", "Type", "Data", "Age"];
pub(super) const QUOTA_COLUMNS: &[&str] = &["Name", "Request", "Limit", "Age"];

pub(super) fn namespace(object: &Value, now: SimTime) -> Cells {
    vec![name(object), object.text("status.phase").to_owned(), created(object, now)]
}

pub(super) fn config_map(object: &Value, now: SimTime) -> Cells {
    let data = count(object, "data") + count(object, "binaryData");
    vec![name(object), data.to_string(), created(object, now)]
}

pub(super) fn secret(object: &Value, now: SimTime) -> Cells {
    let data = count(object, "data").to_string();
    vec![name(object), object.text("type").to_owned(), data, created(object, now)]
}

/// Requests and counts in one cell, limits in the other, each as `NAME: USED/HARD`.
pub(super) fn quota(object: &Value, now: SimTime) -> Cells {
    let used = object.fields("status.used");
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    for (resource, hard) in object.fields("status.hard").into_iter().flatten() {
        let used = used.and_then(|used| used.get(resource)).map_or("0".into(), plain);
        let text = format!("{resource}: {used}/{}", plain(hard));
        if resource.starts_with("limits.") { &mut limits } else { &mut requests }.push(text);
    }
    vec![name(object), requests.join(", "), limits.join(", "), created(object, now)]
}

fn name(object: &Value) -> String {
    object.text("metadata.name").to_owned()
}

fn created(object: &Value, now: SimTime) -> String {
    age(object.at("metadata.creationTimestamp"), now)
}

fn count(object: &Value, field: &str) -> usize {
    object.fields(field).map_or(0, |fields| fields.len())
}
