//! From what a client sent to an object: strict decoding with the server's words.
//!
//! Models the JSON decoding of k8s.io/apimachinery/pkg/runtime/serializer/json with
//! sigs.k8s.io/json: fields are case-sensitive, unknown ones are collected, the first type error is
//! reported with Go's names, and an error of a self-decoding type (quantity, time, int-or-string)
//! ends decoding at once.

mod time_error;
mod walk;

pub use walk::json_kind;

use crate::schema::Schema;
use crate::{FieldValidation, Resource, Status, Value, gojson};

/// A decoded object.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The object as Go would write it again: unknown fields, nulls and zero values gone,
    /// quantities canonical, structs that are always there present (`resources: {}`).
    pub value: Value,
    /// Texts for `Warning: …`, one an unknown field, under [`FieldValidation::Warn`].
    pub warnings: Vec<String>,
}

/// Decodes the body of a create or update.
///
/// # Errors
/// [`crate::status::Reason::BadRequest`] with the server's message: `Deployment in version "v1"
/// cannot be handled as a Deployment: …`.
pub fn decode(
    resource: Resource,
    body: &Value,
    validation: FieldValidation,
) -> Result<Decoded, Status> {
    let refuse = |error: String| {
        let (kind, version) = (resource.kind(), resource.version());
        Status::bad_request(format!(
            "{kind} in version {version:?} cannot be handled as a {kind}: {error}"
        ))
    };
    let raw = decode_raw(resource, body).map_err(refuse)?;
    let warnings = match validation {
        FieldValidation::Strict if !raw.strict_errors.is_empty() => {
            let errors = raw.strict_errors.join(", ");
            return Err(refuse(format!("strict decoding error: {errors}")));
        }
        FieldValidation::Warn => raw.strict_errors,
        _ => Vec::new(),
    };
    Ok(Decoded { value: with_type(resource, raw.value), warnings })
}

/// An object decoded without a verdict on its unknown fields.
#[derive(Clone, Debug)]
pub struct Raw {
    /// As in [`Decoded`], without `apiVersion` and `kind`.
    pub value: Value,
    /// `unknown field "spec.foo"`, at most 100, in the order found.
    pub strict_errors: Vec<String>,
}

/// Decodes an object without wrapping errors.
///
/// # Errors
/// The bare text: `json: cannot unmarshal string into Go struct field …`.
pub fn decode_raw(resource: Resource, body: &Value) -> Result<Raw, String> {
    let mut walk = walk::Walk::new(Schema::get());
    let value = walk.root(Schema::get().root(resource), body)?;
    Ok(Raw { value, strict_errors: walk.strict_errors })
}

/// Everything that decoding finds in an object, for the editor.
pub(crate) struct Inspection {
    /// The decoded object; nothing if there are type errors.
    pub(crate) value: Option<Value>,
    /// Paths of unknown fields.
    pub(crate) unknown: Vec<String>,
    /// Paths and texts of type errors.
    pub(crate) type_errors: Vec<(String, String)>,
}

pub(crate) fn inspect(resource: Resource, body: &Value) -> Inspection {
    let mut walk = walk::Walk::new(Schema::get());
    let value = walk.root(Schema::get().root(resource), body).ok();
    let unknown = walk.strict_errors.iter().filter_map(|error| {
        let path = error.strip_prefix("unknown field \"")?.strip_suffix('"')?;
        Some(path.to_owned())
    });
    let unknown = unknown.collect();
    Inspection {
        value: value.map(|value| with_type(resource, value)),
        unknown,
        type_errors: walk.type_errors,
    }
}

/// Checks that an object's metadata has the right types, as kubectl does before it sends anything.
///
/// # Errors
/// The text after `unable to decode "f.yaml": `.
pub fn check_metadata(body: &Value) -> Result<(), String> {
    for field in ["apiVersion", "kind"] {
        if let Some(other) = body.get(field).filter(|value| !value.is_string() && !value.is_null())
        {
            return Err(format!(
                "json: cannot unmarshal {} into Go struct field metadataOnlyObject.TypeMeta.{field} \
                 of type string",
                json_kind(other)
            ));
        }
    }
    let schema = Schema::get();
    let Some(meta) = schema.by_name("v1.ObjectMeta") else { return Ok(()) };
    match body.get("metadata") {
        Some(metadata) => {
            walk::Walk::new(schema).field(meta, "metadata", "metadataOnlyObject", metadata)
        }
        None => Ok(()),
    }
}

fn with_type(resource: Resource, mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.insert("apiVersion".to_owned(), resource.api_version().into());
        object.insert("kind".to_owned(), resource.kind().into());
    }
    value
}

/// The value Go quotes in a type error: `number 5.5` for numbers that do not fit.
pub(crate) fn number_text(number: &serde_json::Number) -> String {
    gojson::number(number)
}
