//! Rollback by annotation, as clients of long ago asked for it.
//! Models `pkg/controller/deployment/rollback.go`.

use std::rc::Rc;

use rollscope_api::Status;
use rollscope_api::annotation::ROLLBACK_TO;
use rollscope_api::object::{Deployment, PodTemplate, ReplicaSet};

use super::annotations;
use super::{equal_ignore_hash, report, sync};
use crate::core::Core;

const REVISION_NOT_FOUND: &str = "DeploymentRollbackRevisionNotFound";
const TEMPLATE_UNCHANGED: &str = "DeploymentRollbackTemplateUnchanged";
const DONE: &str = "DeploymentRollback";

/// The revision asked for; 0 is the last one. Models `getRollbackTo`.
pub(super) fn target(d: &Deployment) -> Option<i64> {
    d.metadata.annotations.get(ROLLBACK_TO)?.parse().ok()
}

/// Models `rollback`.
pub(super) fn rollback(
    core: &mut Core,
    d: &mut Deployment,
    claimed: &[Rc<ReplicaSet>],
    revision: i64,
) -> Result<(), Status> {
    let sets = sync::get_all_replica_sets_and_sync_revision(core, d, claimed, true)?;
    let revision = match revision {
        0 => annotations::last_revision(sets.all()),
        revision => revision,
    };
    if revision == 0 {
        let message = "Unable to find last revision.".to_owned();
        report(core, d, "Warning", REVISION_NOT_FOUND, message.into());
        return clear(core, d);
    }
    let found = sets.all().find(|set| annotations::revision(&set.metadata) == Some(revision));
    let Some(set) = found.cloned() else {
        let message = "Unable to find the revision to rollback to.".to_owned();
        report(core, d, "Warning", REVISION_NOT_FOUND, message.into());
        return clear(core, d);
    };
    rollback_to_template(core, d, &set, revision)
}

/// Models `rollbackToTemplate`.
fn rollback_to_template(
    core: &mut Core,
    d: &mut Deployment,
    set: &ReplicaSet,
    revision: i64,
) -> Result<(), Status> {
    let name = d.metadata.name.clone();
    if equal_ignore_hash(&d.spec.template.0, &set.spec.template.0) {
        let message = format!(
            "The rollback revision contains the same template as current deployment {name:?}"
        );
        report(core, d, "Warning", TEMPLATE_UNCHANGED, message.into());
        return clear(core, d);
    }
    let mut template = serde_json::Value::clone(&set.spec.template.0);
    if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
        labels.remove("pod-template-hash");
    }
    Rc::make_mut(&mut d.spec).template = PodTemplate(Rc::new(template));
    annotations::set_deployment_annotations_to(d, set);
    let message = format!("Rolled back deployment {name:?} to revision {revision}");
    report(core, d, "Normal", DONE, message.into());
    clear(core, d)
}

/// Models `updateDeploymentAndClearRollbackTo`.
fn clear(core: &mut Core, d: &mut Deployment) -> Result<(), Status> {
    Rc::make_mut(&mut d.metadata.annotations).remove(ROLLBACK_TO);
    core.update_deployment(d)
}
