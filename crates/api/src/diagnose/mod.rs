//! What is wrong with a manifest, for the editor.

use crate::yaml::{self, Span};

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

/// Reads, decodes, defaults and validates every document of a text.
pub fn diagnose(text: &str) -> Vec<Diagnostic> {
    match yaml::parse(text) {
        Ok(_) => Vec::new(),
        Err(error) => vec![Diagnostic {
            span: Span {
                line: error.line,
                column: error.column,
                end_line: error.line,
                end_column: error.column + 1,
            },
            message: error.message,
            hint: String::new(),
            warning: false,
        }],
    }
}
