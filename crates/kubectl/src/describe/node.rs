//! Nodes, the pods on them and what these take of them.
//! Models `describeNode` and `describeNodeResource`.

use rollscope_api::order;
use rollscope_api::quantity::Quantity;
use rollscope_api::{Api, ListOptions, Resource, SimTime, Status, Value};

use super::resources::{self, Amounts};
use super::time;
use super::writer::Writer;
use crate::duration::age;
use crate::print::node_roles;
use crate::value::{Peek, or, plain};

pub(super) fn write(w: &mut Writer, api: &mut dyn Api, node: &Value) -> Result<(), Status> {
    let name = node.text("metadata.name");
    let options = ListOptions {
        field_selector: format!(
            "spec.nodeName={name},status.phase!=Succeeded,status.phase!=Failed"
        ),
        ..ListOptions::default()
    };
    let pods = api.list(Resource::Pods, None, &options)?;
    w.field(0, "Name", name);
    w.field(0, "Roles", or(&node_roles(node), "<none>"));
    w.labels("Labels", node.fields("metadata.labels"));
    w.annotations("Annotations", node.fields("metadata.annotations"));
    w.field(0, "CreationTimestamp", time(node.at("metadata.creationTimestamp")));
    taints(w, node.items("spec.taints"));
    w.field(0, "Unschedulable", node.flag("spec.unschedulable"));
    // The simulated kubelets keep no leases.
    let lease = format!("leases.coordination.k8s.io {name:?} not found");
    w.field(0, "Lease", format!("Failed to get lease: {lease}"));
    conditions(w, node);
    w.put(0, "Addresses:\n");
    for address in node.items("status.addresses") {
        w.field(1, address.text("type"), address.text("address"));
    }
    for (title, path) in [("Capacity", "status.capacity"), ("Allocatable", "status.allocatable")] {
        let Some(amounts) = node.fields(path) else { continue };
        w.put(0, &format!("{title}:\n"));
        for (name, quantity) in amounts {
            w.field(1, name, plain(quantity));
        }
    }
    system_info(w, node);
    for (title, value) in [
        ("PodCIDR", node.text("spec.podCIDR")),
        ("PodCIDRs", &node.joined("spec.podCIDRs", ",")),
        ("ProviderID", node.text("spec.providerID")),
    ] {
        if !value.is_empty() {
            w.field(0, title, value);
        }
    }
    pods_and_sums(w, node, &pods, api.now());
    Ok(())
}

/// `key=value:Effect`, a line each, by effect and key.
fn taints(w: &mut Writer, taints: &[Value]) {
    let mut sorted: Vec<&Value> = taints.iter().collect();
    order::sort_by_key(&mut sorted, |taint| {
        format!("{},{}", taint.text("effect"), taint.text("key"))
    });
    let lines: Vec<String> = sorted
        .into_iter()
        .map(|taint| {
            let [key, value, effect] = ["key", "value", "effect"].map(|field| taint.text(field));
            match (value, effect) {
                (_, "") if value.is_empty() => key.to_owned(),
                (_, "") => format!("{key}={value}:"),
                ("", _) => format!("{key}:{effect}"),
                _ => format!("{key}={value}:{effect}"),
            }
        })
        .collect();
    w.lines("Taints", &lines);
}

fn conditions(w: &mut Writer, node: &Value) {
    let conditions = node.items("status.conditions");
    if conditions.is_empty() {
        return;
    }
    w.put(0, "Conditions:\n");
    w.put(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n");
    w.put(1, "----\t------\t-----------------\t------------------\t------\t-------\n");
    for condition in conditions {
        let row = [
            condition.text("type"),
            condition.text("status"),
            &time(condition.at("lastHeartbeatTime")),
            &time(condition.at("lastTransitionTime")),
            condition.text("reason"),
            condition.text("message"),
        ];
        w.put(1, &format!("{}\n", row.join(" \t")));
    }
}

fn system_info(w: &mut Writer, node: &Value) {
    w.put(0, "System Info:\n");
    for (title, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        w.field(1, title, node.text(&format!("status.nodeInfo.{field}")));
    }
}

fn pods_and_sums(w: &mut Writer, node: &Value, pods: &[Value], now: SimTime) {
    let allocatable = match resources::amounts(node, "status.allocatable") {
        amounts if amounts.is_empty() => resources::amounts(node, "status.capacity"),
        amounts => amounts,
    };
    w.field(0, "Non-terminated Pods", format!("({} in total)", pods.len()));
    w.put(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n");
    w.put(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n");
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    for pod in pods {
        let (request, limit) =
            (resources::of_pod(pod, "requests"), resources::of_pod(pod, "limits"));
        let share = |of: &Amounts, name| share(of, &allocatable, name, false);
        let cells = [
            pod.text("metadata.namespace"),
            pod.text("metadata.name"),
            "",
            &share(&request, "cpu"),
            &share(&limit, "cpu"),
            &share(&request, "memory"),
            &share(&limit, "memory"),
            &age(pod.at("metadata.creationTimestamp"), now),
        ];
        w.put(1, &format!("{}\n", cells.join("\t")));
        resources::add(&mut requests, &request);
        resources::add(&mut limits, &limit);
    }
    w.put(0, "Allocated resources:\n");
    w.put(1, "(Total limits may be over 100 percent, i.e., overcommitted.)\n");
    w.put(1, "Resource\tRequests\tLimits\n");
    w.put(1, "--------\t--------\t------\n");
    let standard = ["cpu", "memory", "ephemeral-storage"];
    let huge = allocatable.keys().map(String::as_str).filter(|name| is_huge_page(name));
    for name in standard.into_iter().chain(huge) {
        let share = |of: &Amounts| share(of, &allocatable, name, true);
        w.put(1, &format!("{name}\t{}\t{}\n", share(&requests), share(&limits)));
    }
    for name in allocatable.keys().filter(|name| is_extended(name)) {
        let amount = |of: &Amounts| of.get(name).map_or("0".into(), Quantity::canonical);
        w.put(1, &format!("{name}\t{}\t{}\n", amount(&requests), amount(&limits)));
    }
}

fn is_huge_page(name: &str) -> bool {
    name.starts_with("hugepages-")
}

fn is_extended(name: &str) -> bool {
    !is_huge_page(name) && !matches!(name, "cpu" | "memory" | "ephemeral-storage" | "pods")
}

/// `250m (12%)`, the percentage of what is allocatable, cut off.
fn share(of: &Amounts, allocatable: &Amounts, name: &str, zero_for_nothing: bool) -> String {
    let number = |amount: Option<&Quantity>| match (amount, name) {
        (Some(amount), "cpu") => amount.milli_value(),
        (Some(amount), _) => amount.value(),
        (None, _) => 0,
    };
    let (part, whole) = (number(of.get(name)), number(allocatable.get(name)));
    let percent = match whole {
        0 if zero_for_nothing => 0,
        // A number divided by zero, as the machine converts it.
        0 => i64::MIN,
        // The very formula upstream uses.
        whole => (part as f64 / whole as f64 * 100.0) as i64,
    };
    let text = of.get(name).map_or("0".into(), Quantity::canonical);
    format!("{text} ({percent}%)")
}
