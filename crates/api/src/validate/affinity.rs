//! Affinity, tolerations and topology spread constraints.

use std::collections::BTreeSet;

use serde_json::Value;

use super::path::{Errors, Path, entries, has, list, number, text};
use super::{meta, names};
use crate::order;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

pub(super) fn affinity(errors: &mut Errors, path: &Path<'_>, affinity: &Value) {
    if has(affinity, "nodeAffinity") {
        node_affinity(errors, &path.child("nodeAffinity"), &affinity["nodeAffinity"]);
    }
    for field in ["podAffinity", "podAntiAffinity"] {
        if has(affinity, field) {
            pod_affinity(errors, &path.child(field), &affinity[field]);
        }
    }
}

fn node_affinity(errors: &mut Errors, path: &Path<'_>, affinity: &Value) {
    if has(affinity, REQUIRED) {
        let required = path.child(REQUIRED);
        let path = required.child("nodeSelectorTerms");
        let terms = list(&affinity[REQUIRED], "nodeSelectorTerms");
        if terms.is_empty() {
            errors.required(&path, "must have at least one node selector term");
        }
        for (at, term) in terms.iter().enumerate() {
            node_selector_term(errors, &path.index(at), term, false);
        }
    }
    let path = path.child(PREFERRED);
    for (at, term) in list(affinity, PREFERRED).iter().enumerate() {
        let path = path.index(at);
        weight(errors, &path, term);
        node_selector_term(errors, &path.child("preference"), &term["preference"], true);
    }
}

fn weight(errors: &mut Errors, path: &Path<'_>, term: &Value) {
    let weight = number(term, "weight").unwrap_or_default();
    if !(1..=100).contains(&weight) {
        errors.invalid_number(&path.child("weight"), weight, "must be in the range 1-100");
    }
}

