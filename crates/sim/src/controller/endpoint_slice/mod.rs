//! The endpointslice controller: who answers for a Service. Live pace only, since the control
//! plane of the recorded traces ran without it.
//!
//! It remembers what it has written, so that a pod's change costs as much as the slice it is in,
//! not as much as the Service. Models `pkg/controller/endpointslice` and
//! `k8s.io/endpointslice/reconciler.go`; of the endpoints controller it keeps the older form too
//! (`pkg/controller/endpoint`).

mod service;
mod slices;
mod watch;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rollscope_api::object::{Pod, Uid, Unstructured};
use rollscope_api::{Resource, Timestamp};

use crate::core::Core;
use crate::sim_event::Work;
use crate::store::{Key, PodId, ready_since};
use crate::traffic::{self, Listed, Route};
use service::ServiceSpec;
use slices::Slices;

pub(crate) use watch::{pod_removed, pod_written, service_written};

/// What the controller remembers of every Service with a selector, and of every pod.
#[derive(Clone, Debug, Default)]
pub(crate) struct EndpointSlices {
    services: BTreeMap<Key, Rc<Selected>>,
    seen: Rc<BTreeMap<PodId, watch::Seen>>,
}

/// A Service with a selector, and what was written for it.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    spec: Rc<ServiceSpec>,
    slices: Slices,
    /// Pods that changed since the last sync.
    dirty: BTreeSet<PodId>,
    /// Whether the Service itself changed since the last sync.
    changed: bool,
    /// How many batches of changes there were.
    batches: u64,
    /// Since when each pod was Ready or not, as of the last sync.
    triggers: BTreeMap<PodId, Timestamp>,
}

/// `v1` EndpointPort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndpointPort {
    pub(crate) name: Rc<str>,
    pub(crate) protocol: Rc<str>,
    /// The port of the pod.
    pub(crate) port: i64,
    /// The port of the Service.
    pub(crate) service_port: i64,
    pub(crate) app_protocol: Option<Rc<str>>,
}

/// `v1` Endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) pod: PodId,
    pub(crate) name: Rc<str>,
    pub(crate) uid: Uid,
    pub(crate) ip: Rc<str>,
    pub(crate) node: Option<Rc<str>>,
    pub(crate) zone: Option<Rc<str>>,
    pub(crate) hostname: Option<Rc<str>>,
    pub(crate) ready: bool,
    pub(crate) serving: bool,
    pub(crate) terminating: bool,
}

/// The ports of the pods of one slice.
pub(crate) type Ports = Rc<[EndpointPort]>;

impl EndpointSlices {
    /// The body of a slice or of Endpoints that the controller keeps: it is written out when
    /// somebody reads it, which is seldom, and not at each of the thousand changes of a rollout.
    pub(crate) fn filled(&self, object: &Rc<Unstructured>) -> Rc<Unstructured> {
        let value = match object.resource {
            Resource::EndpointSlices => {
                let service = object.metadata.labels.get(wire::SERVICE_NAME);
                let service = service.and_then(|name| {
                    self.services.get(&Key::new(&object.metadata.namespace, name))
                });
                service.and_then(|service| wire::slice(&object.metadata, &service.slices))
            }
            Resource::Endpoints => {
                let service = self.services.get(&Key::of(&object.metadata));
                service.map(|service| wire::legacy(&object.metadata, &service.slices))
            }
            _ => None,
        };
        match value {
            Some(value) => Rc::new(Unstructured { value, ..Unstructured::clone(object) }),
            None => object.clone(),
        }
    }

    /// What the slices of a Service say, pod by pod.
    pub(crate) fn listed(&self, service: &Key) -> impl Iterator<Item = Listed> {
        let service = self.services.get(service).into_iter();
        service.flat_map(|service| {
            service.slices.iter().flat_map(|slice| {
                let all = slice.endpoints.iter();
                all.map(|endpoint| {
                    listed(&service.spec, endpoint.pod, Some((&slice.ports, endpoint)))
                })
            })
        })
    }
}

/// A worker handles one Service.
pub(crate) fn process(core: &mut Core, key: &Key) {
    let found = core.store.other(Resource::Services, key).cloned();
    let Some(service) = core.endpoint_slices.services.remove(key) else { return };
    let mut service = Rc::unwrap_or_clone(service);
    match found {
        Some(_) if service.spec.selector.is_some() => {
            sync_service(core, key, &mut service);
            core.endpoint_slices.services.insert(key.clone(), Rc::new(service));
        }
        // The Service is gone or selects nothing any more: what was written for it goes too. The
        // garbage collector and the endpoints controller do this upstream.
        _ => {
            for slice in service.slices.iter() {
                core.remove_other(Resource::EndpointSlices, &slice.key);
            }
            core.remove_other(Resource::Endpoints, key);
            let gone: Vec<Listed> =
                service.slices.pods().map(|pod| listed(&service.spec, pod, None)).collect();
            traffic::slices_written(core, key, &gone, true);
        }
    }
}

