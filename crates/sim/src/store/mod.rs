//! The store: every object of the cluster, with the indexes that controllers read by.
//!
//! It plays etcd and the informers' caches at once: what has been written is seen at once, and
//! the time it takes to hear of it is part of the work queues' latency. It knows no rules.

mod key;
mod owned;
mod pods;
mod slab;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rollscope_api::Resource;
use rollscope_api::object::{
    Deployment, Event, Node, ObjectMeta, Pod, ReplicaSet, Uid, Unstructured,
};

pub(crate) use key::UidNumber;
pub use key::{EventId, Key, PodId};
pub(crate) use owned::{OwnedPods, Victim, VictimClass};
pub(crate) use pods::{Life, PodFacts, PodWrite};
pub use pods::{is_pod_active, ready_since};

use pods::Pods;
use slab::Slab;

/// Every object there is. Clones are cheap.
#[derive(Clone, Debug, Default)]
pub struct Store {
    version: u64,
    deployments: BTreeMap<Key, Rc<Deployment>>,
    replica_sets: BTreeMap<Key, Rc<ReplicaSet>>,
    replica_sets_by_owner: BTreeMap<UidNumber, BTreeSet<Key>>,
    replica_sets_by_uid: BTreeMap<UidNumber, Key>,
    deployments_by_uid: BTreeMap<UidNumber, Key>,
    pods: Pods,
    events: Slab<Rc<Event>>,
    nodes: BTreeMap<Rc<str>, Rc<Node>>,
    /// The resourceVersion of the latest write of a node.
    nodes_version: u64,
    others: BTreeMap<Resource, BTreeMap<Key, Rc<Unstructured>>>,
}

/// Reading.
impl Store {
    /// The resourceVersion of the latest write.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// One Deployment.
    pub fn deployment(&self, key: &Key) -> Option<&Rc<Deployment>> {
        self.deployments.get(key)
    }

    /// All Deployments by namespace and name.
    pub fn deployments(&self) -> impl Iterator<Item = (&Key, &Rc<Deployment>)> {
        self.deployments.iter()
    }

    /// One ReplicaSet.
    pub fn replica_set(&self, key: &Key) -> Option<&Rc<ReplicaSet>> {
        self.replica_sets.get(key)
    }

    /// All ReplicaSets by namespace and name.
    pub fn replica_sets(&self) -> impl Iterator<Item = (&Key, &Rc<ReplicaSet>)> {
        self.replica_sets.iter()
    }

    /// The ReplicaSets whose controller has this uid, by name.
    pub fn replica_sets_of(&self, owner_uid: &Uid) -> impl Iterator<Item = &Rc<ReplicaSet>> {
        self.replica_sets_with(UidNumber::of(owner_uid))
    }

    pub(crate) fn replica_sets_with(
        &self,
        owner: UidNumber,
    ) -> impl Iterator<Item = &Rc<ReplicaSet>> {
        self.replica_set_keys_of(owner).filter_map(|key| self.replica_sets.get(key))
    }

    pub(crate) fn replica_set_keys_of(&self, owner: UidNumber) -> impl Iterator<Item = &Key> {
        self.replica_sets_by_owner.get(&owner).into_iter().flatten()
    }

    pub(crate) fn replica_set_key(&self, uid: UidNumber) -> Option<&Key> {
        self.replica_sets_by_uid.get(&uid)
    }

    pub(crate) fn deployment_key(&self, uid: UidNumber) -> Option<&Key> {
        self.deployments_by_uid.get(&uid)
    }

    /// One pod.
    pub fn pod(&self, id: PodId) -> Option<&Rc<Pod>> {
        self.pods.get(id)
    }

    pub(crate) fn pod_with_facts(&self, id: PodId) -> Option<(&Rc<Pod>, &PodFacts)> {
        self.pods.with_facts(id)
    }

    /// The name of a pod.
    pub(crate) fn pod_key(&self, id: PodId) -> Option<&Key> {
        self.pods.key(id)
    }

    /// The number of the pod of that name.
    pub fn pod_id(&self, key: &Key) -> Option<PodId> {
        self.pods.id(key)
    }

    /// All pods in order of creation.
    pub fn pods(&self) -> impl Iterator<Item = (PodId, &Rc<Pod>)> {
        self.pods.iter()
    }

    /// How many pods there are.
    pub fn pod_count(&self) -> usize {
        self.pods.len()
    }

