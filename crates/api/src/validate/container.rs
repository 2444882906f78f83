//! Containers of all three kinds, and their ports.

use std::collections::BTreeSet;

use serde_json::Value;

use super::path::{Errors, Path, flag, has, list, number, text};
use super::template::PodContext;
use super::{env, mount, names, probe, resource, security};
use crate::order;

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
    let rules = list(container, "restartPolicyRules");
    if has(container, "restartPolicy") {
        let policy = text(container, "restartPolicy");
        if !matches!(policy, "Always" | "Never" | "OnFailure") {
            errors.not_supported(&policy_path, policy, &["Always", "Never", "OnFailure"]);
        }
    } else if !rules.is_empty() {
        errors.required(&policy_path, "must specify restartPolicy when restart rules are used");
    }
    let rules_path = path.child("restartPolicyRules");
    if rules.len() > RESTART_RULES_MAX {
        errors.too_many(&rules_path, rules.len(), RESTART_RULES_MAX);
    }
    for (at, rule) in rules.iter().enumerate() {
        restart_rule(errors, &rules_path.index(at), rule);
    }
}

const RESTART_RULES_MAX: usize = 20;
const EXIT_CODES_MAX: usize = 255;

fn restart_rule(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    let action = text(rule, "action");
    if !matches!(action, "Restart" | "RestartAllContainers") {
        let supported = ["Restart", "RestartAllContainers"];
        errors.not_supported(&path.child("action"), action, &supported);
    }
    let path = path.child("exitCodes");
    if !has(rule, "exitCodes") {
        return errors.required(&path, "must be specified");
    }
    let operator = text(&rule["exitCodes"], "operator");
    if !matches!(operator, "In" | "NotIn") {
        errors.not_supported(&path.child("operator"), operator, &["In", "NotIn"]);
    }
    let values = list(&rule["exitCodes"], "values").len();
    if values > EXIT_CODES_MAX {
        errors.too_many(&path.child("values"), values, EXIT_CODES_MAX);
    }
}

pub(super) fn init_containers(
    errors: &mut Errors,
    path: &Path<'_>,
    spec: &Value,
    context: &PodContext<'_>,
) {
    let mut seen: BTreeSet<&str> =
        order::gather(list(spec, "containers").iter().map(|container| text(container, "name")));
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
    let earlier = list(spec, "containers").iter().chain(list(spec, "initContainers"));
    let mut seen: BTreeSet<&str> = order::gather(earlier.map(|container| text(container, "name")));
    for (at, container) in list(spec, "ephemeralContainers").iter().enumerate() {
        let path = path.index(at);
        common(errors, &path, container, context);
        only_for_pod(errors, &path, container);
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
    resource::requirements(errors, &path.child("resources"), resources, context, true);
    resize_policy(errors, &path.child("resizePolicy"), list(container, "resizePolicy"), context);
    let security = &container["securityContext"];
    security::security_context(
        errors,
        &path.child("securityContext"),
        security,
        context.host_users,
    );
}

/// What templates are allowed and pods are not. Models `validateContainerOnlyForPod`.
fn only_for_pod(errors: &mut Errors, path: &Path<'_>, container: &Value) {
    let image = text(container, "image");
    if image.trim() != image {
        errors.invalid(&path.child("image"), image, "must not have leading or trailing whitespace");
    }
}

/// The same for all containers of a pod but the ephemeral ones.
pub(super) fn containers_only_for_pod(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    for field in ["containers", "initContainers"] {
        let path = path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            only_for_pod(errors, &path.index(at), container);
        }
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

/// Whether a container is privileged.
pub(super) fn is_privileged(container: &Value) -> bool {
    flag(&container["securityContext"], "privileged")
}
