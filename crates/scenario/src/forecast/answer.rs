//! What a forecast says. Every number is in the words of the API; sentences are made by those who
//! show it.

use serde::{Deserialize, Serialize};

use super::cause::Cause;
use super::changes::Change;
use super::fenceposts::Fenceposts;

/// The answer to "what will this manifest do?". While runs are still going on it is what they have
/// shown so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    #[allow(missing_docs)]
    pub verdict: Verdict,
    /// What kubectl prints when the manifest is applied.
    pub printed: String,
    /// What it prints to standard error: warnings, or why the manifest is refused.
    pub complaint: String,
    /// The Deployment concerned; `None` where the manifest has none, or was refused.
    pub subject: Option<Subject>,
    /// What comes of it; `None` until the run under the session's own seed has ended.
    pub outcome: Option<Outcome>,
    /// How many runs are planned, the one under the session's own seed included.
    pub seeds: u32,
    /// Whether all of them have ended.
    pub is_final: bool,
}

/// The short answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Not known yet.
    #[default]
    Computing,
    /// kubectl or the API server refuses the manifest.
    Refused,
    /// There is no Deployment in it.
    NoDeployment,
    /// Every run completes within its progress deadline.
    Completes,
    /// The run under the session's own seed completes and others do not, or the other way round.
    Uncertain,
    /// No run completes within its progress deadline.
    CannotComplete,
}

/// The Deployment that a manifest is about, and what applying it does at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    #[allow(missing_docs)]
    pub namespace: String,
    #[allow(missing_docs)]
    pub name: String,
    /// Names of other Deployments in the manifest. They are applied too, and not spoken of.
    pub others: Vec<String>,
    #[allow(missing_docs)]
    pub action: Action,
    #[allow(missing_docs)]
    pub revision: RevisionPlan,
    /// Fields of `spec.template` that change: these make the new revision.
    pub template_changes: Vec<Change>,
    /// Other fields that change: they make none.
    pub other_changes: Vec<Change>,
    /// `spec.replicas` as it is then.
    pub replicas: i32,
    #[allow(missing_docs)]
    pub fenceposts: Fenceposts,
    /// `spec.progressDeadlineSeconds`; `None` where there is no deadline.
    pub progress_deadline_seconds: Option<i32>,
}

/// What kubectl apply does to the Deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Action {
    Created,
    Configured,
    Unchanged,
}

/// Whether there is a rollout, and to which revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum RevisionPlan {
    /// No ReplicaSet has this template: one is created.
    New,
    /// A ReplicaSet of an earlier revision has it: that revision becomes the newest again.
    Returns {
        /// Its number until now; it is no revision any more afterwards.
        was: i64,
    },
    /// The newest revision has this template already.
    Same {
        /// Its number.
        revision: i64,
    },
    /// The Deployment is paused: the template waits for `kubectl rollout resume`.
    Paused,
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The revision that the template has in the end; 0 where no ReplicaSet has it.
    pub revision: i64,
    /// The name of its ReplicaSet; empty where there is none.
    pub replica_set: String,
    /// How many runs have ended.
    pub runs: u32,
    /// How many of them completed within their progress deadline.
    pub completed: u32,
    /// From applying to `DeploymentComplete`, in milliseconds, over the runs that got there.
    pub duration_ms: Option<Spread>,
    /// From applying until also the last pod that was too many is gone, in milliseconds.
    pub settled_ms: Option<Spread>,
    /// From applying to `ProgressDeadlineExceeded`, in milliseconds, over the runs that did not
    /// make it.
    pub deadline_ms: Option<Spread>,
    /// The most pods at once that are not terminating.
    pub peak_pods: Spread,
    /// The most pods at once, terminating ones included.
    pub peak_pods_with_terminating: Spread,
    /// The fewest pods available at once.
    pub lowest_available: Spread,
    /// Requests that clients lost; `None` where there is no traffic.
    pub lost_requests: Option<Spread>,
    /// What stands in the way under the session's own seed, or under the first seed that does not
    /// complete. Also what is wrong with the pods of a rollout that completes all the same.
    pub causes: Vec<Cause>,
}

/// A number over all runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Spread {
    pub min: i64,
    pub max: i64,
    /// Under the session's own seed: what will happen. `None` where that run has no such number.
    pub own: Option<i64>,
}

impl Spread {
    /// Over the numbers of all runs, that of the session's own seed first.
    pub(super) fn of(numbers: &[Option<i64>]) -> Option<Self> {
        let known = || numbers.iter().flatten().copied();
        let (min, max) = (known().min()?, known().max()?);
        Some(Self { min, max, own: numbers.first().copied().flatten() })
    }
}
