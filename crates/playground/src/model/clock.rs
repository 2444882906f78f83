//! Play and pause: how much simulated time passes in a frame.

use rollscope_api::SimDuration;

/// Whether time passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Play {
    /// Time passes.
    #[default]
    Playing,
    /// Someone pressed pause: it stays until they press play.
    Paused,
    /// Someone looked at another moment; the next action plays on.
    Held,
}

/// The speeds on offer, in hundredths.
pub const SPEEDS: [u32; 9] = [25, 50, 100, 200, 400, 1_000, 2_500, 5_000, 10_000];

/// The longest frame that counts, in microseconds of real time: a tab that slept does not leap.
const FRAME_US_MAX: i64 = 100_000;

/// Play state and speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Whether time passes.
    pub play: Play,
    /// In hundredths: 100 is real time.
    pub speed: u32,
}

impl Default for Clock {
    fn default() -> Self {
        Self { play: Play::Playing, speed: 100 }
    }
}

impl Clock {
    /// Whether time passes.
    pub fn is_playing(&self) -> bool {
        self.play == Play::Playing
    }

    /// The simulated time of a frame of `real_us` microseconds.
    pub fn span(&self, real_us: i64) -> SimDuration {
        SimDuration::from_micros(real_us.clamp(0, FRAME_US_MAX) * i64::from(self.speed) / 100)
    }
}

/// `0.25×`, `100×`
pub fn speed_label(speed: u32) -> String {
    match speed % 100 {
        0 => format!("{}×", speed / 100),
        rest if rest % 10 == 0 => format!("{}.{}×", speed / 100, rest / 10),
        rest => format!("{}.{rest:02}×", speed / 100),
    }
}

/// As the choice of a speed is written in the page: `0.25`, `100`.
pub fn speed_value(speed: u32) -> String {
    speed_label(speed).trim_end_matches('×').to_owned()
}

/// The speed that is written so.
pub fn speed_of(value: &str) -> Option<u32> {
    SPEEDS.into_iter().find(|speed| speed_value(*speed) == value)
}

/// `00:22.2`, with hours where there are any: the time since the start.
pub fn clock_text(since_start: SimDuration) -> String {
    let tenths = since_start.as_millis().max(0) / 100;
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}.{tenth}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}.{tenth}"),
    }
}

/// An age as kubectl words it, but never without a unit: `8s`, `5m3s`, `2h`.
pub fn age_text(age: SimDuration) -> String {
    let seconds = age.as_secs().max(0);
    match seconds {
        0..120 => format!("{seconds}s"),
        120..600 => match seconds % 60 {
            0 => format!("{}m", seconds / 60),
            rest => format!("{}m{rest}s", seconds / 60),
        },
        600..10_800 => format!("{}m", seconds / 60),
        _ => format!("{}h", seconds / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        let labels: Vec<String> = SPEEDS.into_iter().map(speed_label).collect();
        assert_eq!(labels.join(" "), "0.25× 0.5× 1× 2× 4× 10× 25× 50× 100×");
        let values: Vec<String> = SPEEDS.into_iter().map(speed_value).collect();
        assert_eq!(values.join(" "), "0.25 0.5 1 2 4 10 25 50 100");
        assert_eq!(values.iter().filter_map(|value| speed_of(value)).collect::<Vec<_>>(), SPEEDS);
        assert_eq!(speed_of("3"), None);
        assert_eq!(clock_text(SimDuration::from_millis(22_249)), "00:22.2");
        assert_eq!(clock_text(SimDuration::from_secs(3_725)), "1:02:05.0");
        assert_eq!(age_text(SimDuration::from_secs(8)), "8s");
        assert_eq!(age_text(SimDuration::from_secs(303)), "5m3s");
    }

    #[test]
    fn a_tab_that_slept_does_not_leap() {
        let clock = Clock { play: Play::Playing, speed: 400 };
        assert_eq!(clock.span(16_000), SimDuration::from_millis(64));
        assert_eq!(clock.span(60_000_000), SimDuration::from_millis(400));
        assert_eq!(clock.span(-5), SimDuration::ZERO);
    }
}
