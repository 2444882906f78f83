//! The node lifecycle controller: nodes that are not heard of, and the taints that say so. Live
//! pace only.
//!
//! Upstream looks at every node every five seconds. Here nothing is looked at: a node that falls
//! silent is known to be found out at a certain look.
//! Models `pkg/controller/nodelifecycle/node_lifecycle_controller.go`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::object::{Node, ObjectReference, Taint};
use rollscope_api::{SimDuration, SimTime, Value};

use super::taint_eviction;
use crate::Pace;
use crate::core::Core;
use crate::ctx::pod_reference;
use crate::recorder::Report;
use crate::sim_event::Work;
use crate::store::{Key, PodId, ready_since};
use crate::words::word;

/// `--node-monitor-grace-period`
const GRACE: SimDuration = SimDuration::from_secs(50);
/// `--node-monitor-period`
const PERIOD_MICROS: i64 = 5_000_000;
/// A kubelet renews its lease, and posts its status after a failure, every ten seconds.
const HEARTBEAT_MICROS: i64 = 10_000_000;
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
const NOT_READY: &str = "node.kubernetes.io/not-ready";
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";
const COMPONENT: &str = "node-controller";

/// Nodes whose kubelet is silent, and when that is found out; or heard again, and when.
#[derive(Clone, Debug, Default)]
pub(crate) struct Silence {
    silent: BTreeMap<Rc<str>, SimTime>,
    back: BTreeMap<Rc<str>, SimTime>,
}

/// The kubelet of a node is not heard of from now on.
pub(crate) fn fell_silent(core: &mut Core, node: &str) {
    let heartbeat = last_heartbeat(core, node);
    // The first look after the grace.
    let end = (heartbeat + GRACE).as_micros();
    let found_out = SimTime::from_micros((end / PERIOD_MICROS + 1) * PERIOD_MICROS);
    core.silence.back.remove(node);
    core.silence.silent.insert(node.into(), found_out);
    core.enqueue_after(Work::NodeLifecycle(Key::new("", node)), found_out - core.now);
}

/// The kubelet of a node is heard again, from its next heartbeat on.
pub(crate) fn came_back(core: &mut Core, node: &str) {
    let next = last_heartbeat(core, node) + SimDuration::from_micros(HEARTBEAT_MICROS);
    core.silence.silent.remove(node);
    core.silence.back.insert(node.into(), next);
    core.enqueue_after(Work::NodeLifecycle(Key::new("", node)), next - core.now);
}

/// Every kubelet has its own moment within the ten seconds.
fn last_heartbeat(core: &Core, node: &str) -> SimTime {
    let phase = core.random.draw("heartbeat", node).below(HEARTBEAT_MICROS as u64) as i64;
    let now = core.now.as_micros() - phase;
    SimTime::from_micros(now.div_euclid(HEARTBEAT_MICROS) * HEARTBEAT_MICROS + phase)
}

/// A node was created, changed or deleted.
pub(crate) fn node_written(core: &mut Core, node: &str) {
    if core.pace == Pace::Live {
        core.enqueue(Work::NodeLifecycle(Key::new("", node)));
    }
}

/// A worker handles one node.
pub(crate) fn process(core: &mut Core, key: &Key) {
    let name = &*key.name;
    if core.store.node(name).is_none() {
        core.silence.silent.remove(name);
        core.silence.back.remove(name);
        taint_eviction::node_written(core, name);
        return do_all_taints(core);
    }
    let due =
        |times: &BTreeMap<Rc<str>, SimTime>| times.get(name).is_some_and(|at| *at <= core.now);
    let (silent, back) = (due(&core.silence.silent), due(&core.silence.back));
    if silent {
        core.silence.silent.remove(name);
        mark_unknown(core, name);
    } else if back {
        core.silence.back.remove(name);
        mark_ready(core, name);
    }
    if silent || back {
        do_all_taints(core);
    } else if let Some(node) = core.store.node(name).cloned() {
        let evicts = evicts(core);
        do_taints(core, &node, evicts);
    }
    taint_eviction::node_written(core, name);
}

/// Models `tryUpdateNodeHealth` and `MarkPodsNotReady`.
fn mark_unknown(core: &mut Core, name: &str) {
    let changed = set_conditions(core, name, |_| {
        ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")
    });
    if !changed {
        return;
    }
    let message = format!("Node {name} status is now: NodeNotReady");
    report_node(core, name, COMPONENT, word(""), "NodeNotReady", message);
    let pods: Vec<PodId> = core.store.pods_on_node(name).map(|(id, _)| id).collect();
    for id in pods {
        let Some(pod) = core.store.pod(id).filter(|pod| ready_since(pod).is_some()) else {
            continue;
        };
        let object = pod_reference(pod, "");
        let now = core.now.timestamp();
        core.update_pod_status(id, |status| {
            let mut conditions = status.conditions.iter_mut();
            if let Some(ready) = conditions.find(|condition| &*condition.type_ == "Ready") {
                let ready = Rc::make_mut(ready);
                ready.status = word("False");
                ready.last_transition_time = Some(now);
            }
        });
        core.record(&Report {
            component: COMPONENT,
            host: word(""),
            object,
            type_: "Warning",
            reason: "NodeNotReady",
            message: word("Node is not ready"),
        });
    }
}

