//! The namespace controller: a namespace that is being deleted is emptied and goes.
//! Models `pkg/controller/namespace`.

use rollscope_api::{Resource, SimDuration};

use crate::core::Core;
use crate::sim_event::Work;
use crate::store::{Key, PodId};

/// How soon the controller looks again for what has not gone yet.
const RETRY: SimDuration = SimDuration::from_millis(100);

/// Models `syncNamespaceFromKey`.
pub(crate) fn sync_namespace(core: &mut Core, namespace: &Key) {
    let Some(found) = core.store.other(Resource::Namespaces, namespace) else { return };
    if found.metadata.deletion_timestamp.is_none() {
        return;
    }
    let inside = |key: &Key| key.namespace == namespace.name;
    let deployments: Vec<Key> =
        core.store.deployments().map(|(key, _)| key).filter(|k| inside(k)).cloned().collect();
    let sets: Vec<Key> =
        core.store.replica_sets().map(|(key, _)| key).filter(|k| inside(k)).cloned().collect();
    let pods: Vec<PodId> = core
        .store
        .pods()
        .filter(|(_, pod)| *pod.metadata.namespace == *namespace.name)
        .map(|(id, _)| id)
        .collect();
    for key in deployments {
        core.remove_deployment(&key);
    }
    for key in sets {
        core.remove_replica_set(&key);
    }
    for resource in Resource::ALL.into_iter().filter(|resource| resource.namespaced()) {
        let keys: Vec<Key> = core
            .store
            .others(resource)
            .map(|(key, _)| key)
            .filter(|k| inside(k))
            .cloned()
            .collect();
        for key in keys {
            core.remove_other(resource, &key);
        }
    }
    for id in &pods {
        let begun =
            core.store.pod(*id).is_some_and(|pod| pod.metadata.deletion_timestamp.is_some());
        if !begun {
            // A pod that has just gone is what was wanted.
            let _ = core.delete_pod(*id, None);
        }
    }
    if pods.iter().any(|id| core.store.pod(*id).is_some()) {
        core.enqueue_after(Work::Namespace(namespace.clone()), RETRY);
        return;
    }
    remove_events(core, &namespace.name);
    core.remove_other(Resource::Namespaces, namespace);
}

fn remove_events(core: &mut Core, namespace: &str) {
    let ids: Vec<_> = core
        .store
        .events()
        .filter(|(_, event)| *event.metadata.namespace == *namespace)
        .map(|(id, _)| id)
        .collect();
    for id in ids {
        core.store.remove_event(id);
    }
}
