//! Sessions kept on the way, so that any moment can be reached by replaying a little.

use rollscope_api::SimTime;

use crate::session::Session;

/// A session and the number of the first input it has not had.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    pub(super) session: Session,
    pub(super) next_input: usize,
}

impl Checkpoint {
    /// Whether `time` can be reached from here.
    pub(super) fn reaches(&self, time: SimTime) -> bool {
        self.session.now() <= time
    }

    /// Whether the other is further on.
    pub(super) fn lies_before(&self, other: &Self) -> bool {
        (self.session.now(), self.next_input) < (other.session.now(), other.next_input)
    }
}

/// Events between two checkpoints at first. It doubles whenever they become too many.
const INTERVAL_EVENTS: usize = 128;
/// Most checkpoints, however small the cluster.
const COUNT_MAX: usize = 128;
/// Fewest that are kept, however large the cluster.
const COUNT_MIN: usize = 12;
/// Objects in all checkpoints together: this bounds their memory, of which they share a part.
const OBJECTS_MAX: usize = 40_000;

/// Checkpoints in order of time; the first is the start of the session.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    kept: Vec<Checkpoint>,
    interval_events: usize,
    since_last: usize,
}

impl Checkpoints {
    pub(super) fn starting_with(first: Checkpoint) -> Self {
        Self { kept: vec![first], interval_events: INTERVAL_EVENTS, since_last: 0 }
    }

    /// One more thing has happened at the frontier.
    pub(super) fn passed(&mut self, frontier: &Checkpoint) {
        self.since_last += 1;
        if self.since_last < self.interval_events {
            return;
        }
        self.since_last = 0;
        self.kept.push(frontier.clone());
        let store = frontier.session.cluster().listers();
        let objects = store.pod_count() + store.replica_sets().count() + 50;
        if self.kept.len() > (OBJECTS_MAX / objects).clamp(COUNT_MIN, COUNT_MAX) {
            self.thin();
        }
    }

    /// Drops every second checkpoint, but never the first.
    fn thin(&mut self) {
        let mut index = 0;
        self.kept.retain(|_| {
            index += 1;
            index % 2 == 1
        });
        self.interval_events *= 2;
    }

    /// The last checkpoint from which `time` can be reached; the first if there is none.
    pub(super) fn before(&self, time: SimTime) -> &Checkpoint {
        let after = self.kept.partition_point(|checkpoint| checkpoint.reaches(time));
        &self.kept[after.saturating_sub(1)]
    }

    /// Drops what lies after a moment.
    pub(super) fn truncate(&mut self, at: SimTime) {
        let after = self.kept.partition_point(|checkpoint| checkpoint.reaches(at));
        self.kept.truncate(after.max(1));
        self.since_last = 0;
    }
}
