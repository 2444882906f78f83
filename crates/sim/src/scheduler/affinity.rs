//! Terms that choose nodes by their labels, and pods by theirs.
//!
//! Models `component-helpers/scheduling/corev1/nodeaffinity` and the terms of
//! `pkg/scheduler/framework/types.go`.

use std::collections::{BTreeMap, BTreeSet};

use rollscope_api::Value;
use rollscope_api::object::LabelSelector;
use rollscope_api::selector::label_selector_matches;

use super::needs::{list, selector, text};

type Labels = BTreeMap<String, String>;

/// A node selector term: all its requirements must hold.
#[derive(Clone, Debug)]
pub(crate) struct NodeTerm {
    labels: Vec<Requirement>,
    fields: Vec<Requirement>,
}

#[derive(Clone, Debug)]
struct Requirement {
    key: String,
    operator: String,
    values: Vec<String>,
}

impl NodeTerm {
    pub(crate) fn of(term: &Value) -> Self {
        let requirements = |value: &Value| list(value).iter().map(Requirement::of).collect();
        Self {
            labels: requirements(&term["matchExpressions"]),
            fields: requirements(&term["matchFields"]),
        }
    }

    /// The names of the only nodes the term can match, where it lists names.
    pub(crate) fn names(&self) -> Option<BTreeSet<&str>> {
        let listed = |requirement: &&Requirement| {
            requirement.key == "metadata.name" && requirement.operator == "In"
        };
        let mut lists = self.fields.iter().filter(listed);
        let of =
            |list: &'_ Requirement| -> BTreeSet<String> { list.values.iter().cloned().collect() };
        let first = lists.next()?;
        let others: Vec<BTreeSet<String>> = lists.map(of).collect();
        let in_all = |name: &&str| others.iter().all(|list| list.contains(*name));
        Some(first.values.iter().map(String::as_str).filter(in_all).collect())
    }

    /// A term without requirements matches no node.
    pub(crate) fn matches(&self, name: &str, labels: &Labels) -> bool {
        let field = |key: &str| (key == "metadata.name").then_some(name);
        !(self.labels.is_empty() && self.fields.is_empty())
            && self.labels.iter().all(|r| r.holds(labels.get(&r.key).map(String::as_str)))
            && self.fields.iter().all(|r| r.holds(field(&r.key)))
    }
}

impl Requirement {
    fn of(value: &Value) -> Self {
        Self {
            key: text(&value["key"]),
            operator: text(&value["operator"]),
            values: list(&value["values"]).iter().map(text).collect(),
        }
    }

    fn holds(&self, value: Option<&str>) -> bool {
        let listed = || value.is_some_and(|value| self.values.iter().any(|known| known == value));
        let numbers = || {
            let known = self.values.first()?.parse::<i64>().ok()?;
            Some((value?.parse::<i64>().ok()?, known))
        };
        match self.operator.as_str() {
            "In" => listed(),
            "NotIn" => !listed(),
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            "Gt" => numbers().is_some_and(|(value, known)| value > known),
            "Lt" => numbers().is_some_and(|(value, known)| value < known),
            _ => false,
        }
    }
}

/// Whether the labels are selected. A selector without requirements selects everything, none at
/// all selects nothing.
pub(crate) fn selects(selector: Option<&LabelSelector>, labels: &Labels) -> bool {
    selector.is_some_and(|selector| label_selector_matches(selector, labels))
}

/// A pod affinity term: pods of some namespaces, in the domains of a topology.
#[derive(Clone, Debug)]
pub(crate) struct PodTerm {
    /// `None` selects nothing.
    selector: Option<LabelSelector>,
    pub(crate) topology_key: String,
    namespaces: Vec<String>,
    /// Namespaces by their labels.
    namespace_selector: Option<LabelSelector>,
}

impl PodTerm {
    pub(crate) fn of(term: &Value) -> Self {
        Self {
            selector: selector(&term["labelSelector"]),
            topology_key: text(&term["topologyKey"]),
            namespaces: list(&term["namespaces"]).iter().map(text).collect(),
            namespace_selector: selector(&term["namespaceSelector"]),
        }
    }

    /// Whether a pod is one of those meant by a term of a pod in `own_namespace`.
    pub(crate) fn matches(&self, own_namespace: &str, namespace: &str, labels: &Labels) -> bool {
        let by_default = self.namespaces.is_empty() && self.namespace_selector.is_none();
        let in_namespace = self.namespaces.iter().any(|known| known == namespace)
            || by_default && namespace == own_namespace
            || self.selects_namespace(namespace);
        in_namespace && selects(self.selector.as_ref(), labels)
    }

    /// Of a namespace's labels the scheduler here knows the one that every namespace has.
    fn selects_namespace(&self, namespace: &str) -> bool {
        let name = ("kubernetes.io/metadata.name".to_owned(), namespace.to_owned());
        selects(self.namespace_selector.as_ref(), &Labels::from([name]))
    }
}
