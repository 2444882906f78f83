//! What is known of each node for the pods of one kind, kept until the node changes.
//!
//! A rollout schedules thousands of pods that no rule can tell apart, and each of them changes one
//! node. Where the rules for a kind look at one node at a time, what they said of all others still
//! holds. The outcome is that of [`Filter`] and [`super::score::scores`], only sooner; upstream
//! reuses results in the same spirit (KEP-5598, opportunistic batching).

#[cfg(test)]
mod tests;

use rollscope_api::object::LabelSelector;

use super::cache::{Cache, KindId, NodeInfo};
use super::filter::Filter;
use super::score::{TAINTS_TOLERATED, resources};
use super::spread::{self, HostSpread};

/// What the rules say of one node.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Of the node as it was at that version.
    version: u64,
    fits: bool,
    /// The points for what is free.
    resources: i64,
    /// How many pods there are that the pod is spread from.
    others: i64,
}

/// What is known of the nodes for the kind of pods that was scheduled last.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    kind: KindId,
    owner: Option<LabelSelector>,
    /// By kind: whether the pod is spread from its pods.
    counted: Vec<bool>,
    /// By number.
    nodes: Vec<Known>,
}

/// The nodes with the most points.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Best {
    pub(super) nodes: Vec<usize>,
    /// How many nodes were looked at, those that do not fit included.
    pub(super) looked_at: usize,
}

impl Memo {
    /// The best of the first `enough` nodes that fit, looking from node `first` on. `None` where
    /// the rules look at several nodes at once, or no node fits: then everything is looked at anew.
    pub(super) fn best(
        &mut self,
        cache: &Cache,
        kind: KindId,
        owner: &LabelSelector,
        first: usize,
        enough: usize,
    ) -> Option<Best> {
        let needs = &cache.kinds[kind].needs;
        if !cache.spreads_by_host || cache.any_pod_terms || !needs.looks_at_single_nodes() {
            return None;
        }
        self.turn_to(cache, kind, owner);
        let filter = Filter::new(cache, kind);
        let mut fitting = Vec::with_capacity(enough);
        let mut looked_at = 0;
        for index in (first..cache.nodes.len()).chain(0..first) {
            looked_at += 1;
            let known = &mut self.nodes[index];
            let node = &cache.nodes[index];
            if known.version != node.version {
                *known = Known {
                    version: node.version,
                    fits: filter.check(node).is_ok(),
                    resources: resources(needs, node),
                    others: spread::count_on(node, &self.counted),
                };
            }
            if known.fits {
                fitting.push(index);
                if fitting.len() == enough {
                    break;
                }
            }
        }
        let nodes = self.with_most_points(&fitting)?;
        Some(Best { nodes, looked_at })
    }

    /// Forgets everything if it was found out for other pods.
    fn turn_to(&mut self, cache: &Cache, kind: KindId, owner: &LabelSelector) {
        let same = self.kind == kind
            && self.counted.len() == cache.kinds.len()
            && self.owner.as_ref() == Some(owner);
        if !same {
            self.kind = kind;
            self.owner = Some(owner.clone());
            self.counted = spread::counted_by_default(cache, &cache.kinds[kind], owner);
            self.nodes.clear();
        }
        self.nodes.resize(cache.nodes.len(), Known::default());
    }

    fn with_most_points(&self, fitting: &[usize]) -> Option<Vec<usize>> {
        let others = || fitting.iter().map(|node| self.nodes[*node].others);
        let (fewest, most) = (others().min()?, others().max()?);
        let host = HostSpread::new(fitting.len(), fewest, most);
        let mut best = Vec::new();
        let mut best_score = i64::MIN;
        // Most nodes have as many pods as the one before.
        let mut last = (fewest, host.points(fewest));
        for node in fitting {
            let known = &self.nodes[*node];
            if known.others != last.0 {
                last = (known.others, host.points(known.others));
            }
            let score = known.resources + TAINTS_TOLERATED + 2 * last.1;
            if score > best_score {
                best_score = score;
                best.clear();
            }
            if score == best_score {
                best.push(*node);
            }
        }
        Some(best)
    }
}

/// Whether nodes can be told apart by their names, room and pods alone: none is in a zone or would
/// rather not have pods, and each knows its host name.
pub(super) fn spreads_by_host(nodes: &[NodeInfo]) -> bool {
    nodes.iter().all(|node| {
        node.zone.is_none()
            && node.hostname.is_some()
            && node.taints.iter().all(|taint| taint.effect != "PreferNoSchedule")
    })
}
