//! The functions of templates. Models `text/template/funcs.go` and what kubectl adds: `exists` and
//! `base64decode`.

use std::borrow::Cow;

use rollscope_api::Value;
use serde_json::json;

use super::super::jsonpath::compare;
use super::eval::{Found, truth};
use crate::gofmt;

const NAMES: [&str; 18] = [
    "and",
    "or",
    "not",
    "len",
    "index",
    "slice",
    "print",
    "printf",
    "println",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "html",
    "exists",
    "base64decode",
];

/// Whether there is such a function.
pub(super) fn exists(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Calls a function that exists.
pub(super) fn call<'a>(name: &str, mut arguments: Vec<Found<'a>>) -> Result<Found<'a>, String> {
    let given = arguments.len();
    let least = match name {
        "print" | "println" => 0,
        "eq" => 1,
        "ne" | "lt" | "le" | "gt" | "ge" => 2,
        _ => 1,
    };
    let most = match name {
        "not" | "len" | "base64decode" => 1,
        "ne" | "lt" | "le" | "gt" | "ge" => 2,
        _ => usize::MAX,
    };
    if given < least || given > most {
        let want = if most == usize::MAX { format!("at least {least}") } else { least.to_string() };
        return Err(format!("wrong number of args for {name}: want {want} got {given}"));
    }
    let called = |why: String| format!("error calling {name}: {why}");
    let result = match name {
        // The arguments before the last one have not decided.
        "and" | "or" => return Ok(arguments.pop().flatten()),
        "not" => json!(!truth(&arguments[0])),
        "len" => json!(length(&arguments[0]).map_err(called)?),
        "index" => return index(arguments).map_err(called),
        "slice" => slice(&arguments).map_err(called)?,
        "print" => json!(print(&arguments)),
        "println" => json!(println(&arguments)),
        "printf" => json!(printf(&arguments)),
        "html" => json!(html(&print(&arguments))),
        "exists" => json!(index(arguments).is_ok_and(|found| found.is_some_and(|v| !v.is_null()))),
        "base64decode" => json!(base64(&arguments[0]).map_err(called)?),
        "eq" => {
            let mut equal = false;
            for other in &arguments[1..] {
                equal |= compared(&arguments[0], "==", other).map_err(called)?;
            }
            json!(given > 1 && equal)
        }
        other => {
            let operator = match other {
                "ne" => "!=",
                "lt" => "<",
                "le" => "<=",
                "gt" => ">",
                _ => ">=",
            };
            json!(compared(&arguments[0], operator, &arguments[1]).map_err(called)?)
        }
    };
    Ok(Some(Cow::Owned(result)))
}

fn compared(left: &Found<'_>, operator: &str, right: &Found<'_>) -> Result<bool, String> {
    let of = |found: &Found<'_>| found.as_deref().cloned().unwrap_or(Value::Null);
    let types = || format!("{} and {}", type_name(left), type_name(right));
    let incompatible = |why: String| match why == compare::INCOMPATIBLE {
        true => format!("{why}: {}", types()),
        false => why,
    };
    let (left, right) = (of(left), of(right));
    if (left.is_null() || right.is_null()) && matches!(operator, "==" | "!=") {
        return Ok((left.is_null() && right.is_null()) == (operator == "=="));
    }
    compare::holds(&left, operator, &right).map_err(incompatible)
}

