//! What the server accepts with a warning.
//!
//! Models pkg/api/pod/warnings.go and the `WarningsOnCreate` of the registries' strategies.

use std::collections::BTreeMap;

use serde_json::Value;

use super::names;
use super::path::{Path, entries, has, list, number, text};
use crate::Resource;
use crate::gojson::quote;
use crate::quantity::{Quantity, wire_text};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

pub(super) fn warnings(resource: Resource, new: &Value, old: Option<&Value>) -> Vec<String> {
    let mut found = Vec::new();
    match resource {
        Resource::Deployments | Resource::ReplicaSets => {
            let name = text(&new["metadata"], "name");
            let errors = names::dns1123_label(name);
            if old.is_none() && resource == Resource::Deployments && !errors.is_empty() {
                found.push(surprising_name(&errors));
            }
            // Only a change of the spec is looked at again.
            if old.is_none_or(|old| old["spec"] != new["spec"]) {
                let spec = Path::root("spec");
                pod(&mut found, Some(&spec.child("template")), &new["spec"]["template"]);
            }
        }
        Resource::Pods => {
            let name = text(&new["metadata"], "name");
            let errors = names::dns1123_label(name);
            if old.is_none() && !errors.is_empty() {
                found.push(surprising_name(&errors));
            }
            pod(&mut found, None, new);
        }
        _ => {}
    }
    found
}

fn surprising_name(errors: &[String]) -> String {
    format!(
        "metadata.name: this is used in Pod names and hostnames, which can result in surprising \
         behavior; a DNS label is recommended: [{}]",
        errors.join(" ")
    )
}

fn under<'a>(path: Option<&'a Path<'a>>, name: &'a str) -> Path<'a> {
    match path {
        Some(path) => path.child(name),
        None => Path::root(name),
    }
}

/// Visits a pod's containers with their paths: init containers first.
fn visit_containers<'a>(
    spec_path: &Path<'_>,
    spec: &'a Value,
    mut visit: impl FnMut(&'a Value, &Path<'_>),
) {
    for field in ["initContainers", "containers", "ephemeralContainers"] {
        let path = spec_path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            visit(container, &path.index(at));
        }
    }
}

fn pod(found: &mut Vec<String>, path: Option<&Path<'_>>, pod: &Value) {
    let (meta, spec) = (&pod["metadata"], &pod["spec"]);
    let spec_path = under(path, "spec");
    let meta_path = under(path, "metadata");
    node_labels(found, &spec_path, spec);
    let constraints = spec_path.child("topologySpreadConstraints");
    for (at, constraint) in list(spec, "topologySpreadConstraints").iter().enumerate() {
        let key = text(constraint, "topologyKey");
        if let Some(message) = deprecated_node_label(key) {
            let path = constraints.index(at);
            found.push(format!("{}: {key} is {message}", path.child("topologyKey")));
        }
        if !has(constraint, "labelSelector") {
            found.push(format!(
                "{}: a null labelSelector results in matching no pod",
                constraints.index(at).child("labelSelector")
            ));
        }
    }
    annotations(found, &meta_path.child("annotations"), meta);
    volumes(found, &spec_path.child("volumes"), list(spec, "volumes"));
    duplicates(found, &spec_path, spec);
    let profiles = Profiles { of_template: path.is_some(), meta, spec, path: &meta_path };
    profiles.pod(found);
    visit_containers(&spec_path, spec, |container, path| {
        profiles.container(found, container);
        fractional_bytes(found, path, container);
        hidden_env(found, &path.child("env"), list(container, "env"));
    });
    ports(found, &spec_path, spec);
    port_names(found, &spec_path, spec);
    if number(spec, "terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0) {
        found.push(format!(
            "{}: must be >= 0; negative values are invalid and will be treated as 1",
            spec_path.child("terminationGracePeriodSeconds")
        ));
    }
    affinity(found, &spec_path.child("affinity"), &spec["affinity"]);
}

/// Models `GetNodeLabelDeprecatedMessage` of pkg/api/node/util.go.
fn deprecated_node_label(key: &str) -> Option<&'static str> {
    Some(match key {
        "beta.kubernetes.io/arch" => "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        "beta.kubernetes.io/os" => "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "failure-domain.beta.kubernetes.io/region" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead"
        }
        "failure-domain.beta.kubernetes.io/zone" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"
        }
        "beta.kubernetes.io/instance-type" => {
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"
        }
        _ => return None,
    })
}

