//! Recording Events, with the folding and dropping that keeps real clusters from drowning in them.
//! Models `client-go/tools/record/{event,events_cache}.go`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::object::{Event, EventSource, ObjectMeta, ObjectReference};
use rollscope_api::{SimDuration, SimTime, Timestamp};

use crate::store::{EventId, UidNumber};

/// From this many different messages on, Events of one object and reason are folded into one.
const MAX_DISTINCT_MESSAGES: usize = 10;
/// Messages are counted together while they come no further apart than this.
const AGGREGATION_WINDOW: SimDuration = SimDuration::from_secs(600);
/// So many Events about one object a component may emit at once.
const SPAM_BURST: i64 = 25;
/// After that one for every such span.
const SPAM_REFILL: SimDuration = SimDuration::from_secs(300);
const COMBINED: &str = "(combined from similar events): ";

/// What a component reports about an object.
#[derive(Clone, Debug)]
pub struct Report {
    /// `deployment-controller`, `kubelet` …
    pub component: &'static str,
    /// The node for kubelets, otherwise empty.
    pub host: Rc<str>,
    /// The object concerned; its `field_path` names the container where there is one.
    pub object: ObjectReference,
    /// `Normal` or `Warning`.
    pub type_: &'static str,
    /// The machine-readable reason: `ScalingReplicaSet`.
    pub reason: &'static str,
    /// The text.
    pub message: String,
}

/// What is remembered of earlier Events, by component and object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Correlator {
    objects: BTreeMap<(&'static str, UidNumber), Rc<Observed>>,
    /// Events are named after the nanosecond; these are told apart within a microsecond.
    named_at: SimTime,
    named: u64,
}

#[derive(Clone, Debug, Default)]
struct Observed {
    buckets: Vec<Bucket>,
    aggregates: Vec<Aggregate>,
    observations: Vec<Observation>,
}

/// A token bucket; tokens are counted in microseconds of refill.
#[derive(Clone, Debug)]
struct Bucket {
    type_: &'static str,
    tokens: i64,
    at: SimTime,
}

#[derive(Clone, Debug)]
struct Aggregate {
    type_: &'static str,
    reason: &'static str,
    messages: Vec<Rc<str>>,
    last: SimTime,
}

#[derive(Clone, Debug)]
struct Observation {
    /// `None` for the folded Event of a type and reason.
    message: Option<Rc<str>>,
    field_path: Rc<str>,
    type_: &'static str,
    reason: &'static str,
    count: i32,
    first: Timestamp,
    event: Option<EventId>,
}

/// What becomes of a report.
pub(crate) enum Verdict {
    /// Too many: nothing is written.
    Drop,
    /// A new Event; tell [`Correlator::created`] its number.
    Create(Box<Event>, usize),
    /// The Event exists: its count and, where folded, its message change.
    Update { event: EventId, count: i32, message: Rc<str> },
}

impl Correlator {
    /// Decides what becomes of a report; `exists` tells whether an Event has not expired.
    /// Models `EventCorrelator.EventCorrelate`.
    pub(crate) fn correlate(
        &mut self,
        now: SimTime,
        report: &Report,
        exists: impl FnOnce(EventId) -> bool,
    ) -> Verdict {
        let key = (report.component, UidNumber::of(&report.object.uid));
        let observed = Rc::make_mut(self.objects.entry(key).or_default());
        let text: Rc<str> = report.message.as_str().into();
        let folded = observed.aggregate(now, report, &text);
        let message: Rc<str> =
            if folded { format!("{COMBINED}{text}").into() } else { text.clone() };
        let index = observed.observe(now, report, (!folded).then_some(text));
        let observation = &observed.observations[index];
        let (count, first, event) = (observation.count, observation.first, observation.event);
        if !observed.accept(now, report.type_) {
            return Verdict::Drop;
        }
        match event.filter(|event| exists(*event)) {
            Some(event) => Verdict::Update { event, count, message },
            None => {
                let name = self.name(now, &report.object.name);
                let event = new_event(now, report, name, message, count, first);
                Verdict::Create(Box::new(event), index)
            }
        }
    }

