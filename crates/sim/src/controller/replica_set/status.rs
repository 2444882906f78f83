//! A ReplicaSet's status. Models `pkg/controller/replicaset/replica_set_utils.go`.

use rollscope_api::object::{ReplicaSet, ReplicaSetCondition, ReplicaSetStatus, StringMap};
use rollscope_api::{Status, Timestamp};

use crate::core::Core;
use crate::store::UidNumber;
use crate::words::word;

const REPLICA_FAILURE: &str = "ReplicaFailure";

/// How many pods a ReplicaSet has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Neither finished nor being deleted.
    pub(super) active: i32,
    /// Active, with all labels of the template.
    pub(super) fully_labeled: i32,
    /// Active and Ready.
    pub(super) ready: i32,
    /// Ready for `minReadySeconds`.
    pub(super) available: i32,
    /// Being deleted, not finished.
    pub(super) terminating: i32,
}

/// Counts the pods of a ReplicaSet now.
pub(super) fn count(core: &mut Core, set: &ReplicaSet) -> Counts {
    let uid = UidNumber::of(&set.metadata.uid);
    let blueprint = core.blueprints.get(set);
    let Some(pods) = core.store.owned_pods(uid) else { return Counts::default() };
    let min_ready = i64::from(set.spec.min_ready_seconds);
    // Ready times are whole seconds: a pod is available once that many whole seconds have passed.
    let horizon = Timestamp::from_secs(core.now.timestamp().as_secs() - min_ready);
    Counts {
        active: pods.active(),
        fully_labeled: pods
            .labels()
            .iter()
            .filter(|(labels, _)| contains(labels, &blueprint.labels))
            .map(|(_, count)| count)
            .sum(),
        ready: pods.ready(),
        available: if min_ready == 0 { pods.ready() } else { pods.ready_before(horizon) },
        terminating: pods.terminating(),
    }
}

fn contains(labels: &StringMap, wanted: &StringMap) -> bool {
    std::rc::Rc::ptr_eq(labels, wanted)
        || wanted.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// Writes the status, if it changed. Models `calculateStatus` and `updateReplicaSetStatus`.
pub(super) fn update_replica_set_status(
    core: &mut Core,
    set: &ReplicaSet,
    counts: &Counts,
    failure: Option<&Status>,
) -> Result<(), Status> {
    let status = ReplicaSetStatus {
        replicas: counts.active,
        fully_labeled_replicas: counts.fully_labeled,
        ready_replicas: counts.ready,
        available_replicas: counts.available,
        terminating_replicas: Some(counts.terminating),
        observed_generation: set.metadata.generation,
        conditions: conditions(core, set, counts, failure),
    };
    if status == set.status {
        return Ok(());
    }
    core.update_replica_set_status(set, status)
}

/// A failure stays as it was first noticed, until a sync succeeds.
fn conditions(
    core: &Core,
    set: &ReplicaSet,
    counts: &Counts,
    failure: Option<&Status>,
) -> Vec<ReplicaSetCondition> {
    let mut conditions = set.status.conditions.clone();
    let known = conditions.iter().any(|condition| &*condition.type_ == REPLICA_FAILURE);
    match failure {
        None => conditions.retain(|condition| &*condition.type_ != REPLICA_FAILURE),
        Some(_) if known => {}
        Some(failure) => {
            let missing = set.spec.replicas - counts.active;
            let reason = match missing.signum() {
                1 => "FailedCreate",
                -1 => "FailedDelete",
                _ => "",
            };
            conditions.push(ReplicaSetCondition {
                type_: word(REPLICA_FAILURE),
                status: word!("True"),
                last_transition_time: core.now.timestamp(),
                reason: word(reason),
                message: failure.message.as_str().into(),
            });
        }
    }
    conditions
}
