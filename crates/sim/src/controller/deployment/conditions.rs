//! A Deployment's conditions. The order of the list says which was replaced last.
//! Models the condition functions of `pkg/controller/deployment/util/deployment_util.go`.

use std::rc::Rc;

use rollscope_api::object::{
    Deployment, DeploymentCondition, DeploymentStatus, ReplicaSetCondition,
};
use rollscope_api::{SimDuration, SimTime};

use crate::words::word;

/// Enough pods are available.
pub const AVAILABLE: &str = "Available";
/// The rollout moves, or is over.
pub const PROGRESSING: &str = "Progressing";
/// Pods could not be created or deleted.
pub const REPLICA_FAILURE: &str = "ReplicaFailure";

/// The reasons of conditions, verbatim.
#[allow(missing_docs, reason = "each constant is what it says")]
pub mod reason {
    pub const REPLICA_SET_UPDATED: &str = "ReplicaSetUpdated";
    pub const FAILED_RS_CREATE: &str = "ReplicaSetCreateError";
    pub const NEW_REPLICA_SET: &str = "NewReplicaSetCreated";
    pub const FOUND_NEW_RS: &str = "FoundNewReplicaSet";
    pub const NEW_RS_AVAILABLE: &str = "NewReplicaSetAvailable";
    pub const TIMED_OUT: &str = "ProgressDeadlineExceeded";
    pub const PAUSED: &str = "DeploymentPaused";
    pub const RESUMED: &str = "DeploymentResumed";
    pub const MINIMUM_AVAILABLE: &str = "MinimumReplicasAvailable";
    pub const MINIMUM_UNAVAILABLE: &str = "MinimumReplicasUnavailable";
}

/// A condition that is new now.
pub fn condition(
    now: SimTime,
    type_: &'static str,
    status: &'static str,
    reason: &'static str,
    message: Rc<str>,
) -> DeploymentCondition {
    DeploymentCondition {
        type_: word(type_),
        status: word(status),
        last_update_time: now.timestamp(),
        last_transition_time: now.timestamp(),
        reason: word(reason),
        message,
    }
}

/// The condition of a type. Models `GetDeploymentCondition`.
pub fn get<'a>(status: &'a DeploymentStatus, type_: &str) -> Option<&'a DeploymentCondition> {
    status.conditions.iter().find(|condition| &*condition.type_ == type_)
}

/// Replaces the condition of that type, unless status and reason are the same.
/// Models `SetDeploymentCondition`.
pub fn set(status: &mut DeploymentStatus, mut condition: DeploymentCondition) {
    if let Some(current) = get(status, &condition.type_) {
        if current.status == condition.status && current.reason == condition.reason {
            return;
        }
        if current.status == condition.status {
            condition.last_transition_time = current.last_transition_time;
        }
    }
    remove(status, &condition.type_);
    status.conditions.push(condition);
}

/// Models `RemoveDeploymentCondition`.
pub fn remove(status: &mut DeploymentStatus, type_: &str) {
    status.conditions.retain(|condition| &*condition.type_ != type_);
}

/// Models `ReplicaSetToDeploymentCondition`.
pub fn from_replica_set(condition: &ReplicaSetCondition) -> DeploymentCondition {
    DeploymentCondition {
        type_: condition.type_.clone(),
        status: condition.status.clone(),
        last_update_time: condition.last_transition_time,
        last_transition_time: condition.last_transition_time,
        reason: condition.reason.clone(),
        message: condition.message.clone(),
    }
}

/// The deadline, unless there is none. Models `HasProgressDeadline`.
pub fn progress_deadline(deployment: &Deployment) -> Option<SimDuration> {
    let seconds =
        deployment.spec.progress_deadline_seconds.filter(|seconds| *seconds != i32::MAX)?;
    Some(SimDuration::from_secs(i64::from(seconds)))
}

/// Everything is new, available and observed. Models `DeploymentComplete`.
pub fn deployment_complete(deployment: &Deployment, status: &DeploymentStatus) -> bool {
    let desired = deployment.spec.replicas;
    status.updated_replicas == desired
        && status.replicas == desired
        && status.available_replicas == desired
        && status.observed_generation >= deployment.metadata.generation
}

/// Something moved since the status of `deployment` was written. Models `DeploymentProgressing`.
pub fn deployment_progressing(deployment: &Deployment, status: &DeploymentStatus) -> bool {
    let old = &deployment.status;
    status.updated_replicas > old.updated_replicas
        || status.replicas - status.updated_replicas < old.replicas - old.updated_replicas
        || status.ready_replicas > old.ready_replicas
        || status.available_replicas > old.available_replicas
}

/// No progress for longer than the deadline. Models `DeploymentTimedOut`.
pub fn deployment_timed_out(
    now: SimTime,
    deployment: &Deployment,
    status: &DeploymentStatus,
) -> bool {
    let Some(deadline) = progress_deadline(deployment) else { return false };
    let Some(progressing) = get(status, PROGRESSING) else { return false };
    match &*progressing.reason {
        reason::NEW_RS_AVAILABLE => false,
        reason::TIMED_OUT => true,
        _ => progressing.last_update_time.start() + deadline < now,
    }
}