fn node_labels(found: &mut Vec<String>, spec_path: &Path<'_>, spec: &Value) {
    let selector = spec_path.child("nodeSelector");
    for (key, _) in entries(spec, "nodeSelector") {
        if let Some(message) = deprecated_node_label(key) {
            found.push(format!("{}: {message}", selector.key(key)));
        }
    }
    let mut term = |path: &Path<'_>, term: &Value| {
        let expressions = path.child("matchExpressions");
        for (at, expression) in list(term, "matchExpressions").iter().enumerate() {
            let key = text(expression, "key");
            if let Some(message) = deprecated_node_label(key) {
                found.push(format!("{}: {key} is {message}", expressions.index(at).child("key")));
            }
        }
    };
    let (affinity, path) = (&spec["affinity"]["nodeAffinity"], spec_path.child("affinity"));
    let path = path.child("nodeAffinity");
    let required = path.child(REQUIRED);
    let terms = required.child("nodeSelectorTerms");
    for (at, value) in list(&affinity[REQUIRED], "nodeSelectorTerms").iter().enumerate() {
        term(&terms.index(at), value);
    }
    let preferred = path.child(PREFERRED);
    for (at, value) in list(affinity, PREFERRED).iter().enumerate() {
        term(&preferred.index(at).child("preference"), &value["preference"]);
    }
}

/// Security profiles that are told by annotation alone.
struct Profiles<'a> {
    of_template: bool,
    meta: &'a Value,
    spec: &'a Value,
    path: &'a Path<'a>,
}

impl Profiles<'_> {
    fn push(&self, found: &mut Vec<String>, key: &str, message: &str) {
        if self.meta["annotations"].get(key).is_some() {
            found.push(format!("{}: {message}", self.path.child("annotations").key(key)));
        }
    }

    fn pod(&self, found: &mut Vec<String>) {
        if !has(&self.spec["securityContext"], "seccompProfile") {
            self.push(found, "seccomp.security.alpha.kubernetes.io/pod", SECCOMP);
        }
    }

    fn container(&self, found: &mut Vec<String>, container: &Value) {
        let (name, context) = (text(container, "name"), &container["securityContext"]);
        if !has(context, "seccompProfile") {
            let key = format!("container.seccomp.security.alpha.kubernetes.io/{name}");
            self.push(found, &key, SECCOMP);
        }
        let told = has(context, "appArmorProfile")
            || has(&self.spec["securityContext"], "appArmorProfile");
        if self.of_template && !told {
            let key = format!("container.apparmor.security.beta.kubernetes.io/{name}");
            let message = "deprecated since v1.30; use the \"appArmorProfile\" field instead";
            self.push(found, &key, message);
        }
    }
}

const SECCOMP: &str = "non-functional in v1.27+; use the \"seccompProfile\" field instead";

fn annotations(found: &mut Vec<String>, path: &Path<'_>, meta: &Value) {
    const PRIORITY: &str = "non-functional in v1.16+; use the \"priorityClassName\" field instead";
    const SYSCTLS: &str = "non-functional in v1.11+; use the \"sysctls\" field instead";
    for (key, message) in [
        ("scheduler.alpha.kubernetes.io/critical-pod", PRIORITY),
        ("security.alpha.kubernetes.io/sysctls", SYSCTLS),
        ("security.alpha.kubernetes.io/unsafe-sysctls", SYSCTLS),
    ] {
        if entries(meta, "annotations").any(|(name, _)| name == key) {
            found.push(format!("{}: {message}", path.key(key)));
        }
    }
}

