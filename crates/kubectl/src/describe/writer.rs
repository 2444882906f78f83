//! The text under construction: indented writes, aligned when it is finished.
//! Models `PrefixWriter` and `tabbedString` of `kubectl/pkg/describe/describe.go`.

use rollscope_api::{Value, annotation};
use serde_json::Map;

use crate::tabwriter;
use crate::value::{Peek, escape_terminal, plain};

/// An annotation longer than this (key, value and `: `, in bytes) gets lines of its own, cut.
const LONGEST_ANNOTATION: usize = 140;

/// Collects a description.
#[derive(Default)]
pub(super) struct Writer {
    /// What is already aligned.
    finished: String,
    /// Cells that are still to be aligned with each other.
    pending: String,
}

impl Writer {
    /// Writes at an indentation of two blanks a level.
    pub fn put(&mut self, level: usize, text: &str) {
        self.pending.extend(std::iter::repeat_n("  ", level));
        self.pending.push_str(text);
    }

    /// `Title:<TAB>value` in a line of its own.
    pub fn field(&mut self, level: usize, title: &str, value: impl std::fmt::Display) {
        self.put(level, &format!("{title}:\t{value}\n"));
    }

    /// What follows is aligned for itself.
    pub fn flush(&mut self) {
        self.finished.push_str(&tabwriter::align(&self.pending, 0, 2));
        self.pending.clear();
    }

    /// The aligned text.
    pub fn finish(mut self) -> String {
        self.flush();
        escape_terminal(self.finished)
    }

    /// The text with its TABs.
    pub fn raw(self) -> String {
        escape_terminal(self.pending)
    }

    /// Lines of values under a title that only the first line bears; `<none>` for no value.
    pub fn lines(&mut self, title: &str, values: &[String]) {
        self.put(0, &format!("{title}:\t"));
        if values.is_empty() {
            self.put(0, "<none>\n");
        }
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.put(0, "\t");
            }
            self.put(0, value);
            self.put(0, "\n");
        }
    }

    /// `Title:  key=value`, a line each, sorted by key.
    pub fn labels(&mut self, title: &str, labels: Option<&Map<String, Value>>) {
        let values: Vec<String> = labels
            .into_iter()
            .flatten()
            .map(|(key, value)| format!("{key}={}", plain(value)))
            .collect();
        self.lines(title, &values);
    }

    /// `Title:  key: value`, a line each, sorted by key; long values are cut.
    pub fn annotations(&mut self, title: &str, annotations: Option<&Map<String, Value>>) {
        self.put(0, &format!("{title}:\t"));
        let shown: Vec<(&String, String)> = annotations
            .into_iter()
            .flatten()
            .filter(|(key, _)| key.as_str() != annotation::LAST_APPLIED)
            .map(|(key, value)| (key, plain(value)))
            .collect();
        if shown.is_empty() {
            self.put(0, "<none>\n");
        }
        for (index, (key, value)) in shown.iter().enumerate() {
            if index > 0 {
                self.put(0, "\t");
            }
            let value = value.strip_suffix('\n').unwrap_or(value);
            if key.len() + value.len() + 2 > LONGEST_ANNOTATION || value.contains('\n') {
                self.put(0, &format!("{key}:\n"));
                for line in value.split('\n') {
                    self.put(0, &format!("\t  {}\n", shorten(line, LONGEST_ANNOTATION - 2)));
                }
            } else {
                self.put(0, &format!("{key}: {value}\n"));
            }
        }
    }

    /// The name, the namespace, the labels and the annotations of most kinds.
    pub fn metadata(&mut self, object: &Value) {
        self.field(0, "Name", object.text("metadata.name"));
        self.field(0, "Namespace", object.text("metadata.namespace"));
        self.labels("Labels", object.fields("metadata.labels"));
        self.annotations("Annotations", object.fields("metadata.annotations"));
    }
}

/// Cuts a text to a number of bytes, marked by three dots; never inside a character.
pub(super) fn shorten(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let mut end = longest;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}...", &text[..end])
}
