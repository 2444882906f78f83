//! What the scheduler knows of nodes and of the pods on them, summed up node by node.
//!
//! Pods are counted by *kind*: pods with the same namespace, labels and spec are of one kind, as
//! the pods of a ReplicaSet are. No decision looks at single pods but preemption's.
//! Models `pkg/scheduler/backend/cache`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rollscope_api::object::{Node, StringMap, Taint};

use super::amounts::Amounts;
use super::memo::spreads_by_host;
use super::needs::{HostPort, Needs};
use crate::store::PodId;

pub(crate) const HOSTNAME: &str = "kubernetes.io/hostname";
pub(crate) const ZONE: &str = "topology.kubernetes.io/zone";

/// The number of a kind of pods.
pub(crate) type KindId = usize;

/// Pods that no rule of the scheduler can tell apart.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) namespace: Rc<str>,
    pub(crate) labels: StringMap,
    pub(crate) needs: Rc<Needs>,
}

/// How many pods of a kind there are on a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) all: i64,
    /// Those of them that are being deleted.
    pub(crate) deleting: i64,
}

/// A node and the sum of what is on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodeInfo {
    pub(crate) name: Rc<str>,
    pub(crate) labels: StringMap,
    /// The two labels that every pod is spread by.
    pub(crate) hostname: Option<Rc<str>>,
    pub(crate) zone: Option<Rc<str>>,
    pub(crate) taints: Vec<Taint>,
    pub(crate) unschedulable: bool,
    pub(crate) allocatable: Amounts,
    pub(crate) requested: Amounts,
    /// Cpu and memory as scores count them.
    pub(crate) nonzero: (i64, i64),
    pub(crate) pods: i64,
    /// By kind: few, so that looking through them is quicker than looking one up.
    pub(crate) kinds: Vec<(KindId, Count)>,
    pub(crate) ports: Vec<HostPort>,
    pub(crate) ids: BTreeSet<PodId>,
    /// No other node, and this one at no other time, has the same.
    pub(crate) version: u64,
}

impl NodeInfo {
    pub(crate) fn set(&mut self, node: &Node) {
        self.name = node.metadata.name.clone();
        self.labels = node.metadata.labels.clone();
        let label = |key: &str| self.labels.get(key).map(|value| value.as_str().into());
        (self.hostname, self.zone) = (label(HOSTNAME), label(ZONE));
        self.taints.clone_from(&node.spec.taints);
        self.unschedulable = node.spec.unschedulable;
        self.allocatable = Amounts::of(&node.status["allocatable"]);
    }

    fn count(&mut self, kind: KindId, needs: &Needs, deleting: bool, sign: i64) {
        self.requested.add(&needs.requests, sign);
        self.nonzero.0 += sign * needs.nonzero.0;
        self.nonzero.1 += sign * needs.nonzero.1;
        self.pods += sign;
        let at = self.kinds.partition_point(|(known, _)| *known < kind);
        if self.kinds.get(at).is_none_or(|(known, _)| *known != kind) {
            self.kinds.insert(at, (kind, Count::default()));
        }
        let count = &mut self.kinds[at].1;
        count.all += sign;
        count.deleting += if deleting { sign } else { 0 };
        if count.all == 0 {
            self.kinds.remove(at);
        }
        for port in &needs.ports {
            if sign > 0 {
                self.ports.push(port.clone());
            } else if let Some(at) = self.ports.iter().position(|known| known == port) {
                self.ports.swap_remove(at);
            }
        }
    }
}

#[derive(Clone, Debug)]
struct Placed {
    node: usize,
    kind: KindId,
    deleting: bool,
}

/// All nodes by name, with what is on them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    pub(crate) nodes: Vec<NodeInfo>,
    by_name: BTreeMap<Rc<str>, usize>,
    pub(crate) kinds: Vec<Kind>,
    kinds_by_labels: BTreeMap<(Rc<str>, StringMap), Vec<KindId>>,
    placed: BTreeMap<PodId, Placed>,
    /// Whether any pod ever had affinity to other pods: without, there is nothing to look for.
    pub(crate) any_pod_terms: bool,
    /// Whether the default spreading knows of hosts alone, and no node is better than another but
    /// for what is on it.
    pub(crate) spreads_by_host: bool,
    /// The latest version of a node.
    version: u64,
}

