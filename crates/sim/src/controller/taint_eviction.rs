//! The taint eviction controller: pods leave nodes whose `NoExecute` taints they do not tolerate,
//! or no longer. Live pace only.
//! Models `pkg/controller/tainteviction/taint_eviction.go`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rollscope_api::object::{Pod, Taint};
use rollscope_api::{SimDuration, SimTime};
use serde::Deserialize;

use crate::Pace;
use crate::core::Core;
use crate::ctx::pod_reference;
use crate::recorder::Report;
use crate::scheduler::Toleration;
use crate::sim_event::Work;
use crate::store::{Key, PodId};
use crate::words::word;

const COMPONENT: &str = "taint-eviction-controller";

/// Which nodes have such taints, and which pods are to leave when.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evictions {
    tainted: BTreeSet<Rc<str>>,
    planned: BTreeMap<PodId, Planned>,
}

#[derive(Clone, Debug)]
struct Planned {
    node: Rc<str>,
    since: SimTime,
    at: SimTime,
}

/// A node was created, changed or deleted.
pub(crate) fn node_written(core: &mut Core, name: &str) {
    let taints = core.store.node(name).map(|node| &node.spec.taints);
    let tainted = taints.is_some_and(|taints| taints.iter().any(is_no_execute));
    if core.pace == Pace::Live && (tainted || core.evictions.tainted.contains(name)) {
        core.enqueue(Work::TaintEviction(Key::new("", name)));
    }
}

/// A pod was bound to a node.
pub(crate) fn pod_bound(core: &mut Core, node: &str) {
    if core.evictions.tainted.contains(node) {
        core.enqueue(Work::TaintEviction(Key::new("", node)));
    }
}

/// A pod is gone.
pub(crate) fn pod_removed(core: &mut Core, pod: PodId) {
    if !core.evictions.planned.is_empty() {
        core.evictions.planned.remove(&pod);
    }
}

fn is_no_execute(taint: &Taint) -> bool {
    taint.effect == "NoExecute"
}

/// A worker handles one node. Models `handleNodeUpdate`.
pub(crate) fn process(core: &mut Core, key: &Key) {
    let name = &key.name;
    let taints: Vec<Taint> = match core.store.node(name) {
        Some(node) => {
            node.spec.taints.iter().filter(|taint| is_no_execute(taint)).cloned().collect()
        }
        None => Vec::new(),
    };
    if taints.is_empty() {
        core.evictions.tainted.remove(name);
        let planned = core.evictions.planned.iter().filter(|(_, planned)| planned.node == *name);
        let planned: Vec<PodId> = planned.map(|(id, _)| *id).collect();
        planned.into_iter().for_each(|id| cancel(core, id));
        return;
    }
    core.evictions.tainted.insert(name.clone());
    let pods: Vec<(PodId, Rc<Pod>)> =
        core.store.pods_on_node(name).map(|(id, pod)| (id, pod.clone())).collect();
    for (id, pod) in pods {
        process_pod(core, name, id, &pod, &taints);
    }
    let next = core.evictions.planned.values().filter(|planned| planned.node == *name);
    if let Some(at) = next.map(|planned| planned.at).min() {
        core.enqueue_after(Work::TaintEviction(key.clone()), at - core.now);
    }
}

/// Models `processPodOnNode`.
fn process_pod(core: &mut Core, node: &Rc<str>, id: PodId, pod: &Pod, taints: &[Taint]) {
    if pod.metadata.deletion_timestamp.is_some() {
        core.evictions.planned.remove(&id);
        return;
    }
    let stays = match tolerated_for(pod, taints) {
        Tolerated::Not => return evict(core, id, pod),
        Tolerated::ForEver => return cancel(core, id),
        Tolerated::For(span) => span,
    };
    let known = core.evictions.planned.get(&id);
    // An eviction that is planned counts from when it was.
    let since = known.map_or(core.now, |known| known.since);
    let at = known.map_or(since + stays, |known| known.at.min(since + stays));
    if at <= core.now {
        return evict(core, id, pod);
    }
    core.evictions.planned.insert(id, Planned { node: node.clone(), since, at });
}

enum Tolerated {
    Not,
    For(SimDuration),
    ForEver,
}

/// `v1` Toleration with its time.
#[derive(Deserialize)]
struct Timed {
    #[serde(flatten)]
    toleration: Toleration,
    #[serde(default, rename = "tolerationSeconds")]
    seconds: Option<i64>,
}

/// Models `GetMatchingTolerations` and `getMinTolerationTime`.
fn tolerated_for(pod: &Pod, taints: &[Taint]) -> Tolerated {
    let tolerations: Vec<Timed> =
        Deserialize::deserialize(&pod.spec["tolerations"]).unwrap_or_default();
    let mut used: Vec<&Timed> = Vec::new();
    for taint in taints {
        let matching = tolerations.iter().find(|one| one.toleration.tolerates(taint));
        let Some(matching) = matching else { return Tolerated::Not };
        used.push(matching);
    }
    match used.iter().filter_map(|one| one.seconds).min() {
        None => Tolerated::ForEver,
        Some(seconds) => Tolerated::For(SimDuration::from_secs(seconds.clamp(0, 1 << 32))),
    }
}

fn evict(core: &mut Core, id: PodId, pod: &Pod) {
    core.evictions.planned.remove(&id);
    let (namespace, name) = (&pod.metadata.namespace, &pod.metadata.name);
    report(core, pod, format!("Marking for deletion Pod {namespace}/{name}"));
    let why = "Taint manager: deleting due to NoExecute taint";
    core.disrupt_pod(id, "DeletionByTaintManager", why);
    // A pod that has just gone is what was wanted.
    let _ = core.delete_pod(id, None);
}

/// Models `cancelWorkWithEvent`.
fn cancel(core: &mut Core, id: PodId) {
    if core.evictions.planned.remove(&id).is_none() {
        return;
    }
    let Some(pod) = core.store.pod(id).cloned() else { return };
    let (namespace, name) = (&pod.metadata.namespace, &pod.metadata.name);
    report(core, &pod, format!("Cancelling deletion of Pod {namespace}/{name}"));
}

fn report(core: &mut Core, pod: &Pod, message: String) {
    core.record(&Report {
        component: COMPONENT,
        host: word(""),
        object: pod_reference(pod, ""),
        type_: "Normal",
        reason: "TaintManagerEviction",
        message: message.into(),
    });
}
