//! What the deployment controller decided, and by which numbers: the answer to "why?".

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use rollscope_api::SimTime;

use crate::store::Key;

/// A decision of one sync. Names of ReplicaSets are the objects'; numbers are pods.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the numbers of the rule that each variant names")]
pub enum Decision {
    /// No ReplicaSet has the template: one is created.
    CreateReplicaSet { replica_set: Rc<str>, revision: i64, replicas: i32 },
    /// A ReplicaSet already has the template, with a revision to be raised.
    ReuseReplicaSet { replica_set: Rc<str>, from_revision: i64, to_revision: i64 },
    /// The name is taken by another template: the next sync hashes with a higher count.
    HashCollision { replica_set: Rc<str>, collision_count: i32 },
    /// The new ReplicaSet grows towards the ceiling.
    ScaleUpNew { from: i32, to: i32, desired: i32, total: i32, ceiling: i32 },
    /// The new ReplicaSet would grow, but the ceiling is reached.
    NoRoomToGrow { size: i32, desired: i32, total: i32, ceiling: i32 },
    /// The new ReplicaSet is larger than desired.
    ScaleDownNew { from: i32, to: i32 },
    /// Old pods must stay: too few are available, or could be.
    MayNotScaleDown { total: i32, min_available: i32, new_unavailable: i32 },
    /// Old pods that are not available cost nothing and go first.
    CleanupUnhealthy { replica_set: Rc<str>, from: i32, to: i32, budget: i32 },
    /// As many old pods go as are available above the floor.
    ScaleDownOld { replica_set: Rc<str>, from: i32, to: i32, available: i32, min_available: i32 },
    /// Recreate: the old pods go first.
    ScaleDownForRecreate { replica_set: Rc<str>, from: i32 },
    /// Recreate: old pods still run.
    WaitForOldPods { running: i32 },
    /// One ReplicaSet is in use: it follows the Deployment's size.
    ScaleOnly { replica_set: Rc<str>, from: i32, to: i32 },
    /// The rollout is over: what is left of old ReplicaSets goes.
    ScaleDownSaturated { replica_set: Rc<str>, from: i32 },
    /// Scaled during a rollout: the ReplicaSets share what is added or taken.
    ScaleProportionally { allowed: i32, to_add: i32, sizes: Vec<(Rc<str>, i32, i32)> },
    /// The Deployment is paused: templates are not rolled out.
    Paused,
    /// Everything is new and available.
    Complete,
    /// No progress within the deadline.
    TimedOut { deadline_seconds: i32 },
    /// More old ReplicaSets than the history limit allows.
    CleanupHistory { replica_set: Rc<str>, revision: i64, limit: i32 },
    /// The replicaset controller creates what is missing.
    CreatePods { replica_set: Rc<str>, active: i32, desired: i32 },
    /// The replicaset controller cannot create what is missing: what the API server says.
    CannotCreatePods { replica_set: Rc<str>, message: Rc<str> },
    /// The replicaset controller deletes what is too much. The first of the chosen are named, each
    /// with the rule by which it goes before the best of those that stay.
    DeletePods { replica_set: Rc<str>, active: i32, desired: i32, chosen: Vec<Chosen> },
}

/// A pod that a shrinking ReplicaSet gives up, and why it and not another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The pod's name.
    pub pod: Rc<str>,
    /// By which rule it goes first.
    pub rule: VictimRule,
}

/// The rules by which pods are chosen for deletion, in their order.
/// Models `ActivePodsWithRanks.Less` in `pkg/controller/controller_utils.go`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VictimRule {
    /// None stays: there is nothing to choose.
    All,
    /// It has no node yet.
    Unassigned,
    /// Its phase is earlier: Pending before Unknown before Running.
    Phase,
    /// It is not Ready.
    NotReady,
    /// Its `controller.kubernetes.io/pod-deletion-cost` is lower.
    DeletionCost,
    /// More pods of the Deployment are on its node.
    Crowded,
    /// It has been Ready for a shorter time, by orders of magnitude.
    ReadyLater,
    /// Its containers were restarted more often.
    Restarts,
    /// It is younger, by orders of magnitude.
    Younger,
    /// The uid decides, which is chance.
    Chance,
}

