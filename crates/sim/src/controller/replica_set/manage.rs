//! As many pods as the ReplicaSet asks for.
//! Models `manageReplicas` and `slowStartBatch` in `pkg/controller/replicaset/replica_set.go`.

use rollscope_api::Status;
use rollscope_api::object::ReplicaSet;
use rollscope_api::status::Reason;

use super::{decide, report, report_pod, victims};
use crate::core::Core;
use crate::store::PodId;

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
        let created = create_pods(core, set, missing.min(BURST_REPLICAS));
        decide::created(core, set, active, created.as_ref().err());
        created
    } else if missing < 0 {
        let count = missing.saturating_neg().min(BURST_REPLICAS);
        // One more is looked for than goes: whom the choice just spares is what explains it.
        let mut chosen = victims::pods_to_delete(core, set, count + 1);
        let surplus = chosen.order.len() > count as usize;
        let spared = surplus.then(|| chosen.order.pop()).flatten();
        decide::deleted(core, set, active, &chosen, spared);
        delete_pods(core, set, &chosen.order)
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
            if let Some(key) = core.store.pod_key(id).cloned() {
                report_pod(core, set, "SuccessfulCreate", "Created pod", &key.name);
            }
            Ok(())
        }
        Err(status) if status.message.contains("because it is being terminated") => Ok(()),
        Err(status) => {
            let message = format!("Error creating: {}", status.message);
            report(core, set, "Warning", "FailedCreate", message.into());
            Err(status)
        }
    }
}

fn delete_pods(core: &mut Core, set: &ReplicaSet, chosen: &[PodId]) -> Result<(), Status> {
    let mut result = Ok(());
    for id in chosen.iter().copied() {
        // Held while the pod is written, it would have to be copied: only its name is kept.
        let Some(key) = core.store.pod_key(id).cloned() else { continue };
        match core.delete_pod(id, None) {
            Ok(()) => report_pod(core, set, "SuccessfulDelete", "Deleted pod", &key.name),
            Err(status) if status.reason == Reason::NotFound => {}
            Err(status) => result = Err(status),
        }
    }
    result
}
