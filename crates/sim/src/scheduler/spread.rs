//! Topology spread: constraints of the pod's own, and those every Deployment's pods have.
//!
//! Models `pkg/scheduler/framework/plugins/podtopologyspread`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::object::LabelSelector;

use super::affinity::selects;
use super::cache::{Cache, HOSTNAME, Kind, NodeInfo, ZONE};
use super::filter::{Plugin, Refusal, matches_node_affinity, untolerated};
use super::needs::Spread;
use super::score::Points;
use crate::words::word;

/// Which pods a constraint counts, by kind.
fn counted(cache: &Cache, pod: &Kind, spread: &Spread) -> Vec<bool> {
    let same_keys = |other: &Kind| {
        spread.match_label_keys.iter().all(|key| match pod.labels.get(key) {
            Some(value) => other.labels.get(key) == Some(value),
            None => true,
        })
    };
    cache
        .kinds
        .iter()
        .map(|other| {
            other.namespace == pod.namespace
                && selects(spread.selector.as_ref(), &other.labels)
                && same_keys(other)
        })
        .collect()
}

/// How many pods on the node a constraint counts: those being deleted are not.
pub(super) fn count_on(node: &NodeInfo, counted: &[bool]) -> i64 {
    let on_node = node.kinds.iter().filter(|(kind, _)| counted[*kind]);
    on_node.map(|(_, count)| count.all - count.deleting).sum()
}

fn included(pod: &Kind, node: &NodeInfo, spread: &Spread) -> bool {
    (spread.ignores_node_affinity || matches_node_affinity(&pod.needs, node))
        && !(spread.honors_taints && untolerated(&pod.needs, node))
}

/// What the constraints that must hold say of each domain.
#[derive(Default)]
pub(super) struct SpreadCounts {
    constraints: Vec<Domains>,
}

struct Domains {
    max_skew: i64,
    topology_key: Rc<str>,
    /// 1 where the pod counts itself.
    own: i64,
    counts: BTreeMap<String, i64>,
    least: i64,
}

impl SpreadCounts {
    pub(super) fn hard(cache: &Cache, pod: &Kind) -> Self {
        let hard: Vec<&Spread> = pod.needs.spread.iter().filter(|spread| spread.hard).collect();
        if hard.is_empty() {
            return Self::default();
        }
        let labelled = |node: &&NodeInfo| {
            hard.iter().all(|spread| node.labels.contains_key(&*spread.topology_key))
        };
        let nodes: Vec<&NodeInfo> = cache.nodes.iter().filter(labelled).collect();
        let domains = |spread: &&Spread| {
            let counted = counted(cache, pod, spread);
            let mut counts = BTreeMap::new();
            for node in nodes.iter().filter(|node| included(pod, node, spread)) {
                let value = node.labels[&*spread.topology_key].clone();
                *counts.entry(value).or_default() += count_on(node, &counted);
            }
            let few = (counts.len() as i64) < spread.min_domains;
            let least = if few { 0 } else { counts.values().copied().min().unwrap_or(i64::MAX) };
            Domains {
                max_skew: spread.max_skew,
                topology_key: spread.topology_key.clone(),
                own: i64::from(selects(spread.selector.as_ref(), &pod.labels)),
                counts,
                least,
            }
        };
        Self { constraints: hard.iter().map(domains).collect() }
    }

    pub(super) fn check(&self, node: &NodeInfo) -> Result<(), Refusal> {
        let plugin = Plugin::PodTopologySpread;
        for domains in &self.constraints {
            let Some(value) = node.labels.get(&*domains.topology_key) else {
                let reason = "node(s) didn't match pod topology spread constraints \
                              (missing required label)";
                return Err(Refusal::new(plugin, reason, true));
            };
            let count = domains.counts.get(value).copied().unwrap_or_default();
            let least = if domains.least == i64::MAX { 0 } else { domains.least };
            if count + domains.own - least > domains.max_skew {
                let reason = "node(s) didn't match pod topology spread constraints";
                return Err(Refusal::new(plugin, reason, false));
            }
        }
        Ok(())
    }
}

/// The value of the constraint's topology key.
fn domain<'a>(node: &'a NodeInfo, spread: &Spread) -> Option<&'a str> {
    match &*spread.topology_key {
        HOSTNAME => node.hostname.as_deref(),
        ZONE => node.zone.as_deref(),
        key => node.labels.get(key).map(String::as_str),
    }
}

/// The constraints that count in the score: the pod's own soft ones, or, where it has none at all
/// and belongs to something with a selector, the cluster's defaults. The flag says which.
fn soft(pod: &Kind, owner: Option<&LabelSelector>) -> (Vec<Spread>, bool) {
    if !pod.needs.spread.is_empty() {
        let own = pod.needs.spread.iter().filter(|spread| !spread.hard).cloned().collect();
        return (own, true);
    }
    let Some(selector) = owner else { return (Vec::new(), false) };
    (
        vec![
            default_constraint(HOSTNAME, HOST_SKEW, selector),
            default_constraint(ZONE, 5, selector),
        ],
        false,
    )
}

/// `maxSkew` of the cluster's default constraint by host.
const HOST_SKEW: i64 = 3;

