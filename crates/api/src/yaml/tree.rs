//! The spanned tree of a document.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

use super::resolve::resolve;
use super::{Document, Span, Step, YamlError};

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
            NodeKind::Mapping(entries) => entries
                .iter()
                .map(|(key, _, node)| (key.clone(), node.value()))
                .collect::<Map<String, Value>>()
                .into(),
        }
    }

    pub(super) fn locate(&self, steps: &[Step]) -> Span {
        let mut node = self;
        let mut span = self.span;
        for step in steps {
            match (&node.kind, step) {
                (NodeKind::Mapping(entries), Step::Key(key)) => {
                    let Some((_, key_span, value)) =
                        entries.iter().rev().find(|(name, _, _)| name == key)
                    else {
                        return span;
                    };
                    // A long value is shown at its key, a short one at itself.
                    span = match value.kind {
                        NodeKind::Scalar(Value::Null) => *key_span,
                        NodeKind::Scalar(_) => value.span,
                        _ => *key_span,
                    };
                    node = value;
                }
                (NodeKind::Sequence(items), Step::Index(index)) => {
                    let Some(item) = items.get(*index) else { return span };
                    (span, node) = (item.span, item);
                }
                _ => return span,
            }
        }
        span
    }
}

pub(super) fn parse(text: &str) -> Result<Vec<Document>, YamlError> {
    let mut documents = Vec::new();
    let mut stack: Vec<(Node, Option<(String, Span)>, usize)> = Vec::new();
    let mut anchors: BTreeMap<usize, Node> = BTreeMap::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| YamlError {
            message: format!("yaml: line {}: {}", error.marker().line(), error.info()),
            line: error.marker().line(),
            column: error.marker().col() + 1,
        })?;
        let span = Span {
            line: span.start.line(),
            column: span.start.col() + 1,
            end_line: span.end.line(),
            end_column: span.end.col() + 1,
        };
        let finished = match event {
            Event::Scalar(text, style, anchor, _) => {
                let value = match style {
                    ScalarStyle::Plain => resolve(&text),
                    _ => Value::from(text.into_owned()),
                };
                (Node { span, kind: NodeKind::Scalar(value) }, anchor)
            }
            Event::SequenceStart(anchor, _) => {
                stack.push((Node { span, kind: NodeKind::Sequence(Vec::new()) }, None, anchor));
                continue;
            }
            Event::MappingStart(anchor, _) => {
                stack.push((Node { span, kind: NodeKind::Mapping(Vec::new()) }, None, anchor));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                Some((node, _, anchor)) => (node, anchor),
                None => continue,
            },
            Event::Alias(anchor) => match anchors.get(&anchor) {
                Some(node) => (node.clone(), 0),
                None => continue,
            },
            _ => continue,
        };
        let (node, anchor) = finished;
        if anchor != 0 {
            anchors.insert(anchor, node.clone());
        }
        match stack.last_mut() {
            None => {
                if !matches!(node.kind, NodeKind::Scalar(Value::Null)) {
                    documents.push(Document { value: node.value(), root: node });
                }
            }
            Some((Node { kind: NodeKind::Sequence(items), .. }, _, _)) => items.push(node),
            Some((Node { kind: NodeKind::Mapping(entries), .. }, key, _)) => match key.take() {
                None => {
                    let name = match node.value() {
                        Value::String(text) => text,
                        other => other.to_string(),
                    };
                    *key = Some((name, node.span));
                }
                Some((name, key_span)) => entries.push((name, key_span, node)),
            },
            Some(_) => {}
        }
    }
    Ok(documents)
}
