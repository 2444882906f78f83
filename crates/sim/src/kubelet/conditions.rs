//! A pod's conditions. Models `pkg/kubelet/status/generate.go`.

use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_api::object::{
    ContainerState, ContainerStatus, Pod, PodCondition, PodPhase, PodStatus,
};

use super::spec::PodSpec;
use crate::words::{drafted, same, word};

/// The first of the kubelet's own conditions.
const SANDBOX_READY: &str = "PodReadyToStartContainers";

thread_local! {
    /// The kubelet's own conditions, in the order in which they are stored.
    static OWNED: Rc<[Rc<str>; 5]> = Rc::new(
        [SANDBOX_READY, "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(word),
    );
}

/// What a condition says, without its times.
struct Verdict {
    yes: bool,
    reason: Rc<str>,
    message: Rc<str>,
}

impl Verdict {
    fn yes() -> Self {
        Self { yes: true, reason: word!(""), message: word!("") }
    }

    fn no(reason: Rc<str>, message: Rc<str>) -> Self {
        Self { yes: false, reason, message }
    }

    fn is_told_by(&self, old: &PodCondition, generation: i64) -> bool {
        (&*old.status == "True") == self.yes
            && old.observed_generation == generation
            && same(&old.reason, &self.reason)
            && same(&old.message, &self.message)
    }
}

/// All conditions of the pod: those of others first, then the kubelet's. A transition time changes
/// with the status alone.
pub(super) fn conditions(
    spec: &PodSpec,
    pod: &Pod,
    status: &PodStatus,
    sandbox_ready: bool,
    now: SimTime,
) -> Vec<Rc<PodCondition>> {
    let owned = OWNED.with(Rc::clone);
    let old = &pod.status.conditions;
    let generation = pod.metadata.generation;
    let mut all = Vec::with_capacity(old.len().max(owned.len()));
    let of_others = |old: &&Rc<PodCondition>| !owned.iter().any(|name| same(name, &old.type_));
    all.extend(old.iter().filter(of_others).cloned());
    let containers = containers_ready(spec, status);
    let ready = ready(spec, pod, &containers);
    let sandbox = if sandbox_ready { Verdict::yes() } else { Verdict::no(word!(""), word!("")) };
    let verdicts = [sandbox, initialized(spec, status), ready, containers, Verdict::yes()];
    for (name, verdict) in owned.iter().zip(verdicts) {
        let known = old.iter().find(|old| same(&old.type_, name));
        if let Some(same) = known.filter(|old| verdict.is_told_by(old, generation)) {
            all.push(same.clone());
            continue;
        }
        let status = if verdict.yes { word!("True") } else { word!("False") };
        let since = known.filter(|old| old.status == status);
        all.push(Rc::new(PodCondition {
            type_: name.clone(),
            status,
            observed_generation: generation,
            last_transition_time: since
                .and_then(|old| old.last_transition_time)
                .or(Some(now.timestamp())),
            reason: verdict.reason,
            message: verdict.message,
        }));
    }
    all
}

/// `containers with unready status: [a b]`, or nothing to complain of.
fn complaint(unknown: &[&str], incomplete: &[&str], adjective: &str) -> Rc<str> {
    if unknown.is_empty() && incomplete.is_empty() {
        return word!("");
    }
    drafted(|text| complain(text, unknown, incomplete, adjective))
}

fn complain(text: &mut String, unknown: &[&str], incomplete: &[&str], adjective: &str) {
    for (names, adjective) in [(unknown, "unknown"), (incomplete, adjective)] {
        if names.is_empty() {
            continue;
        }
        text.push_str(if text.is_empty() { "" } else { ", " });
        text.extend(["containers with ", adjective, " status: ["]);
        for (index, name) in names.iter().enumerate() {
            text.extend([if index == 0 { "" } else { " " }, *name]);
        }
        text.push(']');
    }
}

fn containers_ready(spec: &PodSpec, status: &PodStatus) -> Verdict {
    match status.phase {
        PodPhase::Succeeded => return Verdict::no(word!("PodCompleted"), word!("")),
        PodPhase::Failed => return Verdict::no(word!("PodFailed"), word!("")),
        _ => {}
    }
    let all_ready = status.container_statuses.iter().all(|status| status.ready);
    if spec.init_count == 0 && all_ready {
        return Verdict::yes();
    }
    let (mut unknown, mut unready) = (Vec::new(), Vec::new());
    let sidecars = spec.init().filter(|at| spec.containers[*at].sidecar);
    for at in sidecars.chain(spec.regular()) {
        let name = &*spec.containers[at].name;
        match find(status, name) {
            None => unknown.push(name),
            Some(status) if !status.ready => unready.push(name),
            Some(_) => {}
        }
    }
    let complaint = complaint(&unknown, &unready, "unready");
    if complaint.is_empty() {
        return Verdict::yes();
    }
    Verdict::no(word!("ContainersNotReady"), complaint)
}

fn ready(spec: &PodSpec, pod: &Pod, containers: &Verdict) -> Verdict {
    if !containers.yes {
        return Verdict::no(containers.reason.clone(), containers.message.clone());
    }
    let mut missing = Vec::new();
    for gate in &spec.readiness_gates {
        match pod.status.conditions.iter().find(|condition| *condition.type_ == **gate) {
            None => missing.push(format!(
                "corresponding condition of pod readiness gate \"{gate}\" does not exist."
            )),
            Some(condition) if &*condition.status != "True" => missing.push(format!(
                "the status of pod readiness gate \"{gate}\" is not \"True\", but {}",
                condition.status
            )),
            Some(_) => {}
        }
    }
    if missing.is_empty() {
        return Verdict::yes();
    }
    Verdict::no(word!("ReadinessGatesNotReady"), missing.join(", ").into())
}

fn initialized(spec: &PodSpec, status: &PodStatus) -> Verdict {
    if spec.init_count == 0 {
        return match status.phase {
            PodPhase::Succeeded => Verdict { reason: word!("PodCompleted"), ..Verdict::yes() },
            _ => Verdict::yes(),
        };
    }
    let (mut unknown, mut incomplete) = (Vec::new(), Vec::new());
    for at in spec.init() {
        let container = &spec.containers[at];
        let name = &*container.name;
        match find(status, name) {
            None => unknown.push(name),
            Some(status) if container.sidecar && status.started != Some(true) => {
                incomplete.push(name);
            }
            Some(status) if !container.sidecar && !status.ready => incomplete.push(name),
            Some(_) => {}
        }
    }
    if status.phase == PodPhase::Succeeded && unknown.is_empty() {
        return Verdict { reason: word!("PodCompleted"), ..Verdict::yes() };
    }
    let has_run = |status: &ContainerStatus| {
        status.started == Some(true)
            || matches!(status.state, ContainerState::Terminated { .. })
            || matches!(status.last_state, ContainerState::Terminated { .. })
    };
    let complaint = complaint(&unknown, &incomplete, "incomplete");
    if complaint.is_empty() || status.container_statuses.iter().any(has_run) {
        return Verdict::yes();
    }
    Verdict::no(word!("ContainersNotInitialized"), complaint)
}

fn find<'a>(status: &'a PodStatus, name: &str) -> Option<&'a ContainerStatus> {
    let all = status.init_container_statuses.iter().chain(&status.container_statuses);
    let mut named = all.filter(|status| &*status.name == name);
    named.next()
}

/// Changes one of the kubelet's conditions, as `OnPodSandboxReady` does between two syncs. Returns
/// whether that changed anything.
pub(super) fn set_sandbox_ready(status: &mut PodStatus, now: SimTime) -> bool {
    let condition = status.conditions.iter_mut().find(|known| &*known.type_ == SANDBOX_READY);
    match condition {
        Some(condition) if &*condition.status != "True" => {
            let condition = Rc::make_mut(condition);
            condition.status = word!("True");
            condition.last_transition_time = Some(now.timestamp());
            true
        }
        _ => false,
    }
}
