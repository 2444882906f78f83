//! Revisions, the new ReplicaSet, pausing and history.
//! Models `pkg/controller/deployment/sync.go`.

use std::rc::Rc;

use rollscope_api::annotation::{DESIRED_REPLICAS, REVISION};
use rollscope_api::object::{Deployment, LabelSelector, ObjectMeta, PodTemplate, ReplicaSet};
use rollscope_api::object::{ReplicaSetSpec, ReplicaSetStatus};
use rollscope_api::order;
use rollscope_api::status::Reason;
use rollscope_api::{Status, hash};
use serde_json::{Map, Value};

use super::annotations::{
    self, non_negative, set_deployment_revision, set_new_replica_set_annotations,
};
use super::conditions::{self, PROGRESSING, condition, progress_deadline, reason};
use super::fenceposts::{max_surge, new_rs_new_replicas, replica_count};
use super::replica_sets::{find_new, find_old};
use super::{Decision, Sets, report, rollback, scale, status};
use crate::controller::owner;
use crate::core::Core;
use crate::store::{Key, UidNumber};
use crate::words::word;

const HASH_LABEL: &str = "pod-template-hash";
const MAX_NAME_LENGTH: usize = 253;

/// Only the status is brought up to date. Models `syncStatusOnly`.
pub(super) fn sync_status_only(
    core: &mut Core,
    d: &mut Deployment,
    claimed: &[Rc<ReplicaSet>],
) -> Result<(), Status> {
    let sets = get_all_replica_sets_and_sync_revision(core, d, claimed, false)?;
    status::sync_deployment_status(core, d, &sets)
}

/// What is done while paused and when scaled: sizes, but no rollout. Models `sync`.
pub(super) fn sync(
    core: &mut Core,
    d: &mut Deployment,
    claimed: &[Rc<ReplicaSet>],
) -> Result<(), Status> {
    let mut sets = get_all_replica_sets_and_sync_revision(core, d, claimed, false)?;
    if d.spec.paused {
        core.decide(d, || Decision::Paused);
    }
    scale::scale(core, d, &mut sets)?;
    if d.spec.paused && rollback::target(d).is_none() {
        cleanup_deployment(core, d, &sets.old)?;
    }
    status::sync_deployment_status(core, d, &sets)
}

/// Keeps a paused Deployment from being blamed for lack of progress. Models `checkPausedConditions`.
pub(super) fn check_paused_conditions(core: &mut Core, d: &mut Deployment) -> Result<(), Status> {
    if progress_deadline(d).is_none() {
        return Ok(());
    }
    let current = conditions::get(&d.status, PROGRESSING).map(|c| &*c.reason);
    let new = match (d.spec.paused, current) {
        (_, Some(reason::TIMED_OUT)) => return Ok(()),
        (true, current) if current != Some(reason::PAUSED) => {
            (reason::PAUSED, "Deployment is paused")
        }
        (false, Some(reason::PAUSED)) => (reason::RESUMED, "Deployment is resumed"),
        _ => return Ok(()),
    };
    let paused = condition(core.now, PROGRESSING, "Unknown", new.0, word(new.1));
    conditions::set(&mut d.status, paused);
    core.update_deployment_status(d)
}

/// The new and the old ReplicaSets, after revisions have been brought up to date.
/// Models `getAllReplicaSetsAndSyncRevision`.
pub(super) fn get_all_replica_sets_and_sync_revision(
    core: &mut Core,
    d: &mut Deployment,
    claimed: &[Rc<ReplicaSet>],
    create_if_not_existed: bool,
) -> Result<Sets, Status> {
    let existing = find_new(core, d, claimed);
    let old = find_old(claimed, existing.as_ref());
    let new_revision = annotations::max_revision(&old) + 1;
    let new = match existing {
        Some(existing) => Some(sync_new_replica_set(core, d, &existing, new_revision)?),
        None if create_if_not_existed => Some(create_new_replica_set(core, d, &old, new_revision)?),
        None => None,
    };
    Ok(Sets { new, old })
}

/// The first half of `getNewReplicaSet`: the new ReplicaSet exists.
fn sync_new_replica_set(
    core: &mut Core,
    d: &mut Deployment,
    existing: &Rc<ReplicaSet>,
    new_revision: i64,
) -> Result<Rc<ReplicaSet>, Status> {
    // Most often everything is as it should be, which is seen without a copy.
    if !annotations::new_replica_set_annotations_are_set(d, existing, new_revision)
        || existing.spec.min_ready_seconds != d.spec.min_ready_seconds
    {
        let mut copy = ReplicaSet::clone(existing);
        let annotations_updated = set_new_replica_set_annotations(d, &mut copy, new_revision);
        if annotations_updated || copy.spec.min_ready_seconds != d.spec.min_ready_seconds {
            return update_new_replica_set(core, d, existing, copy, new_revision);
        }
    }
    let revision = existing.metadata.annotations.get(REVISION);
    let mut needs_update = set_deployment_revision(d, revision.map_or("", String::as_str));
    if progress_deadline(d).is_some() && conditions::get(&d.status, PROGRESSING).is_none() {
        let message = format!("Found new replica set {:?}", existing.metadata.name);
        let found = condition(core.now, PROGRESSING, "True", reason::FOUND_NEW_RS, message.into());
        conditions::set(&mut d.status, found);
        needs_update = true;
    }
    if needs_update {
        core.update_deployment_status(d)?;
    }
    Ok(existing.clone())
}