fn volumes(found: &mut Vec<String>, path: &Path<'_>, volumes: &[Value]) {
    const DEPRECATED: [(&str, &str, &str); 9] = [
        (
            "photonPersistentDisk",
            "photonPersistentDisk",
            "deprecated in v1.11, non-functional in v1.16+",
        ),
        ("gitRepo", "gitRepo", "deprecated in v1.11"),
        ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"),
        ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
        ("quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
        ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ];
    for (at, volume) in volumes.iter().enumerate() {
        for (field, shown, message) in DEPRECATED {
            if has(volume, field) {
                found.push(format!("{}: {message}", path.index(at).child(shown)));
            }
        }
    }
}

fn duplicates(found: &mut Vec<String>, spec_path: &Path<'_>, spec: &Value) {
    for (field, key, what) in [("hostAliases", "ip", "ip"), ("imagePullSecrets", "name", "name")] {
        let path = spec_path.child(field);
        let items = list(spec, field);
        for (at, item) in items.iter().enumerate() {
            let value = text(item, key);
            if items[..at].iter().any(|before| text(before, key) == value) {
                found.push(format!(
                    "{}: duplicate {what} {}",
                    path.index(at).child(key),
                    quote(value)
                ));
            }
        }
    }
    let path = spec_path.child("imagePullSecrets");
    for (at, item) in list(spec, "imagePullSecrets").iter().enumerate() {
        if text(item, "name").is_empty() {
            found.push(format!("{}: invalid empty name \"\"", path.index(at).child("name")));
        }
    }
    for name in ["memory", "ephemeral-storage"] {
        fractional(found, &spec_path.child("overhead").key(name), &spec["overhead"][name]);
    }
}

fn fractional(found: &mut Vec<String>, path: &Path<'_>, value: &Value) {
    if value.is_null() {
        return;
    }
    let Ok(quantity) = Quantity::parse(&wire_text(value)) else { return };
    if !quantity.is_whole() {
        let value = quote(&quantity.canonical());
        found.push(format!("{path}: fractional byte value {value} is invalid, must be an integer"));
    }
}

fn fractional_bytes(found: &mut Vec<String>, path: &Path<'_>, container: &Value) {
    let resources = path.child("resources");
    for name in ["memory", "ephemeral-storage"] {
        for list in ["limits", "requests"] {
            let value = &container["resources"][list][name];
            fractional(found, &resources.child(list).key(name), value);
        }
    }
}

/// A second variable of the same name, unless it builds upon the first.
fn hidden_env(found: &mut Vec<String>, path: &Path<'_>, vars: &[Value]) {
    for (at, var) in vars.iter().enumerate() {
        let name = text(var, "name");
        if !vars[..at].iter().any(|before| text(before, "name") == name) {
            continue;
        }
        let reference = format!("$({name})");
        let value = text(var, "value");
        let builds_upon = value.contains(&reference) && value != reference;
        if has(var, "valueFrom") || !builds_upon {
            found.push(format!(
                "{}: hides previous definition of {}, which may be dropped when using apply",
                path.index(at),
                quote(name)
            ));
        }
    }
}

fn ports(found: &mut Vec<String>, spec_path: &Path<'_>, spec: &Value) {
    let mut seen: BTreeMap<String, Vec<(String, &Value)>> = BTreeMap::new();
    visit_containers(spec_path, spec, |container, path| {
        let ports_path = path.child("ports");
        for (at, port) in list(container, "ports").iter().enumerate() {
            let path = ports_path.index(at).to_string();
            let (host, ip) = (number(port, "hostPort").unwrap_or_default(), text(port, "hostIP"));
            if !ip.is_empty() && host == 0 {
                found.push(format!(
                    "{path}: hostIP set without hostPort: {{Name:{} HostPort:0 ContainerPort:{} \
                     Protocol:{} HostIP:{ip}}}",
                    text(port, "name"),
                    number(port, "containerPort").unwrap_or_default(),
                    text(port, "protocol"),
                ));
            }
            let key = format!(
                "{}/{}",
                number(port, "containerPort").unwrap_or_default(),
                text(port, "protocol")
            );
            let others = seen.entry(key).or_default();
            for (other_path, other) in others.iter() {
                let other_host = number(other, "hostPort").unwrap_or_default();
                let other_ip = text(other, "hostIP");
                let what = if ip == other_ip && host == other_host {
                    "duplicate port definition"
                } else if host == 0 || other_host == 0 {
                    "overlapping port definition"
                } else if host == other_host && ip.is_empty() != other_ip.is_empty() {
                    "dangerously ambiguous port definition"
                } else {
                    continue;
                };
                found.push(format!("{path}: {what} with {other_path}"));
            }
            others.push((path, port));
        }
    });
}

/// A name that two containers give their ports. Init containers that end do not count.
fn port_names(found: &mut Vec<String>, spec_path: &Path<'_>, spec: &Value) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for field in ["initContainers", "containers"] {
        let containers_path = spec_path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            if field == "initContainers" && text(container, "restartPolicy") != "Always" {
                continue;
            }
            let path = containers_path.index(at);
            let ports_path = path.child("ports");
            for (at, port) in list(container, "ports").iter().enumerate() {
                let name = text(port, "name");
                let path = ports_path.index(at).to_string();
                match seen.get(name) {
                    _ if name.is_empty() => {}
                    Some(other) => found.push(format!(
                        "{path}: duplicate port name {} with {other}, services and probes that \
                         select ports by name will use {other}",
                        quote(name)
                    )),
                    None => {
                        seen.insert(name, path);
                    }
                }
            }
        }
    }
}

fn affinity(found: &mut Vec<String>, path: &Path<'_>, affinity: &Value) {
    for field in ["podAffinity", "podAntiAffinity"] {
        let (affinity, path) = (&affinity[field], path.child(field));
        let mut check = |path: &Path<'_>, term: &Value| {
            if !has(term, "labelSelector") {
                found.push(format!(
                    "{}: a null labelSelector results in matching no pod",
                    path.child("labelSelector")
                ));
            }
        };
        let required = path.child(REQUIRED);
        for (at, term) in list(affinity, REQUIRED).iter().enumerate() {
            check(&required.index(at), term);
        }
        let preferred = path.child(PREFERRED);
        for (at, term) in list(affinity, PREFERRED).iter().enumerate() {
            check(&preferred.index(at).child("podAffinityTerm"), &term["podAffinityTerm"]);
        }
    }
}
