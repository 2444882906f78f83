//! Requests and limits, by name and amount.
//!
//! Models `ValidateContainerResourceRequirements` of pkg/apis/core/validation/validation.go.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::names;
use super::path::{Errors, Path, entries, list, text};
use super::template::PodContext;
use crate::order;
use crate::quantity::{Quantity, wire_text};

const STANDARD_CONTAINER: [&str; 3] = ["cpu", "ephemeral-storage", "memory"];
/// What may be named without a domain somewhere, though not all of it in containers.
const STANDARD: [&str; 20] = [
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "replicationcontrollers",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "storage",
    "configmaps",
];

fn is_huge_page(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Whether a name without a domain names something that can be counted. Models
/// `IsStandardResourceName` in pkg/apis/core/helper/helpers.go.
pub(super) fn is_standard(name: &str) -> bool {
    STANDARD.contains(&name) || is_huge_page(name.strip_prefix("requests.").unwrap_or(name))
}

/// Whether a name belongs to Kubernetes itself.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// A name of anything that can be counted. Models `validateResourceName`.
pub(super) fn resource_name(errors: &mut Errors, path: &Path<'_>, name: &str) {
    let before = errors.0.len();
    errors.invalid_each(path, name, names::label_key(name));
    if errors.0.len() == before && !name.contains('/') && !is_standard(name) {
        let detail = "must be a standard resource type or fully qualified";
        errors.invalid(path, name, detail);
    }
}

/// A name that a container, or else a whole pod, may use.
fn compute_resource_name(errors: &mut Errors, path: &Path<'_>, name: &str, of_container: bool) {
    let before = errors.0.len();
    resource_name(errors, path, name);
    let qualified = name.contains('/');
    if !of_container {
        if errors.0.len() == before && !matches!(name, "cpu" | "memory") && !is_huge_page(name) {
            errors.not_supported(path, name, &["cpu", "hugepages-", "memory"]);
        }
        return;
    }
    if !qualified {
        if !STANDARD_CONTAINER.contains(&name) && !is_huge_page(name) {
            errors.invalid(path, name, "must be a standard resource for containers");
        }
    } else if !is_native(name) {
        let extended = !name.starts_with("requests.")
            && names::label_key(&format!("requests.{name}")).is_empty();
        if !extended {
            errors.invalid(path, name, "doesn't follow extended resource name standard");
        }
    }
}

/// Whether more than the limit may be asked for.
fn is_overcommit_allowed(name: &str) -> bool {
    is_native(name) && !is_huge_page(name)
}

fn quantity_of(value: &Value) -> Quantity {
    Quantity::parse(&wire_text(value)).unwrap_or_else(|_| Quantity::zero())
}

/// Requests and limits. `of_container` is false for the resources of a whole pod.
pub(super) fn requirements(
    errors: &mut Errors,
    path: &Path<'_>,
    value: &Value,
    context: &PodContext<'_>,
    of_container: bool,
) {
    let limits: BTreeMap<&String, Quantity> =
        order::gather(entries(value, "limits").map(|(name, value)| (name, quantity_of(value))));
    let (limits_path, requests_path) = (path.child("limits"), path.child("requests"));
    let (mut huge, mut computes) = (false, false);
    for (name, quantity) in &limits {
        let path = limits_path.key(name);
        compute_resource_name(errors, &path, name, of_container);
        resource_quantity(errors, &path, name, quantity);
        huge_page_multiple(errors, &path, name, quantity);
        huge |= is_huge_page(name);
        computes |= matches!(name.as_str(), "cpu" | "memory");
    }
    for (name, value) in entries(value, "requests") {
        let quantity = quantity_of(value);
        let path = requests_path.key(name);
        compute_resource_name(errors, &path, name, of_container);
        resource_quantity(errors, &path, name, &quantity);
        match limits.get(name) {
            Some(limit) => {
                let order = quantity.cmp(limit);
                let (text, limit) = (quantity.canonical(), limit.canonical());
                if order.is_ne() && !is_overcommit_allowed(name) {
                    let detail = format!("must be equal to {name} limit of {limit}");
                    errors.invalid(&requests_path, &text, &detail);
                } else if order.is_gt() {
                    let detail = format!("must be less than or equal to {name} limit of {limit}");
                    errors.invalid(&requests_path, &text, &detail);
                }
            }
            None if !is_overcommit_allowed(name) => {
                let detail = "Limit must be set for non overcommitable resources";
                errors.required(&limits_path, detail);
            }
            None => {}
        }
        huge_page_multiple(errors, &path, name, &quantity);
        huge |= is_huge_page(name);
        computes |= matches!(name.as_str(), "cpu" | "memory");
    }
    if huge && !computes {
        errors.forbidden(path, "HugePages require cpu or memory");
    }
    claims(errors, &path.child("claims"), list(value, "claims"), context);
}

/// Huge pages come whole. Models `IsHugePageResourceValueDivisible`.
fn huge_page_multiple(errors: &mut Errors, path: &Path<'_>, name: &str, quantity: &Quantity) {
    let Some(size) = name.strip_prefix("hugepages-") else { return };
    let page = Quantity::parse(size).unwrap_or_else(|_| Quantity::zero());
    let whole = page.sign() > 0 && page.is_whole();
    if !whole || quantity.value() % page.value() != 0 {
        let text = quantity.canonical();
        errors.invalid(path, &text, &format!("{text} is not positive integer multiple of {name}"));
    }
}

pub(super) fn resource_quantity(
    errors: &mut Errors,
    path: &Path<'_>,
    name: &str,
    quantity: &Quantity,
) {
    if quantity.sign() < 0 {
        let text = quantity.canonical();
        errors.invalid(path, &text, "must be greater than or equal to 0");
    }
    // Only whole numbers of what cannot be divided.
    let whole = !is_native(name)
        || matches!(
            name,
            "pods"
                | "services"
                | "replicationcontrollers"
                | "resourcequotas"
                | "secrets"
                | "configmaps"
                | "persistentvolumeclaims"
                | "services.nodeports"
                | "services.loadbalancers"
        );
    if whole && !quantity.is_whole() {
        errors.invalid(path, &quantity.canonical(), "must be an integer");
    }
}

fn claims(errors: &mut Errors, path: &Path<'_>, claims: &[Value], context: &PodContext<'_>) {
    let mut seen = BTreeSet::new();
    for (at, claim) in claims.iter().enumerate() {
        let path = path.index(at);
        let name = text(claim, "name");
        if name.is_empty() {
            errors.required(&path, "");
            continue;
        }
        let request = text(claim, "request");
        if !request.is_empty() {
            errors.invalid_each(&path.child("request"), request, names::dns1123_label(request));
        }
        let key = if request.is_empty() { name.to_owned() } else { format!("{name}/{request}") };
        if seen.contains(&key) || seen.contains(name) {
            errors.duplicate(&path, &key);
        }
        seen.insert(key);
        if !context.claims.contains(name) {
            let mut detail = "must be one of the names in pod.spec.resourceClaims".to_owned();
            if context.claims.is_empty() {
                detail.push_str(" which is empty");
            } else {
                let known: Vec<&str> = context.claims.iter().copied().collect();
                detail = format!("{detail}: {}", known.join(", "));
            }
            errors.not_found(&path, name, &detail);
        }
    }
}
