//! What played nodes do when a trace tells them to.

use crate::Cluster;

/// A step of a trace in which the nodes act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeAction {
    /// What happens to the pods.
    pub kind: ActionKind,
    /// The Deployment whose pods are meant, in the namespace `default`.
    pub deployment: String,
    /// Which of its ReplicaSets.
    pub revision: RevisionChoice,
    /// How many pods; `None` for all that qualify now and still do when it is their turn.
    pub count: Option<usize>,
}

/// What happens to a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Running and Ready.
    Ready,
    /// Running, not Ready.
    Unready,
    /// Running, not Ready, its container waiting in CrashLoopBackOff.
    Crash,
    /// Phase Failed (evicted).
    Fail,
    /// Deleted through the API.
    DeletePods,
    /// Its deletion ends.
    Terminate,
}

/// Which ReplicaSets of a Deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevisionChoice {
    /// The one of that revision.
    Number(i64),
    /// The highest revision.
    New,
    /// All others, newest first.
    Old,
    /// All, newest first.
    Any,
}

impl Cluster {
    /// Lets the played nodes act, one pod at a time, and the controllers settle after each.
    /// Returns on how many pods.
    pub fn act(&mut self, _action: &NodeAction) -> usize {
        0
    }

    /// Lets the controllers work until nothing is left to do without time passing.
    pub fn settle(&mut self) {
        while self.step() {}
    }
}
