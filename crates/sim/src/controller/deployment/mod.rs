//! The deployment controller. Models `pkg/controller/deployment/deployment_controller.go`.

pub mod annotations;
pub mod conditions;
mod decision;
pub mod fenceposts;
mod progress;
mod recreate;
mod replica_sets;
mod rollback;
mod rolling;
mod scale;
mod status;
mod sync;
#[cfg(test)]
mod tests;
mod watch;

use std::rc::Rc;

use rollscope_api::Status;
use rollscope_api::object::{Deployment, ObjectReference, ReplicaSet, StrategyType};

use crate::core::Core;
use crate::recorder::Report;
use crate::sim_event::Work;
use crate::store::{Key, UidNumber};

use sync::Scaling;

pub use decision::{Chosen, Decided, Decision, DecisionLog, VictimRule};
pub(crate) use replica_sets::TemplateMatches;
pub use replica_sets::equal_ignore_hash;
pub(crate) use watch::{deployment_written, pod_deleted, replica_set_deleted, replica_set_written};

const COMPONENT: &str = "deployment-controller";
/// A key is dropped after so many failures in a row, until something changes.
const MAX_RETRIES: u32 = 15;

/// The ReplicaSets of a Deployment as one sync sees them.
pub(crate) struct Sets {
    /// The one whose template is the Deployment's.
    pub(crate) new: Option<Rc<ReplicaSet>>,
    /// All others, oldest first.
    pub(crate) old: Vec<Rc<ReplicaSet>>,
}

impl Sets {
    /// Old ones, then the new one.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Rc<ReplicaSet>> {
        self.old.iter().chain(&self.new)
    }
}

/// A worker handles one key: the outcome decides when it is looked at again.
/// Models `processNextWorkItem` and `handleErr`.
pub(crate) fn process(core: &mut Core, key: &Key) {
    let work = Work::Deployment(key.clone());
    match sync_deployment(core, key) {
        Ok(()) => core.work.forget(&work),
        Err(status) if is_namespace_terminating(&status) => core.work.forget(&work),
        Err(_) if core.work.failures(&work) < MAX_RETRIES => core.enqueue_rate_limited(work),
        Err(_) => core.work.forget(&work),
    }
}

fn is_namespace_terminating(status: &Status) -> bool {
    status.message.contains("because it is being terminated")
}

/// Brings a Deployment one step closer to what it asks for. Models `syncDeployment`.
fn sync_deployment(core: &mut Core, key: &Key) -> Result<(), Status> {
    let Some(stored) = core.store.deployment(key).cloned() else {
        return Ok(());
    };
    // The copy that this sync works on; it keeps the resourceVersion it was read at.
    let mut deployment = Deployment::clone(&stored);
    let claimed = replica_sets::claim(core, &deployment)?;
    let d = &mut deployment;
    if d.metadata.deletion_timestamp.is_some() {
        return sync::sync_status_only(core, d, &claimed);
    }
    sync::check_paused_conditions(core, d)?;
    if d.spec.paused {
        return sync::sync(core, d, &claimed);
    }
    if let Some(revision) = rollback::target(d) {
        return rollback::rollback(core, d, &claimed, revision);
    }
    let settled = match sync::is_scaling_event(core, d, &claimed)? {
        Scaling::Yes => return sync::sync(core, d, &claimed),
        Scaling::No(settled) => settled,
    };
    match d.spec.strategy.type_ {
        StrategyType::Recreate => recreate::rollout_recreate(core, d, &claimed, settled),
        StrategyType::RollingUpdate => rolling::rollout_rolling(core, d, &claimed, settled),
    }
}

/// An Event about a Deployment.
fn report(
    core: &mut Core,
    deployment: &Deployment,
    type_: &'static str,
    reason: &'static str,
    message: Rc<str>,
) {
    let object = ObjectReference {
        kind: word!("Deployment"),
        namespace: deployment.metadata.namespace.clone(),
        name: deployment.metadata.name.clone(),
        uid: deployment.metadata.uid.clone(),
        api_version: word!("apps/v1"),
        resource_version: deployment.metadata.resource_version,
        field_path: word!(""),
    };
    core.record(&Report { component: COMPONENT, host: word!(""), object, type_, reason, message });
}

/// Whether any pod of a ReplicaSet is there and not finished.
fn has_unfinished_pods(core: &Core, set: &ReplicaSet) -> bool {
    let pods = core.store.owned_pods(UidNumber::of(&set.metadata.uid));
    pods.is_some_and(|pods| pods.active() + pods.terminating() > 0)
}
