//! Owner references. Models `metav1.NewControllerRef`.

use rollscope_api::object::{ObjectMeta, OwnerReference};

/// The reference to a Deployment that controls a ReplicaSet.
pub(crate) fn controller_of_deployment(deployment: &ObjectMeta) -> OwnerReference {
    reference("Deployment", deployment)
}

/// The reference to a ReplicaSet that controls a pod.
pub(crate) fn controller_of_replica_set(set: &ObjectMeta) -> OwnerReference {
    reference("ReplicaSet", set)
}

fn reference(kind: &str, owner: &ObjectMeta) -> OwnerReference {
    OwnerReference {
        api_version: "apps/v1".into(),
        kind: kind.into(),
        name: owner.name.clone(),
        uid: owner.uid.clone(),
        controller: true,
        block_owner_deletion: true,
    }
}
