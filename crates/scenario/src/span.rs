//! Spans of time as scripts write them: `90s`, `1m30s`, `250ms`, `1.5s`.

use rollscope_api::SimDuration;

/// Units, largest first, with their microseconds.
const UNITS: [(&str, i64); 4] =
    [("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000)];

/// Reads a span. Units go from large to small, each at most once; the last number may have
/// decimals, down to a microsecond. A plain `0` needs no unit.
///
/// # Errors
/// Says in words what is wrong with the text.
pub fn parse(text: &str) -> Result<SimDuration, String> {
    let wrong = || format!("{text:?} is not a span of time: write 90s, 1m30s, 250ms or 1.5s");
    if text == "0" {
        return Ok(SimDuration::ZERO);
    }
    let mut rest = text;
    let mut total: i64 = 0;
    let mut units = UNITS.as_slice();
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let position = units.iter().position(|&(name, _)| name == unit).ok_or_else(wrong)?;
        let micros = scale(number, units[position].1).ok_or_else(wrong)?;
        total = total.checked_add(micros).ok_or_else(wrong)?;
        units = &units[position + 1..];
        rest = tail;
    }
    Ok(SimDuration::from_micros(total))
}

/// `1.5` of a unit of so many microseconds, exactly.
fn scale(number: &str, unit_micros: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || fraction.len() > 9 || (number.contains('.') && fraction.is_empty()) {
        return None;
    }
    let mut micros = whole.parse::<i64>().ok()?.checked_mul(unit_micros)?;
    if !fraction.is_empty() {
        let numerator = fraction.parse::<i64>().ok()? as i128 * unit_micros as i128;
        micros += (numerator / 10_i128.pow(fraction.len() as u32)) as i64;
    }
    Some(micros)
}

/// Writes a span so that [`parse`] reads the same: `1m30s`, `12.345s`, `250ms`, `0s`.
/// Negative spans are written as their absolute value with a minus sign, which no script holds.
pub fn format(span: SimDuration) -> String {
    let micros = span.as_micros();
    if micros < 0 {
        return format!("-{}", format(SimDuration::from_micros(-micros)));
    }
    if micros == 0 {
        return "0s".to_owned();
    }
    let (hours, rest) = (micros / UNITS[0].1, micros % UNITS[0].1);
    let (minutes, rest) = (rest / UNITS[1].1, rest % UNITS[1].1);
    let mut text = String::new();
    if hours > 0 {
        text.push_str(&format!("{hours}h"));
    }
    if minutes > 0 {
        text.push_str(&format!("{minutes}m"));
    }
    if rest > 0 {
        let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
        let decimals = format!("{fraction:06}");
        match decimals.trim_end_matches('0') {
            "" => text.push_str(&format!("{seconds}s")),
            decimals => text.push_str(&format!("{seconds}.{decimals}s")),
        }
    }
    text
}

/// Serde for spans in scripts.
pub(crate) mod text {
    use std::fmt;

    use rollscope_api::SimDuration;
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(span: &SimDuration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::format(*span))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SimDuration, D::Error> {
        deserializer.deserialize_str(Text)
    }

    /// Finds a mistake while the text is being read, so that its line can be named.
    struct Text;

    impl Visitor<'_> for Text {
        type Value = SimDuration;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a span of time: 90s, 1m30s, 250ms or 1.5s")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<SimDuration, E> {
            super::parse(text).map_err(E::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_round_trip() {
        for text in ["0s", "90ms", "1m30s", "12.345678s", "2h3s", "1h"] {
            let span = parse(text).unwrap();
            assert_eq!(parse(&format(span)).unwrap(), span, "{text}");
        }
        assert_eq!(parse("1m30s").unwrap(), SimDuration::from_secs(90));
        assert_eq!(parse("1.5s").unwrap(), SimDuration::from_millis(1_500));
        assert_eq!(format(SimDuration::from_millis(90)), "0.09s");
    }

    #[test]
    fn wrong_spans_are_refused() {
        for text in ["", "5", "s", "1s1m", "1x", "-1s", "1..5s", "99999999999999999h", "1s "] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
