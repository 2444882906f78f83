//! Quantities in descriptions.

use rollscope_api::Value;

use crate::value::plain;

/// Whether a quantity is greater than zero.
pub(super) fn is_positive(quantity: &Value) -> bool {
    let text = plain(quantity);
    !text.starts_with('-') && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}

/// The value a `resourceFieldRef` gives a variable of its own container.
pub(super) fn container_value(_container: &Value, _reference: &Value) -> String {
    String::new()
}

/// A quantity written in the notation of another one.
pub(super) fn in_notation_of(quantity: &str, _other: &str) -> String {
    quantity.to_owned()
}
