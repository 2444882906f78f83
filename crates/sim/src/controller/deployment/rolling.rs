//! RollingUpdate: the new ReplicaSet grows as the old ones shrink.
//! Models `pkg/controller/deployment/rolling.go`.

use std::rc::Rc;

use rollscope_api::Status;
use rollscope_api::object::{Deployment, ReplicaSet};

use super::conditions::deployment_complete;
use super::fenceposts::{
    available_replica_count, ceiling, max_unavailable, min_available, new_rs_new_replicas,
    replica_count,
};
use super::replica_sets::sort_by_creation;
use super::scale::scale_replica_set_and_record_event;
use super::{Decision, Sets, progress, sync};
use crate::core::Core;

/// One step of a rolling update: at most one direction of scaling. Models `rolloutRolling`.
pub(super) fn rollout_rolling(
    core: &mut Core,
    d: &mut Deployment,
    claimed: &[Rc<ReplicaSet>],
    settled: Option<Sets>,
) -> Result<(), Status> {
    let mut sets = match settled {
        Some(sets) => sets,
        None => sync::get_all_replica_sets_and_sync_revision(core, d, claimed, true)?,
    };
    if reconcile_new_replica_set(core, d, &sets)? {
        return progress::sync_rollout_status(core, d, &sets);
    }
    if reconcile_old_replica_sets(core, d, &mut sets) {
        return progress::sync_rollout_status(core, d, &sets);
    }
    if deployment_complete(d, &d.status) {
        sync::cleanup_deployment(core, d, &sets.old)?;
    }
    progress::sync_rollout_status(core, d, &sets)
}

/// Models `reconcileNewReplicaSet`.
fn reconcile_new_replica_set(core: &mut Core, d: &Deployment, sets: &Sets) -> Result<bool, Status> {
    let Some(new) = &sets.new else { return Ok(false) };
    let (size, desired) = (new.spec.replicas, d.spec.replicas);
    if size == desired {
        return Ok(false);
    }
    if size > desired {
        core.decide(d, || Decision::ScaleDownNew { from: size, to: desired });
        return Ok(scale_replica_set_and_record_event(core, d, new, desired)?.0);
    }
    let total = replica_count(sets.all());
    let to = new_rs_new_replicas(d, total, size);
    let ceiling = ceiling(d);
    core.decide(d, || match to == size {
        true => Decision::NoRoomToGrow { size, desired, total, ceiling },
        false => Decision::ScaleUpNew { from: size, to, desired, total, ceiling },
    });
    Ok(scale_replica_set_and_record_event(core, d, new, to)?.0)
}

/// How many pods may go altogether, by size: what stays must reach the floor even if none of the
/// new pods that are not available yet ever becomes so.
pub(super) fn max_scaled_down(d: &Deployment, total: i32, new_unavailable: i32) -> i32 {
    let floor = d.spec.replicas - max_unavailable(d);
    total.saturating_sub(floor).saturating_sub(new_unavailable)
}

/// Models `reconcileOldReplicaSets`. Errors on the way count as nothing done.
fn reconcile_old_replica_sets(core: &mut Core, d: &Deployment, sets: &mut Sets) -> bool {
    if replica_count(sets.old.iter().filter(|set| set.spec.replicas > 0)) == 0 {
        return false;
    }
    let total = replica_count(sets.all());
    let new_unavailable = sets
        .new
        .as_ref()
        .map_or(0, |new| new.spec.replicas.saturating_sub(new.status.available_replicas));
    let budget = max_scaled_down(d, total, new_unavailable);
    if budget <= 0 {
        let min_available = d.spec.replicas - max_unavailable(d);
        core.decide(d, || Decision::MayNotScaleDown { total, min_available, new_unavailable });
        return false;
    }
    let mut active: Vec<Rc<ReplicaSet>> =
        sets.old.iter().filter(|set| set.spec.replicas > 0).cloned().collect();
    let Ok(cleaned) = cleanup_unhealthy_replicas(core, d, &mut active, budget) else {
        return false;
    };
    let Ok(scaled) = scale_down_old(core, d, &mut active, sets.new.as_ref()) else {
        return false;
    };
    cleaned + scaled > 0
}

/// Old pods that are not available go first: availability does not need them.
/// Models `cleanupUnhealthyReplicas`.
fn cleanup_unhealthy_replicas(
    core: &mut Core,
    d: &Deployment,
    old: &mut [Rc<ReplicaSet>],
    budget: i32,
) -> Result<i32, Status> {
    sort_by_creation(old);
    let mut scaled_down = 0;
    for set in old.iter_mut() {
        let size = set.spec.replicas;
        let available = set.status.available_replicas;
        if scaled_down >= budget {
            break;
        }
        if size == 0 || size == available {
            continue;
        }
        let count = (budget - scaled_down).min(size - available);
        let to = size - count;
        if to > size {
            // More are available than the size asks for: upstream gives up on this sync's clean-up.
            return Err(Status::bad_request(format!(
                "when cleaning up unhealthy replicas, got invalid request to scale down {}/{} \
                 {size} -> {to}",
                set.metadata.namespace, set.metadata.name
            )));
        }
        core.decide(d, || Decision::CleanupUnhealthy {
            replica_set: set.metadata.name.clone(),
            from: size,
            to,
            budget: budget - scaled_down,
        });
        *set = scale_replica_set_and_record_event(core, d, set, to)?.1;
        scaled_down += count;
    }
    Ok(scaled_down)
}

/// As many old pods go as are available above the floor.
/// Models `scaleDownOldReplicaSetsForRollingUpdate`.
fn scale_down_old(
    core: &mut Core,
    d: &Deployment,
    old: &mut [Rc<ReplicaSet>],
    new: Option<&Rc<ReplicaSet>>,
) -> Result<i32, Status> {
    let min_available = min_available(d);
    let available = available_replica_count(old.iter().chain(new));
    if available <= min_available {
        return Ok(0);
    }
    sort_by_creation(old);
    let quota = available - min_available;
    let mut scaled_down = 0;
    for set in old.iter() {
        if scaled_down >= quota {
            break;
        }
        let size = set.spec.replicas;
        if size == 0 {
            continue;
        }
        let count = size.min(quota - scaled_down);
        core.decide(d, || Decision::ScaleDownOld {
            replica_set: set.metadata.name.clone(),
            from: size,
            to: size - count,
            available,
            min_available,
        });
        scale_replica_set_and_record_event(core, d, set, size - count)?;
        scaled_down += count;
    }
    Ok(scaled_down)
}
