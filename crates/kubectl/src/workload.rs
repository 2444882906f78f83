//! Pod templates wherever they are. Models `polymorphichelpers/updatepodspec.go`.

use rollscope_api::{Value, merge};

use crate::error::Error;
use crate::kinds::Kind;

/// The pod spec of an object.
///
/// # Errors
/// kubectl's words for objects without one.
pub(crate) fn pod_spec<'a>(kind: &Kind, object: &'a mut Value) -> Result<&'a mut Value, Error> {
    let path = match kind.kind {
        "Pod" => "/spec",
        "Deployment"
        | "ReplicaSet"
        | "DaemonSet"
        | "StatefulSet"
        | "ReplicationController"
        | "Job" => "/spec/template/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        _ => "",
    };
    let found = if path.is_empty() { None } else { object.pointer_mut(path) };
    found.ok_or_else(|| {
        Error::Text(format!(
            "the object is not a pod or does not have a pod template: *v1.{}",
            kind.kind
        ))
    })
}

/// The containers of a pod spec that a pattern names, of one list.
pub(crate) fn containers<'a>(spec: &'a mut Value, list: &str, pattern: &str) -> Vec<&'a mut Value> {
    let all = spec.get_mut(list).and_then(Value::as_array_mut);
    all.into_iter()
        .flatten()
        .filter(|container| matches(container["name"].as_str().unwrap_or_default(), pattern))
        .collect()
}

/// Whether a name matches a pattern with `*`.
pub(crate) fn matches(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => name == pattern,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| matches(&rest[at..], after))
        }),
    }
}

/// The strategic merge patch from one state of an object to another; empty if they are the same.
///
/// # Errors
/// A list element without its merge key, and the like.
pub(crate) fn patch_between(kind: &Kind, before: &Value, after: &Value) -> Result<Value, Error> {
    match kind.resource() {
        Some(resource) => merge::two_way(resource, before, after).map_err(Error::Text),
        None => Ok(Value::Object(serde_json::Map::new())),
    }
}

/// Whether a patch changes nothing.
pub(crate) fn is_empty(patch: &Value) -> bool {
    patch.as_object().is_none_or(serde_json::Map::is_empty)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        assert!(matches("web", "*") && matches("web", "w*b") && matches("web", "web"));
        assert!(!matches("web", "w") && !matches("web", "*x") && !matches("web", "x*"));
    }
}