fn default_constraint(
    topology_key: &'static str,
    max_skew: i64,
    selector: &LabelSelector,
) -> Spread {
    Spread {
        max_skew,
        topology_key: word(topology_key),
        hard: false,
        selector: Some(selector.clone()),
        match_label_keys: Vec::new(),
        min_domains: 1,
        ignores_node_affinity: false,
        honors_taints: false,
    }
}

/// Which pods the cluster's default constraints count, by kind.
pub(super) fn counted_by_default(cache: &Cache, pod: &Kind, owner: &LabelSelector) -> Vec<bool> {
    counted(cache, pod, &default_constraint(HOSTNAME, HOST_SKEW, owner))
}

/// The scores that the default constraint by host gives where there are no zones.
pub(super) struct HostSpread {
    weight: f64,
    /// The largest and the smallest score before they are turned round and stretched.
    most: i64,
    least: i64,
}

impl HostSpread {
    /// For so many nodes with from `fewest` to `most` pods on each.
    pub(super) fn new(nodes: usize, fewest: i64, most: i64) -> Self {
        let weight = ln(nodes as u64 + 2);
        Self {
            weight,
            most: raw_score(most, weight, HOST_SKEW).round() as i64,
            least: raw_score(fewest, weight, HOST_SKEW).round() as i64,
        }
    }

    /// From 0 to 100 for a node with so many pods.
    pub(super) fn points(&self, pods: i64) -> i64 {
        let raw = raw_score(pods, self.weight, HOST_SKEW).round() as i64;
        stretched(raw, self.most, self.least)
    }
}

/// Models `scoreForCount`.
fn raw_score(pods: i64, weight: f64, max_skew: i64) -> f64 {
    pods as f64 * weight + (max_skew - 1) as f64
}

/// Turned round, so that fewer pods are better, and with 100 points at the most.
fn stretched(score: i64, most: i64, least: i64) -> i64 {
    if most == 0 { 100 } else { 100 * (most + least - score) / most }
}

/// Scores from 0 to 100 by node, or nothing where no constraint counts.
pub(super) fn scores(
    cache: &Cache,
    pod: &Kind,
    owner: Option<&LabelSelector>,
    nodes: &[usize],
) -> Points {
    let (constraints, all_keys) = soft(pod, owner);
    if constraints.is_empty() {
        return Points::Same(0);
    }
    let candidates = || nodes.iter().map(|index| &cache.nodes[*index]);
    let labelled = |node: &NodeInfo| {
        !all_keys
            || constraints.iter().all(|spread| node.labels.contains_key(&*spread.topology_key))
    };
    let mut raw = vec![0.0_f64; nodes.len()];
    for spread in &constraints {
        let by_host = &*spread.topology_key == HOSTNAME;
        if !by_host && candidates().all(|node| domain(node, spread).is_none()) {
            continue;
        }
        let counted = counted(cache, pod, spread);
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        if !by_host {
            let there = candidates().filter(|node| labelled(node));
            counts.extend(there.map(|node| (domain(node, spread).unwrap_or_default(), 0)));
            let there = cache.nodes.iter().filter(|n| labelled(n) && included(pod, n, spread));
            for node in there {
                if let Some(count) = domain(node, spread).and_then(|name| counts.get_mut(name)) {
                    *count += count_on(node, &counted);
                }
            }
        }
        let domains =
            if by_host { candidates().filter(|n| labelled(n)).count() } else { counts.len() };
        let weight = ln(domains as u64 + 2);
        for (score, node) in raw.iter_mut().zip(candidates()) {
            let Some(name) = domain(node, spread) else { continue };
            let count = if by_host {
                count_on(node, &counted)
            } else {
                counts.get(name).copied().unwrap_or_default()
            };
            *score += raw_score(count, weight, spread.max_skew);
        }
    }
    // Nodes without the labels that own constraints ask for score nothing.
    let mut scores: Vec<i64> = raw.into_iter().map(|score| score.round() as i64).collect();
    let counting = || scores.iter().zip(candidates()).filter(|(_, node)| labelled(node));
    let most = counting().map(|(score, _)| *score).max().unwrap_or_default();
    let least = counting().map(|(score, _)| *score).min().unwrap_or_default();
    for (score, node) in scores.iter_mut().zip(candidates()) {
        *score = if labelled(node) { stretched(*score, most, least) } else { 0 };
    }
    Points::Each(scores)
}

/// 1, 1/3, 1/5 …
const ODD_FRACTIONS: [f64; 30] = {
    let mut fractions = [1.0; 30];
    let mut n = 0;
    while n < fractions.len() {
        fractions[n] = 1.0 / (2 * n + 1) as f64;
        n += 1;
    }
    fractions
};

/// The natural logarithm, from multiplications and additions alone, so that every machine finds
/// the same last digit.
fn ln(number: u64) -> f64 {
    let exponent = 63 - number.max(1).leading_zeros();
    let mantissa = number as f64 / (1_u64 << exponent) as f64;
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let series = ODD_FRACTIONS.iter().rev().fold(0.0, |sum, fraction| sum * square + fraction);
    2.0 * ratio * series + f64::from(exponent) * std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::ln;

    #[test]
    fn logarithms_are_exact_enough() {
        for number in 1..2_000_u64 {
            let difference = (ln(number) - (number as f64).ln()).abs();
            assert!(difference < 1e-14, "ln({number})");
        }
    }
}
