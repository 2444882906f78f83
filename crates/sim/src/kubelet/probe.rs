//! Probe workers: one for every probe of every container.
//!
//! A worker runs at every period, and at once when a sync finds a started container whose
//! readiness is still open. Ticks at which nothing could change are left out: that a worker slept
//! through a hundred good answers cannot be told from its having asked.
//! Models `pkg/kubelet/prober/{worker,prober_manager}.go`.

use rollscope_api::object::{ContainerStatus, PodStatus};
use rollscope_api::{SimDuration, SimTime};

use super::agent::Agent;
use super::answer::{Answer, Asked, answer, next_change};
use super::conditions::conditions;
use super::spec::Probe;
use super::{Timer, Turn};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProbeKind {
    Startup,
    Readiness,
    Liveness,
}

impl ProbeKind {
    /// As messages name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Startup => "startup",
            Self::Readiness => "readiness",
            Self::Liveness => "liveness",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Startup => "Startup",
            Self::Readiness => "Readiness",
            Self::Liveness => "Liveness",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProbeResult {
    Unknown,
    Success,
    Failure,
}

/// The worker of one probe.
#[derive(Clone, Debug)]
pub(super) struct ProbeWorker {
    pub(super) container: usize,
    pub(super) kind: ProbeKind,
    /// Ticks come at multiples of the period from here.
    base: SimTime,
    pub(super) next_at: Option<SimTime>,
    /// The container of that many restarts is the one that is being probed.
    attempt: Option<i32>,
    result: ProbeResult,
    last: Option<ProbeResult>,
    run: i64,
    on_hold: bool,
    /// An answer that is on its way.
    waiting_for: Option<Answer>,
}

impl ProbeWorker {
    /// Whether the worker's next turn tells anything of a container that has ended: its result
    /// becomes a failure, unless there was one.
    fn hears_of_end(&self, attempt: i32) -> bool {
        self.attempt != Some(attempt) || !self.on_hold && self.result != ProbeResult::Failure
    }

    /// An answer that was on its way will not come.
    pub(super) fn forget_answer(&mut self) {
        self.waiting_for = None;
    }
}

impl Agent {
    /// What is known of the container of that many restarts; `None` if it was not probed yet, or
    /// has no such probe.
    pub(super) fn probe_result(
        &self,
        container: usize,
        kind: ProbeKind,
        attempt: Option<i32>,
    ) -> Option<ProbeResult> {
        let mut workers = self.probes.iter();
        let worker = workers.find(|known| known.container == container && known.kind == kind)?;
        (worker.attempt.is_some() && worker.attempt == attempt).then_some(worker.result)
    }

    fn probe_spec(&self, worker: &ProbeWorker) -> Option<&Probe> {
        let container = &self.spec.containers[worker.container];
        match worker.kind {
            ProbeKind::Startup => container.startup.as_ref(),
            ProbeKind::Readiness => container.readiness.as_ref(),
            ProbeKind::Liveness => container.liveness.as_ref(),
        }
    }
}

impl Turn<'_, '_> {
    /// From now on the pod is probed. Models `AddPod`.
    pub(super) fn add_probes(&mut self) {
        if self.agent.probing || !self.agent.spec.has_probes {
            return;
        }
        self.agent.probing = true;
        let spec = self.agent.spec.clone();
        for (container, of) in spec.containers.iter().enumerate() {
            let kinds = [
                (ProbeKind::Startup, &of.startup),
                (ProbeKind::Readiness, &of.readiness),
                (ProbeKind::Liveness, &of.liveness),
            ];
            for (kind, _) in kinds.into_iter().filter(|(_, probe)| probe.is_some()) {
                self.agent.probes.push(ProbeWorker {
                    container,
                    kind,
                    base: self.now,
                    next_at: None,
                    attempt: None,
                    result: ProbeResult::Unknown,
                    last: None,
                    run: 0,
                    on_hold: false,
                    waiting_for: None,
                });
            }
        }
    }

    /// Liveness and startup probes end as the pod's termination begins.
    pub(super) fn stop_liveness_and_startup(&mut self) {
        self.agent.probes.retain(|worker| worker.kind == ProbeKind::Readiness);
    }

    /// No more probes. Models `RemovePod`.
    pub(super) fn remove_probes(&mut self) {
        self.agent.probes.clear();
    }

