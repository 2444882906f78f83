//! `--sort-by`. Models kubectl's `cmd/get/sorter.go`.

use std::cmp::Ordering;

use rollscope_api::Value;
use rollscope_api::quantity::Quantity;

use super::jsonpath::{Template, relaxed};
use crate::gosort;

/// Sorts objects by the field a jsonpath names, in the forms `.metadata.name`, `metadata.name` and
/// `{.metadata.name}`. Objects without the field come first.
///
/// # Errors
/// kubectl's words, without `error: `.
pub fn sort_by(objects: &mut [Value], field: &str) -> Result<(), String> {
    let field = relaxed(field).unwrap_or_else(|_| field.to_owned());
    if objects.len() < 2 {
        // One object is sorted, whatever the field: kubectl does not even parse it.
        return Ok(());
    }
    let template = Template::parse(&field).map_err(|error| format!("sorting error: {error}"))?;
    let mut keyed = Vec::with_capacity(objects.len());
    for (index, object) in objects.iter().enumerate() {
        let key = template
            .find(object)?
            .into_iter()
            .next()
            .and_then(|found| found.into_iter().next().map(std::borrow::Cow::into_owned));
        keyed.push((key, index));
    }
    if keyed.iter().all(|(key, _)| key.is_none()) {
        return Err(format!(
            "couldn't find any field with path {} in the list of objects",
            crate::gofmt::quote(&field)
        ));
    }
    if let Some(kind) = keyed.iter().filter_map(|(key, _)| key.as_ref()).find_map(unsortable) {
        return Err(format!(
            "Field {field} in [][][]reflect.Value is an unsortable type: interface, err: \
             unsortable type: {kind}"
        ));
    }
    gosort::sort(&mut keyed, |(a, _), (b, _)| less(a.as_ref(), b.as_ref()));
    let sorted: Vec<Value> = keyed.iter().map(|(_, index)| objects[*index].take()).collect();
    objects.iter_mut().zip(sorted).for_each(|(place, object)| *place = object);
    Ok(())
}

/// kubectl's order: it calls two missing values less than each other.
fn less(a: Option<&Value>, b: Option<&Value>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return a.is_none() };
    match (a, b) {
        (Value::Null, Value::Null) | (_, Value::Null) => false,
        (Value::Null, _) => true,
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a < b,
            _ => a.as_f64() < b.as_f64(),
        },
        (Value::String(a), Value::String(b)) => match (Quantity::parse(a), Quantity::parse(b)) {
            (Ok(a), Ok(b)) => a.cmp(&b) == Ordering::Less,
            _ => a < b,
        },
        _ => false,
    }
}

fn unsortable(value: &Value) -> Option<&'static str> {
    match value {
        Value::Object(_) | Value::Array(_) | Value::Bool(_) => Some(crate::gofmt::type_name(value)),
        _ => None,
    }
}
