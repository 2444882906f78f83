//! Every write of an Event, in order: what a watch would have shown.

use std::rc::Rc;

use rollscope_api::object::Event;

const CHUNK: usize = 128;
/// Older writes are forgotten, so that a long run does not grow without end.
const MAX_CHUNKS: usize = 4_096;

/// The writes of Events, numbered from 0. Clones are cheap.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventLog {
    full: Vec<Rc<Vec<Rc<Event>>>>,
    latest: Vec<Rc<Event>>,
    /// How many writes were forgotten.
    forgotten: u64,
}

impl EventLog {
    pub(crate) fn push(&mut self, event: Rc<Event>) {
        self.latest.push(event);
        if self.latest.len() < CHUNK {
            return;
        }
        self.full.push(Rc::new(std::mem::take(&mut self.latest)));
        if self.full.len() > MAX_CHUNKS {
            self.full.remove(0);
            self.forgotten += CHUNK as u64;
        }
    }

    /// How many writes there were.
    pub(crate) fn len(&self) -> u64 {
        self.forgotten + (self.full.len() * CHUNK + self.latest.len()) as u64
    }

    /// The writes from the `start`-th on; those that were forgotten are missing.
    pub(crate) fn since(&self, start: u64) -> impl Iterator<Item = &Rc<Event>> {
        let skipped = start.saturating_sub(self.forgotten) as usize;
        let chunks = self.full.iter().skip(skipped / CHUNK);
        let first = skipped / CHUNK;
        let offset = skipped - first.min(self.full.len()) * CHUNK;
        chunks.flat_map(|chunk| chunk.iter()).chain(&self.latest).skip(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_found_by_number() {
        let mut log = EventLog::default();
        let event = |number: usize| -> Rc<Event> {
            let json = serde_json::json!({
                "metadata": { "name": number.to_string() },
                "involvedObject": {},
            });
            Rc::new(serde_json::from_value(json).unwrap())
        };
        for number in 0..300 {
            log.push(event(number));
        }
        assert_eq!(log.len(), 300);
        for start in [0, 1, 127, 128, 255, 256, 299, 300, 900] {
            let found = log.since(start).map(|event| event.metadata.name.to_string());
            let wanted = (start..300).map(|number| number.to_string());
            assert_eq!(found.collect::<Vec<_>>(), wanted.collect::<Vec<_>>(), "since {start}");
        }
    }
}
