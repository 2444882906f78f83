//! Machines that are lost, that come back, and new ones.

use std::rc::Rc;

use super::{Memory, NodeAgents, Timer, Turn};
use crate::store::PodId;
use crate::traffic::What;
use crate::{Ctx, SimEvent};

/// The network of a machine is cut: its kubelet hears and says nothing, and nothing comes from its
/// pods. Their processes go on, and end where they were going to.
pub(crate) fn machine_lost(agents: &mut NodeAgents, ctx: &mut Ctx<'_>, name: &str) {
    let memory = Rc::make_mut(&mut agents.0);
    let name: Rc<str> = name.into();
    Rc::make_mut(memory.node(ctx, &name)).lost = true;
    memory.any_lost = true;
    let now = ctx.now();
    for id in pods_on(ctx, &name) {
        ctx.core.traffic.journal.happened(id, now, What::NodeLost);
    }
    ctx.core.traffic.nodes_lost(agents);
}

/// Whether nothing is heard of a machine.
pub(crate) fn is_lost(agents: &NodeAgents, name: &str) -> bool {
    agents.0.nodes.get(name).is_some_and(|node| node.lost)
}

/// The network is back: the kubelet looks at all its pods, and hears what it has missed.
pub(crate) fn machine_recovered(agents: &mut NodeAgents, ctx: &mut Ctx<'_>, name: &str) {
    let memory = Rc::make_mut(&mut agents.0);
    if let Some(node) = memory.nodes.get_mut(name) {
        Rc::make_mut(node).lost = false;
    }
    let now = ctx.now();
    for id in pods_on(ctx, name) {
        memory.turn(ctx, id, |turn| turn.wake());
        ctx.enqueue_at(now, SimEvent::PodChanged(id));
    }
}

/// A machine joins under a name that another may have had: it knows nothing of the pods that were
/// bound to that one, and starts them anew.
pub(crate) fn machine_added(agents: &mut NodeAgents, ctx: &mut Ctx<'_>, name: &str) {
    let memory = Rc::make_mut(&mut agents.0);
    memory.nodes.remove(name);
    memory.agents.retain(|_, agent| *agent.node != *name);
    ctx.processes_changed();
    let now = ctx.now();
    for id in pods_on(ctx, name) {
        ctx.enqueue_at(now, SimEvent::PodChanged(id));
    }
}

fn pods_on(ctx: &Ctx<'_>, node: &str) -> Vec<PodId> {
    ctx.listers().pods_on_node(node).map(|(id, _)| id).collect()
}

impl Memory {
    /// Whether the kubelet of a pod is not heard of.
    pub(super) fn is_silent(&self, id: PodId) -> bool {
        self.any_lost && self.agents.get(&id).is_some_and(|agent| self.is_lost(agent))
    }
}

impl Turn<'_, '_> {
    /// Timers whose time came while nothing was heard are due now.
    fn wake(&mut self) {
        if self.agent.step_at.is_some_and(|at| at <= self.now) {
            self.agent.step_at = Some(self.now);
            self.enqueue_at(self.now, Timer::Step);
        }
        for worker in &mut self.agent.probes {
            worker.forget_answer();
        }
        self.rearm_probes();
        if !self.agent.busy() {
            self.request_sync(self.now);
        }
    }
}
