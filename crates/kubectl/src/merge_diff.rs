//! The JSON merge patch (RFC 7386) between two states of an object.
//! Models `CreateMergePatch` of `gopkg.in/evanphx/json-patch.v4`.

use rollscope_api::Value;

/// What turns `before` into `after`; removed fields are null.
pub(crate) fn merge_patch(before: &Value, after: &Value) -> Value {
    let mut patch = serde_json::Map::new();
    let empty = serde_json::Map::new();
    let before = before.as_object().unwrap_or(&empty);
    let after = after.as_object().unwrap_or(&empty);
    for (key, new) in after {
        match before.get(key) {
            Some(old) if old == new => {}
            Some(old) if old.is_object() && new.is_object() => {
                patch.insert(key.clone(), merge_patch(old, new));
            }
            _ => {
                patch.insert(key.clone(), new.clone());
            }
        }
    }
    for key in before.keys().filter(|key| !after.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    Value::Object(patch)
}

#[cfg(test)]
mod tests {
    use super::merge_patch;
    use serde_json::json;

    #[test]
    fn differences() {
        let before = json!({"a": {"b": 1, "c": 2}, "d": [1], "e": 1});
        let after = json!({"a": {"b": 1, "c": 3}, "d": [2], "f": 1});
        assert_eq!(
            merge_patch(&before, &after),
            json!({"a": {"c": 3}, "d": [2], "e": null, "f": 1})
        );
        assert_eq!(merge_patch(&before, &before), json!({}));
    }
}
