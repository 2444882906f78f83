//! What wakes the deployment controller.
//! Models the event handlers of `pkg/controller/deployment/deployment_controller.go`.

use std::rc::Rc;

use rollscope_api::object::{ObjectMeta, ReplicaSet, StrategyType};
use rollscope_api::selector::Selector;

use crate::core::Core;
use crate::sim_event::Work;
use crate::store::{Key, UidNumber, controller};

/// A Deployment was created, changed or deleted.
pub(crate) fn deployment_written(core: &mut Core, key: &Key) {
    core.enqueue(Work::Deployment(key.clone()));
}

/// A ReplicaSet was created or changed. Models `addReplicaSet` and `updateReplicaSet`.
pub(crate) fn replica_set_written(core: &mut Core, before: Option<&ReplicaSet>, set: &ReplicaSet) {
    let owner = controller(&set.metadata);
    if let Some(before) = before {
        let old_owner = controller(&before.metadata);
        if old_owner != owner {
            enqueue_owner(core, &before.metadata);
        }
    }
    if owner != UidNumber::NONE {
        enqueue_owner(core, &set.metadata);
        return;
    }
    // Orphans matter to those that may adopt them, and only when that may have changed.
    let changed = before.is_none_or(|before| {
        before.metadata.labels != set.metadata.labels || controller(&before.metadata) != owner
    });
    if changed {
        for key in deployments_for_replica_set(core, set) {
            core.enqueue(Work::Deployment(key));
        }
    }
}

/// A ReplicaSet is gone. Models `deleteReplicaSet`.
pub(crate) fn replica_set_deleted(core: &mut Core, set: &Rc<ReplicaSet>) {
    enqueue_owner(core, &set.metadata);
}

/// A pod is gone: a Recreate waits for the last one. Models `deletePod`.
pub(crate) fn pod_deleted(core: &mut Core, owner: UidNumber) {
    let Some(set) = core.store.replica_set_key(owner).and_then(|key| core.store.replica_set(key))
    else {
        return;
    };
    let deployment_uid = controller(&set.metadata);
    let Some(key) = core.store.deployment_key(deployment_uid).cloned() else { return };
    let recreate = core
        .store
        .deployment(&key)
        .is_some_and(|deployment| deployment.spec.strategy.type_ == StrategyType::Recreate);
    if !recreate {
        return;
    }
    let any_left = core.store.replica_set_keys_of(deployment_uid).any(|key| {
        let set = core.store.replica_set(key);
        set.is_some_and(|set| core.store.owned_pods(UidNumber::of(&set.metadata.uid)).is_some())
    });
    if !any_left {
        core.enqueue(Work::Deployment(key));
    }
}

/// Models `resolveControllerRef`: kind, name and uid must all be the Deployment's.
fn enqueue_owner(core: &mut Core, metadata: &ObjectMeta) {
    let Some(owner) = metadata.controller().filter(|owner| &*owner.kind == "Deployment") else {
        return;
    };
    let Some(key) = core.store.deployment_key(UidNumber::of(&owner.uid)) else { return };
    if *key.namespace == *metadata.namespace && key.name == owner.name {
        core.enqueue(Work::Deployment(key.clone()));
    }
}

/// Models `GetDeploymentsForReplicaSet`.
fn deployments_for_replica_set(core: &Core, set: &ReplicaSet) -> Vec<Key> {
    if set.metadata.labels.is_empty() {
        return Vec::new();
    }
    core.store
        .deployments()
        .filter(|(key, deployment)| {
            let selector = Selector::from_label_selector(&deployment.spec.selector);
            *key.namespace == *set.metadata.namespace
                && !selector.is_empty()
                && selector.matches(&set.metadata.labels)
        })
        .map(|(key, _)| key.clone())
        .collect()
}
