//! What the replicaset controller decided, for the log of the Deployment that owns the ReplicaSet.

use rollscope_api::Status;
use rollscope_api::object::ReplicaSet;

use super::victims::{self, Victims};
use crate::controller::deployment::{Chosen, Decision, VictimRule};
use crate::core::Core;
use crate::store::{Key, PodId, controller};

/// So many of the chosen pods are named: a log is read by people.
const NAMED_MAX: usize = 12;

/// Pods were created, or could not be.
pub(super) fn created(core: &mut Core, set: &ReplicaSet, active: i32, error: Option<&Status>) {
    let Some(key) = owner(core, set) else { return };
    let replica_set = set.metadata.name.clone();
    let decision = match error {
        Some(status) => {
            Decision::CannotCreatePods { replica_set, message: status.message.as_str().into() }
        }
        None => Decision::CreatePods { replica_set, active, desired: set.spec.replicas },
    };
    core.decisions.push(&key, core.now, decision);
}

/// Pods are about to be deleted, in this order; `spared` would have been the next.
pub(super) fn deleted(
    core: &mut Core,
    set: &ReplicaSet,
    active: i32,
    victims: &Victims,
    spared: Option<PodId>,
) {
    let Some(key) = owner(core, set) else { return };
    let decision = Decision::DeletePods {
        replica_set: set.metadata.name.clone(),
        active,
        desired: set.spec.replicas,
        chosen: chosen(core, victims, spared),
    };
    core.decisions.push(&key, core.now, decision);
}

fn owner(core: &Core, set: &ReplicaSet) -> Option<Key> {
    core.store.deployment_key(controller(&set.metadata)).cloned()
}

fn chosen(core: &Core, of: &Victims, spared: Option<PodId>) -> Vec<Chosen> {
    let named = of.order.iter().take(NAMED_MAX);
    let named = named.filter_map(|id| {
        let pod = core.store.pod_key(*id)?.name.clone();
        let rule = spared.map_or(VictimRule::All, |spared| victims::rule(core, of, *id, spared));
        Some(Chosen { pod, rule })
    });
    named.collect()
}
