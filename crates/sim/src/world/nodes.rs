//! The machines of the cluster and the Node objects that stand for them.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::addresses::machine_address;
use rollscope_api::object::{Node, NodeSpec, ObjectMeta, Taint};
use rollscope_api::{SimTime, Value};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;

/// The nodes: groups of equal ones. Written as a number, one group, or a list of groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Nodes(pub Vec<NodeGroup>);

/// Equal nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NodeGroup {
    /// The name of a single node, or the beginning of the names of several. Nodes without a name
    /// are `node-0`, `node-1` … in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many.
    pub count: u32,
    /// Processors, as a quantity.
    pub cpu: String,
    /// Memory, as a quantity.
    pub memory: String,
    /// How many pods fit, whatever they ask for.
    pub pods: u32,
    /// Local disk, as a quantity.
    pub ephemeral_storage: String,
    /// Further resources: `example.com/gpu: "1"`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub resources: BTreeMap<String, String>,
    /// Labels beyond those every node has.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taints: Vec<Taint>,
    /// Cordoned from the beginning.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unschedulable: bool,
    /// Whether its kubelet reports.
    pub ready: bool,
}

impl Default for NodeGroup {
    fn default() -> Self {
        Self {
            name: None,
            count: 1,
            cpu: "4".to_owned(),
            memory: "8Gi".to_owned(),
            pods: 110,
            ephemeral_storage: "100Gi".to_owned(),
            resources: BTreeMap::new(),
            labels: BTreeMap::new(),
            taints: Vec::new(),
            unschedulable: false,
            ready: true,
        }
    }
}

impl Default for Nodes {
    fn default() -> Self {
        Self::uniform(3)
    }
}

impl Nodes {
    /// That many nodes of the usual size.
    pub fn uniform(count: u32) -> Self {
        Self(vec![NodeGroup { count, ..NodeGroup::default() }])
    }

    /// Every node's name and the group it belongs to, in order.
    pub(crate) fn named(&self) -> impl Iterator<Item = (String, &NodeGroup)> {
        let mut nameless = 0;
        self.0.iter().flat_map(move |group| {
            let first = nameless;
            if group.name.is_none() {
                nameless += group.count;
            }
            (0..group.count).map(move |number| {
                let name = match &group.name {
                    Some(name) if group.count == 1 => name.clone(),
                    Some(name) => format!("{name}-{number}"),
                    None => format!("node-{}", first + number),
                };
                (name, group)
            })
        })
    }

    /// The Node objects, as they are once every kubelet has registered.
    pub(crate) fn objects(&self, start: SimTime) -> Vec<Node> {
        let numbered = self.named().enumerate();
        numbered.map(|(number, (name, group))| group.object(&name, number, start)).collect()
    }
}

impl NodeGroup {
    /// The Node object of the `number`-th node, as its kubelet registers it.
    pub(crate) fn object(&self, name: &str, number: usize, start: SimTime) -> Node {
        let mut labels = self.labels.clone();
        for (key, value) in [
            ("beta.kubernetes.io/arch", "amd64"),
            ("beta.kubernetes.io/os", "linux"),
            ("kubernetes.io/arch", "amd64"),
            ("kubernetes.io/hostname", name),
            ("kubernetes.io/os", "linux"),
        ] {
            labels.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
        let mut taints = self.taints.clone();
        let condition = |key: &str, effect: &str| Taint {
            key: format!("node.kubernetes.io/{key}"),
            value: String::new(),
            effect: effect.to_owned(),
            time_added: None,
        };
        if self.unschedulable {
            taints.push(condition("unschedulable", "NoSchedule"));
        }
        if !self.ready {
            taints.push(condition("not-ready", "NoSchedule"));
            taints.push(condition("not-ready", "NoExecute"));
        }
        let metadata = ObjectMeta {
            name: name.into(),
            labels: Rc::new(labels),
            creation_timestamp: Some(start.timestamp()),
            ..ObjectMeta::default()
        };
        let spec = NodeSpec { unschedulable: self.unschedulable, taints, ..NodeSpec::default() };
        Node { metadata, spec, status: self.status(name, number, start) }
    }

    fn status(&self, name: &str, number: usize, start: SimTime) -> Value {
        let mut capacity = serde_json::Map::new();
        for (resource, amount) in [
            ("cpu", &self.cpu),
            ("ephemeral-storage", &self.ephemeral_storage),
            ("memory", &self.memory),
            ("pods", &self.pods.to_string()),
        ] {
            capacity.insert(resource.to_owned(), Value::from(amount.as_str()));
        }
        for (resource, amount) in &self.resources {
            capacity.insert(resource.clone(), Value::from(amount.as_str()));
        }
        let at = start.timestamp().to_string();
        let condition = |kind: &str, status: &str, reason: &str, message: &str| {
            json!({
                "type": kind, "status": status, "reason": reason, "message": message,
                "lastHeartbeatTime": at, "lastTransitionTime": at,
            })
        };
        let ready = if self.ready {
            condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
        } else {
            condition(
                "Ready",
                "Unknown",
                "NodeStatusUnknown",
                "Kubelet stopped posting node status.",
            )
        };
        json!({
            "addresses": [
                {"address": machine_address(number), "type": "InternalIP"},
                {"address": name, "type": "Hostname"},
            ],
            "allocatable": capacity,
            "capacity": capacity,
            "conditions": [
                condition(
                    "MemoryPressure", "False", "KubeletHasSufficientMemory",
                    "kubelet has sufficient memory available",
                ),
                condition(
                    "DiskPressure", "False", "KubeletHasNoDiskPressure",
                    "kubelet has no disk pressure",
                ),
                condition(
                    "PIDPressure", "False", "KubeletHasSufficientPID",
                    "kubelet has sufficient PID available",
                ),
                ready,
            ],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {
                "architecture": "amd64",
                "bootID": "", "machineID": "", "systemUUID": "",
                "containerRuntimeVersion": "containerd://2.2.0",
                "kernelVersion": "6.12.0",
                "kubeProxyVersion": "",
                "kubeletVersion": "v1.36.2",
                "operatingSystem": "linux",
                "osImage": "Rollscope",
            },
        })
    }
}

impl<'de> Deserialize<'de> for Nodes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Groups;
        impl<'de> Visitor<'de> for Groups {
            type Value = Nodes;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number of nodes, a group of nodes, or a list of groups")
            }
            fn visit_u64<E: Error>(self, count: u64) -> Result<Nodes, E> {
                let count = u32::try_from(count)
                    .map_err(|_| E::custom(format!("{count} nodes are absurdly many")))?;
                Ok(Nodes::uniform(count))
            }
            fn visit_i64<E: Error>(self, count: i64) -> Result<Nodes, E> {
                let count = u64::try_from(count)
                    .map_err(|_| E::custom(format!("{count} nodes: less than none")))?;
                self.visit_u64(count)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Nodes, A::Error> {
                let group = NodeGroup::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Nodes(vec![group]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Nodes, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Nodes)
            }
        }
        deserializer.deserialize_any(Groups)
    }
}
