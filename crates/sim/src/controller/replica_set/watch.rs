//! What wakes the replicaset controller.
//! Models the event handlers of `pkg/controller/replicaset/replica_set.go`.

use rollscope_api::SimDuration;
use rollscope_api::selector::Selector;

use crate::core::Core;
use crate::sim_event::Work;
use crate::store::{Key, PodFacts, PodId, UidNumber};

/// A ReplicaSet was created, changed or deleted.
pub(crate) fn replica_set_written(core: &mut Core, key: &Key) {
    core.enqueue(Work::ReplicaSet(key.clone()));
}

/// A pod with this owner was created or changed.
pub(crate) fn pod_written(core: &mut Core, before: Option<&PodFacts>, after: &PodFacts) {
    if let Some(before) = before.filter(|before| before.owner != after.owner) {
        enqueue_owner(core, before.owner);
    }
    let Some(key) = core.store.replica_set_key(after.owner).cloned() else { return };
    // Waiting for availability is counted from becoming ready.
    let became_ready =
        after.ready_since.is_some() && before.is_some_and(|before| before.ready_since.is_none());
    if became_ready {
        let min_ready = core.store.replica_set(&key).map_or(0, |set| set.spec.min_ready_seconds);
        if min_ready > 0 {
            let span = SimDuration::from_secs(i64::from(min_ready));
            core.enqueue_after(Work::ReplicaSet(key.clone()), span);
        }
    }
    core.enqueue(Work::ReplicaSet(key));
}

/// A pod is gone.
pub(crate) fn pod_deleted(core: &mut Core, owner: UidNumber) {
    enqueue_owner(core, owner);
}

fn enqueue_owner(core: &mut Core, owner: UidNumber) {
    if let Some(key) = core.store.replica_set_key(owner).cloned() {
        core.enqueue(Work::ReplicaSet(key));
    }
}

/// An ownerless pod was created, or its labels or owner changed: whoever may adopt it looks.
pub(crate) fn orphan_pod_written(core: &mut Core, id: PodId) {
    let Some(pod) = core.store.pod(id).cloned() else { return };
    let keys: Vec<Key> = core
        .store
        .replica_sets()
        .filter(|(key, set)| {
            let selector = Selector::from_label_selector(&set.spec.selector);
            *key.namespace == *pod.metadata.namespace
                && !selector.is_empty()
                && selector.matches(&pod.metadata.labels)
        })
        .map(|(key, _)| key.clone())
        .collect();
    for key in keys {
        core.enqueue(Work::ReplicaSet(key));
    }
}
