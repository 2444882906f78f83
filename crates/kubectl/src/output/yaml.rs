//! YAML exactly as `sigs.k8s.io/yaml` prints it, which is what `go.yaml.in/yaml/v2` emits.
//!
//! serde_yaml cannot stand in for it: it orders keys otherwise, quotes with `'` where Go uses `"`,
//! indents lists, and never folds long lines. This is the part of the emitter that plain values
//! need, with its state (column, whitespace, indention) so that lines fold where they do upstream.

use rollscope_api::order;
use rollscope_api::{Value, gojson};
use serde_json::{Map, Number};

use super::yaml_scalar::{Style, is_break, is_printable, style_of};
use crate::gofmt;

/// Longer lines are folded at the next blank.
const BEST_WIDTH: usize = 80;
const INDENT: isize = 2;
/// A key that is longer stands behind a question mark.
const LONGEST_SIMPLE_KEY: usize = 128;

/// The document, ending in a newline.
pub fn to_yaml(value: &Value) -> String {
    let mut emitter = Emitter::default();
    emitter.node(value, false);
    emitter.indent = -1;
    emitter.write_indent();
    emitter.out
}

/// A number comes by way of its JSON text, where whole floats have lost their point.
fn number_text(number: &Number) -> String {
    let text = gojson::number(number);
    let is_integer = text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok();
    if is_integer { text } else { gofmt::number(number) }
}

struct Emitter {
    out: String,
    /// In characters.
    column: usize,
    /// Whether the last thing written was whitespace.
    whitespace: bool,
    /// Whether only indentation and indicators stand on the line.
    indention: bool,
    indent: isize,
}

impl Default for Emitter {
    fn default() -> Self {
        Self { out: String::new(), column: 0, whitespace: true, indention: true, indent: -1 }
    }
}

impl Emitter {
    fn node(&mut self, value: &Value, in_mapping: bool) {
        match value {
            Value::Object(fields) if fields.is_empty() => {
                self.indicator("{", true, true, false);
                self.indicator("}", false, false, false);
            }
            Value::Array(items) if items.is_empty() => {
                self.indicator("[", true, true, false);
                self.indicator("]", false, false, false);
            }
            Value::Object(fields) => self.mapping(fields),
            Value::Array(items) => self.sequence(items, in_mapping),
            Value::String(text) => self.text(text, false),
            Value::Null => self.plain("null", true),
            Value::Bool(flag) => self.plain(if *flag { "true" } else { "false" }, true),
            Value::Number(number) => self.plain(&number_text(number), true),
        }
    }

    fn mapping(&mut self, fields: &Map<String, Value>) {
        let outer = self.increase_indent(false);
        let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
        order::sort_by(&mut sorted, |(a, _), (b, _)| gofmt::natural_order(a, b));
        for (key, value) in sorted {
            self.write_indent();
            if key.len() <= LONGEST_SIMPLE_KEY && !key.contains(is_break) {
                self.text(key, true);
                self.indicator(":", false, false, false);
            } else {
                self.indicator("?", true, false, true);
                self.text(key, false);
                self.write_indent();
                self.indicator(":", true, false, true);
            }
            self.node(value, true);
        }
        self.indent = outer;
    }

    fn sequence(&mut self, items: &[Value], in_mapping: bool) {
        let outer = self.increase_indent(in_mapping && !self.indention);
        for item in items {
            self.write_indent();
            self.indicator("-", true, false, true);
            self.node(item, false);
        }
        self.indent = outer;
    }

    /// Returns the indentation to go back to.
    fn increase_indent(&mut self, indentless: bool) -> isize {
        let outer = self.indent;
        self.indent = match outer {
            ..0 => 0,
            outer if indentless => outer,
            outer => outer + INDENT,
        };
        outer
    }

    /// A string, as a key (on one line, whatever its length) or as a value.
    fn text(&mut self, text: &str, is_key: bool) {
        let outer = self.indent;
        self.indent = if outer < 0 { INDENT } else { outer + INDENT };
        match style_of(text, is_key) {
            Style::Plain => self.plain(text, !is_key),
            Style::SingleQuoted => self.single_quoted(text, !is_key),
            Style::DoubleQuoted => self.double_quoted(text, !is_key),
            Style::Literal => self.literal(text),
        }
        self.indent = outer;
    }

