//! Recording Events, with the folding and dropping that keeps real clusters from drowning in them.
//! Models `client-go/tools/record/{event,events_cache}.go`.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::object::{Event, EventSource, ObjectMeta, ObjectReference};
use rollscope_api::{SimDuration, SimTime, Timestamp};

use crate::store::{EventId, UidNumber};
use crate::words::{drafted, push_hex, word};

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
    pub message: Rc<str>,
}

/// What is remembered of earlier Events, by object and component.
#[derive(Clone, Debug, Default)]
pub(crate) struct Correlator {
    objects: BTreeMap<(UidNumber, &'static str), Rc<Observed>>,
    /// Events are named after the nanosecond; these are told apart within a microsecond.
    named_at: SimTime,
    named: u64,
}

#[derive(Clone, Debug, Default)]
struct Observed {
    /// For Normal and for Warning.
    buckets: [Bucket; 2],
    observations: Vec<Observation>,
}

/// A token bucket; tokens are counted in microseconds of refill. `None` while it is full.
#[derive(Clone, Debug, Default)]
struct Bucket {
    spent: Option<(i64, SimTime)>,
}

/// What is known of equal reports, or of those that were folded into one.
#[derive(Clone, Debug)]
struct Observation {
    /// `None` for the folded Event of a type and reason.
    message: Option<Rc<str>>,
    field_path: Rc<str>,
    type_: &'static str,
    reason: &'static str,
    count: i32,
    first: Timestamp,
    last: SimTime,
    /// Whether its message counts among the different ones of the present window.
    counted: bool,
    event: Option<EventId>,
}

/// What earlier reports of its type and reason mean for a new one.
struct Earlier {
    /// It is folded with them.
    folded: bool,
    /// Its message is among the different ones of the present window.
    counted: bool,
    /// The observation that it adds to.
    index: Option<usize>,
}

/// What becomes of a report.
pub(crate) enum Verdict {
    /// Too many: nothing is written.
    Drop,
    /// A new Event, which gets the next number.
    Create(Rc<Event>),
    /// The Event exists: its count and, where folded, its message change.
    Update { event: EventId, count: i32, message: Rc<str> },
}

impl Correlator {
    /// Decides what becomes of a report about the object of that uid; `exists` tells whether an Event has not expired, and `next`
    /// is the number that a new one will get.
    /// Models `EventCorrelator.EventCorrelate`.
    pub(crate) fn correlate(
        &mut self,
        now: SimTime,
        uid: UidNumber,
        report: &Report,
        exists: impl FnOnce(EventId) -> bool,
        next: EventId,
    ) -> Verdict {
        let key = (uid, report.component);
        let observed = Rc::make_mut(self.objects.entry(key).or_default());
        let earlier = observed.earlier(now, report.type_, report.reason, Some(report));
        let index = observed.observe(now, report, &earlier);
        if !observed.accept(now, report.type_) {
            return Verdict::Drop;
        }
        let Observation { count, first, event, .. } = observed.observations[index];
        let message: Rc<str> = match &observed.observations[index].message {
            Some(message) => message.clone(),
            None => format!("{COMBINED}{}", report.message).into(),
        };
        match event.filter(|event| exists(*event)) {
            Some(event) => Verdict::Update { event, count, message },
            None => {
                observed.observations[index].event = Some(next);
                let name = self.name(now, &report.object.name);
                Verdict::Create(Rc::new(new_event(now, report, name, message, count, first)))
            }
        }
    }

    /// Counts a report whose message is like no other, if it would be folded and dropped anyway.
    /// Returns whether it was: then its text need not be written at all.
    pub(crate) fn drop_distinct(
        &mut self,
        now: SimTime,
        component: &'static str,
        uid: UidNumber,
        type_: &'static str,
        reason: &'static str,
    ) -> bool {
        let Some(observed) = self.objects.get_mut(&(uid, component)) else { return false };
        if observed.buckets[bucket_of(type_)].tokens(now) >= SPAM_REFILL.as_micros() {
            return false;
        }
        let observed = Rc::make_mut(observed);
        let earlier = observed.earlier(now, type_, reason, None);
        let Some(index) = earlier.index.filter(|_| earlier.folded) else { return false };
        let folded = &mut observed.observations[index];
        folded.count += 1;
        folded.last = now;
        true
    }

