//! Rows of Nodes. Models `printNode` of the server's printers.

use std::collections::BTreeSet;

use rollscope_api::{SimTime, Value};

use super::Cells;
use crate::duration::age;
use crate::value::{Peek, or};

pub(super) const COLUMNS: &[&str] = &["Name", "Status", "Roles", "Age", "Version"];
pub(super) const WIDE_COLUMNS: &[&str] =
    &["Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime"];

pub(super) fn cells(node: &Value, wide: bool, now: SimTime) -> Cells {
    let mut cells = vec![
        node.text("metadata.name").to_owned(),
        status(node),
        or(&roles(node), "<none>").to_owned(),
        age(node.at("metadata.creationTimestamp"), now),
        node.text("status.nodeInfo.kubeletVersion").to_owned(),
    ];
    if wide {
        let info = |field: &str| or(node.text(field), "<unknown>").to_owned();
        cells.extend([
            address(node, "InternalIP"),
            address(node, "ExternalIP"),
            info("status.nodeInfo.osImage"),
            kernel_version(node),
            info("status.nodeInfo.containerRuntimeVersion"),
        ]);
    }
    cells
}

fn status(node: &Value) -> String {
    // Of conditions of one type the last one counts.
    let ready = node.items("status.conditions").iter().rev().find(|c| c.text("type") == "Ready");
    let status = match ready {
        Some(condition) if condition.text("status") == "True" => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    if node.flag("spec.unschedulable") {
        format!("{status},SchedulingDisabled")
    } else {
        status.to_owned()
    }
}

/// The roles that labels give a node, sorted and joined by commas; empty where there are none.
pub(crate) fn roles(node: &Value) -> String {
    let mut roles = BTreeSet::new();
    for (key, value) in node.fields("metadata.labels").into_iter().flatten() {
        if let Some(role) = key.strip_prefix("node-role.kubernetes.io/") {
            roles.insert(role);
        } else if key == "kubernetes.io/role" {
            roles.insert(value.as_str().unwrap_or(""));
        }
    }
    roles.remove("");
    roles.into_iter().collect::<Vec<_>>().join(",")
}

fn address(node: &Value, kind: &str) -> String {
    let mut addresses = node.items("status.addresses").iter();
    let found = addresses.find(|address| address.text("type") == kind);
    found.map_or("<none>", |address| address.text("address")).to_owned()
}

/// Since v1.36 the architecture stands behind the kernel's version.
fn kernel_version(node: &Value) -> String {
    let version = or(node.text("status.nodeInfo.kernelVersion"), "<unknown>");
    match node.text("status.nodeInfo.architecture") {
        "" => version.to_owned(),
        architecture => format!("{version} ({architecture})"),
    }
}
