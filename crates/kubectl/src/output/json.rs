//! JSON as Go's `encoding/json` prints it: indented by four blanks, `<`, `>` and `&` escaped.
//!
//! Most commands print what the server sent, whose keys are sorted. Those that know the type of what
//! they print (`create deployment`, `set`, `rollout history`, `expose`, `autoscale`) print its fields
//! in the order in which Go declares them.

use rollscope_api::schema::{Kind, Schema, Struct, TypeId};
use rollscope_api::{Resource, Value, gojson};
use serde_json::Map;

/// With sorted keys and a newline at the end.
pub fn to_json(value: &Value) -> String {
    print(value, None)
}

/// With the fields in Go's order, `kind` before `apiVersion`, and a newline at the end.
pub fn to_typed_json(value: &Value) -> String {
    let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or("");
    let resource = Resource::from_gvk(text("apiVersion"), text("kind"));
    let ty = resource.map(|resource| Schema::get().root(resource));
    match (ty, value["items"].as_array()) {
        (None, Some(items)) => print_typed_list(value, items),
        _ => print(value, ty),
    }
}

/// The same on one line.
pub fn to_typed_line(value: &Value) -> String {
    let text = to_typed_json(value);
    // No line break inside a string is a real one: JSON escapes them.
    text.lines()
        .map(|line| {
            let line = line.trim_start();
            match line.split_once("\": ") {
                Some((key, rest)) if is_key(key) => format!("{key}\":{rest}"),
                _ => line.to_owned(),
            }
        })
        .collect()
}

/// Whether a text before `": ` is a key from its beginning, and no part of a longer string.
fn is_key(text: &str) -> bool {
    let mut inner = text.strip_prefix('"').unwrap_or("\"").chars();
    let mut escaped = false;
    inner.all(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        !ends
    })
}

/// A list of one type: `EventList`.
fn print_typed_list(list: &Value, items: &[Value]) -> String {
    let mut out = "{".to_owned();
    for key in ["kind", "apiVersion", "metadata"] {
        new_line(1, &mut out);
        out.push_str(&format!("\"{key}\": "));
        write(&list[key], None, 1, &mut out);
        out.push(',');
    }
    new_line(1, &mut out);
    out.push_str("\"items\": ");
    write_list(['[', ']'], items, 1, &mut out, |item, out| {
        let text = |field: &str| item.get(field).and_then(Value::as_str).unwrap_or("");
        let resource = Resource::from_gvk(text("apiVersion"), text("kind"));
        write(item, resource.map(|resource| Schema::get().root(resource)), 2, out);
    });
    new_line(0, &mut out);
    out.push_str("}\n");
    out
}

fn print(value: &Value, ty: Option<TypeId>) -> String {
    let mut out = String::new();
    write(value, ty, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, ty: Option<TypeId>, indent: usize, out: &mut String) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let inner = element_of(ty);
            write_list(['[', ']'], items, indent, out, |item, out| {
                write(item, inner, indent + 1, out);
            });
        }
        Value::Object(fields) if !fields.is_empty() => {
            let fields = ordered(fields, ty);
            write_list(['{', '}'], fields, indent, out, |(key, value, ty), out| {
                out.push_str(&gojson::to_string(&Value::String(key.to_owned())));
                out.push_str(": ");
                write(value, ty, indent + 1, out);
            });
        }
        scalar_or_empty => out.push_str(&gojson::to_string(scalar_or_empty)),
    }
}

fn write_list<T>(
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    indent: usize,
    out: &mut String,
    mut write_item: impl FnMut(T, &mut String),
) {
    out.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        new_line(indent + 1, out);
        write_item(item, out);
    }
    new_line(indent, out);
    out.push(close);
}

fn new_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("    ", indent));
}

/// The type of a list's items or a map's values.
fn element_of(ty: Option<TypeId>) -> Option<TypeId> {
    let schema = Schema::get();
    match schema.ty(schema.resolve(ty?)).kind {
        Kind::Slice(inner) | Kind::Map(inner) => Some(inner),
        _ => None,
    }
}

type Ordered<'a> = Vec<(&'a str, &'a Value, Option<TypeId>)>;

/// The fields in the order of their struct; what it does not know comes last, sorted.
fn ordered<'a>(fields: &'a Map<String, Value>, ty: Option<TypeId>) -> Ordered<'a> {
    let structure = ty.and_then(|ty| Schema::get().as_struct(ty));
    let mut ordered: Ordered<'a> = Vec::with_capacity(fields.len());
    if let Some(structure) = structure {
        let typed = |name: &str| structure.fields.iter().all(|field| field.json != name);
        if typed("kind") && typed("apiVersion") {
            // Objects say what they are before all else.
            for name in ["kind", "apiVersion"] {
                ordered.extend(fields.get_key_value(name).map(|(k, v)| (k.as_str(), v, None)));
            }
        }
        push_fields(structure, fields, &mut ordered);
    }
    let inner = element_of(ty);
    for (key, value) in fields {
        if !ordered.iter().any(|(known, _, _)| known == key) {
            ordered.push((key, value, inner));
        }
    }
    ordered
}

fn push_fields<'a>(
    structure: &'static Struct,
    fields: &'a Map<String, Value>,
    ordered: &mut Ordered<'a>,
) {
    for field in &structure.fields {
        if field.inline {
            if let Some(embedded) = Schema::get().as_struct(field.ty) {
                push_fields(embedded, fields, ordered);
            }
        } else if let Some((key, value)) = fields.get_key_value(field.json) {
            ordered.push((key, value, Some(field.ty)));
        }
    }
}
