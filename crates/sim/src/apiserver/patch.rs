//! Patching. Models `apiserver/pkg/endpoints/handlers/patch.go`.

use rollscope_api::status::{Cause, Reason};
use rollscope_api::{
    FieldValidation, PatchType, Resource, Status, Subresource, Value, WriteOptions, Written,
    decode, merge,
};

use super::update::Change;
use super::{objects, patch_text, read, scale};
use crate::core::Core;

/// The parts of a patch request but its body.
pub(super) struct Request<'a> {
    pub(super) resource: Resource,
    pub(super) namespace: &'a str,
    pub(super) name: &'a str,
    pub(super) subresource: Subresource,
    pub(super) patch_type: PatchType,
}

pub(super) fn patch(
    core: &mut Core,
    request: &Request<'_>,
    body: &Value,
    options: &WriteOptions,
) -> Result<Written, Status> {
    let resource = request.resource;
    let key = read::key(resource, request.namespace, request.name);
    let current = objects::get(core, resource, &key)?;
    if request.subresource == Subresource::Scale {
        return scale::patch(core, request, &key, &current, body, options);
    }
    check_is_object(request.patch_type, body)?;
    let before = current.to_value();
    let patched = match request.patch_type {
        PatchType::StrategicMerge => merge::strategic_merge(resource, &before, body)?,
        PatchType::Merge => merge::json_merge(&before, body),
        PatchType::Json => merge::json_patch(&before, body)?,
    };
    let given = patched["metadata"]["name"].as_str().unwrap_or_default();
    if given != request.name {
        return Err(Status::bad_request(format!(
            "the name of the object ({given}) does not match the name on the URL ({})",
            request.name
        )));
    }
    let shown = match request.patch_type {
        PatchType::StrategicMerge => patch_text::go_map(body),
        PatchType::Merge | PatchType::Json => rollscope_api::gojson::to_string(&patched),
    };
    let raw = decode::decode_raw(resource, &patched).map_err(|error| {
        let error = match request.patch_type {
            PatchType::StrategicMerge => patch_text::conversion_error(&error, &patched),
            PatchType::Merge | PatchType::Json => error,
        };
        invalid_patch(&shown, &error)
    })?;
    let warnings = match options.field_validation {
        FieldValidation::Strict if !raw.strict_errors.is_empty() => {
            let errors = raw.strict_errors.join(", ");
            return Err(invalid_patch(&shown, &format!("strict decoding error: {errors}")));
        }
        FieldValidation::Warn => raw.strict_errors,
        _ => Vec::new(),
    };
    Change { resource, key, options }.apply(core, raw.value, request.subresource, warnings)
}

/// Merge patches are objects.
fn check_is_object(patch_type: PatchType, body: &Value) -> Result<(), Status> {
    let found = match body {
        Value::Object(_) | Value::Null => return Ok(()),
        Value::String(_) => "string",
        Value::Number(_) => "number",
        Value::Bool(_) => "bool",
        Value::Array(_) => "array",
    };
    let problem =
        format!("json: cannot unmarshal {found} into Go value of type map[string]interface {{}}");
    match patch_type {
        PatchType::StrategicMerge => Err(Status::bad_request(problem)),
        PatchType::Merge => Err(Status::bad_request(format!("error decoding patch: {problem}"))),
        PatchType::Json => Ok(()),
    }
}

/// An Invalid that names no object: kubectl prints `The request is invalid: patch: …`.
pub(super) fn invalid_patch(shown: &str, error: &str) -> Status {
    let message = format!("Invalid value: {}: {error}", rollscope_api::gojson::quote(shown));
    Status {
        code: 422,
        reason: Reason::Invalid,
        message: format!(" \"\" is invalid: patch: {message}"),
        kind: String::new(),
        name: String::new(),
        causes: vec![Cause { field: "patch".to_owned(), message }],
    }
}
