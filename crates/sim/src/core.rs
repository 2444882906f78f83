//! The state behind every door: clock, queue, chance, store, work queues and recorder.

use std::rc::Rc;

use rollscope_api::object::{Event, Uid};
use rollscope_api::{Resource, SimDuration, SimTime};

use crate::addresses::ClusterAddresses;
use crate::controller::deployment::{DecisionLog, TemplateMatches};
use crate::controller::endpoint_slice::{self, EndpointSlices};
use crate::controller::garbage_collector::Garbage;
use crate::controller::node_lifecycle::Silence;
use crate::controller::replica_set::Blueprints;
use crate::controller::resource_quota;
use crate::controller::taint_eviction::Evictions;
use crate::event_log::EventLog;
use crate::kernel::{Queue, Random};
use crate::recorder::{Correlator, Report, Verdict};
use crate::sim_event::{SimEvent, Work};
use crate::store::{EventId, Key, Store, UidNumber};
use crate::traffic::Traffic;
use crate::work_queue::WorkQueues;
use crate::{Pace, World};

/// `--event-ttl` of the API server.
const EVENT_TTL: SimDuration = SimDuration::from_secs(3_600);

/// Quotas are counted again somewhat later than everything else: freed room is not there at once.
const QUOTA_LATENCY: SimDuration = SimDuration::from_millis(40);

/// What a cluster is made of, but for the private memories of kubelets and scheduler.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    pub(crate) now: SimTime,
    pub(crate) pace: Pace,
    pub(crate) world: Rc<World>,
    pub(crate) random: Random,
    /// How long a controller takes to act on what it hears.
    pub(crate) latency: SimDuration,
    pub(crate) queue: Queue<SimEvent>,
    pub(crate) store: Store,
    pub(crate) work: WorkQueues,
    pub(crate) correlator: Correlator,
    pub(crate) template_matches: TemplateMatches,
    pub(crate) blueprints: Blueprints,
    pub(crate) decisions: DecisionLog,
    pub(crate) garbage: Garbage,
    pub(crate) endpoint_slices: EndpointSlices,
    pub(crate) traffic: Traffic,
    pub(crate) silence: Silence,
    pub(crate) evictions: Evictions,
    pub(crate) event_log: EventLog,
    /// When Events are next looked through for those that have expired.
    pub(crate) expire_events_at: SimTime,
    /// Whether the scheduler is going to run anyway.
    pub(crate) scheduler_woken: bool,
    /// How many machines there have been.
    pub(crate) machines: usize,
    pub(crate) addresses: ClusterAddresses,
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

    /// From the change of an object until the worker that handles it reads it. It is the same for
    /// all controllers of a cluster: none of them is known to be slower, and which comes first
    /// where both are woken is then decided by who was woken first.
    fn sync_latency(&self, work: &Work) -> SimDuration {
        if matches!(work, Work::ResourceQuota(_)) { QUOTA_LATENCY } else { self.latency }
    }
}

/// Writes that have no rules of their own.
impl Core {
    /// A new UUID.
    pub(crate) fn new_uid(&mut self) -> Uid {
        self.uids += 1;
        let mut draw = self.random.draw_nth("uid", self.uids);
        let (a, b) = (draw.next_u64(), draw.next_u64());
        Uid::Uuid(a & !0xf000 | 0x4000, b & !(0xc << 60) | 0x8 << 60)
    }

    pub(crate) fn record(&mut self, report: &Report) {
        self.record_about(UidNumber::of(&report.object.uid), report);
    }

    /// The same where the number of the object's uid is known.
    pub(crate) fn record_about(&mut self, uid: UidNumber, report: &Report) {
        let store = &self.store;
        let exists = |id| store.event(id).is_some();
        match self.correlator.correlate(self.now, uid, report, exists, store.next_event()) {
            Verdict::Drop => {}
            Verdict::Create(event) => {
                self.create_event(event);
            }
            Verdict::Update { event, count, message } => {
                let now = self.now.timestamp();
                self.update_event(event, |event| {
                    event.count = count;
                    event.message = message;
                    event.last_timestamp = Some(now);
                });
            }
        }
    }

    pub(crate) fn create_event(&mut self, mut event: Rc<Event>) -> EventId {
        let metadata = &mut Rc::make_mut(&mut event).metadata;
        metadata.uid = self.new_uid();
        metadata.creation_timestamp = Some(self.now.timestamp());
        let (id, stored) = self.store.insert_event(event);
        self.event_log.push(stored);
        id
    }

    pub(crate) fn update_event(&mut self, id: EventId, change: impl FnOnce(&mut Event)) {
        if let Some(stored) = self.store.update_event(id, change) {
            self.event_log.push(stored);
        }
    }

    /// Removes an object without a type of its own from the store.
    pub(crate) fn remove_other(&mut self, resource: Resource, key: &Key) {
        if self.store.remove_other(resource, key).is_some() && resource.namespaced() {
            resource_quota::object_deleted(self, &key.namespace);
        }
        if resource == Resource::Services {
            endpoint_slice::service_written(self, key);
        }
    }

    /// Time passes. Events that nobody has written for an hour leave the store.
    pub(crate) fn advance(&mut self, time: SimTime) {
        debug_assert!(time >= self.now, "time runs backwards");
        self.now = self.now.max(time);
        if self.now >= self.expire_events_at {
            self.expire_events();
        }
    }

    fn expire_events(&mut self) {
        let horizon = (self.now - EVENT_TTL).timestamp();
        let expired: Vec<EventId> = self
            .store
            .events()
            .take_while(|(_, event)| event.metadata.creation_timestamp <= Some(horizon))
            .filter(|(_, event)| {
                let written = event.last_timestamp.max(event.metadata.creation_timestamp);
                written <= Some(horizon)
            })
            .map(|(id, _)| id)
            .collect();
        for id in expired {
            self.store.remove_event(id);
        }
        // A minute's delay is not seen, and looking every second would be.
        self.expire_events_at = self.now + SimDuration::from_secs(60);
    }
}
