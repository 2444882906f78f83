//! As many pods as the ReplicaSet asks for.
//! Models `manageReplicas` and `slowStartBatch` in `pkg/controller/replicaset/replica_set.go`.

use rollscope_api::Status;
use rollscope_api::object::ReplicaSet;
use rollscope_api::status::Reason;

use super::{report, report_pod, victims};
use crate::core::Core;

/// The most pods that one sync creates or deletes.
const BURST_REPLICAS: i32 = 500;
const SLOW_START_INITIAL_BATCH_SIZE: i32 = 1;

/// Creates what is missing or deletes what is too much. Models `manageReplicas`.
pub(super) fn manage_replicas(
    core: &mut Core,
    set: &ReplicaSet,
    active: i32,
) -> Result<(), Status> {
    let missing = set.spec.replicas.saturating_sub(active);
    if missing > 0 {
        create_pods(core, set, missing.min(BURST_REPLICAS))
    } else if missing < 0 {
        delete_pods(core, set, missing.saturating_neg().min(BURST_REPLICAS))
    } else {
        Ok(())
    }
}

/// In batches that double, so that a creation that cannot succeed is not tried hundreds of times.
fn create_pods(core: &mut Core, set: &ReplicaSet, count: i32) -> Result<(), Status> {
    let mut remaining = count;
    let mut batch = SLOW_START_INITIAL_BATCH_SIZE.min(remaining);
    while batch > 0 {
        let mut first_error = None;
        for _ in 0..batch {
            if let Err(status) = create_pod(core, set) {
                first_error.get_or_insert(status);
            }
        }
        if let Some(status) = first_error {
            return Err(status);
        }
        remaining -= batch;
        batch = batch.saturating_mul(2).min(remaining);
    }
    Ok(())
}

/// Models `createPods` in `pkg/controller/controller_utils.go`.
fn create_pod(core: &mut Core, set: &ReplicaSet) -> Result<(), Status> {
    match core.create_pod_of(set) {
        Ok(id) => {
            if let Some(pod) = core.store.pod(id).cloned() {
                report_pod(core, set, "SuccessfulCreate", "Created pod", &pod.metadata.name);
            }
            Ok(())
        }
        Err(status) if status.message.contains("because it is being terminated") => Ok(()),
        Err(status) => {
            let message = format!("Error creating: {}", status.message);
            report(core, set, "Warning", "FailedCreate", message);
            Err(status)
        }
    }
}

fn delete_pods(core: &mut Core, set: &ReplicaSet, count: i32) -> Result<(), Status> {
    let mut result = Ok(());
    for id in victims::pods_to_delete(core, set, count) {
        let Some(pod) = core.store.pod(id).cloned() else { continue };
        match core.delete_pod(id, None) {
            Ok(()) => {
                report_pod(core, set, "SuccessfulDelete", "Deleted pod", &pod.metadata.name);
            }
            Err(status) if status.reason == Reason::NotFound => {}
            Err(status) => result = Err(status),
        }
    }
    result
}
