//! Semantic equality of stored objects.
//!
//! Models `apiequality.Semantic.DeepEqual` and the Deployment controller's
//! `EqualIgnoreHash` (pkg/controller/deployment/util/deployment_util.go).

use serde_json::Map;

use crate::Value;
use crate::quantity::Quantity;

/// The label the Deployment controller adds to templates and pods.
pub const POD_TEMPLATE_HASH: &str = "pod-template-hash";

/// Whether two pod templates are the same but for the pod-template-hash label.
pub fn equal_ignore_hash(a: &Value, b: &Value) -> bool {
    let (labels_a, labels_b) = (&a["metadata"]["labels"], &b["metadata"]["labels"]);
    equal_labels(labels_a.as_object(), labels_b.as_object())
        && equal_maps_without(a.as_object(), b.as_object(), "metadata")
        && equal_maps_without(a["metadata"].as_object(), b["metadata"].as_object(), "labels")
}

fn equal_labels(a: Option<&Map<String, Value>>, b: Option<&Map<String, Value>>) -> bool {
    equal_maps_without(a, b, POD_TEMPLATE_HASH)
}

fn equal_maps_without(
    a: Option<&Map<String, Value>>,
    b: Option<&Map<String, Value>>,
    left_out: &str,
) -> bool {
    let entries = |map: Option<&Map<String, Value>>| {
        map.into_iter()
            .flatten()
            .filter(|(key, value)| *key != left_out && !is_empty(value))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect::<Vec<_>>()
    };
    let (a, b) = (entries(a), entries(b));
    a.len() == b.len()
        && a.iter().zip(&b).all(|((key_a, a), (key_b, b))| key_a == key_b && semantic_equal(a, b))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Whether two values mean the same: empty and absent lists are equal, and so are quantities in
/// different spellings.
pub fn semantic_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => equal_maps_without(Some(a), Some(b), ""),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| semantic_equal(a, b))
        }
        (a, b) if a == b => true,
        _ => is_empty(a) && is_empty(b),
    }
}

/// Whether two quantities are the same amount, however spelled.
pub fn equal_quantities(a: &str, b: &str) -> bool {
    match (Quantity::parse(a), Quantity::parse(b)) {
        (Ok(a), Ok(b)) => a.cmp(&b) == std::cmp::Ordering::Equal,
        _ => a == b,
    }
}
