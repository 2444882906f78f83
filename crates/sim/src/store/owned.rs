//! The pods of one owner, counted as they change, so that no sync has to look at every pod.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rollscope_api::Timestamp;
use rollscope_api::object::{Pod, PodPhase, StringMap};

use super::key::{PodId, UidNumber};
use super::pods::{Life, PodFacts};

/// The pods of one owner.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnedPods {
    all: BTreeSet<PodId>,
    active: i32,
    terminating: i32,
    /// Active and Ready pods by the second they became so.
    ready: BTreeMap<Timestamp, i32>,
    ready_total: i32,
    /// The labels that active pods have, and how many have them: nearly always one entry.
    labels: Vec<(StringMap, i32)>,
    /// The active pods in the classes of [`VictimClass`], then by node.
    classes: BTreeMap<VictimClass, BTreeMap<u32, BTreeMap<PodId, Victim>>>,
    active_on_node: BTreeMap<u32, i32>,
}

/// The first rules by which pods are chosen for deletion; those that do not depend on the moment
/// or on other pods. The lower class goes first.
/// Models the head of `ActivePodsWithRanks.Less` in `pkg/controller/controller_utils.go`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VictimClass {
    pub(crate) assigned: bool,
    pub(crate) phase: PodPhase,
    pub(crate) ready: bool,
    pub(crate) deletion_cost: i32,
}

/// What the remaining rules need to know of a pod.
#[derive(Clone, Debug)]
pub(crate) struct Victim {
    pub(crate) uid: UidNumber,
    pub(crate) ready_since: Option<Timestamp>,
    pub(crate) restarts: i32,
    pub(crate) created: Option<Timestamp>,
}

impl OwnedPods {
    /// In order of creation.
    pub(crate) fn all(&self) -> &BTreeSet<PodId> {
        &self.all
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(crate) fn active(&self) -> i32 {
        self.active
    }

    pub(crate) fn terminating(&self) -> i32 {
        self.terminating
    }

    /// Active and Ready.
    pub(crate) fn ready(&self) -> i32 {
        self.ready_total
    }

    /// Active and Ready since `since` or earlier.
    pub(crate) fn ready_before(&self, since: Timestamp) -> i32 {
        let later: i32 =
            self.ready.range(since..).filter(|(at, _)| **at > since).map(|(_, n)| n).sum();
        self.ready_total - later
    }

    /// The seconds later than `since` at which active pods became Ready, earliest first.
    pub(crate) fn ready_after(&self, since: Timestamp) -> Option<Timestamp> {
        self.ready.range(since..).map(|(at, _)| *at).find(|at| *at > since)
    }

    /// The different labels of active pods with how many have them.
    pub(crate) fn labels(&self) -> &[(StringMap, i32)] {
        &self.labels
    }

    pub(crate) fn active_on_node(&self) -> &BTreeMap<u32, i32> {
        &self.active_on_node
    }

    /// Active pods by class, then by node number, then by creation.
    pub(crate) fn classes(
        &self,
    ) -> impl Iterator<Item = (&VictimClass, &BTreeMap<u32, BTreeMap<PodId, Victim>>)> {
        self.classes.iter()
    }

    pub(super) fn add(&mut self, id: PodId, pod: &Pod, facts: &PodFacts) {
        self.all.insert(id);
        self.count(id, pod, facts);
    }

    /// One of the pods changed. `before` and `after` are what is known of it then and now.
    pub(super) fn change(
        &mut self,
        id: PodId,
        before: (&PodFacts, &StringMap),
        after: (&PodFacts, &Pod),
    ) {
        self.uncount(id, before.1, before.0);
        self.count(id, after.1, after.0);
    }

    fn count(&mut self, id: PodId, pod: &Pod, facts: &PodFacts) {
        match facts.life {
            Life::Active => self.add_active(id, pod, facts),
            Life::Terminating => self.terminating += 1,
            Life::Finished => {}
        }
    }

    fn add_active(&mut self, id: PodId, pod: &Pod, facts: &PodFacts) {
        self.active += 1;
        if let Some(since) = facts.ready_since {
            *self.ready.entry(since).or_default() += 1;
            self.ready_total += 1;
        }
        let labels = &pod.metadata.labels;
        match self.labels.iter_mut().find(|(known, _)| same_map(known, labels)) {
            Some((_, count)) => *count += 1,
            None => self.labels.push((labels.clone(), 1)),
        }
        *self.active_on_node.entry(facts.node).or_default() += 1;
        let victim = Victim::of(pod, facts);
        let class = self.classes.entry(VictimClass::of(facts)).or_default();
        class.entry(facts.node).or_default().insert(id, victim);
    }

    pub(super) fn remove(&mut self, id: PodId, labels: &StringMap, facts: &PodFacts) {
        self.all.remove(&id);
        self.uncount(id, labels, facts);
    }

    fn uncount(&mut self, id: PodId, labels: &StringMap, facts: &PodFacts) {
        match facts.life {
            Life::Active => self.remove_active(id, labels, facts),
            Life::Terminating => self.terminating -= 1,
            Life::Finished => {}
        }
    }

    fn remove_active(&mut self, id: PodId, labels: &StringMap, facts: &PodFacts) {
        self.active -= 1;
        if let Some(since) = facts.ready_since {
            decrement(&mut self.ready, since);
            self.ready_total -= 1;
        }
        if let Some(at) = self.labels.iter().position(|(known, _)| same_map(known, labels)) {
            self.labels[at].1 -= 1;
            if self.labels[at].1 == 0 {
                self.labels.remove(at);
            }
        }
        decrement(&mut self.active_on_node, facts.node);
        let class = VictimClass::of(facts);
        if let Some(nodes) = self.classes.get_mut(&class) {
            if let Some(pods) = nodes.get_mut(&facts.node) {
                pods.remove(&id);
                if pods.is_empty() {
                    nodes.remove(&facts.node);
                }
            }
            if nodes.is_empty() {
                self.classes.remove(&class);
            }
        }
    }
}

impl Victim {
    pub(crate) fn of(pod: &Pod, facts: &PodFacts) -> Self {
        Self {
            uid: facts.uid,
            ready_since: facts.ready_since,
            restarts: facts.restarts,
            created: pod.metadata.creation_timestamp,
        }
    }
}

impl VictimClass {
    pub(crate) fn of(facts: &PodFacts) -> Self {
        Self {
            assigned: facts.node != 0,
            phase: facts.phase,
            ready: facts.ready_since.is_some(),
            deletion_cost: facts.deletion_cost,
        }
    }
}

fn same_map(a: &StringMap, b: &StringMap) -> bool {
    Rc::ptr_eq(a, b) || a == b
}

fn decrement<K: Ord>(counts: &mut BTreeMap<K, i32>, key: K) {
    if let Some(count) = counts.get_mut(&key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&key);
        }
    }
}
