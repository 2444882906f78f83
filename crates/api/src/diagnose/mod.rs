//! What is wrong with a manifest, for the editor: each mistake at its place, in the words of
//! kubectl or the API server, with a hint in plain words.

mod hints;
mod nearest;
mod place;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::order;
use crate::yaml::{self, Document, Node, NodeKind, Span, YamlError};
use crate::{Resource, decode, defaults, validate};

/// Something wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// In the API server's or kubectl's words.
    pub message: String,
    /// In plain words, and what to do about it. May be empty.
    pub hint: String,
    /// Whether it would only be warned about.
    pub warning: bool,
}

/// Reads, decodes, defaults and validates every document of a text. Sorted by place.
pub fn diagnose(text: &str) -> Vec<Diagnostic> {
    let (documents, error) = yaml::parse_all(text);
    let mut found = Vec::new();
    for document in &documents {
        check_document(document, &mut found);
    }
    match error {
        Some(error) => found.push(unreadable(text, &error)),
        None if documents.is_empty() => found.push(Diagnostic {
            span: Span { line: 1, column: 1, end_line: 1, end_column: 1 },
            message: "no objects passed to apply".to_owned(),
            hint: "There is nothing to apply yet: write a manifest, or load an example.".to_owned(),
            warning: false,
        }),
        None => {}
    }
    order::sort_by_key(&mut found, |diagnostic| (diagnostic.span, diagnostic.warning));
    found
}

fn unreadable(text: &str, error: &YamlError) -> Diagnostic {
    let line = text.lines().nth(error.line - 1).unwrap_or_default();
    let rest: String = line.chars().skip(error.column - 1).collect();
    // The word at the place, or the whole line where the place is behind its end.
    let (column, length) = match rest.trim_end().chars().count() {
        0 => (1, line.chars().count().max(1)),
        _ => (
            error.column,
            rest.find(char::is_whitespace)
                .map_or(rest.chars().count(), |end| rest[..end].chars().count().max(1)),
        ),
    };
    Diagnostic {
        span: Span { line: error.line, column, end_line: error.line, end_column: column + length },
        message: error.message.clone(),
        hint: hints::of_yaml(&error.message, line, &rest).to_owned(),
        warning: false,
    }
}

fn check_document(document: &Document, found: &mut Vec<Diagnostic>) {
    repeated_keys(&document.root, found);
    let items = match (document.value["kind"].as_str(), document.root.get("items")) {
        (Some("List"), Some((_, items))) => items,
        _ => return check_object(&document.root, &document.value, found),
    };
    if let NodeKind::Sequence(items) = &items.kind {
        for item in items {
            check_object(item, &item.value(), found);
        }
    }
}

/// YAML allows a key twice; the last value counts, which is seldom what was meant.
fn repeated_keys(node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.kind {
        NodeKind::Scalar(_) => {}
        NodeKind::Sequence(items) => items.iter().for_each(|item| repeated_keys(item, found)),
        NodeKind::Mapping(entries) => {
            for (at, (key, span, value)) in entries.iter().enumerate() {
                let repeated = entries[..at].iter().any(|(before, _, _)| before == key);
                // A merge key may bring what is written below it again.
                if repeated && span.line > entries[0].1.line {
                    found.push(Diagnostic {
                        span: *span,
                        message: format!("key {key:?} is set twice"),
                        hint: "kubectl takes the last value and says nothing.".to_owned(),
                        warning: true,
                    });
                }
                repeated_keys(value, found);
            }
        }
    }
}

fn check_object(root: &Node, value: &Value, found: &mut Vec<Diagnostic>) {
    let mut report = |span, message: String, hint: String| {
        found.push(Diagnostic { span, message, hint, warning: false });
    };
    if !value.is_object() {
        let message = "error validating data: invalid object to validate".to_owned();
        return report(place::first_line(root), message, hints::NOT_A_MAP.to_owned());
    }
    if let Err(error) = decode::check_metadata(value) {
        let path = error.split_whitespace().find(|word| word.contains("metadata."));
        let path = path.map(|word| word.trim_start_matches("ObjectMeta.")).unwrap_or("metadata");
        let hint = hints::of_type(&error, &place::text_of(root, path));
        return report(place::of_field(root, path), error, hint);
    }
    let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default();
    let missing: Vec<&str> =
        ["apiVersion", "kind"].into_iter().filter(|field| text(field).is_empty()).collect();
    if !missing.is_empty() {
        let said: Vec<String> = missing.iter().map(|field| format!("{field} not set")).collect();
        let said = match said.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let message = format!("error validating data: {said}");
        return report(place::first_line(root), message, hints::missing_type(value));
    }
    let Some(resource) = Resource::from_gvk(text("apiVersion"), text("kind")) else {
        let (version, kind) = (text("apiVersion"), text("kind"));
        let message = format!("no matches for kind {kind:?} in version {version:?}");
        let known_kind = Resource::ALL.iter().any(|resource| resource.kind() == kind);
        let field = if known_kind { "apiVersion" } else { "kind" };
        return report(place::of_field(root, field), message, hints::unknown_kind(version, kind));
    };
    check_fields(resource, root, value, found);
}

fn check_fields(resource: Resource, root: &Node, value: &Value, found: &mut Vec<Diagnostic>) {
    let inspection = decode::inspect(resource, value);
    for path in &inspection.unknown {
        found.push(Diagnostic {
            span: place::of_key(root, path),
            message: format!("unknown field \"{path}\""),
            hint: hints::unknown_field(resource, path),
            warning: false,
        });
    }
    for (path, message) in &inspection.type_errors {
        found.push(Diagnostic {
            span: place::of_field(root, path),
            message: message.clone(),
            hint: hints::of_type(message, &place::text_of(root, path)),
            warning: false,
        });
    }
    let Some(mut object) = inspection.value else { return };
    defaults::set_defaults(resource, &mut object);
    for cause in validate::validate(resource, &object, None) {
        // A field that was misspelled is not missed once more.
        let shadowed = cause.message.starts_with("Required value")
            && inspection.unknown.iter().any(|path| nearest::may_mean(path, &cause.field));
        if shadowed {
            continue;
        }
        found.push(Diagnostic {
            span: place::of_cause(root, &cause),
            hint: hints::of_cause(resource, &cause),
            message: format!("{}: {}", cause.field, cause.message),
            warning: false,
        });
    }
    for message in validate::warnings(resource, &object, None) {
        let path = message.split_once(": ").map_or("", |(path, _)| path);
        // What is refused need not be warned about as well.
        if found.iter().any(|other| !other.warning && other.message.starts_with(path)) {
            continue;
        }
        found.push(Diagnostic {
            span: place::of_field(root, path),
            hint: hints::of_warning(&message).to_owned(),
            message,
            warning: true,
        });
    }
}
