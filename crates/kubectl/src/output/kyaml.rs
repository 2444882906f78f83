//! `-o kyaml`: YAML in braces, with every string quoted. Models `sigs.k8s.io/yaml/kyaml`.

use rollscope_api::{Value, gojson};

use super::yaml_scalar;

/// The document, introduced by `---`.
pub fn to_kyaml(value: &Value) -> String {
    let mut out = String::from("---\n");
    node(value, 0, &mut out);
    out.push('\n');
    out
}

fn node(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(fields) if fields.is_empty() => out.push_str("{}"),
        Value::Object(fields) => {
            out.push_str("{\n");
            for (name, value) in fields {
                write_indent(indent + 1, out);
                key(name, out);
                out.push_str(": ");
                node(value, indent + 1, out);
                out.push_str(",\n");
            }
            write_indent(indent, out);
            out.push('}');
        }
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Array(items) if items.iter().all(|item| item.is_object() || item.is_array()) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                node(item, indent, out);
            }
            out.push(']');
        }
        Value::Array(items) => {
            out.push_str("[\n");
            for item in items {
                write_indent(indent + 1, out);
                node(item, indent + 1, out);
                out.push_str(",\n");
            }
            write_indent(indent, out);
            out.push(']');
        }
        Value::String(text) => string(text, indent + 1, out),
        scalar => out.push_str(&gojson::to_string(scalar)),
    }
}

fn write_indent(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", indent));
}

/// A key stays bare where nobody could take it for anything else.
fn key(name: &str, out: &mut String) {
    if !needs_quotes(name) {
        out.push_str(name);
        return;
    }
    out.push('"');
    for c in name.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c => escape(c, out),
        }
    }
    out.push('"');
}

fn needs_quotes(name: &str) -> bool {
    let ambiguous = matches!(name.to_lowercase().as_str(), "null" | "~" | "t" | "f" | "0" | "1")
        || yaml_scalar::is_ambiguous(name)
        || yaml_scalar::is_ambiguous(&name.to_lowercase());
    if name.is_empty() || ambiguous {
        return true;
    }
    let last = name.chars().count() - 1;
    name.chars().enumerate().any(|(index, c)| {
        let inside = index > 0 && index < last;
        let bare = c.is_alphabetic() || c.is_numeric() || c == '_';
        !(bare || (inside && matches!(c, '-' | '.' | '/')))
    })
}

/// Lines of a longer text stand under each other, folded by backslashes.
fn string(text: &str, indent: usize, out: &mut String) {
    let folded = text.contains('\n');
    out.push('"');
    if folded {
        out.push_str("\\\n");
    }
    for c in text.chars() {
        if out.ends_with('\n') {
            write_indent(indent, out);
            out.push(if c.is_whitespace() && c != '\n' { '\\' } else { ' ' });
        }
        match c {
            '\n' => out.push_str("\\n\\\n"),
            '\t' => out.push('\t'),
            c => escape(c, out),
        }
    }
    if folded {
        if !out.ends_with('\n') {
            out.push_str("\\\n");
        }
        write_indent(indent, out);
    }
    out.push('"');
}

fn escape(c: char, out: &mut String) {
    match c {
        '"' | '\\' => {
            out.push('\\');
            out.push(c);
        }
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        '\u{b}' => out.push_str("\\v"),
        '\0' => out.push_str("\\0"),
        '\u{1b}' => out.push_str("\\e"),
        '\u{85}' => out.push_str("\\N"),
        '\u{a0}' => out.push_str("\\_"),
        '\u{2028}' => out.push_str("\\L"),
        '\u{2029}' => out.push_str("\\P"),
        c if c.is_ascii_control() => *out += &format!("\\x{:02x}", u32::from(c)),
        c if c.is_control() || c == '\u{feff}' => *out += &format!("\\u{:04x}", u32::from(c)),
        c => out.push(c),
    }
}
