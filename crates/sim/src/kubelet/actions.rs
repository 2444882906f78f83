//! What has to be done for a pod, given what is seen of its containers.
//!
//! Models `computePodActions` and `computeInitContainerActions` in
//! `pkg/kubelet/kuberuntime/{kuberuntime_manager,kuberuntime_container}.go`.

use rollscope_api::object::Pod;

use super::agent::Agent;
use super::probe::{ProbeKind, ProbeResult};
use super::runtime::Record;

/// A running container that has to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kill {
    pub(super) container: usize,
    pub(super) message: String,
    /// The probe that is to blame.
    pub(super) probe: ProbeKind,
}

/// What one sync does, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Actions {
    pub(super) kill_pod: bool,
    pub(super) create_sandbox: bool,
    pub(super) kill: Vec<Kill>,
    pub(super) start: Vec<usize>,
}

impl Agent {
    pub(super) fn compute_actions(&self, pod: &Pod) -> Actions {
        let mut actions = Actions::default();
        if !self.runtime.sandbox_ready_at(self.seen) {
            self.begin_anew(&mut actions);
            return actions;
        }
        let initialized = self.init_actions(&mut actions);
        if actions.kill_pod || !initialized {
            return actions;
        }
        let (mut kept, mut starts) = (0, 0);
        for at in self.spec.regular() {
            let latest = self.runtime.latest(at, self.seen);
            let Some(running) = latest.filter(|record| record.runs_at(self.seen)) else {
                if self.should_restart(pod, at) {
                    actions.start.push(at);
                    starts += 1;
                }
                continue;
            };
            let Some(probe) = self.failed_probe(at, running) else {
                kept += 1;
                continue;
            };
            let name = &self.spec.containers[at].name;
            let mut message = format!("Container {name} failed {} probe", probe.name());
            if self.spec.restarts_after_probe(at) {
                message.push_str(", will be restarted");
                actions.start.push(at);
                starts += 1;
            }
            actions.kill.push(Kill { container: at, message, probe });
        }
        if kept == 0 && starts == 0 {
            actions.kill_pod = true;
            actions.start.clear();
        }
        actions
    }

    /// Without a sandbox everything begins anew, unless the pod is not to run again.
    fn begin_anew(&self, actions: &mut Actions) {
        let ran = !self.runtime.records.is_empty();
        if self.runtime.sandbox.is_some() && ran && !self.spec.restarts_on_failure() {
            actions.kill_pod = true;
            return;
        }
        actions.create_sandbox = true;
        if self.spec.init_count > 0 {
            actions.start.push(0);
        } else {
            actions.start.extend(self.spec.regular());
        }
    }

    /// The liveness or startup probe that has failed for a container.
    fn failed_probe(&self, at: usize, record: &Record) -> Option<ProbeKind> {
        [ProbeKind::Liveness, ProbeKind::Startup].into_iter().find(|kind| {
            self.probe_result(at, *kind, Some(record.attempt)) == Some(ProbeResult::Failure)
        })
    }

    /// Returns whether the regular containers may run.
    fn init_actions(&self, actions: &mut Actions) -> bool {
        if self.spec.init_count == 0 {
            return true;
        }
        // Those that have ended may be of a sandbox before this one, and prove nothing.
        let runs = |at| self.runtime.latest(at, self.seen).is_some_and(|it| it.runs_at(self.seen));
        let mut initialized = self.spec.regular().any(runs);
        let mut later_initialized = initialized;
        let last = self.spec.init_count - 1;
        // From the last to the first: the last one that ran tells where initialization stands.
        for at in self.spec.init().rev() {
            let sidecar = self.spec.containers[at].sidecar;
            let Some(record) = self.runtime.latest(at, self.seen) else {
                if later_initialized && sidecar {
                    actions.start.push(at);
                }
                continue;
            };
            if later_initialized && !sidecar {
                continue;
            }
            match record.exited_by(self.seen) {
                None if sidecar => {
                    if let Some(started) = self.sidecar_running(actions, at, record)
                        && started
                    {
                        if at == last {
                            initialized = true;
                        } else if !later_initialized {
                            actions.start.push(at + 1);
                        }
                    }
                }
                None => {}
                Some(_) if sidecar => actions.start.push(at),
                Some(exit) if exit.code != 0 => {
                    if !self.spec.restarts_after(at, exit.code) {
                        actions.kill_pod = true;
                        actions.start.clear();
                        return false;
                    }
                    actions.start.push(at);
                }
                Some(_) if at == last => initialized = true,
                Some(_) => actions.start.push(at + 1),
            }
            later_initialized = true;
        }
        if !later_initialized {
            actions.start.push(0);
        }
        actions.start.reverse();
        initialized
    }

    /// Whether a running sidecar has started, so that what comes after it may; `None` if it is
    /// to be killed.
    fn sidecar_running(&self, actions: &mut Actions, at: usize, record: &Record) -> Option<bool> {
        let spec = &self.spec.containers[at];
        let failed = self.failed_probe(at, record);
        if let Some(probe) = failed {
            let name = &spec.name;
            let message = format!("Init container {name} failed {} probe", probe.name());
            actions.kill.push(Kill { container: at, message, probe });
            actions.start.push(at);
            return (probe == ProbeKind::Liveness).then_some(true);
        }
        if spec.startup.is_none() {
            return Some(true);
        }
        let result = self.probe_result(at, ProbeKind::Startup, Some(record.attempt));
        Some(result == Some(ProbeResult::Success))
    }
}
