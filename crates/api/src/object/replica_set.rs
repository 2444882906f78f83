//! `apps/v1` ReplicaSet.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::meta::is_zero_i32;
use super::{LabelSelector, ObjectMeta, PodTemplate, no_text};
use crate::Timestamp;

/// `apps/v1` ReplicaSet, defaulted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ReplicaSet {
    pub metadata: ObjectMeta,
    /// Shared until written: use [`Rc::make_mut`].
    pub spec: Rc<ReplicaSetSpec>,
    #[serde(default)]
    pub status: ReplicaSetStatus,
}

/// `apps/v1` ReplicaSetSpec, defaulted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct ReplicaSetSpec {
    pub replicas: i32,
    #[serde(default, skip_serializing_if = "is_zero_i32")]
    pub min_ready_seconds: i32,
    pub selector: LabelSelector,
    #[serde(default)]
    pub template: PodTemplate,
}

/// `apps/v1` ReplicaSetStatus.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(missing_docs)]
pub struct ReplicaSetStatus {
    /// Always present on the wire.
    pub replicas: i32,
    #[serde(skip_serializing_if = "is_zero_i32")]
    pub fully_labeled_replicas: i32,
    #[serde(skip_serializing_if = "is_zero_i32")]
    pub ready_replicas: i32,
    #[serde(skip_serializing_if = "is_zero_i32")]
    pub available_replicas: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminating_replicas: Option<i32>,
    #[serde(skip_serializing_if = "super::meta::is_zero_i64")]
    pub observed_generation: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<ReplicaSetCondition>,
}

/// `apps/v1` ReplicaSetCondition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct ReplicaSetCondition {
    /// `ReplicaFailure`.
    #[serde(rename = "type")]
    pub type_: Rc<str>,
    pub status: Rc<str>,
    pub last_transition_time: Timestamp,
    #[serde(default = "no_text", skip_serializing_if = "str::is_empty")]
    pub reason: Rc<str>,
    #[serde(default = "no_text", skip_serializing_if = "str::is_empty")]
    pub message: Rc<str>,
}
