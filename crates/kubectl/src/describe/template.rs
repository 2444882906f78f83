//! The pod template block of Deployments and ReplicaSets, and what pods share with it.
//! Models `DescribePodTemplate`.

use rollscope_api::Value;
use rollscope_api::order;

use super::containers::{self, Owner};
use super::volumes;
use super::writer::Writer;
use crate::value::{Peek, format_label_selector, plain};

/// Writes the `Pod Template:` block.
pub(super) fn write(w: &mut Writer, template: &Value) {
    w.put(0, "Pod Template:\n");
    w.labels("  Labels", template.fields("metadata.labels"));
    if let Some(annotations) = template.fields("metadata.annotations") {
        w.annotations("  Annotations", Some(annotations));
    }
    let account = template.text("spec.serviceAccountName");
    if !account.is_empty() {
        w.field(1, "Service Account", account);
    }
    if !template.items("spec.initContainers").is_empty() {
        containers::write(
            w,
            "Init Containers",
            template.items("spec.initContainers"),
            &[],
            Owner::Template,
        );
    }
    containers::write(w, "Containers", template.items("spec.containers"), &[], Owner::Template);
    volumes::write(w, template.items("spec.volumes"), "  ");
    topology_spread_constraints(w, template.items("spec.topologySpreadConstraints"), "  ");
    let priority_class = template.text("spec.priorityClassName");
    if !priority_class.is_empty() {
        w.field(1, "Priority Class Name", priority_class);
    }
    w.labels("  Node-Selectors", template.fields("spec.nodeSelector"));
    tolerations(w, "  Tolerations", template.items("spec.tolerations"));
}

/// `key=value:Effect op=Exists for 300s`, a line each, sorted by key.
pub(super) fn tolerations(w: &mut Writer, title: &str, tolerations: &[Value]) {
    let mut sorted: Vec<&Value> = tolerations.iter().collect();
    order::sort_by_key(&mut sorted, |toleration| toleration.text("key"));
    let lines: Vec<String> = sorted.into_iter().map(toleration).collect();
    w.lines(title, &lines);
}

fn toleration(toleration: &Value) -> String {
    let (key, value) = (toleration.text("key"), toleration.text("value"));
    let mut text = key.to_owned();
    if !value.is_empty() {
        text += &format!("={value}");
    }
    let effect = toleration.text("effect");
    if !effect.is_empty() {
        text += &format!(":{effect}");
    }
    if toleration.text("operator") == "Exists" && value.is_empty() {
        if !text.is_empty() {
            text.push(' ');
        }
        text += "op=Exists";
    }
    if let Some(seconds) = toleration.at("tolerationSeconds") {
        text += &format!(" for {}s", plain(seconds));
    }
    text
}

/// `zone:DoNotSchedule when max skew 1 is exceeded for selector app=web`, a line each.
pub(super) fn topology_spread_constraints(w: &mut Writer, constraints: &[Value], indent: &str) {
    if constraints.is_empty() {
        return;
    }
    let mut sorted: Vec<&Value> = constraints.iter().collect();
    order::sort_by_key(&mut sorted, |constraint| constraint.text("topologyKey"));
    w.put(0, &format!("{indent}Topology Spread Constraints:\t"));
    for (index, constraint) in sorted.into_iter().enumerate() {
        if index > 0 {
            w.put(0, &format!("{indent}\t"));
        }
        let mut line = format!(
            "{}:{} when max skew {} is exceeded",
            constraint.text("topologyKey"),
            constraint.text("whenUnsatisfiable"),
            constraint.int("maxSkew"),
        );
        if let Some(selector) = constraint.at("labelSelector") {
            line += &format!(" for selector {}", format_label_selector(Some(selector)));
        }
        w.put(0, &format!("{line}\n"));
    }
}