impl Decision {
    /// The upstream function that decides this.
    pub fn upstream(&self) -> &'static str {
        match self {
            Self::CreateReplicaSet { .. }
            | Self::ReuseReplicaSet { .. }
            | Self::HashCollision { .. } => "getNewReplicaSet",
            Self::ScaleUpNew { .. } | Self::NoRoomToGrow { .. } => "NewRSNewReplicas",
            Self::ScaleDownNew { .. } => "reconcileNewReplicaSet",
            Self::MayNotScaleDown { .. } => "reconcileOldReplicaSets",
            Self::CleanupUnhealthy { .. } => "cleanupUnhealthyReplicas",
            Self::ScaleDownOld { .. } => "scaleDownOldReplicaSetsForRollingUpdate",
            Self::ScaleDownForRecreate { .. } => "scaleDownOldReplicaSetsForRecreate",
            Self::WaitForOldPods { .. } => "oldPodsRunning",
            Self::ScaleOnly { .. }
            | Self::ScaleDownSaturated { .. }
            | Self::ScaleProportionally { .. } => "scale",
            Self::Paused => "checkPausedConditions",
            Self::Complete | Self::TimedOut { .. } => "syncRolloutStatus",
            Self::CleanupHistory { .. } => "cleanupDeployment",
            Self::CreatePods { .. } | Self::CannotCreatePods { .. } => "manageReplicas",
            Self::DeletePods { .. } => "getPodsToDelete",
        }
    }
}

impl Decision {
    /// The controller that decides this.
    pub fn controller(&self) -> &'static str {
        match self {
            Self::CreatePods { .. } | Self::CannotCreatePods { .. } | Self::DeletePods { .. } => {
                "replicaset-controller"
            }
            _ => "deployment-controller",
        }
    }

    /// The ReplicaSet that the decision names, if it names one.
    pub fn replica_set(&self) -> Option<&str> {
        match self {
            Self::CreateReplicaSet { replica_set, .. }
            | Self::ReuseReplicaSet { replica_set, .. }
            | Self::HashCollision { replica_set, .. }
            | Self::CleanupUnhealthy { replica_set, .. }
            | Self::ScaleDownOld { replica_set, .. }
            | Self::ScaleDownForRecreate { replica_set, .. }
            | Self::ScaleOnly { replica_set, .. }
            | Self::ScaleDownSaturated { replica_set, .. }
            | Self::CleanupHistory { replica_set, .. }
            | Self::CreatePods { replica_set, .. }
            | Self::CannotCreatePods { replica_set, .. }
            | Self::DeletePods { replica_set, .. } => Some(replica_set),
            _ => None,
        }
    }
}

/// A decision and its moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: SimTime,
    /// What.
    pub decision: Decision,
}

/// The latest decisions for each Deployment.
#[derive(Clone, Debug, Default)]
pub struct DecisionLog(BTreeMap<Key, Rc<VecDeque<Decided>>>);

impl DecisionLog {
    /// So many are kept for each Deployment.
    pub const CAPACITY: usize = 96;

    /// The decisions for one Deployment, oldest first. A decision that was made several times in a
    /// row is there once, with the time of the first.
    pub fn of(&self, key: &Key) -> impl DoubleEndedIterator<Item = &Decided> {
        self.0.get(key).into_iter().flat_map(|log| log.iter())
    }

    pub(crate) fn push(&mut self, key: &Key, at: SimTime, decision: Decision) {
        if !self.0.contains_key(key) {
            self.0.insert(key.clone(), Rc::default());
        }
        let Some(log) = self.0.get_mut(key) else { return };
        if log.back().is_some_and(|last| last.decision == decision) {
            return;
        }
        let log = Rc::make_mut(log);
        if log.len() == Self::CAPACITY {
            log.pop_front();
        }
        log.push_back(Decided { at, decision });
    }

    pub(crate) fn forget(&mut self, key: &Key) {
        self.0.remove(key);
    }
}
