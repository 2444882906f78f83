//! What wakes the endpointslice controller.
//! Models the event handlers of `pkg/controller/endpointslice/endpointslice_controller.go`.

use std::collections::BTreeSet;
use std::rc::Rc;

use rollscope_api::object::{Pod, StringMap};
use rollscope_api::{Resource, Timestamp};

use super::service::ServiceSpec;
use super::{Selected, ready_transition, should_be_listed};
use crate::Pace;
use crate::core::Core;
use crate::store::{Key, PodId, ready_since};
use crate::traffic::{self, What};

/// What endpoints are made of, as it was last seen of a pod: most writes of pods change nothing of
/// it. Models `podEndpointsChanged`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    namespace: Rc<str>,
    labels: StringMap,
    ip: Rc<str>,
    listed: bool,
    terminating: bool,
    ready: bool,
    since: Option<Timestamp>,
}

impl Seen {
    fn of(pod: &Pod) -> Self {
        Self {
            namespace: pod.metadata.namespace.clone(),
            labels: pod.metadata.labels.clone(),
            ip: pod.status.pod_ip.clone(),
            listed: should_be_listed(pod),
            terminating: pod.metadata.deletion_timestamp.is_some(),
            ready: ready_since(pod).is_some(),
            since: ready_transition(pod),
        }
    }

    fn is_still(&self, pod: &Pod) -> bool {
        Rc::ptr_eq(&self.labels, &pod.metadata.labels)
            && self.terminating == pod.metadata.deletion_timestamp.is_some()
            && self.listed == should_be_listed(pod)
            && self.ready == ready_since(pod).is_some()
            && self.since == ready_transition(pod)
            && *self.ip == *pod.status.pod_ip
    }
}

/// A pod was created or changed.
pub(crate) fn pod_written(core: &mut Core, id: PodId) {
    if core.endpoint_slices.services.is_empty() {
        return;
    }
    let Some(pod) = core.store.pod(id) else { return };
    let known = core.endpoint_slices.seen.get(&id);
    if known.is_some_and(|known| known.is_still(pod)) {
        return;
    }
    let now = Seen::of(pod);
    let seen = Rc::make_mut(&mut core.endpoint_slices.seen);
    let before = seen.insert(id, now.clone());
    if core.traffic.journal.knows(id)
        && let Some(before) = &before
    {
        let at = core.now;
        if now.terminating && !before.terminating {
            core.traffic.journal.happened(id, at, What::Terminating);
        } else if before.ready && !now.ready {
            core.traffic.journal.happened(id, at, What::Unready);
        }
    }
    mark(core, id, before.as_ref().into_iter().chain([&now]));
}

/// A pod is gone.
pub(crate) fn pod_removed(core: &mut Core, id: PodId) {
    if core.endpoint_slices.seen.contains_key(&id) {
        let before = Rc::make_mut(&mut core.endpoint_slices.seen).remove(&id);
        core.traffic.journal.gone(id, core.now);
        mark(core, id, before.iter());
    }
}

/// The Services that select the pod, now or before, will look at it.
fn mark<'a>(core: &mut Core, id: PodId, seen: impl Iterator<Item = &'a Seen> + Clone) {
    let selects = |key: &Key, spec: &ServiceSpec| {
        seen.clone().any(|seen| key.namespace == seen.namespace && spec.matches(&seen.labels))
    };
    let services = &mut core.endpoint_slices.services;
    let mut concerned = Vec::new();
    for (key, service) in services.iter_mut().filter(|(key, one)| selects(key, &one.spec)) {
        Rc::make_mut(service).dirty.insert(id);
        concerned.push(key.clone());
    }
    for key in concerned {
        core.enqueue_service(&key);
    }
}

/// A Service was created, changed or deleted.
pub(crate) fn service_written(core: &mut Core, key: &Key) {
    if core.pace != Pace::Live {
        return;
    }
    traffic::service_written(core, key);
    let spec = core.store.other(Resource::Services, key).map(|service| ServiceSpec::of(service));
    let services = &mut core.endpoint_slices.services;
    match (services.get_mut(key), spec) {
        (None, None) => return,
        (Some(known), None) => {
            // What is known of it is needed to take its slices away.
            Rc::make_mut(known).changed = true;
        }
        (Some(known), Some(spec)) => {
            let known = Rc::make_mut(known);
            (known.spec, known.changed) = (Rc::new(spec), true);
        }
        (None, Some(spec)) if spec.selector.is_none() => return,
        (None, Some(spec)) => {
            let service = Selected {
                spec: Rc::new(spec),
                slices: Default::default(),
                dirty: BTreeSet::new(),
                changed: true,
                batches: 0,
                triggers: Default::default(),
            };
            services.insert(key.clone(), Rc::new(service));
        }
    }
    core.enqueue_service(key);
}
