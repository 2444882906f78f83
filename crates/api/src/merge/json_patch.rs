//! JSON patch, RFC 6902, with the server's answers.

use serde_json::Value;

use crate::status::Reason;
use crate::{Status, gojson};

/// The most operations the server takes in one patch.
const OPERATIONS_MAX: usize = 10_000;

/// Applies a list of operations.
///
/// # Errors
/// 400 if it is no list of operations; 422 with the server's general words if one cannot be
/// applied.
pub fn json_patch(target: &Value, operations: &Value) -> Result<Value, Status> {
    let Value::Array(operations) = operations else {
        let kind = match operations {
            Value::Object(_) => "object",
            Value::String(_) => "string",
            Value::Bool(_) => "bool",
            _ => "number",
        };
        return Err(Status::bad_request(format!(
            "error decoding patch: json: cannot unmarshal {kind} into Go value of type \
             []interface {{}}"
        )));
    };
    if operations.len() > OPERATIONS_MAX {
        return Err(Status {
            code: 413,
            reason: Reason::Unknown,
            message: format!(
                "The allowed maximum operations in a JSON patch is {OPERATIONS_MAX}, got {}",
                operations.len()
            ),
            kind: String::new(),
            name: String::new(),
            causes: Vec::new(),
        });
    }
    let mut patched = target.clone();
    for operation in operations {
        if !operation.is_object() {
            let found = match operation {
                Value::String(_) => "string",
                Value::Array(_) => "array",
                Value::Bool(_) => "bool",
                _ => "number",
            };
            return Err(Status::bad_request(format!(
                "json: cannot unmarshal {found} into Go value of type jsonpatch.Operation"
            )));
        }
        apply(&mut patched, operation).ok_or_else(rejected)?;
    }
    Ok(patched)
}

fn rejected() -> Status {
    Status {
        code: 422,
        reason: Reason::Invalid,
        message: "the server rejected our request due to an error in our request".to_owned(),
        kind: String::new(),
        name: String::new(),
        causes: Vec::new(),
    }
}

/// Applies one operation; nothing if it cannot be applied.
fn apply(target: &mut Value, operation: &Value) -> Option<()> {
    let path = operation.get("path")?.as_str()?;
    let from = || operation.get("from").and_then(Value::as_str);
    // An absent value stands for null, as the library has it.
    let value = || operation.get("value").cloned().unwrap_or_default();
    match operation.get("op")?.as_str()? {
        "add" => add(target, path, value()),
        "remove" => remove(target, path).map(|_| ()),
        "replace" => {
            if path.is_empty() {
                *target = value();
                return Some(());
            }
            let (parent, key) = parent_of(target, path)?;
            match parent {
                Value::Object(map) => *map.get_mut(&key)? = value(),
                Value::Array(items) => {
                    let at = index(&key, items.len())?;
                    *items.get_mut(at)? = value();
                }
                _ => return None,
            }
            Some(())
        }
        "move" => {
            let from = from()?;
            let value = remove(target, from)?;
            add(target, path, value)
        }
        "copy" => {
            let value = target.pointer(from()?)?.clone();
            add(target, path, value)
        }
        "test" => {
            let found = target.pointer(path).cloned().unwrap_or_default();
            // Numbers are compared as they are written.
            (gojson::to_string(&found) == gojson::to_string(&value())).then_some(())
        }
        _ => None,
    }
}

/// The container a path ends in, and the last step.
fn parent_of<'a>(target: &'a mut Value, path: &str) -> Option<(&'a mut Value, String)> {
    let (parent, key) = path.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    Some((target.pointer_mut(parent)?, key))
}

/// A list index; negative ones count from the end.
fn index(key: &str, length: usize) -> Option<usize> {
    let at: i64 = key.parse().ok()?;
    let length = i64::try_from(length).ok()?;
    let at = if at < 0 { at + length } else { at };
    usize::try_from(at).ok()
}

fn add(target: &mut Value, path: &str, value: Value) -> Option<()> {
    if path.is_empty() {
        *target = value;
        return Some(());
    }
    let (parent, key) = parent_of(target, path)?;
    match parent {
        Value::Object(map) => {
            map.insert(key, value);
        }
        Value::Array(items) => {
            let at = if key == "-" { items.len() } else { index(&key, items.len() + 1)? };
            if at > items.len() {
                return None;
            }
            items.insert(at, value);
        }
        _ => return None,
    }
    Some(())
}

fn remove(target: &mut Value, path: &str) -> Option<Value> {
    let (parent, key) = parent_of(target, path)?;
    match parent {
        Value::Object(map) => map.remove(&key),
        Value::Array(items) => {
            let at = index(&key, items.len())?;
            (at < items.len()).then(|| items.remove(at))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::json_patch;

    #[test]
    fn operations_are_applied_in_order() {
        let target = json!({"spec": {"replicas": 3, "list": ["a", "b"]}, "a/b": 1});
        let patch = json!([
            {"op": "test", "path": "/spec/replicas", "value": 3},
            {"op": "replace", "path": "/spec/replicas", "value": 5},
            {"op": "add", "path": "/spec/list/-", "value": "c"},
            {"op": "add", "path": "/spec/list/0", "value": "z"},
            {"op": "remove", "path": "/a~1b"},
            {"op": "copy", "from": "/spec/list/1", "path": "/copied"},
            {"op": "move", "from": "/copied", "path": "/moved"},
        ]);
        assert_eq!(
            json_patch(&target, &patch).unwrap(),
            json!({"spec": {"replicas": 5, "list": ["z", "a", "b", "c"]}, "moved": "a"})
        );
    }

    #[test]
    fn what_cannot_be_applied_is_refused() {
        let target = json!({"spec": {"list": []}});
        for (operation, code) in [
            (json!([{"op": "remove", "path": "/spec/none"}]), 422),
            (json!([{"op": "replace", "path": "/none", "value": 1}]), 422),
            (json!([{"op": "add", "path": "/none/x", "value": 1}]), 422),
            (json!([{"op": "add", "path": "/spec/list/5", "value": 1}]), 422),
            (json!([{"op": "test", "path": "/spec/list", "value": 1}]), 422),
            (json!([{"op": "dance", "path": "/spec"}]), 422),
            (json!([5]), 400),
            (json!({"op": "add"}), 400),
        ] {
            assert_eq!(json_patch(&target, &operation).unwrap_err().code, code, "{operation}");
        }
    }
}
