//! What a pod looks like at a moment: one word, from which its shape follows.

use rollscope_api::object::{ContainerState, Pod, PodPhase};
use rollscope_api::{SimDuration, SimTime};

/// The states the stage draws. The words are those of the `data-state` attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodState {
    /// It has no node yet, or its node has not begun.
    Pending,
    /// An image is being pulled.
    Pulling,
    /// The image is there and containers are being started.
    Starting,
    /// Containers run and the pod is not Ready.
    Running,
    /// Ready for less than `minReadySeconds`.
    Ready,
    /// Ready for long enough: it counts.
    Available,
    /// A container cannot be started or kept running.
    Crashing,
    /// Being deleted.
    Terminating,
    /// Phase Failed.
    Failed,
    /// Phase Succeeded.
    Succeeded,
}

impl PodState {
    /// In the order of a pod's life, as the legend shows them.
    pub const ALL: [Self; 10] = [
        Self::Pending,
        Self::Pulling,
        Self::Starting,
        Self::Running,
        Self::Ready,
        Self::Available,
        Self::Crashing,
        Self::Terminating,
        Self::Failed,
        Self::Succeeded,
    ];

    /// The word in `data-state` and in class names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Pulling => "pulling",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Available => "available",
            Self::Crashing => "crashing",
            Self::Terminating => "terminating",
            Self::Failed => "failed",
            Self::Succeeded => "succeeded",
        }
    }
}

/// A state, with how far it has got where that can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Which shape.
    pub state: PodState,
    /// Elapsed part of `minReadySeconds` or of the grace period, in twenty-fourths.
    pub progress: Option<u8>,
}

/// Steps of a progress ring; fine enough for the eye, coarse enough to redraw seldom.
const RING_STEPS: i64 = 24;

/// How a pod looks at `now`. `pulling` says whether the kubelet is pulling an image for it.
pub fn look(pod: &Pod, pulling: bool, min_ready: SimDuration, now: SimTime) -> Look {
    let plain = |state| Look { state, progress: None };
    if let Some(deadline) = pod.metadata.deletion_timestamp {
        let grace = SimDuration::from_secs(pod.metadata.deletion_grace_period_seconds.unwrap_or(0));
        let began = deadline.start() - grace;
        return Look { state: PodState::Terminating, progress: fraction(now - began, grace) };
    }
    match pod.status.phase {
        PodPhase::Failed => return plain(PodState::Failed),
        PodPhase::Succeeded => return plain(PodState::Succeeded),
        _ => {}
    }
    if let Some(since) = rollscope_sim::store::ready_since(pod) {
        let elapsed = now - since.start();
        if elapsed >= min_ready {
            return plain(PodState::Available);
        }
        return Look { state: PodState::Ready, progress: fraction(elapsed, min_ready) };
    }
    if is_crashing(pod) {
        return plain(PodState::Crashing);
    }
    if pod.status.phase == PodPhase::Running {
        return plain(PodState::Running);
    }
    if pod.node_name.is_none() {
        return plain(PodState::Pending);
    }
    plain(if pulling { PodState::Pulling } else { PodState::Starting })
}

fn fraction(elapsed: SimDuration, whole: SimDuration) -> Option<u8> {
    let (elapsed, whole) = (elapsed.as_micros(), whole.as_micros());
    (whole > 0).then(|| (elapsed.clamp(0, whole) * RING_STEPS / whole) as u8)
}

/// Whether a container waits for another attempt, or has just ended with an error.
fn is_crashing(pod: &Pod) -> bool {
    let statuses = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    statuses.into_iter().any(|status| match &status.state {
        ContainerState::Waiting { reason, .. } => {
            !matches!(&**reason, "" | "ContainerCreating" | "PodInitializing")
        }
        ContainerState::Terminated { exit_code, .. } => *exit_code != 0,
        ContainerState::Running { .. } | ContainerState::None => false,
    })
}

/// The reason a person would look for: `ImagePullBackOff`, `Completed`; nothing while all is well.
pub fn reason(pod: &Pod) -> Option<&str> {
    let statuses = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    let of_container = statuses.into_iter().find_map(|status| match &status.state {
        ContainerState::Waiting { reason, .. } if &**reason != "ContainerCreating" => {
            Some(&**reason)
        }
        ContainerState::Terminated { reason, .. } => Some(&**reason),
        _ => None,
    });
    let of_pod = (!pod.status.reason.is_empty()).then_some(pod.status.reason.as_str());
    of_container.or(of_pod).filter(|reason| !reason.is_empty())
}

/// How often containers of the pod were restarted, the most of any.
pub fn restarts(pod: &Pod) -> i32 {
    pod.status.container_statuses.iter().map(|status| status.restart_count).max().unwrap_or(0)
}
