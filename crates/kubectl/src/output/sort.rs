//! `--sort-by`. Models kubectl's `cmd/get/sorter.go`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use rollscope_api::Value;
use rollscope_api::quantity::Quantity;

use super::jsonpath::{Template, relaxed};
use crate::{gofmt, gosort};

/// Why objects could not be sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortError {
    /// kubectl's words, without `error: `.
    Refused(String),
    /// Values that have no order: kubectl's log says so, and it ends at once.
    Fatal(String),
}

impl fmt::Display for SortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(text) | Self::Fatal(text) => f.write_str(text),
        }
    }
}

impl From<String> for SortError {
    fn from(text: String) -> Self {
        Self::Refused(text)
    }
}

/// Sorts the objects of a list that is printed as a whole (`-o name`, `-o yaml` …) by the field a
/// jsonpath names, in the forms `.metadata.name`, `metadata.name` and `{.metadata.name}`. Objects
/// without the field come first. A single object is no list and is not given here.
///
/// # Errors
/// See [`SortError`].
pub fn sort_by(objects: &mut [Value], field: &str) -> Result<(), SortError> {
    if objects.is_empty() {
        return Ok(());
    }
    let field = relaxed(field)?;
    sort(objects, &field, &Template::parse(&field)?, "*unstructured.Unstructured")
}

/// Sorts the rows of a table. A single row is in order, whatever the field is.
///
/// # Errors
/// See [`SortError`].
pub fn sort_rows(objects: &mut [Value], field: &str) -> Result<(), SortError> {
    if objects.len() < 2 {
        return Ok(());
    }
    let field = relaxed(field).unwrap_or_else(|_| field.to_owned());
    let template = Template::parse(&field).map_err(|error| format!("sorting error: {error}"))?;
    sort(objects, &field, &template, ROWS)?;
    // kubectl sorts tables when it has read them and once more when it prints them, which matters
    // to rows without the field.
    sort(objects, &field, &template, ROWS)
}

/// What Go calls the parsed fields of all rows.
const ROWS: &str = "[][][]reflect.Value";

fn sort(
    objects: &mut [Value],
    field: &str,
    template: &Template,
    what: &str,
) -> Result<(), SortError> {
    let mut keyed = Vec::with_capacity(objects.len());
    for (index, object) in objects.iter().enumerate() {
        let first = template.find(object)?.into_iter().next();
        let key = first.and_then(|found| found.into_iter().next()).map(Cow::into_owned);
        keyed.push((key, index));
    }
    if keyed.iter().all(|(key, _)| key.is_none()) {
        let field = gofmt::quote(field);
        let text = format!("couldn't find any field with path {field} in the list of objects");
        return Err(SortError::Refused(text));
    }
    let unsortable = keyed.iter().filter_map(|(key, _)| key.as_ref()).find(|key| !sortable(key));
    if let Some(key) = unsortable.filter(|_| objects.len() > 1) {
        let kind = gofmt::type_name(key);
        return Err(SortError::Fatal(format!(
            "Field {field} in {what} is an unsortable type: interface, err: unsortable type: {kind}"
        )));
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

fn sortable(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Number(_) | Value::String(_))
}
