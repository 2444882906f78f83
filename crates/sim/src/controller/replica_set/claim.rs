//! Adopting and releasing pods.
//! Models `ClaimPods` in `pkg/controller/controller_ref_manager.go`.

use rollscope_api::object::{Pod, ReplicaSet};

use crate::controller::owner;
use crate::core::Core;
use crate::store::{PodId, UidNumber, is_pod_active};

/// Releases active pods whose labels no longer match, and adopts active orphans whose labels do.
/// Most often there is nothing to do, which is seen without looking at every pod.
pub(super) fn claim_pods(core: &mut Core, set: &ReplicaSet) {
    let uid = UidNumber::of(&set.metadata.uid);
    let blueprint = core.blueprints.get(set);
    let selector = &blueprint.selector;
    let owned = core.store.owned_pods(uid);
    let all_match =
        owned.is_none_or(|pods| pods.labels().iter().all(|(labels, _)| selector.matches(labels)));
    if !all_match {
        let strangers = select(core, uid, |pod| !selector.matches(&pod.metadata.labels));
        for pod in strangers {
            core.release_pod(pod, &set.metadata.uid);
        }
    }
    if set.metadata.deletion_timestamp.is_some() || core.store.owned_pods(UidNumber::NONE).is_none()
    {
        return;
    }
    let orphans = select(core, UidNumber::NONE, |pod| {
        pod.metadata.namespace == set.metadata.namespace && selector.matches(&pod.metadata.labels)
    });
    for pod in orphans {
        core.adopt_pod(pod, owner::controller_of_replica_set(&set.metadata));
    }
}

fn select(core: &Core, owner: UidNumber, wanted: impl Fn(&Pod) -> bool) -> Vec<PodId> {
    let Some(owned) = core.store.owned_pods(owner) else { return Vec::new() };
    let pods = owned
        .all()
        .iter()
        .filter(|id| core.store.pod(**id).is_some_and(|pod| is_pod_active(pod) && wanted(pod)));
    pods.copied().collect()
}