    /// All pods by namespace and name.
    pub fn pods_by_name(&self) -> impl Iterator<Item = (PodId, &Rc<Pod>)> {
        self.pods.by_name().filter_map(|(_, id)| Some((id, self.pods.get(id)?)))
    }

    /// The pods whose controller has this uid, in order of creation; every ownerless pod for
    /// [`Uid::None`].
    pub fn pods_of(&self, owner_uid: &Uid) -> impl Iterator<Item = (PodId, &Rc<Pod>)> {
        let owner = if owner_uid.is_none() { UidNumber::NONE } else { UidNumber::of(owner_uid) };
        let ids = self.pods.owned_by(owner).map(|owned| owned.all().iter());
        ids.into_iter().flatten().filter_map(|id| Some((*id, self.pods.get(*id)?)))
    }

    pub(crate) fn owned_pods(&self, owner: UidNumber) -> Option<&OwnedPods> {
        self.pods.owned_by(owner)
    }

    /// The pods bound to a node, in order of creation.
    pub fn pods_on_node(&self, node: &str) -> impl Iterator<Item = (PodId, &Rc<Pod>)> {
        self.pods.on_node(node).filter_map(|id| Some((id, self.pods.get(id)?)))
    }

    /// The pods that have no node yet, in order of creation.
    pub fn unbound_pods(&self) -> impl Iterator<Item = (PodId, &Rc<Pod>)> {
        self.pods_on_node("")
    }

    /// Those of them that were created after a certain pod.
    pub(crate) fn unbound_pods_after(
        &self,
        last: Option<PodId>,
    ) -> impl Iterator<Item = (PodId, &Rc<Pod>)> {
        self.pods.unbound_after(last).filter_map(|id| Some((id, self.pods.get(id)?)))
    }

    /// One Event.
    pub fn event(&self, id: EventId) -> Option<&Rc<Event>> {
        self.events.get(id.0)
    }

    /// All Events in order of creation.
    pub fn events(&self) -> impl Iterator<Item = (EventId, &Rc<Event>)> {
        self.events.iter().map(|(number, event)| (EventId(number), event))
    }

    /// The Events created after this one, or all, in order of creation. What it costs depends on
    /// how many there are, not on how many there have been.
    pub fn events_after(
        &self,
        after: Option<EventId>,
    ) -> impl Iterator<Item = (EventId, &Rc<Event>)> {
        let first = after.map_or(0, |EventId(number)| number + 1);
        (first..self.events.next_number())
            .filter_map(|number| Some((EventId(number), self.events.get(number)?)))
    }

    /// One node.
    pub fn node(&self, name: &str) -> Option<&Rc<Node>> {
        self.nodes.get(name)
    }

    /// All nodes by name.
    pub fn nodes(&self) -> impl Iterator<Item = &Rc<Node>> {
        self.nodes.values()
    }

    /// Changes whenever a node changes.
    pub(crate) fn nodes_version(&self) -> u64 {
        self.nodes_version
    }

    /// One object of a kind without a type of its own.
    pub fn other(&self, resource: Resource, key: &Key) -> Option<&Rc<Unstructured>> {
        self.others.get(&resource)?.get(key)
    }

    /// All objects of such a kind by namespace and name.
    pub fn others(&self, resource: Resource) -> impl Iterator<Item = (&Key, &Rc<Unstructured>)> {
        self.others.get(&resource).into_iter().flatten()
    }
}

