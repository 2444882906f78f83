//! The slices of one Service as the controller keeps them, and how they come into the store.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::object::{ObjectMeta, Unstructured};
use rollscope_api::{Resource, Timestamp, Value};

use super::service::ServiceSpec;
use super::{Endpoint, Ports, wire};
use crate::apiserver::names;
use crate::core::Core;
use crate::store::{Key, PodId};

/// `--max-endpoints-per-slice`
const MOST: usize = 100;

/// One slice.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    /// Its name is empty until it is written for the first time.
    pub(crate) key: Key,
    pub(crate) ports: Ports,
    pub(crate) endpoints: Vec<Endpoint>,
    changed: bool,
    /// It says that there is nothing.
    stays: bool,
}

/// All slices of a Service, and which pod is in which.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slices {
    slices: Vec<Slice>,
    place: BTreeMap<PodId, Rc<str>>,
    /// Pods that are to be listed and have no place yet.
    added: Vec<(Ports, Endpoint)>,
    /// How many slices were ever created.
    created: u64,
}

impl Slices {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Slice> {
        self.slices.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    pub(super) fn pods(&self) -> impl Iterator<Item = PodId> {
        self.place.keys().copied()
    }

    /// A pod is listed like this from the next write on, or not at all.
    pub(super) fn put(&mut self, pod: PodId, wanted: Option<(Ports, Endpoint)>) {
        let name = self.place.get(&pod);
        let slice =
            name.and_then(|name| self.slices.iter_mut().find(|slice| slice.key.name == *name));
        let Some(slice) = slice else {
            self.added.extend(wanted);
            return;
        };
        let Some(at) = slice.endpoints.iter().position(|known| known.pod == pod) else { return };
        match wanted {
            Some((ports, endpoint)) if ports == slice.ports => {
                slice.changed |= slice.endpoints[at] != endpoint;
                slice.endpoints[at] = endpoint;
            }
            wanted => {
                slice.endpoints.remove(at);
                slice.changed = true;
                self.place.remove(&pod);
                self.added.extend(wanted);
            }
        }
    }

    /// Finds places for new endpoints and writes what changed. Returns whether anything did.
    /// Models `addToSlices`, `getSliceToFill` and `finalize`.
    pub(super) fn write(
        &mut self,
        core: &mut Core,
        service: &Key,
        spec: &ServiceSpec,
        trigger: Option<Timestamp>,
    ) -> bool {
        for (ports, endpoint) in std::mem::take(&mut self.added) {
            self.fill(service, ports, endpoint);
        }
        self.reuse_left_over(service);
        let left_over = self.slices.iter().filter(|slice| slice.is_left_over());
        let gone: Vec<Key> = left_over.map(|slice| slice.key.clone()).collect();
        self.slices.retain(|slice| !slice.is_left_over());
        let mut any = !gone.is_empty();
        for key in gone {
            core.remove_other(Resource::EndpointSlices, &key);
        }
        for index in 0..self.slices.len() {
            if std::mem::take(&mut self.slices[index].changed) {
                self.write_slice(core, index, spec, trigger);
                any = true;
            }
        }
        any
    }

    /// Slices that are written anyway are filled first, then the one that has least room left.
    fn fill(&mut self, service: &Key, ports: Ports, endpoint: Endpoint) {
        let fits = |slice: &&mut Slice| slice.ports == ports && slice.endpoints.len() < MOST;
        let fitting = self.slices.iter_mut().filter(fits);
        let best = fitting.max_by_key(|slice| (slice.changed, slice.endpoints.len()));
        let slice = match best {
            Some(slice) => slice,
            None => {
                self.slices.push(Slice::new(service, ports));
                self.slices.last_mut().expect("pushed a line above")
            }
        };
        slice.endpoints.push(endpoint);
        slice.changed = true;
    }

    /// A slice that would be deleted takes the content of one that would be created. Where nothing
    /// is listed at all, an empty slice without ports says so.
    fn reuse_left_over(&mut self, service: &Key) {
        if self.slices.iter().all(|slice| slice.endpoints.is_empty()) {
            match self.slices.first_mut() {
                None => self.slices.push(Slice::new(service, Rc::new([]))),
                Some(first) => {
                    first.changed |= !first.ports.is_empty();
                    (first.ports, first.stays) = (Rc::new([]), true);
                }
            }
            return;
        }
        self.slices.iter_mut().for_each(|slice| slice.stays = false);
        while let Some(new) = self.slices.iter().position(Slice::is_new)
            && self.slices.iter().any(Slice::is_left_over)
        {
            let new = self.slices.remove(new);
            let mut left_over = self.slices.iter_mut().filter(|slice| slice.is_left_over());
            if let Some(slice) = left_over.next() {
                (slice.ports, slice.endpoints, slice.changed) = (new.ports, new.endpoints, true);
            }
        }
    }

    fn write_slice(
        &mut self,
        core: &mut Core,
        index: usize,
        spec: &ServiceSpec,
        trigger: Option<Timestamp>,
    ) {
        let slice = &mut self.slices[index];
        let known = core.store.other(Resource::EndpointSlices, &slice.key).cloned();
        let mut metadata = match known {
            Some(known) => {
                ObjectMeta { generation: known.metadata.generation + 1, ..known.metadata.clone() }
            }
            None => {
                self.created += 1;
                let draw = core.random.draw("endpoint-slice-name", &spec.uid.to_string());
                let base = format!("{}-", spec.name);
                let name = names::generate(&base, &mut draw.nth(self.created));
                slice.key.name = name.clone();
                ObjectMeta {
                    name,
                    generate_name: base.into(),
                    namespace: slice.key.namespace.clone(),
                    uid: core.new_uid(),
                    creation_timestamp: Some(core.now.timestamp()),
                    generation: 1,
                    owner_references: vec![wire::owner(spec)],
                    ..ObjectMeta::default()
                }
            }
        };
        metadata.labels = wire::slice_labels(spec);
        metadata.annotations = wire::annotations(trigger);
        for endpoint in &slice.endpoints {
            self.place.insert(endpoint.pod, slice.key.name.clone());
        }
        let resource = Resource::EndpointSlices;
        let object = Unstructured { resource, metadata, value: Value::Null };
        core.store.put_other(slice.key.clone(), object);
    }
}

impl Slice {
    fn new(service: &Key, ports: Ports) -> Self {
        let key = Key { namespace: service.namespace.clone(), name: "".into() };
        Self { key, ports, endpoints: Vec::new(), changed: true, stays: false }
    }

    fn is_new(&self) -> bool {
        self.key.name.is_empty()
    }

    /// Nothing is listed in it any more.
    fn is_left_over(&self) -> bool {
        self.endpoints.is_empty() && !self.is_new() && !self.stays
    }
}

/// The Endpoints object: its metadata alone is kept, see [`super::EndpointSlices::filled`].
pub(super) fn write_legacy(
    core: &mut Core,
    service: &Key,
    spec: &ServiceSpec,
    trigger: Option<Timestamp>,
) {
    let known = core.store.other(Resource::Endpoints, service).map(|known| known.metadata.clone());
    let mut metadata = known.unwrap_or_else(|| ObjectMeta {
        name: service.name.clone(),
        namespace: service.namespace.clone(),
        uid: core.new_uid(),
        creation_timestamp: Some(core.now.timestamp()),
        ..ObjectMeta::default()
    });
    metadata.labels = wire::legacy_labels(spec);
    metadata.annotations = wire::annotations(trigger);
    let object = Unstructured { resource: Resource::Endpoints, metadata, value: Value::Null };
    core.store.put_other(service.clone(), object);
}
