//! The garbage collector: what has lost its owner goes too.
//! Models `pkg/controller/garbagecollector`.

use std::collections::BTreeSet;

use rollscope_api::Resource;
use rollscope_api::object::{ObjectMeta, Uid, Unstructured};

use crate::core::Core;
use crate::sim_event::Work;
use crate::store::{Key, PodId, UidNumber};

/// The finalizer of an object whose dependents go first.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";
/// The finalizer of an object whose dependents stay.
pub(crate) const ORPHAN: &str = "orphan";

/// What the collector has heard of and not yet seen to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Garbage {
    /// Owners that are gone.
    absent: BTreeSet<UidNumber>,
    /// Owners that wait for their dependents, or for these to be orphaned.
    waiting: BTreeSet<(Resource, Key)>,
    /// Whether objects were created that name an owner which may not exist.
    unchecked: bool,
}

/// An object is gone that may have had dependents.
pub(crate) fn owner_deleted(core: &mut Core, uid: UidNumber) {
    core.garbage.absent.insert(uid);
    core.enqueue(Work::GarbageCollection);
}

/// An object is gone that others may have waited for.
pub(crate) fn dependent_deleted(core: &mut Core) {
    if !core.garbage.waiting.is_empty() {
        core.enqueue(Work::GarbageCollection);
    }
}

/// The deletion of an owner began with one of the two finalizers.
pub(crate) fn owner_waits(core: &mut Core, resource: Resource, key: &Key) {
    core.garbage.waiting.insert((resource, key.clone()));
    core.enqueue(Work::GarbageCollection);
}

/// An object was written by a user with owner references.
pub(crate) fn references_written(core: &mut Core) {
    core.garbage.unchecked = true;
    core.enqueue(Work::GarbageCollection);
}

/// Deletes the dependents of owners that are gone, and finishes deletions that waited.
pub(crate) fn collect(core: &mut Core) {
    for uid in std::mem::take(&mut core.garbage.absent) {
        delete_dependents(core, uid);
    }
    if std::mem::take(&mut core.garbage.unchecked) {
        delete_strays(core);
    }
    for (resource, key) in core.garbage.waiting.clone() {
        finish(core, resource, &key);
    }
}

/// ReplicaSets and pods controlled by an owner.
fn dependents(core: &Core, uid: UidNumber) -> (Vec<Key>, Vec<PodId>) {
    let sets = core.store.replica_set_keys_of(uid).cloned().collect();
    let pods = core.store.owned_pods(uid).map(|pods| pods.all().iter().copied().collect());
    (sets, pods.unwrap_or_default())
}

fn delete_dependents(core: &mut Core, uid: UidNumber) {
    if uid == UidNumber::NONE {
        return;
    }
    let (sets, pods) = dependents(core, uid);
    for key in sets {
        core.remove_replica_set(&key);
    }
    for id in pods {
        let deleting = core.store.pod(id).is_some_and(|p| p.metadata.deletion_timestamp.is_some());
        if !deleting {
            // A pod that has just gone is what was wanted.
            let _ = core.delete_pod(id, None);
        }
    }
}

/// Objects that name an owner which does not exist, or not in their namespace.
fn delete_strays(core: &mut Core) {
    let is_stray = |core: &Core, metadata: &ObjectMeta| {
        let owners = &metadata.owner_references;
        !owners.is_empty() && owners.iter().all(|owner| !exists(core, metadata, &owner.uid))
    };
    let sets: Vec<Key> = core
        .store
        .replica_sets()
        .filter(|(_, set)| is_stray(core, &set.metadata))
        .map(|(key, _)| key.clone())
        .collect();
    let pods: Vec<PodId> = core
        .store
        .pods()
        .filter(|(_, pod)| is_stray(core, &pod.metadata))
        .map(|(id, _)| id)
        .collect();
    let others: Vec<(Resource, Key)> = Resource::ALL
        .into_iter()
        .flat_map(|resource| core.store.others(resource).map(move |found| (resource, found)))
        .filter(|(_, (_, object))| is_stray(core, &object.metadata))
        .map(|(resource, (key, _))| (resource, key.clone()))
        .collect();
    for key in sets {
        core.remove_replica_set(&key);
    }
    for id in pods {
        let _ = core.delete_pod(id, None);
    }
    for (resource, key) in others {
        core.remove_other(resource, &key);
    }
}

fn exists(core: &Core, dependent: &ObjectMeta, uid: &Uid) -> bool {
    let number = UidNumber::of(uid);
    let namespace = &dependent.namespace;
    let same = |key: &Key| *key.namespace == **namespace;
    core.store.deployment_key(number).is_some_and(same)
        || core.store.replica_set_key(number).is_some_and(same)
        || core.store.pods().any(|(_, pod)| pod.metadata.uid == *uid)
        || core.store.nodes().any(|node| node.metadata.uid == *uid)
        || Resource::ALL.into_iter().any(|resource| {
            let mut others = core.store.others(resource);
            others.any(|(key, other): (&Key, &std::rc::Rc<Unstructured>)| {
                other.metadata.uid == *uid && (key.namespace.is_empty() || same(key))
            })
        })
}

/// One step of a deletion that waits for its dependents or has them orphaned.
fn finish(core: &mut Core, resource: Resource, key: &Key) {
    let metadata = match resource {
        Resource::Deployments => core.store.deployment(key).map(|d| d.metadata.clone()),
        Resource::ReplicaSets => core.store.replica_set(key).map(|set| set.metadata.clone()),
        _ => None,
    };
    let waiting = (resource, key.clone());
    let Some(metadata) = metadata.filter(|m| m.deletion_timestamp.is_some()) else {
        core.garbage.waiting.remove(&waiting);
        return;
    };
    let uid = UidNumber::of(&metadata.uid);
    let (sets, pods) = dependents(core, uid);
    if metadata.finalizers.iter().any(|finalizer| finalizer == ORPHAN) {
        for set in sets {
            core.release_replica_set(&set, &metadata.uid);
        }
        for pod in pods {
            core.release_pod(pod, &metadata.uid);
        }
    } else if !(sets.is_empty() && pods.is_empty()) {
        for set in sets {
            delete_foreground(core, &set);
        }
        for pod in pods {
            let _ = core.delete_pod(pod, None);
        }
        return;
    }
    core.garbage.waiting.remove(&waiting);
    match resource {
        Resource::Deployments => core.remove_deployment(key),
        _ => core.remove_replica_set(key),
    }
}

/// Dependents of an owner that waits are themselves deleted in the foreground.
fn delete_foreground(core: &mut Core, key: &Key) {
    let Some(set) = core.store.replica_set(key).cloned() else { return };
    if set.metadata.deletion_timestamp.is_some() {
        return;
    }
    let mut new = rollscope_api::object::ReplicaSet::clone(&set);
    begin_deletion(core, &mut new.metadata, Some(FOREGROUND));
    core.store_replica_set(key.clone(), &set, new);
    owner_waits(core, Resource::ReplicaSets, key);
}

/// Marks an object as being deleted, with a finalizer that keeps it for the time being.
pub(crate) fn begin_deletion(
    core: &Core,
    metadata: &mut ObjectMeta,
    finalizer: Option<&'static str>,
) {
    metadata.deletion_timestamp = Some(core.now.timestamp());
    metadata.deletion_grace_period_seconds = Some(0);
    metadata.generation += 1;
    if let Some(finalizer) = finalizer {
        metadata.finalizers.retain(|known| known != FOREGROUND && known != ORPHAN);
        metadata.finalizers.push(finalizer.to_owned());
    }
}
