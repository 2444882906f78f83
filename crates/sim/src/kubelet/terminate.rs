//! Stopping containers and pods.
//!
//! Models `killContainer` in `pkg/kubelet/kuberuntime/kuberuntime_container.go`,
//! `SyncTerminatingPod` and `SyncTerminatedPod` in `pkg/kubelet/kubelet.go`.

use std::rc::Rc;

use rollscope_api::object::{PodCondition, PodPhase};
use rollscope_api::{SimDuration, SimTime};

use super::Turn;
use super::agent::Stage;
use super::answer::hook;
use super::probe::ProbeKind;
use super::runtime::Exit;
use super::status::terminate_statuses;
use super::worker::{Op, SHORTEST, Step};
use crate::words::joined;

/// Even without grace a container gets this long after SIGTERM, in seconds.
const MINIMUM_GRACE: i64 = 2;

impl Turn<'_, '_> {
    /// A container that failed a probe goes, within that probe's grace or the pod's.
    pub(super) fn kill_failed(
        &mut self,
        container: usize,
        message: Rc<str>,
        probe: ProbeKind,
    ) -> Step {
        self.agent.acted = true;
        let spec = self.agent.spec.clone();
        let of = &spec.containers[container];
        let probe = match probe {
            ProbeKind::Startup => of.startup.as_ref(),
            ProbeKind::Liveness => of.liveness.as_ref(),
            ProbeKind::Readiness => None,
        };
        let grace = probe.and_then(|probe| probe.grace).unwrap_or(spec.grace);
        Step::Until(self.kill(container, message, grace, None))
    }

    /// Stops a running container: preStop hook, SIGTERM, SIGKILL. Returns when it will have ended.
    /// A sidecar waits until `turn` before it gets its SIGTERM.
    pub(super) fn kill(
        &mut self,
        container: usize,
        message: Rc<str>,
        mut grace: i64,
        turn: Option<SimTime>,
    ) -> SimTime {
        let running = self.agent.runtime.latest(container, self.now);
        let Some(running) = running.filter(|record| record.runs_at(self.now)) else {
            return self.now;
        };
        let age_ms = (self.now - running.started).as_millis();
        self.report_container(container, "Normal", "Killing", message);
        let spec = self.agent.spec.clone();
        let spec = &spec.containers[container];
        let rule = &spec.rule;
        let mut at = self.now;
        if let Some(handler) = spec.pre_stop.as_ref().filter(|_| grace > 0) {
            let answer = hook(self.ctx.world(), handler, &spec.image, &self.agent.ip, age_ms);
            let takes = answer.takes.min(SimDuration::from_secs(grace));
            if answer.failure.is_some() {
                let text = word!("PreStopHook failed");
                self.report_container(container, "Warning", "FailedPreStopHook", text);
            }
            at += takes;
            grace -= takes.as_secs();
        }
        if let Some(turn) = turn.filter(|turn| *turn > at && grace > 0) {
            let waits = (turn - at).min(SimDuration::from_secs(grace));
            at += waits;
            grace -= waits.as_secs();
        }
        let grace = SimDuration::from_secs(grace.max(MINIMUM_GRACE));
        let stop = self.draw("stop", rule.stop_ms);
        let exit = if rule.ignores_sigterm || stop > grace {
            Exit::new(at + grace, 137)
        } else {
            Exit::new(at + stop, rule.stop_exit_code)
        };
        let records = self.agent.runtime.records.iter_mut().rev();
        let mut of_it = records.filter(|record| record.container == container);
        let Some(record) = of_it.next() else { return self.now };
        record.sigterm = Some(at);
        record.end(exit);
        let end = record.exit.as_ref().map_or(self.now, |exit| exit.at);
        self.ctx.processes_changed();
        end
    }

    /// Stops all containers at once, sidecars after the others and in reverse order, and then the
    /// sandbox. Models `killPodWithSyncResult`.
    pub(super) fn kill_pod(&mut self) -> Step {
        self.agent.acted = true;
        let grace = self.grace();
        let spec = self.agent.spec.clone();
        let message = |at: usize| joined(["Stopping container ", &spec.containers[at].name]);
        let mut end = self.now + SHORTEST;
        let plain = spec.init().filter(|at| !spec.containers[*at].sidecar);
        for at in plain.chain(spec.regular()) {
            end = end.max(self.kill(at, message(at), grace, None));
        }
        let sidecars: Vec<usize> = spec.init().filter(|at| spec.containers[*at].sidecar).collect();
        for at in sidecars.into_iter().rev() {
            end = end.max(self.kill(at, message(at), grace, Some(end)));
        }
        self.agent.ops.push_front(Op::StopSandbox);
        Step::Until(end)
    }

