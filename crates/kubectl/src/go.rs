//! The texts and readings of Go's standard library that kubectl's users meet: quoting, numbers,
//! durations.

use rollscope_api::SimDuration;
pub(crate) use rollscope_api::gojson::{quote, to_string as json};

/// Quotes one character as `%q` does a rune.
pub(crate) fn quote_char(c: char) -> String {
    match c {
        '\'' => "'\\''".into(),
        '\\' => "'\\\\'".into(),
        c => format!("'{c}'"),
    }
}

/// Reads a switch as `strconv.ParseBool` does.
pub(crate) fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {}: invalid syntax", quote(text))),
    }
}

/// Reads a whole number as `strconv.ParseInt` does; base 0 understands `0x`, `0o`, `0b` and `_`.
pub(crate) fn parse_int(text: &str, base: u32, bits: u32) -> Result<i64, String> {
    integer(text, base, bits)
        .map_err(|what| format!("strconv.ParseInt: parsing {}: {what}", quote(text)))
}

/// Reads a whole number as `strconv.Atoi` does.
pub(crate) fn atoi(text: &str) -> Result<i64, String> {
    integer(text, 10, 64).map_err(|what| format!("strconv.Atoi: parsing {}: {what}", quote(text)))
}

fn integer(text: &str, base: u32, bits: u32) -> Result<i64, &'static str> {
    const SYNTAX: &str = "invalid syntax";
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match base {
        0 if lower.starts_with("0x") => (16, lower[2..].replace('_', "")),
        0 if lower.starts_with("0b") => (2, lower[2..].replace('_', "")),
        0 if lower.starts_with("0o") => (8, lower[2..].replace('_', "")),
        0 if lower.len() > 1 && lower.starts_with('0') => (8, lower[1..].replace('_', "")),
        0 => (10, lower.replace('_', "")),
        base => (base, lower),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(SYNTAX);
    }
    let magnitude = i128::from_str_radix(&digits, radix).unwrap_or(i128::MAX);
    let value = if negative { -magnitude } else { magnitude };
    let limit = 1_i128 << (bits - 1);
    if value < -limit || value >= limit {
        return Err("value out of range");
    }
    i64::try_from(value).map_err(|_| "value out of range")
}

/// Reads a duration as `time.ParseDuration` does, to the microsecond.
pub(crate) fn parse_duration(text: &str) -> Result<SimDuration, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(SimDuration::ZERO);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut nanos: i128 = 0;
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number = &rest[..number_end];
        if number.is_empty() || number == "." || number.matches('.').count() > 1 {
            return Err(invalid());
        }
        rest = &rest[number_end..];
        let unit_end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
        let unit = &rest[..unit_end];
        rest = &rest[unit_end..];
        let scale: i128 = match unit {
            "" => return Err(format!("time: missing unit in duration {}", quote(text))),
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            unit => {
                return Err(format!(
                    "time: unknown unit {} in duration {}",
                    quote(unit),
                    quote(text)
                ));
            }
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let whole: i128 =
            if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        let mut value = whole.checked_mul(scale).ok_or_else(invalid)?;
        let mut place = scale;
        for digit in fraction.bytes().take(18) {
            place /= 10;
            value += i128::from(digit - b'0') * place;
        }
        nanos = nanos.checked_add(value).ok_or_else(invalid)?;
        if nanos > i128::from(i64::MAX) {
            return Err(invalid());
        }
    }
    let micros = i64::try_from(nanos / 1_000).map_err(|_| invalid())?;
    Ok(SimDuration::from_micros(if negative { -micros } else { micros }))
}

/// A list of texts as `%v` prints it: `[a b]`.
pub(crate) fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    format!("[{}]", texts.join(" "))
}

/// Takes one line of comma-separated values apart as `encoding/csv` does.
pub(crate) fn csv(line: &str) -> Vec<String> {
    if line.is_empty() {
        return Vec::new();
    }
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut field = String::new();
            let mut chars = quoted.char_indices().peekable();
            let mut end = quoted.len();
            while let Some((at, c)) = chars.next() {
                if c != '"' {
                    field.push(c);
                } else if chars.peek().is_some_and(|&(_, next)| next == '"') {
                    field.push('"');
                    chars.next();
                } else {
                    end = at + 1;
                    break;
                }
            }
            fields.push(field);
            match quoted[end..].split_once(',') {
                Some((_, after)) => rest = after,
                None => return fields,
            }
        } else {
            match rest.split_once(',') {
                Some((field, after)) => {
                    fields.push(field.to_owned());
                    rest = after;
                }
                None => {
                    fields.push(rest.to_owned());
                    return fields;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{csv, parse_duration, parse_int, quote};

    #[test]
    fn numbers() {
        assert_eq!(parse_int("0x10", 0, 32), Ok(16));
        assert_eq!(parse_int("-5", 0, 32), Ok(-5));
        assert_eq!(
            parse_int("3000000000", 0, 32).unwrap_err(),
            r#"strconv.ParseInt: parsing "3000000000": value out of range"#
        );
        assert!(parse_int("", 0, 64).is_err());
    }

    #[test]
    fn durations() {
        assert_eq!(parse_duration("1m30s").map(|d| d.as_micros()), Ok(90_000_000));
        assert_eq!(parse_duration("1.5s").map(|d| d.as_micros()), Ok(1_500_000));
        assert_eq!(parse_duration("-1s").map(|d| d.as_micros()), Ok(-1_000_000));
        assert_eq!(parse_duration("x").unwrap_err(), r#"time: invalid duration "x""#);
        assert_eq!(parse_duration("5y").unwrap_err(), r#"time: unknown unit "y" in duration "5y""#);
    }

    #[test]
    fn texts() {
        assert_eq!(quote("a\"b\n"), r#""a\"b\n""#);
        assert_eq!(csv(r#"a,"b,c",d"#), ["a", "b,c", "d"]);
    }
}
