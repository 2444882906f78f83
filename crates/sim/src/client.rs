//! How controllers write Deployments and ReplicaSets: with optimistic locking and the API server's
//! rules for generations, but without decoding and validation, which typed objects do not need.
//! Models the strategies in `pkg/registry/apps/{deployment,replicaset}`.

use std::rc::Rc;

use rollscope_api::object::{
    Deployment, ObjectMeta, OwnerReference, ReplicaSet, ReplicaSetStatus, Uid, Unstructured,
};
use rollscope_api::{Resource, Status};
use serde_json::json;

use crate::controller::deployment::Decision;
use crate::core::Core;
use crate::store::{Key, UidNumber};
use crate::{apiserver, watch};

/// Deployments.
impl Core {
    /// Writes status and annotations, as the status endpoint does; other changes are left out.
    pub(crate) fn update_deployment_status(&mut self, d: &Deployment) -> Result<(), Status> {
        let key = Key::of(&d.metadata);
        let current = self.current_deployment(&key, d)?;
        let (annotations, status) = (&d.metadata.annotations, &d.status);
        if *status == current.status && *annotations == current.metadata.annotations {
            return Ok(());
        }
        let metadata = ObjectMeta { annotations: annotations.clone(), ..current.metadata.clone() };
        let new = Deployment { metadata, spec: current.spec.clone(), status: status.clone() };
        self.store.put_deployment(key.clone(), new);
        watch::deployment_written(self, &key);
        Ok(())
    }

    /// Writes spec and metadata; the status stays.
    pub(crate) fn update_deployment(&mut self, d: &Deployment) -> Result<(), Status> {
        let key = Key::of(&d.metadata);
        let current = self.current_deployment(&key, d)?;
        let mut new = d.clone();
        new.status = current.status.clone();
        new.metadata.generation = current.metadata.generation;
        if new.spec != current.spec || new.metadata.annotations != current.metadata.annotations {
            new.metadata.generation += 1;
        }
        self.store_deployment(key, &current, new);
        Ok(())
    }

    fn current_deployment(&self, key: &Key, d: &Deployment) -> Result<Rc<Deployment>, Status> {
        let resource = || Resource::Deployments.group_resource();
        let Some(current) = self.store.deployment(key) else {
            return Err(Status::not_found(&resource(), &d.metadata.name));
        };
        let same = current.metadata.resource_version == d.metadata.resource_version
            && current.metadata.uid == d.metadata.uid;
        if same {
            Ok(current.clone())
        } else {
            Err(Status::conflict(&resource(), &d.metadata.name))
        }
    }

    pub(crate) fn store_deployment(&mut self, key: Key, current: &Rc<Deployment>, new: Deployment) {
        if **current == new {
            return;
        }
        self.store.put_deployment(key.clone(), new);
        watch::deployment_written(self, &key);
    }

    /// Notes a decision for whoever asks why.
    pub(crate) fn decide(&mut self, d: &Deployment, decision: impl FnOnce() -> Decision) {
        let key = Key::of(&d.metadata);
        self.decisions.push(&key, self.now, decision());
    }
}

/// ReplicaSets.
impl Core {
    pub(crate) fn create_replica_set(
        &mut self,
        mut set: ReplicaSet,
    ) -> Result<Rc<ReplicaSet>, Status> {
        let key = Key::of(&set.metadata);
        let resource = Resource::ReplicaSets.group_resource();
        apiserver::check_namespace(self, Resource::ReplicaSets, &key)?;
        if self.store.replica_set(&key).is_some() {
            return Err(Status::already_exists(&resource, &set.metadata.name));
        }
        apiserver::quota::admit(self, Resource::ReplicaSets, &key, None)?;
        set.metadata.uid = self.new_uid();
        set.metadata.creation_timestamp = Some(self.now.timestamp());
        set.metadata.generation = 1;
        set.status = ReplicaSetStatus::default();
        let stored = self.store.put_replica_set(key.clone(), set);
        watch::replica_set_written(self, &key, None, &stored);
        Ok(stored)
    }

    /// Writes spec and metadata; the status stays.
    pub(crate) fn update_replica_set(
        &mut self,
        mut set: ReplicaSet,
    ) -> Result<Rc<ReplicaSet>, Status> {
        let key = Key::of(&set.metadata);
        let current = self.current_replica_set(&key, &set)?;
        set.status = current.status.clone();
        set.metadata.generation = current.metadata.generation;
        if set.spec != current.spec {
            set.metadata.generation += 1;
        }
        Ok(self.store_replica_set(key, &current, set))
    }

