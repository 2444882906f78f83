//! Scaling: of one ReplicaSet, and of several in proportion.
//! Models `scale` and `scaleReplicaSet` in `pkg/controller/deployment/sync.go`.

use std::rc::Rc;

use rollscope_api::Status;
use rollscope_api::annotation::{DESIRED_REPLICAS, MAX_REPLICAS};
use rollscope_api::object::{Deployment, ReplicaSet, StrategyType};
use rollscope_api::order;

use super::annotations::{
    non_negative, replicas_annotations_need_update, set_replicas_annotations,
};
use super::fenceposts::{max_surge, replica_count};
use super::{Decision, Sets, report};
use crate::core::Core;

/// Sizes ReplicaSets outside of a rollout's steps. Models `scale`.
pub(super) fn scale(core: &mut Core, d: &Deployment, sets: &mut Sets) -> Result<(), Status> {
    let desired = d.spec.replicas;
    if let Some(set) = find_active_or_latest(sets) {
        if set.spec.replicas == desired {
            return Ok(());
        }
        core.decide(d, || Decision::ScaleOnly {
            replica_set: set.metadata.name.clone(),
            from: set.spec.replicas,
            to: desired,
        });
        scale_replica_set_and_record_event(core, d, &set, desired)?;
        return Ok(());
    }
    if sets.new.as_ref().is_some_and(|new| is_saturated(d, new)) {
        for set in sets.old.iter().filter(|set| set.spec.replicas > 0) {
            core.decide(d, || Decision::ScaleDownSaturated {
                replica_set: set.metadata.name.clone(),
                from: set.spec.replicas,
            });
            scale_replica_set_and_record_event(core, d, set, 0)?;
        }
        return Ok(());
    }
    if d.spec.strategy.type_ == StrategyType::RollingUpdate {
        return scale_proportionally(core, d, sets);
    }
    Ok(())
}

/// The only ReplicaSet in use, or the latest if none is; nothing if several are.
/// Sorts the old ones newest first, as upstream does in place. Models `FindActiveOrLatest`.
fn find_active_or_latest(sets: &mut Sets) -> Option<Rc<ReplicaSet>> {
    order::sort_by(&mut sets.old, |a, b| newest_first(a, b));
    let mut active = sets.all().filter(|set| set.spec.replicas > 0);
    match (active.next(), active.next()) {
        (None, _) => sets.new.as_ref().or(sets.old.first()).cloned(),
        (Some(only), None) => Some(only.clone()),
        (Some(_), Some(_)) => None,
    }
}

/// Later ones first, then by name backwards.
fn newest_first(a: &ReplicaSet, b: &ReplicaSet) -> std::cmp::Ordering {
    let key = |set: &ReplicaSet| (set.metadata.creation_timestamp, set.metadata.name.clone());
    key(b).cmp(&key(a))
}

/// The new ReplicaSet is all there is to want. Models `IsSaturated`.
fn is_saturated(d: &Deployment, new: &ReplicaSet) -> bool {
    let desired = d.spec.replicas;
    new.spec.replicas == desired
        && non_negative(new, DESIRED_REPLICAS) == Some(desired)
        && new.status.available_replicas == desired
}

/// Shares what is added or taken among the ReplicaSets in use, by their sizes.
fn scale_proportionally(core: &mut Core, d: &Deployment, sets: &Sets) -> Result<(), Status> {
    let desired = d.spec.replicas;
    let mut active: Vec<Rc<ReplicaSet>> =
        sets.all().filter(|set| set.spec.replicas > 0).cloned().collect();
    let allowed = if desired > 0 { desired.saturating_add(max_surge(d)) } else { 0 };
    let to_add = allowed.saturating_sub(replica_count(&active));
    match to_add {
        1.. => order::sort_by(&mut active, |a, b| {
            b.spec.replicas.cmp(&a.spec.replicas).then_with(|| newest_first(a, b))
        }),
        ..=-1 => order::sort_by(&mut active, |a, b| {
            b.spec.replicas.cmp(&a.spec.replicas).then_with(|| newest_first(b, a))
        }),
        0 => {}
    }
    let sizes = proportional_sizes(d, &active, to_add);
    core.decide(d, || {
        let named = active.iter().zip(&sizes);
        let sizes = named.map(|(set, size)| (set.metadata.name.clone(), set.spec.replicas, *size));
        Decision::ScaleProportionally { allowed, to_add, sizes: sizes.collect() }
    });
    for (set, size) in active.iter().zip(sizes) {
        scale_replica_set(core, d, set, size)?;
    }
    Ok(())
}

