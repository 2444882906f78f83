//! What is marked on the time axis.

use rollscope_api::SimTime;

/// Something worth a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    #[allow(missing_docs)]
    pub at: SimTime,
    #[allow(missing_docs)]
    pub kind: MarkKind,
    /// The object concerned: `Deployment/web`; empty for inputs.
    pub object: String,
    /// One line in the cluster's own words.
    pub text: String,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Somebody did something: the input of this number. Commands that only read, or that the
    /// server refused, are not marked.
    Input(usize),
    /// A Normal Event about a Deployment.
    Event,
    /// A Warning Event about anything.
    Warning,
    /// A Deployment's condition changed its status or reason.
    Condition,
    /// Every pod is updated and available, and no old one is counted: `rollout status` ends here.
    Complete,
    /// The first of a burst of lost requests: none had been lost for two seconds.
    Loss,
    /// The last pod of an older revision, terminating ones included, is gone.
    LastOldPodGone,
}