/// The kubelet posts the node's status again.
fn mark_ready(core: &mut Core, name: &str) {
    let changed = set_conditions(core, name, |kind| match kind {
        "Ready" => ("True", "KubeletReady", "kubelet is posting ready status"),
        "MemoryPressure" => {
            ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available")
        }
        "DiskPressure" => ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        _ => ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    });
    if changed {
        let message = format!("Node {name} status is now: NodeReady");
        report_node(core, name, "kubelet", name.into(), "NodeReady", message);
    }
}

/// Writes every condition of a node. Returns whether that of its readiness became another.
fn set_conditions(
    core: &mut Core,
    name: &str,
    verdict: impl Fn(&str) -> (&'static str, &'static str, &'static str),
) -> bool {
    let Some(node) = core.store.node(name) else { return false };
    let mut new = Node::clone(node);
    let now = core.now.timestamp().to_string();
    let mut changed = false;
    for condition in new.status["conditions"].as_array_mut().into_iter().flatten() {
        let kind = condition["type"].as_str().unwrap_or_default().to_owned();
        let (status, reason, message) = verdict(&kind);
        if condition["status"] != status {
            changed |= kind == "Ready";
            condition["status"] = status.into();
            condition["lastTransitionTime"] = now.as_str().into();
        }
        condition["reason"] = reason.into();
        condition["message"] = message.into();
        if status != "Unknown" {
            condition["lastHeartbeatTime"] = now.as_str().into();
        }
    }
    core.put_node(new);
    changed
}

fn ready_status(node: &Node) -> &str {
    let conditions = node.status["conditions"].as_array();
    let ready = conditions.into_iter().flatten().find(|one| one["type"] == "Ready");
    ready.and_then(|one: &Value| one["status"].as_str()).unwrap_or("Unknown")
}

/// Where a node's readiness changed, others may be evicted from, or no longer. Models
/// `handleDisruption`.
fn do_all_taints(core: &mut Core) {
    let evicts = evicts(core);
    let nodes: Vec<Rc<Node>> = core.store.nodes().cloned().collect();
    nodes.iter().for_each(|node| do_taints(core, node, evicts));
}

/// Brings the taints of a node up to its conditions. Models `doNoScheduleTaintingPass` and
/// `processTaintBaseEviction`.
fn do_taints(core: &mut Core, node: &Node, evicts: bool) {
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    let condition = match ready_status(node) {
        "True" => None,
        "False" => Some(NOT_READY),
        _ => Some(UNREACHABLE),
    };
    if let Some(key) = condition {
        wanted.push((key, "NoSchedule"));
        if evicts {
            wanted.push((key, "NoExecute"));
        }
    }
    if node.spec.unschedulable {
        wanted.push((UNSCHEDULABLE, "NoSchedule"));
    }
    let ours = |taint: &Taint| [NOT_READY, UNREACHABLE, UNSCHEDULABLE].contains(&&*taint.key);
    let mut taints = node.spec.taints.clone();
    taints.retain(|taint| !ours(taint) || wanted.contains(&(&*taint.key, &*taint.effect)));
    for (key, effect) in wanted {
        if !taints.iter().any(|taint| taint.key == key && taint.effect == effect) {
            taints.push(Taint {
                key: key.to_owned(),
                value: String::new(),
                effect: effect.to_owned(),
                time_added: Some(core.now.timestamp()),
            });
        }
    }
    if taints != node.spec.taints {
        let mut new = node.clone();
        new.spec.taints = taints;
        core.put_node(new);
        taint_eviction::node_written(core, &node.metadata.name);
    }
}

/// Whether pods are evicted from nodes that are not ready: not if that is most of the cluster,
/// since then it is rather the network. Models `ComputeZoneState` for one zone of fewer than 50
/// nodes.
fn evicts(core: &Core) -> bool {
    let ready = core.store.nodes().filter(|node| ready_status(node) == "True").count();
    may_evict(ready, core.store.nodes().count() - ready)
}

fn may_evict(ready: usize, not_ready: usize) -> bool {
    ready > 0 && !(not_ready > 2 && not_ready * 100 >= (ready + not_ready) * 55)
}

fn report_node(
    core: &mut Core,
    name: &str,
    component: &'static str,
    host: Rc<str>,
    reason: &'static str,
    message: String,
) {
    let Some(node) = core.store.node(name) else { return };
    let object = ObjectReference {
        kind: word("Node"),
        namespace: word(""),
        name: name.into(),
        uid: node.metadata.uid.clone(),
        api_version: word("v1"),
        resource_version: node.metadata.resource_version,
        field_path: word(""),
    };
    core.record(&Report {
        component,
        host,
        object,
        type_: "Normal",
        reason,
        message: message.into(),
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn pods_stay_where_most_nodes_are_gone() {
        for (ready, not_ready, wanted) in [
            (2, 1, true),
            (1, 2, true),
            (0, 1, false),
            (0, 3, false),
            (1, 3, false),
            (3, 3, true),
            (2, 3, false),
        ] {
            assert_eq!(super::may_evict(ready, not_ready), wanted, "{ready} and {not_ready}");
        }
    }
}
