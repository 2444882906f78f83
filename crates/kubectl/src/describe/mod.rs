//! `kubectl describe`: an object told in words, with what belongs to it.

use rollscope_api::{Api, Resource, Status, Value};

/// How objects are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DescribeOptions {
    /// Whether the object's events are listed.
    pub show_events: bool,
}

/// Describes one object; related objects (events, ReplicaSets, pods) are read through `api`.
/// The text ends in a newline.
///
/// # Errors
/// Whatever the API server answers to the reads.
pub fn describe(
    _api: &mut dyn Api,
    _resource: Resource,
    _object: &Value,
    _options: &DescribeOptions,
) -> Result<String, Status> {
    Ok(String::new())
}

/// The pod template block with raw TABs, as `rollout history --revision` prints it.
pub fn pod_template(_template: &Value) -> String {
    String::new()
}
