//! Pod templates and pod specs.
//!
//! Models `ValidatePodTemplateSpec` and `ValidatePodSpec` of
//! pkg/apis/core/validation/validation.go.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

use super::path::{Errors, Path, flag, has, list, number, text};
use super::{
    affinity, annotation, container, meta, names, os, pod_resource, resource, security, volume,
};

/// What a container's checks need to know of its pod.
pub(super) struct PodContext<'a> {
    /// Volumes without errors of their own, by name.
    pub(super) volumes: Vec<(&'a str, &'a Value)>,
    pub(super) claims: BTreeSet<&'a str>,
    pub(super) grace_period: Option<i64>,
    pub(super) restart_policy: &'a str,
    pub(super) host_users: bool,
}

pub(super) fn pod_template(errors: &mut Errors, path: &Path<'_>, template: &Value) {
    let metadata = &template["metadata"];
    meta::labels(errors, &path.child("labels"), metadata, "labels");
    meta::annotations(errors, &path.child("annotations"), metadata);
    annotation::pod(errors, &path.child("annotations"), metadata, &template["spec"]);
    pod_spec(errors, &path.child("spec"), &template["spec"], false);
    annotation::seccomp_fields(errors, &path.child("spec"), metadata, &template["spec"]);
    if has(&template["spec"], "ephemeralContainers") {
        errors.forbidden(
            &path.child("spec").child("ephemeralContainers"),
            "ephemeral containers not allowed in pod template",
        );
    }
}

pub(super) fn pod_spec(errors: &mut Errors, path: &Path<'_>, spec: &Value, is_pod: bool) {
    let grace_period = number(spec, "terminationGracePeriodSeconds");
    if grace_period.is_none() {
        errors.required(&path.child("terminationGracePeriodSeconds"), "");
    }
    let volumes = volume::volumes(errors, &path.child("volumes"), list(spec, "volumes"));
    let claims = list(spec, "resourceClaims");
    let context = PodContext {
        volumes,
        claims: claims.iter().map(|claim| text(claim, "name")).filter(|n| !n.is_empty()).collect(),
        grace_period,
        restart_policy: text(spec, "restartPolicy"),
        host_users: spec.get("hostUsers") != Some(&Value::Bool(false)),
    };
    resource_claims(errors, &path.child("resourceClaims"), claims);
    container::containers(errors, &path.child("containers"), spec, &context);
    container::init_containers(errors, &path.child("initContainers"), spec, &context);
    container::ephemeral_containers(errors, &path.child("ephemeralContainers"), spec, &context);
    pod_resources(errors, &path.child("resources"), spec, &context);
    host_network_ports(errors, path, spec, is_pod);
    restart_policy(errors, &path.child("restartPolicy"), context.restart_policy);
    dns_policy(errors, &path.child("dnsPolicy"), text(spec, "dnsPolicy"));
    meta::labels(errors, &path.child("nodeSelector"), spec, "nodeSelector");
    security::pod_security_context(errors, &path.child("securityContext"), spec);
    affinity::affinity(errors, &path.child("affinity"), &spec["affinity"]);
    dns_config(errors, &path.child("dnsConfig"), spec);
    for (at, gate) in list(spec, "readinessGates").iter().enumerate() {
        let condition = text(gate, "conditionType");
        let gates = path.child("readinessGates");
        let path = gates.index(at);
        errors.invalid_each(&path.child("conditionType"), condition, names::label_key(condition));
    }
    scheduling_gates(errors, &path.child("schedulingGates"), list(spec, "schedulingGates"));
    affinity::topology_spread_constraints(
        errors,
        &path.child("topologySpreadConstraints"),
        list(spec, "topologySpreadConstraints"),
    );
    host_users(errors, path, spec);
    placement(errors, path, spec);
    affinity::tolerations(errors, &path.child("tolerations"), list(spec, "tolerations"));
    host_aliases(errors, &path.child("hostAliases"), list(spec, "hostAliases"));
    for field in ["priorityClassName", "runtimeClassName"] {
        let name = text(spec, field);
        if !name.is_empty() || (field == "runtimeClassName" && has(spec, field)) {
            errors.invalid_each(&path.child(field), name, names::dns1123_subdomain(name));
        }
    }
    preemption_policy(errors, &path.child("preemptionPolicy"), spec);
    if has(spec, "overhead") {
        let limits = serde_json::json!({ "limits": spec["overhead"] });
        resource::requirements(errors, &path.child("overhead"), &limits, &context, true);
    }
    os::os(errors, path, spec);
}

