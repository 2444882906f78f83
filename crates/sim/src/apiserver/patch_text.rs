//! How the server words errors about strategic merge patches: as Go shows values and types.
//! Models `fmt`'s `%+v` of maps and `apimachinery/pkg/runtime/converter.go`.

use std::fmt::Write as _;

use rollscope_api::Value;

/// `map[spec:map[replicas:3]]`: keys sorted, texts without quotes.
pub(super) fn go_map(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("<nil>"),
        Value::String(string) => text.push_str(string),
        Value::Bool(_) | Value::Number(_) => {
            let _ = write!(text, "{value}");
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(' ');
                }
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Object(map) => {
            text.push_str("map[");
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    text.push(' ');
                }
                let _ = write!(text, "{key}:");
                write_value(text, item);
            }
            text.push(']');
        }
    }
}

/// The converter's words for what the JSON decoder calls `json: cannot unmarshal string into Go
/// struct field DeploymentSpec.spec.replicas of type int32`.
pub(super) fn conversion_error(decoding: &str) -> String {
    let parts = decoding.strip_prefix("json: cannot unmarshal ").and_then(|rest| {
        let (from, rest) = rest.split_once(" into Go ")?;
        let (_, to) = rest.rsplit_once(" of type ")?;
        Some((from, to))
    });
    let Some((from, to)) = parts else { return decoding.to_owned() };
    let from = match from.split(' ').next().unwrap_or_default() {
        "number" if from.contains('.') => "float64",
        "number" => "int64",
        "object" => "map[string]interface {}",
        "array" => "[]interface {}",
        other => other,
    };
    if to.starts_with("map[") {
        format!("cannot restore map from {from}")
    } else if to.starts_with("[]") {
        format!("cannot restore slice from {from}")
    } else if to.contains('.') {
        format!("cannot restore struct from: {from}")
    } else {
        format!("cannot convert {from} to {to}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_shown_as_go_shows_them() {
        let patch = serde_json::json!({
            "spec": { "foo": 1, "list": ["a", { "b": null }], "on": true },
        });
        assert_eq!(go_map(&patch), "map[spec:map[foo:1 list:[a map[b:<nil>]] on:true]]");
    }
}
