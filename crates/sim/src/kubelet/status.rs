//! A pod's status as its kubelet reports it.
//!
//! Models `generateAPIPodStatus` and `convertToAPIContainerStatuses` in
//! `pkg/kubelet/kubelet_pods.go` and `UpdatePodStatus` in `pkg/kubelet/prober/prober_manager.go`.

use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_api::object::{ContainerState, ContainerStatus, Pod, PodStatus, no_text};

use super::agent::{Agent, Reported};
use super::conditions::conditions;
use super::phase::phase;
use super::probe::{ProbeKind, ProbeResult};
use super::runtime::{Exit, Record};
use super::spec::ContainerSpec;
use crate::words::word;

impl Agent {
    /// The status that follows from what was last seen of the runtime. `terminal`: all containers
    /// have stopped for good.
    pub(super) fn api_status(&self, pod: &Pod, now: SimTime, terminal: bool) -> PodStatus {
        let old = &pod.status;
        let mut status = PodStatus {
            observed_generation: pod.metadata.generation,
            message: old.message.clone(),
            reason: old.reason.clone(),
            host_ip: self.host_ips.first().map_or_else(no_text, |host| host.ip.clone()),
            host_ips: (!self.host_ips.is_empty()).then(|| self.host_ips.clone()),
            pod_ip: old.pod_ip.clone(),
            start_time: old.start_time.or(Some(now.timestamp())),
            qos_class: old.qos_class.clone(),
            init_container_statuses: self
                .spec
                .init()
                .map(|at| self.container_status(pod, at, &old.init_container_statuses))
                .collect(),
            container_statuses: self
                .spec
                .by_name
                .iter()
                .map(|at| self.container_status(pod, *at, &old.container_statuses))
                .collect(),
            ..PodStatus::default()
        };
        if self.runtime.sandbox_ready_at(self.seen) || self.spec.host_network {
            status.pod_ip = self.ip.clone();
        }
        status.phase =
            if old.phase.is_terminal() { old.phase } else { phase(&self.spec, &status, terminal) };
        self.fail_past_deadline(&mut status, now);
        let sandbox = self.runtime.sandbox_ready_at(self.seen);
        status.conditions = conditions(&self.spec, pod, &status, sandbox, now);
        status
    }

    fn container_status(&self, pod: &Pod, at: usize, old: &[ContainerStatus]) -> ContainerStatus {
        let spec = &self.spec.containers[at];
        let old = old.iter().find(|old| old.name == spec.name);
        let mut records = self.runtime.of(at, self.seen);
        let latest = records.next();
        let mut status = match latest {
            Some(record) => ContainerStatus {
                name: spec.name.clone(),
                state: self.state(record),
                last_state: records.next().map_or(ContainerState::None, |before| {
                    before
                        .exited_by(self.seen)
                        .map_or(ContainerState::None, |exit| terminated(before, exit))
                }),
                restart_count: record.attempt,
                image: spec.image.clone(),
                image_id: record.image_id.clone(),
                container_id: record.id.clone(),
                ..ContainerStatus::default()
            },
            None => self.unstarted(spec, old),
        };
        let done = spec.init && !spec.sidecar && is_done(&status);
        if !done
            && self.should_restart(pod, at)
            && let Some(failure) = &self.reasons[at]
        {
            let state = ContainerState::Waiting {
                reason: word(failure.reason),
                message: failure.message.clone(),
            };
            let before = std::mem::replace(&mut status.state, state);
            if matches!(before, ContainerState::Terminated { .. }) {
                status.last_state = before;
            }
        }
        self.set_started_and_ready(at, latest, &mut status);
        status
    }

    fn state(&self, record: &Record) -> ContainerState {
        match record.exited_by(self.seen) {
            Some(exit) => terminated(record, exit),
            None => ContainerState::Running { started_at: record.started.timestamp() },
        }
    }

    /// A container that was never started.
    fn unstarted(&self, spec: &ContainerSpec, old: Option<&ContainerStatus>) -> ContainerStatus {
        let reason = if self.spec.init_count > 0 {
            word!("PodInitializing")
        } else {
            word!("ContainerCreating")
        };
        ContainerStatus {
            name: spec.name.clone(),
            state: ContainerState::Waiting { reason, message: word!("") },
            last_state: old.map(|old| old.last_state.clone()).unwrap_or_default(),
            restart_count: old.map_or(0, |old| old.restart_count),
            image: spec.image.clone(),
            image_id: word!(""),
            container_id: word!(""),
            ..ContainerStatus::default()
        }
    }