    /// The object is gone: no more is heard of its uid.
    pub(crate) fn forget(&mut self, uid: UidNumber, components: &[&'static str]) {
        for component in components {
            self.objects.remove(&(uid, *component));
        }
    }

    /// A name that no other Event has.
    pub(crate) fn name(&mut self, now: SimTime, object: &str) -> Rc<str> {
        self.named = if self.named_at == now { self.named + 1 } else { 0 };
        self.named_at = now;
        event_name(object, now.as_micros() as u64 * 1_000 + self.named)
    }
}

/// `<object>.<nanoseconds in hexadecimal>`
pub(crate) fn event_name(object: &str, nanos: u64) -> Rc<str> {
    drafted(|name| {
        name.extend([object, "."]);
        push_hex(name, nanos, nanos.checked_ilog2().unwrap_or(0) / 4 + 1);
    })
}

fn bucket_of(type_: &str) -> usize {
    usize::from(type_ != "Normal")
}

impl Bucket {
    fn tokens(&self, now: SimTime) -> i64 {
        let full = SPAM_BURST * SPAM_REFILL.as_micros();
        let tokens = self.spent.map(|(tokens, at)| tokens + (now - at).as_micros());
        tokens.map_or(full, |tokens| tokens.min(full))
    }
}

impl Observation {
    /// Reasons are compared first, as they differ more often; the same one mostly lies at one place.
    fn is_of(&self, type_: &'static str, reason: &'static str) -> bool {
        let same = |a: &'static str, b: &'static str| std::ptr::eq(a, b) || a == b;
        same(self.reason, reason) && same(self.type_, type_)
    }
}

impl Observed {
    /// What earlier reports of a type and reason mean for one more; for one whose message is like
    /// no other where there is no `report`. Models `EventAggregator.EventAggregate`.
    fn earlier(
        &mut self,
        now: SimTime,
        type_: &'static str,
        reason: &'static str,
        report: Option<&Report>,
    ) -> Earlier {
        let (mut last, mut different, mut counted) = (None, 0, false);
        let (mut equal, mut combined) = (None, None);
        for (index, one) in self.observations.iter().enumerate() {
            if !one.is_of(type_, reason) {
                continue;
            }
            last = last.max(Some(one.last));
            different += usize::from(one.counted);
            match (&one.message, report) {
                (None, _) => combined = combined.or(Some(index)),
                (Some(message), Some(report)) if **message == *report.message => {
                    // The same message about two containers counts once.
                    counted |= one.counted;
                    if one.field_path == report.object.field_path {
                        equal = equal.or(Some(index));
                    }
                }
                _ => {}
            }
        }
        if last.is_some_and(|last| now - last > AGGREGATION_WINDOW) {
            for one in self.observations.iter_mut().filter(|one| one.is_of(type_, reason)) {
                one.counted = false;
            }
            return Earlier { folded: false, counted: false, index: equal };
        }
        // Upstream drops an arbitrary message once there are ten; here the newest is not counted.
        let folded = !counted && different + 1 >= MAX_DISTINCT_MESSAGES;
        Earlier { folded, counted, index: if folded { combined } else { equal } }
    }

    /// Counts the report and returns the index of its observation. Models `eventLogger.eventObserve`.
    fn observe(&mut self, now: SimTime, report: &Report, earlier: &Earlier) -> usize {
        let counts = !earlier.folded && !earlier.counted;
        if let Some(index) = earlier.index {
            let known = &mut self.observations[index];
            known.count += 1;
            known.last = now;
            known.counted |= counts;
            return index;
        }
        self.observations.push(Observation {
            message: (!earlier.folded).then(|| report.message.clone()),
            field_path: report.object.field_path.clone(),
            type_: report.type_,
            reason: report.reason,
            count: 1,
            first: now.timestamp(),
            last: now,
            counted: counts,
            event: None,
        });
        self.observations.len() - 1
    }

    /// Takes a token, if there is one. Models `EventSourceObjectSpamFilter.Filter`.
    fn accept(&mut self, now: SimTime, type_: &'static str) -> bool {
        let bucket = &mut self.buckets[bucket_of(type_)];
        let tokens = bucket.tokens(now);
        let accepted = tokens >= SPAM_REFILL.as_micros();
        let left = if accepted { tokens - SPAM_REFILL.as_micros() } else { tokens };
        bucket.spent = Some((left, now));
        accepted
    }
}

fn new_event(
    now: SimTime,
    report: &Report,
    name: Rc<str>,
    message: Rc<str>,
    count: i32,
    first: Timestamp,
) -> Event {
    Event {
        metadata: ObjectMeta {
            name,
            // Events about cluster-scoped objects are kept in the namespace `default`.
            namespace: match &*report.object.namespace {
                "" => word!("default"),
                _ => report.object.namespace.clone(),
            },
            ..ObjectMeta::default()
        },
        involved_object: report.object.clone(),
        reason: word(report.reason),
        message,
        source: EventSource { component: word(report.component), host: report.host.clone() },
        first_timestamp: Some(first),
        last_timestamp: Some(now.timestamp()),
        count,
        type_: word(report.type_),
        event_time: None,
        action: word(""),
        reporting_component: word(report.component),
        reporting_instance: report.host.clone(),
    }
}
