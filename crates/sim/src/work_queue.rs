//! The controllers' work queues: a key waits in its queue once, however often it was added.
//! Models `client-go/util/workqueue`.

use std::collections::{BTreeMap, BTreeSet};

use rollscope_api::{SimDuration, SimTime};

use crate::sim_event::Work;

/// All work queues, told apart by the kind of [`Work`].
#[derive(Clone, Debug, Default)]
pub(crate) struct WorkQueues {
    /// In a queue, to be taken by a worker.
    queued: BTreeSet<Work>,
    /// To be added later, and when.
    delayed: BTreeMap<Work, SimTime>,
    /// How often in a row the sync of a key has failed.
    failures: BTreeMap<Work, u32>,
}

impl WorkQueues {
    /// Returns whether the key was not in its queue.
    pub(crate) fn add(&mut self, work: &Work) -> bool {
        self.queued.insert(work.clone())
    }

    /// A worker takes the key out.
    pub(crate) fn take(&mut self, work: &Work) {
        self.queued.remove(work);
    }

    /// Returns whether `at` is earlier than the time the key is already delayed to.
    pub(crate) fn delay(&mut self, work: &Work, at: SimTime) -> bool {
        match self.delayed.get_mut(work) {
            Some(known) if *known <= at => false,
            Some(known) => {
                *known = at;
                true
            }
            None => {
                self.delayed.insert(work.clone(), at);
                true
            }
        }
    }

    /// Whether the delay of the key ends now; if so it is over.
    pub(crate) fn end_delay(&mut self, work: &Work, now: SimTime) -> bool {
        let due = self.delayed.get(work).is_some_and(|at| *at <= now);
        if due {
            self.delayed.remove(work);
        }
        due
    }

    /// Counts a failure and returns how long the key has to wait: 5 ms, doubling, at most 1000 s.
    pub(crate) fn back_off(&mut self, work: &Work) -> SimDuration {
        let failures = self.failures.entry(work.clone()).or_default();
        let millis = 5_i64 << (*failures).min(18);
        *failures += 1;
        SimDuration::from_millis(millis.min(1_000_000))
    }

    pub(crate) fn failures(&self, work: &Work) -> u32 {
        self.failures.get(work).copied().unwrap_or(0)
    }

    /// The key synced: its failures are forgotten.
    pub(crate) fn forget(&mut self, work: &Work) {
        if !self.failures.is_empty() {
            self.failures.remove(work);
        }
    }

    /// The keys that wait because their sync has failed.
    pub(crate) fn backing_off(&self) -> impl Iterator<Item = &Work> {
        self.failures.keys().filter(|work| self.delayed.contains_key(work))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Key;

    #[test]
    fn a_key_waits_once_and_backs_off() {
        let work = Work::Deployment(Key::new("default", "web"));
        let mut queues = WorkQueues::default();
        assert!(queues.add(&work));
        assert!(!queues.add(&work));
        queues.take(&work);
        assert!(queues.add(&work));
        let waits: Vec<i64> = (0..20).map(|_| queues.back_off(&work).as_millis()).collect();
        assert_eq!(waits[..4], [5, 10, 20, 40]);
        assert_eq!(waits[17..], [655_360, 1_000_000, 1_000_000]);
        queues.forget(&work);
        assert_eq!(queues.back_off(&work).as_millis(), 5);
    }

    #[test]
    fn the_earlier_delay_wins() {
        let work = Work::Deployment(Key::new("default", "web"));
        let at = SimTime::from_micros;
        let mut queues = WorkQueues::default();
        assert!(queues.delay(&work, at(20)));
        assert!(!queues.delay(&work, at(30)));
        assert!(queues.delay(&work, at(10)));
        assert!(!queues.end_delay(&work, at(9)));
        assert!(queues.end_delay(&work, at(10)));
        assert!(!queues.end_delay(&work, at(20)));
    }
}
