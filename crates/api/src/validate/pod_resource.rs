//! The resources of a whole pod beside those of its containers.
//!
//! Models `validatePodResourceConsistency` of pkg/apis/core/validation/validation.go and
//! `AggregateContainerRequests` of k8s.io/component-helpers/resource.

use std::collections::BTreeMap;

use serde_json::Value;

use super::path::{Errors, Path, entries, list, text};
use crate::order;
use crate::quantity::{Quantity, wire_text};

type Amounts = BTreeMap<String, Quantity>;

fn amounts(container: &Value, kind: &str) -> Amounts {
    let read =
        |value: &Value| Quantity::parse(&wire_text(value)).unwrap_or_else(|_| Quantity::zero());
    let resources = &container["resources"];
    order::gather(entries(resources, kind).map(|(name, value)| (name.clone(), read(value))))
}

fn add(sum: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        match sum.get_mut(name) {
            Some(known) => known.add(amount),
            None => {
                sum.insert(name.clone(), amount.clone());
            }
        }
    }
}

fn raise(sum: &mut Amounts, other: &Amounts) {
    for (name, amount) in other {
        if sum.get(name).is_none_or(|known| amount.cmp(known).is_gt()) {
            sum.insert(name.clone(), amount.clone());
        }
    }
}

/// What the containers ask for together: those that stay add up, and those that run before them
/// need room beside the sidecars started so far.
fn requests(spec: &Value) -> Amounts {
    let (mut sum, mut sidecars, mut initial) = (Amounts::new(), Amounts::new(), Amounts::new());
    for container in list(spec, "containers") {
        add(&mut sum, &amounts(container, "requests"));
    }
    for container in list(spec, "initContainers") {
        let mut own = amounts(container, "requests");
        if text(container, "restartPolicy") == "Always" {
            add(&mut sum, &own);
            add(&mut sidecars, &own);
            own = sidecars.clone();
        } else {
            add(&mut own, &sidecars);
        }
        raise(&mut initial, &own);
    }
    raise(&mut sum, &initial);
    sum
}

/// The pod asks for no less than its containers, and no container may take more than the pod.
pub(super) fn consistency(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let supported = |name: &str| matches!(name, "cpu" | "memory") || name.starts_with("hugepages-");
    let (asked, limits) = (amounts(spec, "requests"), amounts(spec, "limits"));
    let requests_path = path.child("requests");
    for (name, sum) in requests(spec).iter().filter(|(name, _)| supported(name)) {
        let own = asked.get(name).cloned().unwrap_or_else(Quantity::zero);
        if sum.cmp(&own).is_gt() {
            let detail = format!(
                "must be greater than or equal to aggregate container requests of {}",
                sum.canonical()
            );
            errors.invalid(&requests_path.key(name), &own.canonical(), &detail);
        }
    }
    let containers = path.child("containers");
    for (at, container) in list(spec, "containers").iter().enumerate() {
        let item = containers.index(at);
        for (name, limit) in amounts(container, "limits") {
            let Some(own) = limits.get(&name).filter(|own| limit.cmp(own).is_gt()) else {
                continue;
            };
            let detail = format!("must be less than or equal to pod limits of {}", own.canonical());
            let path = item.key(&name);
            errors.invalid(&path.child("limits"), &limit.canonical(), &detail);
        }
    }
}
