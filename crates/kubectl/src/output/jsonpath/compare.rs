//! Comparisons in filters. Models the functions `eq`, `lt` … of Go's `text/template`, which compare
//! within one kind of value only.

use std::cmp::Ordering;

use rollscope_api::Value;

const BAD_TYPE: &str = "invalid type for comparison";
pub(in crate::output) const INCOMPATIBLE: &str = "incompatible types for comparison";

/// Whether `left operator right`.
pub(in crate::output) fn holds(
    left: &Value,
    operator: &str,
    right: &Value,
) -> Result<bool, String> {
    match operator {
        "==" => equal(left, right),
        "!=" => equal(left, right).map(|equal| !equal),
        "<" => less(left, right),
        ">=" => less(left, right).map(|less| !less),
        "<=" => Ok(less(left, right)? || equal(left, right)?),
        ">" => Ok(!(less(left, right)? || equal(left, right)?)),
        other => Err(format!("unrecognized filter operator {other}")),
    }
}

#[derive(PartialEq)]
enum Kind {
    Bool,
    Int,
    Float,
    String,
}

fn kind(value: &Value) -> Result<Kind, String> {
    Ok(match value {
        Value::Bool(_) => Kind::Bool,
        Value::Number(number) if number.is_f64() => Kind::Float,
        Value::Number(_) => Kind::Int,
        Value::String(_) => Kind::String,
        Value::Null | Value::Array(_) | Value::Object(_) => return Err(BAD_TYPE.into()),
    })
}

fn equal(left: &Value, right: &Value) -> Result<bool, String> {
    if kind(left)? != kind(right)? {
        return Err(INCOMPATIBLE.into());
    }
    Ok(left == right)
}

fn less(left: &Value, right: &Value) -> Result<bool, String> {
    let of = kind(left)?;
    if of != kind(right)? {
        return Err(INCOMPATIBLE.into());
    }
    let order = match of {
        Kind::Bool => return Err(BAD_TYPE.into()),
        Kind::Int => left.as_i64().cmp(&right.as_i64()),
        Kind::Float => left.as_f64().partial_cmp(&right.as_f64()).unwrap_or(Ordering::Equal),
        Kind::String => left.as_str().cmp(&right.as_str()),
    };
    Ok(order == Ordering::Less)
}
