//! Why a rollout does not complete, read from the state it comes to rest in.

use std::collections::BTreeMap;

use rollscope_api::object::{ContainerState, ContainerStatus, Deployment, Pod};
use rollscope_sim::controller::deployment::conditions;
use rollscope_sim::store::Store;
use serde::{Deserialize, Serialize};

/// Something that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    #[allow(missing_docs)]
    pub kind: CauseKind,
    /// In the words of the scheduler, the kubelet or the API server; may be empty.
    pub message: String,
    /// The image concerned; empty where none is.
    pub image: String,
    /// How many pods it holds back; 0 where pods could not even be created.
    pub pods: i32,
}

/// Kinds of what can stand in the way, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CauseKind {
    /// The Deployment is paused.
    Paused,
    /// Nodes act only when told in a stepped session: nothing becomes ready by itself.
    NodesAreManual,
    /// The API server refuses new ReplicaSets or pods: a quota, as a rule.
    CannotCreate,
    /// The scheduler finds no node.
    Unschedulable,
    /// The image cannot be pulled.
    ImageMissing,
    /// A container cannot be configured or started.
    CannotStart,
    /// A container exits again and again.
    CrashLooping,
    /// A container runs and its readiness probe never succeeds.
    NeverReady,
    /// Nothing moved for so long that the deadline struck.
    DeadlineExceeded,
}

/// What holds a Deployment back at this moment, the most telling first.
pub(super) fn find(store: &Store, deployment: &Deployment) -> Vec<Cause> {
    let mut found: BTreeMap<(CauseKind, String, String), i32> = BTreeMap::new();
    let mut add = |kind, message: &str, image: &str, pods| {
        *found.entry((kind, message.to_owned(), image.to_owned())).or_default() += pods;
    };
    if deployment.spec.paused {
        add(CauseKind::Paused, "", "", 0);
    }
    for condition in &deployment.status.conditions {
        let failed = match &*condition.type_ {
            conditions::REPLICA_FAILURE => &*condition.status == "True",
            _ => &*condition.reason == conditions::reason::FAILED_RS_CREATE,
        };
        if failed {
            add(CauseKind::CannotCreate, &condition.message, "", 0);
        }
    }
    for set in store.replica_sets_of(&deployment.metadata.uid) {
        for (_, pod) in store.pods_of(&set.metadata.uid) {
            if pod.metadata.deletion_timestamp.is_none()
                && let Some((kind, message, image)) = of_pod(pod)
            {
                add(kind, &message, &image, 1);
            }
        }
    }
    found
        .into_iter()
        .map(|((kind, message, image), pods)| Cause { kind, message, image, pods })
        .collect()
}

/// Why a pod is not ready, or not for long.
fn of_pod(pod: &Pod) -> Option<(CauseKind, String, String)> {
    let status = &pod.status;
    let unschedulable = status
        .conditions
        .iter()
        .find(|condition| &*condition.type_ == "PodScheduled" && &*condition.status == "False");
    if let Some(condition) = unschedulable {
        return Some((CauseKind::Unschedulable, condition.message.to_string(), String::new()));
    }
    let containers = || status.init_container_statuses.iter().chain(&status.container_statuses);
    containers().filter_map(of_container).min()
}

fn of_container(status: &ContainerStatus) -> Option<(CauseKind, String, String)> {
    let image = status.image.to_string();
    if let ContainerState::Waiting { reason, message } = &status.state {
        let kind = match &**reason {
            "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => {
                CauseKind::ImageMissing
            }
            "CrashLoopBackOff" => CauseKind::CrashLooping,
            "ContainerCreating" | "PodInitializing" => return None,
            _ => CauseKind::CannotStart,
        };
        // The message of a back-off names the pod and the wait: no two pods have the same.
        let message = match kind {
            CauseKind::CannotStart => format!("{reason}: {message}"),
            CauseKind::CrashLooping => exit_of(&status.last_state),
            _ => reason.to_string(),
        };
        return Some((kind, message, image));
    }
    match &status.state {
        ContainerState::Terminated { .. } if !status.ready => {
            Some((CauseKind::CrashLooping, exit_of(&status.state), image))
        }
        ContainerState::Running { .. } if status.restart_count > 0 => {
            Some((CauseKind::CrashLooping, exit_of(&status.last_state), image))
        }
        ContainerState::Running { .. } if !status.ready => {
            Some((CauseKind::NeverReady, String::new(), image))
        }
        _ => None,
    }
}

/// `exit code 1`, `exit code 137 OOMKilled`
fn exit_of(state: &ContainerState) -> String {
    let ContainerState::Terminated { exit_code, reason, .. } = state else { return String::new() };
    match &**reason {
        "" | "Error" | "Completed" => format!("exit code {exit_code}"),
        reason => format!("exit code {exit_code} {reason}"),
    }
}
