//! The spanned tree of a document.

use std::collections::BTreeMap;

use serde_json::Value;

use super::parser::late;
use super::raw::{Raw, RawKind};
use super::token::{Failure, Mark};
use super::{Span, Step};
use crate::order;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value is.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// A scalar.
    Scalar(Value),
    /// A list.
    Sequence(Vec<Node>),
    /// A map: key, place of the key, value. Of repeated keys the last counts.
    Mapping(Vec<(String, Span, Node)>),
}

impl Node {
    /// The value without places.
    pub fn value(&self) -> Value {
        match &self.kind {
            NodeKind::Scalar(value) => value.clone(),
            NodeKind::Sequence(items) => items.iter().map(Self::value).collect(),
            NodeKind::Mapping(entries) => Value::Object(order::gather(
                entries.iter().map(|(key, _, node)| (key.clone(), node.value())),
            )),
        }
    }

    /// The entry of a map: the place of its key, and its value.
    pub fn get(&self, key: &str) -> Option<(Span, &Self)> {
        let NodeKind::Mapping(entries) = &self.kind else { return None };
        let found = entries.iter().rev().find(|(name, _, _)| name == key);
        found.map(|(_, span, node)| (*span, node))
    }

    pub(crate) fn locate(&self, steps: &[Step]) -> Span {
        let mut node = self;
        // The document as a whole is shown at its first line.
        let mut span = self.first_line();
        for step in steps {
            match (&node.kind, step) {
                (NodeKind::Mapping(_), Step::Key(key)) => {
                    let Some((key_span, value)) = node.get(key) else { return span };
                    // A long value is shown at its key, a short one at itself.
                    span = match value.kind {
                        NodeKind::Scalar(_) if value.span.is_on_one_line() => value.span,
                        _ => key_span,
                    };
                    node = value;
                }
                (NodeKind::Sequence(items), Step::Index(index)) => {
                    let Some(item) = items.get(*index) else { return span };
                    (span, node) = (item.first_line(), item);
                }
                _ => return span,
            }
        }
        span
    }

    /// The node, or what of it is on its first line.
    fn first_line(&self) -> Span {
        match &self.kind {
            NodeKind::Mapping(entries) => match entries.first() {
                Some((_, key, value)) if value.span.end_line == key.line => {
                    Span { end_column: value.span.end_column.max(key.end_column), ..*key }
                }
                Some((_, key, _)) => *key,
                None => self.span,
            },
            _ if self.span.is_on_one_line() => self.span,
            _ => Span { end_line: self.span.line, end_column: self.span.column + 1, ..self.span },
        }
    }

    /// Moves every place down by a number of lines: for documents behind the first.
    pub(super) fn shift(&mut self, lines: usize) {
        self.span.shift(lines);
        match &mut self.kind {
            NodeKind::Scalar(_) => {}
            NodeKind::Sequence(items) => items.iter_mut().for_each(|item| item.shift(lines)),
            NodeKind::Mapping(entries) => {
                for (_, span, value) in entries {
                    span.shift(lines);
                    value.shift(lines);
                }
            }
        }
    }
}

impl Span {
    fn is_on_one_line(&self) -> bool {
        self.line == self.end_line && self.column < self.end_column
    }

    pub(super) fn shift(&mut self, lines: usize) {
        self.line += lines;
        self.end_line += lines;
    }
}

fn span(start: Mark, end: Mark) -> Span {
    Span {
        line: start.line + 1,
        column: start.column + 1,
        end_line: end.line + 1,
        end_column: end.column + 1,
    }
}

/// Turns what is written into values: scalars resolved, keys made strings, merge keys followed.
pub(super) fn build(raw: &Raw) -> Result<Node, Failure> {
    let fail = |problem| late(raw.start, problem);
    let kind = match &raw.kind {
        RawKind::Scalar(scalar) => {
            let value = scalar.resolve().and_then(super::resolve::Resolved::into_value);
            NodeKind::Scalar(value.map_err(fail)?)
        }
        RawKind::Sequence(items) => {
            NodeKind::Sequence(items.iter().map(build).collect::<Result<_, _>>()?)
        }
        RawKind::Mapping(pairs) => {
            let mut entries = Vec::new();
            for (key, value) in pairs {
                if key.is_merge_key() {
                    merge(value, &mut entries)?;
                    continue;
                }
                let name = key_text(key, value)?;
                let value = build(value)?;
                entries.push((name, span(key.start, key.end), value));
            }
            NodeKind::Mapping(entries)
        }
    };
    Ok(Node { span: span(raw.start, raw.end), kind })
}

fn key_text(key: &Raw, value: &Raw) -> Result<String, Failure> {
    match &key.kind {
        RawKind::Scalar(scalar) => {
            let resolved = scalar.resolve().map_err(|problem| late(key.start, problem))?;
            resolved.into_key().ok_or_else(|| {
                let value = match go_syntax(value).as_str() {
                    "interface {}(nil)" => "<nil>".to_owned(),
                    text => text.to_owned(),
                };
                let problem =
                    format!("unsupported map key of type: %!s(<nil>), key: <nil>, value: {value}");
                late(key.start, format!("\u{0}{problem}"))
            })
        }
        _ => Err(late(key.start, format!("invalid map key: {}", go_syntax(key)))),
    }
}

/// `<<: *base`, `<<: [*a, *b]`: of several maps the first wins.
fn merge(raw: &Raw, entries: &mut Vec<(String, Span, Node)>) -> Result<(), Failure> {
    let wrong =
        || late(raw.start, "map merge requires map or sequence of maps as the value".to_owned());
    let maps: Vec<&Raw> = match &raw.kind {
        RawKind::Mapping(_) => vec![raw],
        RawKind::Sequence(items) => items.iter().rev().collect(),
        RawKind::Scalar(_) => return Err(wrong()),
    };
    for map in maps {
        match build(map)?.kind {
            NodeKind::Mapping(merged) => entries.extend(merged),
            _ => return Err(wrong()),
        }
    }
    Ok(())
}

/// A node as Go's `%#v` prints the value it decodes to.
fn go_syntax(raw: &Raw) -> String {
    match &raw.kind {
        RawKind::Scalar(scalar) => match scalar.resolve().map(super::resolve::Resolved::into_value)
        {
            Ok(Ok(Value::Null)) => "interface {}(nil)".to_owned(),
            Ok(Ok(Value::String(text))) => crate::gojson::quote(&text),
            Ok(Ok(value)) => crate::gojson::sprint(&value),
            _ => crate::gojson::quote(&scalar.text),
        },
        RawKind::Sequence(items) => {
            let items: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        RawKind::Mapping(pairs) => {
            // Go sorts the keys, and of repeated ones the last counts.
            let pairs: BTreeMap<String, String> =
                order::gather(pairs.iter().map(|(key, value)| (go_syntax(key), go_syntax(value))));
            let pairs: Vec<String> =
                pairs.iter().map(|(key, value)| format!("{key}:{value}")).collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", pairs.join(", "))
        }
    }
}
