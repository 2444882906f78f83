//! Who hears of what: the event handlers that the components register with their informers.

use std::rc::Rc;

use rollscope_api::SimDuration;
use rollscope_api::object::Pod;

use crate::core::Core;
use crate::options::{Pace, Termination};
use crate::sim_event::SimEvent;
use crate::store::{Life, PodFacts, PodId, PodWrite};

/// How long a kubelet or the scheduler takes to hear of a change.
const WATCH_LATENCY: SimDuration = SimDuration::from_millis(2);

/// A pod was created or changed.
pub(crate) fn pod_written(core: &mut Core, id: PodId, write: &PodWrite) {
    tell_finished(core, id, write);
}

/// A pod that finishes frees its place on the node.
fn tell_finished(core: &mut Core, id: PodId, write: &PodWrite) {
    let finished =
        |facts: &Option<PodFacts>| facts.as_ref().is_some_and(|facts| facts.life == Life::Finished);
    if core.pace == Pace::Live && finished(&write.after) && !finished(&write.before) {
        core.queue.enqueue_at(core.now + WATCH_LATENCY, SimEvent::PodChanged(id));
    }
}

/// A pod is gone.
pub(crate) fn pod_removed(core: &mut Core, id: PodId, _pod: &Rc<Pod>, _write: &PodWrite) {
    if core.pace == Pace::Live {
        core.queue.enqueue_at(core.now + WATCH_LATENCY, SimEvent::PodRemoved(id));
        wake_scheduler(core);
    }
}

/// The kubelet of a pod's node will hear that somebody else changed the pod.
pub(crate) fn tell_kubelet(core: &mut Core, id: PodId) {
    let bound = core.store.pod(id).is_some_and(|pod| pod.node_name.is_some());
    if core.pace == Pace::Live && bound {
        core.queue.enqueue_at(core.now + WATCH_LATENCY, SimEvent::PodChanged(id));
    }
}

/// Pods appeared or left, or nodes changed: pods without a node may find one.
pub(crate) fn wake_scheduler(core: &mut Core) {
    let waiting = core.store.unbound_pods().next().is_some();
    if core.pace == Pace::Live && waiting && !core.scheduler_woken {
        core.scheduler_woken = true;
        core.queue.enqueue_at(core.now + WATCH_LATENCY, SimEvent::Schedule);
    }
}

/// Where nodes are played, a pod's deletion ends at once unless it is to be told.
pub(crate) fn play_termination(core: &mut Core, id: PodId) {
    if core.pace == (Pace::Stepped { termination: Termination::Auto }) {
        core.queue.enqueue_at(core.now + SimDuration::from_millis(5), SimEvent::Terminate(id));
    }
}