fn node_selector_term(errors: &mut Errors, path: &Path<'_>, term: &Value, any_values: bool) {
    let expressions = path.child("matchExpressions");
    for (at, requirement) in list(term, "matchExpressions").iter().enumerate() {
        let path = expressions.index(at);
        let values = list(requirement, "values");
        let values_path = path.child("values");
        match text(requirement, "operator") {
            "In" | "NotIn" if values.is_empty() => errors
                .required(&values_path, "must be specified when `operator` is 'In' or 'NotIn'"),
            "Exists" | "DoesNotExist" if !values.is_empty() => errors.forbidden(
                &values_path,
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
            "Gt" | "Lt" if values.len() != 1 => errors.required(
                &values_path,
                "must be specified single value when `operator` is 'Lt' or 'Gt'",
            ),
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
            operator => {
                errors.invalid(&path.child("operator"), operator, "not a valid selector operator");
            }
        }
        let key = text(requirement, "key");
        errors.invalid_each(&path.child("key"), key, names::label_key(key));
        if !any_values {
            for (at, value) in values.iter().filter_map(Value::as_str).enumerate() {
                errors.invalid_each(&values_path.index(at), value, names::label_value(value));
            }
        }
    }
    let fields = path.child("matchFields");
    for (at, requirement) in list(term, "matchFields").iter().enumerate() {
        node_field_requirement(errors, &fields.index(at), requirement);
    }
}

fn node_field_requirement(errors: &mut Errors, path: &Path<'_>, requirement: &Value) {
    let values = list(requirement, "values");
    match text(requirement, "operator") {
        "In" | "NotIn" => {
            if values.len() != 1 {
                errors.required(
                    &path.child("values"),
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field \
                     selector",
                );
            }
        }
        operator => {
            errors.invalid(&path.child("operator"), operator, "not a valid selector operator");
        }
    }
    match text(requirement, "key") {
        "metadata.name" => {
            for (at, value) in values.iter().filter_map(Value::as_str).enumerate() {
                let found = names::dns1123_subdomain(value);
                errors.invalid_each(&path.child("values").index(at), value, found);
            }
        }
        key => errors.invalid(&path.child("key"), key, "not a valid field selector key"),
    }
}

fn pod_affinity(errors: &mut Errors, path: &Path<'_>, affinity: &Value) {
    let required = path.child(REQUIRED);
    for (at, term) in list(affinity, REQUIRED).iter().enumerate() {
        pod_affinity_term(errors, &required.index(at), term);
    }
    let preferred = path.child(PREFERRED);
    for (at, term) in list(affinity, PREFERRED).iter().enumerate() {
        let path = preferred.index(at);
        weight(errors, &path, term);
        pod_affinity_term(errors, &path.child("podAffinityTerm"), &term["podAffinityTerm"]);
    }
}

fn pod_affinity_term(errors: &mut Errors, path: &Path<'_>, term: &Value) {
    for field in ["labelSelector", "namespaceSelector"] {
        meta::label_selector(errors, &path.child(field), &term[field]);
    }
    for name in list(term, "namespaces").iter().filter_map(Value::as_str) {
        errors.invalid_each(&path.child("namespace"), name, names::dns1123_label(name));
    }
    for field in ["matchLabelKeys", "mismatchLabelKeys"] {
        let keys = list(term, field);
        let path = path.child(field);
        if !keys.is_empty() && !has(term, "labelSelector") {
            errors.forbidden(&path, "must not be specified when labelSelector is not set");
            continue;
        }
        for (at, key) in keys.iter().filter_map(Value::as_str).enumerate() {
            errors.invalid_each(&path.index(at), key, names::label_key(key));
        }
    }
    let mismatch = list(term, "mismatchLabelKeys");
    let match_path = path.child("matchLabelKeys");
    for (at, key) in list(term, "matchLabelKeys").iter().enumerate() {
        if mismatch.contains(key) {
            errors.invalid(
                &match_path.index(at),
                key.as_str().unwrap_or_default(),
                "exists in both matchLabelKeys and mismatchLabelKeys",
            );
        }
    }
    let topology = text(term, "topologyKey");
    let topology_path = path.child("topologyKey");
    if topology.is_empty() {
        errors.required(&topology_path, "can not be empty");
    }
    errors.invalid_each(&topology_path, topology, names::label_key(topology));
}

pub(super) fn tolerations(errors: &mut Errors, path: &Path<'_>, tolerations: &[Value]) {
    for (at, toleration) in tolerations.iter().enumerate() {
        let path = path.index(at);
        let (key, operator) = (text(toleration, "key"), text(toleration, "operator"));
        let (value, effect) = (text(toleration, "value"), text(toleration, "effect"));
        let operator_path = path.child("operator");
        if !key.is_empty() {
            errors.invalid_each(&path.child("key"), key, names::label_key(key));
        } else if operator != "Exists" {
            errors.invalid(
                &operator_path,
                operator,
                "operator must be Exists when `key` is empty, which means \"match all values and \
                 all keys\"",
            );
        }
        if has(toleration, "tolerationSeconds") && effect != "NoExecute" {
            errors.invalid(
                &path.child("effect"),
                effect,
                "effect must be 'NoExecute' when `tolerationSeconds` is set",
            );
        }
        match operator {
            "" | "Equal" => {
                let found = names::label_value(value);
                if !found.is_empty() {
                    errors.invalid(&operator_path, value, &found.join(";"));
                }
            }
            "Exists" => {
                if !value.is_empty() {
                    errors.invalid(
                        &operator_path,
                        value,
                        "value must be empty when `operator` is 'Exists'",
                    );
                }
            }
            other => errors.not_supported(&operator_path, other, &["Equal", "Exists"]),
        }
        const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
        if !effect.is_empty() && !EFFECTS.contains(&effect) {
            errors.not_supported(&path.child("effect"), effect, &EFFECTS);
        }
    }
}

pub(super) fn topology_spread_constraints(
    errors: &mut Errors,
    path: &Path<'_>,
    constraints: &[Value],
) {
    for (at, constraint) in constraints.iter().enumerate() {
        let path = path.index(at);
        let skew = number(constraint, "maxSkew").unwrap_or_default();
        if skew <= 0 {
            errors.invalid_number(&path.child("maxSkew"), skew, "must be greater than zero");
        }
        let (key, action) =
            (text(constraint, "topologyKey"), text(constraint, "whenUnsatisfiable"));
        if key.is_empty() {
            errors.required(&path.child("topologyKey"), "can not be empty");
        }
        const ACTIONS: [&str; 2] = ["DoNotSchedule", "ScheduleAnyway"];
        if !ACTIONS.contains(&action) {
            errors.not_supported(&path.child("whenUnsatisfiable"), action, &ACTIONS);
        }
        let repeated = constraints[at + 1..].iter().any(|other| {
            text(other, "topologyKey") == key && text(other, "whenUnsatisfiable") == action
        });
        if repeated {
            let pair = path.child("{topologyKey, whenUnsatisfiable}");
            errors.duplicate(&pair, &format!("{{{key}, {action}}}"));
        }
        if let Some(domains) = number(constraint, "minDomains") {
            let path = path.child("minDomains");
            if domains <= 0 {
                errors.invalid_number(&path, domains, "must be greater than zero");
            }
            if action != "DoNotSchedule" {
                let detail = format!(
                    "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
                );
                errors.invalid_number(&path, domains, &detail);
            }
        }
        for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            let policy = text(constraint, field);
            if has(constraint, field) && !matches!(policy, "Honor" | "Ignore") {
                errors.not_supported(&path.child(field), policy, &["Honor", "Ignore"]);
            }
        }
        match_label_keys(errors, &path.child("matchLabelKeys"), constraint);
        let selector = &constraint["labelSelector"];
        meta::label_selector(errors, &path.child("labelSelector"), selector);
    }
}

fn match_label_keys(errors: &mut Errors, path: &Path<'_>, constraint: &Value) {
    let keys = list(constraint, "matchLabelKeys");
    if keys.is_empty() {
        return;
    }
    let selector = &constraint["labelSelector"];
    if selector.is_null() {
        errors.forbidden(path, "must not be specified when labelSelector is not set");
    }
    let selected: BTreeSet<&str> = order::gather(
        entries(selector, "matchLabels")
            .map(|(key, _)| key.as_str())
            .chain(list(selector, "matchExpressions").iter().map(|item| text(item, "key"))),
    );
    for (at, key) in keys.iter().filter_map(Value::as_str).enumerate() {
        errors.invalid_each(&path.index(at), key, names::label_key(key));
        if selected.contains(key) {
            errors.invalid(&path.index(at), key, "exists in both matchLabelKeys and labelSelector");
        }
    }
}
