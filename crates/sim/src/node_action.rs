//! What played nodes do when a trace tells them to, and what settling is.

use std::rc::Rc;

use rollscope_api::object::{
    ContainerState, ContainerStatus, Pod, PodCondition, PodPhase, PodStatus, ReplicaSet,
};
use rollscope_api::order;
use rollscope_api::{SimDuration, SimTime, Timestamp, Value};

use crate::Cluster;
use crate::controller::deployment::annotations;
use crate::sim_event::SimEvent;
use crate::store::{Key, PodId, is_pod_active, ready_since};

/// The cluster is settled once nothing has been due for so long.
const QUIET: SimDuration = SimDuration::from_millis(200);
/// Settling ends after so long, whatever still goes on.
const SETTLE_MAX: SimDuration = SimDuration::from_secs(5);

/// A step of a trace in which the nodes act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeAction {
    /// What happens to the pods.
    pub kind: ActionKind,
    /// The Deployment whose pods are meant, in the namespace `default`.
    pub deployment: String,
    /// Which of its ReplicaSets.
    pub revision: RevisionChoice,
    /// How many pods; `None` for all that qualify now and still do when it is their turn.
    pub count: Option<usize>,
}

/// What happens to a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Running and Ready.
    Ready,
    /// Running, not Ready.
    Unready,
    /// Running, not Ready, its container waiting in CrashLoopBackOff.
    Crash,
    /// Phase Failed (evicted).
    Fail,
    /// Deleted through the API.
    DeletePods,
    /// Its deletion ends.
    Terminate,
}

/// Which ReplicaSets of a Deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevisionChoice {
    /// The one of that revision.
    Number(i64),
    /// The highest revision.
    New,
    /// All others, newest first.
    Old,
    /// All, newest first.
    Any,
}

impl Cluster {
    /// Lets the played nodes act, one pod at a time, and the controllers settle after each.
    /// Returns on how many pods.
    pub fn act(&mut self, action: &NodeAction) -> usize {
        match action.count {
            Some(count) => self.act_on_first(action, count),
            None => self.act_on_all(action),
        }
    }

    /// Chooses again before each pod.
    fn act_on_first(&mut self, action: &NodeAction, count: usize) -> usize {
        for done in 0..count {
            let Some(pod) = self.qualifying(action).first().copied() else { return done };
            self.act_on(action.kind, pod);
        }
        count
    }

    /// Chooses once; who no longer qualifies when it is its turn is left out.
    fn act_on_all(&mut self, action: &NodeAction) -> usize {
        let chosen = self.qualifying(action);
        let mut done = 0;
        for pod in chosen {
            let still = self.listers().pod(pod).is_some_and(|pod| qualifies(action.kind, pod));
            if still {
                self.act_on(action.kind, pod);
                done += 1;
            }
        }
        done
    }

    /// The pods an action may choose, in its order.
    fn qualifying(&self, action: &NodeAction) -> Vec<PodId> {
        let store = self.listers();
        let Some(deployment) = store.deployment(&Key::new("default", &action.deployment)) else {
            return Vec::new();
        };
        let mut sets: Vec<&Rc<ReplicaSet>> =
            store.replica_sets_of(&deployment.metadata.uid).collect();
        let number = |set: &ReplicaSet| annotations::revision(&set.metadata).unwrap_or(0);
        order::sort_by_key(&mut sets, |set| {
            std::cmp::Reverse((number(set), set.metadata.creation_timestamp))
        });
        let newest = sets.first().map(|set| number(set));
        sets.retain(|set| match action.revision {
            RevisionChoice::Number(wanted) => number(set) == wanted,
            RevisionChoice::New => Some(number(set)) == newest,
            RevisionChoice::Old => Some(number(set)) != newest,
            RevisionChoice::Any => true,
        });
        let pods = sets.into_iter().flat_map(|set| store.pods_of(&set.metadata.uid));
        pods.filter(|(_, pod)| qualifies(action.kind, pod)).map(|(id, _)| id).collect()
    }

    fn act_on(&mut self, kind: ActionKind, pod: PodId) {
        let core = &mut self.core;
        let now = core.now.timestamp();
        match kind {
            // A pod that has just gone is what was wanted.
            ActionKind::DeletePods => drop(core.delete_pod(pod, None)),
            ActionKind::Terminate => core.remove_pod(pod),
            ActionKind::Ready | ActionKind::Unready | ActionKind::Crash | ActionKind::Fail => {
                let Some(containers) = core.store.pod(pod).map(|pod| pod.spec.clone()) else {
                    return;
                };
                core.update_pod_status(pod, |status| play(kind, status, &containers, pod, now));
            }
        }
        self.settle();
    }

