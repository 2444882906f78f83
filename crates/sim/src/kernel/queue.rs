//! What is going to happen, by time; what happens at the same time happens in order of insertion.

use std::collections::BTreeMap;

use rollscope_api::SimTime;

/// A queue keyed by time, then by order of insertion, so that ties have a rule.
#[derive(Clone, Debug)]
pub struct Queue<E> {
    entries: BTreeMap<(SimTime, u64), E>,
    inserted: u64,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), inserted: 0 }
    }
}

impl<E> Queue<E> {
    /// Adds something that happens at `time`.
    pub fn enqueue_at(&mut self, time: SimTime, event: E) {
        self.entries.insert((time, self.inserted), event);
        self.inserted += 1;
    }

    /// When the next thing happens.
    pub fn next_at(&self) -> Option<SimTime> {
        self.entries.first_key_value().map(|((time, _), _)| *time)
    }

    /// Takes out the next thing that happens.
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        self.entries.pop_first().map(|((time, _), event)| (time, event))
    }

    /// How many things are waiting.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is waiting.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is waiting, in the order in which it will happen.
    pub fn iter(&self) -> impl Iterator<Item = (SimTime, &E)> {
        self.entries.iter().map(|((time, _), event)| (*time, event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_keep_the_order_of_insertion() {
        let at = SimTime::from_micros;
        let mut queue = Queue::default();
        for (time, name) in [(2, "c"), (1, "a"), (2, "d"), (1, "b")] {
            queue.enqueue_at(at(time), name);
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).map(|(_, name)| name).collect();
        assert_eq!(order, ["a", "b", "c", "d"]);
    }
}