/// Writing. Every write gets the next resourceVersion.
impl Store {
    fn next_version(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    pub(crate) fn put_deployment(
        &mut self,
        key: Key,
        mut deployment: Deployment,
    ) -> Rc<Deployment> {
        deployment.metadata.resource_version = self.next_version();
        let known = self.deployments.get(&key);
        if known.is_none_or(|known| known.metadata.uid != deployment.metadata.uid) {
            self.deployments_by_uid.insert(UidNumber::of(&deployment.metadata.uid), key.clone());
        }
        let stored = Rc::new(deployment);
        self.deployments.insert(key, stored.clone());
        stored
    }

    pub(crate) fn remove_deployment(&mut self, key: &Key) -> Option<Rc<Deployment>> {
        let removed = self.deployments.remove(key)?;
        self.deployments_by_uid.remove(&UidNumber::of(&removed.metadata.uid));
        self.next_version();
        Some(removed)
    }

    pub(crate) fn put_replica_set(&mut self, key: Key, mut set: ReplicaSet) -> Rc<ReplicaSet> {
        set.metadata.resource_version = self.next_version();
        let same = |known: &Rc<ReplicaSet>| {
            let (known, new) = (&known.metadata, &set.metadata);
            known.uid == new.uid && controller(known) == controller(new)
        };
        if !self.replica_sets.get(&key).is_some_and(same) {
            self.index_replica_set(&key, &set.metadata);
        }
        let stored = Rc::new(set);
        self.replica_sets.insert(key, stored.clone());
        stored
    }

    pub(crate) fn remove_replica_set(&mut self, key: &Key) -> Option<Rc<ReplicaSet>> {
        self.unindex_replica_set(key);
        let removed = self.replica_sets.remove(key)?;
        self.next_version();
        Some(removed)
    }

    fn index_replica_set(&mut self, key: &Key, metadata: &ObjectMeta) {
        self.unindex_replica_set(key);
        let owner = controller(metadata);
        self.replica_sets_by_owner.entry(owner).or_default().insert(key.clone());
        self.replica_sets_by_uid.insert(UidNumber::of(&metadata.uid), key.clone());
    }

    fn unindex_replica_set(&mut self, key: &Key) {
        let Some(set) = self.replica_sets.get(key) else { return };
        let owner = controller(&set.metadata);
        self.replica_sets_by_uid.remove(&UidNumber::of(&set.metadata.uid));
        if let Some(keys) = self.replica_sets_by_owner.get_mut(&owner) {
            keys.remove(key);
            if keys.is_empty() {
                self.replica_sets_by_owner.remove(&owner);
            }
        }
    }

    pub(crate) fn insert_pod(&mut self, key: Key, mut pod: Pod) -> (PodId, PodWrite) {
        pod.metadata.resource_version = self.next_version();
        self.pods.insert(key, pod)
    }

    pub(crate) fn update_pod(&mut self, id: PodId, change: impl FnOnce(&mut Pod)) -> PodWrite {
        let version = self.next_version();
        self.pods.update(id, |pod| {
            change(pod);
            pod.metadata.resource_version = version;
        })
    }

    pub(crate) fn remove_pod(&mut self, id: PodId) -> Option<(Rc<Pod>, PodWrite)> {
        self.next_version();
        self.pods.remove(id)
    }

    pub(crate) fn insert_event(&mut self, mut event: Rc<Event>) -> (EventId, Rc<Event>) {
        Rc::make_mut(&mut event).metadata.resource_version = self.next_version();
        (EventId(self.events.insert(event.clone())), event)
    }

    /// The number that the next Event will get.
    pub(crate) fn next_event(&self) -> EventId {
        EventId(self.events.next_number())
    }

    pub(crate) fn update_event(
        &mut self,
        id: EventId,
        change: impl FnOnce(&mut Event),
    ) -> Option<Rc<Event>> {
        let version = self.next_version();
        let event = self.events.get_mut(id.0)?;
        let written = Rc::make_mut(event);
        change(written);
        written.metadata.resource_version = version;
        Some(event.clone())
    }

    pub(crate) fn remove_event(&mut self, id: EventId) -> Option<Rc<Event>> {
        self.next_version();
        self.events.remove(id.0)
    }

    pub(crate) fn put_node(&mut self, mut node: Node) -> Rc<Node> {
        node.metadata.resource_version = self.next_version();
        self.nodes_version = self.version;
        let stored = Rc::new(node);
        self.nodes.insert(stored.metadata.name.clone(), stored.clone());
        stored
    }

    pub(crate) fn remove_node(&mut self, name: &str) -> Option<Rc<Node>> {
        self.nodes_version = self.next_version();
        self.nodes.remove(name)
    }

    pub(crate) fn put_other(&mut self, key: Key, mut object: Unstructured) -> Rc<Unstructured> {
        object.metadata.resource_version = self.next_version();
        let resource = object.resource;
        let stored = Rc::new(object);
        self.others.entry(resource).or_default().insert(key, stored.clone());
        stored
    }

    pub(crate) fn remove_other(
        &mut self,
        resource: Resource,
        key: &Key,
    ) -> Option<Rc<Unstructured>> {
        self.next_version();
        self.others.get_mut(&resource)?.remove(key)
    }
}

/// The uid of the controlling owner as a number; [`UidNumber::NONE`] for an orphan.
pub(crate) fn controller(metadata: &ObjectMeta) -> UidNumber {
    metadata.controller().map_or(UidNumber::NONE, |owner| UidNumber::of(&owner.uid))
}
