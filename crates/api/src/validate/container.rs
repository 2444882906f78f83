//! Containers of all three kinds, their ports and resources.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::path::{Errors, Path, entries, flag, has, list, number, text};
use super::template::PodContext;
use super::{env, mount, names, probe, security};
use crate::quantity::{Quantity, wire_text};

pub(super) fn containers(
    errors: &mut Errors,
    path: &Path<'_>,
    spec: &Value,
    context: &PodContext<'_>,
) {
    let containers = list(spec, "containers");
    if containers.is_empty() {
        errors.required(path, "");
        return;
    }
    let mut seen = BTreeSet::new();
    for (at, container) in containers.iter().enumerate() {
        let path = path.index(at);
        common(errors, &path, container, context);
        let name = text(container, "name");
        if !seen.insert(name) {
            errors.duplicate(&path.child("name"), name);
        }
        if has(container, "lifecycle") {
            probe::lifecycle(errors, &path.child("lifecycle"), &container["lifecycle"], context);
        }
        probe::probes(errors, &path, container, context);
        restart_policy(errors, &path, container);
    }
    host_ports(errors, path, containers.iter().enumerate());
}

fn restart_policy(errors: &mut Errors, path: &Path<'_>, container: &Value) {
    let policy_path = path.child("restartPolicy");
    if has(container, "restartPolicy") {
        let policy = text(container, "restartPolicy");
        if !matches!(policy, "Always" | "Never" | "OnFailure") {
            errors.not_supported(&policy_path, policy, &["Always", "Never", "OnFailure"]);
        }
    } else if !list(container, "restartPolicyRules").is_empty() {
        errors.required(&policy_path, "must specify restartPolicy when restart rules are used");
    }
}

pub(super) fn init_containers(
    errors: &mut Errors,
    path: &Path<'_>,
    spec: &Value,
    context: &PodContext<'_>,
) {
    let mut seen: BTreeSet<&str> =
        list(spec, "containers").iter().map(|container| text(container, "name")).collect();
    for (at, container) in list(spec, "initContainers").iter().enumerate() {
        let item = path.index(at);
        common(errors, &item, container, context);
        restart_policy(errors, &item, container);
        let name = text(container, "name");
        if seen.contains(name) {
            errors.duplicate(&item.child("name"), name);
        } else if !name.is_empty() {
            seen.insert(name);
        }
        // Init containers run one by one, so only their own ports can clash. Upstream names the
        // container by its place in a list of one.
        host_ports(errors, path, std::iter::once((0, container)));
        if text(container, "restartPolicy") == "Always" {
            if has(container, "lifecycle") {
                let lifecycle = &container["lifecycle"];
                probe::lifecycle(errors, &item.child("lifecycle"), lifecycle, context);
            }
            probe::probes(errors, &item, container, context);
        } else {
            for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                if has(container, field) {
                    errors.forbidden(
                        &item.child(field),
                        "may not be set for init containers without restartPolicy=Always",
                    );
                }
            }
        }
    }
}

pub(super) fn ephemeral_containers(
    errors: &mut Errors,
    path: &Path<'_>,
    spec: &Value,
    context: &PodContext<'_>,
) {
    let mut seen: BTreeSet<&str> = list(spec, "containers")
        .iter()
        .chain(list(spec, "initContainers"))
        .map(|container| text(container, "name"))
        .collect();
    for (at, container) in list(spec, "ephemeralContainers").iter().enumerate() {
        let path = path.index(at);
        common(errors, &path, container, context);
        let name = text(container, "name");
        if !seen.insert(name) {
            errors.duplicate(&path.child("name"), name);
        }
    }
}

fn common(errors: &mut Errors, path: &Path<'_>, container: &Value, context: &PodContext<'_>) {
    let name = text(container, "name");
    if name.is_empty() {
        errors.required(&path.child("name"), "");
    } else {
        errors.invalid_each(&path.child("name"), name, names::dns1123_label(name));
    }
    let image = text(container, "image");
    if image.is_empty() {
        errors.required(&path.child("image"), "");
    }
    const MESSAGE_POLICIES: [&str; 2] = ["File", "FallbackToLogsOnError"];
    let policy_path = path.child("terminationMessagePolicy");
    match text(container, "terminationMessagePolicy") {
        "" => errors.required(&policy_path, ""),
        policy if MESSAGE_POLICIES.contains(&policy) => {}
        policy => errors.not_supported(&policy_path, policy, &MESSAGE_POLICIES),
    }
    ports(errors, &path.child("ports"), list(container, "ports"));
    env::env(errors, &path.child("env"), list(container, "env"));
    env::env_from(errors, &path.child("envFrom"), list(container, "envFrom"));
    mount::volume_mounts(errors, &path.child("volumeMounts"), container, context);
    mount::volume_devices(errors, &path.child("volumeDevices"), container, context);
    const PULL_POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];
    let policy_path = path.child("imagePullPolicy");
    match text(container, "imagePullPolicy") {
        "" => errors.required(&policy_path, ""),
        policy if PULL_POLICIES.contains(&policy) => {}
        policy => errors.not_supported(&policy_path, policy, &PULL_POLICIES),
    }
    let resources = &container["resources"];
    resource_requirements(errors, &path.child("resources"), resources, context, true);
    resize_policy(errors, &path.child("resizePolicy"), list(container, "resizePolicy"), context);
    let security = &container["securityContext"];
    security::security_context(
        errors,
        &path.child("securityContext"),
        security,
        context.host_users,
    );
    if context.is_pod && image.trim() != image {
        errors.invalid(&path.child("image"), image, "must not have leading or trailing whitespace");
    }
}

