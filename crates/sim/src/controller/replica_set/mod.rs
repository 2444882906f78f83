//! The replicaset controller. Models `pkg/controller/replicaset/replica_set.go`.

mod blueprint;
mod claim;
mod decide;
mod manage;
mod status;
#[cfg(test)]
mod tests;
mod victims;
mod watch;

use std::rc::Rc;

use rollscope_api::object::{ObjectReference, ReplicaSet};
use rollscope_api::{SimDuration, Status, Timestamp};

use crate::core::Core;
use crate::recorder::Report;
use crate::sim_event::Work;
use crate::store::{Key, UidNumber};
use crate::words::joined;

pub(crate) use blueprint::Blueprints;
pub(crate) use watch::{orphan_pod_written, pod_deleted, pod_written, replica_set_written};

const COMPONENT: &str = "replicaset-controller";

/// A worker handles one key. A failing one is retried for ever.
pub(crate) fn process(core: &mut Core, key: &Key) {
    let work = Work::ReplicaSet(key.clone());
    match sync_replica_set(core, key) {
        Ok(()) => core.work.forget(&work),
        Err(_) => core.enqueue_rate_limited(work),
    }
}

/// Creates or deletes pods and reports how many there are. Models `syncReplicaSet`.
fn sync_replica_set(core: &mut Core, key: &Key) -> Result<(), Status> {
    let Some(set) = core.store.replica_set(key).cloned() else {
        return Ok(());
    };
    claim::claim_pods(core, &set);
    // The status speaks of the pods as they were before any are created or deleted.
    let counts = status::count(core, &set);
    let managed = if set.metadata.deletion_timestamp.is_none() {
        manage::manage_replicas(core, &set, counts.active)
    } else {
        Ok(())
    };
    status::update_replica_set_status(core, &set, &counts, managed.as_ref().err())?;
    managed?;
    requeue_for_availability(core, key, &set, &counts);
    Ok(())
}

/// Looks again when the next ready pod becomes available.
/// Models the end of `syncReplicaSet` and `FindMinNextPodAvailabilityCheck`.
fn requeue_for_availability(core: &mut Core, key: &Key, set: &ReplicaSet, counts: &status::Counts) {
    let min_ready = i64::from(set.spec.min_ready_seconds);
    if min_ready <= 0 || counts.ready == counts.available {
        return;
    }
    let horizon = Timestamp::from_secs(core.now.timestamp().as_secs() - min_ready);
    let pods = core.store.owned_pods(UidNumber::of(&set.metadata.uid));
    let next = pods.and_then(|pods| pods.ready_after(horizon));
    let min_ready = SimDuration::from_secs(min_ready);
    let after = next.map_or(min_ready, |since| since.start() + min_ready - core.now);
    core.enqueue_after(Work::ReplicaSet(key.clone()), after);
}

/// An Event about one of a ReplicaSet's pods, whose name makes its text unlike any other.
fn report_pod(core: &mut Core, set: &ReplicaSet, reason: &'static str, what: &str, pod: &str) {
    let uid = UidNumber::of(&set.metadata.uid);
    // Of hundreds of pods only the first dozens are heard of: the rest is not even worded.
    if !core.correlator.drop_distinct(core.now, COMPONENT, uid, "Normal", reason) {
        report(core, set, "Normal", reason, joined([what, ": ", pod]));
    }
}

/// An Event about a ReplicaSet.
fn report(
    core: &mut Core,
    set: &ReplicaSet,
    type_: &'static str,
    reason: &'static str,
    message: Rc<str>,
) {
    let object = ObjectReference {
        kind: word!("ReplicaSet"),
        namespace: set.metadata.namespace.clone(),
        name: set.metadata.name.clone(),
        uid: set.metadata.uid.clone(),
        api_version: word!("apps/v1"),
        resource_version: set.metadata.resource_version,
        field_path: word!(""),
    };
    core.record(&Report { component: COMPONENT, host: word!(""), object, type_, reason, message });
}
