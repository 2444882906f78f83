//! Recreate: the old pods go, then the new ones come.
//! Models `pkg/controller/deployment/recreate.go`.

use std::rc::Rc;

use rollscope_api::Status;
use rollscope_api::object::{Deployment, ReplicaSet};

use super::conditions::deployment_complete;
use super::fenceposts::actual_replica_count;
use super::scale::scale_replica_set_and_record_event;
use super::{Decision, Sets, has_unfinished_pods, progress, sync};
use crate::core::Core;

/// Models `rolloutRecreate`.
pub(super) fn rollout_recreate(
    core: &mut Core,
    d: &mut Deployment,
    claimed: &[Rc<ReplicaSet>],
    settled: Option<Sets>,
) -> Result<(), Status> {
    let mut sets = match settled {
        Some(sets) => sets,
        None => sync::get_all_replica_sets_and_sync_revision(core, d, claimed, false)?,
    };
    let mut scaled = false;
    for set in sets.old.iter().filter(|set| set.spec.replicas > 0) {
        core.decide(d, || Decision::ScaleDownForRecreate {
            replica_set: set.metadata.name.clone(),
            from: set.spec.replicas,
        });
        scaled |= scale_replica_set_and_record_event(core, d, set, 0)?.0;
    }
    if scaled || old_pods_running(core, d, claimed, &sets) {
        return progress::sync_rollout_status(core, d, &sets);
    }
    if sets.new.is_none() {
        sets = sync::get_all_replica_sets_and_sync_revision(core, d, claimed, true)?;
    }
    if let Some(new) = &sets.new {
        scale_replica_set_and_record_event(core, d, new, d.spec.replicas)?;
    }
    if deployment_complete(d, &d.status) {
        sync::cleanup_deployment(core, d, &sets.old)?;
    }
    progress::sync_rollout_status(core, d, &sets)
}

/// Whether pods other than the new ReplicaSet's are there and not finished; those being deleted
/// count. Models `oldPodsRunning`.
fn old_pods_running(
    core: &mut Core,
    d: &Deployment,
    claimed: &[Rc<ReplicaSet>],
    sets: &super::Sets,
) -> bool {
    let counted = actual_replica_count(&sets.old);
    let new_uid = sets.new.as_ref().map(|new| new.metadata.uid.clone());
    let running = counted > 0
        || claimed
            .iter()
            .filter(|set| Some(&set.metadata.uid) != new_uid.as_ref())
            .any(|set| has_unfinished_pods(core, set));
    if running {
        core.decide(d, || Decision::WaitForOldPods { running: counted });
    }
    running
}
