//! What a pod asks of a node, read once from its spec.
//!
//! Models `pkg/scheduler/framework/types.go` (`PodInfo`) and `resourcehelper.PodRequests`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::Value;
use rollscope_api::object::LabelSelector;
use serde::Deserialize;

use super::affinity::{NodeTerm, PodTerm};
use super::amounts::Amounts;

/// What containers count for in scores that ask for no cpu: 100 m.
const NONZERO_CPU: i64 = 100;
/// What containers count for in scores that ask for no memory: 200 MiB.
const NONZERO_MEMORY: i64 = 200 << 20;

/// What the scheduler reads of a pod's spec. Equal for all pods of a template.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    /// What the pod reserves.
    pub(crate) requests: Amounts,
    /// Cpu and memory as scores count them, where asking for nothing still takes something.
    pub(crate) nonzero: (i64, i64),
    pub(crate) ports: Vec<HostPort>,
    pub(crate) node_selector: BTreeMap<String, String>,
    /// Required node affinity: one term must match. `None` where there is none.
    pub(crate) node_terms: Option<Vec<NodeTerm>>,
    pub(crate) preferred_node_terms: Vec<(i64, NodeTerm)>,
    pub(crate) tolerations: Vec<Toleration>,
    pub(crate) spread: Vec<Spread>,
    pub(crate) affinity: Vec<PodTerm>,
    pub(crate) anti_affinity: Vec<PodTerm>,
    /// Weighted terms; the weights of anti-affinity are negative.
    pub(crate) preferred_pod_terms: Vec<(i64, PodTerm)>,
    pub(crate) priority: i32,
    pub(crate) never_preempts: bool,
    pub(crate) gated: bool,
    /// Claims to storage, none of which is there: the cluster has no storage.
    pub(crate) volume_claims: Vec<VolumeClaim>,
    /// Claims to devices, none of which is there either.
    pub(crate) claims_devices: bool,
    /// Another scheduler's business.
    pub(crate) foreign: bool,
}

/// A port of the node itself that a container takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HostPort {
    pub(crate) ip: String,
    pub(crate) protocol: String,
    pub(crate) port: i64,
}

impl HostPort {
    /// Whether both cannot be had on one node.
    pub(crate) fn conflicts(&self, other: &Self) -> bool {
        let anywhere = |ip: &str| ip.is_empty() || ip == "0.0.0.0";
        self.port == other.port
            && self.protocol == other.protocol
            && (self.ip == other.ip || anywhere(&self.ip) || anywhere(&other.ip))
    }
}

/// A claim to storage that a volume of the pod needs.
#[derive(Clone, Debug)]
pub(crate) enum VolumeClaim {
    /// By its name.
    Named(String),
    /// Made for this pod and the volume of that name.
    OfVolume(String),
}

/// `v1` Toleration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Toleration {
    pub(crate) key: String,
    pub(crate) operator: String,
    pub(crate) value: String,
    pub(crate) effect: String,
}

impl Toleration {
    /// Models `ToleratesTaint`.
    pub(crate) fn tolerates(&self, taint: &rollscope_api::object::Taint) -> bool {
        let about_it = (self.effect.is_empty() || self.effect == taint.effect)
            && (self.key.is_empty() || self.key == taint.key);
        let number = |text: &str| text.parse::<i64>().ok();
        about_it
            && match self.operator.as_str() {
                "" | "Equal" => self.value == taint.value,
                "Exists" => true,
                "Lt" => number(&taint.value).zip(number(&self.value)).is_some_and(|(a, b)| a < b),
                "Gt" => number(&taint.value).zip(number(&self.value)).is_some_and(|(a, b)| a > b),
                _ => false,
            }
    }
}

/// `v1` TopologySpreadConstraint.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    pub(crate) max_skew: i64,
    pub(crate) topology_key: Rc<str>,
    /// `DoNotSchedule`; otherwise it only counts in the score.
    pub(crate) hard: bool,
    /// `None` counts no pods at all.
    pub(crate) selector: Option<LabelSelector>,
    pub(crate) match_label_keys: Vec<String>,
    pub(crate) min_domains: i64,
    /// Nodes the pod's node affinity excludes count as well.
    pub(crate) ignores_node_affinity: bool,
    /// Nodes whose taints the pod does not tolerate are left out.
    pub(crate) honors_taints: bool,
}

impl Needs {
    /// Whether no rule for the pod looks at several nodes at once.
    pub(crate) fn looks_at_single_nodes(&self) -> bool {
        self.spread.is_empty()
            && self.node_terms.is_none()
            && self.preferred_node_terms.is_empty()
            && self.affinity.is_empty()
            && self.anti_affinity.is_empty()
            && self.preferred_pod_terms.is_empty()
    }

    /// Whether some nodes will not do for their names or labels.
    pub(crate) fn chooses_nodes(&self) -> bool {
        !self.node_selector.is_empty() || self.node_terms.is_some()
    }

