//! HorizontalPodAutoscalers. Models `describeHorizontalPodAutoscalerV2`.

use rollscope_api::Value;

use super::time;
use super::writer::Writer;
use crate::value::{Peek, or, plain};

pub(super) fn write(w: &mut Writer, hpa: &Value) {
    w.metadata(hpa);
    w.field(0, "CreationTimestamp", time(hpa.at("metadata.creationTimestamp")));
    let target = hpa.at("spec.scaleTargetRef").unwrap_or(&Value::Null);
    w.field(0, "Reference", format!("{}/{}", target.text("kind"), target.text("name")));
    w.field(0, "Metrics", "( current / target )");
    let statuses = hpa.items("status.currentMetrics");
    for (index, metric) in hpa.items("spec.metrics").iter().enumerate() {
        let line = metric_line(metric, statuses.get(index).unwrap_or(&Value::Null));
        w.put(1, &format!("{line}\n"));
    }
    w.field(0, "Min replicas", hpa.at("spec.minReplicas").map_or("<unset>".into(), plain));
    w.field(0, "Max replicas", hpa.int("spec.maxReplicas"));
    if let Some(behavior) = hpa.at("spec.behavior") {
        w.put(0, "Behavior:\n");
        direction(w, "Scale Up", behavior.at("scaleUp"));
        direction(w, "Scale Down", behavior.at("scaleDown"));
    }
    let (current, desired) = (hpa.int("status.currentReplicas"), hpa.int("status.desiredReplicas"));
    let title = format!("{} pods", target.text("kind"));
    w.field(0, &title, format!("{current} current / {desired} desired"));
    let conditions = hpa.items("status.conditions");
    if !conditions.is_empty() {
        w.put(0, "Conditions:\n");
        w.put(1, "Type\tStatus\tReason\tMessage\n");
        w.put(1, "----\t------\t------\t-------\n");
    }
    for condition in conditions {
        let row = ["type", "status", "reason", "message"].map(|field| condition.text(field));
        w.put(1, &format!("{}\n", row.join("\t")));
    }
}

/// A metric, what it is now and what it should be, without the indentation of its line.
fn metric_line(metric: &Value, status: &Value) -> String {
    let null = &Value::Null;
    let part = |kind: &str| {
        let spec = metric.at(kind).unwrap_or(null);
        let current = status.at(kind).and_then(|of| of.at("current")).unwrap_or(null);
        (spec, spec.at("target").unwrap_or(null), current)
    };
    let of = |value: &Value, field: &str| value.at(field).map_or("<unknown>".into(), plain);
    match metric.text("type") {
        "External" => {
            let (spec, target, current) = part("external");
            let (words, field) = by_average(target);
            let (current, target) = (of(current, field), of(target, field));
            format!("{:?} ({words}):\t{current} / {target}", spec.text("metric.name"))
        }
        "Pods" => {
            let (spec, target, current) = part("pods");
            let (current, target) = (of(current, "averageValue"), of(target, "averageValue"));
            format!("{:?} on pods:\t{current} / {target}", spec.text("metric.name"))
        }
        "Object" => {
            let (spec, target, current) = part("object");
            let (words, field) = match target.text("type") {
                "AverageValue" => ("target average value", "averageValue"),
                _ => ("target value", "value"),
            };
            let (current, target) = (of(current, field), of(target, field));
            let object = spec.at("describedObject").unwrap_or(null);
            format!(
                "\"{}\" on {}/{} ({words}):\t{current} / {target}",
                spec.text("metric.name"),
                object.text("kind"),
                object.text("name")
            )
        }
        "Resource" => {
            let (spec, target, current) = part("resource");
            // Upstream indents the second half once more.
            let subject = format!("resource {} on pods", spec.text("name"));
            resource(&subject, target, current)
        }
        "ContainerResource" => {
            let (spec, target, current) = part("containerResource");
            let (name, container) = (spec.text("name"), spec.text("container"));
            let subject = format!("resource {name} of container \"{container}\" on pods");
            resource(&subject, target, current)
        }
        other => format!("<unknown metric type {other:?}>"),
    }
}

fn by_average(target: &Value) -> (&'static str, &'static str) {
    if target.has("averageValue") {
        ("target average value", "averageValue")
    } else {
        ("target value", "value")
    }
}

fn resource(subject: &str, target: &Value, current: &Value) -> String {
    if let Some(value) = target.at("averageValue") {
        let current = current.at("averageValue").map_or("<unknown>".into(), plain);
        return format!("{subject}:\t{current} / {}", plain(value));
    }
    let now = match current.at("averageUtilization") {
        Some(percent) => {
            let value = current.at("averageValue").map_or("<nil>".into(), plain);
            format!("{percent}% ({value})")
        }
        None => "<unknown>".into(),
    };
    let target = match target.at("averageUtilization") {
        Some(percent) => format!("{percent}%"),
        None => "<auto>".into(),
    };
    format!("{subject}  (as a percentage of request):\t{now} / {target}")
}

fn direction(w: &mut Writer, title: &str, rules: Option<&Value>) {
    let Some(rules) = rules else { return };
    w.put(1, &format!("{title}:\n"));
    if let Some(seconds) = rules.at("stabilizationWindowSeconds") {
        w.put(2, &format!("Stabilization Window: {seconds} seconds\n"));
    }
    let policies = rules.items("policies");
    if policies.is_empty() {
        return;
    }
    w.put(2, &format!("Select Policy: {}\n", or(rules.text("selectPolicy"), "Max")));
    w.put(2, "Policies:\n");
    for policy in policies {
        let (kind, value) = (policy.text("type"), policy.int("value"));
        let period = policy.int("periodSeconds");
        w.put(3, &format!("- Type: {kind}\tValue: {value}\tPeriod: {period} seconds\n"));
    }
}
