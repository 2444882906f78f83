//! What scalars mean in YAML 1.1, as go-yaml v2 resolves them and sigs.k8s.io/yaml turns them into
//! JSON.
//!
//! Models resolve.go of go.yaml.in/yaml/v2.

use serde_json::{Number, Value};

/// A scalar as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scalar {
    pub(super) text: String,
    /// The tag in full; empty where there is none.
    pub(super) tag: String,
    /// Written without quotes and without a tag, so that its text decides what it is.
    pub(super) plain: bool,
}

/// What a scalar is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// Beyond i64.
    Uint(u64),
    Float(f64),
    String(String),
}

const PREFIX: &str = "tag:yaml.org,2002:";

impl Scalar {
    pub(super) fn empty() -> Self {
        Self { text: String::new(), tag: String::new(), plain: true }
    }

    /// What the scalar is.
    ///
    /// # Errors
    /// go-yaml's words where a tag asks for what the text is not.
    pub(super) fn resolve(&self) -> Result<Resolved, String> {
        let string = || Resolved::String(self.text.clone());
        if self.tag.is_empty() {
            return Ok(if self.plain { resolve_plain(&self.text) } else { string() });
        }
        let Some(short) = self.tag.strip_prefix(PREFIX) else { return Ok(string()) };
        match short {
            "str" => Ok(string()),
            "binary" => decode_base64(&self.text)
                .map(Resolved::String)
                .ok_or_else(|| "!!binary value contains invalid base64 data".to_owned()),
            "timestamp" => {
                if is_timestamp(&self.text) {
                    return Ok(string());
                }
                Err(self.cannot_decode(&resolve_plain(&self.text), short))
            }
            "bool" | "int" | "float" | "null" => {
                let resolved = resolve_plain(&self.text);
                match (short, resolved) {
                    ("bool", found @ Resolved::Bool(_)) | ("null", found @ Resolved::Null) => {
                        Ok(found)
                    }
                    ("int", found @ (Resolved::Int(_) | Resolved::Uint(_))) => Ok(found),
                    ("float", found @ Resolved::Float(_)) => Ok(found),
                    ("float", Resolved::Int(number)) => Ok(Resolved::Float(number as f64)),
                    (_, found) => Err(self.cannot_decode(&found, short)),
                }
            }
            _ => Ok(string()),
        }
    }

    fn cannot_decode(&self, found: &Resolved, wanted: &str) -> String {
        let found = match found {
            Resolved::Null => "null",
            Resolved::Bool(_) => "bool",
            Resolved::Int(_) | Resolved::Uint(_) => "int",
            Resolved::Float(_) => "float",
            Resolved::String(_) => "str",
        };
        format!("cannot decode !!{found} `{}` as a !!{wanted}", self.text)
    }
}

/// Whether a key is `<<`.
pub(super) fn is_merge(scalar: &Scalar) -> bool {
    scalar.text == "<<"
        && ((scalar.tag.is_empty() && scalar.plain)
            || scalar.tag == format!("{PREFIX}merge")
            || scalar.tag == "!")
}

/// What an unquoted, untagged scalar is.
pub(super) fn resolve_plain(text: &str) -> Resolved {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Resolved::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Resolved::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Resolved::Float(f64::INFINITY);
        }
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let found = match text.bytes().next() {
        Some(b'.') => float(text),
        Some(b'0'..=b'9' | b'+' | b'-') if !is_timestamp(text) => number(&text.replace('_', "")),
        _ => None,
    };
    found.unwrap_or_else(|| Resolved::String(text.to_owned()))
}

fn number(text: &str) -> Option<Resolved> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    match integer(digits) {
        Some(value) if negative => {
            if let Ok(value) = i64::try_from(-i128::from(value)) {
                return Some(Resolved::Int(value));
            }
        }
        Some(value) => {
            return Some(match i64::try_from(value) {
                Ok(value) => Resolved::Int(value),
                Err(_) if text.starts_with('+') => float(text)?,
                Err(_) => Resolved::Uint(value),
            });
        }
        None => {}
    }
    if is_float(digits) { float(text) } else { None }
}

/// Digits with Go's prefixes: `0x`, `0o`, `0b` and the old octal `0`.
fn integer(digits: &str) -> Option<u64> {
    let lower = digits.to_ascii_lowercase();
    let (base, digits) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, &lower[1..])
    } else {
        (10, lower.as_str())
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return None;
    }
    u64::from_str_radix(digits, base).ok()
}

/// `1`, `1.`, `.5`, `1.5e-3`: without a sign.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mantissa_ok = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    let exponent_ok = exponent
        .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    mantissa_ok && exponent_ok
}

fn float(text: &str) -> Option<Resolved> {
    // Rust also reads words such as "infinity", which begin with no digit, sign or dot here.
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !is_float(unsigned) {
        return None;
    }
    text.parse::<f64>().ok().filter(|float| float.is_finite()).map(Resolved::Float)
}

/// Whether a text is a date or a time; such scalars stay text.
fn is_timestamp(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let short =
        |text: &str| matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
    let day_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, time) = rest.split_at(day_end);
    year.len() == 4
        && year.bytes().all(|b| b.is_ascii_digit())
        && short(month)
        && short(day)
        && (1..=12).contains(&month.parse().unwrap_or(0))
        && (1..=31).contains(&day.parse().unwrap_or(0))
        && (time.is_empty() || time.starts_with(['T', 't', ' ']))
}

fn decode_base64(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 1;
        if count == 4 {
            bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
            (bits, count) = (0, 0);
        }
    }
    match count {
        0 => {}
        2 => bytes.push((bits >> 4) as u8),
        3 => bytes.extend_from_slice(&((bits >> 2) as u16).to_be_bytes()),
        _ => return None,
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

impl Resolved {
    /// As JSON. Whole floats become integers, since Go writes them without a point.
    ///
    /// # Errors
    /// Go's words about floats that JSON has no way to write.
    pub(super) fn into_value(self) -> Result<Value, String> {
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => flag.into(),
            Self::Int(number) => number.into(),
            Self::Uint(number) => number.into(),
            Self::String(text) => text.into(),
            Self::Float(float) => return float_value(float),
        })
    }

    /// As the key of a map. Nothing for null, which is no key.
    pub(super) fn into_key(self) -> Option<String> {
        Some(match self {
            Self::Null => return None,
            Self::Bool(flag) => flag.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Uint(number) => number.to_string(),
            Self::String(text) => text,
            Self::Float(float) if float.is_nan() => ".nan".to_owned(),
            Self::Float(float) if float.is_infinite() => {
                if float > 0.0 { ".inf" } else { "-.inf" }.to_owned()
            }
            Self::Float(float) => key_text(float),
        })
    }
}

/// A float as Go's shortest `%g` writes it: with an exponent below 1e-4 and from 1e21.
fn key_text(float: f64) -> String {
    match Number::from_f64(float) {
        Some(number) => crate::gojson::sprint(&Value::Number(number)),
        None => String::new(),
    }
}

pub(super) fn float_value(float: f64) -> Result<Value, String> {
    if float.is_nan() || float.is_infinite() {
        let text = match float {
            float if float.is_nan() => "NaN",
            float if float > 0.0 => "+Inf",
            _ => "-Inf",
        };
        return Err(format!("json: unsupported value: {text}"));
    }
    // Up to 1e21 Go writes whole floats as digits, which are then read as integers.
    if float.fract() == 0.0 && float.abs() < 9.2e18 {
        return Ok((float as i64).into());
    }
    Ok(Number::from_f64(float).map_or(Value::Null, Value::Number))
}
