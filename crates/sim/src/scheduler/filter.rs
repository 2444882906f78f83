//! Which nodes a pod fits on, and why not on the others.
//!
//! Models the filter plugins of `pkg/scheduler/framework/plugins`, in their order: the first one
//! that refuses a node gives the reasons.

use std::collections::BTreeSet;

use super::cache::{Cache, KindId, NodeInfo};
use super::interpod::PodTopology;
use super::needs::{Needs, VolumeClaim};
use super::spread::SpreadCounts;

/// The plugin that refused a node: it decides which changes of the cluster may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Plugin {
    NodeUnschedulable,
    TaintToleration,
    NodeAffinity,
    NodePorts,
    NodeResourcesFit,
    VolumeBinding,
    PodTopologySpread,
    InterPodAffinity,
}

/// Why a pod does not fit on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) plugin: Plugin,
    pub(crate) reasons: Vec<String>,
    /// No removal of pods would help.
    pub(crate) unresolvable: bool,
}

impl Refusal {
    pub(super) fn new(plugin: Plugin, reason: &str, unresolvable: bool) -> Self {
        Self { plugin, reasons: vec![reason.to_owned()], unresolvable }
    }
}

/// What is computed once per pod before looking at nodes.
pub(crate) struct Filter<'a> {
    needs: &'a Needs,
    requests: Vec<(&'a str, i64)>,
    /// Whether the pod chooses nodes by their labels.
    chooses: bool,
    /// The only nodes that can do, where node affinity names them.
    named: Option<BTreeSet<&'a str>>,
    spread: SpreadCounts,
    topology: PodTopology,
}

impl<'a> Filter<'a> {
    /// Prepares to filter nodes for a pod of that kind. Pods that name their node never come here.
    pub(crate) fn new(cache: &'a Cache, kind: KindId) -> Self {
        let kind = &cache.kinds[kind];
        Self {
            needs: &kind.needs,
            requests: kind.needs.requests.iter().filter(|(_, amount)| *amount > 0).collect(),
            chooses: kind.needs.chooses_nodes(),
            named: named_nodes(&kind.needs),
            spread: SpreadCounts::hard(cache, kind),
            topology: PodTopology::new(cache, kind),
        }
    }

    /// Whether the pod fits.
    pub(crate) fn check(&self, node: &NodeInfo) -> Result<(), Refusal> {
        if self.named.as_ref().is_some_and(|named| !named.contains(&*node.name)) {
            let reason = "node(s) didn't satisfy plugin(s) [NodeAffinity]";
            return Err(Refusal::new(Plugin::NodeAffinity, reason, true));
        }
        if node.unschedulable && !self.needs.tolerates(&cordon()) {
            let reason = "node(s) were unschedulable";
            return Err(Refusal::new(Plugin::NodeUnschedulable, reason, true));
        }
        if untolerated(self.needs, node) {
            let reason = "node(s) had untolerated taint(s)";
            return Err(Refusal::new(Plugin::TaintToleration, reason, true));
        }
        if self.chooses && !matches_node_affinity(self.needs, node) {
            let reason = "node(s) didn't match Pod's node affinity/selector";
            return Err(Refusal::new(Plugin::NodeAffinity, reason, true));
        }
        let taken = |port| node.ports.iter().any(|used| used.conflicts(port));
        if self.needs.ports.iter().any(taken) {
            let reason = "node(s) didn't have free ports for the requested pod ports";
            return Err(Refusal::new(Plugin::NodePorts, reason, false));
        }
        fits(&self.requests, node)?;
        self.spread.check(node)?;
        self.topology.check(node)
    }
}

/// Why no node will do, before any is looked at. Models the PreFilter plugins that may refuse a pod:
/// node affinity, volume restrictions and volume binding.
pub(crate) fn refused_everywhere(needs: &Needs, pod: &str) -> Option<(Plugin, String)> {
    if named_nodes(needs).is_some_and(|names| names.is_empty()) {
        return Some((Plugin::NodeAffinity, "pod affinity terms conflict".to_owned()));
    }
    let named = needs.volume_claims.iter().find_map(|claim| match claim {
        VolumeClaim::Named(name) => Some(format!("persistentvolumeclaim {name:?} not found")),
        VolumeClaim::OfVolume(_) => None,
    });
    // Restrictions of claims with a name are looked at first, whatever the order of the volumes.
    let reason = named.or_else(|| match needs.volume_claims.first()? {
        VolumeClaim::OfVolume(volume) => Some(format!(
            "waiting for ephemeral volume controller to create the persistentvolumeclaim \
             \"{pod}-{volume}\""
        )),
        VolumeClaim::Named(_) => None,
    });
    Some((Plugin::VolumeBinding, reason?))
}

/// The nodes named by every term of the required node affinity, if every term names some. Models
/// `PreFilter` of `plugins/nodeaffinity`.
fn named_nodes(needs: &Needs) -> Option<BTreeSet<&str>> {
    let terms = needs.node_terms.as_ref().filter(|terms| !terms.is_empty())?;
    let names: Option<Vec<BTreeSet<&str>>> = terms.iter().map(|term| term.names()).collect();
    Some(names?.into_iter().flatten().collect())
}

/// The taint that stands for `spec.unschedulable`.
fn cordon() -> rollscope_api::object::Taint {
    rollscope_api::object::Taint {
        key: "node.kubernetes.io/unschedulable".to_owned(),
        value: String::new(),
        effect: "NoSchedule".to_owned(),
        time_added: None,
    }
}

/// Whether a taint keeps the pod away.
pub(super) fn untolerated(needs: &Needs, node: &NodeInfo) -> bool {
    let repels = |effect: &str| effect == "NoSchedule" || effect == "NoExecute";
    node.taints.iter().any(|taint| repels(&taint.effect) && !needs.tolerates(taint))
}

/// Models `GetRequiredNodeAffinity(pod).Match(node)`.
pub(super) fn matches_node_affinity(needs: &Needs, node: &NodeInfo) -> bool {
    needs.node_selector.iter().all(|(key, value)| node.labels.get(key) == Some(value))
        && needs
            .node_terms
            .as_ref()
            .is_none_or(|terms| terms.iter().any(|term| term.matches(&node.name, &node.labels)))
}

/// Models `fitsRequest` in `plugins/noderesources/fit.go`.
fn fits(requests: &[(&str, i64)], node: &NodeInfo) -> Result<(), Refusal> {
    let mut reasons = Vec::new();
    let mut unresolvable = false;
    if node.pods + 1 > node.allocatable.pods {
        reasons.push("Too many pods".to_owned());
    }
    for (resource, request) in requests {
        let allocatable = node.allocatable.get(resource);
        if *request > allocatable - node.requested.get(resource) {
            reasons.push(format!("Insufficient {resource}"));
            unresolvable |= *request > allocatable;
        }
    }
    if reasons.is_empty() {
        return Ok(());
    }
    Err(Refusal { plugin: Plugin::NodeResourcesFit, reasons, unresolvable })
}
