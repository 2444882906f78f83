//! The pod worker: it looks at a pod, does what has to be done step by step, and plans when to look
//! again.
//!
//! Models `SyncPod` in `pkg/kubelet/kubelet.go` and `pkg/kubelet/kuberuntime/kuberuntime_manager.go`
//! and `completeWork` in `pkg/kubelet/pod_workers.go`.

use std::rc::Rc;

use rollscope_api::object::PodStatus;
use rollscope_api::{SimDuration, SimTime};

use super::agent::{Failure, Stage};
use super::conditions::set_sandbox_ready;
use super::probe::ProbeKind;
use super::{Timer, Turn};

/// From a finished sync until what it did is seen: the pod alone is listed again at once.
const RELIST_LATENCY: SimDuration = SimDuration::from_millis(20);
/// What is done in a sync is not seen by the same sync, however fast it was.
pub(super) const SHORTEST: SimDuration = SimDuration::from_millis(1);
/// Until a failed sync is tried again.
const RETRY: SimDuration = SimDuration::from_secs(10);

/// A step of a sync. What takes time is two steps.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// A container that failed a probe is stopped.
    Kill {
        container: usize,
        message: Rc<str>,
        probe: ProbeKind,
    },
    /// All containers and the sandbox are stopped.
    KillPod,
    /// The containers have stopped: the sandbox goes.
    StopSandbox,
    CreateSandbox,
    SandboxUp,
    /// A container is to start.
    Start(usize),
    /// Its image has been pulled since then, or not.
    Pulled {
        container: usize,
        began: SimTime,
        pull: SimDuration,
        error: Option<Rc<str>>,
    },
    /// Its process starts.
    Run(usize),
    /// Its postStart hook has ended.
    PostStarted {
        container: usize,
        /// What the container waits for then.
        failure: Option<Rc<str>>,
    },
    /// All containers have stopped for good.
    Terminated,
}

/// Whether a step is over, or until when it takes.
pub(super) enum Step {
    Done,
    Until(SimTime),
}

impl Turn<'_, '_> {
    /// The worker's timer: it looks at the pod, unless it is busy.
    pub(super) fn sync(&mut self) {
        if self.agent.sync_at != Some(self.now) {
            return;
        }
        self.agent.sync_at = None;
        if self.agent.busy() {
            self.agent.pending = true;
            return;
        }
        self.agent.seen = self.now;
        self.agent.pending = false;
        self.agent.acted = false;
        self.agent.failed = None;
        self.agent.syncs += 1;
        match self.agent.stage {
            Stage::Sync => self.sync_pod(),
            Stage::Terminating => self.sync_terminating_pod(),
            Stage::Terminated => self.sync_terminated_pod(),
            Stage::Finished => self.ctx.remove_pod(self.id),
        }
    }

    /// The step under way is over.
    pub(super) fn step(&mut self) {
        if self.agent.step_at == Some(self.now) {
            self.agent.step_at = None;
            self.run_ops();
        }
    }

    fn sync_pod(&mut self) {
        let Some(pod) = self.pod() else { return };
        let status = self.agent.api_status(pod, self.now, false);
        let terminal = status.phase.is_terminal();
        self.write_status(status);
        self.report_deadline();
        if terminal {
            self.agent.stage = Stage::Terminating;
            self.request_sync(self.now);
            return;
        }
        self.request_sync_at_deadline();
        if !self.mount_volumes() {
            self.agent.last_sync = Some(self.now);
            return;
        }
        self.add_probes();
        self.trigger_probes();
        let Some(pod) = self.pod() else { return };
        let actions = self.agent.compute_actions(pod);
        let ops = &mut self.agent.ops;
        if actions.kill_pod {
            ops.push_back(Op::KillPod);
        }
        for kill in actions.kill {
            let (container, message) = (kill.container, kill.message.into());
            ops.push_back(Op::Kill { container, message, probe: kill.probe });
        }
        if actions.create_sandbox {
            if self.agent.runtime.sandbox.is_some() {
                let text = word!("Pod sandbox changed, it will be killed and re-created.");
                self.report_pod("Normal", "SandboxChanged", text);
            }
            self.agent.ops.push_back(Op::CreateSandbox);
        }
        self.agent.ops.extend(actions.start.into_iter().map(Op::Start));
        self.run_ops();
    }

    /// Does step after step until one takes time or nothing is left.
    fn run_ops(&mut self) {
        while let Some(op) = self.agent.ops.pop_front() {
            if let Step::Until(at) = self.perform(op)
                && at > self.now
            {
                self.agent.step_at = Some(at);
                self.enqueue_at(at, Timer::Step);
                return;
            }
        }
        self.finish_sync();
    }