/// Numbers of the template are `int`, those of objects `int64`.
fn type_name(found: &Found<'_>) -> &'static str {
    match found.as_deref() {
        Some(Value::Number(number)) if number.is_f64() => "float64",
        Some(Value::Number(_)) if matches!(found, Some(Cow::Owned(_))) => "int",
        Some(Value::Number(_)) => "int64",
        Some(Value::Bool(_)) => "bool",
        _ => "string",
    }
}

fn length(value: &Found<'_>) -> Result<usize, String> {
    match value.as_deref() {
        Some(Value::String(text)) => Ok(text.len()),
        Some(Value::Array(items)) => Ok(items.len()),
        Some(Value::Object(fields)) => Ok(fields.len()),
        None => Err("reflect: call of reflect.Value.Type on zero Value".into()),
        Some(Value::Null) => Err("len of nil pointer".into()),
        Some(other) => Err(format!("len of type {}", gofmt::type_name(other))),
    }
}

fn index(arguments: Vec<Found<'_>>) -> Result<Found<'_>, String> {
    let mut arguments = arguments.into_iter();
    let mut value = arguments.next().flatten();
    for key in arguments {
        let key = key.as_deref().cloned().unwrap_or(Value::Null);
        value = match (value, key) {
            (Some(Cow::Borrowed(Value::Object(fields))), Value::String(key)) => {
                fields.get(&key).map(Cow::Borrowed)
            }
            (Some(Cow::Owned(Value::Object(mut fields))), Value::String(key)) => {
                fields.remove(&key).map(Cow::Owned)
            }
            (Some(list), Value::Number(number)) if list.is_array() => {
                let at = number.as_i64().unwrap_or(-1);
                let found = usize::try_from(at).ok().and_then(|at| match list {
                    Cow::Borrowed(list) => list.get(at).map(Cow::Borrowed),
                    Cow::Owned(list) => list.get(at).cloned().map(Cow::Owned),
                });
                match found {
                    Some(found) => Some(found),
                    None => return Err(format!("index out of range: {at}")),
                }
            }
            (None, _) => return Err("index of untyped nil".into()),
            (Some(value), key) if value.is_array() || value.is_object() => {
                let kind = gofmt::type_name(&key);
                return Err(format!("cannot index slice/array with type {kind}"));
            }
            (Some(value), _) => {
                return Err(format!("can't index item of type {}", gofmt::type_name(&value)));
            }
        };
    }
    Ok(value)
}

fn slice(arguments: &[Found<'_>]) -> Result<Value, String> {
    let bound = |at: usize, otherwise: usize| {
        let given = arguments.get(at).and_then(|bound| bound.as_deref()).and_then(Value::as_u64);
        given.map_or(otherwise, |bound| usize::try_from(bound).unwrap_or(usize::MAX))
    };
    let range = |length: usize| {
        let (from, to) = (bound(1, 0), bound(2, length));
        if to > length || from > to {
            let wrong = if to > length { to } else { from };
            return Err(format!("index out of range: {wrong}"));
        }
        Ok((from, to))
    };
    match arguments[0].as_deref() {
        Some(Value::String(text)) => {
            let (from, to) = range(text.len())?;
            Ok(json!(String::from_utf8_lossy(&text.as_bytes()[from..to])))
        }
        Some(Value::Array(items)) => {
            let (from, to) = range(items.len())?;
            Ok(json!(items[from..to]))
        }
        _ => Err("can't slice item".into()),
    }
}

fn shown(value: &Found<'_>) -> String {
    value.as_deref().map_or("<nil>".into(), gofmt::v)
}

/// Blanks stand between operands of which neither is a string.
fn print(arguments: &[Found<'_>]) -> String {
    let is_text = |value: &Found<'_>| value.as_deref().is_some_and(Value::is_string);
    let mut out = String::new();
    for (at, argument) in arguments.iter().enumerate() {
        if at > 0 && !is_text(argument) && !is_text(&arguments[at - 1]) {
            out.push(' ');
        }
        out += &shown(argument);
    }
    out
}

fn println(arguments: &[Found<'_>]) -> String {
    arguments.iter().map(shown).collect::<Vec<_>>().join(" ") + "\n"
}

/// `%s`, `%d`, `%v`, `%q`, `%t`, `%f`, `%x` and `%%`, with a width and `-`.
fn printf(arguments: &[Found<'_>]) -> String {
    let format = shown(&arguments[0]);
    let mut values = arguments[1..].iter();
    let mut out = String::new();
    let mut rest = format.as_str();
    while let Some(start) = rest.find('%') {
        out += &rest[..start];
        rest = &rest[start + 1..];
        let ends = |c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | ' ' | '#');
        let length = rest.find(ends).unwrap_or(rest.len());
        let (flags, after) = rest.split_at(length);
        let Some(verb) = after.chars().next() else {
            out += "%!(NOVERB)";
            return out;
        };
        rest = &after[verb.len_utf8()..];
        if verb == '%' {
            out.push('%');
            continue;
        }
        let text = match values.next() {
            Some(value) => formatted(verb, flags, value),
            None => format!("%!{verb}(MISSING)"),
        };
        out += &padded(&text, flags);
    }
    out += rest;
    let extra: Vec<String> = values
        .map(|value| {
            let kind = value.as_deref().map_or("<nil>", gofmt::type_name);
            if kind == "<nil>" { kind.into() } else { format!("{kind}={}", shown(value)) }
        })
        .collect();
    if !extra.is_empty() {
        out += &format!("%!(EXTRA {})", extra.join(", "));
    }
    out
}

fn formatted(verb: char, flags: &str, value: &Found<'_>) -> String {
    let value = value.as_deref().unwrap_or(&Value::Null);
    match (verb, value) {
        ('v', value) => gofmt::v(value),
        ('s', Value::String(text)) => text.clone(),
        ('q', Value::String(text)) => gofmt::quote(text),
        ('x', Value::String(text)) => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        ('d', Value::Number(number)) if !number.is_f64() => number.to_string(),
        ('x', Value::Number(number)) if !number.is_f64() => {
            format!("{:x}", number.as_i64().unwrap_or(0))
        }
        ('t', Value::Bool(flag)) => flag.to_string(),
        ('f', Value::Number(number)) if number.is_f64() => {
            let digits = flags.split_once('.').and_then(|(_, digits)| digits.parse().ok());
            format!("{:.*}", digits.unwrap_or(6), number.as_f64().unwrap_or(0.0))
        }
        ('s', Value::Array(_) | Value::Object(_)) => gofmt::v(value),
        (verb, Value::Null) => format!("%!{verb}(<nil>)"),
        (verb, value) => format!("%!{verb}({}={})", gofmt::type_name(value), gofmt::v(value)),
    }
}

fn padded(text: &str, flags: &str) -> String {
    const WIDEST: usize = 1_000;
    let width = flags.trim_start_matches(['-', '+', ' ', '#']);
    let zero = width.starts_with('0');
    let width = width.split('.').next().and_then(|width| width.parse::<usize>().ok());
    let missing = width.unwrap_or(0).min(WIDEST).saturating_sub(text.chars().count());
    match (flags.starts_with('-'), zero) {
        (true, _) => text.to_owned() + &" ".repeat(missing),
        (false, true) => "0".repeat(missing) + text,
        (false, false) => " ".repeat(missing) + text,
    }
}

fn html(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

pub(super) fn base64(value: &Found<'_>) -> Result<String, String> {
    let Some(Value::String(text)) = value.as_deref() else {
        return Err("wrong type for value; expected string".into());
    };
    let failed =
        |at: usize| format!("base64 decode failed: illegal base64 data at input byte {at}");
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return Err(failed(text.len() / 4 * 4));
    }
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for (at, byte) in digits.bytes().enumerate() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err(failed(at)),
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
