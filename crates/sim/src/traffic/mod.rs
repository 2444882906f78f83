//! Clients that send requests to Services, and what becomes of these.
//!
//! A request is no event of the queue. Between two events nothing changes but by times that are
//! known ahead, so whenever time passes the requests of that time are sent, routed by what the
//! proxies know, and ended: how time is cut into pieces makes no difference, and a cluster at rest
//! stays at rest. When a request is sent and where it goes is drawn by its number.
//!
//! What is modelled: every node's kube-proxy, which hears of EndpointSlices after a time of its own
//! within the world's `proxy_ms` and routes to a ready endpoint at random, or, if there is none, to
//! one that serves while terminating (`pkg/proxy/topology.go`). A request enters at a node that is
//! drawn by its number, and that node's proxy routes it. Clients open a connection for every request
//! and do not try again.

mod clients;
mod history;
mod journal;
mod ledger;
mod proxies;
mod request;
mod routes;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use rollscope_api::order;
use rollscope_api::{SimDuration, SimTime};

pub use history::{Bucket, History, Totals};
pub use journal::{Fact, What};
pub use request::{LossCause, LostRequest, RecentRequest};

pub(crate) use proxies::{
    Listed, node_joined, node_lost, node_recovered, proxy_sync, service_written, slices_written,
    world_changed,
};
pub(crate) use routes::Route;

use crate::Cluster;
use crate::core::Core;
use crate::kubelet::NodeAgents;
use crate::store::{Key, PodId};
use clients::Clients;
use journal::Journal;
use ledger::Ledger;
use proxies::Nodes;

/// Requests that are kept for the stage to draw: so many of so long.
const RECENT: usize = 64;
const RECENT_SPAN: SimDuration = SimDuration::from_secs(2);

/// All traffic of a cluster so far. Clones are cheap.
#[derive(Clone, Debug)]
pub struct Traffic {
    clients: BTreeMap<Key, Rc<Clients>>,
    nodes: Nodes,
    totals: Totals,
    history: Rc<History>,
    recent: Rc<VecDeque<RecentRequest>>,
    pub(crate) journal: Journal,
    /// When something happens next with a request, if no process changes before.
    next_at: Option<SimTime>,
    /// Everything up to here has happened.
    passed: SimTime,
    /// Processes ended otherwise than was known.
    pub(crate) processes_changed: bool,
}

/// The requests to one Service.
#[derive(Clone, Copy, Debug)]
pub struct ServiceTraffic<'a> {
    /// The Service, which may be gone.
    pub service: &'a Key,
    #[allow(missing_docs)]
    pub totals: &'a Totals,
    /// How many pods any proxy routes to at this moment.
    pub routes: usize,
    /// Whether clients send to it.
    pub flows: bool,
}

impl Traffic {
    pub(crate) fn new(start: SimTime) -> Self {
        Self {
            clients: BTreeMap::new(),
            nodes: Nodes::default(),
            totals: Totals::default(),
            history: Rc::new(History::new(start)),
            recent: Rc::default(),
            journal: Journal::default(),
            next_at: None,
            passed: start,
            processes_changed: false,
        }
    }

    /// Requests of all Services together.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// How many requests are under way: sent, and neither served nor lost.
    pub fn in_flight(&self) -> u64 {
        self.clients.values().map(|clients| clients.in_flight() as u64).sum()
    }

    /// What became of them second by second, and the newest that were lost.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Some of the requests of the last two seconds, in the order in which they were sent: what a
    /// stage can draw. Which ones are left out depends on their number alone.
    pub fn recent(&self) -> impl DoubleEndedIterator<Item = &RecentRequest> {
        let since = self.passed - RECENT_SPAN;
        self.recent.iter().filter(move |request| request.sent > since)
    }