fn resize_policy(
    errors: &mut Errors,
    path: &Path<'_>,
    policies: &[Value],
    context: &PodContext<'_>,
) {
    let mut seen = BTreeSet::new();
    for (at, policy) in policies.iter().enumerate() {
        let (resource, restart) = (text(policy, "resourceName"), text(policy, "restartPolicy"));
        if !seen.insert(resource) {
            errors.duplicate(&path.index(at), resource);
        }
        match resource {
            "cpu" | "memory" => {}
            "" => errors.required(path, ""),
            other => errors.not_supported(path, other, &["cpu", "memory"]),
        }
        match restart {
            "NotRequired" | "RestartContainer" => {}
            "" => errors.required(path, ""),
            other => errors.not_supported(path, other, &["NotRequired", "RestartContainer"]),
        }
        if context.restart_policy == "Never" && restart != "NotRequired" {
            errors.invalid(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'");
        }
    }
}

fn ports(errors: &mut Errors, path: &Path<'_>, ports: &[Value]) {
    let mut seen = BTreeSet::new();
    for (at, port) in ports.iter().enumerate() {
        let path = path.index(at);
        let name = text(port, "name");
        if !name.is_empty() {
            let found = names::port_name(name);
            if !found.is_empty() {
                errors.invalid_each(&path.child("name"), name, found);
            } else if !seen.insert(name) {
                errors.duplicate(&path.child("name"), name);
            }
        }
        let number_of = |field| number(port, field).unwrap_or_default();
        match number_of("containerPort") {
            0 => errors.required(&path.child("containerPort"), ""),
            number => port_number(errors, &path.child("containerPort"), number),
        }
        match number_of("hostPort") {
            0 => {}
            number => port_number(errors, &path.child("hostPort"), number),
        }
        protocol(errors, &path.child("protocol"), text(port, "protocol"));
    }
}

pub(super) fn port_number(errors: &mut Errors, path: &Path<'_>, number: i64) {
    for detail in names::port_number(number) {
        errors.invalid_number(path, number, &detail);
    }
}

pub(super) fn protocol(errors: &mut Errors, path: &Path<'_>, protocol: &str) {
    match protocol {
        "TCP" | "UDP" | "SCTP" => {}
        "" => errors.required(path, ""),
        other => errors.not_supported(path, other, &["SCTP", "TCP", "UDP"]),
    }
}

fn host_ports<'a>(
    errors: &mut Errors,
    path: &Path<'_>,
    containers: impl Iterator<Item = (usize, &'a Value)>,
) {
    let mut seen = BTreeSet::new();
    for (at, container) in containers {
        let path = path.index(at);
        let ports = path.child("ports");
        for (at, port) in list(container, "ports").iter().enumerate() {
            let number = number(port, "hostPort").unwrap_or_default();
            if number == 0 {
                continue;
            }
            let key = format!("{}/{}/{number}", text(port, "protocol"), text(port, "hostIP"));
            if seen.contains(&key) {
                errors.duplicate(&ports.index(at).child("hostPort"), &key);
            }
            seen.insert(key);
        }
    }
}

const STANDARD_CONTAINER: [&str; 3] = ["cpu", "ephemeral-storage", "memory"];
/// What may be named without a domain somewhere, though not all of it in containers.
const STANDARD: [&str; 20] = [
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "replicationcontrollers",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "storage",
    "configmaps",
];

fn is_huge_page(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Whether a name belongs to Kubernetes itself.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// The errors of a resource's name, as pairs of quoted value and text.
fn resource_name(errors: &mut Errors, path: &Path<'_>, name: &str, of_container: bool) {
    let before = errors.0.len();
    errors.invalid_each(path, name, names::label_key(name));
    let qualified = name.contains('/');
    if errors.0.len() == before && !qualified && !STANDARD.contains(&name) && !is_huge_page(name) {
        let detail = "must be a standard resource type or fully qualified";
        errors.invalid(path, name, detail);
    }
    if !of_container {
        if errors.0.len() == before && !matches!(name, "cpu" | "memory") && !is_huge_page(name) {
            errors.not_supported(path, name, &["cpu", "hugepages-", "memory"]);
        }
        return;
    }
    if !qualified {
        if !STANDARD_CONTAINER.contains(&name) && !is_huge_page(name) {
            errors.invalid(path, name, "must be a standard resource for containers");
        }
    } else if !is_native(name) {
        let extended = !name.starts_with("requests.")
            && names::label_key(&format!("requests.{name}")).is_empty();
        if !extended {
            errors.invalid(path, name, "doesn't follow extended resource name standard");
        }
    }
}

/// Whether more than the limit may be asked for.
fn is_overcommit_allowed(name: &str) -> bool {
    is_native(name) && !is_huge_page(name)
}

fn quantity_of(value: &Value) -> Quantity {
    Quantity::parse(&wire_text(value)).unwrap_or_else(|_| Quantity::zero())
}

/// Requests and limits. `of_container` is false for the resources of a whole pod.
pub(super) fn resource_requirements(
    errors: &mut Errors,
    path: &Path<'_>,
    requirements: &Value,
    context: &PodContext<'_>,
    of_container: bool,
) {
    let limits: BTreeMap<&String, Quantity> =
        entries(requirements, "limits").map(|(name, value)| (name, quantity_of(value))).collect();
    let (limits_path, requests_path) = (path.child("limits"), path.child("requests"));
    let (mut huge, mut computes) = (false, false);
    for (name, quantity) in &limits {
        let path = limits_path.key(name);
        resource_name(errors, &path, name, of_container);
        resource_quantity(errors, &path, name, quantity);
        huge |= is_huge_page(name);
        computes |= matches!(name.as_str(), "cpu" | "memory");
    }
    for (name, value) in entries(requirements, "requests") {
        let quantity = quantity_of(value);
        let path = requests_path.key(name);
        resource_name(errors, &path, name, of_container);
        resource_quantity(errors, &path, name, &quantity);
        match limits.get(name) {
            Some(limit) => {
                let order = quantity.cmp(limit);
                let (text, limit) = (quantity.canonical(), limit.canonical());
                if order.is_ne() && !is_overcommit_allowed(name) {
                    let detail = format!("must be equal to {name} limit of {limit}");
                    errors.invalid(&requests_path, &text, &detail);
                } else if order.is_gt() {
                    let detail = format!("must be less than or equal to {name} limit of {limit}");
                    errors.invalid(&requests_path, &text, &detail);
                }
            }
            None if !is_overcommit_allowed(name) => {
                let detail = "Limit must be set for non overcommitable resources";
                errors.required(&limits_path, detail);
            }
            None => {}
        }
        huge |= is_huge_page(name);
        computes |= matches!(name.as_str(), "cpu" | "memory");
    }
    if huge && !computes {
        errors.forbidden(path, "HugePages require cpu or memory");
    }
    claims(errors, &path.child("claims"), list(requirements, "claims"), context);
}

fn resource_quantity(errors: &mut Errors, path: &Path<'_>, name: &str, quantity: &Quantity) {
    if quantity.sign() < 0 {
        let text = quantity.canonical();
        errors.invalid(path, &text, "must be greater than or equal to 0");
    }
    // Only whole numbers of what cannot be divided.
    let whole = !is_native(name)
        || matches!(
            name,
            "pods"
                | "services"
                | "replicationcontrollers"
                | "resourcequotas"
                | "secrets"
                | "configmaps"
                | "persistentvolumeclaims"
                | "services.nodeports"
                | "services.loadbalancers"
        );
    if whole && quantity.milli_value() % 1000 != 0 {
        errors.invalid(path, &quantity.canonical(), "must be an integer");
    }
}

fn claims(errors: &mut Errors, path: &Path<'_>, claims: &[Value], context: &PodContext<'_>) {
    let mut seen = BTreeSet::new();
    for (at, claim) in claims.iter().enumerate() {
        let path = path.index(at);
        let name = text(claim, "name");
        if name.is_empty() {
            errors.required(&path, "");
            continue;
        }
        let request = text(claim, "request");
        if !request.is_empty() {
            errors.invalid_each(&path.child("request"), request, names::dns1123_label(request));
        }
        let key = if request.is_empty() { name.to_owned() } else { format!("{name}/{request}") };
        if seen.contains(&key) || seen.contains(name) {
            errors.duplicate(&path, &key);
        }
        seen.insert(key);
        if !context.claims.contains(name) {
            let mut detail = "must be one of the names in pod.spec.resourceClaims".to_owned();
            if context.claims.is_empty() {
                detail.push_str(" which is empty");
            } else {
                let known: Vec<&str> = context.claims.iter().copied().collect();
                detail = format!("{detail}: {}", known.join(", "));
            }
            errors.not_found(&path, name, &detail);
        }
    }
}

/// Whether a container is privileged.
pub(super) fn is_privileged(container: &Value) -> bool {
    flag(&container["securityContext"], "privileged")
}