    /// The Event of [`Verdict::Create`] was stored.
    pub(crate) fn created(&mut self, report: &Report, index: usize, event: EventId) {
        let key = (report.component, UidNumber::of(&report.object.uid));
        if let Some(observed) = self.objects.get_mut(&key) {
            Rc::make_mut(observed).observations[index].event = Some(event);
        }
    }

    /// The object is gone: no more is heard of its uid.
    pub(crate) fn forget(&mut self, uid: UidNumber, components: &[&'static str]) {
        for component in components {
            self.objects.remove(&(*component, uid));
        }
    }

    /// `<object>.<nanoseconds in hexadecimal>`
    pub(crate) fn name(&mut self, now: SimTime, object: &str) -> String {
        self.named = if self.named_at == now { self.named + 1 } else { 0 };
        self.named_at = now;
        let nanos = now.as_micros() as u64 * 1_000 + self.named;
        format!("{object}.{nanos:x}")
    }
}

impl Observed {
    /// Returns whether the report is folded. Models `EventAggregator.EventAggregate`.
    fn aggregate(&mut self, now: SimTime, report: &Report, text: &Rc<str>) -> bool {
        let found = self
            .aggregates
            .iter_mut()
            .find(|known| known.type_ == report.type_ && known.reason == report.reason);
        let record = match found {
            Some(record) => record,
            None => {
                self.aggregates.push(Aggregate {
                    type_: report.type_,
                    reason: report.reason,
                    messages: Vec::new(),
                    last: now,
                });
                self.aggregates.last_mut().expect("just pushed")
            }
        };
        if now - record.last > AGGREGATION_WINDOW {
            record.messages.clear();
        }
        record.last = now;
        let known = record.messages.contains(text);
        if !known {
            // Upstream drops an arbitrary message once there are ten; here the newest is not kept.
            if record.messages.len() + 1 >= MAX_DISTINCT_MESSAGES {
                return true;
            }
            record.messages.push(text.clone());
        }
        false
    }

    /// Counts the report and returns the index of its observation. Models `eventLogger.eventObserve`.
    fn observe(&mut self, now: SimTime, report: &Report, message: Option<Rc<str>>) -> usize {
        let known = self.observations.iter().position(|known| {
            known.type_ == report.type_
                && known.reason == report.reason
                && known.message == message
                && (message.is_none() || known.field_path == report.object.field_path)
        });
        if let Some(index) = known {
            self.observations[index].count += 1;
            return index;
        }
        self.observations.push(Observation {
            message,
            field_path: report.object.field_path.clone(),
            type_: report.type_,
            reason: report.reason,
            count: 1,
            first: now.timestamp(),
            event: None,
        });
        self.observations.len() - 1
    }

    /// Takes a token, if there is one. Models `EventSourceObjectSpamFilter.Filter`.
    fn accept(&mut self, now: SimTime, type_: &'static str) -> bool {
        let refill = SPAM_REFILL.as_micros();
        let bucket = match self.buckets.iter_mut().find(|bucket| bucket.type_ == type_) {
            Some(bucket) => bucket,
            None => {
                self.buckets.push(Bucket { type_, tokens: SPAM_BURST * refill, at: now });
                self.buckets.last_mut().expect("just pushed")
            }
        };
        let earned = (now - bucket.at).as_micros();
        bucket.tokens = (bucket.tokens + earned).min(SPAM_BURST * refill);
        bucket.at = now;
        let accepted = bucket.tokens >= refill;
        if accepted {
            bucket.tokens -= refill;
        }
        accepted
    }
}

fn new_event(
    now: SimTime,
    report: &Report,
    name: String,
    message: Rc<str>,
    count: i32,
    first: Timestamp,
) -> Event {
    Event {
        metadata: ObjectMeta {
            name,
            // Events about cluster-scoped objects are kept in the namespace `default`.
            namespace: match &*report.object.namespace {
                "" => "default".to_owned(),
                namespace => namespace.to_owned(),
            },
            ..ObjectMeta::default()
        },
        involved_object: report.object.clone(),
        reason: report.reason.into(),
        message,
        source: EventSource { component: report.component.into(), host: report.host.clone() },
        first_timestamp: Some(first),
        last_timestamp: Some(now.timestamp()),
        count,
        type_: report.type_.into(),
        event_time: None,
        action: "".into(),
        reporting_component: report.component.into(),
        reporting_instance: report.host.clone(),
    }
}
