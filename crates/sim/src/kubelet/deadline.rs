//! `spec.activeDeadlineSeconds`: how long a pod may be there at all.
//! Models `pkg/kubelet/active_deadline.go`.

use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_api::object::{Pod, PodPhase, PodStatus};

use super::Turn;
use super::agent::Agent;

const REASON: &str = "DeadlineExceeded";
const MESSAGE: &str = "Pod was active on the node longer than the specified deadline";

impl Agent {
    fn deadline(&self, status: &PodStatus) -> Option<SimTime> {
        Some(status.start_time?.start() + self.spec.active_deadline?)
    }

    fn is_past_deadline(&self, status: &PodStatus, now: SimTime) -> bool {
        self.deadline(status).is_some_and(|deadline| deadline <= now)
    }

    /// A pod that was there for too long has failed, whatever its containers do.
    pub(super) fn fail_past_deadline(&self, status: &mut PodStatus, now: SimTime) {
        if status.phase != PodPhase::Succeeded && self.is_past_deadline(status, now) {
            status.phase = PodPhase::Failed;
            status.reason = REASON.to_owned();
            status.message = MESSAGE.to_owned();
        }
    }
}

impl Turn<'_, '_> {
    /// It is said whenever the status is worked out.
    pub(super) fn report_deadline(&mut self) {
        let past = |pod: &Rc<Pod>| self.agent.is_past_deadline(&pod.status, self.now);
        if self.pod().is_some_and(past) {
            self.report_pod("Normal", REASON, MESSAGE.into());
        }
    }

    /// Whose deadline is over is looked for every second.
    pub(super) fn request_sync_at_deadline(&mut self) {
        let deadline = self.pod().and_then(|pod| self.agent.deadline(&pod.status));
        if let Some(deadline) = deadline.filter(|deadline| *deadline > self.now) {
            self.request_sync(self.relist_after(deadline));
        }
    }
}
