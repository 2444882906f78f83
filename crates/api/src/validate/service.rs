//! Services.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::path::{Errors, Path, has, internal_text, list, number, text};
use super::{container, meta, names, probe, template};

pub(super) fn service(errors: &mut Errors, new: &Value, old: Option<&Value>) {
    let spec = &new["spec"];
    let path = Path::root("spec");
    if let Some(old) = old {
        cluster_ip_update(errors, &path, spec, &old["spec"]);
    }
    let type_ = text(spec, "type");
    let headless = text(spec, "clusterIP") == "None";
    let ports = list(spec, "ports");
    let ports_path = path.child("ports");
    if ports.is_empty() && !headless && type_ != "ExternalName" {
        errors.required(&ports_path, "");
    }
    match type_ {
        "LoadBalancer" | "NodePort" if headless => {
            let detail = format!("may not be set to 'None' for {type_} services");
            errors.invalid(&path.child("clusterIPs").index(0), "None", &detail);
        }
        "ExternalName" => external_name(errors, &path, spec),
        _ => {}
    }
    let mut seen = BTreeSet::new();
    for (at, port) in ports.iter().enumerate() {
        service_port(errors, &ports_path.index(at), port, ports.len() > 1, &mut seen);
    }
    meta::labels(errors, &path.child("selector"), spec, "selector");
    session_affinity(errors, &path, spec);
    cluster_ips(errors, &path, spec);
    let external = path.child("externalIPs");
    for (at, ip) in list(spec, "externalIPs").iter().filter_map(Value::as_str).enumerate() {
        template::ip(errors, &external.index(at), ip);
    }
    const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    match type_ {
        "" => errors.required(&path.child("type"), ""),
        type_ if TYPES.contains(&type_) => {}
        type_ => errors.not_supported(&path.child("type"), type_, &TYPES),
    }
    unique_ports(errors, &ports_path, ports, type_);
    traffic(errors, &path, spec, type_);
}

fn external_name(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    for field in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
        if has(spec, field) {
            errors.forbidden(&path.child(field), "may not be set for ExternalName services");
        }
    }
    let name = text(spec, "externalName");
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() {
        errors.required(&path.child("externalName"), "");
    } else {
        errors.invalid_each(&path.child("externalName"), name, names::dns1123_subdomain(name));
    }
}

fn service_port<'a>(
    errors: &mut Errors,
    path: &Path<'_>,
    port: &'a Value,
    needs_name: bool,
    seen: &mut BTreeSet<&'a str>,
) {
    let name = text(port, "name");
    let name_path = path.child("name");
    if !name.is_empty() {
        errors.invalid_each(&name_path, name, names::dns1123_label(name));
        if !seen.insert(name) {
            errors.duplicate(&name_path, name);
        }
    } else if needs_name {
        errors.required(&name_path, "");
    }
    let number = number(port, "port").unwrap_or_default();
    container::port_number(errors, &path.child("port"), number);
    container::protocol(errors, &path.child("protocol"), text(port, "protocol"));
    probe::port(errors, &path.child("targetPort"), &port["targetPort"]);
    if has(port, "appProtocol") {
        let protocol = text(port, "appProtocol");
        errors.invalid_each(&path.child("appProtocol"), protocol, names::label_key(protocol));
    }
}

fn session_affinity(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let affinity = text(spec, "sessionAffinity");
    let config = path.child("sessionAffinityConfig");
    match affinity {
        "" => errors.required(&path.child("sessionAffinity"), ""),
        "ClientIP" => {
            let seconds = number(&spec["sessionAffinityConfig"]["clientIP"], "timeoutSeconds");
            let client = config.child("clientIP");
            let path = client.child("timeoutSeconds");
            match seconds {
                None => errors.required(&path, "when session affinity type is ClientIP"),
                Some(seconds) if !(1..=86400).contains(&seconds) => {
                    let detail = "must be greater than 0 and less than 86400";
                    errors.invalid_number(&path, seconds, detail);
                }
                Some(_) => {}
            }
        }
        "None" => {
            if has(spec, "sessionAffinityConfig") {
                errors.forbidden(&config, "must not be set when session affinity is None");
            }
        }
        other => {
            errors.not_supported(&path.child("sessionAffinity"), other, &["ClientIP", "None"]);
        }
    }
}

