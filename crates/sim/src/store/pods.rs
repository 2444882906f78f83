//! The pods of the store and what is known of them at a glance.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::rc::Rc;

use rollscope_api::Timestamp;
use rollscope_api::object::{Pod, PodPhase, StringMap};

use super::controller;
use super::key::{Key, PodId, UidNumber};
use super::owned::OwnedPods;
use super::slab::Slab;

/// Whether the condition `Ready` is True, and since when.
pub fn ready_since(pod: &Pod) -> Option<Timestamp> {
    let ready = pod.status.conditions.iter().find(|condition| &*condition.type_ == "Ready")?;
    (&*ready.status == "True").then(|| ready.last_transition_time.unwrap_or_default())
}

/// Not finished and not being deleted. Models `IsPodActive` in `pkg/controller/controller_utils.go`.
pub fn is_pod_active(pod: &Pod) -> bool {
    !pod.status.phase.is_terminal() && pod.metadata.deletion_timestamp.is_none()
}

/// What controllers count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Life {
    /// Neither finished nor being deleted.
    Active,
    /// Being deleted, not finished.
    Terminating,
    /// Succeeded or Failed.
    Finished,
}

/// The facts of a pod that indexes are made of. They change seldom, so that most writes of a pod
/// touch no index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PodFacts {
    /// The pod's own.
    pub(crate) uid: UidNumber,
    /// The controlling owner.
    pub(crate) owner: UidNumber,
    pub(crate) life: Life,
    /// Since when it is Ready, if it is.
    pub(crate) ready_since: Option<Timestamp>,
    /// The node's number; 0 while it has none.
    pub(crate) node: u32,
    pub(crate) phase: PodPhase,
    /// `controller.kubernetes.io/pod-deletion-cost`.
    pub(crate) deletion_cost: i32,
    /// Restarts of regular containers, the most of any.
    pub(crate) restarts: i32,
}

impl PodFacts {
    fn of(pod: &Pod, node: u32) -> Self {
        let life = if pod.status.phase.is_terminal() {
            Life::Finished
        } else if pod.metadata.deletion_timestamp.is_some() {
            Life::Terminating
        } else {
            Life::Active
        };
        Self {
            uid: UidNumber::of(&pod.metadata.uid),
            owner: controller(&pod.metadata),
            life,
            ready_since: ready_since(pod),
            node,
            phase: pod.status.phase,
            deletion_cost: deletion_cost(pod),
            restarts: pod
                .status
                .container_statuses
                .iter()
                .map(|c| c.restart_count)
                .max()
                .unwrap_or(0),
        }
    }
}

/// Models `getDeletionCostFromPodAnnotations` in `pkg/apis/core/v1/helper`: what is not an
/// int32 in its shortest form costs 0.
fn deletion_cost(pod: &Pod) -> i32 {
    let Some(text) = pod.metadata.annotations.get("controller.kubernetes.io/pod-deletion-cost")
    else {
        return 0;
    };
    let digits = text.strip_prefix('-').unwrap_or(text);
    let shortest = digits == "0" || digits.starts_with(|c: char| ('1'..='9').contains(&c));
    if shortest { text.parse().unwrap_or(0) } else { 0 }
}

#[derive(Clone, Debug)]
struct Slot {
    key: Key,
    pod: Rc<Pod>,
    facts: PodFacts,
}

/// All pods: by number, by name, by owner and by node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pods {
    slots: Slab<Slot>,
    by_name: Rc<BTreeMap<Key, PodId>>,
    by_owner: BTreeMap<UidNumber, Rc<OwnedPods>>,
    by_node: BTreeMap<u32, Rc<BTreeSet<PodId>>>,
    node_numbers: Rc<BTreeMap<Rc<str>, u32>>,
}

/// What a write of a pod did to its facts.
pub(crate) struct PodWrite {
    pub(crate) before: Option<PodFacts>,
    pub(crate) after: Option<PodFacts>,
}

impl Pods {
    pub(crate) fn get(&self, id: PodId) -> Option<&Rc<Pod>> {
        self.slots.get(id.0).map(|slot| &slot.pod)
    }

    pub(crate) fn with_facts(&self, id: PodId) -> Option<(&Rc<Pod>, &PodFacts)> {
        self.slots.get(id.0).map(|slot| (&slot.pod, &slot.facts))
    }

    pub(crate) fn key(&self, id: PodId) -> Option<&Key> {
        self.slots.get(id.0).map(|slot| &slot.key)
    }

    pub(crate) fn id(&self, key: &Key) -> Option<PodId> {
        self.by_name.get(key).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// By namespace and name.
    pub(crate) fn by_name(&self) -> impl Iterator<Item = (&Key, PodId)> {
        self.by_name.iter().map(|(key, id)| (key, *id))
    }

    /// In order of creation.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (PodId, &Rc<Pod>)> {
        self.slots.iter().map(|(number, slot)| (PodId(number), &slot.pod))
    }

