//! Pods. Models `describePod`.

use rollscope_api::{SimTime, Value};

use super::containers::{self, Owner};
use super::writer::Writer;
use super::{qos, template, time, volumes};
use crate::duration::age;
use crate::value::{Peek, controller_of, plain};

pub(super) fn write(w: &mut Writer, pod: &Value, now: SimTime) {
    identity(w, pod);
    status(w, pod, now);
    addresses(w, pod);
    if let Some(owner) = controller_of(pod) {
        w.field(0, "Controlled By", format!("{}/{}", owner.text("kind"), owner.text("name")));
    }
    if !pod.text("status.nominatedNodeName").is_empty() {
        w.field(0, "NominatedNodeName", pod.text("status.nominatedNodeName"));
    }
    if let Some(resources) = pod.at("spec.resources") {
        w.put(0, "Resources:\n");
        containers::write_resources(w, resources, 1);
    }
    for (label, specs, statuses) in [
        ("Init Containers", "spec.initContainers", "status.initContainerStatuses"),
        ("Containers", "spec.containers", "status.containerStatuses"),
        ("Ephemeral Containers", "spec.ephemeralContainers", "status.ephemeralContainerStatuses"),
    ] {
        if label == "Containers" || !pod.items(specs).is_empty() {
            containers::write(w, label, pod.items(specs), pod.items(statuses), Owner::Pod(pod));
        }
    }
    conditions(w, pod);
    volumes::write(w, pod.items("spec.volumes"), "");
    w.field(0, "QoS Class", qos::class(pod));
    w.labels("Node-Selectors", pod.fields("spec.nodeSelector"));
    template::tolerations(w, "Tolerations", pod.items("spec.tolerations"));
    template::topology_spread_constraints(w, pod.items("spec.topologySpreadConstraints"), "");
}

fn identity(w: &mut Writer, pod: &Value) {
    w.field(0, "Name", pod.text("metadata.name"));
    w.field(0, "Namespace", pod.text("metadata.namespace"));
    if let Some(priority) = pod.at("spec.priority") {
        w.field(0, "Priority", plain(priority));
    }
    for (title, path) in [
        ("Priority Class Name", "spec.priorityClassName"),
        ("Runtime Class Name", "spec.runtimeClassName"),
        ("Service Account", "spec.serviceAccountName"),
    ] {
        if !pod.text(path).is_empty() {
            w.field(0, title, pod.text(path));
        }
    }
    match pod.text("spec.nodeName") {
        "" => w.field(0, "Node", "<none>"),
        node => w.field(0, "Node", format!("{node}/{}", pod.text("status.hostIP"))),
    }
    if let Some(start) = pod.at("status.startTime") {
        w.field(0, "Start Time", time(Some(start)));
    }
    w.labels("Labels", pod.fields("metadata.labels"));
    w.annotations("Annotations", pod.fields("metadata.annotations"));
}

fn status(w: &mut Writer, pod: &Value, now: SimTime) {
    let phase = pod.text("status.phase");
    match pod.at("metadata.deletionTimestamp") {
        Some(deletion) if !matches!(phase, "Failed" | "Succeeded") => {
            // The timestamp is when the grace period ends, so this begins as `<invalid>`.
            w.field(0, "Status", format!("Terminating (lasts {})", age(Some(deletion), now)));
            let grace = pod.int("metadata.deletionGracePeriodSeconds");
            w.field(0, "Termination Grace Period", format!("{grace}s"));
        }
        _ => w.field(0, "Status", phase),
    }
    for (title, path) in [("Reason", "status.reason"), ("Message", "status.message")] {
        if !pod.text(path).is_empty() {
            w.field(0, title, pod.text(path));
        }
    }
    if let Some(spec) = pod.at("spec") {
        containers::seccomp_profile(w, 0, spec);
    }
}

fn addresses(w: &mut Writer, pod: &Value) {
    w.field(0, "IP", pod.text("status.podIP"));
    let addresses = pod.items("status.podIPs");
    if addresses.is_empty() {
        return w.field(0, "IPs", "<none>");
    }
    w.put(0, "IPs:\n");
    for address in addresses {
        w.field(1, "IP", address.text("ip"));
    }
}

fn conditions(w: &mut Writer, pod: &Value) {
    let conditions = pod.items("status.conditions");
    let gates = pod.items("spec.readinessGates");
    if !gates.is_empty() {
        w.put(0, "Readiness Gates:\n  Type\tStatus\n");
    }
    for gate in gates {
        let kind = gate.text("conditionType");
        let found = conditions.iter().find(|condition| condition.text("type") == kind);
        let status = found.map_or("<none>", |condition| condition.text("status"));
        w.put(1, &format!("{kind} \t{status} \n"));
    }
    if !conditions.is_empty() {
        w.put(0, "Conditions:\n  Type\tStatus\n");
    }
    for condition in conditions {
        w.put(1, &format!("{} \t{} \n", condition.text("type"), condition.text("status")));
    }
}
