//! What a rollout waits for at the moment: the pods that are not available yet, each with what
//! keeps it, and the deadline.

use std::collections::BTreeMap;

use rollscope_api::object::{
    ContainerState, Deployment, DeploymentCondition, Pod, ReplicaSet, StrategyType, Uid,
};
use rollscope_api::{SimTime, order};
use rollscope_sim::Cluster;
use rollscope_sim::store::Key;

use super::pod_state::{self, PodState};
use super::rollout::{self, Going};

/// Something that a rollout waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Somebody has to resume it.
    Paused,
    /// Pods cannot be created: what the API server says.
    CannotCreate(String),
    /// Pods are kept from being available, or from being gone, by the same cause.
    Pods {
        /// What keeps them.
        cause: Cause,
        /// The first of them, by name.
        named: Vec<String>,
        /// How many there are.
        count: usize,
    },
    /// The progress deadline: so many seconds are left of so many.
    Deadline {
        /// Left.
        left_seconds: i64,
        /// `spec.progressDeadlineSeconds`
        of_seconds: i32,
    },
    /// The deadline has passed: nothing but a change or a pod that becomes available helps.
    DeadlinePassed,
}

/// What keeps a pod from being available.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// No node takes it: the scheduler's message.
    Unscheduled(String),
    /// The scheduler has not come to it yet.
    Binding,
    /// Its image is being pulled.
    Pulling(String),
    /// Containers are being created.
    Starting,
    /// A container cannot be started, or is waited with: the kubelet's reason and message.
    Waiting(String, String),
    /// A container has ended with this code.
    Exited(i32),
    /// Readiness is denied by hand.
    Denied,
    /// A probe fails: what it said last, in so many seconds so many times.
    ProbeFails(String, i64, i32),
    /// Containers run and no probe has succeeded yet.
    NotReady,
    /// Ready, and `minReadySeconds` are not over for so many seconds.
    MinReady(i64),
    /// It is being deleted, and its grace ends in so many seconds.
    Leaving(i64),
}

impl Cause {
    /// Causes that are the same but for their numbers are told together.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::ProbeFails(one, ..), Self::ProbeFails(other, ..)) => one == other,
            (Self::MinReady(_), Self::MinReady(_)) | (Self::Leaving(_), Self::Leaving(_)) => true,
            (Self::Waiting(one, _), Self::Waiting(other, _)) => one == other,
            _ => self == other,
        }
    }
}

/// So many pods are named.
const NAMED_MAX: usize = 3;

/// Everything needed to look at what pods wait for.
pub struct Eye<'a> {
    /// The cluster at the moment.
    pub cluster: &'a Cluster,
    /// Pods whose image is being pulled.
    pub pulling: &'a dyn Fn(&Pod) -> bool,
}

