//! kubectl's jsonpath: `{range .items[*]}{.metadata.name}{"\n"}{end}`.
//!
//! Models `k8s.io/client-go/util/jsonpath`, whose language is its own: text stands outside of braces,
//! filters compare two paths or a path and a literal, and a missing key is an empty result.

pub(super) mod compare;
mod eval;
mod parse;

use std::borrow::Cow;

use rollscope_api::{Value, gojson};

use super::json;
use crate::gofmt;
pub(super) use parse::unquote;

/// A step of a template.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text(String),
    /// An action: steps applied one after another.
    List(Vec<Node>),
    Field(String),
    Array([Param; 3]),
    Filter {
        left: Vec<Node>,
        operator: String,
        right: Vec<Node>,
    },
    Int(i64),
    Float(f64),
    Bool(bool),
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
    /// `range`, `end`.
    Identifier(String),
}

/// A number of `[from:to:step]`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Param {
    value: i64,
    known: bool,
    /// Follows from the first number: `[1]` is `[1:2]`.
    derived: bool,
}

/// A value found in the data, or one the template made.
type Found<'a> = Cow<'a, Value>;

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template {
    text: String,
    nodes: Vec<Node>,
    /// Whether a missing key is an error.
    strict: bool,
    /// `jsonpath-as-json`.
    as_json: bool,
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// The parser's words: `unclosed action`, `unterminated array` …
    pub fn parse(text: &str) -> Result<Self, String> {
        let nodes = parse::parse(text)?;
        Ok(Self { text: text.to_owned(), nodes, strict: false, as_json: false })
    }

    /// Missing keys become errors (`--allow-missing-template-keys=false`).
    #[must_use]
    pub fn strict(self, strict: bool) -> Self {
        Self { strict, ..self }
    }

    /// Results are printed as JSON lists.
    #[must_use]
    pub fn as_json(self) -> Self {
        Self { as_json: true, ..self }
    }

    /// What the template's parts find, one list a part.
    ///
    /// # Errors
    /// The evaluation's words: `array index out of bounds: index 5, length 1` …
    pub fn find<'a>(&self, data: &'a Value) -> Result<Vec<Vec<Found<'a>>>, String> {
        eval::Evaluation::new(&self.nodes, self.strict).run(data)
    }

    /// Prints what the template finds.
    ///
    /// # Errors
    /// kubectl's words, with the template and the whole object, as it prints them.
    pub fn print(&self, data: &Value) -> Result<String, String> {
        let results = self.find(data).and_then(|parts| self.print_results(&parts));
        results.map_err(|error| {
            format!(
                "error executing jsonpath {}: Error executing template: {error}. Printing more \
                 information for debugging the template:\n\ttemplate was:\n\t\t{}\n\tobject given \
                 to jsonpath engine was:\n\t\t{}\n\n\n",
                gofmt::quote(&self.text),
                self.text,
                gofmt::sharp_v(data),
            )
        })
    }

    fn print_results(&self, parts: &[Vec<Found<'_>>]) -> Result<String, String> {
        let mut out = String::new();
        for part in parts {
            if self.as_json {
                let list = part.iter().map(|found| found.clone().into_owned()).collect();
                out.push_str(&json::to_json(&Value::Array(list)));
                continue;
            }
            let texts: Vec<String> = part.iter().map(|found| text_of(found)).collect();
            out.push_str(&texts.join(" "));
        }
        Ok(out)
    }
}

/// Maps and lists as JSON, everything else as Go prints it.
fn text_of(value: &Value) -> String {
    match value {
        Value::Object(_) | Value::Array(_) => gojson::to_string(value),
        Value::Null => "null".into(),
        scalar => gofmt::v(scalar),
    }
}

/// `metadata.name`, `.metadata.name` and `{metadata.name}` as `{.metadata.name}`.
/// Models `RelaxedJSONPathExpression`.
///
/// # Errors
/// Anything with braces elsewhere is refused in kubectl's words.
pub fn relaxed(expression: &str) -> Result<String, String> {
    if expression.is_empty() {
        return Ok(String::new());
    }
    let inner = expression.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let path = inner.unwrap_or(expression);
    let path = path.strip_prefix('.').unwrap_or(path);
    if path.is_empty() || path.contains(['{', '}']) {
        return Err("unexpected path string, expected a 'name1.name2' or '.name1.name2' or \
                    '{name1.name2}' or '{.name1.name2}'"
            .into());
    }
    Ok(format!("{{.{path}}}"))
}

#[cfg(test)]
mod tests;
