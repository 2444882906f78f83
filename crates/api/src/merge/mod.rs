//! Patches: JSON merge (RFC 7386), JSON patch (RFC 6902) and Kubernetes' strategic merge, which
//! knows the keys of lists.
//!
//! Models k8s.io/apimachinery/pkg/util/strategicpatch (patch.go), util/mergepatch and
//! gopkg.in/evanphx/json-patch as the API server uses them.

mod apply;
mod diff;
mod json;
mod json_patch;
mod order;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use json::json_merge;
pub use json_patch::json_patch;

use crate::schema::{Kind, Merge, Schema, Struct, TypeId};
use crate::status::Reason;
use crate::{Resource, Status, gojson};

const DIRECTIVE: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const DELETE_PRIMITIVES: &str = "$deleteFromPrimitiveList";
const SET_ORDER: &str = "$setElementOrder";

/// Why a patch cannot be made or applied.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PatchError {
    /// The request is wrong: 400.
    Bad(String),
    /// Anything else, which the server answers with 500.
    Other(String),
}

impl PatchError {
    fn bad_format(of: &str) -> Self {
        Self::Bad(format!("invalid patch format of {of}"))
    }

    fn no_merge_key(map: &Map<String, Value>, key: &str) -> Self {
        let map = gojson::sprint(&Value::Object(map.clone()));
        Self::Other(format!("map: {map} does not contain declared merge key: {key}"))
    }

    fn bad_type(expected: &str, found: &Value) -> Self {
        Self::Other(format!("expected a {expected}, but received a {}", go_type(found)))
    }

    fn text(self) -> String {
        match self {
            Self::Bad(text) | Self::Other(text) => text,
        }
    }

    fn status(self) -> Status {
        match self {
            Self::Bad(text) => Status::bad_request(text),
            Self::Other(message) => Status {
                code: 500,
                reason: Reason::Unknown,
                message,
                kind: String::new(),
                name: String::new(),
                causes: Vec::new(),
            },
        }
    }
}

type Result<T> = std::result::Result<T, PatchError>;

const GO_MAP: &str = "map[string]interface {}";
const GO_SLICE: &str = "[]interface {}";

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "%!s(<nil>)",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => GO_SLICE,
        Value::Object(_) => GO_MAP,
    }
}

/// What the schema knows of the map being merged. Nothing, inside maps without a schema.
#[derive(Clone, Copy)]
struct Meta {
    schema: &'static Schema,
    structure: Option<&'static Struct>,
    /// For messages: the Go type.
    name: &'static str,
}

/// What is known of one field.
struct FieldMeta {
    /// The field's own type; for a list the type of its elements.
    inner: Meta,
    merge: Merge,
    retain_keys: bool,
}

impl Meta {
    fn root(resource: Resource) -> Self {
        let schema = Schema::get();
        Self::of(schema, schema.root(resource))
    }

    fn of(schema: &'static Schema, id: TypeId) -> Self {
        let id = schema.resolve(id);
        Self { schema, structure: schema.as_struct(id), name: schema.ty(id).go }
    }

    /// The metadata of the field of that name.
    fn field(&self, key: &str) -> Result<FieldMeta> {
        let Some(structure) = self.structure else {
            return Err(PatchError::Other(
                "merging an object in json but data type is not struct, instead is: map".to_owned(),
            ));
        };
        let Some(field) = self.schema.field(structure, key) else {
            let name = structure.name.rsplit('.').next().unwrap_or_default();
            return Err(PatchError::Other(format!(
                "unable to find api field in struct {name} for the json field {key:?}"
            )));
        };
        let resolved = self.schema.resolve(field.ty);
        let inner = match self.schema.ty(resolved).kind {
            Kind::Slice(element) => element,
            _ => resolved,
        };
        Ok(FieldMeta {
            inner: Self::of(self.schema, inner),
            merge: field.merge,
            retain_keys: field.retain_keys,
        })
    }
}