impl Eye<'_> {
    /// What the rollout of a Deployment waits for, most telling first; nothing once it is over.
    pub fn waits(&self, deployment: &Deployment) -> Vec<Wait> {
        let going = rollout::going(deployment);
        match going {
            Going::Complete => return Vec::new(),
            Going::Paused => return vec![Wait::Paused],
            Going::Progressing | Going::Stuck => {}
        }
        let sets = rollout::replica_sets(self.cluster.listers(), deployment);
        let mut waits = Vec::new();
        if let Some(failure) = condition(deployment, "ReplicaFailure") {
            waits.push(Wait::CannotCreate(failure.message.to_string()));
        }
        let recreate = deployment.spec.strategy.type_ == StrategyType::Recreate;
        for (at, set) in sets.iter().enumerate() {
            // Old pods are waited for only where nothing new may come beside them.
            if at == 0 {
                waits.extend(self.pods(set, false));
            } else if recreate {
                waits.extend(self.pods(set, true));
            }
        }
        waits.extend(self.deadline(deployment, going));
        waits
    }

    /// What the pods of a ReplicaSet wait for: to be available, or to be gone if `leaving`.
    pub fn pods(&self, set: &ReplicaSet, leaving: bool) -> Vec<Wait> {
        let mut probes = None;
        let mut found: Vec<(Cause, Vec<String>, usize)> = Vec::new();
        for (_, pod) in self.cluster.listers().pods_of(&set.metadata.uid) {
            if pod.metadata.deletion_timestamp.is_some() != leaving {
                continue;
            }
            let Some(cause) = self.cause(pod, set, &mut probes) else { continue };
            let name = &pod.metadata.name;
            match found.iter_mut().find(|(known, ..)| known.is_like(&cause)) {
                Some((known, named, count)) => {
                    *known = known.clone().max(cause);
                    *count += 1;
                    if named.len() < NAMED_MAX {
                        named.push(name.to_string());
                    }
                }
                None => found.push((cause, vec![name.to_string()], 1)),
            }
        }
        order::sort(&mut found);
        let waits =
            found.into_iter().map(|(cause, named, count)| Wait::Pods { cause, named, count });
        waits.collect()
    }

    fn cause(&self, pod: &Pod, set: &ReplicaSet, probes: &mut Option<Probes>) -> Option<Cause> {
        let now = self.cluster.now();
        let pulling = pod.node_name.is_some() && (self.pulling)(pod);
        let min_ready = rollscope_api::SimDuration::from_secs(set.spec.min_ready_seconds.into());
        let state = pod_state::look(pod, pulling, min_ready, now).state;
        Some(match state {
            PodState::Available | PodState::Failed | PodState::Succeeded => return None,
            PodState::Pending => {
                let conditions = &pod.status.conditions;
                let scheduled = conditions.iter().find(|one| &*one.type_ == "PodScheduled");
                match scheduled.filter(|one| !one.message.is_empty()) {
                    Some(condition) => Cause::Unscheduled(condition.message.to_string()),
                    None => Cause::Binding,
                }
            }
            PodState::Pulling => Cause::Pulling(waited_image(pod)),
            PodState::Starting => Cause::Starting,
            PodState::Crashing => failing(pod),
            PodState::Running => self.unready(pod, probes),
            PodState::Ready => {
                let since = rollscope_sim::store::ready_since(pod)?;
                Cause::MinReady((since.start() + min_ready - now).as_secs() + 1)
            }
            PodState::Terminating => {
                let deadline = pod.metadata.deletion_timestamp?;
                Cause::Leaving((deadline.start() - now).as_secs().max(0))
            }
        })
    }

    fn unready(&self, pod: &Pod, probes: &mut Option<Probes>) -> Cause {
        let id = self.cluster.listers().pod_id(&Key::of(&pod.metadata));
        if id.is_some_and(|id| self.cluster.is_readiness_denied(id)) {
            return Cause::Denied;
        }
        let probes = probes.get_or_insert_with(|| failing_probes(self.cluster));
        match probes.get(&pod.metadata.uid) {
            Some((message, since, count)) => {
                let seconds = (self.cluster.now() - *since).as_secs().max(0);
                Cause::ProbeFails(message.clone(), seconds, *count)
            }
            None => Cause::NotReady,
        }
    }

    fn deadline(&self, deployment: &Deployment, going: Going) -> Option<Wait> {
        if going == Going::Stuck {
            return Some(Wait::DeadlinePassed);
        }
        let of_seconds = deployment.spec.progress_deadline_seconds.filter(|at| *at < i32::MAX)?;
        let progressing = condition(deployment, "Progressing")?;
        let passed = self.cluster.now() - progressing.last_update_time.start();
        let left_seconds = (i64::from(of_seconds) - passed.as_secs()).max(0);
        Some(Wait::Deadline { left_seconds, of_seconds })
    }
}

/// Of each pod with a failing probe: what that said last, since when it fails, and how often.
type Probes = BTreeMap<Uid, (String, SimTime, i32)>;

fn failing_probes(cluster: &Cluster) -> Probes {
    let events = cluster.listers().events().map(|(_, event)| event);
    let unhealthy = events.filter(|event| &*event.reason == "Unhealthy");
    let entries = unhealthy.filter_map(|event| {
        let since = event.first_timestamp?.start();
        let told = (event.message.trim().to_owned(), since, event.count.max(1));
        Some((event.involved_object.uid.clone(), told))
    });
    entries.collect()
}

fn condition<'a>(deployment: &'a Deployment, type_: &str) -> Option<&'a DeploymentCondition> {
    deployment.status.conditions.iter().find(|one| &*one.type_ == type_)
}

/// The image that the first container without one waits for.
fn waited_image(pod: &Pod) -> String {
    let statuses = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    let waiting = statuses.into_iter().find(|status| {
        matches!(status.state, ContainerState::Waiting { .. } | ContainerState::None)
    });
    waiting.map_or(String::new(), |status| status.image.to_string())
}

fn failing(pod: &Pod) -> Cause {
    let statuses = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    let cause = statuses.into_iter().find_map(|status| match &status.state {
        ContainerState::Waiting { reason, message } if &**reason != "PodInitializing" => {
            Some(Cause::Waiting(reason.to_string(), message.to_string()))
        }
        ContainerState::Terminated { exit_code, .. } if *exit_code != 0 => {
            Some(Cause::Exited(*exit_code))
        }
        _ => None,
    });
    cause.unwrap_or(Cause::NotReady)
}
