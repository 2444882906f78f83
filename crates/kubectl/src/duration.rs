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