    /// Models `ShouldContainerBeRestarted` in `pkg/kubelet/container/helpers.go`.
    pub(super) fn should_restart(&self, pod: &Pod, at: usize) -> bool {
        if pod.metadata.deletion_timestamp.is_some() {
            return false;
        }
        let Some(latest) = self.runtime.latest(at, self.seen) else { return true };
        let Some(exit) = latest.exited_by(self.seen) else { return false };
        self.spec.restarts_after(at, exit.code)
    }

    fn set_started_and_ready(
        &self,
        at: usize,
        latest: Option<&Record>,
        status: &mut ContainerStatus,
    ) {
        let spec = &self.spec.containers[at];
        let running = matches!(status.state, ContainerState::Running { .. });
        let attempt = latest.map(|record| record.attempt);
        let result = |kind| self.probe_result(at, kind, attempt);
        let started = running
            && match result(ProbeKind::Startup) {
                Some(result) => result == ProbeResult::Success,
                None => !(self.probing && spec.startup.is_some()),
            };
        status.started = Some(started);
        status.ready = if spec.init && !spec.sidecar {
            is_done(status)
        } else {
            started
                && !self.unready
                && match result(ProbeKind::Readiness) {
                    Some(result) => result == ProbeResult::Success,
                    None => !(self.probing && spec.readiness.is_some()),
                }
        };
    }

    /// Remembers of which containers a status speaks, for the probes.
    pub(super) fn remember_reported(&mut self, status: &PodStatus) {
        let statuses = status.init_container_statuses.iter().chain(&status.container_statuses);
        for status in statuses {
            let containers = &self.spec.containers;
            let Some(at) = containers.iter().position(|spec| spec.name == status.name) else {
                continue;
            };
            let started_at = match &status.state {
                ContainerState::Running { started_at } => Some(*started_at),
                _ => None,
            };
            self.reported[at] = (!status.container_id.is_empty()).then(|| Reported {
                attempt: status.restart_count,
                running: started_at.is_some(),
                started_at: started_at.unwrap_or_default(),
                started: status.started.unwrap_or_default(),
            });
        }
    }
}

fn is_done(status: &ContainerStatus) -> bool {
    matches!(status.state, ContainerState::Terminated { exit_code: 0, .. })
}

fn terminated(record: &Record, exit: &Exit) -> ContainerState {
    ContainerState::Terminated {
        exit_code: exit.code,
        signal: 0,
        reason: word(exit.reason),
        message: exit.message.clone(),
        started_at: Some(record.started.timestamp()),
        finished_at: Some(exit.at.timestamp()),
        container_id: record.id.clone(),
    }
}

/// What becomes of the statuses of containers that were never seen to end, once the pod has. Models
/// `TerminatePod` in `pkg/kubelet/status/status_manager.go`.
pub(super) fn terminate_statuses(agent: &Agent, status: &mut PodStatus) {
    let lost = || ContainerState::Terminated {
        exit_code: 137,
        signal: 0,
        reason: word!("ContainerStatusUnknown"),
        message: word!("The container could not be located when the pod was terminated"),
        started_at: None,
        finished_at: None,
        container_id: Rc::from(""),
    };
    let has_ended =
        |status: &ContainerStatus| matches!(status.state, ContainerState::Terminated { .. });
    let was_started = |status: &ContainerStatus| {
        !matches!(status.state, ContainerState::Waiting { .. } | ContainerState::None)
            || !matches!(status.last_state, ContainerState::None)
    };
    if agent.has_initialized(status) {
        let open = status.container_statuses.iter_mut().filter(|status| !has_ended(status));
        open.for_each(|status| status.state = lost());
    }
    // Init containers after the last one that was started never had their turn.
    let inits = &mut status.init_container_statuses;
    let tried = inits.iter().rposition(was_started).map_or(0, |last| last + 1);
    let open = inits[..tried].iter_mut().filter(|status| !has_ended(status));
    open.for_each(|status| status.state = lost());
    if !status.phase.is_terminal() {
        status.phase = rollscope_api::object::PodPhase::Failed;
    }
}

impl Agent {
    /// Models `hasPodInitialized` in `pkg/kubelet/status/status_manager.go`.
    fn has_initialized(&self, status: &PodStatus) -> bool {
        if self.spec.init_count == 0 {
            return true;
        }
        let moved = |status: &ContainerStatus| {
            !matches!(status.last_state, ContainerState::None)
                || matches!(
                    status.state,
                    ContainerState::Running { .. } | ContainerState::Terminated { .. }
                )
        };
        status.container_statuses.iter().any(moved)
            || status.init_container_statuses.last().is_some_and(|last| {
                is_done(last)
                    || self.spec.containers[self.spec.init_count - 1].sidecar
                        && last.started == Some(true)
            })
    }
}
