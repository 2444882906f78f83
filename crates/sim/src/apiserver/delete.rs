//! Deleting. Models `deleteHandler` and `BeforeDelete`.

use rollscope_api::object::{Deployment, Object, ReplicaSet, Unstructured};
use rollscope_api::{DeleteOptions, Propagation, Resource, Status, Value};
use serde_json::json;

use super::{objects, read};
use crate::controller::garbage_collector::{self, FOREGROUND, ORPHAN};
use crate::core::Core;
use crate::store::Key;
use crate::watch;

pub(super) fn delete(
    core: &mut Core,
    resource: Resource,
    namespace: &str,
    name: &str,
    options: &DeleteOptions,
) -> Result<Value, Status> {
    let key = read::key(resource, namespace, name);
    let current = objects::get(core, resource, &key)?;
    let value = current.to_value();
    if resource == Resource::Namespaces && ["default", "kube-system", "kube-public"].contains(&name)
    {
        let why = "this namespace may not be deleted";
        return Err(Status::forbidden("namespaces", name, why));
    }
    if options.dry_run {
        return Ok(value);
    }
    match &current {
        Object::Pod(_) => {
            if let Some(id) = core.store.pod_id(&key) {
                core.delete_pod(id, options.grace_period_seconds)?;
            }
        }
        Object::Deployment(current) => delete_deployment(core, &key, current, options),
        Object::ReplicaSet(current) => delete_replica_set(core, &key, current, options),
        Object::Other(current) if resource == Resource::Namespaces => {
            terminate_namespace(core, &key, current);
        }
        _ => remove(core, resource, &key),
    }
    Ok(objects::find(core, resource, &key).map_or(value, |left| left.to_value()))
}

/// Models `pkg/registry/core/pod/storage/eviction.go`.
pub(super) fn evict(
    core: &mut Core,
    namespace: &str,
    name: &str,
    options: &DeleteOptions,
) -> Result<(), Status> {
    let key = read::key(Resource::Pods, namespace, name);
    let Some(id) = core.store.pod_id(&key) else { return Err(Status::not_found("pods", name)) };
    if options.dry_run { Ok(()) } else { core.evict_pod(id, options.grace_period_seconds) }
}

/// The finalizer that a way of deleting asks for, if any.
fn finalizer(options: &DeleteOptions) -> Option<&'static str> {
    match options.propagation {
        Propagation::Background => None,
        Propagation::Foreground => Some(FOREGROUND),
        Propagation::Orphan => Some(ORPHAN),
    }
}

fn delete_deployment(
    core: &mut Core,
    key: &Key,
    current: &std::rc::Rc<Deployment>,
    options: &DeleteOptions,
) {
    let wanted = finalizer(options);
    if wanted.is_none() && current.metadata.finalizers.is_empty() {
        core.remove_deployment(key);
        return;
    }
    if current.metadata.deletion_timestamp.is_none() {
        let mut new = Deployment::clone(current);
        garbage_collector::begin_deletion(core, &mut new.metadata, wanted);
        core.store_deployment(key.clone(), current, new);
    }
    if wanted.is_some() {
        garbage_collector::owner_waits(core, Resource::Deployments, key);
    }
}

fn delete_replica_set(
    core: &mut Core,
    key: &Key,
    current: &std::rc::Rc<ReplicaSet>,
    options: &DeleteOptions,
) {
    let wanted = finalizer(options);
    if wanted.is_none() && current.metadata.finalizers.is_empty() {
        core.remove_replica_set(key);
        return;
    }
    if current.metadata.deletion_timestamp.is_none() {
        let mut new = ReplicaSet::clone(current);
        garbage_collector::begin_deletion(core, &mut new.metadata, wanted);
        core.store_replica_set(key.clone(), current, new);
    }
    if wanted.is_some() {
        garbage_collector::owner_waits(core, Resource::ReplicaSets, key);
    }
}

/// A namespace goes once it is empty.
fn terminate_namespace(core: &mut Core, key: &Key, current: &Unstructured) {
    let mut new = current.clone();
    new.metadata.deletion_timestamp.get_or_insert(core.now.timestamp());
    new.value["status"] = json!({ "phase": "Terminating" });
    core.store.put_other(key.clone(), new);
    watch::other_written(core, Resource::Namespaces, key);
}

/// Removes an object of any kind at once.
pub(super) fn remove(core: &mut Core, resource: Resource, key: &Key) {
    match resource {
        Resource::Deployments => core.remove_deployment(key),
        Resource::ReplicaSets => core.remove_replica_set(key),
        Resource::Pods => {
            if let Some(id) = core.store.pod_id(key) {
                core.remove_pod(id);
            }
        }
        Resource::Events => {
            if let Some(id) = objects::find_event(core, key) {
                core.store.remove_event(id);
            }
        }
        Resource::Nodes => {
            core.store.remove_node(&key.name);
            watch::node_removed(core, &key.name);
        }
        resource => core.remove_other(resource, key),
    }
}
