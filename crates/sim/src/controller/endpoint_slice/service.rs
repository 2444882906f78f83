//! What the controller reads of a Service.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::object::{Pod, StringMap, Uid, Unstructured};
use rollscope_api::{Timestamp, Value};

use super::{EndpointPort, Ports};

/// A Service, read.
#[derive(Clone, Debug)]
pub(crate) struct ServiceSpec {
    pub(crate) name: Rc<str>,
    pub(crate) uid: Uid,
    pub(crate) labels: StringMap,
    pub(crate) created: Option<Timestamp>,
    /// `None` where endpoints are nobody's business, or somebody else's.
    pub(crate) selector: Option<BTreeMap<String, String>>,
    pub(crate) ports: Vec<ServicePort>,
    pub(crate) publishes_not_ready: bool,
    pub(crate) headless: bool,
}

/// `v1` ServicePort.
#[derive(Clone, Debug)]
pub(crate) struct ServicePort {
    name: Rc<str>,
    protocol: Rc<str>,
    port: i64,
    target: Target,
    app_protocol: Option<Rc<str>>,
}

#[derive(Clone, Debug)]
enum Target {
    Number(i64),
    Name(Rc<str>),
}

impl ServiceSpec {
    pub(super) fn of(service: &Unstructured) -> Self {
        let spec = &service.value["spec"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let selector: BTreeMap<String, String> = crate::controller::string_map(&spec["selector"]);
        let selects = spec["type"] != "ExternalName" && !selector.is_empty();
        let ports = spec["ports"].as_array().into_iter().flatten();
        Self {
            name: service.metadata.name.clone(),
            uid: service.metadata.uid.clone(),
            labels: service.metadata.labels.clone(),
            created: service.metadata.creation_timestamp,
            selector: selects.then_some(selector),
            ports: ports
                .map(|port| ServicePort {
                    name: text(&port["name"]).into(),
                    protocol: port["protocol"].as_str().unwrap_or("TCP").into(),
                    port: port["port"].as_i64().unwrap_or_default(),
                    target: match &port["targetPort"] {
                        Value::String(name) => Target::Name(name.as_str().into()),
                        number => Target::Number(number.as_i64().unwrap_or_default()),
                    },
                    app_protocol: port["appProtocol"].as_str().map(Into::into),
                })
                .collect(),
            publishes_not_ready: spec["publishNotReadyAddresses"] == true,
            headless: spec["clusterIP"] == "None",
        }
    }

    pub(super) fn first_port(&self) -> Option<i64> {
        self.ports.first().map(|port| port.port)
    }

    pub(super) fn selects(&self, namespace: &str, pod: &Pod) -> bool {
        *pod.metadata.namespace == *namespace && self.matches(&pod.metadata.labels)
    }

    pub(super) fn matches(&self, labels: &StringMap) -> bool {
        let selector = self.selector.as_ref();
        selector.is_some_and(|selector| {
            selector.iter().all(|(key, value)| labels.get(key) == Some(value))
        })
    }

    /// The Service's ports as this pod has them; those it has not are left out.
    /// Models `getEndpointPorts` and `FindPort`.
    pub(super) fn ports_of(&self, pod: &Pod) -> Ports {
        let ports = self.ports.iter().filter_map(|port| {
            let number = match &port.target {
                Target::Number(number) => *number,
                Target::Name(name) => named_port(&pod.spec, name, &port.protocol)?,
            };
            Some(EndpointPort {
                name: port.name.clone(),
                protocol: port.protocol.clone(),
                port: number,
                service_port: port.port,
                app_protocol: port.app_protocol.clone(),
            })
        });
        ports.collect()
    }
}

fn named_port(spec: &Value, name: &str, protocol: &str) -> Option<i64> {
    let list = |field: &str| spec[field].as_array().into_iter().flatten();
    let sidecars = list("initContainers").filter(|one| one["restartPolicy"] == "Always");
    let ports = list("containers")
        .chain(sidecars)
        .flat_map(|container| container["ports"].as_array().into_iter().flatten());
    let mut named = ports.filter(|port| {
        port["name"] == name && port["protocol"].as_str().unwrap_or("TCP") == protocol
    });
    named.next()?["containerPort"].as_i64()
}
