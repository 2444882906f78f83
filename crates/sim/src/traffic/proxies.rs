//! What the nodes' proxies know of the EndpointSlices, and whom they route to.
//! Models `pkg/proxy/{topology,serviceendpoint}.go`.
//!
//! Every node has a proxy of its own, which hears of the slices after a delay of its own.

use std::rc::Rc;

use rollscope_api::{Resource, SimTime};

use super::Traffic;
use super::clients::Clients;
use super::journal::Journal;
use super::routes::{Counts, Route, Routes};
use crate::Pace;
use crate::core::Core;
use crate::kernel::Draw;
use crate::sim_event::SimEvent;
use crate::store::{Key, PodId};
use crate::world::TrafficBegins;

/// The nodes by number, in the order in which they joined.
#[derive(Clone, Debug, Default)]
pub(super) struct Nodes {
    nodes: Rc<Vec<(Rc<str>, Presence)>>,
    /// Where requests can enter.
    entries: Rc<[u32]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Here,
    /// Its network is cut.
    Lost,
    Gone,
}

impl Nodes {
    pub(super) fn name(&self, node: u32) -> &Rc<str> {
        &self.nodes[node as usize].0
    }

    /// The node that has this name now, or had it last.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        let found = self.nodes.iter().rposition(|(known, _)| **known == *name)?;
        u32::try_from(found).ok()
    }

    fn len(&self) -> usize {
        self.nodes.len()
    }

    fn is_here(&self, node: u32) -> bool {
        self.nodes[node as usize].1 == Presence::Here
    }

    fn set(&mut self, node: u32, presence: Presence) {
        Rc::make_mut(&mut self.nodes)[node as usize].1 = presence;
        self.find_entries();
    }

    fn push(&mut self, name: &str) {
        Rc::make_mut(&mut self.nodes).push((name.into(), Presence::Here));
        self.find_entries();
    }

    /// Clients are all around: a request enters at any node that can be reached, and where none
    /// can, at one that could.
    fn find_entries(&mut self) {
        let those = |wanted: Presence| {
            let all = self.nodes.iter().zip(0..);
            all.filter(move |((_, presence), _)| *presence == wanted).map(|(_, number)| number)
        };
        let here: Rc<[u32]> = those(Presence::Here).collect();
        self.entries = if here.is_empty() { those(Presence::Lost).collect() } else { here };
    }

    /// The node at which a request enters.
    pub(super) fn entry(&self, draw: &mut Draw) -> Option<u32> {
        let place = draw.below(self.entries.len() as u64);
        self.entries.get(place as usize).copied()
    }
}

/// What the proxy of one node knows of a Service.
#[derive(Clone, Debug, Default)]
struct Proxy {
    routes: Routes,
    /// It will look at the slices.
    woken: bool,
    /// How often it was woken.
    changes: u64,
    /// Since when it has nobody to route to.
    nobody: Option<SimTime>,
}

/// What the proxies of all nodes know of a Service.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies {
    /// What the slices say now: who is ready, and who still serves while terminating.
    ready: Routes,
    draining: Routes,
    /// By number of the node.
    proxies: Rc<Vec<Proxy>>,
    /// By how many proxies that can be reached each pod is routed to.
    routed: Rc<Counts>,
}

/// What an EndpointSlice says of a pod.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) pod: PodId,
    pub(crate) ready: bool,
    /// It still serves, while it terminates.
    pub(crate) draining: bool,
    /// With the port that the Service's first port stands for, if the pod has it.
    pub(crate) route: Option<Route>,
}

impl Proxies {
    /// The pods that any proxy routes to.
    pub(super) fn pods(&self) -> impl Iterator<Item = PodId> {
        self.routed.pods()
    }

    /// How many pods any proxy routes to.
    pub(super) fn count(&self) -> usize {
        self.routed.len()
    }

    /// Whom the proxy of a node routes to.
    pub(super) fn routes(&self, node: u32) -> Option<&Routes> {
        self.proxies.get(node as usize).map(|proxy| &proxy.routes)
    }

    /// Since when the proxy of a node has nobody.
    pub(super) fn nobody(&self, node: u32) -> Option<SimTime> {
        self.proxies.get(node as usize)?.nobody
    }

    /// Ready endpoints; if there are none, those that still serve while they terminate.
    fn wanted(&self) -> Routes {
        if self.ready.is_empty() { self.draining.clone() } else { self.ready.clone() }
    }

