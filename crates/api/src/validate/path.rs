//! Field paths and field errors.
//!
//! Models k8s.io/apimachinery/pkg/util/validation/field. A path is a chain of borrowed steps and
//! becomes text only when there is an error to report.

use std::fmt;

use serde_json::Value;

use crate::gojson;
use crate::schema::Schema;
use crate::status::Cause;

/// A field's path.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Child(&'a str),
    Index(usize),
    Key(&'a str),
}

impl<'a> Path<'a> {
    pub(super) fn root(name: &'a str) -> Self {
        Self { parent: None, step: Step::Child(name) }
    }

    pub(super) fn child<'b>(&'b self, name: &'b str) -> Path<'b> {
        Path { parent: Some(self), step: Step::Child(name) }
    }

    pub(super) fn index(&self, index: usize) -> Path<'_> {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    pub(super) fn key<'b>(&'b self, key: &'b str) -> Path<'b> {
        Path { parent: Some(self), step: Step::Key(key) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Child(name) if self.parent.is_some() => write!(f, ".{name}"),
            Step::Child(name) => f.write_str(name),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Key(key) => write!(f, "[{key}]"),
        }
    }
}

/// The errors found so far, in order.
#[derive(Default)]
pub(super) struct Errors(pub(super) Vec<Cause>);

impl Errors {
    fn push(&mut self, path: &Path<'_>, kind: &str, value: Option<&str>, detail: &str) {
        let mut message = kind.to_owned();
        for part in value.into_iter().chain((!detail.is_empty()).then_some(detail)) {
            message.push_str(": ");
            message.push_str(part);
        }
        self.0.push(Cause { field: path.to_string(), message });
    }

    pub(super) fn required(&mut self, path: &Path<'_>, detail: &str) {
        self.push(path, "Required value", None, detail);
    }

    pub(super) fn forbidden(&mut self, path: &Path<'_>, detail: &str) {
        self.push(path, "Forbidden", None, detail);
    }

    pub(super) fn too_long(&mut self, path: &Path<'_>, bytes: usize) {
        self.push(path, "Too long", None, &format!("may not be more than {bytes} bytes"));
    }

    /// A list with more elements than it may have.
    pub(super) fn too_many(&mut self, path: &Path<'_>, count: usize, max: usize) {
        let detail = format!("must have at most {max} items");
        self.push(path, "Too many", Some(&count.to_string()), &detail);
    }

    /// A bad string.
    pub(super) fn invalid(&mut self, path: &Path<'_>, value: &str, detail: &str) {
        self.push(path, "Invalid value", Some(&gojson::quote(value)), detail);
    }

    /// A bad value whose text is already what the message quotes: a number, JSON.
    pub(super) fn invalid_raw(&mut self, path: &Path<'_>, value: &str, detail: &str) {
        self.push(path, "Invalid value", Some(value), detail);
    }

    pub(super) fn invalid_number(&mut self, path: &Path<'_>, value: i64, detail: &str) {
        self.invalid_raw(path, &value.to_string(), detail);
    }

    /// A bad string, for every message a name check returned.
    pub(super) fn invalid_each(&mut self, path: &Path<'_>, value: &str, details: Vec<String>) {
        for detail in details {
            self.invalid(path, value, &detail);
        }
    }

    /// A bad value of a v1 type, quoted as JSON.
    pub(super) fn invalid_typed(
        &mut self,
        path: &Path<'_>,
        go_type: &str,
        value: &Value,
        detail: &str,
    ) {
        let schema = Schema::get();
        let text = match schema.by_name(go_type) {
            Some(id) => schema.go_json(id, value),
            None => gojson::to_string(value),
        };
        self.invalid_raw(path, &text, detail);
    }

    /// A bad value of an internal type, quoted as JSON with Go's field names.
    pub(super) fn invalid_internal(
        &mut self,
        path: &Path<'_>,
        go_type: &str,
        value: &Value,
        detail: &str,
    ) {
        self.invalid_raw(path, &internal_text(go_type, value), detail);
    }

    /// A value that is none of those supported, in the order given.
    pub(super) fn not_supported(&mut self, path: &Path<'_>, value: &str, supported: &[&str]) {
        let value = gojson::to_string(&Value::from(value));
        self.not_supported_raw(path, &value, supported);
    }

    pub(super) fn not_supported_raw(&mut self, path: &Path<'_>, value: &str, supported: &[&str]) {
        let supported: Vec<String> = supported.iter().map(|value| gojson::quote(value)).collect();
        let detail = format!("supported values: {}", supported.join(", "));
        self.push(path, "Unsupported value", Some(value), &detail);
    }

    pub(super) fn not_found(&mut self, path: &Path<'_>, value: &str, detail: &str) {
        self.push(path, "Not found", Some(&gojson::quote(value)), detail);
    }

    pub(super) fn duplicate(&mut self, path: &Path<'_>, value: &str) {
        self.duplicate_raw(path, &gojson::quote(value));
    }

    pub(super) fn duplicate_raw(&mut self, path: &Path<'_>, value: &str) {
        self.push(path, "Duplicate value", Some(value), "");
    }

    /// `must be greater than or equal to 0`
    pub(super) fn non_negative(&mut self, path: &Path<'_>, value: i64) {
        if value < 0 {
            self.invalid_number(path, value, "must be greater than or equal to 0");
        }
    }
}

pub(super) fn internal_text(go_type: &str, value: &Value) -> String {
    let schema = Schema::get();
    match schema.by_name(go_type) {
        Some(id) => schema.internal_json(id, Some(value)),
        None => gojson::to_string(value),
    }
}

/// A string field; empty where absent.
pub(super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// A number field; nothing where absent.
pub(super) fn number(value: &Value, field: &str) -> Option<i64> {
    value.get(field).and_then(Value::as_i64)
}

/// A list field; empty where absent.
pub(super) fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The entries of a map field, sorted by key; none where absent.
pub(super) fn entries<'a>(
    value: &'a Value,
    field: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(field).and_then(Value::as_object).into_iter().flatten()
}

/// Whether a pointer field is set.
pub(super) fn has(value: &Value, field: &str) -> bool {
    value.get(field).is_some_and(|value| !value.is_null())
}

/// Whether a flag is set to true.
pub(super) fn flag(value: &Value, field: &str) -> bool {
    value.get(field) == Some(&Value::Bool(true))
}