impl Cache {
    /// Takes over the nodes as they are now. Pods of nodes that are gone are forgotten.
    pub(crate) fn set_nodes<'a>(&mut self, nodes: impl Iterator<Item = &'a Node>) {
        let before = std::mem::take(&mut self.nodes);
        let names = std::mem::take(&mut self.by_name);
        let mut moved: BTreeMap<usize, usize> = BTreeMap::new();
        for node in nodes {
            let name: Rc<str> = node.metadata.name.clone();
            let mut info = NodeInfo::default();
            if let Some(old) = names.get(&name) {
                info.clone_from(&before[*old]);
                moved.insert(*old, self.nodes.len());
            }
            info.set(node);
            self.version += 1;
            info.version = self.version;
            self.by_name.insert(name, self.nodes.len());
            self.nodes.push(info);
        }
        self.placed.retain(|_, placed| match moved.get(&placed.node) {
            Some(now) => {
                placed.node = *now;
                true
            }
            None => false,
        });
        self.spreads_by_host = spreads_by_host(&self.nodes);
    }

    /// Counts a pod on a node, or no longer.
    fn count(&mut self, node: usize, kind: KindId, deleting: bool, sign: i64) {
        self.version += 1;
        let info = &mut self.nodes[node];
        info.version = self.version;
        info.count(kind, &self.kinds[kind].needs, deleting, sign);
    }

    pub(crate) fn node(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The number of the kind of pods like this one.
    pub(crate) fn kind_of(
        &mut self,
        namespace: &str,
        labels: &StringMap,
        needs: &Rc<Needs>,
    ) -> KindId {
        // The pods of a template share their labels, which is seen without comparing texts.
        let shared = self.kinds.iter().position(|kind| {
            Rc::ptr_eq(&kind.labels, labels)
                && Rc::ptr_eq(&kind.needs, needs)
                && *kind.namespace == *namespace
        });
        if let Some(kind) = shared {
            return kind;
        }
        let key = (Rc::<str>::from(namespace), labels.clone());
        let same = self.kinds_by_labels.entry(key.clone()).or_default();
        let known = same.iter().find(|kind| Rc::ptr_eq(&self.kinds[**kind].needs, needs));
        if let Some(kind) = known {
            return *kind;
        }
        let id = self.kinds.len();
        same.push(id);
        let (namespace, labels) = key;
        self.any_pod_terms |= !needs.anti_affinity.is_empty()
            || !needs.affinity.is_empty()
            || !needs.preferred_pod_terms.is_empty();
        self.kinds.push(Kind { namespace, labels, needs: needs.clone() });
        id
    }

    /// A pod takes its place on a node, or changes there.
    pub(crate) fn place(&mut self, pod: PodId, node: &str, kind: KindId, deleting: bool) {
        let node = self.node(node);
        if let Some(known) = self.placed.get(&pod) {
            if Some(known.node) == node && known.kind == kind && known.deleting == deleting {
                return;
            }
            self.remove(pod);
        }
        let Some(node) = node else { return };
        self.count(node, kind, deleting, 1);
        self.nodes[node].ids.insert(pod);
        self.placed.insert(pod, Placed { node, kind, deleting });
    }

    /// A pod is gone or has ended. Returns whether it had a place.
    pub(crate) fn remove(&mut self, pod: PodId) -> bool {
        let Some(Placed { node, kind, deleting }) = self.placed.remove(&pod) else { return false };
        self.count(node, kind, deleting, -1);
        self.nodes[node].ids.remove(&pod);
        true
    }

    /// The kind of a placed pod, and whether it is being deleted.
    pub(crate) fn placed(&self, pod: PodId) -> Option<(KindId, bool)> {
        self.placed.get(&pod).map(|placed| (placed.kind, placed.deleting))
    }
}
