//! The machines as the page shows them: how they are and how full.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::Value;
use rollscope_api::object::{Node, Pod};
use rollscope_api::quantity::Quantity;
use rollscope_sim::store::Store;

/// A node at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeFacts {
    /// Its name.
    pub name: String,
    /// Its Ready condition is True.
    pub ready: bool,
    /// Cordoned.
    pub cordoned: bool,
    /// Pods that count, and how many fit.
    pub pods: Filled,
    /// Requested and allocatable, in thousandths of a processor.
    pub cpu: Filled,
    /// Requested and allocatable, in MiB.
    pub memory: Filled,
}

/// How much of how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Taken.
    pub used: i64,
    /// In all.
    pub of: i64,
}

impl Filled {
    /// In twelfths, for a bar; what is taken at all shows.
    pub fn twelfths(self) -> i64 {
        match (self.used, self.of) {
            (0, _) | (_, ..=0) => 0,
            (used, of) => ((used * 12 + of - 1) / of).clamp(1, 12),
        }
    }
}

/// What pods ask for, read once for each template.
#[derive(Default)]
pub struct Requests(BTreeMap<*const Value, (i64, i64)>);

impl Requests {
    fn of(&mut self, pod: &Pod) -> (i64, i64) {
        let read = || {
            let containers = pod.spec["containers"].as_array().into_iter().flatten();
            containers.fold((0, 0), |(cpu, memory), container| {
                let requests = &container["resources"]["requests"];
                (cpu + milli(&requests["cpu"]), memory + mib(&requests["memory"]))
            })
        };
        *self.0.entry(Rc::as_ptr(&pod.spec)).or_insert_with(read)
    }
}

fn quantity(value: &Value) -> Option<Quantity> {
    Quantity::parse(value.as_str()?).ok()
}

fn milli(value: &Value) -> i64 {
    quantity(value).map_or(0, |amount| amount.milli_value())
}

fn mib(value: &Value) -> i64 {
    quantity(value).map_or(0, |amount| amount.value() >> 20)
}

/// A node with the pods on it. Those that have ended take no room.
pub fn facts(store: &Store, node: &Node, requests: &mut Requests) -> NodeFacts {
    let allocatable = &node.status["allocatable"];
    let mut facts = NodeFacts {
        name: node.metadata.name.to_string(),
        ready: is_ready(node),
        cordoned: node.spec.unschedulable,
        pods: Filled { used: 0, of: quantity(&allocatable["pods"]).map_or(0, |n| n.value()) },
        cpu: Filled { used: 0, of: milli(&allocatable["cpu"]) },
        memory: Filled { used: 0, of: mib(&allocatable["memory"]) },
    };
    for (_, pod) in store.pods_on_node(&node.metadata.name) {
        if pod.status.phase.is_terminal() {
            continue;
        }
        let (cpu, memory) = requests.of(pod);
        facts.pods.used += 1;
        facts.cpu.used += cpu;
        facts.memory.used += memory;
    }
    facts
}

/// Whether the last of its Ready conditions is True.
pub fn is_ready(node: &Node) -> bool {
    let mut conditions = node.status["conditions"].as_array().into_iter().flatten();
    let ready = conditions.rfind(|one| one["type"] == "Ready");
    ready.is_some_and(|one| one["status"] == "True")
}

/// Every node, in the store's order.
pub fn all(store: &Store) -> Vec<NodeFacts> {
    let mut requests = Requests::default();
    store.nodes().map(|node| facts(store, node, &mut requests)).collect()
}

/// Thousandths of a processor as people write them: `1.5`.
pub fn cpu_text(milli: i64) -> String {
    match milli % 1_000 {
        0 => (milli / 1_000).to_string(),
        _ => format!("{milli}m"),
    }
}

/// MiB as people write them: `2Gi`.
pub fn memory_text(mib: i64) -> String {
    match mib % 1_024 {
        _ if mib == 0 => "0".to_owned(),
        0 => format!("{}Gi", mib / 1_024),
        _ => format!("{mib}Mi"),
    }
}
