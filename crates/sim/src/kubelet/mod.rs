//! The kubelets: what happens to a pod once it is bound to a node. Live pace only.

use crate::Ctx;
use crate::store::PodId;

/// What the kubelets of all nodes remember beyond the pods' statuses.
#[derive(Clone, Debug, Default)]
pub struct NodeAgents {}

/// Something a kubelet has set itself to do later.
#[derive(Clone, Debug)]
pub enum Timer {}

/// A kubelet hears of one of its pods: it was bound, changed by others than the kubelet itself,
/// or its deletion began.
pub fn pod_changed(_agents: &mut NodeAgents, _ctx: &mut Ctx<'_>, _pod: PodId) {}

/// A pod is gone from the store.
pub fn pod_removed(_agents: &mut NodeAgents, _ctx: &mut Ctx<'_>, _pod: PodId) {}

/// A kubelet's own timer has come.
pub fn timer(_agents: &mut NodeAgents, _ctx: &mut Ctx<'_>, _pod: PodId, timer: Timer) {
    match timer {}
}
