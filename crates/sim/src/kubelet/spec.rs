//! What the kubelet reads of a pod's spec, once for all pods of a template.

use std::rc::Rc;

use rollscope_api::order;
use rollscope_api::{SimDuration, Value};

use super::image_name::with_default_tag;
use crate::World;
use crate::world::ImageRule;

/// `spec.restartPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RestartPolicy {
    Always,
    OnFailure,
    Never,
}

/// `imagePullPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PullPolicy {
    Always,
    IfNotPresent,
    Never,
}

/// A pod spec, read.
#[derive(Debug)]
pub(super) struct PodSpec {
    /// Init containers in order, then regular ones in order. [`ContainerSpec::init`] tells.
    pub(super) containers: Vec<ContainerSpec>,
    /// Indices of regular containers by name: the order of their statuses.
    pub(super) by_name: Vec<usize>,
    pub(super) init_count: usize,
    pub(super) restart_policy: RestartPolicy,
    pub(super) grace: i64,
    pub(super) active_deadline: Option<SimDuration>,
    pub(super) readiness_gates: Vec<String>,
    pub(super) host_network: bool,
    /// ConfigMaps and Secrets that volumes need: volume name, whether a Secret, object name.
    pub(super) volumes: Vec<(String, bool, String)>,
    pub(super) has_probes: bool,
}

/// A container of a pod spec.
#[derive(Debug)]
pub(super) struct ContainerSpec {
    pub(super) name: Rc<str>,
    pub(super) image: Rc<str>,
    /// The image with its tag, or why it is no image's name.
    pub(super) tagged: Result<Rc<str>, Rc<str>>,
    /// What the world says of the image.
    pub(super) rule: ImageRule,
    pub(super) init: bool,
    /// An init container that keeps running beside the regular ones.
    pub(super) sidecar: bool,
    pub(super) restart: Restart,
    pub(super) pull_policy: PullPolicy,
    pub(super) startup: Option<Probe>,
    pub(super) readiness: Option<Probe>,
    pub(super) liveness: Option<Probe>,
    pub(super) post_start: Option<Handler>,
    pub(super) pre_stop: Option<Handler>,
    /// What the environment takes from ConfigMaps and Secrets.
    pub(super) references: Vec<Reference>,
    /// `ports[].containerPort`
    pub(super) ports: Vec<i64>,
    /// `spec.containers{web}`
    pub(super) field_path: Rc<str>,
}

/// When a container is started again, where it says so itself.
#[derive(Debug)]
pub(super) struct Restart {
    pub(super) policy: Option<RestartPolicy>,
    /// `restartPolicyRules` whose action is `Restart`.
    pub(super) rules: Vec<RestartRule>,
}

/// Restarts a container that ended with one of these codes, or with none of them.
#[derive(Debug)]
pub(super) struct RestartRule {
    pub(super) within: bool,
    pub(super) codes: Vec<i32>,
}

/// A ConfigMap or Secret that a container's environment needs.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) secret: bool,
    pub(super) name: String,
    /// `None` for all keys.
    pub(super) key: Option<String>,
}

/// `v1` Probe.
#[derive(Debug)]
pub(super) struct Probe {
    pub(super) handler: Handler,
    pub(super) initial_delay: i64,
    pub(super) period: SimDuration,
    pub(super) timeout: SimDuration,
    pub(super) success_threshold: i64,
    pub(super) failure_threshold: i64,
    pub(super) grace: Option<i64>,
}

/// What a probe or a lifecycle hook does.
#[derive(Debug)]
pub(super) enum Handler {
    Exec(Vec<String>),
    Http { scheme: &'static str, host: String, port: i64, path: String },
    Tcp { host: String, port: i64 },
    Grpc { port: i64 },
    Sleep(SimDuration),
}

impl Handler {
    /// What world rules match: the command, the path or the port.
    pub(super) fn question(&self) -> String {
        match self {
            Self::Exec(command) => command.join(" "),
            Self::Http { path, .. } => path.clone(),
            Self::Tcp { port, .. } | Self::Grpc { port } => format!(":{port}"),
            Self::Sleep(span) => format!("sleep {}", span.as_secs()),
        }
    }