    fn perform(&mut self, op: Op) -> Step {
        match op {
            Op::Kill { container, message, probe } => self.kill_failed(container, message, probe),
            Op::KillPod => self.kill_pod(),
            Op::StopSandbox => {
                self.agent.runtime.stopped = Some(self.now);
                Step::Done
            }
            Op::CreateSandbox => {
                self.agent.acted = true;
                self.agent.ops.push_front(Op::SandboxUp);
                let range = self.ctx.world().kubelet.sandbox_ms;
                Step::Until(self.now + self.draw("sandbox", range).max(SHORTEST))
            }
            Op::SandboxUp => {
                self.agent.runtime.sandbox = Some(self.now);
                self.agent.runtime.stopped = None;
                self.sandbox_ready();
                Step::Done
            }
            Op::Start(container) => self.start(container),
            Op::Pulled { container, began, pull, error } => {
                self.pulled(container, began, pull, error)
            }
            Op::Run(container) => self.run(container),
            Op::PostStarted { container, failure } => self.post_started(container, failure),
            Op::Terminated => {
                self.terminated();
                Step::Done
            }
        }
    }

    /// The network is there: said before images are pulled. Models `OnPodSandboxReady`.
    fn sandbox_ready(&mut self) {
        let now = self.now;
        let Some(pod) = self.pod() else { return };
        let mut status = pod.status.clone();
        if set_sandbox_ready(&mut status, now) {
            self.write_status(status);
        }
    }

    /// Remembers why a container could not be started.
    pub(super) fn fail(&mut self, container: usize, reason: &'static str, message: Rc<str>) {
        self.agent.acted = true;
        self.agent.reasons[container] = Some(Failure { reason, message });
        self.agent.failed.get_or_insert(None);
        // Init containers are started one by one: without this one the next may not start.
        let spec = &self.agent.spec.containers[container];
        if spec.init && !spec.sidecar {
            self.agent.ops.clear();
        }
    }

    fn finish_sync(&mut self) {
        self.agent.last_sync = Some(self.now);
        if self.agent.pending {
            self.agent.pending = false;
            self.sync_once_seen();
        }
        if self.agent.stage != Stage::Sync {
            return;
        }
        let changed = self.agent.runtime.changed(self.agent.seen, self.now);
        match self.agent.failed {
            Some(back_off) => {
                let sync = SimDuration::from_millis(i64::from(self.ctx.world().kubelet.sync_ms));
                let wait = back_off.map_or(RETRY, |end| end - self.now);
                let wait = wait.max(SimDuration::ZERO).min(sync);
                let jitter = self.jitter(wait);
                self.request_sync(self.now + wait + jitter);
                if changed {
                    self.request_sync(self.relist_after(self.now));
                }
            }
            None if self.agent.acted && changed => self.request_sync(self.now + RELIST_LATENCY),
            None => {}
        }
        if let Some(exit) = self.agent.runtime.next_exit(self.agent.seen) {
            self.request_sync(self.relist_after(exit));
        }
    }

    /// What is added to a wait. Models `wait.Jitter` with a factor of 0.5.
    fn jitter(&self, wait: SimDuration) -> SimDuration {
        match self.ctx.world().kubelet.retry_jitter_percent {
            Some(percent) => SimDuration::from_micros(wait.as_micros() * i64::from(percent) / 100),
            None => self.draw_micros("resync", wait.as_micros() / 2),
        }
    }

    /// Another sync is due once something newer than the last one has been seen of the pod. Models
    /// `GetNewerThan`.
    pub(super) fn sync_once_seen(&mut self) {
        if self.agent.busy() {
            self.agent.pending = true;
            return;
        }
        let seen = self.agent.last_sync.map_or(self.now, |last| self.relist_after(last));
        self.request_sync(seen.max(self.now));
    }

    /// The same, without waiting for one's turn where there is nothing to wait for.
    pub(super) fn sync_now_or_once_seen(&mut self) {
        let seen = self.agent.last_sync.map_or(self.now, |last| self.relist_after(last));
        if self.agent.busy() || seen > self.now {
            return self.sync_once_seen();
        }
        self.agent.sync_at = Some(self.now);
        self.sync();
    }

    /// The worker looks at the pod at `at`, if not earlier.
    pub(super) fn request_sync(&mut self, at: SimTime) {
        let at = at.max(self.now);
        if self.agent.sync_at.is_none_or(|known| known > at || known < self.now) {
            self.agent.sync_at = Some(at);
            self.enqueue_at(at, Timer::Sync);
        }
    }

    /// When all pods of the node are listed for the first time after `time`.
    pub(super) fn relist_after(&self, time: SimTime) -> SimTime {
        let period = i64::from(self.ctx.world().kubelet.relist_ms.max(1)) * 1_000;
        let first = self.node.relist_offset.as_micros();
        let passed = (time.as_micros() - first).div_euclid(period) + 1;
        SimTime::from_micros(first + passed * period)
    }

    /// Writes the pod's status if it is another one. Returns whether it was.
    pub(super) fn write_status(&mut self, status: PodStatus) -> bool {
        self.agent.remember_reported(&status);
        let same = self.pod().is_none_or(|pod| pod.status == status);
        if !same {
            self.ctx.update_pod_status(self.id, |stored| *stored = status);
        }
        !same
    }
}
