//! Between wire form and typed objects.

use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Deployment, Event, Node, Object, ObjectMeta, Pod, ReplicaSet, Unstructured};
use crate::{Resource, Status};

impl Object {
    /// Reads a decoded, defaulted object in wire form.
    ///
    /// # Errors
    /// [`crate::status::Reason::BadRequest`] if it has not the shape of its type, which a decoded
    /// object always has.
    pub fn from_value(resource: Resource, value: Value) -> Result<Self, Status> {
        Ok(match resource {
            Resource::Deployments => Self::Deployment(typed(value)?),
            Resource::ReplicaSets => Self::ReplicaSet(typed(value)?),
            Resource::Events => Self::Event(typed(value)?),
            Resource::Nodes => Self::Node(typed(value)?),
            Resource::Pods => Self::Pod(Rc::new(pod_from_value(value)?)),
            resource => Self::Other(Rc::new(unstructured_from_value(resource, value)?)),
        })
    }

    /// The object in wire form, as the API server answers with it.
    pub fn to_value(&self) -> Value {
        let value = match self {
            Self::Deployment(deployment) => wire(deployment),
            Self::ReplicaSet(set) => wire(set),
            Self::Event(event) => wire(event),
            Self::Node(node) => wire(node),
            Self::Pod(pod) => pod_to_value(pod),
            Self::Other(other) => {
                let mut value = other.value.clone();
                if let Some(object) = value.as_object_mut() {
                    object.insert("metadata".to_owned(), wire(&other.metadata));
                }
                value
            }
        };
        with_type(self.resource(), value)
    }

    /// What it is.
    pub fn resource(&self) -> Resource {
        match self {
            Self::Deployment(_) => Resource::Deployments,
            Self::ReplicaSet(_) => Resource::ReplicaSets,
            Self::Pod(_) => Resource::Pods,
            Self::Event(_) => Resource::Events,
            Self::Node(_) => Resource::Nodes,
            Self::Other(other) => other.resource,
        }
    }

    #[allow(missing_docs)]
    pub fn metadata(&self) -> &ObjectMeta {
        match self {
            Self::Deployment(object) => &object.metadata,
            Self::ReplicaSet(object) => &object.metadata,
            Self::Pod(object) => &object.metadata,
            Self::Event(object) => &object.metadata,
            Self::Node(object) => &object.metadata,
            Self::Other(object) => &object.metadata,
        }
    }

    /// The metadata, to be written. A shared object is copied first.
    pub fn metadata_mut(&mut self) -> &mut ObjectMeta {
        match self {
            Self::Deployment(object) => &mut Rc::make_mut(object).metadata,
            Self::ReplicaSet(object) => &mut Rc::make_mut(object).metadata,
            Self::Pod(object) => &mut Rc::make_mut(object).metadata,
            Self::Event(object) => &mut Rc::make_mut(object).metadata,
            Self::Node(object) => &mut Rc::make_mut(object).metadata,
            Self::Other(object) => &mut Rc::make_mut(object).metadata,
        }
    }
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<Rc<T>, Status> {
    from_wire(value).map(Rc::new)
}

fn from_wire<T: DeserializeOwned>(value: Value) -> Result<T, Status> {
    serde_json::from_value(value).map_err(|error| Status::bad_request(error.to_string()))
}

fn wire(value: &impl Serialize) -> Value {
    // Serializing to a tree fails only for maps whose keys are no strings: there are none.
    serde_json::to_value(value).unwrap_or_default()
}

fn with_type(resource: Resource, mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.insert("apiVersion".to_owned(), resource.api_version().into());
        object.insert("kind".to_owned(), resource.kind().into());
    }
    value
}

fn take(object: &mut Map<String, Value>, field: &str) -> Value {
    object.remove(field).filter(|value| !value.is_null()).unwrap_or_else(|| Map::new().into())
}

fn into_map(value: Value) -> Result<Map<String, Value>, Status> {
    match value {
        Value::Object(map) => Ok(map),
        _ => Err(Status::bad_request("the object is no map")),
    }
}

fn pod_from_value(value: Value) -> Result<Pod, Status> {
    let mut object = into_map(value)?;
    let metadata = from_wire(take(&mut object, "metadata"))?;
    let mut spec = into_map(take(&mut object, "spec"))?;
    let node_name = match spec.remove("nodeName") {
        Some(Value::String(name)) if !name.is_empty() => Some(Rc::from(name)),
        _ => None,
    };
    let status = from_wire(take(&mut object, "status"))?;
    Ok(Pod { metadata, spec: Rc::new(Value::Object(spec)), node_name, status })
}

fn pod_to_value(pod: &Pod) -> Value {
    let mut spec = (*pod.spec).clone();
    if let (Some(spec), Some(node)) = (spec.as_object_mut(), &pod.node_name) {
        spec.insert("nodeName".to_owned(), Value::from(&**node));
    }
    let mut object = Map::new();
    object.insert("metadata".to_owned(), wire(&pod.metadata));
    object.insert("spec".to_owned(), spec);
    let mut status = wire(&pod.status);
    // Models `Convert_v1_PodStatus_To_core_PodStatus`: either field stands for both.
    if !pod.status.pod_ip.is_empty() {
        status["podIPs"] = serde_json::json!([{ "ip": &*pod.status.pod_ip }]);
    }
    object.insert("status".to_owned(), status);
    Value::Object(object)
}

fn unstructured_from_value(resource: Resource, value: Value) -> Result<Unstructured, Status> {
    let mut object = into_map(value)?;
    object.remove("apiVersion");
    object.remove("kind");
    let metadata = from_wire(take(&mut object, "metadata"))?;
    Ok(Unstructured { resource, metadata, value: Value::Object(object) })
}

impl Deployment {
    /// The Deployment in wire form.
    pub fn to_value(&self) -> Value {
        with_type(Resource::Deployments, wire(self))
    }
}

impl ReplicaSet {
    /// The ReplicaSet in wire form.
    pub fn to_value(&self) -> Value {
        with_type(Resource::ReplicaSets, wire(self))
    }
}

impl Pod {
    /// The pod in wire form.
    pub fn to_value(&self) -> Value {
        with_type(Resource::Pods, pod_to_value(self))
    }
}

impl Event {
    /// The event in wire form.
    pub fn to_value(&self) -> Value {
        with_type(Resource::Events, wire(self))
    }
}

impl Node {
    /// The node in wire form.
    pub fn to_value(&self) -> Value {
        with_type(Resource::Nodes, wire(self))
    }
}