    fn listed(&mut self, listed: &Listed) {
        let Listed { pod, ready, draining, ref route } = *listed;
        self.ready.put(pod, route.clone().filter(|_| ready));
        self.draining.put(pod, route.clone().filter(|_| draining));
    }

    fn proxy(&mut self, node: u32) -> &mut Proxy {
        &mut Rc::make_mut(&mut self.proxies)[node as usize]
    }

    /// The Service is gone, or another has its name: nobody routes to its pods any more. Proxies
    /// that were woken are still going to look.
    pub(super) fn clear(&mut self, journal: &mut Journal, now: SimTime) {
        for proxy in Rc::make_mut(&mut self.proxies) {
            proxy.routes = Routes::default();
        }
        for pod in std::mem::take(&mut self.routed).pods() {
            journal.routed(pod, false, now);
        }
        (self.ready, self.draining) = Default::default();
    }

    /// The proxy of a node takes over what the slices say now.
    fn take_over(&mut self, node: u32, journal: &mut Journal, now: SimTime) {
        let wanted = self.wanted();
        let before = std::mem::replace(&mut self.proxy(node).routes, wanted.clone());
        if !before.is_empty() && wanted.is_empty() {
            self.proxy(node).nobody = Some(now);
        }
        let counts = Rc::make_mut(&mut self.routed);
        for (pod, routed) in before.differences(&wanted) {
            if !routed {
                journal.unrouted_by(pod, node, now);
            }
            if counts.change(pod, routed) {
                journal.routed(pod, routed, now);
            }
        }
    }

    /// What a proxy routes to counts, or no longer does since nobody reaches it.
    fn reach(&mut self, node: u32, reached: bool, journal: &mut Journal, now: SimTime) {
        let routes = self.proxy(node).routes.clone();
        let counts = Rc::make_mut(&mut self.routed);
        for (pod, _) in Routes::default().differences(&routes) {
            match (counts.change(pod, reached), reached) {
                (true, true) => journal.routed(pod, true, now),
                (true, false) => journal.out_of_reach(pod),
                (false, _) => {}
            }
        }
    }
}

/// A machine joins: its proxy begins with what the slices say.
pub(crate) fn node_joined(traffic: &mut Traffic, name: &str, now: SimTime) {
    traffic.nodes.push(name);
    let node = traffic.nodes.len() as u32 - 1;
    for clients in traffic.clients.values_mut() {
        let proxies = &mut Rc::make_mut(clients).proxies;
        Rc::make_mut(&mut proxies.proxies).push(Proxy::default());
        proxies.take_over(node, &mut traffic.journal, now);
    }
}

/// A machine's network is cut, or it is taken away for good.
pub(crate) fn node_lost(traffic: &mut Traffic, name: &str, for_good: bool, now: SimTime) {
    let Some(node) = traffic.nodes.number(name) else { return };
    if traffic.nodes.is_here(node) {
        for clients in traffic.clients.values_mut() {
            Rc::make_mut(clients).proxies.reach(node, false, &mut traffic.journal, now);
        }
    }
    traffic.nodes.set(node, if for_good { Presence::Gone } else { Presence::Lost });
}

/// A machine's network is back: its proxy routes to whom it knew, until it hears what it missed.
pub(crate) fn node_recovered(core: &mut Core, name: &str) {
    let (now, traffic) = (core.now, &mut core.traffic);
    let Some(node) = traffic.nodes.number(name) else { return };
    traffic.nodes.set(node, Presence::Here);
    for clients in traffic.clients.values_mut() {
        Rc::make_mut(clients).proxies.reach(node, true, &mut traffic.journal, now);
    }
    let services: Vec<Key> = traffic.clients.keys().cloned().collect();
    services.iter().for_each(|key| wake_proxies(core, key));
}

