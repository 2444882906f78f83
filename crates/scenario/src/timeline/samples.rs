//! What the chart draws: for every moment of change the pods of every revision, floor and ceiling.

use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_api::annotation;
use rollscope_api::object::{Deployment, PodTemplate, ReplicaSet, StrategyType};
use rollscope_api::order;
use rollscope_sim::controller::deployment::fenceposts::resolve_fenceposts;
use rollscope_sim::store::Store;

/// The Deployments at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    #[allow(missing_docs)]
    pub at: SimTime,
    /// By namespace and name.
    pub deployments: Rc<[DeploymentSample]>,
}

/// One Deployment at one moment. Numbers are those of the ReplicaSets' statuses, as everybody
/// who watches the cluster sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentSample {
    #[allow(missing_docs)]
    pub name: Rc<str>,
    /// `spec.replicas`.
    pub desired: i32,
    /// A rolling update keeps at least so many pods available: desired − maxUnavailable.
    pub floor: i32,
    /// A rolling update keeps at most so many pods: desired + maxSurge.
    pub ceiling: i32,
    /// `spec.template`, shared: where it changes, a rollout begins.
    pub template: PodTemplate,
    /// Its ReplicaSets that have pods or should have, oldest revision first.
    pub revisions: Vec<RevisionSample>,
}

/// The pods of one ReplicaSet at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionSample {
    /// The ReplicaSet's name.
    pub replica_set: Rc<str>,
    /// 0 where it has none yet.
    pub revision: i64,
    /// `spec.replicas`.
    pub desired: i32,
    /// Pods that are not terminating.
    pub total: i32,
    #[allow(missing_docs)]
    pub ready: i32,
    #[allow(missing_docs)]
    pub available: i32,
    #[allow(missing_docs)]
    pub terminating: i32,
}

impl DeploymentSample {
    /// Looks at a Deployment.
    pub fn take(store: &Store, deployment: &Deployment) -> Self {
        take_one(store, deployment)
    }

    /// Available pods of all revisions.
    pub fn available(&self) -> i32 {
        self.revisions.iter().map(|revision| revision.available).sum()
    }

    /// Pods of all revisions that are not terminating.
    pub fn total(&self) -> i32 {
        self.revisions.iter().map(|revision| revision.total).sum()
    }

    /// Terminating pods of all revisions.
    pub fn terminating(&self) -> i32 {
        self.revisions.iter().map(|revision| revision.terminating).sum()
    }
}

/// Looks at every Deployment.
pub(super) fn take(store: &Store) -> Rc<[DeploymentSample]> {
    store.deployments().map(|(_, deployment)| take_one(store, deployment)).collect()
}

/// Looks at one Deployment.
pub(super) fn take_one(store: &Store, deployment: &Deployment) -> DeploymentSample {
    let mut revisions: Vec<RevisionSample> = store
        .replica_sets_of(&deployment.metadata.uid)
        .map(|set| revision_of(set))
        .filter(|set| set.desired + set.total + set.terminating > 0)
        .collect();
    order::sort_by_key(&mut revisions, |set| set.revision);
    let desired = deployment.spec.replicas;
    let (surge, unavailable) = fenceposts(deployment);
    DeploymentSample {
        name: deployment.metadata.name.clone(),
        desired,
        floor: desired - unavailable,
        ceiling: desired + surge,
        template: deployment.spec.template.clone(),
        revisions,
    }
}

fn revision_of(set: &ReplicaSet) -> RevisionSample {
    let revision = set.metadata.annotations.get(annotation::REVISION);
    RevisionSample {
        replica_set: set.metadata.name.clone(),
        revision: revision.and_then(|text| text.parse().ok()).unwrap_or_default(),
        desired: set.spec.replicas,
        total: set.status.replicas,
        ready: set.status.ready_replicas,
        available: set.status.available_replicas,
        terminating: set.status.terminating_replicas.unwrap_or_default(),
    }
}

/// How many pods may be surplus and how many may be missing.
/// Recreate has no surplus, and all may be missing.
fn fenceposts(deployment: &Deployment) -> (i32, i32) {
    let desired = deployment.spec.replicas;
    if deployment.spec.strategy.type_ == StrategyType::Recreate {
        return (0, desired);
    }
    let rolling = deployment.spec.strategy.rolling_update.clone().unwrap_or_default();
    let (surge, unavailable) =
        resolve_fenceposts(rolling.max_surge.as_ref(), rolling.max_unavailable.as_ref(), desired);
    (surge, unavailable.min(desired))
}