    /// How long a command sleeps: `sleep N`, also within a shell's line.
    pub(super) fn sleeps(&self) -> SimDuration {
        let words = match self {
            Self::Sleep(span) => return *span,
            Self::Exec(command) => command.join(" "),
            _ => return SimDuration::ZERO,
        };
        let mut words = words.split(|c: char| c.is_whitespace() || ";&|\"'()".contains(c));
        let mut total = SimDuration::ZERO;
        while let Some(word) = words.next() {
            if word == "sleep" || word.ends_with("/sleep") {
                total = total + words.next().and_then(seconds).unwrap_or_default();
            }
        }
        total
    }
}

/// `2`, `0.5`, `1m`: the argument of sleep(1), at most a day.
fn seconds(text: &str) -> Option<SimDuration> {
    let (number, unit) = match text.chars().last()? {
        's' => (&text[..text.len() - 1], 1),
        'm' => (&text[..text.len() - 1], 60),
        'h' => (&text[..text.len() - 1], 3_600),
        _ => (text, 1),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let millis: i64 = match fraction {
        "" => 0,
        _ => format!("{fraction:0<3}").get(..3)?.parse().ok()?,
    };
    let millis = whole.checked_mul(1_000)?.checked_add(millis)?.checked_mul(unit)?;
    (0..=86_400_000).contains(&millis).then(|| SimDuration::from_millis(millis))
}

impl PodSpec {
    /// Reads a spec in wire form, defaulted.
    pub(super) fn of(spec: &Value, world: &World) -> Self {
        let inits = list(&spec["initContainers"]);
        let mut containers: Vec<ContainerSpec> =
            inits.iter().map(|container| ContainerSpec::of(container, true, world)).collect();
        let regular = list(&spec["containers"]);
        containers.extend(regular.iter().map(|c| ContainerSpec::of(c, false, world)));
        let mut by_name: Vec<usize> = (inits.len()..containers.len()).collect();
        order::sort_by(&mut by_name, |a, b| containers[*a].name.cmp(&containers[*b].name));
        let has_probes = containers
            .iter()
            .any(|c| c.startup.is_some() || c.readiness.is_some() || c.liveness.is_some());
        Self {
            by_name,
            init_count: inits.len(),
            restart_policy: RestartPolicy::of(&spec["restartPolicy"])
                .unwrap_or(RestartPolicy::Always),
            grace: spec["terminationGracePeriodSeconds"].as_i64().unwrap_or(30).max(0),
            active_deadline: spec["activeDeadlineSeconds"].as_i64().map(SimDuration::from_secs),
            readiness_gates: list(&spec["readinessGates"])
                .iter()
                .map(|gate| text(&gate["conditionType"]))
                .collect(),
            host_network: spec["hostNetwork"] == true,
            volumes: volumes(spec),
            has_probes,
            containers,
        }
    }

    /// The regular containers' indices, in order of the spec.
    pub(super) fn regular(&self) -> std::ops::Range<usize> {
        self.init_count..self.containers.len()
    }

    /// The init containers' indices, in order.
    pub(super) fn init(&self) -> std::ops::Range<usize> {
        0..self.init_count
    }

    /// The container that listens on a port: the one that names it. Where no container names any,
    /// the first one listens on every port.
    pub(super) fn listener(&self, port: i64) -> Option<usize> {
        let runs = |at: &usize| !self.containers[*at].init || self.containers[*at].sidecar;
        let mut running = (0..self.containers.len()).filter(runs);
        let named = running.clone().find(|at| self.containers[*at].ports.contains(&port));
        let none_named = || running.clone().all(|at| self.containers[at].ports.is_empty());
        named
            .or_else(|| none_named().then_some(self.init_count))
            .filter(|at| running.any(|known| known == *at))
    }

    /// Whether containers that failed are started again, if they say nothing else themselves.
    pub(super) fn restarts_on_failure(&self) -> bool {
        self.restart_policy != RestartPolicy::Never
    }

    /// Whether a container that ended with this code is started again. Models
    /// `ContainerShouldRestart` in `pkg/api/v1/pod/util.go`.
    pub(super) fn restarts_after(&self, container: usize, code: i32) -> bool {
        let restart = &self.containers[container].restart;
        let policy = restart.policy.unwrap_or(self.restart_policy);
        restart.rules.iter().any(|rule| rule.codes.contains(&code) == rule.within)
            || match policy {
                RestartPolicy::Always => true,
                RestartPolicy::OnFailure => code != 0,
                RestartPolicy::Never => false,
            }
    }

    /// Whether a container that is stopped for a failed probe is started again: no code tells yet.
    pub(super) fn restarts_after_probe(&self, container: usize) -> bool {
        let policy = self.containers[container].restart.policy;
        policy.unwrap_or(self.restart_policy) != RestartPolicy::Never
    }
}

impl RestartPolicy {
    fn of(value: &Value) -> Option<Self> {
        match value.as_str()? {
            "Never" => Some(Self::Never),
            "OnFailure" => Some(Self::OnFailure),
            _ => Some(Self::Always),
        }
    }
}

impl Restart {
    fn of(container: &Value) -> Self {
        let rules = list(&container["restartPolicyRules"]).iter();
        let rules = rules.filter(|rule| rule["action"] == "Restart").map(|rule| {
            let codes = &rule["exitCodes"];
            RestartRule {
                within: codes["operator"] == "In",
                codes: list(&codes["values"])
                    .iter()
                    .filter_map(|code| i32::try_from(code.as_i64()?).ok())
                    .collect(),
            }
        });
        Self { policy: RestartPolicy::of(&container["restartPolicy"]), rules: rules.collect() }
    }
}

impl ContainerSpec {
    fn of(container: &Value, init: bool, world: &World) -> Self {
        let name = text(&container["name"]);
        let image = text(&container["image"]);
        let sidecar = init && container["restartPolicy"] == "Always";
        let probe = |kind: &str| {
            let value = &container[kind];
            (!value.is_null() && (!init || sidecar)).then(|| Probe::of(value, container))
        };
        let hook = |kind: &str| Handler::of(&container["lifecycle"][kind], container);
        let list = if init { "initContainers" } else { "containers" };
        Self {
            tagged: with_default_tag(&image).map(Into::into).map_err(Into::into),
            rule: world.image(&image).clone(),
            image: image.into(),
            init,
            sidecar,
            restart: Restart::of(container),
            pull_policy: match container["imagePullPolicy"].as_str() {
                Some("Always") => PullPolicy::Always,
                Some("Never") => PullPolicy::Never,
                _ => PullPolicy::IfNotPresent,
            },
            startup: probe("startupProbe"),
            readiness: probe("readinessProbe"),
            liveness: probe("livenessProbe"),
            post_start: hook("postStart"),
            pre_stop: hook("preStop"),
            references: references(container),
            ports: self::list(&container["ports"])
                .iter()
                .filter_map(|port| port["containerPort"].as_i64())
                .collect(),
            field_path: format!("spec.{list}{{{name}}}").into(),
            name: name.into(),
        }
    }
}

impl Probe {
    fn of(probe: &Value, container: &Value) -> Self {
        let number = |field: &str, default: i64| probe[field].as_i64().unwrap_or(default);
        let span = |field: &str, default| SimDuration::from_secs(number(field, default).max(1));
        Self {
            handler: Handler::of(probe, container).unwrap_or(Handler::Exec(Vec::new())),
            initial_delay: number("initialDelaySeconds", 0),
            period: span("periodSeconds", 10),
            timeout: span("timeoutSeconds", 1),
            success_threshold: number("successThreshold", 1).max(1),
            failure_threshold: number("failureThreshold", 3).max(1),
            grace: probe["terminationGracePeriodSeconds"].as_i64(),
        }
    }
}

impl Handler {
    fn of(value: &Value, container: &Value) -> Option<Self> {
        if let Some(exec) = value["exec"].as_object() {
            let command = exec.get("command").map(list).unwrap_or_default();
            return Some(Self::Exec(command.iter().map(text).collect()));
        }
        if let Some(http) = value["httpGet"].as_object() {
            let field = |name: &str| http.get(name).map(text).unwrap_or_default();
            let path = field("path");
            let path = if path.starts_with('/') { path } else { format!("/{path}") };
            let https = field("scheme") == "HTTPS";
            let port = http.get("port").map_or(0, |port| port_number(port, container));
            let scheme = if https { "https" } else { "http" };
            return Some(Self::Http { scheme, host: field("host"), port, path });
        }
        if let Some(tcp) = value["tcpSocket"].as_object() {
            let port = tcp.get("port").map_or(0, |port| port_number(port, container));
            return Some(Self::Tcp { host: tcp.get("host").map(text).unwrap_or_default(), port });
        }
        if let Some(grpc) = value["grpc"].as_object() {
            let port = grpc.get("port").and_then(Value::as_i64).unwrap_or_default();
            return Some(Self::Grpc { port });
        }
        let seconds = value["sleep"]["seconds"].as_i64()?;
        Some(Self::Sleep(SimDuration::from_secs(seconds.clamp(0, 86_400))))
    }
}

/// A port is a number or the name of one of the container's.
fn port_number(port: &Value, container: &Value) -> i64 {
    port.as_i64().unwrap_or_else(|| {
        let named = list(&container["ports"]).iter().find(|known| known["name"] == *port);
        named.and_then(|known| known["containerPort"].as_i64()).unwrap_or_default()
    })
}

fn references(container: &Value) -> Vec<Reference> {
    let mut references = Vec::new();
    for source in list(&container["envFrom"]) {
        for (field, secret) in [("configMapRef", false), ("secretRef", true)] {
            let reference = &source[field];
            if !reference.is_null() && reference["optional"] != true {
                references.push(Reference { secret, name: text(&reference["name"]), key: None });
            }
        }
    }
    for variable in list(&container["env"]) {
        for (field, secret) in [("configMapKeyRef", false), ("secretKeyRef", true)] {
            let reference = &variable["valueFrom"][field];
            if !reference.is_null() && reference["optional"] != true {
                let key = Some(text(&reference["key"]));
                references.push(Reference { secret, name: text(&reference["name"]), key });
            }
        }
    }
    references
}

fn volumes(spec: &Value) -> Vec<(String, bool, String)> {
    let needed = |volume: &Value| {
        let name = text(&volume["name"]);
        let of = |value: &Value, secret: bool, field: &str| {
            (!value.is_null() && value["optional"] != true)
                .then(|| (name.clone(), secret, text(&value[field])))
        };
        of(&volume["configMap"], false, "name")
            .or_else(|| of(&volume["secret"], true, "secretName"))
    };
    list(&spec["volumes"]).iter().filter_map(needed).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeping_commands_are_understood() {
        let sleeps = |command: &[&str]| {
            let command = command.iter().map(|word| (*word).to_owned()).collect();
            Handler::Exec(command).sleeps().as_millis()
        };
        assert_eq!(sleeps(&["sleep", "3"]), 3_000);
        assert_eq!(sleeps(&["sh", "-c", "sleep 5; nginx -s quit && /bin/sleep 0.25"]), 5_250);
        assert_eq!(sleeps(&["sleep", "forever"]), 0);
        assert_eq!(sleeps(&["cat", "/ready"]), 0);
    }
}
