//! Annotations that several programs know by name.

/// The revision a ReplicaSet has, and the one a Deployment is at.
pub const REVISION: &str = "deployment.kubernetes.io/revision";
/// The revisions a ReplicaSet has had before, joined by commas.
pub const REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// `spec.replicas` of the Deployment when its controller last sized the ReplicaSet.
pub const DESIRED_REPLICAS: &str = "deployment.kubernetes.io/desired-replicas";
/// `spec.replicas` plus surge at that time.
pub const MAX_REPLICAS: &str = "deployment.kubernetes.io/max-replicas";
/// Asks for a rollback by the controller; kubectl does not use it.
pub const ROLLBACK_TO: &str = "deprecated.deployment.rollback.to";
/// The manifest as `kubectl apply` sent it last.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Why a revision was made, in somebody's words.
pub const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";