fn resource_claims(errors: &mut Errors, path: &Path<'_>, claims: &[Value]) {
    let mut seen = BTreeSet::new();
    for (at, claim) in claims.iter().enumerate() {
        let path = path.index(at);
        let name = text(claim, "name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else if !seen.insert(name) {
            errors.duplicate(&path.child("name"), name);
        } else {
            errors.invalid_each(&path.child("name"), name, names::dns1123_label(name));
        }
        let (by_name, by_template) =
            (has(claim, "resourceClaimName"), has(claim, "resourceClaimTemplateName"));
        if by_name && by_template {
            errors.invalid_internal(
                &path,
                "v1.PodResourceClaim",
                claim,
                "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be \
                 specified",
            );
        }
        if !by_name && !by_template {
            errors.invalid_internal(
                &path,
                "v1.PodResourceClaim",
                claim,
                "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
            );
        }
        for field in ["resourceClaimName", "resourceClaimTemplateName"] {
            if has(claim, field) {
                let name = text(claim, field);
                errors.invalid_each(&path.child(field), name, names::dns1123_subdomain(name));
            }
        }
    }
}

/// Resources of the whole pod: only CPU, memory and huge pages.
fn pod_resources(errors: &mut Errors, path: &Path<'_>, spec: &Value, context: &PodContext<'_>) {
    let Some(resources) = spec.get("resources").filter(|resources| !resources.is_null()) else {
        return;
    };
    if has(resources, "claims") {
        errors.forbidden(&path.child("claims"), "claims cannot be set for Resources at pod-level");
    }
    resource::requirements(errors, path, resources, context, false);
    pod_resource::consistency(errors, path, spec);
}

fn host_network_ports(errors: &mut Errors, path: &Path<'_>, spec: &Value, is_pod: bool) {
    if !flag(spec, "hostNetwork") {
        return;
    }
    let containers = path.child("containers");
    for (at, container) in list(spec, "containers").iter().enumerate() {
        let path = containers.index(at);
        let ports = path.child("ports");
        for (at, port) in list(container, "ports").iter().enumerate() {
            let host = number(port, "hostPort").unwrap_or_default();
            let own = number(port, "containerPort").unwrap_or_default();
            if (is_pod || host != 0) && host != own {
                errors.invalid_number(
                    &ports.index(at).child("hostPort"),
                    host,
                    "must match `containerPort` when `hostNetwork` is true",
                );
            }
        }
    }
}

fn restart_policy(errors: &mut Errors, path: &Path<'_>, policy: &str) {
    match policy {
        "Always" | "OnFailure" | "Never" => {}
        "" => errors.required(path, ""),
        _ => errors.not_supported(path, policy, &["Always", "OnFailure", "Never"]),
    }
}

fn dns_policy(errors: &mut Errors, path: &Path<'_>, policy: &str) {
    const POLICIES: [&str; 4] = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    match policy {
        "" => errors.required(path, ""),
        policy if POLICIES.contains(&policy) => {}
        _ => errors.not_supported(path, policy, &POLICIES),
    }
}

/// The most bytes that search domains may have together, with the spaces between them.
const SEARCH_LIST_MAX: usize = 2048;

