//! Services and the endpoints behind their ports. Models `describeService` and `formatEndpointSlices`.

use rollscope_api::{Api, ListOptions, Resource, Value};

use super::writer::Writer;
use crate::value::{Peek, format_labels, or, plain};

pub(super) fn write(w: &mut Writer, api: &mut dyn Api, service: &Value) {
    w.metadata(service);
    w.field(0, "Selector", format_labels(service.fields("spec.selector")));
    w.field(0, "Type", service.text("spec.type"));
    optional(w, "IP Family Policy", service.text("spec.ipFamilyPolicy"));
    w.field(0, "IP Families", or(&service.joined("spec.ipFamilies", ","), "<none>"));
    w.field(0, "IP", service.text("spec.clusterIP"));
    w.field(0, "IPs", or(&service.joined("spec.clusterIPs", ","), "<none>"));
    optional(w, "External IPs", &service.joined("spec.externalIPs", ","));
    optional(w, "Desired LoadBalancer IP", service.text("spec.loadBalancerIP"));
    optional(w, "External Name", service.text("spec.externalName"));
    optional(w, "LoadBalancer Ingress", &ingress(service));
    let slices = endpoint_slices(api, service);
    for port in service.items("spec.ports") {
        write_port(w, port, &slices);
    }
    w.field(0, "Session Affinity", service.text("spec.sessionAffinity"));
    optional(w, "External Traffic Policy", service.text("spec.externalTrafficPolicy"));
    optional(w, "Internal Traffic Policy", service.text("spec.internalTrafficPolicy"));
    if service.int("spec.healthCheckNodePort") != 0 {
        w.field(0, "HealthCheck NodePort", service.int("spec.healthCheckNodePort"));
    }
    let ranges = service.joined("spec.loadBalancerSourceRanges", ",");
    optional(w, "LoadBalancer Source Ranges", &ranges);
    optional(w, "Traffic Distribution", service.text("spec.trafficDistribution"));
}

fn optional(w: &mut Writer, title: &str, value: &str) {
    if !value.is_empty() {
        w.field(0, title, value);
    }
}

fn ingress(service: &Value) -> String {
    let addresses = service.items("status.loadBalancer.ingress").iter().map(|ingress| {
        match (ingress.text("ip"), ingress.text("ipMode")) {
            ("", _) => ingress.text("hostname").to_owned(),
            (ip, "") => ip.to_owned(),
            (ip, mode) => format!("{ip} ({mode})"),
        }
    });
    addresses.collect::<Vec<_>>().join(", ")
}

fn endpoint_slices(api: &mut dyn Api, service: &Value) -> Vec<Value> {
    let name = service.text("metadata.name");
    let options = ListOptions {
        label_selector: format!("kubernetes.io/service-name={name}"),
        ..ListOptions::default()
    };
    let namespace = service.text("metadata.namespace");
    api.list(Resource::EndpointSlices, Some(namespace), &options).unwrap_or_default()
}

fn write_port(w: &mut Writer, port: &Value, slices: &[Value]) {
    let (name, protocol) = (or(port.text("name"), "<unset>"), port.text("protocol"));
    w.field(0, "Port", format!("{name}\t{}/{protocol}", port.int("port")));
    let target = port.at("targetPort").map_or("0".into(), plain);
    w.field(0, "TargetPort", format!("{target}/{protocol}"));
    optional(w, "AppProtocol", port.text("appProtocol"));
    if port.int("nodePort") != 0 {
        w.field(0, "NodePort", format!("{name}\t{}/{protocol}", port.int("nodePort")));
    }
    w.field(0, "Endpoints", endpoints(slices, port.text("name")));
}

/// The ready addresses behind one port, at most three of them.
fn endpoints(slices: &[Value], port_name: &str) -> String {
    if slices.is_empty() {
        return "<none>".into();
    }
    let mut found = Addresses::default();
    for slice in slices {
        let ports = slice.items("ports");
        if ports.is_empty() {
            // Headless services may have no ports.
            slice.items("endpoints").iter().for_each(|endpoint| found.see(endpoint, None));
        }
        for port in ports.iter().filter(|port| port.text("name") == port_name) {
            let number = Some(port.int("port"));
            slice.items("endpoints").iter().for_each(|endpoint| found.see(endpoint, number));
        }
    }
    found.text()
}

#[derive(Default)]
struct Addresses {
    shown: Vec<String>,
    ready: usize,
    more: bool,
}

impl Addresses {
    const SHOWN: usize = 3;

    fn see(&mut self, endpoint: &Value, port: Option<i64>) {
        // As upstream, an endpoint that is not ready makes "more" of a full list, too.
        self.more |= self.shown.len() == Self::SHOWN;
        if endpoint.at("conditions.ready").and_then(Value::as_bool) == Some(false) {
            return;
        }
        self.ready += 1;
        if self.more {
            return;
        }
        let address = endpoint.items("addresses").first().map(plain).unwrap_or_default();
        self.shown.push(match port {
            Some(port) if address.contains(':') => format!("[{address}]:{port}"),
            Some(port) => format!("{address}:{port}"),
            None => address,
        });
    }

    fn text(&self) -> String {
        let text = self.shown.join(",");
        if self.more { format!("{text} + {} more...", self.ready - Self::SHOWN) } else { text }
    }
}
