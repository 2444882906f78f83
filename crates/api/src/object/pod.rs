//! `v1` Pod and the templates pods are made from.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::meta::is_zero_i64;
use super::{ObjectMeta, no_text};
use crate::{Timestamp, Value};

/// `v1` PodTemplateSpec in wire form, defaulted and canonical (quantities as the server stores them).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PodTemplate(pub Rc<Value>);

impl PodTemplate {
    /// The template's pod spec.
    pub fn spec(&self) -> &Value {
        &self.0["spec"]
    }

    /// The images of the regular containers, in order.
    pub fn images(&self) -> Vec<&str> {
        let containers =
            self.spec()["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
        containers.iter().map(|container| container["image"].as_str().unwrap_or_default()).collect()
    }
}

/// `v1` Pod.
///
/// `spec` is shared with the template it was made from; what differs from pod to pod
/// (`nodeName`, the service-account volume) is kept beside it and joined on the wire.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Pod {
    pub metadata: ObjectMeta,
    pub spec: Rc<Value>,
    /// `spec.nodeName`; `None` until scheduled.
    pub node_name: Option<Rc<str>>,
    pub status: PodStatus,
}

/// `v1` PodStatus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(missing_docs)]
pub struct PodStatus {
    #[serde(skip_serializing_if = "is_zero_i64")]
    pub observed_generation: i64,
    pub phase: PodPhase,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    /// Most of them stay as they are when a pod changes, and are shared by what it was and is.
    pub conditions: Vec<Rc<PodCondition>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(rename = "hostIP", skip_serializing_if = "str::is_empty")]
    pub host_ip: Rc<str>,
    /// Where room is being made for the pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nominated_node_name: Option<Rc<str>>,
    /// The same for all pods of a node, and shared by them.
    #[serde(rename = "hostIPs", skip_serializing_if = "Option::is_none")]
    pub host_ips: Option<Rc<[HostIp]>>,
    /// On the wire there is `podIPs` as well, which the API server fills in from this.
    #[serde(rename = "podIP", skip_serializing_if = "str::is_empty")]
    pub pod_ip: Rc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub init_container_statuses: Vec<ContainerStatus>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub container_statuses: Vec<ContainerStatus>,
    /// `BestEffort`, `Burstable` or `Guaranteed`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub qos_class: Rc<str>,
}

impl Default for PodStatus {
    fn default() -> Self {
        Self {
            observed_generation: 0,
            phase: PodPhase::default(),
            conditions: Vec::new(),
            message: String::new(),
            reason: String::new(),
            nominated_node_name: None,
            host_ip: no_text(),
            host_ips: None,
            pod_ip: no_text(),
            start_time: None,
            init_container_statuses: Vec::new(),
            container_statuses: Vec::new(),
            qos_class: no_text(),
        }
    }
}

/// `v1` HostIP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct HostIp {
    pub ip: Rc<str>,
}

/// `v1` PodPhase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum PodPhase {
    #[default]
    Pending,
    Unknown,
    Running,
    Succeeded,
    Failed,
}

impl PodPhase {
    /// As stored: `Pending`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Unknown => "Unknown",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }

    /// Succeeded or Failed: never left again.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// `v1` PodCondition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct PodCondition {
    #[serde(rename = "type")]
    pub type_: Rc<str>,
    pub status: Rc<str>,
    #[serde(default, skip_serializing_if = "is_zero_i64")]
    pub observed_generation: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<Timestamp>,
    #[serde(default = "no_text", skip_serializing_if = "str::is_empty")]
    pub reason: Rc<str>,
    #[serde(default = "no_text", skip_serializing_if = "str::is_empty")]
    pub message: Rc<str>,
}

/// `v1` ContainerStatus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(missing_docs)]
pub struct ContainerStatus {
    pub name: Rc<str>,
    #[serde(with = "container_state")]
    pub state: ContainerState,
    #[serde(with = "container_state")]
    pub last_state: ContainerState,
    pub ready: bool,
    pub restart_count: i32,
    pub image: Rc<str>,
    #[serde(rename = "imageID")]
    pub image_id: Rc<str>,
    #[serde(rename = "containerID", skip_serializing_if = "str::is_empty")]
    pub container_id: Rc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<bool>,
}

impl Default for ContainerStatus {
    fn default() -> Self {
        Self {
            name: no_text(),
            state: ContainerState::None,
            last_state: ContainerState::None,
            ready: false,
            restart_count: 0,
            image: no_text(),
            image_id: no_text(),
            container_id: no_text(),
            started: None,
        }
    }
}

/// `v1` ContainerState: at most one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum ContainerState {
    /// Nothing known: `{}` on the wire.
    #[default]
    #[serde(skip)]
    None,
    Waiting {
        reason: Rc<str>,
        #[serde(default = "no_text", skip_serializing_if = "str::is_empty")]
        message: Rc<str>,
    },
    #[serde(rename_all = "camelCase")]
    Running { started_at: Timestamp },
    #[serde(rename_all = "camelCase")]
    Terminated {
        exit_code: i32,
        #[serde(default, skip_serializing_if = "super::meta::is_zero_i32")]
        signal: i32,
        #[serde(default = "no_text", skip_serializing_if = "str::is_empty")]
        reason: Rc<str>,
        #[serde(default = "no_text", skip_serializing_if = "str::is_empty")]
        message: Rc<str>,
        started_at: Option<Timestamp>,
        finished_at: Option<Timestamp>,
        #[serde(
            rename = "containerID",
            default = "no_text",
            skip_serializing_if = "str::is_empty"
        )]
        container_id: Rc<str>,
    },
}

/// A state of which nothing is known is an empty map, which the derived form cannot say.
mod container_state {
    use serde::ser::SerializeMap;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::ContainerState;
    use crate::Value;

    pub fn serialize<S: Serializer>(state: &ContainerState, to: S) -> Result<S::Ok, S::Error> {
        match state {
            ContainerState::None => to.serialize_map(Some(0))?.end(),
            state => state.serialize(to),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<ContainerState, D::Error> {
        let value = Value::deserialize(from)?;
        match value.as_object() {
            Some(map) if !map.is_empty() => {
                serde_json::from_value(value).map_err(serde::de::Error::custom)
            }
            _ => Ok(ContainerState::None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_without_a_last_state_goes_over_the_wire() {
        let state = ContainerState::Running { started_at: Timestamp::from_secs(0) };
        let status = ContainerStatus { name: "web".into(), state, ..ContainerStatus::default() };
        let wire = serde_json::to_value(&status).unwrap();
        assert_eq!(wire["lastState"], serde_json::json!({}));
        assert_eq!(serde_json::from_value::<ContainerStatus>(wire).unwrap(), status);
    }
}
