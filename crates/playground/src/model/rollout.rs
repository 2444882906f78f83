//! What a Deployment's objects say of its rollout: revisions, limits, and how it is going.

use rollscope_api::annotation::{CHANGE_CAUSE, REVISION, REVISION_HISTORY};
use rollscope_api::object::{Deployment, ObjectMeta, ReplicaSet, StrategyType};
use rollscope_api::order;
use rollscope_sim::controller::deployment::fenceposts::resolve_fenceposts;
use rollscope_sim::store::Store;

use std::rc::Rc;

/// Accents there are; revisions take them in turn.
const ACCENTS: i64 = 8;

/// The colour of a ReplicaSet: that of the first revision it was, so that it keeps its colour
/// when an undo makes it another revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Accent {
    /// One of the revisions' accents, from 0.
    Revision(u8),
    /// It belongs to no Deployment.
    None,
}

impl Accent {
    /// The class that sets the colour.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Revision(0) => "rev-0",
            Self::Revision(1) => "rev-1",
            Self::Revision(2) => "rev-2",
            Self::Revision(3) => "rev-3",
            Self::Revision(4) => "rev-4",
            Self::Revision(5) => "rev-5",
            Self::Revision(6) => "rev-6",
            Self::Revision(_) => "rev-7",
            Self::None => "rev-none",
        }
    }

    /// The accents of all revisions.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=ACCENTS).map(Self::of_first)
    }

    /// The accent of a ReplicaSet.
    pub fn of(set: &ReplicaSet) -> Self {
        let first = past_revisions(set).into_iter().chain(revision(set)).min();
        first.map_or(Self::None, Self::of_first)
    }

    /// The accent of what was this revision at first.
    pub fn of_first(revision: i64) -> Self {
        Self::Revision((revision - 1).rem_euclid(ACCENTS) as u8)
    }
}

/// The revision a ReplicaSet is.
pub fn revision(set: &ReplicaSet) -> Option<i64> {
    noted_revision(&set.metadata)
}

/// The revision that the deployment controller noted on a ReplicaSet or a Deployment.
pub(super) fn noted_revision(metadata: &ObjectMeta) -> Option<i64> {
    metadata.annotations.get(REVISION)?.parse().ok()
}

/// The revisions a ReplicaSet has been before, in the order the controller noted them.
pub fn past_revisions(set: &ReplicaSet) -> Vec<i64> {
    let noted = set.metadata.annotations.get(REVISION_HISTORY);
    let numbers = noted.into_iter().flat_map(|list| list.split(','));
    numbers.filter_map(|number| number.trim().parse().ok()).collect()
}

/// The change-cause noted on a ReplicaSet.
pub fn change_cause(set: &ReplicaSet) -> Option<&str> {
    set.metadata.annotations.get(CHANGE_CAUSE).map(String::as_str)
}

/// The ReplicaSets of a Deployment, newest revision first.
pub fn replica_sets(store: &Store, deployment: &Deployment) -> Vec<Rc<ReplicaSet>> {
    let mut sets: Vec<Rc<ReplicaSet>> =
        store.replica_sets_of(&deployment.metadata.uid).cloned().collect();
    order::sort_by(&mut sets, |a, b| {
        revision(b).cmp(&revision(a)).then_with(|| a.metadata.name.cmp(&b.metadata.name))
    });
    sets
}

/// How many pods a rollout may have at most and must have at least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Pods above the wanted number.
    pub max_surge: i32,
    /// Pods below the wanted number.
    pub max_unavailable: i32,
    /// Whether the strategy is Recreate, which knows no limits.
    pub recreate: bool,
}

/// The limits in pods, as the deployment controller resolves them.
pub fn limits(deployment: &Deployment) -> Limits {
    if deployment.spec.strategy.type_ == StrategyType::Recreate {
        return Limits { max_surge: 0, max_unavailable: deployment.spec.replicas, recreate: true };
    }
    let update = deployment.spec.strategy.rolling_update.clone().unwrap_or_default();
    let (max_surge, max_unavailable) = resolve_fenceposts(
        update.max_surge.as_ref(),
        update.max_unavailable.as_ref(),
        deployment.spec.replicas,
    );
    let max_unavailable = max_unavailable.min(deployment.spec.replicas);
    Limits { max_surge, max_unavailable, recreate: false }
}

/// How a rollout is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Going {
    /// `spec.paused` is set.
    Paused,
    /// `Progressing` is False: the deadline has passed.
    Stuck,
    /// Pods are still being replaced.
    Progressing,
    /// All pods are of the newest revision and available.
    Complete,
}

/// How the rollout is going, by what `kubectl rollout status` looks at.
pub fn going(deployment: &Deployment) -> Going {
    let (spec, status) = (&deployment.spec, &deployment.status);
    if spec.paused {
        return Going::Paused;
    }
    let progressing = status.conditions.iter().find(|condition| &*condition.type_ == "Progressing");
    if progressing.is_some_and(|condition| &*condition.reason == "ProgressDeadlineExceeded") {
        return Going::Stuck;
    }
    let complete = status.observed_generation >= deployment.metadata.generation
        && status.updated_replicas >= spec.replicas
        && status.replicas <= status.updated_replicas
        && status.available_replicas >= status.updated_replicas;
    if complete { Going::Complete } else { Going::Progressing }
}

#[cfg(test)]
mod tests {
    use rollscope_api::object::IntOrString;

    use super::*;

    #[test]
    fn surge_rounds_up_and_unavailable_down() {
        let quarter = IntOrString::String("25%".into());
        let resolved = |replicas| resolve_fenceposts(Some(&quarter), Some(&quarter), replicas);
        assert_eq!([3, 4, 5, 10].map(resolved), [(1, 0), (1, 1), (2, 1), (3, 2)]);
    }
}
