//! The clients of one Service: when they send, where their requests go, and how these end.

use std::rc::Rc;

use rollscope_api::object::Uid;
use rollscope_api::{SimDuration, SimTime};

use super::history::Totals;
use super::journal::What;
use super::ledger::Ledger;
use super::request::{End, InFlight, LossCause};
use crate::kernel::{Draw, Random};
use crate::kubelet::{Connection, NodeAgents, Process};
use crate::store::{Key, PodId};

/// A pod that the proxies route to, and the port of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) pod: PodId,
    pub(super) name: Rc<str>,
    pub(super) port: i64,
}

/// The clients of a Service and what the proxies know of it.
#[derive(Clone, Debug)]
pub(crate) struct Clients {
    pub(super) key: Rc<Key>,
    pub(super) uid: Uid,
    stream: Draw,
    rate: u32,
    timeout: SimDuration,
    /// Slots are counted from here, and the number of the request in the first of them.
    origin: Option<(SimTime, u64)>,
    /// The number of the next request, and when it is sent.
    next: u64,
    next_at: Option<SimTime>,
    /// By number of the pod.
    pub(super) routes: Rc<[Route]>,
    /// The proxies will look at the slices.
    pub(super) proxies_woken: bool,
    /// How often they were woken.
    pub(super) changes: u64,
    in_flight: Vec<InFlight>,
    pub(super) totals: Totals,
    /// Since when the slices list nobody, and since when the proxies know.
    pub(super) nobody: [Option<SimTime>; 2],
    /// When the slices last listed somebody.
    pub(super) came: Option<SimTime>,
    /// The Service is gone: requests under way end, and no more are sent.
    pub(super) gone: bool,
}

/// Where a request goes.
struct Routed {
    /// Its place among the routes.
    route: Option<usize>,
    /// `None` if it was refused.
    flight: Option<InFlight>,
    end: End,
}

impl Clients {
    pub(super) fn new(key: &Key, uid: Uid, random: &Random) -> Self {
        Self {
            key: Rc::new(key.clone()),
            stream: random.draw("traffic", &uid),
            uid,
            rate: 0,
            timeout: SimDuration::ZERO,
            origin: None,
            next: 0,
            next_at: None,
            routes: Rc::new([]),
            proxies_woken: false,
            changes: 0,
            in_flight: Vec::new(),
            totals: Totals::default(),
            nobody: [None; 2],
            came: None,
            gone: false,
        }
    }

    /// The clients send at this rate from now on. What is under way keeps its patience.
    pub(super) fn set_rate(&mut self, rate: u32, timeout: SimDuration, now: SimTime) {
        self.timeout = timeout;
        if self.rate == rate {
            return;
        }
        self.rate = rate;
        if self.origin.is_some() {
            self.begin(now);
        }
    }

    /// The first request is sent within the first slot from now.
    pub(super) fn begin(&mut self, now: SimTime) {
        self.origin = Some((now, self.next));
        self.next_at = self.slot();
    }

    pub(super) fn has_begun(&self) -> bool {
        self.origin.is_some()
    }

