//! The pod garbage collector: pods whose node exists no more. Live pace only.
//! Models `gcOrphaned` in `pkg/controller/podgc/gc_controller.go`.

use rollscope_api::SimDuration;
use rollscope_api::object::PodPhase;

use crate::Pace;
use crate::core::Core;
use crate::sim_event::Work;
use crate::store::PodId;

/// `gcCheckPeriod`
const PERIOD_MICROS: i64 = 20_000_000;
/// `quarantineTime`: a node that is missing may only be new.
const QUARANTINE: SimDuration = SimDuration::from_secs(40);

/// A node is gone: it is missed at the next look, and after the quarantine at the next again.
pub(crate) fn node_removed(core: &mut Core) {
    if core.pace != Pace::Live {
        return;
    }
    let now = core.now.as_micros();
    let next_look = PERIOD_MICROS - now.rem_euclid(PERIOD_MICROS);
    let look_after = SimDuration::from_micros(next_look + PERIOD_MICROS) + QUARANTINE;
    core.enqueue_after(Work::PodGarbageCollection, look_after);
}

pub(crate) fn collect(core: &mut Core) {
    let orphans: Vec<PodId> = core
        .store
        .pods()
        .filter(|(_, pod)| {
            pod.node_name.as_deref().is_some_and(|node| core.store.node(node).is_none())
        })
        .map(|(id, _)| id)
        .collect();
    for id in orphans {
        core.disrupt_pod(id, "DeletionByPodGC", "PodGC: node no longer exists");
        core.update_pod_status(id, |status| {
            if !status.phase.is_terminal() {
                status.phase = PodPhase::Failed;
            }
        });
        // A pod that has just gone is what was wanted.
        let _ = core.delete_pod(id, Some(0));
    }
}
