//! What Go says about a text that is no RFC 3339 time.
//!
//! Models `time.Parse` of Go's standard library for the layout that the API uses.

use crate::gojson::quote;

const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";

/// A piece of the layout: its text, what it is called, and the least and the largest number it may
/// be. Separators have no name.
const PIECES: [(&str, &str, u32, u32); 11] = [
    ("2006", "year", 0, 9999),
    ("-", "", 0, 0),
    ("01", "month", 1, 12),
    ("-", "", 0, 0),
    // Which day a month has is looked at last.
    ("02", "day", 0, 99),
    ("T", "", 0, 0),
    ("15", "hour", 0, 23),
    (":", "", 0, 0),
    ("04", "minute", 0, 59),
    (":", "", 0, 0),
    ("05", "second", 0, 59),
];

/// The text of the error, if the time cannot be read.
pub(super) fn time_error(text: &str) -> Option<String> {
    let unreadable = |rest: &str, part: &str| {
        Some(format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quote(text),
            quote(LAYOUT),
            quote(rest),
            quote(part)
        ))
    };
    let wrong = |what: &str| Some(format!("parsing time {}: {what}", quote(text)));
    let mut rest = text;
    let (mut year, mut month, mut day) = (0, 0, 0);
    for (part, name, least, most) in PIECES {
        if name.is_empty() {
            let Some(behind) = rest.strip_prefix(part) else { return unreadable(rest, part) };
            rest = behind;
            continue;
        }
        let Some((number, behind)) = number(rest, name) else { return unreadable(rest, part) };
        rest = behind;
        if number < least || number > most {
            return wrong(&format!("{name} out of range"));
        }
        match name {
            "year" => year = number,
            "month" => month = number,
            "day" => day = number,
            "second" => rest = without_fraction(rest),
            _ => {}
        }
    }
    match zone(rest) {
        Err(None) => return unreadable(rest, "Z07:00"),
        Err(Some(what)) => return wrong(&format!("time zone offset {what} out of range")),
        Ok(behind) => rest = behind,
    }
    if !rest.is_empty() {
        return wrong(&format!("extra text: {}", quote(rest)));
    }
    if day < 1 || day > days_in(month, year) {
        return wrong("day out of range");
    }
    None
}

/// A number and what stands behind it. Hours alone may have one digit.
fn number<'a>(rest: &'a str, name: &str) -> Option<(u32, &'a str)> {
    let digit = |at: usize| rest.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let length = match name {
        "year" => 4,
        "hour" if digit(0) && !digit(1) => 1,
        _ => 2,
    };
    if !(0..length).all(digit) {
        return None;
    }
    let (number, behind) = rest.split_at(length);
    Some((number.parse().ok()?, behind))
}

/// Seconds may have a fraction that the layout does not name.
fn without_fraction(rest: &str) -> &str {
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return rest };
    let behind = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
    if behind.len() == fraction.len() { rest } else { behind }
}

/// What stands behind the time zone; otherwise which part of it is too large, if it is that.
fn zone(rest: &str) -> Result<&str, Option<&'static str>> {
    if let Some(behind) = rest.strip_prefix('Z') {
        return Ok(behind);
    }
    let bytes = rest.as_bytes();
    if bytes.len() < 6 || bytes[3] != b':' || !matches!(bytes[0], b'+' | b'-') {
        return Err(None);
    }
    let two = |at: usize| {
        let digits = bytes[at..at + 2].iter().all(u8::is_ascii_digit);
        digits.then(|| u32::from(bytes[at] - b'0') * 10 + u32::from(bytes[at + 1] - b'0'))
    };
    let (hours, minutes) = (two(1).ok_or(None)?, two(4).ok_or(None)?);
    if hours > 24 {
        return Err(Some("hour"));
    }
    if minutes > 60 {
        return Err(Some("minute"));
    }
    Ok(&rest[6..])
}

fn days_in(month: u32, year: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::time_error;

    /// The texts are those of a real kubectl.
    #[test]
    fn times_are_read_as_go_reads_them() {
        let check = |text: &str, expected: &str| {
            assert_eq!(time_error(text).unwrap_or_default(), expected, "{text}");
        };
        for good in [
            "2001-02-20T01:00:01Z",
            "2001-02-20T1:00:00Z",
            "2001-02-20T01:00:01.123Z",
            "2001-02-20T01:00:01+09:00",
            "2004-02-29T01:00:01Z",
        ] {
            check(good, "");
        }
        let layout = "2006-01-02T15:04:05Z07:00";
        for (text, rest, part) in [
            ("yesterday", "yesterday", "2006"),
            ("", "", "2006"),
            ("2001-01-01", "", "T"),
            ("2001-01-01T00:00:00", "", "Z07:00"),
            ("2001-02-20T01:00:01+0900", "+0900", "Z07:00"),
            ("2001-2-20T01:00:01Z", "2-20T01:00:01Z", "01"),
        ] {
            let parse = format!("as {layout:?}: cannot parse {rest:?} as {part:?}");
            check(text, &format!("parsing time {text:?} {parse}"));
        }
        for (text, what) in [
            ("2001-13-01T00:00:00Z", "month out of range"),
            ("2001-01-01T24:00:00Z", "hour out of range"),
            ("2001-02-20T01:00:61Z", "second out of range"),
            ("2001-02-30T01:00:00Z", "day out of range"),
            ("2001-02-20T01:00:01+25:00", "time zone offset hour out of range"),
            ("2001-02-20T01:00:00Zx", "extra text: \"x\""),
        ] {
            check(text, &format!("parsing time {text:?}: {what}"));
        }
    }
}