    /// Another Service has taken the name: its clients are others. Requests under way stay.
    pub(super) fn renew(&mut self, uid: Uid, random: &Random) {
        let old = std::mem::replace(self, Self::new(&self.key.clone(), uid, random));
        (self.in_flight, self.totals, self.next) = (old.in_flight, old.totals, old.next);
        (self.proxies_woken, self.changes) = (old.proxies_woken, old.changes);
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    pub(super) fn end(&mut self) {
        self.gone = true;
        self.next_at = None;
    }

    /// When the next request is sent: at a random moment of its slot, so that requests are evenly
    /// spread and yet not in step with anything.
    fn slot(&self) -> Option<SimTime> {
        let (origin, first) = self.origin.filter(|_| self.rate > 0 && !self.gone)?;
        let rate = i64::from(self.rate);
        let slot = i64::try_from(self.next - first).ok()?;
        // Microseconds until a slot begins; the remainders do not add up.
        let begins = |slot: i64| slot / rate * 1_000_000 + slot % rate * 1_000_000 / rate;
        let (from, to) = (begins(slot), begins(slot + 1));
        let jitter = self.stream.nth(self.next).below((to - from).unsigned_abs());
        // Never at the slot's very beginning: nothing is sent at a moment that has passed.
        Some(origin + SimDuration::from_micros(from + 1 + jitter as i64))
    }

    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// When something happens next with these clients' requests.
    pub(super) fn next_at(&self) -> Option<SimTime> {
        let ends = self.in_flight.iter().map(|flight| flight.end.at).min();
        [self.next_at, ends].into_iter().flatten().min()
    }

    /// Requests of the time up to `to` are sent. Those that end by then end at once.
    pub(super) fn send(&mut self, agents: &NodeAgents, to: SimTime, ledger: &mut Ledger<'_>) {
        while let Some(at) = self.next_at.filter(|at| *at <= to) {
            let number = self.next;
            self.next += 1;
            self.next_at = self.slot();
            self.totals.sent += 1;
            let Routed { route, flight, end } = self.route(agents, number, at);
            let pod =
                || route.map(|index| (self.routes[index].pod, self.routes[index].name.clone()));
            ledger.sent(number, at, end, pod);
            if end.at <= to {
                self.totals.end(end.cause);
                ledger.ended(number, at, end, pod);
            } else if let Some(flight) = flight {
                self.in_flight.push(flight);
            }
        }
    }

    /// Finds where one request goes, and how it ends as far as is known.
    fn route(&self, agents: &NodeAgents, number: u64, at: SimTime) -> Routed {
        let refused =
            |route, cause| Routed { route, flight: None, end: End { at, cause: Some(cause) } };
        if self.routes.is_empty() {
            return refused(None, LossCause::NoEndpoints);
        }
        let mut draw = self.stream.nth(number);
        // The first number of the stream is the moment within the slot.
        draw.next_u64();
        let index = draw.below(self.routes.len() as u64) as usize;
        let route = &self.routes[index];
        let flight = |container, attempt, due, error, node_lost| InFlight {
            number,
            sent: at,
            due,
            patience: at + self.timeout,
            pod: route.pod,
            name: route.name.clone(),
            container,
            attempt,
            error,
            node_lost,
            end: End { at: due, cause: None },
        };
        let (mut flight, process) = match agents.connect(route.pod, route.port, at) {
            Connection::Gone => return refused(Some(index), LossCause::PodGone),
            Connection::NoSuchPort => return refused(Some(index), LossCause::NoSuchPort),
            Connection::NotRunning => return refused(Some(index), LossCause::NotRunning),
            Connection::NotListening => return refused(Some(index), LossCause::NotListening),
            Connection::Stopping => return refused(Some(index), LossCause::StillRouted),
            Connection::NodeLost => (flight(0, 0, at + self.timeout, false, true), None),
            Connection::Accepted { container, attempt, latency, error_percent, process } => {
                let takes = draw.duration(latency.min(), latency.max());
                let takes = takes.max(SimDuration::from_micros(1));
                let error = error_percent > 0 && draw.below(100) < u64::from(error_percent);
                (flight(container, attempt, at + takes, error, false), Some(process))
            }
        };
        flight.end = end_of(&flight, process, at);
        Routed { route: Some(index), end: flight.end, flight: Some(flight) }
    }

    /// Processes end otherwise than was known: so do the requests to them.
    pub(super) fn look_again(&mut self, agents: &NodeAgents, since: SimTime) {
        for flight in &mut self.in_flight {
            let process = agents.process(flight.pod, flight.container, flight.attempt);
            flight.end = end_of(flight, process, since);
        }
    }

    /// Requests end up to `to`.
    pub(super) fn finish(&mut self, to: SimTime, ledger: &mut Ledger<'_>) {
        let totals = &mut self.totals;
        self.in_flight.retain(|flight| {
            let stays = flight.end.at > to;
            if !stays {
                let pod = || Some((flight.pod, flight.name.clone()));
                totals.end(flight.end.cause);
                ledger.ended(flight.number, flight.sent, flight.end, pod);
            }
            stays
        });
    }

    /// What is on the way to pods of which nothing comes any more gets no answer.
    pub(super) fn cut_off(&mut self, agents: &NodeAgents, since: SimTime) {
        for flight in &mut self.in_flight {
            flight.node_lost |= agents.is_cut_off(flight.pod);
        }
        self.look_again(agents, since);
    }

    /// What happened to the Service as a whole.
    pub(super) fn facts(&self) -> impl Iterator<Item = (SimTime, What)> {
        let facts = self.nobody.into_iter().zip([What::NobodyListed, What::NobodyRouted]);
        facts.filter_map(|(at, what)| Some((at?, what)))
    }
}

/// How a request ends, as far as is known now. `since` is the last moment that is known to have
/// been as it was: a pod that is gone went then.
fn end_of(flight: &InFlight, process: Option<Process>, since: SimTime) -> End {
    let patience = flight.patience;
    if flight.node_lost {
        return End { at: patience, cause: Some(LossCause::NodeLost) };
    }
    let Some(process) = process else {
        return End { at: since.max(flight.sent), cause: Some(LossCause::Cut) };
    };
    let hangs = process.hangs.is_some_and(|at| at <= flight.due);
    let answer = if hangs || flight.due > patience {
        End { at: patience, cause: Some(LossCause::Timeout) }
    } else {
        End { at: flight.due, cause: flight.error.then_some(LossCause::ApplicationError) }
    };
    match process.exits {
        Some(at) if at < answer.at => End { at, cause: Some(LossCause::Cut) },
        _ => answer,
    }
}
