//! `metav1.ObjectMeta` and what belongs to it.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::Uid;
use super::shared::{no_strings, no_text};
use crate::Timestamp;

/// Labels or annotations. Shared until written: use [`Rc::make_mut`].
pub type StringMap = Rc<BTreeMap<String, String>>;

/// `metav1.ObjectMeta`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectMeta {
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "str::is_empty")]
    pub name: Rc<str>,
    /// Prefix of a name the server completes.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub generate_name: Rc<str>,
    /// Empty for cluster-scoped objects.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub namespace: Rc<str>,
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "Uid::is_none")]
    pub uid: Uid,
    /// Grows with every write to the store; 0 before the first. A string on the wire.
    #[serde(with = "version_text", skip_serializing_if = "is_zero")]
    pub resource_version: u64,
    /// Grows with every change of the spec.
    #[serde(skip_serializing_if = "is_zero_i64")]
    pub generation: i64,
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_timestamp: Option<Timestamp>,
    /// When the grace of a deletion that has begun is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_timestamp: Option<Timestamp>,
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_grace_period_seconds: Option<i64>,
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "map_is_empty")]
    pub labels: StringMap,
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "map_is_empty")]
    pub annotations: StringMap,
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owner_references: Vec<OwnerReference>,
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub finalizers: Vec<String>,
}

impl Default for ObjectMeta {
    fn default() -> Self {
        Self {
            name: no_text(),
            generate_name: no_text(),
            namespace: no_text(),
            uid: Uid::None,
            resource_version: 0,
            generation: 0,
            creation_timestamp: None,
            deletion_timestamp: None,
            deletion_grace_period_seconds: None,
            labels: no_strings(),
            annotations: no_strings(),
            owner_references: Vec::new(),
            finalizers: Vec::new(),
        }
    }
}

impl ObjectMeta {
    /// The owner that manages this object, if there is one.
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.owner_references.iter().find(|owner| owner.controller)
    }
}

/// `metav1.OwnerReference`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct OwnerReference {
    pub api_version: Rc<str>,
    pub kind: Rc<str>,
    pub name: Rc<str>,
    pub uid: Uid,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub controller: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub block_owner_deletion: bool,
}

/// `metav1.LabelSelector`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(missing_docs)]
pub struct LabelSelector {
    #[serde(skip_serializing_if = "map_is_empty")]
    pub match_labels: StringMap,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

/// `metav1.LabelSelectorRequirement`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct LabelSelectorRequirement {
    pub key: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    pub operator: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// A number or a percentage. Models `intstr.IntOrString`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntOrString {
    /// A plain number.
    Int(i32),
    /// Text, for rollouts always a percentage: `25%`.
    String(String),
}

impl Serialize for IntOrString {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Int(number) => serializer.serialize_i32(*number),
            Self::String(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for IntOrString {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = IntOrString;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a 32-bit integer or a string")
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<IntOrString, E> {
                i32::try_from(number).map(IntOrString::Int).map_err(E::custom)
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<IntOrString, E> {
                i32::try_from(number).map(IntOrString::Int).map_err(E::custom)
            }
            fn visit_str<E>(self, text: &str) -> Result<IntOrString, E> {
                Ok(IntOrString::String(text.to_owned()))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

pub(super) fn is_zero(number: &u64) -> bool {
    *number == 0
}
pub(super) fn is_zero_i64(number: &i64) -> bool {
    *number == 0
}
pub(super) fn is_zero_i32(number: &i32) -> bool {
    *number == 0
}
pub(super) fn map_is_empty(map: &StringMap) -> bool {
    map.is_empty()
}

pub(super) mod version_text {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(version: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(version)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() { Ok(0) } else { text.parse().map_err(serde::de::Error::custom) }
    }
}
