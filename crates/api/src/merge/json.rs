//! JSON merge patch, RFC 7386.

use serde_json::{Map, Value};

/// Applies a merge patch: maps merge, null removes, everything else replaces.
pub fn json_merge(target: &Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut merged = target.as_object().cloned().unwrap_or_else(Map::new);
    for (key, value) in patch {
        if value.is_null() {
            merged.remove(key);
        } else {
            let old = merged.get(key).unwrap_or(&Value::Null);
            let new = json_merge(old, value);
            merged.insert(key.clone(), new);
        }
    }
    Value::Object(merged)
}
