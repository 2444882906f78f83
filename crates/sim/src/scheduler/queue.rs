//! The pods that wait for a node: those whose turn it is, those that back off, and those for which
//! nothing has changed yet.
//!
//! Models `pkg/scheduler/backend/queue/scheduling_queue.go`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rollscope_api::{SimDuration, SimTime};

use super::filter::Plugin;
use crate::store::PodId;

const INITIAL_BACK_OFF: SimDuration = SimDuration::from_secs(1);
const MAX_BACK_OFF: SimDuration = SimDuration::from_secs(10);
/// A pod for which nothing ever changes tries again after this.
const MAX_UNSCHEDULABLE: SimDuration = SimDuration::from_secs(300);

/// Something happened that may let waiting pods fit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    /// A node came, went or changed.
    Node,
    /// A pod gave up its place.
    PodLeft,
    /// A pod got a place.
    PodPlaced,
    /// The waiting pod itself changed.
    Pod(PodId),
}

impl Change {
    /// Whether a pod that these plugins refused may fit now. Models the queueing hints.
    fn helps(self, id: PodId, refused_by: &BTreeSet<Plugin>) -> bool {
        let any = |plugins: &[Plugin]| plugins.iter().any(|plugin| refused_by.contains(plugin));
        match self {
            Self::Node => true,
            Self::Pod(changed) => changed == id,
            Self::PodLeft => any(&[
                Plugin::NodePorts,
                Plugin::NodeResourcesFit,
                Plugin::PodTopologySpread,
                Plugin::InterPodAffinity,
            ]),
            Self::PodPlaced => any(&[Plugin::PodTopologySpread, Plugin::InterPodAffinity]),
        }
    }
}

#[derive(Clone, Debug)]
struct Waiting {
    priority: i32,
    attempts: u32,
    /// When it was last put in line.
    since: SimTime,
    state: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Active,
    /// Until then.
    BackOff(SimTime),
    Unschedulable {
        since: SimTime,
        refused_by: BTreeSet<Plugin>,
    },
    /// None of this scheduler's business.
    Ignored,
}

/// All pods that have no node.
#[derive(Clone, Debug, Default)]
pub(super) struct PodQueue {
    pods: BTreeMap<PodId, Waiting>,
    /// By priority, then by the time they were put in line.
    active: BTreeSet<(Reverse<i32>, SimTime, PodId)>,
    retries: BTreeSet<(SimTime, PodId)>,
    /// The next retry for which there is a timer.
    announced: Option<SimTime>,
    cycles: u64,
}

impl PodQueue {
    pub(super) fn has_active(&self) -> bool {
        !self.active.is_empty()
    }

    /// How many pods have had their turn.
    pub(super) fn cycles(&self) -> u64 {
        self.cycles
    }

    pub(super) fn add(&mut self, now: SimTime, id: PodId, priority: i32) {
        let waiting = Waiting { priority, attempts: 0, since: now, state: Place::Active };
        self.pods.insert(id, waiting);
        self.active.insert((Reverse(priority), now, id));
    }

    pub(super) fn ignore(&mut self, id: PodId) {
        let since = SimTime::default();
        let waiting = Waiting { priority: 0, attempts: 0, since, state: Place::Ignored };
        self.pods.insert(id, waiting);
    }

    pub(super) fn forget(&mut self, id: PodId) {
        if let Some(waiting) = self.pods.remove(&id) {
            self.active.remove(&(Reverse(waiting.priority), waiting.since, id));
            self.unplan(id, &waiting.state);
        }
    }

    /// The pod whose turn it is.
    pub(super) fn pop(&mut self, _now: SimTime) -> Option<PodId> {
        let (_, _, id) = self.active.pop_first()?;
        self.cycles += 1;
        if let Some(waiting) = self.pods.get_mut(&id) {
            waiting.attempts += 1;
        }
        Some(id)
    }

    /// The pod found no node. Without plugins that refused it, the cluster itself was at fault and
    /// it tries again as soon as its back-off is over.
    pub(super) fn failed(&mut self, now: SimTime, id: PodId, refused_by: BTreeSet<Plugin>) {
        let Some(waiting) = self.pods.get_mut(&id) else { return };
        waiting.since = now;
        if refused_by.is_empty() {
            let end = now + back_off(waiting.attempts);
            waiting.state = Place::BackOff(end);
            self.retries.insert((end, id));
        } else {
            waiting.state = Place::Unschedulable { since: now, refused_by };
            self.retries.insert((now + MAX_UNSCHEDULABLE, id));
        }
    }

    /// Lets those pods try again, after their back-off, that the change may help.
    pub(super) fn changed(&mut self, now: SimTime, change: Change) {
        let helped: Vec<PodId> = self
            .retries
            .iter()
            .map(|(_, id)| *id)
            .filter(|id| match &self.pods[id].state {
                Place::Unschedulable { refused_by, .. } => change.helps(*id, refused_by),
                _ => false,
            })
            .collect();
        for id in helped {
            let waiting = &self.pods[&id];
            let end = waiting.since + back_off(waiting.attempts);
            self.wait_until(now, id, end);
        }
    }

    fn wait_until(&mut self, now: SimTime, id: PodId, end: SimTime) {
        let Some(waiting) = self.pods.get_mut(&id) else { return };
        let before = std::mem::replace(&mut waiting.state, Place::Active);
        if end > now {
            waiting.state = Place::BackOff(end);
            self.retries.insert((end, id));
        } else {
            waiting.since = now;
            self.active.insert((Reverse(waiting.priority), now, id));
        }
        self.unplan(id, &before);
    }

    fn unplan(&mut self, id: PodId, state: &Place) {
        match state {
            Place::BackOff(end) => self.retries.remove(&(*end, id)),
            Place::Unschedulable { since, .. } => {
                self.retries.remove(&(*since + MAX_UNSCHEDULABLE, id))
            }
            Place::Active | Place::Ignored => false,
        };
    }

    /// Puts in line whose waiting is over.
    pub(super) fn retry_due(&mut self, now: SimTime) {
        self.announced = None;
        while let Some((at, id)) = self.retries.first().copied().filter(|(at, _)| *at <= now) {
            self.retries.remove(&(at, id));
            self.wait_until(now, id, now);
        }
    }

    /// When a timer has to be set that is not set yet.
    pub(super) fn next_retry(&mut self) -> Option<SimTime> {
        let (at, _) = *self.retries.first()?;
        if self.announced.is_some_and(|announced| announced <= at) {
            return None;
        }
        self.announced = Some(at);
        Some(at)
    }
}

/// One second, doubled for every attempt after the first, at most ten.
fn back_off(attempts: u32) -> SimDuration {
    let seconds = 1_i64 << attempts.saturating_sub(1).min(10);
    SimDuration::from_micros((INITIAL_BACK_OFF.as_micros() * seconds).min(MAX_BACK_OFF.as_micros()))
}