    pub(crate) fn owned_by(&self, owner: UidNumber) -> Option<&OwnedPods> {
        self.by_owner.get(&owner).map(|pods| &**pods)
    }

    /// The pods on one node; those on none under the empty name.
    pub(crate) fn on_node(&self, node: &str) -> impl Iterator<Item = PodId> {
        let number = if node.is_empty() { Some(0) } else { self.node_numbers.get(node).copied() };
        let pods = number.and_then(|number| self.by_node.get(&number));
        pods.into_iter().flat_map(|pods| pods.iter().copied())
    }

    /// The pods on no node that were created after `last`.
    pub(crate) fn unbound_after(&self, last: Option<PodId>) -> impl Iterator<Item = PodId> {
        let from = last.map_or(Bound::Unbounded, Bound::Excluded);
        let pods = self.by_node.get(&0);
        pods.into_iter().flat_map(move |pods| pods.range((from, Bound::Unbounded)).copied())
    }

    pub(crate) fn insert(&mut self, key: Key, pod: Pod) -> (PodId, PodWrite) {
        let node = node_number(&mut self.node_numbers, pod.node_name.as_deref());
        let facts = PodFacts::of(&pod, node);
        let id = PodId(self.slots.next_number());
        self.index(id, &pod, &facts);
        let slot = Slot { key: key.clone(), pod: Rc::new(pod), facts: facts.clone() };
        self.slots.insert(slot);
        Rc::make_mut(&mut self.by_name).insert(key, id);
        (id, PodWrite { before: None, after: Some(facts) })
    }

    /// Changes a pod in place. Its name stays.
    pub(crate) fn update(&mut self, id: PodId, change: impl FnOnce(&mut Pod)) -> PodWrite {
        let Some(slot) = self.slots.get_mut(id.0) else {
            return PodWrite { before: None, after: None };
        };
        let labels_before = slot.pod.metadata.labels.clone();
        let before = slot.facts.clone();
        let pod = Rc::make_mut(&mut slot.pod);
        change(pod);
        let node = match &pod.node_name {
            None => 0,
            // A pod stays on its node.
            Some(_) if before.node != 0 => before.node,
            name => node_number(&mut self.node_numbers, name.as_deref()),
        };
        let after = PodFacts::of(pod, node);
        let relabelled = !Rc::ptr_eq(&labels_before, &pod.metadata.labels);
        if after == before && !relabelled {
            return PodWrite { before: Some(before), after: Some(after) };
        }
        slot.facts = after.clone();
        let pod = slot.pod.clone();
        if after.owner == before.owner && after.node == before.node {
            if let Some(owned) = self.by_owner.get_mut(&after.owner) {
                Rc::make_mut(owned).change(id, (&before, &labels_before), (&after, &pod));
            }
        } else {
            self.unindex(id, &before, &labels_before);
            self.index(id, &pod, &after);
        }
        PodWrite { before: Some(before), after: Some(after) }
    }

    pub(crate) fn remove(&mut self, id: PodId) -> Option<(Rc<Pod>, PodWrite)> {
        let Slot { key, pod, facts, .. } = self.slots.remove(id.0)?;
        self.unindex(id, &facts, &pod.metadata.labels);
        Rc::make_mut(&mut self.by_name).remove(&key);
        Some((pod, PodWrite { before: Some(facts), after: None }))
    }

    fn index(&mut self, id: PodId, pod: &Pod, facts: &PodFacts) {
        let owned = self.by_owner.entry(facts.owner).or_default();
        Rc::make_mut(owned).add(id, pod, facts);
        Rc::make_mut(self.by_node.entry(facts.node).or_default()).insert(id);
    }

    fn unindex(&mut self, id: PodId, facts: &PodFacts, labels: &StringMap) {
        if let Some(owned) = self.by_owner.get_mut(&facts.owner) {
            let pods = Rc::make_mut(owned);
            pods.remove(id, labels, facts);
            if pods.is_empty() {
                self.by_owner.remove(&facts.owner);
            }
        }
        if let Some(pods) = self.by_node.get_mut(&facts.node) {
            let pods = Rc::make_mut(pods);
            pods.remove(&id);
            if pods.is_empty() {
                self.by_node.remove(&facts.node);
            }
        }
    }
}

/// Nodes are numbered from 1 as they are first named; 0 is no node.
fn node_number(numbers: &mut Rc<BTreeMap<Rc<str>, u32>>, node: Option<&str>) -> u32 {
    let Some(node) = node else { return 0 };
    if let Some(number) = numbers.get(node) {
        return *number;
    }
    let number = numbers.len() as u32 + 1;
    Rc::make_mut(numbers).insert(node.into(), number);
    number
}
