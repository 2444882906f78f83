//! JSON as Go's `encoding/json` prints it: sorted keys, four blanks of indentation, and `<`, `>`
//! and `&` escaped.

use rollscope_api::{Value, gojson};

/// Indented by four, with a newline at the end.
pub fn to_json(value: &Value) -> String {
    let mut out = indented(value);
    out.push('\n');
    out
}

/// Indented by four.
pub(crate) fn indented(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out
}

fn write(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            write_list(['[', ']'], items, indent, out, |item, out| write(item, indent + 1, out));
        }
        Value::Object(fields) if !fields.is_empty() => {
            write_list(['{', '}'], fields, indent, out, |(key, value), out| {
                out.push_str(&gojson::to_string(&Value::String(key.clone())));
                out.push_str(": ");
                write(value, indent + 1, out);
            });
        }
        scalar_or_empty => out.push_str(&gojson::to_string(scalar_or_empty)),
    }
}

fn write_list<T>(
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    indent: usize,
    out: &mut String,
    mut write_item: impl FnMut(T, &mut String),
) {
    out.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        new_line(indent + 1, out);
        write_item(item, out);
    }
    new_line(indent, out);
    out.push(close);
}

fn new_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("    ", indent));
}
