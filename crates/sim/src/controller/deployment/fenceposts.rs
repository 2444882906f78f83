//! The arithmetic of surge and unavailability: percentages, ceilings and floors.
//! Models `ResolveFenceposts` and its callers in `pkg/controller/deployment/util/deployment_util.go`.

use rollscope_api::object::{Deployment, IntOrString, ReplicaSet, StrategyType};
use std::rc::Rc;

/// A number, or a percentage of `total`, rounded up or down; 0 where it cannot be read, which
/// validation forbids. Models `intstr.GetScaledValueFromIntOrPercent`.
fn scaled(value: Option<&IntOrString>, total: i32, round_up: bool) -> i32 {
    match value {
        None => 0,
        Some(IntOrString::Int(number)) => *number,
        Some(IntOrString::String(text)) => {
            let percent = text.strip_suffix('%').and_then(|digits| digits.parse::<i64>().ok());
            let hundredths = percent.unwrap_or(0).saturating_mul(i64::from(total));
            let whole = hundredths.div_euclid(100);
            let rest = hundredths.rem_euclid(100) != 0;
            let number = whole + i64::from(round_up && rest);
            i32::try_from(number).unwrap_or(i32::MAX)
        }
    }
}

fn is_rolling_update(deployment: &Deployment) -> bool {
    deployment.spec.strategy.type_ == StrategyType::RollingUpdate
}

fn raw(deployment: &Deployment) -> (Option<&IntOrString>, Option<&IntOrString>) {
    match &deployment.spec.strategy.rolling_update {
        Some(rolling) => (rolling.max_surge.as_ref(), rolling.max_unavailable.as_ref()),
        None => (None, None),
    }
}

/// `(surge, unavailable)` in pods: surge is rounded up, unavailable down, and if both came out 0
/// one pod may be unavailable. Models `ResolveFenceposts`.
pub fn resolve_fenceposts(
    max_surge: Option<&IntOrString>,
    max_unavailable: Option<&IntOrString>,
    desired: i32,
) -> (i32, i32) {
    let surge = scaled(max_surge, desired, true);
    let unavailable = scaled(max_unavailable, desired, false);
    match (surge, unavailable) {
        (0, 0) => (0, 1),
        pair => pair,
    }
}

/// How many pods may be unavailable. Models `MaxUnavailable`.
pub fn max_unavailable(deployment: &Deployment) -> i32 {
    let desired = deployment.spec.replicas;
    if !is_rolling_update(deployment) || desired == 0 {
        return 0;
    }
    let (surge, unavailable) = raw(deployment);
    resolve_fenceposts(surge, unavailable, desired).1.min(desired)
}

/// How many pods may be above the desired number. Models `MaxSurge`.
pub fn max_surge(deployment: &Deployment) -> i32 {
    if !is_rolling_update(deployment) {
        return 0;
    }
    let (surge, unavailable) = raw(deployment);
    resolve_fenceposts(surge, unavailable, deployment.spec.replicas).0
}

/// The floor. Models `MinAvailable`.
pub fn min_available(deployment: &Deployment) -> i32 {
    if !is_rolling_update(deployment) {
        return 0;
    }
    deployment.spec.replicas - max_unavailable(deployment)
}

/// The size that the new ReplicaSet should have, given the sizes of all. Models `NewRSNewReplicas`.
pub fn new_rs_new_replicas(deployment: &Deployment, total: i32, new_size: i32) -> i32 {
    if !is_rolling_update(deployment) {
        return deployment.spec.replicas;
    }
    let desired = deployment.spec.replicas;
    let ceiling = ceiling(deployment);
    if total >= ceiling {
        return new_size;
    }
    new_size.saturating_add((ceiling - total).min(desired.saturating_sub(new_size)))
}

/// Desired plus surge, as the rolling update grows towards it.
pub fn ceiling(deployment: &Deployment) -> i32 {
    let (surge, _) = raw(deployment);
    let desired = deployment.spec.replicas;
    desired.saturating_add(scaled(surge, desired, true))
}

/// Σ `spec.replicas`. Models `GetReplicaCountForReplicaSets`.
pub fn replica_count<'a>(sets: impl IntoIterator<Item = &'a Rc<ReplicaSet>>) -> i32 {
    sets.into_iter().fold(0, |sum, set| sum.saturating_add(set.spec.replicas))
}

/// Σ `status.replicas`. Models `GetActualReplicaCountForReplicaSets`.
pub fn actual_replica_count<'a>(sets: impl IntoIterator<Item = &'a Rc<ReplicaSet>>) -> i32 {
    sets.into_iter().fold(0, |sum, set| sum.saturating_add(set.status.replicas))
}

/// Σ `status.readyReplicas`. Models `GetReadyReplicaCountForReplicaSets`.
pub fn ready_replica_count<'a>(sets: impl IntoIterator<Item = &'a Rc<ReplicaSet>>) -> i32 {
    sets.into_iter().fold(0, |sum, set| sum.saturating_add(set.status.ready_replicas))
}

/// Σ `status.availableReplicas`. Models `GetAvailableReplicaCountForReplicaSets`.
pub fn available_replica_count<'a>(sets: impl IntoIterator<Item = &'a Rc<ReplicaSet>>) -> i32 {
    sets.into_iter().fold(0, |sum, set| sum.saturating_add(set.status.available_replicas))
}

/// Σ `status.terminatingReplicas`; `None` as soon as one that has been observed does not say.
/// Models `GetTerminatingReplicaCountForReplicaSets`.
pub fn terminating_replica_count<'a>(
    sets: impl IntoIterator<Item = &'a Rc<ReplicaSet>>,
) -> Option<i32> {
    let mut sum = 0_i32;
    for set in sets {
        match set.status.terminating_replicas {
            Some(count) => sum = sum.saturating_add(count),
            None if set.status.observed_generation == 0 => {}
            None => return None,
        }
    }
    Some(sum)
}