    /// Lets the controllers work until nothing is left to do without time passing. What waits in
    /// a back-off is tried again first, since the reason of its failure may have gone.
    /// Timers, such as a deadline or a time to become available, are not work.
    pub fn settle(&mut self) {
        let failed: Vec<_> = self.core.work.backing_off().cloned().collect();
        for work in failed {
            self.core.enqueue(work);
        }
        let end = self.now() + SETTLE_MAX;
        while self.has_work(end.min(self.now() + QUIET)) {
            self.step();
        }
    }

    /// Whether somebody has work to do until `until`.
    fn has_work(&self, until: SimTime) -> bool {
        let soon = self.core.queue.iter().filter(|(at, _)| *at <= until);
        soon.map(|(_, event)| event).any(|event| match event {
            SimEvent::Sync(_) | SimEvent::Terminate(_) | SimEvent::Schedule => true,
            // A key that failed is tried again; one that did not has set itself a timer.
            SimEvent::Enqueue(work) => self.core.work.failures(work) > 0,
            SimEvent::PodChanged(_)
            | SimEvent::PodRemoved(_)
            | SimEvent::KubeletTimer(..)
            | SimEvent::SchedulerTimer(_)
            | SimEvent::ProxySync(..) => false,
        })
    }
}

fn qualifies(kind: ActionKind, pod: &Pod) -> bool {
    let active = is_pod_active(pod);
    match kind {
        ActionKind::Ready => active && ready_since(pod).is_none(),
        ActionKind::Unready => active && ready_since(pod).is_some(),
        ActionKind::Crash => active && !is_crash_looping(pod),
        ActionKind::Fail | ActionKind::DeletePods => active,
        ActionKind::Terminate => pod.metadata.deletion_timestamp.is_some(),
    }
}

fn is_crash_looping(pod: &Pod) -> bool {
    pod.status.container_statuses.iter().any(|container| {
        matches!(&container.state, ContainerState::Waiting { reason, .. } if &**reason == "CrashLoopBackOff")
    })
}

/// The status that a played node reports.
fn play(kind: ActionKind, status: &mut PodStatus, spec: &Value, id: PodId, now: Timestamp) {
    if kind == ActionKind::Fail {
        status.phase = PodPhase::Failed;
        status.reason = "Evicted".to_owned();
        status.message = "The node was low on resource: memory.".to_owned();
        status.container_statuses.clear();
        set_ready(status, false, now);
        return;
    }
    let ready = kind == ActionKind::Ready;
    status.phase = PodPhase::Running;
    status.start_time.get_or_insert(now);
    if status.pod_ip.is_empty() {
        let number = id.0 + 1;
        status.host_ip = word!("192.168.0.1");
        status.pod_ip = format!("10.1.{}.{}", number >> 8 & 0xff, number & 0xff).into();
    }
    let started = running_since(status).unwrap_or(now);
    let containers = spec["containers"].as_array().into_iter().flatten();
    status.container_statuses =
        containers.map(|container| container_status(kind, container, status, started)).collect();
    set_ready(status, ready, now);
}

fn running_since(status: &PodStatus) -> Option<Timestamp> {
    status.container_statuses.iter().find_map(|container| match container.state {
        ContainerState::Running { started_at } => Some(started_at),
        _ => None,
    })
}

fn container_status(
    kind: ActionKind,
    container: &Value,
    status: &PodStatus,
    started_at: Timestamp,
) -> ContainerStatus {
    let name = container["name"].as_str().unwrap_or_default();
    let known = status.container_statuses.iter().find(|known| &*known.name == name);
    let restarts = known.map_or(0, |known| known.restart_count);
    let image = container["image"].as_str().unwrap_or_default();
    let ready = kind == ActionKind::Ready;
    let crashed = kind == ActionKind::Crash;
    ContainerStatus {
        name: name.into(),
        state: match crashed {
            true => ContainerState::Waiting {
                reason: "CrashLoopBackOff".into(),
                message: format!("back-off 10s restarting failed container={name}").into(),
            },
            false => ContainerState::Running { started_at },
        },
        ready,
        restart_count: restarts + i32::from(crashed),
        image: image.into(),
        started: Some(!crashed),
        ..ContainerStatus::default()
    }
}

/// All conditions of a pod on a node, in their order; times change with the status alone.
fn set_ready(status: &mut PodStatus, ready: bool, now: Timestamp) {
    let old = std::mem::take(&mut status.conditions);
    let value = |value: bool| if value { "True" } else { "False" };
    let conditions = [
        ("PodReadyToStartContainers", true),
        ("Initialized", true),
        ("Ready", ready),
        ("ContainersReady", ready),
        ("PodScheduled", true),
    ];
    status.conditions = conditions
        .into_iter()
        .map(|(type_, is)| {
            let known =
                old.iter().find(|known| &*known.type_ == type_ && &*known.status == value(is));
            let since = known.map_or(Some(now), |known| known.last_transition_time);
            Rc::new(PodCondition {
                type_: type_.into(),
                status: value(is).into(),
                observed_generation: 0,
                last_transition_time: since,
                reason: "".into(),
                message: "".into(),
            })
        })
        .collect();
}
