//! Who hears of what: the event handlers that the components register with their informers.

use std::rc::Rc;

use rollscope_api::object::{Pod, ReplicaSet};
use rollscope_api::{Resource, SimDuration};

use crate::controller::{
    deployment, endpoint_slice, garbage_collector, node_lifecycle, pod_garbage_collector,
    replica_set, resource_quota, taint_eviction,
};
use crate::core::Core;
use crate::options::{Pace, Termination};
use crate::sim_event::{SimEvent, Work};
use crate::store::{Key, Life, PodFacts, PodId, PodWrite, UidNumber};

/// How long a kubelet or the scheduler takes to hear of a change.
const WATCH_LATENCY: SimDuration = SimDuration::from_millis(2);
/// How long a played node takes to let go of a pod.
const PLAYED_TERMINATION: SimDuration = SimDuration::from_millis(5);
/// Played nodes, among which pods are dealt out in turn.
const PLAYED_NODES: u32 = 3;

/// A Deployment was created or changed.
pub(crate) fn deployment_written(core: &mut Core, key: &Key) {
    deployment::deployment_written(core, key);
}

/// A Deployment is gone.
pub(crate) fn deployment_deleted(core: &mut Core, key: &Key, uid: UidNumber) {
    deployment::deployment_written(core, key);
    garbage_collector::owner_deleted(core, uid);
    resource_quota::object_deleted(core, &key.namespace);
}

/// A ReplicaSet was created or changed.
pub(crate) fn replica_set_written(
    core: &mut Core,
    key: &Key,
    before: Option<&ReplicaSet>,
    set: &ReplicaSet,
) {
    replica_set::replica_set_written(core, key);
    deployment::replica_set_written(core, before, set);
}

/// A ReplicaSet is gone.
pub(crate) fn replica_set_deleted(core: &mut Core, key: &Key, set: &Rc<ReplicaSet>) {
    replica_set::replica_set_written(core, key);
    deployment::replica_set_deleted(core, set);
    garbage_collector::owner_deleted(core, UidNumber::of(&set.metadata.uid));
    resource_quota::object_deleted(core, &key.namespace);
}

/// A pod was created or changed.
pub(crate) fn pod_written(core: &mut Core, id: PodId, write: &PodWrite) {
    if let Some(after) = &write.after {
        replica_set::pod_written(core, write.before.as_ref(), after);
    }
    endpoint_slice::pod_written(core, id);
    tell_finished(core, id, write);
}

/// A pod that finishes frees its place on the node.
fn tell_finished(core: &mut Core, id: PodId, write: &PodWrite) {
    let finished =
        |facts: &Option<PodFacts>| facts.as_ref().is_some_and(|facts| facts.life == Life::Finished);
    if core.pace == Pace::Live && finished(&write.after) && !finished(&write.before) {
        core.queue.enqueue_at(core.now + WATCH_LATENCY, SimEvent::PodChanged(id));
    }
}

/// A pod without an owner appeared, or one lost its owner or its labels changed.
pub(crate) fn pod_orphaned(core: &mut Core, id: PodId) {
    replica_set::orphan_pod_written(core, id);
}

/// A pod was created: somebody has to find a node for it.
pub(crate) fn pod_created(core: &mut Core, id: PodId) {
    if core.store.pod(id).is_some_and(|pod| pod.metadata.controller().is_none()) {
        pod_orphaned(core, id);
    }
    let named = core.store.pod(id).is_some_and(|pod| pod.node_name.is_some());
    match core.pace {
        _ if named => tell_kubelet(core, id),
        Pace::Live => wake_scheduler(core),
        Pace::Stepped { .. } => core.bind_pod(id, &format!("node-{}", id.0 % PLAYED_NODES)),
        Pace::Still => {}
    }
}

/// A pod is gone.
pub(crate) fn pod_removed(core: &mut Core, id: PodId, pod: &Rc<Pod>, write: &PodWrite) {
    if let Some(before) = &write.before {
        replica_set::pod_deleted(core, before.owner);
        deployment::pod_deleted(core, before.owner);
    }
    endpoint_slice::pod_removed(core, id);
    taint_eviction::pod_removed(core, id);
    resource_quota::object_deleted(core, &pod.metadata.namespace);
    garbage_collector::dependent_deleted(core);
    if core.pace == Pace::Live {
        core.queue.enqueue_at(core.now + WATCH_LATENCY, SimEvent::PodRemoved(id));
        wake_scheduler(core);
    }
}

/// The kubelet of a pod's node will hear that somebody else changed the pod.
pub(crate) fn tell_kubelet(core: &mut Core, id: PodId) {
    let bound = core.store.pod(id).is_some_and(|pod| pod.node_name.is_some());
    if core.pace == Pace::Live && bound {
        core.queue.enqueue_at(core.now + WATCH_LATENCY, SimEvent::PodChanged(id));
    }
}

/// Pods appeared or left, or nodes changed: pods without a node may find one.
pub(crate) fn wake_scheduler(core: &mut Core) {
    let waiting = core.store.unbound_pods().next().is_some();
    if core.pace == Pace::Live && waiting && !core.scheduler_woken {
        core.scheduler_woken = true;
        core.queue.enqueue_at(core.now + WATCH_LATENCY, SimEvent::Schedule);
    }
}

/// Where nodes are played, a pod's deletion ends at once unless it is to be told.
pub(crate) fn play_termination(core: &mut Core, id: PodId) {
    if core.pace == (Pace::Stepped { termination: Termination::Auto }) {
        core.queue.enqueue_at(core.now + PLAYED_TERMINATION, SimEvent::Terminate(id));
    }
}

/// A node appeared or changed.
pub(crate) fn node_written(core: &mut Core, name: &str) {
    node_lifecycle::node_written(core, name);
    wake_scheduler(core);
}

/// A node is gone.
pub(crate) fn node_removed(core: &mut Core, name: &str) {
    pod_garbage_collector::node_removed(core);
    node_written(core, name);
}

/// An object without a type of its own was created or changed.
pub(crate) fn other_written(core: &mut Core, resource: Resource, key: &Key) {
    match resource {
        Resource::ResourceQuotas => {
            core.enqueue(Work::ResourceQuota(Key::new(&key.namespace, "")));
        }
        Resource::Services => endpoint_slice::service_written(core, key),
        Resource::Namespaces => core.enqueue(Work::Namespace(key.clone())),
        _ => {}
    }
}

/// A user wrote an object with owner references.
pub(crate) fn references_written(core: &mut Core) {
    garbage_collector::references_written(core);
}