/// Applies a strategic merge patch to an object, as the API server does.
///
/// # Errors
/// The server's words about a directive it cannot follow.
pub fn strategic_merge(
    resource: Resource,
    current: &Value,
    patch: &Value,
) -> std::result::Result<Value, Status> {
    let (Value::Object(current), Value::Object(patch)) = (current, patch) else {
        return Err(Status::bad_request("invalid JSON document"));
    };
    let options = apply::Options { merge_parallel_list: true, ignore_unmatched_nulls: true };
    apply::merge_map(current.clone(), patch.clone(), Meta::root(resource), options)
        .map(Value::Object)
        .map_err(PatchError::status)
}

/// The strategic patch that turns `original` into `modified`; an empty map if they are equal.
///
/// # Errors
/// A list element without its merge key, and the like.
pub fn two_way(
    resource: Resource,
    original: &Value,
    modified: &Value,
) -> std::result::Result<Value, String> {
    let options = diff::Options { set_element_order: true, ..diff::Options::default() };
    diff::diff_maps(&map_of(original), &map_of(modified), Meta::root(resource), options)
        .map(Value::Object)
        .map_err(PatchError::text)
}

/// The patch of client-side apply: what `modified` adds to or changes in `current`, and what it no
/// longer has of `original` (the last-applied configuration, if there is one).
///
/// # Errors
/// A list element without its merge key, and the like.
pub fn three_way(
    resource: Resource,
    original: Option<&Value>,
    modified: &Value,
    current: &Value,
) -> std::result::Result<Value, String> {
    three_way_maps(
        Meta::root(resource),
        &original.map(map_of).unwrap_or_default(),
        &map_of(modified),
        &map_of(current),
    )
    .map(Value::Object)
    .map_err(PatchError::text)
}

fn three_way_maps(
    meta: Meta,
    original: &Map<String, Value>,
    modified: &Map<String, Value>,
    current: &Map<String, Value>,
) -> Result<Map<String, Value>> {
    let delta_options = diff::Options {
        ignore_deletions: true,
        set_element_order: true,
        ..diff::Options::default()
    };
    let delta = diff::diff_maps(current, modified, meta, delta_options)?;
    let deletion_options = diff::Options {
        ignore_changes_and_additions: true,
        set_element_order: true,
        ..diff::Options::default()
    };
    let deletions = diff::diff_maps(original, modified, meta, deletion_options)?;
    let options = apply::Options { merge_parallel_list: false, ignore_unmatched_nulls: false };
    apply::merge_map(deletions, delta, meta, options)
}

fn map_of(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Whether two JSON values have the same Go type.
fn same_type(a: &Value, b: &Value) -> bool {
    go_type(a) == go_type(b)
}

/// What kind of elements lists hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Map,
    Scalar,
}

/// The one type of all elements. Models `sliceElementType`.
fn element_type(lists: &[&[Value]]) -> Result<Element> {
    let mut elements = lists.iter().flat_map(|list| list.iter());
    let Some(first) = elements.next() else {
        return Err(PatchError::Other("no elements in any of the given slices".to_owned()));
    };
    if first.is_array() {
        return Err(PatchError::Other("lists of lists are not supported".to_owned()));
    }
    if elements.any(|element| !same_type(first, element)) {
        let lists: Vec<String> =
            lists.iter().map(|list| gojson::sprint(&Value::Array(list.to_vec()))).collect();
        return Err(PatchError::Other(format!(
            "list element types are not identical: [{}]",
            lists.join(" ")
        )));
    }
    Ok(if first.is_object() { Element::Map } else { Element::Scalar })
}

/// The value of the merge key, or the scalar itself where there is no key.
fn key_of<'a>(item: &'a Value, merge_key: &str) -> &'a Value {
    if merge_key.is_empty() { item } else { item.get(merge_key).unwrap_or(&Value::Null) }
}

fn as_map(item: &Value) -> Result<&Map<String, Value>> {
    item.as_object().ok_or_else(|| PatchError::bad_type(GO_MAP, item))
}

/// The element as a map that has the merge key.
fn keyed<'a>(item: &'a Value, merge_key: &str) -> Result<(&'a Map<String, Value>, &'a Value)> {
    let map = as_map(item)?;
    match map.get(merge_key) {
        Some(key) => Ok((map, key)),
        None => Err(PatchError::no_merge_key(map, merge_key)),
    }
}
