//! Objects of any kind: finding and storing them.

use std::rc::Rc;

use rollscope_api::object::{Event, Node, Object, ObjectMeta, Pod, Unstructured};
use rollscope_api::order;
use rollscope_api::{Resource, Status};

use crate::core::Core;
use crate::store::{EventId, Key};
use crate::watch;

/// The stored object of that name.
pub(super) fn find(core: &Core, resource: Resource, key: &Key) -> Option<Object> {
    let store = &core.store;
    match resource {
        Resource::Deployments => store.deployment(key).cloned().map(Object::Deployment),
        Resource::ReplicaSets => store.replica_set(key).cloned().map(Object::ReplicaSet),
        Resource::Pods => {
            let id = store.pod_id(key)?;
            store.pod(id).cloned().map(Object::Pod)
        }
        Resource::Events => {
            let id = find_event(core, key)?;
            store.event(id).cloned().map(Object::Event)
        }
        Resource::Nodes => store.node(&key.name).cloned().map(Object::Node),
        resource => {
            let found = store.other(resource, key)?;
            Some(Object::Other(core.endpoint_slices.filled(found)))
        }
    }
}

/// The stored object of that name, or the server's answer that there is none.
pub(super) fn get(core: &Core, resource: Resource, key: &Key) -> Result<Object, Status> {
    let found = find(core, resource, key);
    found.ok_or_else(|| Status::not_found(&resource.group_resource(), &key.name))
}

pub(super) fn find_event(core: &Core, key: &Key) -> Option<EventId> {
    let mut events = core.store.events();
    let found = events.find(|(_, event)| {
        event.metadata.name == key.name && event.metadata.namespace == key.namespace
    });
    found.map(|(id, _)| id)
}

/// Every object of a kind, by namespace and name.
pub(super) fn all(core: &Core, resource: Resource) -> Vec<Object> {
    let store = &core.store;
    match resource {
        Resource::Deployments => {
            store.deployments().map(|(_, d)| Object::Deployment(d.clone())).collect()
        }
        Resource::ReplicaSets => {
            store.replica_sets().map(|(_, set)| Object::ReplicaSet(set.clone())).collect()
        }
        Resource::Pods => store.pods_by_name().map(|(_, pod)| Object::Pod(pod.clone())).collect(),
        Resource::Events => {
            let mut events: Vec<Rc<Event>> = store.events().map(|(_, e)| e.clone()).collect();
            order::sort_by(&mut events, |a, b| by_name(&a.metadata).cmp(&by_name(&b.metadata)));
            events.into_iter().map(Object::Event).collect()
        }
        Resource::Nodes => store.nodes().cloned().map(Object::Node).collect(),
        resource => {
            let others = store.others(resource);
            others.map(|(_, one)| Object::Other(core.endpoint_slices.filled(one))).collect()
        }
    }
}

fn by_name(metadata: &ObjectMeta) -> (&str, &str) {
    (&metadata.namespace, &metadata.name)
}

/// Stores a new object.
pub(super) fn insert(core: &mut Core, key: Key, object: Object) -> Result<Object, Status> {
    let resource = object.resource();
    let stored = match object {
        Object::Deployment(deployment) => {
            let stored = core.store.put_deployment(key.clone(), unshare(deployment));
            watch::deployment_written(core, &key);
            Object::Deployment(stored)
        }
        Object::ReplicaSet(set) => {
            let stored = core.store.put_replica_set(key.clone(), unshare(set));
            watch::replica_set_written(core, &key, None, &stored);
            Object::ReplicaSet(stored)
        }
        Object::Pod(pod) => {
            let pod: Pod = unshare(pod);
            let qos_class = super::qos_class(&pod.spec).into();
            core.admit_and_insert_pod(key.clone(), pod, qos_class)?;
            return get(core, resource, &key);
        }
        Object::Event(event) => {
            core.create_event(event);
            return get(core, resource, &key);
        }
        Object::Node(node) => Object::Node(core.put_node(unshare(node))),
        Object::Other(other) => {
            let stored = core.store.put_other(key.clone(), unshare(other));
            watch::other_written(core, resource, &key);
            Object::Other(stored)
        }
    };
    if !stored.metadata().owner_references.is_empty() {
        watch::references_written(core);
    }
    Ok(stored)
}

/// Stores a changed object. Nothing is written if it is the same.
pub(super) fn replace(core: &mut Core, key: &Key, current: &Object, new: Object) -> Object {
    match (current, new) {
        (Object::Deployment(current), Object::Deployment(new)) => {
            core.store_deployment(key.clone(), current, unshare(new));
        }
        (Object::ReplicaSet(current), Object::ReplicaSet(new)) => {
            core.store_replica_set(key.clone(), current, unshare(new));
        }
        (Object::Pod(current), Object::Pod(new)) if current != &new => replace_pod(core, key, &new),
        (Object::Event(current), Object::Event(new)) if current != &new => {
            if let Some(id) = find_event(core, key) {
                core.update_event(id, |event| *event = Event::clone(&new));
            }
        }
        (Object::Node(current), Object::Node(new)) if current != &new => {
            core.put_node(Node::clone(&new));
        }
        (Object::Other(current), Object::Other(new)) if !same_other(current, &new) => {
            core.store.put_other(key.clone(), Unstructured::clone(&new));
            watch::other_written(core, new.resource, key);
        }
        _ => {}
    }
    let owners = |object: &Object| object.metadata().owner_references.clone();
    let stored = find(core, current.resource(), key).unwrap_or_else(|| current.clone());
    if owners(&stored) != owners(current) {
        watch::references_written(core);
    }
    stored
}

fn replace_pod(core: &mut Core, key: &Key, new: &Rc<Pod>) {
    let Some(id) = core.store.pod_id(key) else { return };
    let write = core.store.update_pod(id, |pod| *pod = Pod::clone(new));
    watch::pod_written(core, id, &write);
    watch::pod_orphaned(core, id);
    watch::tell_kubelet(core, id);
}

fn same_other(a: &Unstructured, b: &Unstructured) -> bool {
    a.metadata == b.metadata && a.value == b.value
}

fn unshare<T: Clone>(object: Rc<T>) -> T {
    Rc::unwrap_or_clone(object)
}