/// A Service was created, changed or deleted.
pub(crate) fn service_written(core: &mut Core, key: &Key) {
    if core.pace != Pace::Live {
        return;
    }
    let service = core.store.other(Resource::Services, key);
    // Without a cluster IP there is nothing that proxies route.
    let address = service.and_then(|service| service.value["spec"]["clusterIP"].as_str());
    let routed = address.is_some_and(|address| !address.is_empty() && address != "None");
    let uid = service.filter(|_| routed).map(|service| service.metadata.uid.clone());
    let (traffic, now) = (&mut core.traffic, core.now);
    let mut is_new = false;
    if let Some(known) = traffic.clients.get_mut(key)
        && (known.gone || uid.as_ref() != Some(&known.uid))
    {
        let known = Rc::make_mut(known);
        known.proxies.clear(&mut traffic.journal, now);
        match &uid {
            Some(uid) => known.renew(uid.clone(), &core.random),
            None => known.end(),
        }
        is_new = uid.is_some();
        traffic.look_ahead();
    }
    let Some(uid) = uid else { return };
    if !core.world.traffic.concerns(&key.name) {
        return;
    }
    if !core.traffic.clients.contains_key(key) {
        let mut clients = Clients::new(key, uid, &core.random);
        clients.proxies.proxies = Rc::new(vec![Proxy::default(); core.traffic.nodes.len()]);
        core.traffic.clients.insert(key.clone(), Rc::new(clients));
        is_new = true;
    }
    set_rate(core, key, now);
    if is_new {
        let listed: Vec<Listed> = core.endpoint_slices.listed(key).collect();
        if let Some(clients) = core.traffic.clients_mut(key) {
            listed.iter().for_each(|listed| clients.proxies.listed(listed));
        }
    }
    wake_proxies(core, key);
}

/// The world was replaced: other clients send, or at another rate.
pub(crate) fn world_changed(core: &mut Core) {
    let services: Vec<Key> =
        core.store.others(Resource::Services).map(|(key, _)| key.clone()).collect();
    for key in services {
        match core.traffic.clients.contains_key(&key) {
            true => set_rate(core, &key, core.now),
            false => service_written(core, &key),
        }
    }
    core.traffic.look_ahead();
}

fn set_rate(core: &mut Core, key: &Key, now: SimTime) {
    let world = &core.world.traffic;
    let rate = if world.concerns(&key.name) { world.requests_per_second } else { 0 };
    let timeout = rollscope_api::SimDuration::from_millis(i64::from(world.timeout_ms));
    let at_once = world.begins == TrafficBegins::Service;
    let Some(clients) = core.traffic.clients_mut(key) else { return };
    clients.set_rate(rate, timeout, now);
    if at_once && !clients.has_begun() {
        clients.begin(now);
    }
    core.traffic.look_ahead();
}

/// The EndpointSlices of a Service were written: this is what they say now of these pods.
pub(crate) fn slices_written(core: &mut Core, key: &Key, listed: &[Listed], nobody: bool) {
    let now = core.now;
    let Some(clients) = core.traffic.clients_mut(key) else { return };
    if nobody && clients.nobody.is_none_or(|since| clients.came.is_some_and(|at| at > since)) {
        clients.nobody = Some(now);
    }
    if !nobody {
        clients.came = Some(now);
    }
    listed.iter().for_each(|listed| clients.proxies.listed(listed));
    for listed in listed {
        core.traffic.journal.listed(listed.pod, listed.ready, now);
    }
    wake_proxies(core, key);
}

/// The proxies hear of what was written, each after a while of its own.
fn wake_proxies(core: &mut Core, key: &Key) {
    let delay = core.world.delays.proxy_ms;
    let Traffic { clients, nodes, .. } = &mut core.traffic;
    let Some(clients) = clients.get_mut(key).map(Rc::make_mut) else { return };
    let draw = core.random.draw("proxies", &clients.uid.to_string());
    for (proxy, node) in Rc::make_mut(&mut clients.proxies.proxies).iter_mut().zip(0..) {
        if proxy.woken || !nodes.is_here(node) {
            continue;
        }
        proxy.woken = true;
        proxy.changes += 1;
        let mut draw = draw.nth(u64::from(node)).nth(proxy.changes);
        let at = core.now + draw.duration(delay.min(), delay.max());
        core.queue.enqueue_at(at, SimEvent::ProxySync(key.clone(), node));
    }
}

/// The proxy of a node takes over what the slices of a Service say now, unless it is cut off.
pub(crate) fn proxy_sync(core: &mut Core, key: &Key, node: u32) {
    let now = core.now;
    let Traffic { clients, nodes, journal, .. } = &mut core.traffic;
    let Some(clients) = clients.get_mut(key).map(Rc::make_mut) else { return };
    clients.proxies.proxy(node).woken = false;
    if clients.gone || !nodes.is_here(node) {
        return;
    }
    clients.proxies.take_over(node, journal, now);
    if !clients.has_begun() {
        let mut all = clients.proxies.proxies.iter().zip(0..);
        if all.all(|(proxy, node)| !nodes.is_here(node) || !proxy.routes.is_empty()) {
            clients.begin(now);
            core.traffic.look_ahead();
        }
    }
}
