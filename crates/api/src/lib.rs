//! What a Kubernetes object is: types, schema, decoding, defaulting, validation, the pod-template
//! hash, patches and selectors.
//!
//! This crate knows objects and nothing of a cluster that holds them: no store, no time that
//! passes, no controllers, no browser. Everything here is a function of its arguments.
//! The version modelled is Kubernetes v1.36.

pub mod annotation;
pub mod decode;
pub mod defaults;
pub mod diagnose;
pub mod equality;
pub mod gojson;
pub mod hash;
pub mod merge;
pub mod object;
pub mod order;
pub mod quantity;
pub mod request;
pub mod resource;
pub mod schema;
pub mod selector;
pub mod status;
pub mod time;
pub mod validate;
pub mod yaml;

pub use request::{
    Api, DeleteOptions, FieldValidation, ListOptions, PatchType, Propagation, Subresource,
    WriteOptions, Written,
};
pub use resource::Resource;
/// The wire form of objects: what kubectl sends and receives. Maps are sorted by key.
pub use serde_json::Value;
pub use status::Status;
pub use time::{SimDuration, SimTime, Timestamp};
