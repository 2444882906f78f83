//! How controllers, the scheduler and kubelets write pods.
//! Models `pkg/registry/core/pod/strategy.go` and the pods' storage.

use rollscope_api::object::ReplicaSet;
use rollscope_api::object::{
    ObjectMeta, OwnerReference, Pod, PodCondition, PodPhase, PodStatus, Uid,
};
use rollscope_api::{Resource, SimDuration, Status, Timestamp};

use std::rc::Rc;

use crate::apiserver::{self, names};
use crate::controller::taint_eviction;
use crate::core::Core;
use crate::sim_event::SimEvent;
use crate::store::{Key, PodId, UidNumber};
use crate::watch;
use crate::words::word;

/// How many pods the cluster's database holds: a real one ends somewhere as well, and a browser's
/// memory sooner.
pub const PODS_MAX: usize = 30_000;

impl Core {
    /// Creates one more pod for a ReplicaSet.
    pub(crate) fn create_pod_of(&mut self, set: &ReplicaSet) -> Result<PodId, Status> {
        let blueprint = self.blueprints.next(set);
        let mut draw = self.random.draw_nth(&blueprint.drawn_by, u64::from(blueprint.made));
        let mut name = || Key {
            namespace: blueprint.namespace.clone(),
            name: names::generate(&blueprint.generate_name, &mut draw),
        };
        let mut key = name();
        apiserver::check_namespace(self, Resource::Pods, &key)?;
        // A name that is taken is drawn again, up to eight times.
        for _ in 0..8 {
            if self.store.pod_id(&key).is_none() {
                break;
            }
            key = name();
        }
        blueprint.check(&key.name)?;
        let pod = Pod {
            metadata: ObjectMeta {
                name: key.name.clone(),
                generate_name: blueprint.generate_name.clone(),
                namespace: key.namespace.clone(),
                labels: blueprint.labels.clone(),
                annotations: blueprint.annotations.clone(),
                owner_references: vec![blueprint.owner.clone()],
                finalizers: blueprint.finalizers.clone(),
                ..ObjectMeta::default()
            },
            spec: blueprint.spec.clone(),
            node_name: blueprint.node_name.clone(),
            status: PodStatus::default(),
        };
        self.admit_and_insert_pod(key, pod, blueprint.qos_class.clone())
    }

    /// The last steps of a pod's creation: quota, what the server fills in, the store.
    pub(crate) fn admit_and_insert_pod(
        &mut self,
        key: Key,
        mut pod: Pod,
        qos_class: Rc<str>,
    ) -> Result<PodId, Status> {
        if self.store.pod_id(&key).is_some() {
            return Err(Status::already_exists("pods", &key.name));
        }
        if self.store.pod_count() >= PODS_MAX {
            return Err(Status::out_of_space());
        }
        apiserver::quota::admit(self, Resource::Pods, &key, Some(&pod))?;
        pod.metadata.uid = self.new_uid();
        pod.metadata.creation_timestamp = Some(self.now.timestamp());
        pod.metadata.generation = 1;
        pod.status = PodStatus { phase: PodPhase::Pending, qos_class, ..PodStatus::default() };
        let (id, write) = self.store.insert_pod(key, pod);
        watch::pod_written(self, id, &write);
        watch::pod_created(self, id);
        Ok(id)
    }

    /// Assigns a pod to a node. Models the `pods/binding` subresource.
    pub(crate) fn bind_pod(&mut self, id: PodId, node: &str) {
        let now = self.now.timestamp();
        let node: Rc<str> = node.into();
        taint_eviction::pod_bound(self, &node);
        let write = self.store.update_pod(id, |pod| {
            pod.node_name = Some(node);
            pod.status.nominated_node_name = None;
            let conditions = &mut pod.status.conditions;
            conditions.retain(|condition| &*condition.type_ != "PodScheduled");
            conditions.push(Rc::new(PodCondition {
                type_: word!("PodScheduled"),
                status: word!("True"),
                observed_generation: pod.metadata.generation,
                last_transition_time: Some(now),
                reason: word!(""),
                message: word!(""),
            }));
        });
        watch::pod_written(self, id, &write);
        watch::tell_kubelet(self, id);
    }

    pub(crate) fn update_pod_status(&mut self, id: PodId, change: impl FnOnce(&mut PodStatus)) {
        if self.store.pod(id).is_none() {
            return;
        }
        let write = self.store.update_pod(id, |pod| change(&mut pod.status));
        watch::pod_written(self, id, &write);
    }

    pub(crate) fn adopt_pod(&mut self, id: PodId, owner: OwnerReference) {
        self.write_pod_metadata(id, |metadata| {
            metadata.owner_references.retain(|known| known.uid != owner.uid);
            metadata.owner_references.push(owner);
        });
    }

