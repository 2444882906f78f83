//! Typed objects, as controllers read and write them. [`Object`] is any of them.
//!
//! Pod templates and pod specs stay in wire form ([`PodTemplate`]): they are defaulted and
//! canonical, shared by reference between a ReplicaSet and all its pods, and read through the
//! schema table. Everything controllers compute with is typed.

mod convert;
mod deployment;
mod event;
mod meta;
mod node;
mod pod;
mod replica_set;
mod shared;
mod uid;

use std::rc::Rc;

pub use deployment::*;
pub use event::*;
pub use meta::*;
pub use node::*;
pub use pod::*;
pub use replica_set::*;
pub use shared::no_text;
pub use uid::Uid;

use crate::{Resource, Value};

/// An object in the store. Clones are cheap: the content is shared until written.
#[derive(Clone, Debug)]
pub enum Object {
    /// `apps/v1` Deployment.
    Deployment(Rc<Deployment>),
    /// `apps/v1` ReplicaSet.
    ReplicaSet(Rc<ReplicaSet>),
    /// `v1` Pod.
    Pod(Rc<Pod>),
    /// `v1` Event.
    Event(Rc<Event>),
    /// `v1` Node.
    Node(Rc<Node>),
    /// Any other kind: stored and printed, with little behaviour of its own.
    Other(Rc<Unstructured>),
}

/// An object without a type of its own here (Service, ResourceQuota, ConfigMap …).
#[derive(Clone, Debug)]
pub struct Unstructured {
    /// What it is.
    pub resource: Resource,
    /// Its metadata, typed; `value` does not repeat it.
    pub metadata: ObjectMeta,
    /// All its fields but `apiVersion`, `kind` and `metadata`.
    pub value: Value,
}
