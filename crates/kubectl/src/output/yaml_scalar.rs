//! How a string is quoted in YAML. Models `yaml_emitter_analyze_scalar`, `stringv` and `resolve` of
//! `go.yaml.in/yaml/v2`: what another reader could take for something else than a string is quoted.

/// The ways to write a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// The style of a string, as a mapping's key or as a value.
pub(super) fn style_of(text: &str, is_key: bool) -> Style {
    let facts = analyze(text);
    if text.contains('\n') {
        return if facts.block_allowed && !is_key { Style::Literal } else { Style::DoubleQuoted };
    }
    if is_ambiguous(text) || (is_key && facts.multiline) {
        return Style::DoubleQuoted;
    }
    if facts.plain_allowed {
        Style::Plain
    } else if facts.single_quoted_allowed {
        Style::SingleQuoted
    } else {
        Style::DoubleQuoted
    }
}

struct Facts {
    multiline: bool,
    plain_allowed: bool,
    single_quoted_allowed: bool,
    block_allowed: bool,
}

fn analyze(text: &str) -> Facts {
    let mut indicators = text.starts_with("---") || text.starts_with("...");
    let (mut line_breaks, mut special) = (false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut previous_space, mut previous_break) = (false, false);
    let mut preceded_by_blank = true;
    let mut rest = text.chars().peekable();
    let mut first = true;
    while let Some(c) = rest.next() {
        let followed_by_blank = rest.peek().is_none_or(|next| matches!(next, ' ' | '\t'));
        indicators |= match c {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
            | '@' | '`'
                if first =>
            {
                true
            }
            '?' | '-' if first => followed_by_blank,
            ':' => followed_by_blank,
            '#' => preceded_by_blank,
            _ => false,
        };
        special |= !is_printable(c);
        if c == ' ' {
            break_space |= previous_break;
            (previous_space, previous_break) = (true, false);
        } else if is_break(c) {
            line_breaks = true;
            space_break |= previous_space;
            (previous_space, previous_break) = (false, true);
        } else {
            (previous_space, previous_break) = (false, false);
        }
        preceded_by_blank = matches!(c, ' ' | '\t' | '\0') || is_break(c);
        first = false;
    }
    let blank_or_break = |c: char| c == ' ' || is_break(c);
    let open_ends = text.starts_with(blank_or_break) || text.ends_with(blank_or_break);
    let broken = space_break || special;
    Facts {
        multiline: line_breaks,
        plain_allowed: !(open_ends || break_space || broken || line_breaks || indicators),
        single_quoted_allowed: !(break_space || broken),
        block_allowed: !(text.ends_with(' ') || broken || text.is_empty()),
    }
}

/// What ends a line in YAML 1.1.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What may stand in a scalar unescaped: the emitter's own idea, which knows no character beyond
/// the basic plane.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && c != '\u{feff}'
}

/// Whether another reader could take the text for something else than a string.
pub(super) fn is_ambiguous(text: &str) -> bool {
    resolves_to_another_type(text) || is_base_60_float(text)
}

/// Whether the text, unquoted, would be read as null, a boolean, a number or a time.
fn resolves_to_another_type(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return true };
    match first {
        'y' | 'Y' | 'n' | 'N' | 't' | 'T' | 'f' | 'F' | 'o' | 'O' | '~' => is_word(text),
        '.' => is_word(text) || is_float(text),
        '+' | '-' | '0'..='9' => is_word(text) || is_timestamp(text) || is_number(text),
        _ => false,
    }
}

fn is_word(text: &str) -> bool {
    const WORDS: [&str; 36] = [
        "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "n", "N", "no",
        "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "~", "null", "Null", "NULL",
        ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
    ];
    WORDS.contains(&text) || matches!(text, "-.Inf" | "-.INF")
}

/// An integer in one of Go's notations or a float; underscores may stand anywhere.
fn is_number(text: &str) -> bool {
    let plain = text.replace('_', "");
    is_integer(&plain) || is_float(&plain)
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let prefixed = digits.strip_prefix('0').and_then(|rest| {
        let (base, rest) = match rest.chars().next()? {
            'x' | 'X' => (16, &rest[1..]),
            'b' | 'B' => (2, &rest[1..]),
            'o' | 'O' => (8, &rest[1..]),
            _ => (8, rest),
        };
        Some((base, rest))
    });
    let (base, digits) = prefixed.unwrap_or((10, digits));
    // Numbers beyond 64 bits are floats where they are decimal, and strings otherwise.
    !digits.is_empty()
        && digits.chars().all(|c| c.is_digit(base))
        && (base == 10 || u64::from_str_radix(digits, base).is_ok())
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, and within a float's range.
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let whole = digits(unsigned);
    let mut rest = &unsigned[whole..];
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix('.') {
        fraction = digits(after);
        rest = &after[fraction..];
    }
    if whole == 0 && fraction == 0 {
        return false;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if exponent.is_empty() || digits(exponent) != exponent.len() {
            return false;
        }
    } else if !rest.is_empty() {
        return false;
    }
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`: sixty-based numbers of YAML 1.1.
fn is_base_60_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let leading = parts.next().unwrap_or("");
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if !leading.starts_with(|c: char| c.is_ascii_digit()) || !is_digits(leading) {
        return false;
    }
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return false };
    let (last, fraction) = last.split_once('.').unwrap_or((last, ""));
    let sixtieth = |part: &str| match part.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [tens, digit] => (b'0'..=b'5').contains(tens) && digit.is_ascii_digit(),
        _ => false,
    };
    is_digits(fraction) && sixtieth(last) && parts.into_iter().all(sixtieth)
}

/// `2006-1-2`, `2006-1-2 15:4:5.999`, `2006-1-2T15:4:5.999Z` and the like, as Go's `time.Parse`
/// reads them.
fn is_timestamp(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(5) else { return false };
    let Some(year) = date.strip_suffix('-').and_then(number) else { return false };
    let Some((month, rest)) = rest.split_once('-') else { return false };
    let day_length = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (day, rest) = rest.split_at(day_length);
    let (Some(month), Some(day)) = (short_number(month), short_number(day)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    if day == 0 || day > days {
        return false;
    }
    let Some(separator) = rest.chars().next() else { return true };
    let time = &rest[separator.len_utf8()..];
    match separator {
        ' ' => after_clock(time) == Some(""),
        'T' | 't' => after_clock(time).is_some_and(is_zone),
        _ => false,
    }
}

/// What follows hours, minutes, seconds and a fraction.
fn after_clock(text: &str) -> Option<&str> {
    let (hour, rest) = text.split_once(':')?;
    let (minute, rest) = rest.split_once(':')?;
    let length = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (second, mut rest) = rest.split_at(length);
    if short_number(hour)? > 23 || short_number(minute)? > 59 || short_number(second)? > 59 {
        return None;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        if after.len() == fraction.len() {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

fn is_zone(text: &str) -> bool {
    if text == "Z" {
        return true;
    }
    let Some(offset) = text.strip_prefix(['+', '-']) else { return false };
    let Some((hours, minutes)) = offset.split_once(':') else { return false };
    let two = |text: &str| if text.len() == 2 { number(text) } else { None };
    two(hours).is_some_and(|hours| hours <= 24) && two(minutes).is_some_and(|minutes| minutes < 60)
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn short_number(text: &str) -> Option<u32> {
    if matches!(text.len(), 1 | 2) { number(text) } else { None }
}
