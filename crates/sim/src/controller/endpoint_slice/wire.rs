//! EndpointSlices and Endpoints in wire form.

use std::rc::Rc;

use rollscope_api::object::{ObjectMeta, OwnerReference, StringMap};
use rollscope_api::order;
use rollscope_api::{Timestamp, Value};
use serde_json::json;

use super::service::ServiceSpec;
use super::slices::Slices;
use super::{Endpoint, EndpointPort};

/// The label by which slices are found.
pub(super) const SERVICE_NAME: &str = "kubernetes.io/service-name";
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const LEGACY_MANAGED_BY: &str = "endpoints.kubernetes.io/managed-by";
const HEADLESS: &str = "service.kubernetes.io/headless";
const TRIGGER_TIME: &str = "endpoints.kubernetes.io/last-change-trigger-time";
/// Endpoints hold no more addresses than these.
const MOST_ADDRESSES: usize = 1_000;

/// Models `setEndpointSliceLabels`.
pub(super) fn slice_labels(spec: &ServiceSpec) -> StringMap {
    let mut labels = (*spec.labels).clone();
    if spec.headless {
        labels.insert(HEADLESS.to_owned(), String::new());
    }
    labels.insert(MANAGED_BY.to_owned(), "endpointslice-controller.k8s.io".to_owned());
    labels.insert(SERVICE_NAME.to_owned(), spec.name.to_string());
    Rc::new(labels)
}

/// Models the end of `syncService` in `pkg/controller/endpoint/endpoints_controller.go`.
pub(super) fn legacy_labels(spec: &ServiceSpec) -> StringMap {
    let mut labels = (*spec.labels).clone();
    if spec.headless {
        labels.insert(HEADLESS.to_owned(), String::new());
    }
    labels.insert(LEGACY_MANAGED_BY.to_owned(), "endpoint-controller".to_owned());
    Rc::new(labels)
}

/// What set off the change, by which upstream measures its own delay.
pub(super) fn annotations(trigger: Option<Timestamp>) -> StringMap {
    let time = trigger.map(|time| (TRIGGER_TIME.to_owned(), time.to_string()));
    Rc::new(time.into_iter().collect())
}

pub(super) fn owner(spec: &ServiceSpec) -> OwnerReference {
    OwnerReference {
        api_version: "v1".into(),
        kind: "Service".into(),
        name: spec.name.clone(),
        uid: spec.uid.clone(),
        controller: true,
        block_owner_deletion: true,
    }
}

/// The body of a slice; `None` if it is none of the Service's.
pub(super) fn slice(metadata: &ObjectMeta, slices: &Slices) -> Option<Value> {
    let slice = slices.iter().find(|slice| *slice.key.name == *metadata.name)?;
    let ports = slice.ports.iter().map(|port| {
        let mut wire =
            json!({ "name": &*port.name, "port": port.port, "protocol": &*port.protocol });
        if let Some(protocol) = &port.app_protocol {
            wire["appProtocol"] = (**protocol).into();
        }
        wire
    });
    let endpoints = slice.endpoints.iter().map(|one| endpoint(one, &metadata.namespace));
    Some(json!({
        "addressType": "IPv4",
        "endpoints": endpoints.collect::<Vec<_>>(),
        "ports": ports.collect::<Vec<_>>(),
    }))
}

fn endpoint(endpoint: &Endpoint, namespace: &str) -> Value {
    let mut wire = json!({
        "addresses": [&*endpoint.ip],
        "conditions": {
            "ready": endpoint.ready,
            "serving": endpoint.serving,
            "terminating": endpoint.terminating,
        },
        "targetRef": target(endpoint, namespace),
    });
    for (field, value) in
        [("hostname", &endpoint.hostname), ("nodeName", &endpoint.node), ("zone", &endpoint.zone)]
    {
        if let Some(value) = value {
            wire[field] = (**value).into();
        }
    }
    wire
}

fn target(endpoint: &Endpoint, namespace: &str) -> Value {
    json!({
        "kind": "Pod",
        "name": &*endpoint.name,
        "namespace": namespace,
        "uid": endpoint.uid.to_string(),
    })
}

/// The body of a Service's Endpoints: one subset for every list of ports. Pods that terminate are
/// left out. Models `syncService` of the endpoints controller and `RepackSubsets`.
pub(super) fn legacy(metadata: &ObjectMeta, slices: &Slices) -> Value {
    let mut all: Vec<(&[EndpointPort], &Endpoint)> = slices
        .iter()
        .flat_map(|slice| slice.endpoints.iter().map(|endpoint| (&*slice.ports, endpoint)))
        .filter(|(_, endpoint)| !endpoint.terminating)
        .collect();
    let port_key = |port: &EndpointPort| (port.name.clone(), port.port, port.protocol.clone());
    order::sort_by_cached_key(&mut all, |(ports, endpoint)| {
        (ports.iter().map(port_key).collect::<Vec<_>>(), endpoint.ip.clone(), endpoint.uid.clone())
    });
    all.truncate(MOST_ADDRESSES);
    let mut subsets = Vec::new();
    for of_ports in all.chunk_by(|one, other| one.0 == other.0) {
        let addresses = |ready: bool| -> Vec<Value> {
            let wanted = of_ports.iter().filter(|(_, endpoint)| endpoint.ready == ready);
            wanted.map(|(_, endpoint)| address(endpoint, &metadata.namespace)).collect()
        };
        let mut subset = json!({});
        for (field, addresses) in
            [("addresses", addresses(true)), ("notReadyAddresses", addresses(false))]
        {
            if !addresses.is_empty() {
                subset[field] = addresses.into();
            }
        }
        let ports: Vec<Value> = of_ports[0].0.iter().map(legacy_port).collect();
        if !ports.is_empty() {
            subset["ports"] = ports.into();
        }
        subsets.push(subset);
    }
    if subsets.is_empty() { json!({}) } else { json!({ "subsets": subsets }) }
}

fn address(endpoint: &Endpoint, namespace: &str) -> Value {
    let mut wire = json!({ "ip": &*endpoint.ip, "targetRef": target(endpoint, namespace) });
    for (field, value) in [("hostname", &endpoint.hostname), ("nodeName", &endpoint.node)] {
        if let Some(value) = value {
            wire[field] = (**value).into();
        }
    }
    wire
}

fn legacy_port(port: &EndpointPort) -> Value {
    let mut wire = json!({ "port": port.port, "protocol": &*port.protocol });
    if !port.name.is_empty() {
        wire["name"] = (*port.name).into();
    }
    if let Some(protocol) = &port.app_protocol {
        wire["appProtocol"] = (**protocol).into();
    }
    wire
}
