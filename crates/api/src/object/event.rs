//! `v1` Event.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::meta::{is_zero, is_zero_i32, version_text};
use super::{ObjectMeta, Uid, no_text};
use crate::Timestamp;

/// `v1` Event: something a component reports about an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Event {
    pub metadata: ObjectMeta,
    pub involved_object: ObjectReference,
    #[serde(default = "no_text")]
    pub reason: Rc<str>,
    #[serde(default = "no_text")]
    pub message: Rc<str>,
    #[serde(default)]
    pub source: EventSource,
    /// Null where there is none, as the other times.
    #[serde(default)]
    pub first_timestamp: Option<Timestamp>,
    #[serde(default)]
    pub last_timestamp: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "is_zero_i32")]
    pub count: i32,
    /// `Normal` or `Warning`.
    #[serde(rename = "type", default)]
    pub type_: Rc<str>,
    /// Set by components that use the newer events API, as the scheduler does; microseconds on the wire.
    #[serde(default)]
    pub event_time: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub action: Rc<str>,
    /// `default-scheduler`; empty where `source` says it.
    #[serde(rename = "reportingComponent", default)]
    pub reporting_component: Rc<str>,
    #[serde(rename = "reportingInstance", default)]
    pub reporting_instance: Rc<str>,
}

/// `v1` ObjectReference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(missing_docs)]
pub struct ObjectReference {
    pub kind: Rc<str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub namespace: Rc<str>,
    pub name: Rc<str>,
    pub uid: Uid,
    pub api_version: Rc<str>,
    /// What was seen of the object; 0 where nobody says. A string on the wire.
    #[serde(with = "version_text", skip_serializing_if = "is_zero")]
    pub resource_version: u64,
    /// `spec.containers{web}`
    #[serde(skip_serializing_if = "str::is_empty")]
    pub field_path: Rc<str>,
}

impl Default for ObjectReference {
    fn default() -> Self {
        Self {
            kind: no_text(),
            namespace: no_text(),
            name: no_text(),
            uid: Uid::None,
            api_version: no_text(),
            resource_version: 0,
            field_path: no_text(),
        }
    }
}

/// `v1` EventSource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct EventSource {
    #[serde(skip_serializing_if = "str::is_empty")]
    pub component: Rc<str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub host: Rc<str>,
}

impl Default for EventSource {
    fn default() -> Self {
        Self { component: no_text(), host: no_text() }
    }
}
