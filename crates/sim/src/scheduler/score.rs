//! How good each node is for a pod, of those it fits on.
//!
//! Every plugin gives 0 to 100 points, which count by its weight. Models the score plugins of
//! `pkg/scheduler/framework/plugins` with the default weights.

use rollscope_api::object::LabelSelector;

use super::cache::{Cache, Kind, KindId, NodeInfo};
use super::needs::Needs;
use super::{interpod, spread};

/// What a plugin gives to each node.
pub(super) enum Points {
    /// All nodes the same.
    Same(i64),
    /// By node, in their order.
    Each(Vec<i64>),
}

/// The total score of each of `nodes`, in their order. `owner` is the selector of what the pod
/// belongs to.
pub(crate) fn scores(
    cache: &Cache,
    kind: KindId,
    owner: Option<&LabelSelector>,
    nodes: &[usize],
) -> Vec<i64> {
    let kind = &cache.kinds[kind];
    let needs = &kind.needs;
    let infos = || nodes.iter().map(|node| &cache.nodes[*node]);
    let mut totals: Vec<i64> = infos().map(|node| resources(needs, node)).collect();
    let mut add = |points: Points, weight: i64| match points {
        Points::Same(points) => totals.iter_mut().for_each(|total| *total += weight * points),
        Points::Each(points) => {
            for (total, points) in totals.iter_mut().zip(points) {
                *total += weight * points;
            }
        }
    };
    add(taint_toleration(needs, infos()), 3);
    add(node_affinity(needs, infos()), 2);
    add(spread::scores(cache, kind, owner, nodes), 2);
    add(inter_pod_affinity(cache, kind, nodes), 2);
    totals
}

/// The points for what is free on a node.
pub(super) fn resources(needs: &Needs, node: &NodeInfo) -> i64 {
    least_allocated(needs, node) + balanced_allocation(needs, node)
}

/// What a node gets that has no taints which would rather not have the pod.
pub(super) const TAINTS_TOLERATED: i64 = 3 * 100;

/// Models `leastResourceScorer`: more room, more points.
fn least_allocated(needs: &Needs, node: &NodeInfo) -> i64 {
    let part = |allocatable: i64, used: i64| {
        if allocatable == 0 || used > allocatable {
            0
        } else {
            (allocatable - used) * 100 / allocatable
        }
    };
    let cpu = part(node.allocatable.cpu, node.nonzero.0 + needs.nonzero.0);
    let memory = part(node.allocatable.memory, node.nonzero.1 + needs.nonzero.1);
    (cpu + memory) / 2
}

/// Models `balancedResourceScorer`: cpu and memory are used up evenly. Pods that ask for nothing
/// have no say.
fn balanced_allocation(needs: &Needs, node: &NodeInfo) -> i64 {
    let own = &needs.requests;
    if own.cpu == 0 && own.memory == 0 {
        return 0;
    }
    let fraction = |used: i64, allocatable: i64| {
        if allocatable == 0 { 1.0 } else { (used as f64 / allocatable as f64).min(1.0) }
    };
    let score = |cpu: i64, memory: i64| {
        let cpu = fraction(node.requested.cpu + cpu, node.allocatable.cpu);
        let memory = fraction(node.requested.memory + memory, node.allocatable.memory);
        let deviation = (cpu - memory).abs() / 2.0;
        ((1.0 - deviation) * 100.0) as i64
    };
    50 + (50 + score(own.cpu, own.memory) - score(0, 0)) / 2
}

/// Fewer taints that would rather not have the pod, more points.
fn taint_toleration<'a>(needs: &Needs, nodes: impl Iterator<Item = &'a NodeInfo>) -> Points {
    let unwelcome = |node: &NodeInfo| {
        let prefers = node.taints.iter().filter(|taint| taint.effect == "PreferNoSchedule");
        prefers.filter(|taint| !needs.tolerates(taint)).count() as i64
    };
    let counts: Vec<i64> = nodes.map(unwelcome).collect();
    let most = counts.iter().copied().max().unwrap_or_default();
    if most == 0 {
        return Points::Same(100);
    }
    Points::Each(counts.into_iter().map(|count| 100 - 100 * count / most).collect())
}

/// The weights of the preferred terms that hold.
fn node_affinity<'a>(needs: &Needs, nodes: impl Iterator<Item = &'a NodeInfo>) -> Points {
    if needs.preferred_node_terms.is_empty() {
        return Points::Same(0);
    }
    let weight = |node: &NodeInfo| {
        let hold = needs
            .preferred_node_terms
            .iter()
            .filter(|(weight, term)| *weight != 0 && term.matches(&node.name, &node.labels));
        hold.map(|(weight, _)| weight).sum()
    };
    let weights: Vec<i64> = nodes.map(weight).collect();
    let most = weights.iter().copied().max().unwrap_or_default();
    let scale = |weight| if most == 0 { weight } else { 100 * weight / most };
    Points::Each(weights.into_iter().map(scale).collect())
}

/// Stretched so that the best node has 100 points and the worst none.
fn inter_pod_affinity(cache: &Cache, kind: &Kind, nodes: &[usize]) -> Points {
    let raw = interpod::raw_scores(cache, kind, nodes);
    let most = raw.iter().copied().max().unwrap_or_default();
    let least = raw.iter().copied().min().unwrap_or_default();
    if most == least {
        return Points::Same(0);
    }
    let width = (most - least) as f64;
    let stretch = |score: i64| (100.0 * ((score - least) as f64 / width)) as i64;
    Points::Each(raw.into_iter().map(stretch).collect())
}