    pub(crate) fn release_pod(&mut self, id: PodId, owner_uid: &Uid) {
        self.write_pod_metadata(id, |metadata| {
            metadata.owner_references.retain(|owner| owner.uid != *owner_uid);
        });
        watch::pod_orphaned(self, id);
    }

    pub(crate) fn write_pod_metadata(&mut self, id: PodId, change: impl FnOnce(&mut ObjectMeta)) {
        let write = self.store.update_pod(id, |pod| change(&mut pod.metadata));
        watch::pod_written(self, id, &write);
    }

    /// Begins the deletion of a pod, or removes it at once where nothing has to be waited for.
    /// Models `podStrategy.CheckGracefulDelete`.
    pub(crate) fn delete_pod(&mut self, id: PodId, grace: Option<i64>) -> Result<(), Status> {
        let Some(pod) = self.store.pod(id) else {
            return Err(Status::not_found("pods", ""));
        };
        let own = pod.spec["terminationGracePeriodSeconds"].as_i64().unwrap_or(30);
        let mut seconds = grace.unwrap_or(own);
        if seconds < 0 {
            seconds = 1;
        }
        let waits_for_nobody = pod.node_name.is_none() || pod.status.phase.is_terminal();
        if waits_for_nobody || seconds == 0 {
            self.remove_pod(id);
            return Ok(());
        }
        let already = pod.metadata.deletion_grace_period_seconds;
        if already.is_some_and(|already| already <= seconds) {
            return Ok(());
        }
        // A second deletion can only shorten the grace; it counts from the first.
        let begun = match (pod.metadata.deletion_timestamp, already) {
            (Some(end), Some(grace)) => end.as_secs() - grace,
            _ => self.now.timestamp().as_secs(),
        };
        let first = already.is_none();
        let write = self.store.update_pod(id, |pod| {
            pod.metadata.deletion_timestamp = Some(Timestamp::from_secs(begun + seconds));
            pod.metadata.deletion_grace_period_seconds = Some(seconds);
            pod.metadata.generation += i64::from(first);
        });
        watch::pod_written(self, id, &write);
        watch::tell_kubelet(self, id);
        if first {
            watch::play_termination(self, id);
        }
        Ok(())
    }

    /// Deletes a pod through the subresource `pods/eviction`. There are no disruption budgets that
    /// could refuse it. Models `pkg/registry/core/pod/storage/eviction.go`.
    pub(crate) fn evict_pod(&mut self, id: PodId, grace: Option<i64>) -> Result<(), Status> {
        self.disrupt_pod(id, "EvictionByEvictionAPI", "Eviction API: evicting");
        self.delete_pod(id, grace)
    }

    /// Says in a pod's conditions that it is deleted for no fault of its own.
    pub(crate) fn disrupt_pod(&mut self, id: PodId, reason: &'static str, message: &'static str) {
        let now = self.now.timestamp();
        let Some(pod) = self.store.pod(id) else { return };
        if pod.metadata.deletion_timestamp.is_some() || pod.status.phase.is_terminal() {
            return;
        }
        let observed_generation = pod.metadata.generation;
        self.update_pod_status(id, |status| {
            let known = status.conditions.iter().find(|one| &*one.type_ == "DisruptionTarget");
            let since = known.and_then(|known| known.last_transition_time);
            status.conditions.retain(|one| &*one.type_ != "DisruptionTarget");
            status.conditions.push(Rc::new(PodCondition {
                type_: word("DisruptionTarget"),
                status: word("True"),
                observed_generation,
                last_transition_time: since.or(Some(now)),
                reason: word(reason),
                message: word(message),
            }));
        });
    }

    /// Shortens the grace of a deletion to nothing: the object is written once more before it
    /// goes, as watchers see it.
    pub(crate) fn end_grace(&mut self, id: PodId) {
        let now = self.now.timestamp();
        let write = self.store.update_pod(id, |pod| {
            pod.metadata.deletion_timestamp = Some(now);
            pod.metadata.deletion_grace_period_seconds = Some(0);
        });
        watch::pod_written(self, id, &write);
        self.queue.enqueue_at(self.now + SimDuration::from_millis(1), SimEvent::Terminate(id));
    }

    /// Removes a pod from the store.
    pub(crate) fn remove_pod(&mut self, id: PodId) {
        let Some((pod, write)) = self.store.remove_pod(id) else { return };
        let uid = write.before.as_ref().map_or(UidNumber::NONE, |facts| facts.uid);
        self.correlator.forget(uid, &["kubelet", "default-scheduler"]);
        watch::pod_removed(self, id, &pod, &write);
    }
}
