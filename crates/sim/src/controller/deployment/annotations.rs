//! The annotations by which the deployment controller keeps its books.
//! Models the annotation functions of `pkg/controller/deployment/util/deployment_util.go`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::annotation::{
    DESIRED_REPLICAS, LAST_APPLIED, MAX_REPLICAS, REVISION, REVISION_HISTORY, ROLLBACK_TO,
};
use rollscope_api::object::{Deployment, ObjectMeta, ReplicaSet};

/// The revision history of a ReplicaSet grows no longer than this.
const MAX_HISTORY_CHARS: usize = 2_000;

/// Annotations that belong to one object and are not copied to the other.
fn is_skipped(key: &str) -> bool {
    [LAST_APPLIED, REVISION, REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, ROLLBACK_TO]
        .contains(&key)
}

/// The revision number: 0 where there is none, `None` where it is not a number.
pub fn revision(metadata: &ObjectMeta) -> Option<i64> {
    metadata.annotations.get(REVISION).map_or(Some(0), |text| text.parse().ok())
}

/// The highest revision among `sets`. Models `MaxRevision`.
pub fn max_revision<'a>(sets: impl IntoIterator<Item = &'a Rc<ReplicaSet>>) -> i64 {
    sets.into_iter().filter_map(|set| revision(&set.metadata)).fold(0, i64::max)
}

/// The second highest revision among `sets`. Models `LastRevision`.
pub fn last_revision<'a>(sets: impl IntoIterator<Item = &'a Rc<ReplicaSet>>) -> i64 {
    let (mut max, mut second) = (0, 0);
    for number in sets.into_iter().filter_map(|set| revision(&set.metadata)) {
        if number >= max {
            second = max;
            max = number;
        } else if number > second {
            second = number;
        }
    }
    second
}

/// Sets the Deployment's revision. Returns whether it changed. Models `SetDeploymentRevision`.
pub fn set_deployment_revision(deployment: &mut Deployment, revision: &str) -> bool {
    set(&mut deployment.metadata, REVISION, revision)
}

/// Sets an annotation. Returns whether it changed.
pub fn set(metadata: &mut ObjectMeta, key: &str, value: &str) -> bool {
    if metadata.annotations.get(key).is_some_and(|known| known == value) {
        return false;
    }
    Rc::make_mut(&mut metadata.annotations).insert(key.to_owned(), value.to_owned());
    true
}

/// Whether [`set_new_replica_set_annotations`] would change nothing.
pub fn new_replica_set_annotations_are_set(
    deployment: &Deployment,
    set_: &ReplicaSet,
    new_revision: i64,
) -> bool {
    let known = &set_.metadata.annotations;
    revision(&set_.metadata).is_some_and(|revision| revision >= new_revision)
        && deployment
            .metadata
            .annotations
            .iter()
            .all(|(key, value)| is_skipped(key) || known.get(key) == Some(value))
}

/// Brings a new ReplicaSet's annotations up to date. Returns whether any changed.
/// Models `SetNewReplicaSetAnnotations`.
pub fn set_new_replica_set_annotations(
    deployment: &Deployment,
    set_: &mut ReplicaSet,
    new_revision: i64,
) -> bool {
    let mut changed = copy_deployment_annotations(deployment, set_);
    let known = set_.metadata.annotations.get(REVISION).cloned();
    let number = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i64>().ok() };
    let Some(old_revision) = known.as_deref().map_or(Some(0), number) else {
        // Upstream reports `false` here, although annotations may have been copied.
        return false;
    };
    if old_revision < new_revision {
        set(&mut set_.metadata, REVISION, &new_revision.to_string());
        changed = true;
        if let Some(known) = known {
            append_history(&mut set_.metadata, &known);
        }
    }
    changed
}

fn append_history(metadata: &mut ObjectMeta, old: &str) {
    let history = metadata.annotations.get(REVISION_HISTORY).cloned().unwrap_or_default();
    if history.is_empty() {
        set(metadata, REVISION_HISTORY, old);
        return;
    }
    let mut rest = history.as_str();
    while rest.len() + old.len() + 1 > MAX_HISTORY_CHARS {
        match rest.split_once(',') {
            Some((_, later)) => rest = later,
            // Not even the last one fits beside it: upstream leaves the history as it is.
            None => return,
        }
    }
    let joined = format!("{rest},{old}");
    set(metadata, REVISION_HISTORY, &joined);
}

/// Models `copyDeploymentAnnotationsToReplicaSet`.
fn copy_deployment_annotations(deployment: &Deployment, set_: &mut ReplicaSet) -> bool {
    let mut changed = false;
    for (key, value) in deployment.metadata.annotations.iter() {
        if !is_skipped(key) {
            changed |= set(&mut set_.metadata, key, value);
        }
    }
    changed
}

/// Gives a Deployment the annotations of the ReplicaSet it is rolled back to.
/// Models `SetDeploymentAnnotationsTo`.
pub fn set_deployment_annotations_to(deployment: &mut Deployment, set_: &ReplicaSet) {
    let mut annotations: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in deployment.metadata.annotations.iter().filter(|(key, _)| is_skipped(key)) {
        annotations.insert(key.clone(), value.clone());
    }
    for (key, value) in set_.metadata.annotations.iter().filter(|(key, _)| !is_skipped(key)) {
        annotations.insert(key.clone(), value.clone());
    }
    deployment.metadata.annotations = Rc::new(annotations);
}

/// Whether both replica annotations say `desired` and `max`. Models `ReplicasAnnotationsNeedUpdate`.
pub fn replicas_annotations_need_update(set_: &ReplicaSet, desired: i32, max: i32) -> bool {
    let says = |key: &str, number: i32| {
        set_.metadata.annotations.get(key).is_some_and(|text| *text == number.to_string())
    };
    !says(DESIRED_REPLICAS, desired) || !says(MAX_REPLICAS, max)
}

/// Models `SetReplicasAnnotations`.
pub fn set_replicas_annotations(set_: &mut ReplicaSet, desired: i32, max: i32) {
    set(&mut set_.metadata, DESIRED_REPLICAS, &desired.to_string());
    set(&mut set_.metadata, MAX_REPLICAS, &max.to_string());
}

/// The number in an annotation, if it is one from 0 to 2147483647.
/// Models `getNonNegativeInt32FromAnnotationVerbose`.
pub fn non_negative(set_: &ReplicaSet, key: &str) -> Option<i32> {
    let text = set_.metadata.annotations.get(key)?;
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse::<i32>().ok())?
}