    /// A status was written: workers of running containers have something to do, and open
    /// readiness is asked for at once. Models the end of `UpdatePodStatus`.
    pub(super) fn trigger_probes(&mut self) {
        const AT_ONCE: SimDuration = SimDuration::from_millis(2);
        for index in 0..self.agent.probes.len() {
            let worker = &self.agent.probes[index];
            let Some(reported) = &self.agent.reported[worker.container] else { continue };
            if !reported.running {
                if worker.next_at.is_none() && worker.hears_of_end(reported.attempt) {
                    self.plan_next_tick(index);
                }
                continue;
            }
            let open = worker.kind == ProbeKind::Readiness
                && reported.started
                && (worker.attempt != Some(reported.attempt)
                    || worker.result != ProbeResult::Success);
            if open && worker.waiting_for.is_none() {
                let at = self.now + AT_ONCE;
                self.agent.probes[index].base = at;
                self.plan_probe(index, at);
            } else if worker.next_at.is_none() || worker.attempt != Some(reported.attempt) {
                self.plan_next_tick(index);
            }
        }
    }

    /// The world around the probes changed: what was left out may matter now.
    pub(super) fn rearm_probes(&mut self) {
        for index in 0..self.agent.probes.len() {
            if self.agent.probes[index].waiting_for.is_none() {
                self.plan_next_tick(index);
            }
        }
    }

    fn plan_probe(&mut self, index: usize, at: SimTime) {
        self.agent.probes[index].next_at = Some(at);
        self.enqueue_at(at, Timer::Probe(index as u8));
    }

    /// The first tick after `time`.
    fn tick_after(&self, index: usize, time: SimTime) -> Option<SimTime> {
        let worker = &self.agent.probes[index];
        let period = self.agent.probe_spec(worker)?.period.as_micros();
        let passed = (time - worker.base).as_micros().max(0);
        Some(worker.base + SimDuration::from_micros((passed / period + 1) * period))
    }

    fn plan_next_tick(&mut self, index: usize) {
        if let Some(at) = self.tick_after(index, self.now) {
            self.plan_probe(index, at);
        }
    }

    /// After an answer that changed nothing: the next tick at which an answer may be another.
    fn plan_next_change(&mut self, index: usize) {
        let worker = &self.agent.probes[index];
        let settled = worker.result == ProbeResult::Success && worker.last == Some(worker.result);
        if !settled {
            return self.plan_next_tick(index);
        }
        let change = self.agent.probe_spec(worker).and_then(|probe| {
            let record = self.agent.runtime.latest(worker.container, self.now)?;
            let image = &self.agent.spec.containers[worker.container].image;
            next_change(self.ctx.world(), probe, image, record, self.now)
        });
        let Some(change) = change else {
            self.agent.probes[index].next_at = None;
            return;
        };
        let just_before = change - SimDuration::from_micros(1);
        if let Some(at) = self.tick_after(index, just_before.max(self.now)) {
            self.plan_probe(index, at);
        }
    }

    /// A tick, or an answer. Models `doProbe`.
    pub(super) fn probe(&mut self, index: usize) {
        let Some(worker) = self.agent.probes.get_mut(index) else { return };
        if worker.next_at != Some(self.now) {
            return;
        }
        worker.next_at = None;
        if let Some(answer) = worker.waiting_for.take() {
            return self.answered(index, answer);
        }
        let Some(reported) = self.agent.reported[worker.container].clone() else { return };
        if worker.attempt != Some(reported.attempt) {
            worker.attempt = Some(reported.attempt);
            worker.on_hold = false;
            let initial = match worker.kind {
                ProbeKind::Startup => ProbeResult::Unknown,
                ProbeKind::Readiness => ProbeResult::Failure,
                ProbeKind::Liveness => ProbeResult::Success,
            };
            worker.result = initial;
            if worker.kind != ProbeKind::Liveness {
                self.sync_once_seen();
            }
        }
        let worker = &mut self.agent.probes[index];
        if worker.on_hold {
            return;
        }
        if !reported.running {
            let (container, kind) = (worker.container, worker.kind);
            if std::mem::replace(&mut worker.result, ProbeResult::Failure) != ProbeResult::Failure {
                self.result_changed(container, kind, ProbeResult::Failure);
            }
            return;
        }
        let worker = &self.agent.probes[index];
        let Some(probe) = self.agent.probe_spec(worker) else { return };
        let young = (self.now - reported.started_at.start()).as_secs() < probe.initial_delay;
        let startup = worker.kind == ProbeKind::Startup;
        if young || startup == reported.started {
            if !(startup && reported.started) {
                self.plan_next_tick(index);
            }
            return;
        }
        let Some(answer) = self.ask(index) else { return self.plan_next_tick(index) };
        if answer.takes == SimDuration::ZERO {
            return self.answered(index, answer);
        }
        let at = self.now + answer.takes;
        self.agent.probes[index].waiting_for = Some(answer);
        self.plan_probe(index, at);
    }