fn cluster_ips(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    const FAMILIES: [&str; 2] = ["IPv4", "IPv6"];
    const POLICIES: [&str; 3] = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    let families = path.child("ipFamilies");
    let mut seen = BTreeSet::new();
    for (at, family) in list(spec, "ipFamilies").iter().filter_map(Value::as_str).enumerate() {
        if !FAMILIES.contains(&family) {
            errors.not_supported(&families.index(at), family, &FAMILIES);
        }
        if !seen.insert(family) {
            errors.duplicate(&families.index(at), family);
        }
    }
    let policy = text(spec, "ipFamilyPolicy");
    if has(spec, "ipFamilyPolicy") && !POLICIES.contains(&policy) {
        errors.not_supported(&path.child("ipFamilyPolicy"), policy, &POLICIES);
    }
    // clusterIP stands for clusterIPs[0] before the server has filled in the latter.
    let ip = text(spec, "clusterIP");
    if !matches!(ip, "" | "None") {
        template::ip(errors, &path.child("clusterIPs").index(0), ip);
    }
}

fn cluster_ip_update(errors: &mut Errors, path: &Path<'_>, new: &Value, old: &Value) {
    let (before, after) = (text(old, "clusterIP"), text(new, "clusterIP"));
    let external = [old, new].iter().any(|spec| text(spec, "type") == "ExternalName");
    if !before.is_empty() && before != after && !external {
        let value = crate::gojson::to_string(&json!([after]));
        let detail = "may not change once set";
        errors.invalid_raw(&path.child("clusterIPs").index(0), &value, detail);
    }
}

fn unique_ports(errors: &mut Errors, path: &Path<'_>, ports: &[Value], type_: &str) {
    let (mut node_ports, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for (at, port) in ports.iter().enumerate() {
        if type_ == "ClusterIP" && number(port, "nodePort").is_some_and(|port| port != 0) {
            errors.forbidden(
                &path.index(at).child("nodePort"),
                "may not be used when `type` is 'ClusterIP'",
            );
        }
    }
    for (at, port) in ports.iter().enumerate() {
        let node_port = number(port, "nodePort").unwrap_or_default();
        if node_port != 0 && !node_ports.insert((text(port, "protocol"), node_port)) {
            errors.duplicate_raw(&path.index(at).child("nodePort"), &node_port.to_string());
        }
    }
    for (at, port) in ports.iter().enumerate() {
        let (protocol, number) = (text(port, "protocol"), number(port, "port"));
        if !seen.insert((protocol, number)) {
            let pair = json!({ "protocol": protocol, "port": number });
            errors.duplicate_raw(&path.index(at), &internal_text("v1.ServicePort", &pair));
        }
    }
}

fn traffic(errors: &mut Errors, path: &Path<'_>, spec: &Value, type_: &str) {
    if has(spec, "allocateLoadBalancerNodePorts") && type_ != "LoadBalancer" {
        let path = path.child("allocateLoadBalancerNodePorts");
        errors.forbidden(&path, "may only be used when `type` is 'LoadBalancer'");
    }
    let external = text(spec, "externalTrafficPolicy");
    let external_path = path.child("externalTrafficPolicy");
    let reachable = matches!(type_, "LoadBalancer" | "NodePort")
        || (type_ == "ClusterIP" && !list(spec, "externalIPs").is_empty());
    const POLICIES: [&str; 2] = ["Cluster", "Local"];
    match (reachable, external) {
        (false, "") => {}
        (false, policy) => errors.invalid(
            &external_path,
            policy,
            "may only be set for externally-accessible services",
        ),
        (true, "") => {}
        (true, policy) if POLICIES.contains(&policy) => {}
        (true, policy) => errors.not_supported(&external_path, policy, &POLICIES),
    }
    let internal = text(spec, "internalTrafficPolicy");
    if has(spec, "internalTrafficPolicy") && !POLICIES.contains(&internal) {
        errors.not_supported(&path.child("internalTrafficPolicy"), internal, &POLICIES);
    }
}