    /// The object was removed without waiting for its containers: they are stopped all the same.
    pub(super) fn stop_orphans(&mut self) {
        let spec = self.agent.spec.clone();
        for at in 0..spec.containers.len() {
            let running = self.agent.runtime.latest(at, self.now);
            if running.is_some_and(|record| record.runs_at(self.now)) {
                let text = joined(["Stopping container ", &spec.containers[at].name]);
                self.report_container(at, "Normal", "Killing", text);
            }
        }
    }

    /// The grace of the pod's deletion, in seconds.
    fn grace(&self) -> i64 {
        if self.agent.evicted.is_some() {
            return 0;
        }
        let asked = self.pod().and_then(|pod| pod.metadata.deletion_grace_period_seconds);
        asked.unwrap_or(self.agent.spec.grace)
    }

    pub(super) fn sync_terminating_pod(&mut self) {
        let Some(pod) = self.pod() else { return };
        let mut status = self.agent.api_status(pod, self.now, false);
        if let Some(message) = self.agent.evicted.clone() {
            status.phase = PodPhase::Failed;
            status.reason = "Evicted".to_owned();
            status.message = message.to_string();
            if !status.conditions.iter().any(|known| &*known.type_ == "DisruptionTarget") {
                let condition = PodCondition {
                    type_: "DisruptionTarget".into(),
                    status: "True".into(),
                    observed_generation: pod.metadata.generation,
                    last_transition_time: Some(self.now.timestamp()),
                    reason: "TerminationByKubelet".into(),
                    message,
                };
                status.conditions.insert(0, Rc::new(condition));
            }
        }
        self.write_status(status);
        self.report_deadline();
        self.stop_liveness_and_startup();
        self.agent.ops.push_back(Op::KillPod);
        self.agent.ops.push_back(Op::Terminated);
        // The steps go on even where nothing is left to stop.
        self.agent.step_at = Some(self.now);
        self.step();
    }

    /// Nothing runs any more.
    pub(super) fn terminated(&mut self) {
        self.remove_probes();
        self.agent.seen = self.now;
        if let Some(pod) = self.pod() {
            let status = self.agent.api_status(pod, self.now, true);
            self.write_status(status);
            self.report_deadline();
        }
        self.agent.stage = Stage::Terminated;
        self.agent.last_sync = Some(self.now);
        self.sync_once_seen();
    }

    /// A second deletion shortened the grace: what still runs has less time.
    pub(super) fn shorten_grace(&mut self) {
        let grace = SimDuration::from_secs(self.grace().max(MINIMUM_GRACE));
        let deadline = self.now + grace;
        let mut end = self.now;
        for record in &mut self.agent.runtime.records {
            if record.runs_at(self.now) {
                record.end(Exit::new(deadline, 137));
                end = end.max(record.exit.as_ref().map_or(deadline, |exit| exit.at));
            }
        }
        self.ctx.processes_changed();
        let waits = self.agent.step_at.filter(|_| self.agent.stage == Stage::Terminating);
        if waits.is_some_and(|at| at > end) {
            self.agent.step_at = Some(end);
            self.enqueue_at(end, super::Timer::Step);
        }
    }

    /// Everything is cleaned up: the pod's last status, and the object goes if it is being
    /// deleted.
    pub(super) fn sync_terminated_pod(&mut self) {
        let Some(pod) = self.pod() else { return };
        let deleting = pod.metadata.deletion_timestamp.is_some();
        let mut status = pod.status.clone();
        terminate_statuses(self.agent, &mut status);
        let written = self.write_status(status);
        self.report_deadline();
        self.agent.stage = Stage::Finished;
        if let Some(address) = self.agent.address.take() {
            self.node.addresses.give_back(address);
        }
        if deleting && written {
            // The status is one request, the deletion the next.
            self.request_sync(self.now + SHORTEST);
        } else if deleting {
            self.ctx.remove_pod(self.id);
        }
    }
}