fn update_new_replica_set(
    core: &mut Core,
    d: &Deployment,
    existing: &ReplicaSet,
    mut copy: ReplicaSet,
    new_revision: i64,
) -> Result<Rc<ReplicaSet>, Status> {
    let from_revision = annotations::revision(&existing.metadata).unwrap_or(0);
    if from_revision < new_revision {
        core.decide(d, || Decision::ReuseReplicaSet {
            replica_set: existing.metadata.name.clone(),
            from_revision,
            to_revision: new_revision,
        });
    }
    Rc::make_mut(&mut copy.spec).min_ready_seconds = d.spec.min_ready_seconds;
    core.update_replica_set(copy)
}

/// The second half of `getNewReplicaSet`: there is none, so it is created.
fn create_new_replica_set(
    core: &mut Core,
    d: &mut Deployment,
    old: &[Rc<ReplicaSet>],
    new_revision: i64,
) -> Result<Rc<ReplicaSet>, Status> {
    let mut set = new_replica_set(d);
    Rc::make_mut(&mut set.spec).replicas = new_rs_new_replicas(d, replica_count(old), 0);
    set_new_replica_set_annotations(d, &mut set, new_revision);
    let desired = d.spec.replicas;
    annotations::set_replicas_annotations(&mut set, desired, desired.saturating_add(max_surge(d)));
    let name = set.metadata.name.clone();
    let replicas = set.spec.replicas;
    let (created, already_exists) = match core.create_replica_set(set) {
        Ok(created) => (created, false),
        Err(status) if status.reason == Reason::AlreadyExists => {
            (existing_of_that_name(core, d, &name, status)?, true)
        }
        Err(status) if super::is_namespace_terminating(&status) => return Err(status),
        Err(status) => return Err(failed_to_create(core, d, &name, status)),
    };
    if !already_exists {
        core.decide(d, || Decision::CreateReplicaSet {
            replica_set: name.clone(),
            revision: new_revision,
            replicas,
        });
        if replicas > 0 {
            let message = format!("Scaled up replica set {name} from 0 to {replicas}");
            report(core, d, "Normal", "ScalingReplicaSet", message.into());
        }
    }
    let mut needs_update = set_deployment_revision(d, &new_revision.to_string());
    if !already_exists && progress_deadline(d).is_some() {
        let message = format!("Created new replica set {name:?}");
        let new = condition(core.now, PROGRESSING, "True", reason::NEW_REPLICA_SET, message.into());
        conditions::set(&mut d.status, new);
        needs_update = true;
    }
    if needs_update {
        core.update_deployment_status(d)?;
    }
    Ok(created)
}

/// The name is taken. Either somebody created this very ReplicaSet, or two templates have the same
/// hash: then the next sync tries another one.
fn existing_of_that_name(
    core: &mut Core,
    d: &mut Deployment,
    name: &str,
    status: Status,
) -> Result<Rc<ReplicaSet>, Status> {
    let key = Key::new(&d.metadata.namespace, name);
    let Some(existing) = core.store.replica_set(&key).cloned() else { return Err(status) };
    let mine = existing.metadata.controller().is_some_and(|owner| owner.uid == d.metadata.uid);
    if mine && super::equal_ignore_hash(&d.spec.template.0, &existing.spec.template.0) {
        return Ok(existing);
    }
    let count = d.status.collision_count.unwrap_or(0) + 1;
    core.decide(d, || Decision::HashCollision { replica_set: name.into(), collision_count: count });
    d.status.collision_count = Some(count);
    // The conflict that is returned brings the Deployment back, whether or not this was written.
    let _ = core.update_deployment_status(d);
    Err(status)
}

fn failed_to_create(core: &mut Core, d: &mut Deployment, name: &str, status: Status) -> Status {
    let message: Rc<str> =
        format!("Failed to create new replica set {name:?}: {}", status.message).into();
    if progress_deadline(d).is_some() {
        let failed =
            condition(core.now, PROGRESSING, "False", reason::FAILED_RS_CREATE, message.clone());
        conditions::set(&mut d.status, failed);
        // Upstream ignores whether this could be written: the creation is tried again anyway.
        let _ = core.update_deployment_status(d);
    }
    report(core, d, "Warning", reason::FAILED_RS_CREATE, message);
    status
}

