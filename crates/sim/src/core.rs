//! The state behind every door: clock, queue, chance, store, work queues and recorder.

use std::rc::Rc;

use rollscope_api::object::{Event, PodCondition, PodStatus, Uid};
use rollscope_api::{SimDuration, SimTime, Status};

use crate::kernel::{Queue, Random};
use crate::recorder::{Correlator, Report, Verdict};
use crate::sim_event::{SimEvent, Work};
use crate::store::{EventId, PodId, Store, UidNumber};
use crate::work_queue::WorkQueues;
use crate::{Pace, World, watch};

/// What a cluster is made of, but for the private memories of kubelets and scheduler.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    pub(crate) now: SimTime,
    pub(crate) pace: Pace,
    pub(crate) world: Rc<World>,
    pub(crate) random: Random,
    pub(crate) queue: Queue<SimEvent>,
    pub(crate) store: Store,
    pub(crate) work: WorkQueues,
    pub(crate) correlator: Correlator,
    /// Whether the scheduler is going to run anyway.
    pub(crate) scheduler_woken: bool,
    /// How many uids were given out.
    pub(crate) uids: u64,
}

/// Waking controllers.
impl Core {
    /// Adds a key to its work queue; a worker takes it after a few milliseconds.
    pub(crate) fn enqueue(&mut self, work: Work) {
        if self.work.add(&work) {
            let latency = self.sync_latency(&work);
            self.queue.enqueue_at(self.now + latency, SimEvent::Sync(work));
        }
    }

    /// Adds a key to its work queue after `span`, unless it is to be added earlier anyway.
    pub(crate) fn enqueue_after(&mut self, work: Work, span: SimDuration) {
        let at = self.now + span;
        if self.work.delay(&work, at) {
            self.queue.enqueue_at(at, SimEvent::Enqueue(work));
        }
    }

    /// Adds a key whose sync failed, after a delay that doubles with each failure.
    pub(crate) fn enqueue_rate_limited(&mut self, work: Work) {
        let delay = self.work.back_off(&work);
        self.enqueue_after(work, delay);
    }

    /// From the change of an object until the worker that handles it reads it.
    fn sync_latency(&self, work: &Work) -> SimDuration {
        let slow = matches!(work, Work::ResourceQuota(_));
        let base = SimDuration::from_millis(if slow { 40 } else { 1 });
        if self.pace != Pace::Live {
            return base;
        }
        let spread = self.random.draw_nth("sync", self.now.as_micros() as u64).below(4_000);
        base + SimDuration::from_micros(1_000 + spread as i64)
    }
}

/// Writes that have no rules of their own.
impl Core {
    /// A new UUID.
    pub(crate) fn new_uid(&mut self) -> Uid {
        self.uids += 1;
        let mut draw = self.random.draw_nth("uid", self.uids);
        let (a, b) = (draw.next_u64(), draw.next_u64());
        let text = format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0xfff,
            b >> 48 & 0x3fff | 0x8000,
            b & 0xffff_ffff_ffff,
        );
        text.into()
    }

    pub(crate) fn record(&mut self, report: &Report) {
        match self.correlator.correlate(self.now, report) {
            Verdict::Drop => {}
            Verdict::Create(event, index) => {
                let id = self.create_event(*event);
                self.correlator.created(report, index, id);
            }
            Verdict::Update { event, count, message, .. } => {
                let now = self.now.timestamp();
                self.update_event(event, |event| {
                    event.count = count;
                    event.message = message;
                    event.last_timestamp = Some(now);
                });
            }
        }
    }

    pub(crate) fn create_event(&mut self, mut event: Event) -> EventId {
        event.metadata.uid = self.new_uid();
        event.metadata.creation_timestamp = Some(self.now.timestamp());
        self.store.insert_event(event).0
    }

    pub(crate) fn update_event(&mut self, id: EventId, change: impl FnOnce(&mut Event)) {
        self.store.update_event(id, change);
    }

    pub(crate) fn bind_pod(&mut self, id: PodId, node: &str) {
        let now = self.now.timestamp();
        let node: Rc<str> = node.into();
        let write = self.store.update_pod(id, |pod| {
            pod.node_name = Some(node);
            let generation = pod.metadata.generation;
            let conditions = &mut pod.status.conditions;
            conditions.retain(|condition| &*condition.type_ != "PodScheduled");
            conditions.push(PodCondition {
                type_: "PodScheduled".into(),
                status: "True".into(),
                observed_generation: generation,
                last_transition_time: Some(now),
                reason: "".into(),
                message: "".into(),
            });
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

    /// Begins the deletion of a pod, or removes it at once where nothing has to be waited for.
    /// Models `podStrategy.CheckGracefulDelete` in `pkg/registry/core/pod/strategy.go`.
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
            let end = rollscope_api::Timestamp::from_secs(begun + seconds);
            pod.metadata.deletion_timestamp = Some(end);
            pod.metadata.deletion_grace_period_seconds = Some(seconds);
            if first {
                pod.metadata.generation += 1;
            }
        });
        watch::pod_written(self, id, &write);
        watch::tell_kubelet(self, id);
        if first {
            watch::play_termination(self, id);
        }
        Ok(())
    }

    /// Shortens the grace of a deletion to nothing: the object is written once more before it goes,
    /// as watchers see it.
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
        watch::pod_removed(self, id, &pod, &write);
        let uid = UidNumber::of(&pod.metadata.uid);
        self.correlator.forget(uid, &["kubelet", "default-scheduler"]);
    }
}
