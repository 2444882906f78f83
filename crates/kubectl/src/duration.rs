//! Ages as kubectl shows them: `45s`, `4m6s`, `10m`, `3h`.
//!
//! Models `k8s.io/apimachinery/pkg/util/duration` (`HumanDuration`) and the printers' `translateTimestampSince`.

use rollscope_api::{SimDuration, SimTime, Timestamp, Value};

/// A span in one or two units, truncated; `<invalid>` when it is negative by two seconds or more.
pub fn human_duration(span: SimDuration) -> String {
    let micros = span.as_micros();
    // A second of clock skew is tolerated, as upstream does.
    if micros <= -2_000_000 {
        return "<invalid>".into();
    }
    if micros < 0 {
        return "0s".into();
    }
    let seconds = micros / 1_000_000;
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    let days = hours / 24;
    let two = |large: i64, large_unit: char, small: i64, small_unit: char| match small {
        0 => format!("{large}{large_unit}"),
        small => format!("{large}{large_unit}{small}{small_unit}"),
    };
    if seconds < 120 {
        format!("{seconds}s")
    } else if minutes < 10 {
        two(minutes, 'm', seconds % 60, 's')
    } else if minutes < 180 {
        format!("{minutes}m")
    } else if hours < 8 {
        two(hours, 'h', minutes % 60, 'm')
    } else if hours < 48 {
        format!("{hours}h")
    } else if hours < 24 * 8 {
        two(days, 'd', hours % 24, 'h')
    } else if hours < 24 * 365 * 2 {
        format!("{days}d")
    } else if hours < 24 * 365 * 8 {
        two(days / 365, 'y', days % 365, 'd')
    } else {
        format!("{}y", days / 365)
    }
}

/// The age of an object's time: `<unknown>` where there is none.
pub fn age(time: Option<&Value>, now: SimTime) -> String {
    match time.and_then(Value::as_str).and_then(parse_time) {
        Some(time) => human_duration(now - time),
        None => "<unknown>".into(),
    }
}

/// Reads RFC 3339 with its fraction of a second (`metav1.MicroTime`).
pub fn parse_time(text: &str) -> Option<SimTime> {
    let whole = Timestamp::parse_rfc3339(text)?.start();
    let fraction = text.get(19..)?.strip_prefix('.').unwrap_or("");
    let digits: String = fraction.chars().take_while(char::is_ascii_digit).take(6).collect();
    let micros = if digits.is_empty() { 0 } else { format!("{digits:0<6}").parse().ok()? };
    Some(whole + SimDuration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries() {
        const SECOND: i64 = 1_000;
        const MINUTE: i64 = 60 * SECOND;
        const HOUR: i64 = 60 * MINUTE;
        const DAY: i64 = 24 * HOUR;
        const YEAR: i64 = 365 * DAY;
        for (millis, expected) in [
            (-2 * SECOND, "<invalid>"),
            (-2 * SECOND + 1, "0s"),
            (0, "0s"),
            (SECOND - 1, "0s"),
            (2 * MINUTE - 1, "119s"),
            (2 * MINUTE, "2m"),
            (2 * MINUTE + SECOND, "2m1s"),
            (10 * MINUTE - 1, "9m59s"),
            (10 * MINUTE, "10m"),
            (10 * MINUTE + SECOND, "10m"),
            (3 * HOUR - 1, "179m"),
            (3 * HOUR, "3h"),
            (3 * HOUR + MINUTE, "3h1m"),
            (8 * HOUR - 1, "7h59m"),
            (8 * HOUR, "8h"),
            (8 * HOUR + 59 * MINUTE, "8h"),
            (2 * DAY - 1, "47h"),
            (2 * DAY, "2d"),
            (2 * DAY + HOUR, "2d1h"),
            (8 * DAY - 1, "7d23h"),
            (8 * DAY, "8d"),
            (8 * DAY + 23 * HOUR, "8d"),
            (2 * YEAR - 1, "729d"),
            (2 * YEAR, "2y"),
            (2 * YEAR + DAY, "2y1d"),
            (8 * YEAR - 1, "7y364d"),
            (8 * YEAR, "8y"),
            (8 * YEAR + 364 * DAY, "8y"),
            (9 * YEAR, "9y"),
        ] {
            assert_eq!(human_duration(SimDuration::from_millis(millis)), expected, "{millis} ms");
        }
    }

    #[test]
    fn fractions_of_a_second_are_read() {
        let time = parse_time("2026-01-02T03:04:05.5Z").expect("a time");
        assert_eq!(time.as_micros() % 1_000_000, 500_000);
        assert_eq!(age(Some(&Value::from("2026-01-02T03:04:05Z")), time), "0s");
        assert_eq!(age(None, time), "<unknown>");
    }
}
