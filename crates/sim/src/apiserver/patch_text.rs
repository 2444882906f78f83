//! How the server words errors about strategic merge patches: as Go shows values and types.
//! Models `fmt`'s `%+v` of maps and `apimachinery/pkg/runtime/converter.go`.

use std::fmt::Write as _;

use rollscope_api::Value;
use rollscope_api::schema::{self, Schema};

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
/// struct field DeploymentSpec.spec.replicas of type int32`. `object` is what was decoded.
pub(super) fn conversion_error(decoding: &str, object: &Value) -> String {
    let parts = decoding.strip_prefix("json: cannot unmarshal ").and_then(|rest| {
        let (from, rest) = rest.split_once(" into Go struct field ")?;
        let (field, to) = rest.rsplit_once(" of type ")?;
        Some((from, field, to))
    });
    let Some((from, field, to)) = parts else { return decoding.to_owned() };
    // Types that decode themselves know nothing of the field they stand in.
    if decodes_itself(field) {
        return format!("json: cannot unmarshal {from} into Go value of type {to}");
    }
    let (found, literal) = from.split_once(' ').unwrap_or((from, ""));
    let found = match found {
        "number" if literal.contains(['.', 'e']) || has_fraction(object, field) => "float64",
        "number" => "int64",
        "object" => "map",
        "array" => "slice",
        other => other,
    };
    match Kind::of(to) {
        Kind::Map => format!("cannot restore map from {found}"),
        Kind::Slice => format!("cannot restore slice from {found}"),
        Kind::Struct => format!("cannot restore struct from: {found}"),
        // Go converts numbers to each other, and whole ones to texts, which the converter refuses
        // in words of its own.
        Kind::Text if found == "int64" => format!("cannot convert int64 to {to}"),
        Kind::Text => "unrecognized type: string".to_owned(),
        Kind::Number if found == "float64" => format!("cannot convert float64 to {to}"),
        Kind::Number | Kind::Bool => format!("unrecognized type: {to}"),
    }
}

/// Whether the number that the field was given is none that Go holds as an integer. The field is
/// told by the names on the way to it, among which are those of embedded structs.
fn has_fraction(object: &Value, field: &str) -> bool {
    fn found(value: &Value, names: &[&str]) -> bool {
        match (value, names.split_first()) {
            (Value::Array(items), _) => items.iter().any(|item| found(item, names)),
            (Value::Object(map), None) => map.values().any(|item| found(item, names)),
            (value, None) => value.is_f64(),
            (value, Some((name, rest))) => match value.get(name) {
                Some(inner) => found(inner, rest),
                None => !rest.is_empty() && found(value, rest),
            },
        }
    }
    let names: Vec<&str> = field.split('.').skip(1).collect();
    found(object, &names)
}

/// Whether the field is an int-or-string or a time: `RollingUpdateDeployment.….maxSurge`.
fn decodes_itself(field: &str) -> bool {
    let schema = Schema::get();
    let found = field.split_once('.').and_then(|(owner, path)| {
        let owner = schema.as_struct(schema.by_name(&format!("v1.{owner}"))?)?;
        let name = path.rsplit('.').next()?;
        Some(&schema.ty(schema.resolve(schema.field(owner, name)?.ty)).kind)
    });
    matches!(found, Some(schema::Kind::IntOrString | schema::Kind::Time | schema::Kind::MicroTime))
}

/// What the converter does with a Go type.
enum Kind {
    Map,
    Slice,
    Struct,
    Text,
    Bool,
    Number,
}

impl Kind {
    fn of(go: &str) -> Self {
        let schema = Schema::get();
        let named = schema.by_name(go).map(|id| &schema.ty(schema.resolve(id)).kind);
        match (named, go) {
            (Some(schema::Kind::Map(_)), _) => Self::Map,
            (Some(schema::Kind::Slice(_)), _) => Self::Slice,
            (Some(schema::Kind::String), _) | (_, "string") => Self::Text,
            (_, "bool") => Self::Bool,
            (_, "int32" | "int64") => Self::Number,
            _ if go.starts_with("map[") => Self::Map,
            _ if go.starts_with("[]") => Self::Slice,
            _ => Self::Struct,
        }
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
    /// As `converter.go` decides: what Go cannot convert has no words but the type's.
    #[test]
    fn errors_are_worded_by_the_converter() {
        let container = serde_json::json!({ "image": 5, "env": [{ "name": "A", "value": 1.5 }] });
        let object = serde_json::json!({ "spec": { "template": { "spec": {
            "containers": [{ "image": "a" }, container],
        }}}});
        let check = |from: &str, field: &str, to: &str, expected: &str| {
            let field = format!("Go struct field {field} of type {to}");
            let decoding = format!("json: cannot unmarshal {from} into {field}");
            assert_eq!(conversion_error(&decoding, &object), expected);
        };
        let replicas = "DeploymentSpec.spec.replicas";
        check("string", replicas, "int32", "unrecognized type: int32");
        check("bool", replicas, "int32", "unrecognized type: int32");
        check("number 1.5", replicas, "int32", "cannot convert float64 to int32");
        check("string", "DeploymentSpec.spec.paused", "bool", "unrecognized type: bool");
        check("number", "DeploymentSpec.spec.paused", "bool", "unrecognized type: bool");
        let container = "Container.spec.template.spec.containers";
        let image = format!("{container}.image");
        check("number", &image, "string", "cannot convert int64 to string");
        check("bool", &image, "string", "unrecognized type: string");
        let value = "EnvVar.spec.template.spec.containers.env.value";
        check("number", value, "string", "unrecognized type: string");
        let policy = format!("{container}.imagePullPolicy");
        check("number", &policy, "v1.PullPolicy", "cannot convert int64 to v1.PullPolicy");
        check("bool", &policy, "v1.PullPolicy", "unrecognized type: string");
        let command = format!("{container}.command");
        check("string", &command, "[]string", "cannot restore slice from string");
        check("object", &command, "[]string", "cannot restore slice from map");
        let limits = "ResourceRequirements.spec.template.spec.containers.resources.limits";
        check("array", limits, "v1.ResourceList", "cannot restore map from slice");
        let strategy = "DeploymentSpec.spec.strategy";
        check("string", strategy, "v1.DeploymentStrategy", "cannot restore struct from: string");
        check(
            "bool",
            "RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge",
            "int32",
            "json: cannot unmarshal bool into Go value of type int32",
        );
    }
}
