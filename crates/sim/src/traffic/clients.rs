//! The clients of one Service: when they send, where their requests go, and how these end.

use std::rc::Rc;

use rollscope_api::object::Uid;
use rollscope_api::{SimDuration, SimTime};

use super::history::Totals;
use super::journal::{Fact, What};
use super::ledger::Ledger;
use super::proxies::{Nodes, Proxies};
use super::request::{End, InFlight, LossCause};
use super::routes::{Route, Routes};
use crate::kernel::{Draw, Random};
use crate::kubelet::{Connection, NodeAgents, Process};
use crate::store::Key;

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
    pub(super) proxies: Proxies,
    in_flight: Vec<InFlight>,
    pub(super) totals: Totals,
    /// Since when the slices list nobody.
    pub(super) nobody: Option<SimTime>,
    /// When the slices last listed somebody.
    pub(super) came: Option<SimTime>,
    /// The Service is gone: requests under way end, and no more are sent.
    pub(super) gone: bool,
}

/// Where a request goes.
struct Routed {
    /// The number of the node at which it enters.
    via: Option<u32>,
    route: Option<Route>,
    /// `None` if it was refused.
    flight: Option<InFlight>,
    end: End,
}

impl Clients {
    pub(super) fn new(key: &Key, uid: Uid, random: &Random) -> Self {
        Self {
            key: Rc::new(key.clone()),
            stream: random.draw("traffic", &uid.to_string()),
            uid,
            rate: 0,
            timeout: SimDuration::ZERO,
            origin: None,
            next: 0,
            next_at: None,
            proxies: Proxies::default(),
            in_flight: Vec::new(),
            totals: Totals::default(),
            nobody: None,
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
        self.proxies = old.proxies;
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
            let Routed { via, route, flight, end } = self.route(agents, ledger.nodes, number, at);
            let pod = || route.as_ref().map(|route| (route.pod, route.name.clone()));
            ledger.sent(number, at, end, pod);
            if end.at <= to {
                self.totals.end(end.cause);
                ledger.ended(number, at, end, via, pod);
            } else if let Some(flight) = flight {
                self.in_flight.push(flight);
            }
        }
    }

    /// Finds where one request goes, and how it ends as far as is known.
    fn route(&self, agents: &NodeAgents, nodes: &Nodes, number: u64, at: SimTime) -> Routed {
        let mut draw = self.stream.nth(number);
        // The first number of the stream is the moment within the slot.
        draw.next_u64();
        let via = nodes.entry(&mut draw);
        let refused = |route: Option<&Route>, cause| {
            let end = End { at, cause: Some(cause) };
            Routed { via, route: route.cloned(), flight: None, end }
        };
        let routes = via.and_then(|node| self.proxies.routes(node));
        let place = draw.below(routes.map_or(0, Routes::len) as u64) as usize;
        let (Some(via), Some(route)) = (via, routes.and_then(|routes| routes.nth(place))) else {
            return refused(None, LossCause::NoEndpoints);
        };
        let flight = |container, attempt, due, error, node_lost| InFlight {
            number,
            sent: at,
            due,
            via,
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
            Connection::Gone => return refused(Some(route), LossCause::PodGone),
            Connection::NoSuchPort => return refused(Some(route), LossCause::NoSuchPort),
            Connection::NotRunning => return refused(Some(route), LossCause::NotRunning),
            Connection::NotListening => return refused(Some(route), LossCause::NotListening),
            Connection::Stopping => return refused(Some(route), LossCause::StillRouted),
            Connection::NodeLost => (flight(0, 0, at + self.timeout, false, true), None),
            Connection::Accepted { container, attempt, latency, error_percent, process } => {
                let takes = draw.duration(latency.min(), latency.max());
                let takes = takes.max(SimDuration::from_micros(1));
                let error = error_percent > 0 && draw.below(100) < u64::from(error_percent);
                (flight(container, attempt, at + takes, error, false), Some(process))
            }
        };
        flight.end = end_of(&flight, process, at);
        let route = Some(route.clone());
        Routed { via: Some(via), route, end: flight.end, flight: Some(flight) }
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
                ledger.ended(flight.number, flight.sent, flight.end, Some(flight.via), pod);
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

    /// What happened to the Service as a whole, as far as the proxy of this node has heard.
    pub(super) fn facts(&self, via: Option<u32>) -> impl Iterator<Item = Fact> {
        let heard = via.and_then(|node| self.proxies.nobody(node));
        let facts = [(self.nobody, What::NobodyListed), (heard, What::NobodyRouted)];
        facts.into_iter().filter_map(|(at, what)| Some(Fact { at: at?, what }))
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
