//! The one door of every component: reading, writing, time and chance.

use std::rc::Rc;

use rollscope_api::object::{Event, ObjectReference, Pod, PodStatus};
use rollscope_api::{SimDuration, SimTime, Status};

use crate::core::Core;
use crate::kernel::Draw;
use crate::recorder::Report;
use crate::sim_event::SimEvent;
use crate::store::{Key, PodId, Store};
use crate::{Pace, World};

/// What a component may use: what the informers have seen, the only way to write, the only clock
/// and the only chance.
pub struct Ctx<'a> {
    pub(crate) core: &'a mut Core,
}

impl Ctx<'_> {
    /// The present moment.
    pub fn now(&self) -> SimTime {
        self.core.now
    }

    /// Every object, as the informers have seen it.
    pub fn listers(&self) -> &Store {
        &self.core.store
    }

    /// What the script says about nodes and images.
    pub fn world(&self) -> &World {
        &self.core.world
    }

    /// How the nodes act.
    pub fn pace(&self) -> Pace {
        self.core.pace
    }

    /// Chance for one purpose and one object, for instance `("pull", pod name)`.
    pub fn draw(&self, purpose: &str, object: &str) -> Draw {
        self.core.random.draw(purpose, object)
    }

    /// Something will happen at `time`, or now if that has passed.
    pub fn enqueue_at(&mut self, time: SimTime, event: SimEvent) {
        let time = time.max(self.core.now);
        self.core.queue.enqueue_at(time, event);
    }

    /// Something will happen after `span`.
    pub fn enqueue_after(&mut self, span: SimDuration, event: SimEvent) {
        self.enqueue_at(self.core.now + span, event);
    }

    /// Records an Event; similar ones are folded and too many are dropped.
    pub fn record(&mut self, report: Report) {
        self.core.record(&report);
    }

    /// Stores an Event as it is, for components that use the newer events API. Name, uid and
    /// times of the metadata are filled in. Returns its number for [`Ctx::update_event`].
    pub fn create_event(&mut self, event: Event) -> crate::store::EventId {
        self.core.create_event(Rc::new(event))
    }

    /// Changes a stored Event; nothing happens if it has expired.
    pub fn update_event(&mut self, id: crate::store::EventId, change: impl FnOnce(&mut Event)) {
        self.core.update_event(id, change);
    }

    /// The pod is assigned to a node: `nodeName` and the condition `PodScheduled`.
    /// Models the `pods/binding` subresource.
    pub fn bind_pod(&mut self, pod: PodId, node: &str) {
        self.core.bind_pod(pod, node);
    }

    /// Writes a pod's status, as its kubelet or the scheduler does. The kubelet does not hear of
    /// it; controllers do. Leave out writes that change nothing.
    pub fn update_pod_status(&mut self, pod: PodId, change: impl FnOnce(&mut PodStatus)) {
        self.core.update_pod_status(pod, change);
    }

    /// Deletes a pod through the API: graceful unless it has no node or is finished.
    ///
    /// # Errors
    /// Not found.
    pub fn delete_pod(
        &mut self,
        pod: PodId,
        grace_period_seconds: Option<i64>,
    ) -> Result<(), Status> {
        self.core.delete_pod(pod, grace_period_seconds)
    }

    /// Deletes a pod for the sake of its node, and says so in its conditions.
    ///
    /// # Errors
    /// Not found.
    pub fn evict_pod(
        &mut self,
        pod: PodId,
        grace_period_seconds: Option<i64>,
    ) -> Result<(), Status> {
        self.core.evict_pod(pod, grace_period_seconds)
    }

    /// A process is going to end otherwise than was known: requests to it are, too.
    pub(crate) fn processes_changed(&mut self) {
        self.core.traffic.processes_changed = true;
    }

    /// The kubelet forgets a pod, and this is what is known of its process.
    pub(crate) fn process_gone(
        &mut self,
        pod: PodId,
        facts: impl FnOnce() -> Vec<(SimTime, crate::traffic::What)>,
    ) {
        self.core.traffic.processes_changed = true;
        if self.core.traffic.journal.knows(pod) {
            for (at, what) in facts() {
                self.core.traffic.journal.happened(pod, at, what);
            }
        }
    }

    /// The kubelet's last word: the object of a pod that has ended is removed (a deletion with
    /// grace 0).
    pub fn remove_pod(&mut self, pod: PodId) {
        self.core.end_grace(pod);
    }
}

/// What an Event about a pod refers to. `field_path` names a container or is empty.
pub fn pod_reference(pod: &Pod, field_path: &str) -> ObjectReference {
    ObjectReference {
        kind: word!("Pod"),
        namespace: pod.metadata.namespace.clone(),
        name: pod.metadata.name.clone(),
        uid: pod.metadata.uid.clone(),
        api_version: word!("v1"),
        resource_version: pod.metadata.resource_version,
        field_path: if field_path.is_empty() { word!("") } else { field_path.into() },
    }
}

/// The key of a pod.
pub fn pod_key(pod: &Rc<Pod>) -> Key {
    Key::of(&pod.metadata)
}
