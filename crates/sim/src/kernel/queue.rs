//! What is going to happen, by time; what happens at the same time happens in order of insertion.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rollscope_api::SimTime;

/// A queue keyed by time, then by order of insertion, so that ties have a rule.
#[derive(Clone, Debug)]
pub struct Queue<E> {
    entries: BinaryHeap<Entry<E>>,
    inserted: u64,
}

#[derive(Clone, Debug)]
struct Entry<E> {
    time: SimTime,
    number: u64,
    event: E,
}

/// What happens next is the greatest, since a heap gives its greatest first.
impl<E> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.time, other.number).cmp(&(self.time, self.number))
    }
}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<E> Eq for Entry<E> {}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self { entries: BinaryHeap::new(), inserted: 0 }
    }
}

impl<E> Queue<E> {
    /// Adds something that happens at `time`.
    pub fn enqueue_at(&mut self, time: SimTime, event: E) {
        self.entries.push(Entry { time, number: self.inserted, event });
        self.inserted += 1;
    }

    /// When the next thing happens.
    pub fn next_at(&self) -> Option<SimTime> {
        self.entries.peek().map(|entry| entry.time)
    }

    /// Takes out the next thing that happens.
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        self.entries.pop().map(|Entry { time, event, .. }| (time, event))
    }

    /// How many things are waiting.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is waiting.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is waiting, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (SimTime, &E)> {
        self.entries.iter().map(|entry| (entry.time, &entry.event))
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
