//! How smoothly the page goes: the time from each frame to the next, as the page's own clock has it.

#![allow(clippy::disallowed_methods, reason = "nobody downloads a test")]

use serde_json::Value;

/// A frame at sixty a second, in milliseconds, and what clocks are off by.
const FRAME_MS: f64 = 16.7 + 0.5;

/// What part of the frames is to come in time on a machine that has nothing else to do, in percent.
pub const WANTED: f64 = 95.0;
/// What part has to, in the best of several attempts, on a machine of which nobody knows what else it
/// does.
pub const NEEDED: f64 = 80.0;

/// The gaps before frames, in milliseconds, shortest first.
#[derive(Clone, Debug)]
pub struct Frames(Vec<f64>);

impl Frames {
    /// From what a script in the page has written down.
    pub fn of(gaps: &Value) -> Self {
        let gaps = gaps.as_array().cloned().unwrap_or_default();
        let mut gaps: Vec<f64> = gaps.iter().filter_map(Value::as_f64).collect();
        assert!(!gaps.is_empty(), "no frame was seen");
        gaps.sort_by(f64::total_cmp);
        Self(gaps)
    }

    /// The gap that such a part of them does not exceed.
    pub fn at(&self, part: f64) -> f64 {
        self.0[((self.0.len() - 1) as f64 * part) as usize]
    }

    /// How many came in time, in percent.
    pub fn in_time(&self) -> f64 {
        let in_time = self.0.iter().filter(|gap| **gap <= FRAME_MS).count();
        in_time as f64 * 100.0 / self.0.len() as f64
    }

    /// Everything worth knowing, in one line.
    pub fn summary(&self) -> String {
        format!(
            "{} frames, {:.1} % within 16.7 ms, median {:.1} ms, 95th {:.1} ms, longest {:.1} ms",
            self.0.len(),
            self.in_time(),
            self.at(0.5),
            self.at(0.95),
            self.at(1.0)
        )
    }
}

/// Measures until the frames are as wanted, a few times at most, and fails if no attempt was even as
/// good as it has to be.
pub fn best_of(attempts: usize, what: &str, mut measure: impl FnMut() -> Frames) {
    let mut best: f64 = 0.0;
    for _ in 0..attempts {
        let frames = measure();
        println!("{what}: {}", frames.summary());
        best = best.max(frames.in_time());
        if best >= WANTED {
            return;
        }
    }
    assert!(best >= NEEDED, "{what}: at best {best:.1} % of the frames came in time");
}
