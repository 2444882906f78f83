//! The scheduler's Events. It uses the newer events API, in which an Event that comes again within
//! a short time becomes a series.
//!
//! Models `client-go/tools/events/event_broadcaster.go`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::SimDuration;
use rollscope_api::SimTime;
use rollscope_api::object::{Event, EventSource, ObjectMeta, Pod};

use super::message::truncated;
use crate::Ctx;
use crate::ctx::pod_reference;
use crate::recorder::event_name;
use crate::store::{EventId, PodId};
use crate::words::{joined, word};

/// An Event that comes again after this is a new one.
const SERIES_WINDOW: SimDuration = SimDuration::from_secs(360);

/// The latest Event of each pod that fits nowhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Series(BTreeMap<PodId, Latest>);

#[derive(Clone, Debug)]
struct Latest {
    event: EventId,
    /// What the pod's resourceVersion was: an Event about another one is another Event.
    version: u64,
    count: i32,
    at: SimTime,
}

impl Series {
    pub(super) fn forget(&mut self, id: PodId) {
        self.0.remove(&id);
    }

    pub(super) fn failed(&mut self, ctx: &mut Ctx<'_>, id: PodId, pod: &Pod, message: &str) {
        let now = ctx.now();
        let version = pod.metadata.resource_version;
        let known = self.0.get_mut(&id);
        if let Some(latest) =
            known.filter(|latest| latest.version == version && now - latest.at <= SERIES_WINDOW)
        {
            latest.count += 1;
            latest.at = now;
            let count = latest.count;
            ctx.update_event(latest.event, |event| {
                event.count = count;
                event.last_timestamp = Some(now.timestamp());
            });
            return;
        }
        let event = new_event(
            ctx,
            pod,
            "Warning",
            "FailedScheduling",
            "Scheduling",
            truncated(message).into(),
        );
        let event = ctx.create_event(event);
        self.0.insert(id, Latest { event, version, count: 1, at: now });
    }
}

/// `Successfully assigned default/web-0 to node-1`
pub(super) fn scheduled(ctx: &Ctx<'_>, pod: &Pod, node: &str) -> Event {
    let (namespace, name) = (&pod.metadata.namespace, &pod.metadata.name);
    let message = joined(["Successfully assigned ", namespace, "/", name, " to ", node]);
    new_event(ctx, pod, "Normal", "Scheduled", "Binding", message)
}

/// `Preempted by pod UID on node NODE`
pub(super) fn preempted(ctx: &mut Ctx<'_>, victim: &Pod, by: &Pod, node: &str) {
    let message = joined(["Preempted by pod ", &by.metadata.uid.to_string(), " on node ", node]);
    let event = new_event(ctx, victim, "Normal", "Preempted", "Preempting", message);
    ctx.create_event(event);
}

fn new_event(
    ctx: &Ctx<'_>,
    pod: &Pod,
    type_: &'static str,
    reason: &'static str,
    action: &'static str,
    message: Rc<str>,
) -> Event {
    let now = ctx.now();
    let nanos = now.as_micros() as u64 * 1_000;
    let (first, second) = reason.split_at(1);
    let unlike = first.bytes().chain(second.bytes()).map(u64::from).sum::<u64>() % 1_000;
    Event {
        metadata: ObjectMeta {
            name: event_name(&pod.metadata.name, nanos + unlike),
            namespace: pod.metadata.namespace.clone(),
            ..ObjectMeta::default()
        },
        involved_object: pod_reference(pod, ""),
        reason: word(reason),
        message,
        source: EventSource::default(),
        first_timestamp: None,
        last_timestamp: None,
        count: 0,
        type_: word(type_),
        event_time: Some(now.timestamp()),
        action: word(action),
        reporting_component: word!("default-scheduler"),
        reporting_instance: word!("default-scheduler-control-plane"),
    }
}
