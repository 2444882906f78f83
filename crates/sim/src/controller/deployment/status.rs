//! A Deployment's status. Models the status functions of `pkg/controller/deployment/sync.go`.

use rollscope_api::Status;
use rollscope_api::object::{Deployment, DeploymentStatus};

use super::Sets;
use super::conditions::{self, AVAILABLE, condition, reason};
use super::fenceposts::{
    actual_replica_count, available_replica_count, max_unavailable, ready_replica_count,
    replica_count, terminating_replica_count,
};
use crate::core::Core;
use crate::words::word;

/// Writes the status if it changed; progress is not estimated. Models `syncDeploymentStatus`.
pub(super) fn sync_deployment_status(
    core: &mut Core,
    d: &mut Deployment,
    sets: &Sets,
) -> Result<(), Status> {
    let status = calculate_status(core, d, sets);
    if status == d.status {
        return Ok(());
    }
    d.status = status;
    core.update_deployment_status(d)
}

/// What the ReplicaSets' statuses add up to. Models `calculateStatus`.
pub(super) fn calculate_status(core: &Core, d: &Deployment, sets: &Sets) -> DeploymentStatus {
    let available = available_replica_count(sets.all());
    let mut status = DeploymentStatus {
        observed_generation: d.metadata.generation,
        replicas: actual_replica_count(sets.all()),
        updated_replicas: actual_replica_count(&sets.new),
        ready_replicas: ready_replica_count(sets.all()),
        available_replicas: available,
        unavailable_replicas: (replica_count(sets.all()) - available).max(0),
        terminating_replicas: terminating_replica_count(sets.all()),
        conditions: d.status.conditions.clone(),
        collision_count: d.status.collision_count,
    };
    let enough = available >= d.spec.replicas - max_unavailable(d);
    let (value, reason, message) = if enough {
        ("True", reason::MINIMUM_AVAILABLE, "Deployment has minimum availability.")
    } else {
        ("False", reason::MINIMUM_UNAVAILABLE, "Deployment does not have minimum availability.")
    };
    let new = condition(core.now, AVAILABLE, value, reason, word(message));
    conditions::set(&mut status, new);
    status
}
