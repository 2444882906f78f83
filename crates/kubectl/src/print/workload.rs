//! Rows of Deployments, ReplicaSets and HorizontalPodAutoscalers.
//! Models `printDeployment`, `printReplicaSet` and `printHorizontalPodAutoscaler` of the server's printers.

use rollscope_api::{SimTime, Value};

use super::Cells;
use crate::duration::age;
use crate::value::{Peek, format_label_selector, format_labels, label_selector, plain};

pub(super) const DEPLOYMENT_COLUMNS: &[&str] = &["Name", "Ready", "Up-to-date", "Available", "Age"];
pub(super) const REPLICA_SET_COLUMNS: &[&str] = &["Name", "Desired", "Current", "Ready", "Age"];
pub(super) const STATEFUL_SET_COLUMNS: &[&str] = &["Name", "Ready", "Age"];
pub(super) const DAEMON_SET_COLUMNS: &[&str] =
    &["Name", "Desired", "Current", "Ready", "Up-to-date", "Available", "Node Selector", "Age"];
pub(super) const WIDE_COLUMNS: &[&str] = &["Containers", "Images", "Selector"];
pub(super) const HPA_COLUMNS: &[&str] =
    &["Name", "Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age"];

pub(super) fn deployment(object: &Value, wide: bool, now: SimTime) -> Cells {
    let ready = object.int("status.readyReplicas");
    let mut cells = vec![
        object.text("metadata.name").to_owned(),
        format!("{ready}/{}", object.int("spec.replicas")),
        object.int("status.updatedReplicas").to_string(),
        object.int("status.availableReplicas").to_string(),
        age(object.at("metadata.creationTimestamp"), now),
    ];
    if wide {
        cells.extend(template_cells(object));
        cells.push(label_selector(object.at("spec.selector")));
    }
    cells
}

pub(super) fn replica_set(object: &Value, wide: bool, now: SimTime) -> Cells {
    let mut cells = vec![
        object.text("metadata.name").to_owned(),
        object.int("spec.replicas").to_string(),
        object.int("status.replicas").to_string(),
        object.int("status.readyReplicas").to_string(),
        age(object.at("metadata.creationTimestamp"), now),
    ];
    if wide {
        cells.extend(template_cells(object));
        cells.push(format_label_selector(object.at("spec.selector")));
    }
    cells
}

pub(super) fn stateful_set(object: &Value, wide: bool, now: SimTime) -> Cells {
    let ready = object.int("status.readyReplicas");
    let mut cells = vec![
        object.text("metadata.name").to_owned(),
        format!("{ready}/{}", object.int("spec.replicas")),
        age(object.at("metadata.creationTimestamp"), now),
    ];
    if wide {
        cells.extend(template_cells(object));
    }
    cells
}

pub(super) fn daemon_set(object: &Value, wide: bool, now: SimTime) -> Cells {
    let count = |field: &str| object.int(&format!("status.{field}")).to_string();
    let mut cells = vec![
        object.text("metadata.name").to_owned(),
        count("desiredNumberScheduled"),
        count("currentNumberScheduled"),
        count("numberReady"),
        count("updatedNumberScheduled"),
        count("numberAvailable"),
        format_labels(object.fields("spec.template.spec.nodeSelector")),
        age(object.at("metadata.creationTimestamp"), now),
    ];
    if wide {
        cells.extend(template_cells(object));
        cells.push(label_selector(object.at("spec.selector")));
    }
    cells
}

/// The names and the images of the template's containers, each list in one cell.
fn template_cells(object: &Value) -> [String; 2] {
    let containers = object.items("spec.template.spec.containers");
    ["name", "image"].map(|field| {
        containers.iter().map(|container| container.text(field)).collect::<Vec<_>>().join(",")
    })
}

pub(super) fn autoscaler(object: &Value, now: SimTime) -> Cells {
    let target = object.at("spec.scaleTargetRef").unwrap_or(&Value::Null);
    vec![
        object.text("metadata.name").to_owned(),
        format!("{}/{}", target.text("kind"), target.text("name")),
        metrics(object.items("spec.metrics"), object.items("status.currentMetrics")),
        object.at("spec.minReplicas").map_or("<unset>".into(), plain),
        object.int("spec.maxReplicas").to_string(),
        object.int("status.currentReplicas").to_string(),
        age(object.at("metadata.creationTimestamp"), now),
    ]
}

/// `cpu: 10%/50%, memory: <unknown>/1Gi`; at most two are shown.
fn metrics(specs: &[Value], statuses: &[Value]) -> String {
    const SHOWN: usize = 2;
    if specs.is_empty() {
        return "<none>".into();
    }
    let texts: Vec<String> = specs
        .iter()
        .enumerate()
        .take(SHOWN)
        .map(|(index, spec)| metric(spec, statuses.get(index).unwrap_or(&Value::Null)))
        .collect();
    let text = texts.join(", ");
    match specs.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{text} + {more} more..."),
        _ => text,
    }
}

fn metric(spec: &Value, status: &Value) -> String {
    let (source, is_resource) = match spec.text("type") {
        "External" => ("external", false),
        "Pods" => ("pods", false),
        "Object" => ("object", false),
        "Resource" => ("resource", true),
        "ContainerResource" => ("containerResource", true),
        _ => return "<unknown type>".into(),
    };
    let target = spec.at(source).and_then(|of| of.at("target")).unwrap_or(&Value::Null);
    let current = status.at(source).and_then(|of| of.at("current")).unwrap_or(&Value::Null);
    let quantity =
        |of: &Value, field: &str| of.at(field).map_or_else(|| "<unknown>".to_owned(), plain);
    let by_average = target.has("averageValue");
    if is_resource {
        let name = spec.at(source).map_or("", |of| of.text("name"));
        if by_average {
            return format!(
                "{name}: {}/{}",
                quantity(current, "averageValue"),
                quantity(target, "averageValue")
            );
        }
        let percent = |of: &Value, otherwise: &str| {
            of.at("averageUtilization").map_or(otherwise.to_owned(), |value| format!("{value}%"))
        };
        return format!("{name}: {}/{}", percent(current, "<unknown>"), percent(target, "<auto>"));
    }
    match (source, by_average) {
        ("pods", _) => {
            format!("{}/{}", quantity(current, "averageValue"), quantity(target, "averageValue"))
        }
        (_, true) => format!(
            "{}/{} (avg)",
            quantity(current, "averageValue"),
            quantity(target, "averageValue")
        ),
        (_, false) => format!("{}/{}", quantity(current, "value"), quantity(target, "value")),
    }
}
