//! Manifests as text: YAML read as kubectl reads it, with the place of every value.

mod resolve;
mod tree;

use serde_json::Value;

pub use tree::{Node, NodeKind};

/// A place in a text. Lines and columns count from 1; columns count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub struct Span {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
}

/// One document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// As kubectl turns it into JSON.
    pub value: Value,
    /// The same with places.
    pub root: Node,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// kubectl's words: `yaml: line 6: found unexpected end of stream`.
    pub message: String,
    /// The line of the text the error is found at, from 1. It may differ from the line in the
    /// message, which counts from the start of its document.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// One step of a field path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name`, `[key]`
    Key(String),
    /// `[0]`
    Index(usize),
}

/// Reads every document of a text. Documents without content are left out.
///
/// # Errors
/// The first thing that cannot be read, in kubectl's words.
pub fn parse(text: &str) -> Result<Vec<Document>, YamlError> {
    tree::parse(text)
}

/// Splits `spec.containers[0].resources.limits[cpu]` into its steps.
pub fn parse_path(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let end = inner.find(']').unwrap_or(inner.len());
            let word = &inner[..end];
            steps.push(match word.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Key(word.to_owned()),
            });
            rest = inner.get(end + 1..).unwrap_or_default();
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end > 0 {
                steps.push(Step::Key(rest[..end].to_owned()));
            }
            rest = &rest[end..];
        }
    }
    steps
}

/// The place of a field, or of its nearest parent that is in the text. A missing field under an
/// existing parent is shown at the parent's key.
pub fn locate(document: &Document, path: &str) -> Span {
    document.root.locate(&parse_path(path))
}
