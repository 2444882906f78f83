//! Field selectors: `status.phase=Running,metadata.name!=web`.

use std::fmt;

use crate::{Resource, Value};

/// Conditions on fields, all of which must hold. `Display` writes it as kubectl does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelector {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    field: String,
    value: String,
    equal: bool,
}

impl FieldSelector {
    /// Reads a field selector. The empty text selects everything.
    ///
    /// # Errors
    /// The text of the parse error.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut terms = Vec::new();
        for part in split_terms(text) {
            if part.is_empty() {
                continue;
            }
            let (at, operator) = find_operator(part)
                .ok_or_else(|| format!("invalid selector: '{text}'; can't understand '{part}'"))?;
            terms.push(Term {
                field: part[..at].to_owned(),
                value: unescape(&part[at + operator.len()..])?,
                equal: operator != "!=",
            });
        }
        Ok(Self { terms })
    }

    /// Whether it restricts nothing.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether the API server can select this resource by these fields.
    ///
    /// # Errors
    /// The server's words about the first field it cannot select by.
    pub fn check(&self, resource: Resource) -> Result<(), String> {
        for term in &self.terms {
            let field = term.field.as_str();
            if matches!(field, "metadata.name" | "metadata.namespace") {
                continue;
            }
            let more = known_fields(resource);
            if more.is_empty() {
                return Err(format!(
                    "{field:?} is not a known field selector: only \"metadata.name\", \
                     \"metadata.namespace\""
                ));
            }
            if !more.contains(&field) {
                return Err(format!("field label not supported: {field}"));
            }
        }
        Ok(())
    }

    /// Whether an object in wire form meets every condition. An absent field is empty.
    pub fn matches(&self, object: &Value) -> bool {
        self.terms.iter().all(|term| {
            let mut value = object;
            for part in term.field.split('.') {
                value = value.get(part).unwrap_or(&Value::Null);
            }
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            (text == term.value) == term.equal
        })
    }
}

impl fmt::Display for FieldSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let operator = if term.equal { "=" } else { "!=" };
            let value = term.value.replace('\\', "\\\\").replace(',', "\\,").replace('=', "\\=");
            write!(f, "{comma}{}{operator}{value}", term.field)?;
        }
        Ok(())
    }
}

/// The fields a resource can be selected by besides its name and namespace.
fn known_fields(resource: Resource) -> &'static [&'static str] {
    match resource {
        Resource::Pods => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
        Resource::Events => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        Resource::Nodes => &["spec.unschedulable"],
        Resource::Namespaces => &["name", "status.phase"],
        Resource::ReplicaSets => &["status.replicas"],
        Resource::Secrets => &["type"],
        Resource::Services => &["spec.clusterIP", "spec.type"],
        _ => &[],
    }
}

/// Splits at commas that are not escaped.
fn split_terms(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn find_operator(term: &str) -> Option<(usize, &'static str)> {
    for (at, _) in term.char_indices() {
        for operator in ["!=", "==", "="] {
            if term[at..].starts_with(operator) {
                return Some((at, operator));
            }
        }
    }
    None
}

fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut escaped = false;
    for c in text.chars() {
        match c {
            '\\' | ',' | '=' if escaped => {
                out.push(c);
                escaped = false;
            }
            c if escaped => {
                return Err(format!("invalid field selector: invalid escape sequence: \\{c}"));
            }
            '\\' => escaped = true,
            ',' | '=' => {
                return Err(format!(
                    "invalid field selector: unescaped character in value: {}",
                    c as u32
                ));
            }
            c => out.push(c),
        }
    }
    if escaped {
        return Err("invalid field selector: invalid escape sequence: \\".to_owned());
    }
    Ok(out)
}