    /// Reads a pod spec in wire form. What does not have the form of a valid spec counts as absent.
    pub(crate) fn of(spec: &Value) -> Self {
        let (requests, nonzero) = requests_of(spec);
        let affinity = &spec["affinity"];
        let node = &affinity["nodeAffinity"];
        let required = &node["requiredDuringSchedulingIgnoredDuringExecution"];
        let pods = |kind: &str| -> Vec<PodTerm> {
            let terms = &affinity[kind]["requiredDuringSchedulingIgnoredDuringExecution"];
            list(terms).iter().map(PodTerm::of).collect()
        };
        let weighted = |kind: &str, sign: i64| -> Vec<(i64, PodTerm)> {
            list(&affinity[kind]["preferredDuringSchedulingIgnoredDuringExecution"])
                .iter()
                .map(|term| (sign * number(&term["weight"]), PodTerm::of(&term["podAffinityTerm"])))
                .collect()
        };
        let mut preferred_pod_terms = weighted("podAffinity", 1);
        preferred_pod_terms.extend(weighted("podAntiAffinity", -1));
        let scheduler = spec["schedulerName"].as_str().unwrap_or_default();
        Self {
            requests,
            nonzero,
            ports: ports_of(spec),
            node_selector: Deserialize::deserialize(&spec["nodeSelector"]).unwrap_or_default(),
            node_terms: (!required.is_null())
                .then(|| list(&required["nodeSelectorTerms"]).iter().map(NodeTerm::of).collect()),
            preferred_node_terms: list(&node["preferredDuringSchedulingIgnoredDuringExecution"])
                .iter()
                .map(|term| (number(&term["weight"]), NodeTerm::of(&term["preference"])))
                .collect(),
            tolerations: Deserialize::deserialize(&spec["tolerations"]).unwrap_or_default(),
            spread: list(&spec["topologySpreadConstraints"]).iter().map(Spread::of).collect(),
            affinity: pods("podAffinity"),
            anti_affinity: pods("podAntiAffinity"),
            preferred_pod_terms,
            priority: number(&spec["priority"]) as i32,
            never_preempts: spec["preemptionPolicy"] == "Never",
            gated: !list(&spec["schedulingGates"]).is_empty(),
            volume_claims: list(&spec["volumes"]).iter().filter_map(VolumeClaim::of).collect(),
            claims_devices: !list(&spec["resourceClaims"]).is_empty(),
            foreign: !matches!(scheduler, "" | "default-scheduler"),
        }
    }

    pub(crate) fn tolerates(&self, taint: &rollscope_api::object::Taint) -> bool {
        self.tolerations.iter().any(|toleration| toleration.tolerates(taint))
    }
}

impl VolumeClaim {
    fn of(volume: &Value) -> Option<Self> {
        let claim = &volume["persistentVolumeClaim"];
        if claim.is_object() {
            return Some(Self::Named(text(&claim["claimName"])));
        }
        volume["ephemeral"].is_object().then(|| Self::OfVolume(text(&volume["name"])))
    }
}

impl Spread {
    fn of(value: &Value) -> Self {
        Self {
            max_skew: number(&value["maxSkew"]),
            topology_key: text(&value["topologyKey"]).into(),
            hard: value["whenUnsatisfiable"] != "ScheduleAnyway",
            selector: selector(&value["labelSelector"]),
            match_label_keys: list(&value["matchLabelKeys"]).iter().map(text).collect(),
            min_domains: value["minDomains"].as_i64().unwrap_or(1),
            ignores_node_affinity: value["nodeAffinityPolicy"] == "Ignore",
            honors_taints: value["nodeTaintsPolicy"] == "Honor",
        }
    }
}

/// A label selector; `None` where there is none, which selects nothing.
pub(super) fn selector(value: &Value) -> Option<LabelSelector> {
    LabelSelector::deserialize(value).ok().filter(|_| !value.is_null())
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

/// The sum over containers, raised to what any init container takes beside the sidecars that
/// already run. Real amounts, and cpu and memory as scores count them.
fn requests_of(spec: &Value) -> (Amounts, (i64, i64)) {
    let real = pod_requests(spec, &|_, _| {});
    let counted = pod_requests(spec, &|wire, requests| {
        if wire["cpu"].is_null() {
            requests.cpu = NONZERO_CPU;
        }
        if wire["memory"].is_null() {
            requests.memory = NONZERO_MEMORY;
        }
    });
    (real, (counted.cpu, counted.memory))
}

fn pod_requests(spec: &Value, fill: &dyn Fn(&Value, &mut Amounts)) -> Amounts {
    let of = |container: &Value| {
        let wire = &container["resources"]["requests"];
        let mut requests = Amounts::of(wire);
        fill(wire, &mut requests);
        requests
    };
    let mut total = Amounts::default();
    for container in list(&spec["containers"]) {
        total.add(&of(container), 1);
    }
    let (mut sidecars, mut most) = (Amounts::default(), Amounts::default());
    for container in list(&spec["initContainers"]) {
        let requests = of(container);
        if container["restartPolicy"] == "Always" {
            total.add(&requests, 1);
            sidecars.add(&requests, 1);
            most.raise(&sidecars);
        } else {
            let mut beside = sidecars.clone();
            beside.add(&requests, 1);
            most.raise(&beside);
        }
    }
    total.raise(&most);
    // Requests of the pod as a whole replace those of its containers.
    for (resource, amount) in Amounts::of(&spec["resources"]["requests"]).iter() {
        *total.entry(resource) = amount;
    }
    total.add(&Amounts::of(&spec["overhead"]), 1);
    total
}

fn ports_of(spec: &Value) -> Vec<HostPort> {
    let sidecars = list(&spec["initContainers"])
        .iter()
        .filter(|container| container["restartPolicy"] == "Always");
    list(&spec["containers"])
        .iter()
        .chain(sidecars)
        .flat_map(|container| list(&container["ports"]))
        .filter(|port| number(&port["hostPort"]) > 0)
        .map(|port| HostPort {
            ip: text(&port["hostIP"]),
            protocol: port["protocol"].as_str().unwrap_or("TCP").to_owned(),
            port: number(&port["hostPort"]),
        })
        .collect()
}
