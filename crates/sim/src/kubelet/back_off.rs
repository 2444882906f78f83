//! Growing waits between attempts. Models `client-go/util/flowcontrol/backoff.go`.

use rollscope_api::{SimDuration, SimTime};

const INITIAL: SimDuration = SimDuration::from_secs(10);
const MAX: SimDuration = SimDuration::from_secs(300);
/// An entry this old is forgotten.
const EXPIRES: SimDuration = SimDuration::from_secs(600);

/// The wait of one key: a container that crashes, or an image that cannot be pulled.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BackOff(Option<Entry>);

#[derive(Clone, Copy, Debug)]
struct Entry {
    wait: SimDuration,
    updated: SimTime,
}

impl BackOff {
    /// The wait in force for something that happened at `event`, if it is not over. Models
    /// `IsInBackOffSince`.
    pub(super) fn since(&self, now: SimTime, event: SimTime) -> Option<SimDuration> {
        let entry = self.0.filter(|entry| event - entry.updated <= EXPIRES)?;
        (now - event < entry.wait).then_some(entry.wait)
    }

    /// Whether the wait since the last attempt is not over. Models `IsInBackOffSinceUpdate`.
    pub(super) fn since_update(&self, now: SimTime) -> bool {
        self.0.is_some_and(|entry| {
            let passed = now - entry.updated;
            passed <= EXPIRES && passed < entry.wait
        })
    }

    /// Another attempt is made, for something that happened at `event`. Models `Next`.
    pub(super) fn next(&mut self, now: SimTime, event: SimTime) {
        let wait = match self.0.filter(|entry| event - entry.updated <= EXPIRES) {
            Some(entry) => (entry.wait + entry.wait).min(MAX),
            None => INITIAL,
        };
        self.0 = Some(Entry { wait, updated: now });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> SimTime {
        SimTime::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn crashes_wait_longer_and_longer() {
        let mut back_off = BackOff::default();
        let mut now = at(0);
        let mut waits = Vec::new();
        for _ in 0..8 {
            let finished = now + SimDuration::from_secs(1);
            let wait = back_off.since(finished, finished).unwrap_or(SimDuration::ZERO);
            waits.push(wait.as_secs());
            now = finished + wait;
            assert_eq!(back_off.since(now, finished), None);
            back_off.next(now, finished);
        }
        assert_eq!(waits, [0, 10, 20, 40, 80, 160, 300, 300]);
        // After ten minutes of running everything is forgiven.
        let finished = now + SimDuration::from_secs(601);
        assert_eq!(back_off.since(finished, finished), None);
        back_off.next(finished, finished);
        assert_eq!(back_off.since(finished, finished), Some(SimDuration::from_secs(10)));
    }

    #[test]
    fn pulls_wait_since_the_last_failure() {
        let mut back_off = BackOff::default();
        assert!(!back_off.since_update(at(0)));
        back_off.next(at(1), at(1));
        assert!(back_off.since_update(at(10)));
        assert!(!back_off.since_update(at(11)));
        back_off.next(at(13), at(13));
        assert!(back_off.since_update(at(32)));
        assert!(!back_off.since_update(at(33)));
    }
}