/// The new sizes of `active`, in its order.
fn proportional_sizes(d: &Deployment, active: &[Rc<ReplicaSet>], to_add: i32) -> Vec<i32> {
    let mut added = 0;
    let mut sizes: Vec<i32> = Vec::with_capacity(active.len());
    for set in active {
        let proportion = if to_add == 0 { 0 } else { proportion(d, set, to_add, added) };
        sizes.push(set.spec.replicas + proportion);
        added += proportion;
    }
    // What rounding left over goes to the first, which is the largest.
    if to_add != 0
        && let Some(first) = sizes.first_mut()
    {
        *first = (*first + to_add - added).max(0);
    }
    sizes
}

/// The share of one ReplicaSet, within what is left to share. Models `GetReplicaSetProportion`.
fn proportion(d: &Deployment, set: &ReplicaSet, to_add: i32, added: i32) -> i32 {
    if set.spec.replicas == 0 || to_add == added {
        return 0;
    }
    let fraction = replica_set_fraction(d, set);
    let room = to_add - added;
    if to_add > 0 { fraction.min(room) } else { fraction.max(room) }
}

/// How much a ReplicaSet grows if its share of the whole stays. Models `getReplicaSetFraction`.
#[allow(clippy::float_arithmetic, reason = "upstream computes this very formula in float64")]
pub(super) fn replica_set_fraction(d: &Deployment, set: &ReplicaSet) -> i32 {
    let size = set.spec.replicas;
    if d.spec.replicas == 0 {
        return -size;
    }
    let before = match non_negative(set, MAX_REPLICAS) {
        Some(max) if max > 0 => max,
        _ if d.status.replicas == 0 => return 0,
        _ => d.status.replicas,
    };
    let product = size.wrapping_mul(d.spec.replicas.saturating_add(max_surge(d)));
    let share = f64::from(product) / f64::from(before);
    share.round() as i32 - size
}

/// Resizes unless the size is right. Returns whether it did, and the ReplicaSet as it is then.
/// Models `scaleReplicaSetAndRecordEvent`.
pub(super) fn scale_replica_set_and_record_event(
    core: &mut Core,
    d: &Deployment,
    set: &Rc<ReplicaSet>,
    size: i32,
) -> Result<(bool, Rc<ReplicaSet>), Status> {
    if set.spec.replicas == size {
        return Ok((false, set.clone()));
    }
    scale_replica_set(core, d, set, size)
}

/// Writes the size and the annotations that say what it was computed from, if either changed.
/// Models `scaleReplicaSet`.
fn scale_replica_set(
    core: &mut Core,
    d: &Deployment,
    set: &Rc<ReplicaSet>,
    size: i32,
) -> Result<(bool, Rc<ReplicaSet>), Status> {
    let desired = d.spec.replicas;
    let max = desired.saturating_add(max_surge(d));
    let from = set.spec.replicas;
    if from == size && !replicas_annotations_need_update(set, desired, max) {
        return Ok((false, set.clone()));
    }
    let mut copy = ReplicaSet::clone(set);
    Rc::make_mut(&mut copy.spec).replicas = size;
    set_replicas_annotations(&mut copy, desired, max);
    let written = core.update_replica_set(copy)?;
    if from == size {
        return Ok((false, written));
    }
    let direction = if from < size { "up" } else { "down" };
    let name = &set.metadata.name;
    let message = format!("Scaled {direction} replica set {name} from {from} to {size}");
    report(core, d, "Normal", "ScalingReplicaSet", message.into());
    Ok((true, written))
}
