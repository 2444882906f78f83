//! Deployments and ReplicaSets.
//!
//! Models pkg/apis/apps/validation/validation.go and the strategies' own checks
//! (pkg/registry/apps/deployment/strategy.go, pkg/registry/apps/replicaset/strategy.go).

use serde_json::Value;

use super::path::{Errors, Path, has, internal_text, number, text};
use super::{meta, names, template};
use crate::gojson;
use crate::object::LabelSelector;
use crate::selector::Selector;

pub(super) fn deployment(errors: &mut Errors, new: &Value, old: Option<&Value>) {
    let spec = &new["spec"];
    let path = Path::root("spec");
    errors.non_negative(&path.child("replicas"), number(spec, "replicas").unwrap_or_default());
    selector_and_template(errors, &path, spec);
    strategy(errors, &path.child("strategy"), &spec["strategy"]);
    let min_ready = number(spec, "minReadySeconds").unwrap_or_default();
    errors.non_negative(&path.child("minReadySeconds"), min_ready);
    if let Some(limit) = number(spec, "revisionHistoryLimit") {
        errors.non_negative(&path.child("revisionHistoryLimit"), limit);
    }
    if let Some(deadline) = number(spec, "progressDeadlineSeconds") {
        let path = path.child("progressDeadlineSeconds");
        errors.non_negative(&path, deadline);
        if deadline <= min_ready {
            errors.invalid_number(&path, deadline, "must be greater than minReadySeconds");
        }
    }
    immutable_selector(errors, &path, new, old);
}

pub(super) fn replica_set(errors: &mut Errors, new: &Value, old: Option<&Value>) {
    let spec = &new["spec"];
    let path = Path::root("spec");
    errors.non_negative(&path.child("replicas"), number(spec, "replicas").unwrap_or_default());
    let min_ready = number(spec, "minReadySeconds").unwrap_or_default();
    errors.non_negative(&path.child("minReadySeconds"), min_ready);
    selector_and_template(errors, &path, spec);
    immutable_selector(errors, &path, new, old);
}

/// Kinds that are only stored: what they have in common with the others.
pub(super) fn other(errors: &mut Errors, new: &Value, old: Option<&Value>) {
    let spec = &new["spec"];
    let path = Path::root("spec");
    errors.non_negative(&path.child("replicas"), number(spec, "replicas").unwrap_or_default());
    selector_and_template(errors, &path, spec);
    immutable_selector(errors, &path, new, old);
}

fn immutable_selector(errors: &mut Errors, path: &Path<'_>, new: &Value, old: Option<&Value>) {
    let Some(old) = old else { return };
    let (new, old) = (&new["spec"]["selector"], &old["spec"]["selector"]);
    if new != old {
        let path = path.child("selector");
        errors.invalid_typed(&path, "v1.LabelSelector", new, "field is immutable");
    }
}

fn selector_and_template(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let selector_path = path.child("selector");
    let selector = spec.get("selector").filter(|selector| !selector.is_null());
    let typed = match selector {
        None => {
            errors.required(&selector_path, "");
            Selector::nothing()
        }
        Some(value) => {
            meta::label_selector(errors, &selector_path, value);
            if !has(value, "matchLabels") && !has(value, "matchExpressions") {
                // The text says deployment for ReplicaSets too.
                errors.invalid_typed(
                    &selector_path,
                    "v1.LabelSelector",
                    value,
                    "empty selector is invalid for deployment",
                );
            }
            if !meta::is_selector(value) {
                let detail = "invalid label selector";
                errors.invalid_typed(&selector_path, "v1.LabelSelector", value, detail);
                return;
            }
            let typed: LabelSelector = serde_json::from_value(value.clone()).unwrap_or_default();
            Selector::from_label_selector(&typed)
        }
    };
    template_for_replica_set(errors, &path.child("template"), &spec["template"], &typed);
}

fn template_for_replica_set(
    errors: &mut Errors,
    path: &Path<'_>,
    template: &Value,
    selector: &Selector,
) {
    if !selector.is_empty() {
        let labels = &template["metadata"]["labels"];
        let map = serde_json::from_value(labels.clone()).unwrap_or_default();
        if !selector.matches(&map) {
            errors.invalid_raw(
                &path.child("metadata").child("labels"),
                &gojson::to_string(labels),
                "`selector` does not match template `labels`",
            );
        }
    }
    template::pod_template(errors, path, template);
    let spec_path = path.child("spec");
    let policy = text(&template["spec"], "restartPolicy");
    if policy != "Always" {
        errors.not_supported(&spec_path.child("restartPolicy"), policy, &["Always"]);
    }
    if has(&template["spec"], "activeDeadlineSeconds") {
        errors.forbidden(
            &spec_path.child("activeDeadlineSeconds"),
            "activeDeadlineSeconds in ReplicaSet is not Supported",
        );
    }
}

fn strategy(errors: &mut Errors, path: &Path<'_>, strategy: &Value) {
    let rolling = strategy.get("rollingUpdate").filter(|rolling| !rolling.is_null());
    let rolling_path = path.child("rollingUpdate");
    match (text(strategy, "type"), rolling) {
        ("Recreate", Some(_)) => errors
            .forbidden(&rolling_path, "may not be specified when strategy `type` is 'Recreate'"),
        ("Recreate", None) => {}
        ("RollingUpdate", None) => {
            errors.required(&rolling_path, "this should be defaulted and never be nil");
        }
        ("RollingUpdate", Some(rolling)) => rolling_update(errors, &rolling_path, rolling),
        _ => {
            let value = internal_text("v1.DeploymentStrategy", strategy);
            errors.not_supported_raw(path, &value, &["Recreate", "RollingUpdate"]);
        }
    }
}

fn rolling_update(errors: &mut Errors, path: &Path<'_>, rolling: &Value) {
    let zero = Value::from(0);
    let surge = rolling.get("maxSurge").unwrap_or(&zero);
    let unavailable = rolling.get("maxUnavailable").unwrap_or(&zero);
    let unavailable_path = path.child("maxUnavailable");
    positive_int_or_percent(errors, &unavailable_path, unavailable);
    positive_int_or_percent(errors, &path.child("maxSurge"), surge);
    if int_or_percent(unavailable) == 0 && int_or_percent(surge) == 0 {
        errors.invalid_raw(
            &unavailable_path,
            &gojson::to_string(unavailable),
            "may not be 0 when `maxSurge` is 0",
        );
    }
    if percent(unavailable).is_some_and(|percent| percent > 100) {
        errors.invalid_raw(
            &unavailable_path,
            &gojson::to_string(unavailable),
            "must not be greater than 100%",
        );
    }
}

fn positive_int_or_percent(errors: &mut Errors, path: &Path<'_>, value: &Value) {
    match value.as_str() {
        Some(text) => errors.invalid_each(path, text, names::percent(text)),
        None => errors.non_negative(path, value.as_i64().unwrap_or_default()),
    }
}

fn percent(value: &Value) -> Option<i64> {
    let text = value.as_str().filter(|text| names::percent(text).is_empty())?;
    // Only digits, so that what cannot be read is too large to be.
    Some(text.trim_end_matches('%').parse().unwrap_or(i64::MAX))
}

fn int_or_percent(value: &Value) -> i64 {
    percent(value).unwrap_or_else(|| match value.as_str() {
        Some(text) => text.parse().unwrap_or_default(),
        None => value.as_i64().unwrap_or_default(),
    })
}
