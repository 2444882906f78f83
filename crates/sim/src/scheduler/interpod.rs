//! Affinity and anti-affinity between pods.
//!
//! Models `pkg/scheduler/framework/plugins/interpodaffinity`.

use std::collections::BTreeMap;

use super::affinity::PodTerm;
use super::cache::{Cache, Kind, NodeInfo};
use super::filter::{Plugin, Refusal};

/// How many pods there are by topology key and value.
type Counts = BTreeMap<(String, String), i64>;

/// What the required terms of a pod, and those of the pods already there, say of each domain.
#[derive(Default)]
pub(super) struct PodTopology {
    /// Topology keys and values in which an existing pod's anti-affinity speaks against the pod.
    existing_anti: Counts,
    affinity: Counts,
    anti: Counts,
    affinity_keys: Vec<String>,
    anti_keys: Vec<String>,
    /// The pod satisfies its own affinity, so that the first of its kind can be placed.
    attracts_itself: bool,
}

impl PodTopology {
    pub(super) fn new(cache: &Cache, pod: &Kind) -> Self {
        if !cache.any_pod_terms {
            return Self::default();
        }
        let mut topology = Self {
            affinity_keys: keys(&pod.needs.affinity),
            anti_keys: keys(&pod.needs.anti_affinity),
            attracts_itself: !pod.needs.affinity.is_empty()
                && pod.needs.affinity.iter().all(|term| meant(term, pod, pod)),
            ..Self::default()
        };
        let relevant: Vec<Relation> =
            cache.kinds.iter().map(|other| Relation::between(pod, other)).collect();
        for node in &cache.nodes {
            for (kind, count) in &node.kinds {
                relevant[*kind].count(&mut topology, pod, cache, *kind, node, count.all);
            }
        }
        topology
    }

    pub(super) fn check(&self, node: &NodeInfo) -> Result<(), Refusal> {
        let count = |counts: &Counts, key: &String| {
            let value = node.labels.get(key)?;
            Some(counts.get(&(key.clone(), value.clone())).copied().unwrap_or_default())
        };
        let plugin = Plugin::InterPodAffinity;
        if !self.affinity_keys.is_empty() {
            let known: Vec<_> =
                self.affinity_keys.iter().map(|key| count(&self.affinity, key)).collect();
            let labelled = known.iter().all(Option::is_some);
            let satisfied = labelled && known.iter().all(|count| count.is_some_and(|n| n > 0));
            let first = labelled && self.affinity.is_empty() && self.attracts_itself;
            if !satisfied && !first {
                return Err(Refusal::new(plugin, "node(s) didn't match pod affinity rules", true));
            }
        }
        let repelled = |key| count(&self.anti, key).is_some_and(|count| count > 0);
        if self.anti_keys.iter().any(repelled) {
            let reason = "node(s) didn't match pod anti-affinity rules";
            return Err(Refusal::new(plugin, reason, false));
        }
        let against = |((key, value), count): (&(String, String), &i64)| {
            *count > 0 && node.labels.get(key) == Some(value)
        };
        if self.existing_anti.iter().any(against) {
            let reason = "node(s) didn't satisfy existing pods anti-affinity rules";
            return Err(Refusal::new(plugin, reason, false));
        }
        Ok(())
    }
}

/// Which required terms hold between the pod and the pods of one kind.
struct Relation {
    /// Pods of the kind satisfy all affinity terms of the pod.
    attracts: bool,
    /// By anti-affinity term of the pod.
    repels: Vec<bool>,
    /// By anti-affinity term of the kind.
    repelled_by: Vec<bool>,
}

impl Relation {
    fn between(pod: &Kind, other: &Kind) -> Self {
        let needs = &pod.needs;
        Self {
            attracts: !needs.affinity.is_empty()
                && needs.affinity.iter().all(|term| meant(term, pod, other)),
            repels: needs.anti_affinity.iter().map(|term| meant(term, pod, other)).collect(),
            repelled_by: other
                .needs
                .anti_affinity
                .iter()
                .map(|term| meant(term, other, pod))
                .collect(),
        }
    }

    fn count(
        &self,
        topology: &mut PodTopology,
        pod: &Kind,
        cache: &Cache,
        kind: usize,
        node: &NodeInfo,
        pods: i64,
    ) {
        let add = |counts: &mut Counts, term: &PodTerm| {
            if let Some(value) = node.labels.get(&term.topology_key) {
                *counts.entry((term.topology_key.clone(), value.clone())).or_default() += pods;
            }
        };
        if self.attracts {
            pod.needs.affinity.iter().for_each(|term| add(&mut topology.affinity, term));
        }
        for (term, _) in pod.needs.anti_affinity.iter().zip(&self.repels).filter(|(_, on)| **on) {
            add(&mut topology.anti, term);
        }
        let others = &cache.kinds[kind].needs.anti_affinity;
        for (term, _) in others.iter().zip(&self.repelled_by).filter(|(_, on)| **on) {
            add(&mut topology.existing_anti, term);
        }
    }
}

/// Whether a term of `owner` means pods like `other`.
fn meant(term: &PodTerm, owner: &Kind, other: &Kind) -> bool {
    term.matches(&owner.namespace, &other.namespace, &other.labels)
}

fn keys(terms: &[PodTerm]) -> Vec<String> {
    terms.iter().map(|term| term.topology_key.clone()).collect()
}

/// Preferred terms of the pod and of the pods already there, and required affinity of those
/// (which weighs 1): the sum of weights by node. Empty where there is nothing to weigh.
pub(super) fn raw_scores(cache: &Cache, pod: &Kind, nodes: &[usize]) -> Vec<i64> {
    if !cache.any_pod_terms {
        return Vec::new();
    }
    let mut weights = Counts::new();
    for node in &cache.nodes {
        for (kind, count) in &node.kinds {
            let other = &cache.kinds[*kind];
            let mut add = |term: &PodTerm, weight: i64| {
                if let Some(value) = node.labels.get(&term.topology_key) {
                    *weights.entry((term.topology_key.clone(), value.clone())).or_default() +=
                        weight * count.all;
                }
            };
            for (weight, term) in &pod.needs.preferred_pod_terms {
                if meant(term, pod, other) {
                    add(term, *weight);
                }
            }
            for (weight, term) in &other.needs.preferred_pod_terms {
                if meant(term, other, pod) {
                    add(term, *weight);
                }
            }
            for term in &other.needs.affinity {
                if meant(term, other, pod) {
                    add(term, 1);
                }
            }
        }
    }
    if weights.is_empty() {
        return Vec::new();
    }
    let of = |node: &NodeInfo| {
        let here =
            |((key, value), _): &(&(String, String), &i64)| node.labels.get(key) == Some(value);
        weights.iter().filter(here).map(|(_, weight)| weight).sum()
    };
    nodes.iter().map(|node| of(&cache.nodes[*node])).collect()
}
