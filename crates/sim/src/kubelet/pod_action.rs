//! What a user can do to a running pod by hand.

use rollscope_api::Status;
use rollscope_api::object::ContainerState;

use super::agent::Stage;
use super::runtime::Exit;
use super::{NodeAgents, Turn};
use crate::Ctx;
use crate::store::PodId;
use std::rc::Rc;

/// An action upon one pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodAction {
    /// Deletes it through the API, with its own grace.
    Delete,
    /// Its readiness is denied until [`PodAction::Ready`].
    Unready,
    /// Its readiness is its probes' business again.
    Ready,
    /// The processes of its regular containers exit with code 1.
    Crash,
    /// Its kubelet ends it for want of memory: it fails and stays.
    Fail,
    /// It is evicted through the API, as by `kubectl drain`: deleted with its own grace.
    Evict,
}

/// Acts upon a pod. Returns whether there was anything to act upon.
///
/// # Errors
/// What the API says to a deletion.
pub(crate) fn act(
    agents: &mut NodeAgents,
    ctx: &mut Ctx<'_>,
    id: PodId,
    action: PodAction,
) -> Result<bool, Status> {
    match action {
        PodAction::Delete => return ctx.delete_pod(id, None).map(|()| true),
        PodAction::Evict => return ctx.evict_pod(id, None).map(|()| true),
        _ => {}
    }
    let memory = Rc::make_mut(&mut agents.0);
    let acted = memory.turn(ctx, id, |turn| match action {
        PodAction::Delete | PodAction::Evict => false,
        PodAction::Unready => turn.deny_readiness(true),
        PodAction::Ready => turn.deny_readiness(false),
        PodAction::Crash => turn.crash(),
        PodAction::Fail => turn.evict(),
    });
    Ok(acted.unwrap_or(false))
}

/// Whether readiness is denied to a pod by [`PodAction::Unready`].
pub(crate) fn is_readiness_denied(agents: &NodeAgents, id: PodId) -> bool {
    agents.0.agents.get(&id).is_some_and(|agent| agent.unready)
}

impl Turn<'_, '_> {
    fn deny_readiness(&mut self, denied: bool) -> bool {
        if self.agent.unready == denied || self.agent.stage != Stage::Sync {
            return false;
        }
        self.agent.unready = denied;
        self.rearm_probes();
        if !self.agent.busy() {
            self.request_sync(self.now);
        }
        true
    }

    fn crash(&mut self) -> bool {
        let now = self.now;
        let regular = self.agent.spec.regular();
        let mut crashed = false;
        for record in &mut self.agent.runtime.records {
            if regular.contains(&record.container) && record.runs_at(now) {
                record.exit = Some(Exit::new(now, 1));
                crashed = true;
            }
        }
        if crashed {
            self.ctx.processes_changed();
            self.sync_once_seen();
        }
        crashed
    }

    fn evict(&mut self) -> bool {
        if self.agent.stage != Stage::Sync {
            return false;
        }
        let using = self.pod().map(|pod| {
            let running = pod
                .status
                .container_statuses
                .iter()
                .find(|status| matches!(status.state, ContainerState::Running { .. }));
            running.or(pod.status.container_statuses.first()).map(|status| status.name.clone())
        });
        let container = using.flatten().unwrap_or_else(|| "".into());
        let message = format!(
            "The node was low on resource: memory. Threshold quantity: 100Mi, available: 68Mi. \
             Container {container} was using 180Mi, request is 0, has larger consumption of memory. "
        );
        self.report_pod("Warning", "Evicted", message.as_str().into());
        self.agent.evicted = Some(message.into());
        self.agent.stage = Stage::Terminating;
        self.sync_once_seen();
        true
    }
}
