//! Rows of Services, Endpoints and EndpointSlices. Models `printService`, `printEndpoints` and
//! `printEndpointSlice` of the server's printers.

use std::collections::BTreeSet;

use rollscope_api::order;
use rollscope_api::{SimTime, Value};

use super::Cells;
use crate::duration::age;
use crate::value::{Peek, format_labels, or, plain};

pub(super) const COLUMNS: &[&str] =
    &["Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age"];
pub(super) const WIDE_COLUMNS: &[&str] = &["Selector"];
pub(super) const ENDPOINTS_COLUMNS: &[&str] = &["Name", "Endpoints", "Age"];
pub(super) const ENDPOINT_SLICE_COLUMNS: &[&str] =
    &["Name", "AddressType", "Ports", "Endpoints", "Age"];

pub(super) fn cells(service: &Value, wide: bool, now: SimTime) -> Cells {
    let cluster_ip = service.items("spec.clusterIPs").first().and_then(Value::as_str);
    let ports: Vec<String> = service.items("spec.ports").iter().map(port).collect();
    let mut cells = vec![
        service.text("metadata.name").to_owned(),
        service.text("spec.type").to_owned(),
        cluster_ip.unwrap_or("<none>").to_owned(),
        external_ip(service),
        or(&ports.join(","), "<none>").to_owned(),
        age(service.at("metadata.creationTimestamp"), now),
    ];
    if wide {
        cells.push(format_labels(service.fields("spec.selector")));
    }
    cells
}

/// `80/TCP`, with a node port `80:30080/TCP`.
fn port(port: &Value) -> String {
    let (number, protocol) = (port.int("port"), port.text("protocol"));
    match port.int("nodePort") {
        0 => format!("{number}/{protocol}"),
        node_port => format!("{number}:{node_port}/{protocol}"),
    }
}

/// The server always computes the wide form, so a long list of addresses is not cut.
fn external_ip(service: &Value) -> String {
    let external = service.joined("spec.externalIPs", ",");
    match service.text("spec.type") {
        "ClusterIP" | "NodePort" => or(&external, "<none>").to_owned(),
        "LoadBalancer" => {
            let ingress = service.items("status.loadBalancer.ingress").iter();
            let balancers: BTreeSet<&str> = order::gather(
                ingress
                    .map(|ingress| or(ingress.text("ip"), ingress.text("hostname")))
                    .filter(|address| !address.is_empty()),
            );
            let mut addresses: Vec<&str> = balancers.into_iter().collect();
            if !external.is_empty() {
                addresses.push(&external);
            }
            or(&addresses.join(","), "<pending>").to_owned()
        }
        "ExternalName" => service.text("spec.externalName").to_owned(),
        _ => "<unknown>".into(),
    }
}

pub(super) fn endpoints(endpoints: &Value, now: SimTime) -> Cells {
    let subsets = endpoints.items("subsets");
    let addresses = subsets.iter().flat_map(|subset| {
        let ips = || subset.items("addresses").iter().map(|address| address.text("ip"));
        let ports = subset.items("ports");
        let with_port =
            ports.iter().flat_map(move |port| ips().map(|ip| format!("{ip}:{}", port.int("port"))));
        let alone = ips().filter(|_| ports.is_empty()).map(str::to_owned);
        with_port.chain(alone).collect::<Vec<_>>()
    });
    let text = if subsets.is_empty() { "<none>".into() } else { joined(addresses.collect()) };
    vec![
        endpoints.text("metadata.name").to_owned(),
        text,
        age(endpoints.at("metadata.creationTimestamp"), now),
    ]
}

pub(super) fn endpoint_slice(slice: &Value, now: SimTime) -> Cells {
    let ports = slice.items("ports").iter().map(|port| match port.at("port") {
        Some(number) => plain(number),
        None => or(port.text("name"), "*").to_owned(),
    });
    let addresses =
        slice.items("endpoints").iter().flat_map(|one| one.items("addresses")).map(plain);
    vec![
        slice.text("metadata.name").to_owned(),
        slice.text("addressType").to_owned(),
        first_three(ports.collect()),
        first_three(addresses.collect()),
        age(slice.at("metadata.creationTimestamp"), now),
    ]
}

fn first_three(texts: Vec<String>) -> String {
    or(&joined(texts), "<unset>").to_owned()
}

/// At most three of them, and how many more there are.
fn joined(mut texts: Vec<String>) -> String {
    const SHOWN: usize = 3;
    let more = texts.len().saturating_sub(SHOWN);
    texts.truncate(SHOWN);
    let text = texts.join(",");
    match more {
        0 => text,
        more => format!("{text} + {more} more..."),
    }
}
