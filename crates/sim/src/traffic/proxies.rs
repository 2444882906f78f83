//! What the proxies know of the EndpointSlices, and whom they route to.
//! Models `pkg/proxy/{topology,serviceendpoint}.go`.

use std::rc::Rc;

use rollscope_api::order;
use rollscope_api::{Resource, SimTime};

use super::clients::{Clients, Route};
use crate::Pace;
use crate::core::Core;
use crate::sim_event::SimEvent;
use crate::store::{Key, PodId};
use crate::world::TrafficBegins;

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
    if let Some(known) = traffic.clients_mut(key)
        && (known.gone || uid.as_ref() != Some(&known.uid))
    {
        match &uid {
            Some(uid) => known.renew(uid.clone(), &core.random),
            None => known.end(),
        }
        traffic.look_ahead();
    }
    let Some(uid) = uid else { return };
    if !core.world.traffic.concerns(&key.name) {
        return;
    }
    if !core.traffic.clients.contains_key(key) {
        let clients = Clients::new(key, uid, &core.random);
        core.traffic.clients.insert(key.clone(), Rc::new(clients));
    }
    set_rate(core, key, now);
    slices_changed(core, key);
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

/// The EndpointSlices of a Service were written: these pods are listed as ready now, or not.
pub(crate) fn slices_written(core: &mut Core, key: &Key, listed: &[(PodId, bool)], nobody: bool) {
    let now = core.now;
    let Some(clients) = core.traffic.clients_mut(key) else { return };
    if nobody && clients.nobody[0].is_none_or(|since| clients.came.is_some_and(|at| at > since)) {
        clients.nobody[0] = Some(now);
    }
    if !nobody {
        clients.came = Some(now);
    }
    for (pod, ready) in listed {
        core.traffic.journal.listed(*pod, *ready, now);
    }
    slices_changed(core, key);
}

/// The EndpointSlices of a Service were written: the proxies hear of it after a while.
pub(crate) fn slices_changed(core: &mut Core, key: &Key) {
    let delay = core.world.delays.proxy_ms;
    let Some(clients) = core.traffic.clients_mut(key) else { return };
    if std::mem::replace(&mut clients.proxies_woken, true) {
        return;
    }
    clients.changes += 1;
    let mut draw = core.random.draw("proxies", &clients.uid).nth(clients.changes);
    let at = core.now + draw.duration(delay.min(), delay.max());
    core.queue.enqueue_at(at, SimEvent::ProxiesSync(key.clone()));
}

/// The proxies take over what the slices of a Service say now.
pub(crate) fn proxies_sync(core: &mut Core, key: &Key) {
    let now = core.now;
    let endpoints = || core.endpoint_slices.of(key);
    // The clients ask for the Service's first port.
    let asked = core.endpoint_slices.first_port(key);
    // Ready endpoints; if there are none, those that still serve while they terminate.
    let any_ready = endpoints().any(|(_, endpoint)| endpoint.ready);
    let usable = endpoints().filter(|(_, endpoint)| {
        if any_ready { endpoint.ready } else { endpoint.serving && endpoint.terminating }
    });
    let routes = usable.filter_map(|(ports, endpoint)| {
        let port = ports.iter().find(|port| Some(port.service_port) == asked)?.port;
        Some(Route { pod: endpoint.pod, name: endpoint.name.clone(), port })
    });
    let mut routes: Vec<Route> = routes.collect();
    order::sort_by_key(&mut routes, |route| route.pod);
    let traffic = &mut core.traffic;
    let Some(clients) = traffic.clients_mut(key) else { return };
    clients.proxies_woken = false;
    let before = std::mem::replace(&mut clients.routes, routes.into());
    let after = clients.routes.clone();
    match (before.is_empty(), after.is_empty()) {
        (false, true) => clients.nobody[1] = Some(now),
        (true, false) if !clients.has_begun() => {
            clients.begin(now);
            traffic.look_ahead();
        }
        _ => {}
    }
    for (pod, routed) in differences(&before, &after) {
        traffic.journal.routed(pod, routed, now);
    }
}

/// The pods that are routed to in one list alone, and whether that is the second one. Both are in
/// order.
fn differences<'a>(
    before: &'a [Route],
    after: &'a [Route],
) -> impl Iterator<Item = (PodId, bool)> + 'a {
    let has = |list: &[Route], route: &Route| {
        list.binary_search_by_key(&route.pod, |known| known.pod).is_ok()
    };
    let gone = before.iter().filter(move |route| !has(after, route)).map(|one| (one.pod, false));
    let new = after.iter().filter(move |route| !has(before, route)).map(|one| (one.pod, true));
    gone.chain(new)
}
