//! How Go prints values: numbers, `%v` and `%#v` of decoded JSON, and its orders of strings.

use std::cmp::Ordering;

use rollscope_api::Value;
use serde_json::Number;

/// A number of decoded JSON: integers in full, floats as `%v` prints them (`1e+06`).
pub(crate) fn number(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => float_g(float),
        _ => number.to_string(),
    }
}

/// The shortest form of a float, with an exponent below 1e-4 and from 1e6 on.
fn float_g(value: f64) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0".into() } else { "0".into() };
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// A value of decoded JSON as `%v` prints it: `map[a:b c:[d e]]`.
pub(crate) fn v(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(n) => number(n),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(v).collect::<Vec<_>>().join(" "))
        }
        Value::Object(fields) => {
            let pairs: Vec<String> = fields.iter().map(|(k, x)| format!("{k}:{}", v(x))).collect();
            format!("map[{}]", pairs.join(" "))
        }
    }
}

/// A value of decoded JSON as `%#v` prints it.
pub(crate) fn sharp_v(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(n) => number(n),
        Value::String(text) => quote(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(sharp_v).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Object(fields) => {
            let pairs: Vec<String> =
                fields.iter().map(|(k, x)| format!("{}:{}", quote(k), sharp_v(x))).collect();
            format!("map[string]interface {{}}{{{}}}", pairs.join(", "))
        }
    }
}

/// A value's type as `%T` prints it.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(n) if n.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

/// A string as `%q` prints it.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{0}'..='\u{1f}' | '\u{7f}' => quoted += &format!("\\x{:02x}", u32::from(c)),
            '\u{80}'..='\u{a0}' | '\u{ad}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                quoted += &format!("\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The order of a mapping's keys in YAML: letters after everything else, runs of digits by their
/// number. Models `keyList` of `go.yaml.in/yaml/v2`.
pub(crate) fn natural_order(a: &str, b: &str) -> Ordering {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let Some(at) = a.iter().zip(&b).position(|(x, y)| x != y) else {
        return a.len().cmp(&b.len());
    };
    let (x, y) = (a[at], b[at]);
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x.cmp(&y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A zero within a number says nothing of its size by itself.
    let within_number = (x == '0' || y == '0')
        && a[..at].iter().rev().take_while(|c| c.is_ascii_digit()).any(|c| *c != '0');
    let run = |chars: &[char]| {
        let digits: Vec<i64> =
            chars[at..].iter().map_while(|c| c.to_digit(10).map(i64::from)).collect();
        let start = i64::from(within_number);
        let value = digits.iter().fold(start, |n, digit| n.wrapping_mul(10).wrapping_add(*digit));
        (value, digits.len())
    };
    run(&a).cmp(&run(&b)).then(x.cmp(&y))
}
