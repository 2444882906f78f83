//! A pod's phase. Models `getPhase` in `pkg/kubelet/kubelet_pods.go`.

use rollscope_api::object::{ContainerState, ContainerStatus, PodPhase, PodStatus};

use super::spec::PodSpec;

#[derive(Default)]
struct Counts {
    running: usize,
    waiting: usize,
    stopped: usize,
    succeeded: usize,
    unknown: usize,
}

/// The phase that follows from the containers' statuses. `terminal`: they have stopped for good.
pub(super) fn phase(spec: &PodSpec, status: &PodStatus, terminal: bool) -> PodPhase {
    let inits = &status.init_container_statuses;
    let of = |at: usize| inits.iter().find(|status| status.name == spec.containers[at].name);
    let (mut pending, mut pending_sidecars, mut failed) = (0, 0, 0);
    let mut counts = Counts::default();
    for at in spec.init() {
        let sidecar = spec.containers[at].sidecar;
        match (of(at), sidecar) {
            (Some(status), true) => count_sidecar(status, &mut counts, &mut pending_sidecars),
            (None, true) => counts.unknown += 1,
            (Some(status), false) => match ended(status) {
                Some(0) => {}
                Some(code) => failed += usize::from(!spec.restarts_after(at, code)),
                None => pending += 1,
            },
            (None, false) => pending += 1,
        }
    }
    for status in &status.container_statuses {
        count_regular(status, &mut counts);
    }
    if failed > 0 {
        return PodPhase::Failed;
    }
    let any_started = status.container_statuses.iter().any(|status| {
        status.started == Some(true)
            || ended(status).is_some()
            || matches!(status.state, ContainerState::Running { .. })
    });
    let starting = pending > 0 || pending_sidecars > 0 && !any_started || counts.waiting > 0;
    match counts {
        _ if starting => PodPhase::Pending,
        Counts { running, unknown: 0, .. } if running > 0 => PodPhase::Running,
        Counts { running: 0, unknown: 0, stopped, succeeded, .. } if stopped > 0 => {
            let restarts = !terminal && any_restarts(spec, status);
            match (restarts, stopped == succeeded) {
                (true, _) => PodPhase::Running,
                (false, true) => PodPhase::Succeeded,
                (false, false) => PodPhase::Failed,
            }
        }
        _ => PodPhase::Pending,
    }
}

/// Whether any of the containers that have ended is started again.
fn any_restarts(spec: &PodSpec, status: &PodStatus) -> bool {
    spec.regular().any(|at| {
        let name = &spec.containers[at].name;
        let mut named = status.container_statuses.iter().filter(|status| status.name == *name);
        named.next().and_then(ended).is_some_and(|code| spec.restarts_after(at, code))
    })
}

/// The code a container ended with, if it has ended and does not run again.
fn ended(status: &ContainerStatus) -> Option<i32> {
    let code = |state: &ContainerState| match state {
        ContainerState::Terminated { exit_code, .. } => Some(*exit_code),
        _ => None,
    };
    match &status.state {
        ContainerState::Waiting { .. } => code(&status.last_state),
        state => code(state),
    }
}

fn count_sidecar(status: &ContainerStatus, counts: &mut Counts, pending: &mut usize) {
    match &status.state {
        ContainerState::Running { .. } => {
            counts.running += 1;
            *pending += usize::from(status.started != Some(true));
        }
        ContainerState::Terminated { .. } => {}
        ContainerState::Waiting { .. } if ended(status).is_some() => {}
        ContainerState::Waiting { .. } => {
            *pending += 1;
            counts.waiting += 1;
        }
        ContainerState::None => {
            *pending += 1;
            counts.unknown += 1;
        }
    }
}

fn count_regular(status: &ContainerStatus, counts: &mut Counts) {
    match &status.state {
        ContainerState::Running { .. } => counts.running += 1,
        ContainerState::Terminated { exit_code, .. } => {
            counts.stopped += 1;
            counts.succeeded += usize::from(*exit_code == 0);
        }
        ContainerState::Waiting { .. } if ended(status).is_some() => counts.stopped += 1,
        ContainerState::Waiting { .. } => counts.waiting += 1,
        ContainerState::None => counts.unknown += 1,
    }
}
