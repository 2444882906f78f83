//! Which ReplicaSets belong to a Deployment, and which of them is the new one.
//! Models `ClaimReplicaSets` in `pkg/controller/controller_ref_manager.go` and `FindNewReplicaSet`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::object::{Deployment, ObjectMeta, PodTemplate, ReplicaSet};
use rollscope_api::order;
use rollscope_api::selector::label_selector_matches;
use rollscope_api::{Status, Value, equality};

use crate::controller::owner;
use crate::core::Core;
use crate::store::{Key, UidNumber};

/// The ReplicaSets of a Deployment, oldest first: those it owns, after releasing those that no
/// longer match and adopting orphans that do.
pub(super) fn claim(
    core: &mut Core,
    deployment: &Deployment,
) -> Result<Vec<Rc<ReplicaSet>>, Status> {
    let uid = UidNumber::of(&deployment.metadata.uid);
    let deleting = deployment.metadata.deletion_timestamp.is_some();
    let selected =
        |set: &ReplicaSet| label_selector_matches(&deployment.spec.selector, &set.metadata.labels);
    let near = |set: &&Rc<ReplicaSet>| set.metadata.namespace == deployment.metadata.namespace;
    let of = |owner| core.store.replica_sets_with(owner).filter(near).cloned();
    let orphans: Vec<Rc<ReplicaSet>> = of(UidNumber::NONE).collect();
    let mut claimed: Vec<Rc<ReplicaSet>> = of(uid).collect();
    claimed.retain(|set| {
        let stays = selected(set);
        if !stays && !deleting {
            core.release_replica_set(&Key::of(&set.metadata), &deployment.metadata.uid);
        }
        stays
    });
    for set in orphans {
        let wanted = !deleting && selected(&set) && set.metadata.deletion_timestamp.is_none();
        if wanted {
            let reference = owner::controller_of_deployment(&deployment.metadata);
            claimed.push(core.adopt_replica_set(&Key::of(&set.metadata), reference)?);
        }
    }
    sort_by_creation(&mut claimed);
    Ok(claimed)
}

/// Oldest first, then by name. Models `ReplicaSetsByCreationTimestamp`.
pub(super) fn sort_by_creation(sets: &mut [Rc<ReplicaSet>]) {
    order::sort_by(sets, |a, b| by_creation(&a.metadata).cmp(&by_creation(&b.metadata)));
}

fn by_creation(metadata: &ObjectMeta) -> (Option<rollscope_api::Timestamp>, &str) {
    (metadata.creation_timestamp, &metadata.name)
}

/// Which ReplicaSets' templates were found equal to their Deployment's, so that templates are
/// compared once and not in every sync. An answer holds while both templates are the same objects
/// in memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct TemplateMatches(BTreeMap<UidNumber, (PodTemplate, PodTemplate, bool)>);

impl TemplateMatches {
    pub(crate) fn forget(&mut self, uid: UidNumber) {
        self.0.remove(&uid);
    }

    fn matches(&mut self, set: &ReplicaSet, template: &PodTemplate) -> bool {
        let uid = UidNumber::of(&set.metadata.uid);
        let own = &set.spec.template;
        if let Some((known_own, known, equal)) = self.0.get(&uid)
            && Rc::ptr_eq(&known_own.0, &own.0)
            && Rc::ptr_eq(&known.0, &template.0)
        {
            return *equal;
        }
        let equal = equal_ignore_hash(&template.0, &own.0);
        self.0.insert(uid, (own.clone(), template.clone(), equal));
        equal
    }
}

/// Whether two templates are the same but for the label `pod-template-hash`.
/// Models `EqualIgnoreHash`.
pub fn equal_ignore_hash(a: &Value, b: &Value) -> bool {
    equality::equal_ignore_hash(a, b)
}

/// The oldest of `claimed` (which is sorted) whose template is the Deployment's.
/// Models `FindNewReplicaSet`.
pub(super) fn find_new(
    core: &mut Core,
    deployment: &Deployment,
    claimed: &[Rc<ReplicaSet>],
) -> Option<Rc<ReplicaSet>> {
    let template = &deployment.spec.template;
    claimed.iter().find(|set| core.template_matches.matches(set, template)).cloned()
}

/// All of `claimed` but `new`, oldest first. Models `FindOldReplicaSets`.
pub(super) fn find_old(
    claimed: &[Rc<ReplicaSet>],
    new: Option<&Rc<ReplicaSet>>,
) -> Vec<Rc<ReplicaSet>> {
    let is_new = |set: &Rc<ReplicaSet>| new.is_some_and(|new| new.metadata.uid == set.metadata.uid);
    claimed.iter().filter(|set| !is_new(set)).cloned().collect()
}
