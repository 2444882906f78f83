//! A pod's row: READY, STATUS and RESTARTS. Models `printPod` of `pkg/printers/internalversion/printers.go`.

use rollscope_api::{SimTime, Value};

use super::Cells;
use crate::duration::{age, human_duration, parse_time};
use crate::value::{Peek, or};

pub(super) const COLUMNS: &[&str] = &["Name", "Ready", "Status", "Restarts", "Age"];
pub(super) const WIDE_COLUMNS: &[&str] = &["IP", "Node", "Nominated Node", "Readiness Gates"];

/// What `kubectl get pods` says of one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSummary {
    /// Ready containers, restartable init containers included.
    pub ready: usize,
    /// Containers that can be ready.
    pub containers: usize,
    /// STATUS: `Running`, `CrashLoopBackOff`, `Init:0/1`, `Terminating` …
    pub status: String,
    /// Restarts of the containers shown.
    pub restarts: i64,
    /// When the last of these restarts' containers had ended.
    pub last_restart: Option<SimTime>,
}

pub(super) fn cells(pod: &Value, wide: bool, now: SimTime) -> Cells {
    let summary = summarize(pod);
    let restarts = match summary.last_restart {
        Some(time) if summary.restarts != 0 => {
            format!("{} ({} ago)", summary.restarts, human_duration(now - time))
        }
        _ => summary.restarts.to_string(),
    };
    let mut cells = vec![
        pod.text("metadata.name").to_owned(),
        format!("{}/{}", summary.ready, summary.containers),
        summary.status,
        restarts,
        age(pod.at("metadata.creationTimestamp"), now),
    ];
    if wide {
        let ip = pod.items("status.podIPs").first().map_or("", |ip| ip.text("ip"));
        cells.extend([
            or(ip, "<none>").to_owned(),
            or(pod.text("spec.nodeName"), "<none>").to_owned(),
            or(pod.text("status.nominatedNodeName"), "<none>").to_owned(),
            readiness_gates(pod),
        ]);
    }
    cells
}

/// Reads a pod's READY, STATUS and RESTARTS from its spec and status.
pub fn summarize(pod: &Value) -> PodSummary {
    let mut tally = Tally::default();
    let spec = pod.at("spec").unwrap_or(&Value::Null);
    let reported = pod.at("status").unwrap_or(&Value::Null);
    let mut status = or(reported.text("reason"), reported.text("phase")).to_owned();
    let scheduling_gated = |condition: &Value| {
        condition.text("type") == "PodScheduled" && condition.text("reason") == "SchedulingGated"
    };
    if reported.items("conditions").iter().any(scheduling_gated) {
        status = "SchedulingGated".into();
    }
    let init_containers = spec.items("initContainers");
    let sidecars = init_containers.iter().filter(|container| restartable(container)).count();
    let containers = spec.items("containers").len() + sidecars;

    let initializing = init_status(init_containers, reported, &mut tally);
    if let Some(reason) = &initializing {
        status.clone_from(reason);
    }
    let (mut restarts, mut last_restart) = (tally.init_restarts, tally.init_last);
    if initializing.is_none() || condition_is_true(reported, "Initialized") {
        (restarts, last_restart) = (tally.sidecar_restarts, tally.sidecar_last);
        status = containers_status(reported, status, &mut tally, &mut restarts, &mut last_restart);
    }
    if pod.has("metadata.deletionTimestamp") {
        if reported.text("reason") == "NodeLost" {
            status = "Unknown".into();
        } else if !matches!(reported.text("phase"), "Failed" | "Succeeded") {
            status = "Terminating".into();
        }
    }
    PodSummary { ready: tally.ready, containers, status, restarts, last_restart }
}

#[derive(Default)]
struct Tally {
    ready: usize,
    init_restarts: i64,
    init_last: Option<SimTime>,
    sidecar_restarts: i64,
    sidecar_last: Option<SimTime>,
}

/// Goes through the init containers in order; the first that is neither done nor a running sidecar
/// gives the status.
fn init_status(specs: &[Value], reported: &Value, tally: &mut Tally) -> Option<String> {
    for (index, container) in reported.items("initContainerStatuses").iter().enumerate() {
        let restarts = container.int("restartCount");
        let last = last_finished(container);
        tally.init_restarts += restarts;
        tally.init_last = tally.init_last.max(last);
        let name = container.text("name");
        let sidecar = specs.iter().any(|spec| spec.text("name") == name && restartable(spec));
        if sidecar {
            tally.sidecar_restarts += restarts;
            tally.sidecar_last = tally.sidecar_last.max(last);
        }
        let terminated = container.at("state.terminated");
        if terminated.is_some_and(|state| state.int("exitCode") == 0) {
            continue;
        }
        if sidecar && container.flag("started") {
            tally.ready += usize::from(container.flag("ready"));
            continue;
        }
        let waiting = container.text("state.waiting.reason");
        return Some(match terminated {
            Some(state) => format!("Init:{}", termination(state)),
            None if !waiting.is_empty() && waiting != "PodInitializing" => {
                format!("Init:{waiting}")
            }
            None => format!("Init:{index}/{}", specs.len()),
        });
    }
    None
}

/// Goes through the containers from last to first, so that the first one's abnormal state wins.
fn containers_status(
    reported: &Value,
    mut status: String,
    tally: &mut Tally,
    restarts: &mut i64,
    last_restart: &mut Option<SimTime>,
) -> String {
    let mut running = false;
    let mut failure = None;
    for container in reported.items("containerStatuses").iter().rev() {
        *restarts += container.int("restartCount");
        *last_restart = (*last_restart).max(last_finished(container));
        let waiting = container.text("state.waiting.reason");
        if !waiting.is_empty() {
            status = waiting.to_owned();
        } else if let Some(state) = container.at("state.terminated") {
            status = termination(state);
            if state.int("exitCode") != 0 {
                failure = Some(status.clone());
            }
        } else if container.flag("ready") && container.has("state.running") {
            running = true;
            tally.ready += 1;
        }
    }
    if status != "Completed" {
        return status;
    }
    match (running, failure) {
        (true, _) if condition_is_true(reported, "Ready") => "Running".into(),
        (_, Some(failure)) => failure,
        (true, None) => "NotReady".into(),
        (false, None) => status,
    }
}

/// Why a container ended: its reason, or its signal or exit code.
fn termination(state: &Value) -> String {
    match (state.text("reason"), state.int("signal")) {
        ("", 0) => format!("ExitCode:{}", state.int("exitCode")),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

fn last_finished(container: &Value) -> Option<SimTime> {
    parse_time(container.text("lastState.terminated.finishedAt"))
}

fn restartable(container: &Value) -> bool {
    container.text("restartPolicy") == "Always"
}

fn condition_is_true(reported: &Value, kind: &str) -> bool {
    let mut conditions = reported.items("conditions").iter();
    conditions.find(|c| c.text("type") == kind).is_some_and(|c| c.text("status") == "True")
}

fn readiness_gates(pod: &Value) -> String {
    let gates = pod.items("spec.readinessGates");
    if gates.is_empty() {
        return "<none>".into();
    }
    let reported = pod.at("status").unwrap_or(&Value::Null);
    let is_met = |gate: &&Value| condition_is_true(reported, gate.text("conditionType"));
    let met = gates.iter().filter(is_met).count();
    format!("{met}/{}", gates.len())
}