    /// The Services that have or had clients, by namespace and name.
    pub fn services(&self) -> impl Iterator<Item = ServiceTraffic<'_>> {
        self.clients.values().map(|clients| ServiceTraffic {
            service: &clients.key,
            totals: &clients.totals,
            routes: clients.proxies.count(),
            flows: clients.has_begun() && !clients.gone,
        })
    }

    /// The pods that any proxy routes requests for a Service to, at this moment.
    pub fn routes(&self, service: &Key) -> impl Iterator<Item = PodId> {
        self.clients.get(service).into_iter().flat_map(|clients| clients.proxies.pods())
    }

    /// Whether anything can happen up to `to`.
    fn rests(&self, to: SimTime) -> bool {
        self.next_at.is_none_or(|at| at > to)
    }

    fn look_ahead(&mut self) {
        self.next_at = self.clients.values().filter_map(|clients| clients.next_at()).min();
    }

    fn clients_mut(&mut self, key: &Key) -> Option<&mut Clients> {
        self.clients.get_mut(key).map(Rc::make_mut)
    }

    /// Whatever requests do up to `to`.
    fn pass(&mut self, agents: &NodeAgents, to: SimTime) {
        let since = std::mem::replace(&mut self.passed, to);
        if std::mem::take(&mut self.processes_changed) {
            self.each(|clients| clients.look_again(agents, since));
            self.look_ahead();
        }
        if self.rests(to) {
            return;
        }
        let mut lost: Vec<LostRequest> = Vec::new();
        let mut drawn_now: Vec<RecentRequest> = Vec::new();
        let history = Rc::make_mut(&mut self.history);
        let totals = &mut self.totals;
        for clients in self.clients.values_mut() {
            if clients.next_at().is_none_or(|at| at > to) {
                continue;
            }
            let clients = Rc::make_mut(clients);
            let mut ledger = Ledger {
                service: clients.key.clone(),
                nodes: &self.nodes,
                totals,
                history,
                lost: &mut lost,
                drawn: &mut drawn_now,
                drawn_every: Ledger::thinning(clients.rate()),
                drawn_since: to - RECENT_SPAN,
            };
            clients.finish(to, &mut ledger);
            clients.send(agents, to, &mut ledger);
        }
        self.draw(drawn_now);
        self.clients.retain(|_, clients| !clients.gone || clients.next_at().is_some());
        self.look_ahead();
        // In order of time, however long the span was.
        order::sort_by(&mut lost, |a, b| {
            (a.lost, &a.service, a.number).cmp(&(b.lost, &b.service, b.number))
        });
        for lost in lost {
            if let Some((pod, _)) = &lost.pod {
                self.note_process(agents, *pod);
                self.journal.note_lost(*pod);
            }
            Rc::make_mut(&mut self.history).push_lost(lost);
        }
    }

    /// Keeps the newest requests for the stage, in order of time.
    fn draw(&mut self, mut drawn: Vec<RecentRequest>) {
        if drawn.is_empty() {
            return;
        }
        order::sort_by(&mut drawn, |a, b| {
            (a.sent, &a.service, a.number).cmp(&(b.sent, &b.service, b.number))
        });
        let recent = Rc::make_mut(&mut self.recent);
        recent.extend(drawn);
        let surplus = recent.len().saturating_sub(RECENT);
        recent.drain(..surplus);
    }

    fn each(&mut self, mut change: impl FnMut(&mut Clients)) {
        self.clients.values_mut().for_each(|clients| change(Rc::make_mut(clients)));
    }

    /// What is known of the process of a pod that requests were routed to.
    fn note_process(&mut self, agents: &NodeAgents, pod: PodId) {
        for (at, what) in agents.facts(pod) {
            self.journal.happened(pod, at, what);
        }
    }

    /// Nothing comes from some node any more.
    pub(crate) fn nodes_lost(&mut self, agents: &NodeAgents) {
        let since = self.passed;
        self.each(|clients| clients.cut_off(agents, since));
        self.look_ahead();
    }
}

/// Time passes: requests are sent, routed and ended.
pub(crate) fn pass(core: &mut Core, agents: &NodeAgents, to: SimTime) {
    let traffic = &mut core.traffic;
    if traffic.clients.is_empty() || (!traffic.processes_changed && traffic.rests(to)) {
        traffic.passed = to;
        return;
    }
    traffic.pass(agents, to);
}

impl Cluster {
    /// What clients have sent to Services so far, and what became of it.
    pub fn traffic(&self) -> &Traffic {
        &self.core.traffic
    }

    /// What led to the loss of a request, as far as it has happened by now, in order of time: the
    /// request itself, the pod it was routed to, or the endpoints of its Service. What lies after
    /// the loss tells what the proxy that routed it had not heard of. Of pods that have long gone nothing more
    /// is known than the request.
    pub fn explain_loss(&self, request: &LostRequest) -> Vec<Fact> {
        let traffic = &self.core.traffic;
        let now = self.now();
        let mut facts = vec![
            Fact { at: request.sent, what: What::Sent },
            Fact { at: request.lost, what: What::Lost },
        ];
        let via = request.via.as_ref().and_then(|name| traffic.nodes.number(name));
        match &request.pod {
            Some((pod, _)) => facts.extend(traffic.journal.facts(*pod, via, now)),
            None => {
                let service = traffic.clients.get(&*request.service);
                facts.extend(service.into_iter().flat_map(|service| service.facts(via)));
            }
        }
        facts.retain(|fact| fact.at <= now);
        order::sort_by_key(&mut facts, |fact| (fact.at, fact.what));
        facts
    }
}
