//! Whether a rollout moves, has come to its end, or has taken too long.
//! Models `pkg/controller/deployment/progress.go`.

use rollscope_api::object::{Deployment, DeploymentCondition, DeploymentStatus};
use rollscope_api::{SimDuration, Status};

use super::conditions::{
    self, PROGRESSING, REPLICA_FAILURE, condition, deployment_complete, deployment_progressing,
    deployment_timed_out, progress_deadline, reason,
};
use super::{Decision, Sets, status};
use crate::core::Core;
use crate::sim_event::Work;
use crate::store::Key;
use crate::words::joined;

/// Writes the status with the progress made, or sees to it that the deadline is noticed.
/// Models `syncRolloutStatus`.
pub(super) fn sync_rollout_status(
    core: &mut Core,
    d: &mut Deployment,
    sets: &Sets,
) -> Result<(), Status> {
    let mut new_status = status::calculate_status(core, d, sets);
    if progress_deadline(d).is_none() {
        conditions::remove(&mut new_status, PROGRESSING);
    }
    let current = conditions::get(&d.status, PROGRESSING).cloned();
    let over = new_status.replicas == new_status.updated_replicas
        && current.as_ref().is_some_and(|c| &*c.reason == reason::NEW_RS_AVAILABLE);
    if progress_deadline(d).is_some() && !over {
        estimate_progress(core, d, sets, current.as_ref(), &mut new_status);
    }
    match replica_failure(sets) {
        Some(failure) => conditions::set(&mut new_status, failure),
        None => conditions::remove(&mut new_status, REPLICA_FAILURE),
    }
    if new_status == d.status {
        requeue_stuck_deployment(core, d, &new_status);
        return Ok(());
    }
    d.status = new_status;
    core.update_deployment_status(d)
}

fn estimate_progress(
    core: &mut Core,
    d: &Deployment,
    sets: &Sets,
    current: Option<&DeploymentCondition>,
    new_status: &mut DeploymentStatus,
) {
    let (kind, name) = match &sets.new {
        Some(new) => ("ReplicaSet", &new.metadata.name),
        None => ("Deployment", &d.metadata.name),
    };
    let now = core.now;
    let make = |status: &'static str, reason: &'static str, what: &str| {
        let message = joined([kind, " \"", name, "\" ", what]);
        condition(now, PROGRESSING, status, reason, message)
    };
    if deployment_complete(d, new_status) {
        core.decide(d, || Decision::Complete);
        let complete = make("True", reason::NEW_RS_AVAILABLE, "has successfully progressed.");
        conditions::set(new_status, complete);
    } else if deployment_progressing(d, new_status) {
        let mut progressing = make("True", reason::REPLICA_SET_UPDATED, "is progressing.");
        if let Some(current) = current {
            if &*current.status == "True" {
                progressing.last_transition_time = current.last_transition_time;
            }
            // Removed first, so that the time of the update is always this one.
            conditions::remove(new_status, PROGRESSING);
        }
        conditions::set(new_status, progressing);
    } else if deployment_timed_out(now, d, new_status) {
        let deadline_seconds = d.spec.progress_deadline_seconds.unwrap_or_default();
        core.decide(d, || Decision::TimedOut { deadline_seconds });
        let timed_out = make("False", reason::TIMED_OUT, "has timed out progressing.");
        conditions::set(new_status, timed_out);
    }
}

/// The new ReplicaSet's failure, or else that of any. Models `getReplicaFailures`.
fn replica_failure(sets: &Sets) -> Option<DeploymentCondition> {
    let of = |set: &std::rc::Rc<rollscope_api::object::ReplicaSet>| {
        let found = set.status.conditions.iter().find(|c| &*c.type_ == REPLICA_FAILURE);
        found.map(conditions::from_replica_set)
    };
    sets.new.as_ref().and_then(of).or_else(|| sets.all().find_map(of))
}

/// Looks again when the deadline is over, if nothing happens before.
/// Models `requeueStuckDeployment`.
fn requeue_stuck_deployment(core: &mut Core, d: &Deployment, new_status: &DeploymentStatus) {
    let Some(deadline) = progress_deadline(d) else { return };
    let Some(current) = conditions::get(&d.status, PROGRESSING) else { return };
    if deployment_complete(d, new_status) || &*current.reason == reason::TIMED_OUT {
        return;
    }
    let work = Work::Deployment(Key::of(&d.metadata));
    let after = current.last_update_time.start() + deadline - core.now;
    if after < SimDuration::from_secs(1) {
        core.enqueue_rate_limited(work);
        return;
    }
    core.enqueue_after(work, after + SimDuration::from_secs(1));
}