    fn plain(&mut self, text: &str, may_fold: bool) {
        if !self.whitespace {
            self.put(' ');
        }
        self.folded(text, may_fold, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn single_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("'", true, false, false);
        self.folded(text, may_fold, true);
        self.indicator("'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    /// The characters of a plain or single-quoted scalar.
    fn folded(&mut self, text: &str, may_fold: bool, quoted: bool) {
        let fits = !may_fold || self.column + text.len() <= BEST_WIDTH || !text.contains(' ');
        let quotes = quoted && text.contains('\'');
        if fits && !quotes && !text.is_empty() && text.is_ascii() {
            // Printable ASCII without a place to fold: what nearly every value is.
            self.put_all(text);
            self.indention = false;
            return;
        }
        let (mut after_space, mut after_break) = (false, false);
        let mut rest = text.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            let next_is_space = rest.peek().is_some_and(|(_, next)| *next == ' ');
            if c == ' ' {
                let inside = !quoted || (at > 0 && at + 1 < text.len());
                let fold = may_fold && !after_space && self.column > BEST_WIDTH && inside;
                if fold && !next_is_space {
                    self.write_indent();
                } else {
                    self.put(c);
                }
                after_space = true;
            } else if is_break(c) {
                // A line feed never comes here: it makes a literal or a double-quoted scalar.
                self.out.push(c);
                self.column = 0;
                self.indention = true;
                after_break = true;
            } else {
                if after_break {
                    self.write_indent();
                }
                if quoted && c == '\'' {
                    self.put('\'');
                }
                self.put(c);
                self.indention = false;
                (after_space, after_break) = (false, false);
            }
        }
    }

    fn double_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("\"", true, false, false);
        let mut after_space = false;
        let mut rest = text.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            if !is_printable(c) || is_break(c) || c == '"' || c == '\\' {
                self.escape(c);
                after_space = false;
            } else if c == ' ' {
                let inside = at > 0 && at + 1 < text.len();
                if may_fold && !after_space && self.column > BEST_WIDTH && inside {
                    self.write_indent();
                    if rest.peek().is_some_and(|(_, next)| *next == ' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                after_space = true;
            } else {
                self.put(c);
                after_space = false;
            }
        }
        self.indicator("\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            other => {
                let code = u32::from(other);
                let escaped = match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                return escaped.chars().for_each(|c| self.put(c));
            }
        };
        self.put('\\');
        self.put(short);
    }

    fn literal(&mut self, text: &str) {
        self.indicator("|", true, false, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator("2", false, false, false);
        }
        let mut from_end = text.chars().rev();
        match (from_end.next(), from_end.next()) {
            (Some(last), _) if !is_break(last) => self.indicator("-", false, false, false),
            (Some(_), None) => self.indicator("+", false, false, false),
            (Some(_), Some(before)) if is_break(before) => {
                self.indicator("+", false, false, false);
            }
            _ => {}
        }
        self.line_break();
        self.indention = true;
        self.whitespace = true;
        let mut after_break = true;
        for c in text.chars() {
            if c == '\n' {
                self.line_break();
            } else if is_break(c) {
                self.out.push(c);
                self.column = 0;
            } else {
                if after_break {
                    self.write_indent();
                }
                self.put(c);
                self.indention = false;
                after_break = false;
                continue;
            }
            self.indention = true;
            after_break = true;
        }
    }

    fn indicator(&mut self, text: &str, needs_space: bool, is_space: bool, is_indention: bool) {
        if needs_space && !self.whitespace {
            self.put(' ');
        }
        self.put_all(text);
        self.whitespace = is_space;
        self.indention = self.indention && is_indention;
    }

    fn write_indent(&mut self) {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        let at_indent = self.column == indent && self.whitespace;
        if !self.indention || self.column > indent || (self.column == indent && !at_indent) {
            self.line_break();
        }
        self.out.extend(std::iter::repeat_n(' ', indent.saturating_sub(self.column)));
        self.column = self.column.max(indent);
        self.whitespace = true;
        self.indention = true;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    /// Writes a text that needs neither folding nor escapes at once.
    fn put_all(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }
}