/// What is said of a pod: its endpoint, or that it has none.
fn listed(spec: &ServiceSpec, pod: PodId, endpoint: Option<(&Ports, &Endpoint)>) -> Listed {
    let Some((ports, endpoint)) = endpoint else {
        return Listed { pod, ready: false, draining: false, route: None };
    };
    // The clients ask for the Service's first port.
    let asked = spec.first_port();
    let port = ports.iter().find(|port| Some(port.service_port) == asked);
    let route = port.map(|port| Route { pod, name: endpoint.name.clone(), port: port.port });
    let draining = endpoint.serving && endpoint.terminating;
    Listed { pod, ready: endpoint.ready, draining, route }
}

/// Brings the slices up to what the pods are now. Models `syncService` and `reconcileByPortMapping`.
fn sync_service(core: &mut Core, key: &Key, service: &mut Selected) {
    let first = service.slices.is_empty();
    let respecified = std::mem::take(&mut service.changed);
    if respecified {
        service.dirty.extend(service.slices.pods());
        let spec = &service.spec;
        let selected = core.store.pods().filter(|(_, pod)| spec.selects(&key.namespace, pod));
        service.dirty.extend(selected.map(|(id, _)| id));
    }
    let mut told = Vec::new();
    let mut trigger = first.then_some(service.spec.created).flatten();
    for id in std::mem::take(&mut service.dirty) {
        let pod = core.store.pod(id).filter(|pod| service.spec.selects(&key.namespace, pod));
        let since = pod.and_then(|pod| ready_transition(pod));
        let before = match since {
            Some(since) => service.triggers.insert(id, since),
            None => service.triggers.remove(&id),
        };
        if let Some(since) = since.filter(|since| before != Some(*since)) {
            trigger = Some(trigger.map_or(since, |known| known.min(since)));
        }
        let wanted = pod.filter(|pod| should_be_listed(pod)).map(|pod| {
            let zone = zone_of(core, pod);
            (service.spec.ports_of(pod), pod_to_endpoint(id, pod, zone, &service.spec))
        });
        let endpoint = wanted.as_ref().map(|(ports, endpoint)| (ports, endpoint));
        told.push(listed(&service.spec, id, endpoint));
        service.slices.put(id, wanted);
    }
    let changed = service.slices.write(core, key, &service.spec, trigger);
    if changed || first {
        slices::write_legacy(core, key, &service.spec, trigger);
    }
    // Clients may ask for another port though the slices say the same.
    if changed || first || respecified {
        let nobody =
            !service.slices.iter().any(|slice| slice.endpoints.iter().any(|one| one.ready));
        traffic::slices_written(core, key, &told, nobody);
    }
}

/// Models `ShouldPodBeInEndpoints`.
fn should_be_listed(pod: &Pod) -> bool {
    !pod.status.phase.is_terminal() && !pod.status.pod_ip.is_empty()
}

/// Models `podToEndpoint`.
fn pod_to_endpoint(id: PodId, pod: &Pod, zone: Option<Rc<str>>, spec: &ServiceSpec) -> Endpoint {
    let serving = ready_since(pod).is_some();
    let terminating = pod.metadata.deletion_timestamp.is_some();
    let hostname = pod.spec["hostname"].as_str();
    let hostname = hostname.filter(|_| pod.spec["subdomain"].as_str() == Some(&spec.name));
    Endpoint {
        pod: id,
        name: pod.metadata.name.clone(),
        uid: pod.metadata.uid.clone(),
        ip: pod.status.pod_ip.clone(),
        node: pod.node_name.clone(),
        zone,
        hostname: hostname.map(Into::into),
        ready: spec.publishes_not_ready || (serving && !terminating),
        serving,
        terminating,
    }
}

fn zone_of(core: &Core, pod: &Pod) -> Option<Rc<str>> {
    let node = core.store.node(pod.node_name.as_deref()?)?;
    node.metadata.labels.get("topology.kubernetes.io/zone").map(|zone| zone.as_str().into())
}

/// Models `getPodTriggerTime`.
fn ready_transition(pod: &Pod) -> Option<Timestamp> {
    let ready = pod.status.conditions.iter().find(|condition| &*condition.type_ == "Ready")?;
    ready.last_transition_time
}

impl Core {
    /// A Service's slices are to be looked at, after the world's delay.
    fn enqueue_service(&mut self, key: &Key) {
        let Some(service) = self.endpoint_slices.services.get_mut(key) else { return };
        let work = Work::EndpointSlice(key.clone());
        if !self.work.add(&work) {
            return;
        }
        let service = Rc::make_mut(service);
        service.batches += 1;
        let delay = self.world.delays.endpoint_slice_ms;
        let mut draw =
            self.random.draw("endpoint-slice", &service.spec.uid.to_string()).nth(service.batches);
        let at = self.now + draw.duration(delay.min(), delay.max());
        self.queue.enqueue_at(at, crate::SimEvent::Sync(work));
    }
}
