//! What is going to happen, by time; what happens at the same time happens in order of insertion.

use rollscope_api::SimTime;

/// A queue keyed by time, then by order of insertion, so that ties have a rule.
///
/// It is a binary heap of places: what moves within it is a number, not the event.
#[derive(Clone, Debug)]
pub struct Queue<E> {
    /// The places of what is waiting; none happens before the one at half its index.
    heap: Vec<u32>,
    /// By place: when it happens, and how many were inserted before.
    keys: Vec<(SimTime, u64)>,
    /// By place.
    events: Vec<Option<E>>,
    /// Places where nothing is.
    free: Vec<u32>,
    inserted: u64,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        let (heap, keys, events, free) = Default::default();
        Self { heap, keys, events, free, inserted: 0 }
    }
}

impl<E> Queue<E> {
    /// Adds something that happens at `time`.
    pub fn enqueue_at(&mut self, time: SimTime, event: E) {
        let key = (time, self.inserted);
        self.inserted += 1;
        let place = match self.free.pop() {
            Some(place) => {
                self.keys[place as usize] = key;
                self.events[place as usize] = Some(event);
                place
            }
            None => {
                self.keys.push(key);
                self.events.push(Some(event));
                self.keys.len() as u32 - 1
            }
        };
        self.heap.push(place);
        self.rise(self.heap.len() - 1, place);
    }

    /// When the next thing happens.
    pub fn next_at(&self) -> Option<SimTime> {
        self.heap.first().map(|place| self.key(*place).0)
    }

    /// Takes out the next thing that happens.
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        let last = self.heap.pop()?;
        let first = self.heap.first().copied().unwrap_or(last);
        if first != last {
            self.sink(last);
        }
        self.free.push(first);
        let event = self.events[first as usize].take()?;
        Some((self.key(first).0, event))
    }

    /// How many things are waiting.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is waiting.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// What is waiting, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (SimTime, &E)> {
        let all = self.keys.iter().zip(&self.events);
        all.filter_map(|(key, event)| Some((key.0, event.as_ref()?)))
    }

    fn key(&self, place: u32) -> (SimTime, u64) {
        self.keys[place as usize]
    }

    /// Puts a place in at an index or further up.
    fn rise(&mut self, mut index: usize, place: u32) {
        let key = self.key(place);
        while index > 0 {
            let parent = (index - 1) / 2;
            if self.key(self.heap[parent]) < key {
                break;
            }
            self.heap[index] = self.heap[parent];
            index = parent;
        }
        self.heap[index] = place;
    }

    /// Puts a place in at the top, or rather where it belongs: it was one of the last, so that the
    /// way up from the bottom is shorter than that down with comparisons.
    fn sink(&mut self, place: u32) {
        let mut index = 0;
        while let Some(&left) = self.heap.get(2 * index + 1) {
            let right = self.heap.get(2 * index + 2).copied();
            let (child, next) = match right {
                Some(right) if self.key(right) < self.key(left) => (right, 2 * index + 2),
                _ => (left, 2 * index + 1),
            };
            self.heap[index] = child;
            index = next;
        }
        self.rise(index, place);
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

    #[test]
    fn what_is_waiting_comes_by_time_whatever_came_before() {
        let mut draw = crate::kernel::Random::new(1).draw("queue", "");
        let mut queue = Queue::default();
        let mut waiting = std::collections::BTreeSet::new();
        for number in 0..5_000_u64 {
            let time = SimTime::from_micros(draw.below(500) as i64);
            queue.enqueue_at(time, number);
            waiting.insert((time, number));
            for _ in 0..draw.below(3) {
                assert_eq!(queue.next_at(), waiting.first().map(|(time, _)| *time));
                assert_eq!(queue.pop(), waiting.pop_first());
            }
            assert_eq!(queue.len(), waiting.len());
        }
        let mut left: Vec<_> = queue.iter().map(|(time, number)| (time, *number)).collect();
        rollscope_api::order::sort(&mut left);
        assert!(!left.is_empty() && left.into_iter().eq(waiting));
    }
}