    /// `None` where nothing is left that could be asked.
    fn ask(&self, index: usize) -> Option<Answer> {
        let worker = &self.agent.probes[index];
        let container = &self.agent.spec.containers[worker.container];
        let record = self.agent.runtime.latest(worker.container, self.now)?;
        let probe = self.agent.probe_spec(worker)?;
        if !record.runs_at(self.now) {
            return None;
        }
        let denied = self.agent.unready && worker.kind == ProbeKind::Readiness;
        let asked = Asked {
            world: self.ctx.world(),
            kind: worker.kind,
            image: &container.image,
            record,
            ip: &self.agent.ip,
            denied,
            never_ready: container.rule.never_ready,
            now: self.now,
        };
        Some(answer(&asked, probe))
    }

    fn answered(&mut self, index: usize, answer: Answer) {
        let worker = &self.agent.probes[index];
        let (kind, container) = (worker.kind, worker.container);
        let outcome = match &answer.failure {
            None => ProbeResult::Success,
            Some(text) => {
                let message = format!("{} probe failed: {text}", kind.title());
                self.report_container(container, "Warning", "Unhealthy", message.into());
                ProbeResult::Failure
            }
        };
        let Some(probe) = self.agent.probe_spec(&self.agent.probes[index]) else { return };
        let threshold = match outcome {
            ProbeResult::Success => probe.success_threshold,
            _ => probe.failure_threshold,
        };
        let worker = &mut self.agent.probes[index];
        worker.run = if worker.last == Some(outcome) { worker.run + 1 } else { 1 };
        worker.last = Some(outcome);
        if worker.run < threshold {
            return self.plan_next_tick(index);
        }
        let changed = worker.result != outcome;
        worker.result = outcome;
        if kind == ProbeKind::Startup
            || kind == ProbeKind::Liveness && outcome == ProbeResult::Failure
        {
            worker.on_hold = true;
            worker.run = 0;
        } else {
            self.plan_next_change(index);
        }
        if changed {
            self.result_changed(container, kind, outcome);
        }
    }

    /// Models the probe cases of `syncLoopIteration`.
    fn result_changed(&mut self, container: usize, kind: ProbeKind, outcome: ProbeResult) {
        let success = outcome == ProbeResult::Success;
        match kind {
            ProbeKind::Readiness => self.set_container_readiness(container, success),
            ProbeKind::Startup => self.set_container_startup(container, success),
            ProbeKind::Liveness if success => return,
            ProbeKind::Liveness => {}
        }
        self.sync_once_seen();
    }

    /// Between two syncs. Models `SetContainerReadiness`.
    fn set_container_readiness(&mut self, container: usize, success: bool) {
        let ready = success && !self.agent.unready;
        let change = |status: &mut ContainerStatus| status.ready = ready;
        let Some(mut status) = self.changed_status(container, change) else { return };
        let Some(pod) = self.pod() else { return };
        let sandbox = self.agent.runtime.sandbox_ready_at(self.agent.seen);
        status.conditions = conditions(&self.agent.spec, pod, &status, sandbox, self.now);
        self.write_status(status);
    }

    /// Likewise; the conditions have to wait for the sync. Models `SetContainerStartup`.
    fn set_container_startup(&mut self, container: usize, started: bool) {
        let change = |status: &mut ContainerStatus| status.started = Some(started);
        if let Some(status) = self.changed_status(container, change) {
            self.write_status(status);
        }
        if let Some(reported) = &mut self.agent.reported[container] {
            reported.started = started;
        }
    }

    fn changed_status(
        &self,
        container: usize,
        change: impl FnOnce(&mut ContainerStatus),
    ) -> Option<PodStatus> {
        let name = &self.agent.spec.containers[container].name;
        let mut status: PodStatus = self.pod()?.status.clone();
        let all = status.init_container_statuses.iter_mut().chain(&mut status.container_statuses);
        let mut named = all.filter(|status| status.name == *name);
        change(named.next()?);
        Some(status)
    }
}
