//! Addresses and ports of Services. Models `pkg/registry/core/service`.

use std::collections::BTreeSet;

use rollscope_api::order;
use rollscope_api::{Resource, Value};
use serde_json::json;

use crate::core::Core;

/// Fills in what the server allocates, or keeps what it had allocated to `old`.
pub(super) fn allocate(core: &Core, service: &mut Value, old: Option<&Value>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let kind = text(&service["spec"]["type"]);
    if kind == "ExternalName" {
        return;
    }
    let name = format!(
        "{}/{}",
        text(&service["metadata"]["namespace"]),
        text(&service["metadata"]["name"])
    );
    let spec = &mut service["spec"];
    if text(&spec["clusterIP"]).is_empty() {
        let kept = old.map(|old| text(&old["spec"]["clusterIP"])).filter(|ip| !ip.is_empty());
        spec["clusterIP"] = kept.unwrap_or_else(|| free_address(core, &name)).into();
    }
    spec["clusterIPs"] = json!([spec["clusterIP"]]);
    if spec["ipFamilies"].is_null() {
        spec["ipFamilies"] = json!(["IPv4"]);
    }
    if spec["ipFamilyPolicy"].is_null() {
        spec["ipFamilyPolicy"] = json!("SingleStack");
    }
    if kind == "NodePort" || kind == "LoadBalancer" {
        allocate_node_ports(core, spec, old, &name);
    }
}

fn free_address(core: &Core, name: &str) -> String {
    let services = core.store.others(Resource::Services);
    let taken: BTreeSet<&str> = order::gather(
        services.filter_map(|(_, service)| service.value["spec"]["clusterIP"].as_str()),
    );
    let mut draw = core.random.draw("cluster-ip", name);
    loop {
        let number = 1 + draw.below(0xfffe);
        let address = format!("10.0.{}.{}", number >> 8, number & 0xff);
        if !taken.contains(address.as_str()) {
            return address;
        }
    }
}

fn allocate_node_ports(core: &Core, spec: &mut Value, old: Option<&Value>, name: &str) {
    let ports = core
        .store
        .others(Resource::Services)
        .flat_map(|(_, service)| service.value["spec"]["ports"].as_array().into_iter().flatten());
    let mut taken: BTreeSet<i64> =
        order::gather(ports.filter_map(|port| port["nodePort"].as_i64()));
    let mut draw = core.random.draw("node-port", name);
    for port in spec["ports"].as_array_mut().into_iter().flatten() {
        if port["nodePort"].as_i64().unwrap_or_default() != 0 {
            continue;
        }
        let known = old.and_then(|old| {
            let ports = old["spec"]["ports"].as_array()?;
            ports.iter().find(|known| known["port"] == port["port"])?["nodePort"].as_i64()
        });
        let number = known.unwrap_or_else(|| {
            loop {
                let number = 30_000 + draw.below(2_768) as i64;
                if taken.insert(number) {
                    break number;
                }
            }
        });
        port["nodePort"] = number.into();
    }
}
