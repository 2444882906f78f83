//! Manifests as text: YAML and JSON read as kubectl reads them, with the place of every value.
//!
//! kubectl splits a file at `---` lines, reads each part with go-yaml v2 (YAML 1.1) and turns it
//! into JSON; a file that begins with `{` is tried as JSON first. Models
//! k8s.io/apimachinery/pkg/util/yaml (decoder.go) and sigs.k8s.io/yaml.

mod aliases;
mod characters;
mod json;
mod parser;
mod raw;
mod resolve;
mod scalars;
mod scanner;
#[cfg(test)]
mod tests;
mod token;
mod tree;

use serde_json::Value;

pub use aliases::{Excess, excess};
use json::JsonReader;
use token::Failure;
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
    /// kubectl's words after `error parsing FILE: `, for instance
    /// `error converting YAML to JSON: yaml: line 6: found unexpected end of stream`.
    /// The line in it counts from the start of the document, and is go-yaml's, which is one less
    /// for some mistakes.
    pub message: String,
    /// The line of the text where the mistake is or begins, from 1.
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

/// The largest text that is read, in bytes: what the API server takes in one request.
pub const TEXT_SIZE_MAX: usize = 3 * 1024 * 1024;

/// Reads every document of a text. Documents without content are left out.
///
/// # Errors
/// The first thing that cannot be read, in kubectl's words.
pub fn parse(text: &str) -> Result<Vec<Document>, YamlError> {
    match parse_all(text) {
        (documents, None) => Ok(documents),
        (_, Some(error)) => Err(error),
    }
}

/// Reads the documents of a text up to the first that cannot be read, as kubectl does: what comes
/// before a mistake is still applied.
pub fn parse_all(text: &str) -> (Vec<Document>, Option<YamlError>) {
    let mut documents = Vec::new();
    let error = read_stream(text, &mut documents).err();
    (documents, error)
}

fn read_stream(text: &str, documents: &mut Vec<Document>) -> Result<(), YamlError> {
    if text.len() > TEXT_SIZE_MAX {
        let message = format!("Request entity too large: limit is {TEXT_SIZE_MAX}");
        return Err(YamlError { message, line: 1, column: 1 });
    }
    if !text.trim_start().starts_with('{') {
        return read_yaml(text, 0, documents);
    }
    let mut reader = JsonReader::new(text);
    let mut count = 0;
    let (mut start, mut line) = (0, 1);
    loop {
        match reader.next_value() {
            Ok(None) => return Ok(()),
            Ok(Some(root)) => {
                count += 1;
                (start, line, _) = reader.position();
                push(documents, root);
            }
            Err(error) => {
                let (_, error_line, column) = reader.position();
                let message = if error.at_end {
                    error.message
                } else {
                    format!("json: offset {}: {}", error.offset, error.message)
                };
                let error = YamlError { message, line: error_line, column };
                if count > 1 {
                    return Err(error);
                }
                // It may still be YAML. If it is neither, the mistake in the JSON is reported.
                let rest = skip_line_end(&text[start..]);
                let skipped = text[start..].len() - rest.len();
                let lines = line - 1 + text[start..start + skipped].matches('\n').count();
                return read_yaml(rest, lines, documents).map_err(|_| error);
            }
        }
    }
}

/// Drops white space up to and including the first line break.
fn skip_line_end(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
    rest.strip_prefix('\n').unwrap_or(rest)
}

fn push(documents: &mut Vec<Document>, root: Node) {
    if !matches!(root.kind, NodeKind::Scalar(Value::Null)) {
        documents.push(Document { value: root.value(), root });
    }
}

fn read_yaml(text: &str, lines: usize, documents: &mut Vec<Document>) -> Result<(), YamlError> {
    let mut chunk = String::new();
    let mut chunk_line = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if let Some(rest) = line.strip_prefix("---") {
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                return Err(YamlError {
                    message: format!("invalid Yaml document separator: {rest}"),
                    line: lines + at + 1,
                    column: 1,
                });
            }
            // A separator ends a document; before the first it belongs to it.
            if !chunk.is_empty() {
                read_chunk(&chunk, lines + chunk_line, documents)?;
                chunk.clear();
                chunk_line = at + 1;
                continue;
            }
            chunk_line = at;
        } else if chunk.is_empty() {
            chunk_line = at;
        }
        chunk.push_str(line);
        chunk.push('\n');
    }
    if chunk.is_empty() { Ok(()) } else { read_chunk(&chunk, lines + chunk_line, documents) }
}

fn read_chunk(text: &str, lines: usize, documents: &mut Vec<Document>) -> Result<(), YamlError> {
    let error = |failure: Failure| {
        let message = failure.message();
        // Some failures are found after YAML has been read, while it is turned into JSON.
        let message = match message.strip_prefix('\u{0}') {
            Some(message) => message.to_owned(),
            None if message.starts_with("json: ") => message,
            None => format!("yaml: {message}"),
        };
        // These are noticed behind the place where something must be mended.
        let mark = match failure.problem.as_str() {
            "could not find expected ':'" | "found unexpected end of stream" => failure.context,
            "mapping values are not allowed in this context"
                if failure.context.line + 1 == failure.mark.line =>
            {
                failure.context
            }
            _ => failure.mark,
        };
        YamlError {
            message: format!("error converting YAML to JSON: {message}"),
            line: lines + mark.line + 1,
            column: mark.column + 1,
        }
    };
    if let Some((line, column)) = control_character(text) {
        return Err(YamlError {
            message: "error converting YAML to JSON: yaml: control characters are not allowed"
                .to_owned(),
            line: lines + line + 1,
            column: column + 1,
        });
    }
    let raw = parser::Parser::new(text).document().map_err(error)?;
    if let Some(raw) = raw {
        let mut root = tree::build(&raw).map_err(error)?;
        root.shift(lines);
        push(documents, root);
    }
    Ok(())
}

/// The first character that YAML does not allow: its line and column, from 0.
fn control_character(text: &str) -> Option<(usize, usize)> {
    let allowed = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}'
            | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
    };
    let at = text.char_indices().find(|(_, c)| !allowed(*c))?.0;
    let before = &text[..at];
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
    Some((line, column))
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
            } else if rest.starts_with('.') {
                rest = &rest[1..];
                continue;
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