/// The ReplicaSet for the Deployment's template, without size and annotations.
fn new_replica_set(d: &Deployment) -> ReplicaSet {
    let hash = hash::pod_template_hash(&d.spec.template.0, d.status.collision_count);
    let template = with_hash_label(&d.spec.template, &hash);
    let mut selector: LabelSelector = d.spec.selector.clone();
    Rc::make_mut(&mut selector.match_labels).insert(HASH_LABEL.to_owned(), hash.clone());
    ReplicaSet {
        metadata: ObjectMeta {
            name: replica_set_name(&d.metadata.name, &hash).into(),
            namespace: d.metadata.namespace.clone(),
            labels: Rc::new(template_labels(&template)),
            owner_references: vec![owner::controller_of_deployment(&d.metadata)],
            ..ObjectMeta::default()
        },
        spec: Rc::new(ReplicaSetSpec {
            replicas: 0,
            min_ready_seconds: d.spec.min_ready_seconds,
            selector,
            template,
        }),
        status: ReplicaSetStatus::default(),
    }
}

/// Models `generateReplicaSetName`.
fn replica_set_name(deployment: &str, hash: &str) -> String {
    let length = MAX_NAME_LENGTH - 1 - hash.len();
    let prefix = deployment.get(..length).unwrap_or(deployment);
    format!("{prefix}-{hash}")
}

fn with_hash_label(template: &PodTemplate, hash: &str) -> PodTemplate {
    let mut value = Value::clone(&template.0);
    if !value["metadata"]["labels"].is_object() {
        value["metadata"]["labels"] = Value::Object(Map::new());
    }
    value["metadata"]["labels"][HASH_LABEL] = hash.into();
    PodTemplate(Rc::new(value))
}

/// The labels that a template gives its pods.
pub(crate) fn template_labels(
    template: &PodTemplate,
) -> std::collections::BTreeMap<String, String> {
    crate::controller::string_map(&template.0["metadata"]["labels"])
}

/// Whether a Deployment was scaled.
pub(super) enum Scaling {
    Yes,
    /// With its ReplicaSets, where nothing had to be written when they were looked at: looking
    /// again, as upstream does, would find the same.
    No(Option<Sets>),
}

/// Whether `spec.replicas` changed since a ReplicaSet in use was last sized. Models `isScalingEvent`.
pub(super) fn is_scaling_event(
    core: &mut Core,
    d: &mut Deployment,
    claimed: &[Rc<ReplicaSet>],
) -> Result<Scaling, Status> {
    let before = core.store.version();
    let sets = get_all_replica_sets_and_sync_revision(core, d, claimed, false)?;
    let desired = d.spec.replicas;
    let scaled = |set: &Rc<ReplicaSet>| {
        let known = non_negative(set, DESIRED_REPLICAS);
        known.is_some_and(|known| known != desired)
    };
    if sets.all().filter(|set| set.spec.replicas > 0).any(scaled) {
        return Ok(Scaling::Yes);
    }
    let settled = sets.new.is_some() && core.store.version() == before;
    Ok(Scaling::No(settled.then_some(sets)))
}

/// Deletes old ReplicaSets beyond the history limit. Models `cleanupDeployment`.
pub(super) fn cleanup_deployment(
    core: &mut Core,
    d: &Deployment,
    old: &[Rc<ReplicaSet>],
) -> Result<(), Status> {
    let Some(limit) = d.spec.revision_history_limit.filter(|limit| *limit != i32::MAX) else {
        return Ok(());
    };
    let mut candidates: Vec<&Rc<ReplicaSet>> =
        old.iter().filter(|set| set.metadata.deletion_timestamp.is_none()).collect();
    let surplus = candidates.len() as i64 - i64::from(limit);
    if surplus <= 0 {
        return Ok(());
    }
    let order = |set: &ReplicaSet| (set.metadata.creation_timestamp, set.metadata.name.clone());
    order::sort_by(&mut candidates, |a, b| {
        let revisions = annotations::revision(&a.metadata).zip(annotations::revision(&b.metadata));
        let by_revision = revisions.map(|(a, b)| a.cmp(&b)).filter(|order| order.is_ne());
        by_revision.unwrap_or_else(|| order(a).cmp(&order(b)))
    });
    for set in candidates.into_iter().take(surplus as usize) {
        let in_use = set.status.replicas != 0
            || set.spec.replicas != 0
            || set.metadata.generation > set.status.observed_generation;
        if in_use {
            continue;
        }
        core.decide(d, || Decision::CleanupHistory {
            replica_set: set.metadata.name.clone(),
            revision: annotations::revision(&set.metadata).unwrap_or(0),
            limit,
        });
        core.delete_replica_set_by_controller(&Key::of(&set.metadata));
        core.template_matches.forget(UidNumber::of(&set.metadata.uid));
    }
    Ok(())
}
