//! Spans as Go prints them: `1m20s`, `2.5s`, `843ms`. Models `time.Duration.String`.

use rollscope_api::SimDuration;

/// A span of at least zero, exact to the microsecond.
pub(super) fn duration(span: SimDuration) -> String {
    let micros = span.as_micros().max(0);
    if micros == 0 {
        return "0s".to_owned();
    }
    if micros < 1_000 {
        return format!("{micros}µs");
    }
    if micros < 1_000_000 {
        return decimal(micros, 1_000) + "ms";
    }
    let (hours, rest) = (micros / 3_600_000_000, micros % 3_600_000_000);
    let (minutes, seconds) = (rest / 60_000_000, decimal(rest % 60_000_000, 1_000_000));
    match (hours, minutes) {
        (0, 0) => seconds + "s",
        (0, _) => format!("{minutes}m{seconds}s"),
        _ => format!("{hours}h{minutes}m{seconds}s"),
    }
}

/// A span with what is below a millisecond cut off.
pub(super) fn milliseconds(span: SimDuration) -> String {
    duration(SimDuration::from_millis(span.as_millis()))
}

fn decimal(number: i64, unit: i64) -> String {
    let (whole, fraction) = (number / unit, number % unit);
    if fraction == 0 {
        return whole.to_string();
    }
    let digits = if unit == 1_000 { 3 } else { 6 };
    format!("{whole}.{fraction:0digits$}").trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_in_go() {
        let text = |micros| duration(SimDuration::from_micros(micros));
        assert_eq!(text(0), "0s");
        assert_eq!(text(1_500), "1.5ms");
        assert_eq!(text(843_000), "843ms");
        assert_eq!(text(2_500_000), "2.5s");
        assert_eq!(text(80_000_000), "1m20s");
        assert_eq!(text(63_020_000), "1m3.02s");
        assert_eq!(text(300_000_000), "5m0s");
        assert_eq!(text(3_600_000_000), "1h0m0s");
        assert_eq!(milliseconds(SimDuration::from_micros(1_001_999)), "1.001s");
    }
}