    /// Writes the status of a ReplicaSet as it was read.
    pub(crate) fn update_replica_set_status(
        &mut self,
        set: &ReplicaSet,
        status: ReplicaSetStatus,
    ) -> Result<(), Status> {
        let key = Key::of(&set.metadata);
        let current = self.current_replica_set(&key, set)?;
        if status == current.status {
            return Ok(());
        }
        let (metadata, spec) = (current.metadata.clone(), current.spec.clone());
        self.put_replica_set(key, &current, ReplicaSet { metadata, spec, status });
        Ok(())
    }

    fn current_replica_set(&self, key: &Key, set: &ReplicaSet) -> Result<Rc<ReplicaSet>, Status> {
        let resource = || Resource::ReplicaSets.group_resource();
        let Some(current) = self.store.replica_set(key) else {
            return Err(Status::not_found(&resource(), &set.metadata.name));
        };
        let same = current.metadata.resource_version == set.metadata.resource_version
            && current.metadata.uid == set.metadata.uid;
        if same {
            Ok(current.clone())
        } else {
            Err(Status::conflict(&resource(), &set.metadata.name))
        }
    }

    pub(crate) fn store_replica_set(
        &mut self,
        key: Key,
        current: &Rc<ReplicaSet>,
        new: ReplicaSet,
    ) -> Rc<ReplicaSet> {
        if **current == new { current.clone() } else { self.put_replica_set(key, current, new) }
    }

    fn put_replica_set(
        &mut self,
        key: Key,
        current: &ReplicaSet,
        new: ReplicaSet,
    ) -> Rc<ReplicaSet> {
        let stored = self.store.put_replica_set(key.clone(), new);
        watch::replica_set_written(self, &key, Some(current), &stored);
        stored
    }

    /// Adds the controlling owner to an orphan.
    pub(crate) fn adopt_replica_set(
        &mut self,
        key: &Key,
        owner: OwnerReference,
    ) -> Result<Rc<ReplicaSet>, Status> {
        let Some(current) = self.store.replica_set(key).cloned() else {
            let resource = Resource::ReplicaSets.group_resource();
            return Err(Status::not_found(&resource, &key.name));
        };
        let mut new = ReplicaSet::clone(&current);
        new.metadata.owner_references.retain(|known| known.uid != owner.uid);
        new.metadata.owner_references.push(owner);
        Ok(self.store_replica_set(key.clone(), &current, new))
    }

    /// Takes an owner's reference away.
    pub(crate) fn release_replica_set(&mut self, key: &Key, owner_uid: &Uid) {
        let Some(current) = self.store.replica_set(key).cloned() else { return };
        let mut new = ReplicaSet::clone(&current);
        new.metadata.owner_references.retain(|owner| owner.uid != *owner_uid);
        self.store_replica_set(key.clone(), &current, new);
    }

    /// Deletes a ReplicaSet as the history clean-up does; its pods are the garbage collector's.
    pub(crate) fn delete_replica_set_by_controller(&mut self, key: &Key) {
        self.remove_replica_set(key);
    }

    /// Removes a ReplicaSet from the store.
    pub(crate) fn remove_replica_set(&mut self, key: &Key) {
        let Some(removed) = self.store.remove_replica_set(key) else { return };
        let uid = UidNumber::of(&removed.metadata.uid);
        self.template_matches.forget(uid);
        self.blueprints.forget(uid);
        self.correlator.forget(uid, &["replicaset-controller"]);
        watch::replica_set_deleted(self, key, &removed);
    }

    /// Removes a Deployment from the store.
    pub(crate) fn remove_deployment(&mut self, key: &Key) {
        let Some(removed) = self.store.remove_deployment(key) else { return };
        let uid = UidNumber::of(&removed.metadata.uid);
        self.correlator.forget(uid, &["deployment-controller"]);
        self.decisions.forget(key);
        watch::deployment_deleted(self, key, uid);
    }
}

/// Namespaces.
impl Core {
    /// Creates a namespace that the cluster has from the beginning.
    pub(crate) fn put_namespace(&mut self, name: &str) {
        let labels = [("kubernetes.io/metadata.name".to_owned(), name.to_owned())];
        let metadata = ObjectMeta {
            name: name.into(),
            uid: self.new_uid(),
            creation_timestamp: Some(self.now.timestamp()),
            labels: Rc::new(labels.into()),
            ..ObjectMeta::default()
        };
        let value =
            json!({ "spec": { "finalizers": ["kubernetes"] }, "status": { "phase": "Active" } });
        let namespace = Unstructured { resource: Resource::Namespaces, metadata, value };
        self.store.put_other(Key::new("", name), namespace);
    }
}
