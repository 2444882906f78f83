//! What differs between two objects, by path.

use rollscope_api::Value;
use rollscope_api::order;
use serde::{Deserialize, Serialize};
use serde_json::Map;

/// So many are told; a manifest that changes more is another manifest.
const CHANGES_MAX: usize = 100;
/// By these fields the items of a list are told apart: Kubernetes' patch merge keys.
const MERGE_KEYS: [&str; 6] =
    ["name", "containerPort", "mountPath", "devicePath", "topologyKey", "ip"];

/// One field that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// From the object on: `spec.template.spec.containers[name=web].image`.
    pub path: String,
    /// Compact JSON, strings without quotes; `None` where the field was not there.
    pub old: Option<String>,
    /// `None` where the field goes away.
    pub new: Option<String>,
}

/// The fields below `path` in which two values differ.
pub(super) fn between(path: &str, old: &Value, new: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare(path, Some(old), Some(new), &mut found);
    found.truncate(CHANGES_MAX);
    found
}

fn compare(path: &str, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Change>) {
    let (old, new) = (old.filter(|one| !is_nothing(one)), new.filter(|one| !is_nothing(one)));
    if old == new || found.len() > CHANGES_MAX {
        return;
    }
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => maps(path, old, new, found),
        (Some(Value::Array(old)), Some(Value::Array(new))) => lists(path, old, new, found),
        _ => found.push(Change { path: path.to_owned(), old: old.map(text), new: new.map(text) }),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn maps(path: &str, old: &Map<String, Value>, new: &Map<String, Value>, found: &mut Vec<Change>) {
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    order::sort(&mut keys);
    keys.dedup();
    for key in keys {
        let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let path = match (path.is_empty(), plain) {
            (true, true) => key.clone(),
            (false, true) => format!("{path}.{key}"),
            (_, false) => format!("{path}[{key}]"),
        };
        compare(&path, old.get(key), new.get(key), found);
    }
}

fn lists(path: &str, old: &[Value], new: &[Value], found: &mut Vec<Change>) {
    let Some(key) = MERGE_KEYS.into_iter().find(|key| tells_apart(key, old, new)) else {
        for at in 0..old.len().max(new.len()) {
            compare(&format!("{path}[{at}]"), old.get(at), new.get(at), found);
        }
        return;
    };
    let named = |items: &'_ [Value], name: &Value| items.iter().position(|one| one[key] == *name);
    for (at, item) in old.iter().enumerate() {
        let place = named(new, &item[key]);
        let path = format!("{path}[{key}={}]", text(&item[key]));
        compare(&path, Some(item), place.map(|at| &new[at]), found);
        // The order of containers and ports is part of a template.
        if place.is_some_and(|place| place != at) && old.len() == new.len() {
            found.push(Change {
                path,
                old: Some(format!("#{}", at + 1)),
                new: place.map(|place| format!("#{}", place + 1)),
            });
        }
    }
    for item in new.iter().filter(|item| named(old, &item[key]).is_none()) {
        compare(&format!("{path}[{key}={}]", text(&item[key])), None, Some(item), found);
    }
}

/// Whether every item of both lists has its own value of this field.
fn tells_apart(key: &str, old: &[Value], new: &[Value]) -> bool {
    [old, new].into_iter().all(|items| {
        let value = |item: &Value| item.get(key).filter(|one| !one.is_null()).map(text);
        let mut values: Vec<String> = items.iter().filter_map(value).collect();
        let count = values.len();
        order::sort(&mut values);
        values.dedup();
        count == items.len() && values.len() == count
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(old: Value, new: Value, expected: &[&str]) {
        let shown: Vec<String> = between("spec", &old, &new)
            .into_iter()
            .map(|Change { path, old, new }| {
                let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
                format!("{path}: {} → {}", or_none(old), or_none(new))
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn values_are_found_by_path() {
        check(
            json!({"a": {"b": 1, "c": [1]}}),
            json!({"a": {"b": 2}}),
            &["spec.a.b: 1 → 2", "spec.a.c: [1] → -"],
        );
        check(json!({"a": [], "b": 1}), json!({"b": 1}), &[]);
        check(json!({"k8s.io/x": "a"}), json!({"k8s.io/x": "b"}), &["spec[k8s.io/x]: a → b"]);
    }

    #[test]
    fn items_are_told_apart_by_name() {
        let list = |items: Value| json!({ "containers": items });
        let web = json!({"name": "web", "image": "web:1"});
        let side = json!({"name": "side", "image": "side:1"});
        check(
            list(json!([web, side])),
            list(json!([{"name": "web", "image": "web:2"}, side])),
            &["spec.containers[name=web].image: web:1 → web:2"],
        );
        check(
            list(json!([web])),
            list(json!([web, side])),
            &[r#"spec.containers[name=side]: - → {"image":"side:1","name":"side"}"#],
        );
        check(
            list(json!([web, side])),
            list(json!([side, web])),
            &["spec.containers[name=web]: #1 → #2", "spec.containers[name=side]: #2 → #1"],
        );
        check(json!({"args": ["a", "b"]}), json!({"args": ["a", "c"]}), &["spec.args[1]: b → c"]);
    }
}