fn dns_config(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let config = spec.get("dnsConfig").filter(|config| !config.is_null());
    if text(spec, "dnsPolicy") == "None" {
        let Some(config) = config else {
            errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        };
        if list(config, "nameservers").is_empty() {
            errors.required(
                &path.child("nameservers"),
                "must provide at least one DNS nameserver when `dnsPolicy` is None",
            );
            return;
        }
    }
    let Some(config) = config else { return };
    let servers = list(config, "nameservers");
    let servers_path = path.child("nameservers");
    if servers.len() > 3 {
        let text = crate::gojson::to_string(&Value::from(servers));
        errors.invalid_raw(&servers_path, &text, "must not have more than 3 nameservers");
    }
    for (at, server) in servers.iter().filter_map(Value::as_str).enumerate() {
        ip(errors, &servers_path.index(at), server);
    }
    let searches = list(config, "searches");
    let searches_path = path.child("searches");
    if searches.len() > 32 {
        let text = crate::gojson::to_string(&Value::from(searches));
        errors.invalid_raw(&searches_path, &text, "must not have more than 32 search paths");
    }
    let joined = searches.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    if joined.len() > SEARCH_LIST_MAX {
        let text = crate::gojson::to_string(&Value::from(searches));
        let detail = format!(
            "must not have more than {SEARCH_LIST_MAX} characters (including spaces) in the search \
             list"
        );
        errors.invalid_raw(&searches_path, &text, &detail);
    }
    for (at, search) in searches.iter().filter_map(Value::as_str).enumerate() {
        // The root itself, and names that end at the root.
        if search != "." {
            let search = search.strip_suffix('.').unwrap_or(search);
            let found = names::dns1123_subdomain_with_underscore(search);
            errors.invalid_each(&searches_path.index(at), search, found);
        }
    }
    for (at, option) in list(config, "options").iter().enumerate() {
        if text(option, "name").is_empty() {
            errors.required(&path.child("options").index(at), "must not be empty");
        }
    }
}

/// Models `IsValidIP`.
pub(super) fn ip(errors: &mut Errors, path: &Path<'_>, text: &str) {
    if text.parse::<IpAddr>().is_err() {
        let detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
        errors.invalid(path, text, detail);
    }
}

fn scheduling_gates(errors: &mut Errors, path: &Path<'_>, gates: &[Value]) {
    let mut seen = BTreeSet::new();
    for (at, gate) in gates.iter().enumerate() {
        let name = text(gate, "name");
        errors.invalid_each(&path.index(at), name, names::label_key(name));
        if !seen.insert(name) {
            errors.duplicate(&path.index(at), name);
        }
    }
}

fn host_users(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    if spec.get("hostUsers") != Some(&Value::Bool(false)) {
        return;
    }
    for (field, shown) in
        [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")]
    {
        if flag(spec, field) {
            errors.forbidden(&path.child(shown), "when `pod.Spec.HostUsers` is false");
        }
    }
}

/// Where the pod runs and what it is called there.
fn placement(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    for field in ["serviceAccountName", "nodeName"] {
        let name = text(spec, field);
        if !name.is_empty() {
            errors.invalid_each(&path.child(field), name, names::dns1123_subdomain(name));
        }
    }
    if let Some(seconds) = number(spec, "activeDeadlineSeconds") {
        let max = i64::from(i32::MAX);
        if !(1..=max).contains(&seconds) {
            let detail = names::inclusive_range(1, max);
            errors.invalid_number(&path.child("activeDeadlineSeconds"), seconds, &detail);
        }
    }
    for field in ["hostname", "subdomain"] {
        let name = text(spec, field);
        if !name.is_empty() {
            errors.invalid_each(&path.child(field), name, names::dns1123_label(name));
        }
    }
}

fn host_aliases(errors: &mut Errors, path: &Path<'_>, aliases: &[Value]) {
    for (at, alias) in aliases.iter().enumerate() {
        let path = path.index(at);
        ip(errors, &path.child("ip"), text(alias, "ip"));
        let hostnames = path.child("hostnames");
        for (at, name) in list(alias, "hostnames").iter().filter_map(Value::as_str).enumerate() {
            errors.invalid_each(&hostnames.index(at), name, names::dns1123_subdomain(name));
        }
    }
}

fn preemption_policy(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    if !has(spec, "preemptionPolicy") {
        return;
    }
    match text(spec, "preemptionPolicy") {
        "PreemptLowerPriority" | "Never" => {}
        "" => errors.required(path, ""),
        other => errors.not_supported(path, other, &["PreemptLowerPriority", "Never"]),
    }
}
