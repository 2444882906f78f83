//! The card of what the pointer rests on: a pod described in a few lines.

use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_api::object::{ContainerState, ContainerStatus, Event, Pod};
use rollscope_sim::store::Store;

use super::Model;
use super::hands::Target;
use super::pod_state::Look;
use super::rollout::{self, Accent};
use super::stage::PodItem;
use super::why::Reason;

/// What is told of what the pointer rests on.
#[derive(Clone, Debug, PartialEq)]
pub enum Card {
    /// A pod.
    Pod(PodCard),
    /// A ReplicaSet, and why it is at its size.
    ReplicaSet(SetCard),
}

/// A pod in a few lines.
#[derive(Clone, Debug, PartialEq)]
pub struct PodCard {
    /// Its name.
    pub name: String,
    /// Its shape.
    pub look: Look,
    /// Its colour.
    pub accent: Accent,
    /// Lines as `kubectl describe` has them: what and value.
    pub lines: Vec<(&'static str, String)>,
    /// What was last reported of it, and whether that is a warning.
    pub report: Option<(String, bool)>,
}

/// Why a ReplicaSet is at its size.
#[derive(Clone, Debug, PartialEq)]
pub struct SetCard {
    /// Its name.
    pub name: String,
    /// Its revision.
    pub revision: Option<i64>,
    /// `spec.replicas`
    pub wanted: i32,
    /// Its colour.
    pub accent: Accent,
    /// The decisions that made it so, latest first.
    pub reasons: Vec<Reason>,
    /// What its pods wait for.
    pub waits: Vec<String>,
}

/// So many decisions are told on a card.
const REASONS_MAX: usize = 3;

impl Model {
    /// The card of what the pointer rests on, if that is still there.
    pub(super) fn card(&self) -> Option<Card> {
        if self.hands.menu.is_some() {
            return None;
        }
        match &self.hands.at.as_ref()?.0 {
            Target::Pod(name) => {
                let mut pods = self.shown.stage.pods();
                let item = pods.find(|pod| pod.name() == name && !pod.gone)?;
                Some(Card::Pod(pod_card(self.engine.store(), item, self.engine.now())))
            }
            Target::ReplicaSet(name) => self.set_card(name).map(Card::ReplicaSet),
        }
    }
}

impl Model {
    fn set_card(&self, name: &str) -> Option<SetCard> {
        let store = self.engine.store();
        let (_, set) = store.replica_sets().find(|(_, set)| *set.metadata.name == *name)?;
        let owner = set.metadata.controller();
        let deployment = owner.and_then(|owner| {
            let mut all = store.deployments().map(|(_, one)| one);
            all.find(|one| one.metadata.uid == owner.uid)
        });
        let reasons = deployment.map(|deployment| {
            let newest = rollout::replica_sets(store, deployment);
            let is_newest = newest.first().is_some_and(|one| *one.metadata.name == *name);
            let told = self.teller(deployment);
            let mut reasons: Vec<Reason> = Vec::new();
            for reason in told.reasons_of(set, is_newest) {
                // What is decided again and again is told once, as it was last.
                let is_new = !reasons.iter().any(|one| one.is_like(&reason));
                if is_new && reasons.len() < REASONS_MAX {
                    reasons.push(reason);
                }
            }
            reasons
        });
        Some(SetCard {
            name: name.to_owned(),
            revision: rollout::revision(set),
            wanted: set.spec.replicas,
            accent: Accent::of(set),
            reasons: reasons.unwrap_or_default(),
            waits: self.waits_of(|eye| eye.pods(set, false)),
        })
    }
}

fn pod_card(store: &Store, item: &PodItem, now: SimTime) -> PodCard {
    let pod = &item.pod;
    let mut lines = Vec::new();
    if let Some(node) = &pod.node_name {
        lines.push(("Node", node.to_string()));
    }
    if !pod.status.pod_ip.is_empty() {
        lines.push(("IP", pod.status.pod_ip.to_string()));
    }
    let statuses = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    for status in statuses.clone() {
        lines.push(("Image", status.image.to_string()));
        lines.push(("State", state(status, now)));
        if let ContainerState::Terminated { reason, exit_code, .. } = &status.last_state {
            lines.push(("Last State", format!("Terminated: {reason}, exit code {exit_code}")));
        }
    }
    let restarts: i32 = statuses.map(|status| status.restart_count).sum();
    if restarts > 0 {
        lines.push(("Restart Count", restarts.to_string()));
    }
    let conditions = &pod.status.conditions;
    if let Some(ready) = conditions.iter().find(|condition| &*condition.type_ == "Ready") {
        let since = ready.last_transition_time.map(|at| (now - at.start()).as_secs().max(0));
        let since = since.map_or(String::new(), |seconds| format!(" ({seconds}s)"));
        lines.push(("Ready", format!("{}{since}", ready.status)));
    }
    if let Some(created) = pod.metadata.creation_timestamp {
        lines.push(("Age", format!("{}s", (now - created.start()).as_secs().max(0))));
    }
    let report = last_report(store, pod)
        .map(|event| (format!("{}: {}", event.reason, event.message), &*event.type_ == "Warning"));
    PodCard {
        name: pod.metadata.name.to_string(),
        look: item.look,
        accent: item.accent,
        lines,
        report,
    }
}

fn state(status: &ContainerStatus, now: SimTime) -> String {
    match &status.state {
        ContainerState::None => "Waiting".to_owned(),
        ContainerState::Waiting { reason, message } if message.is_empty() => {
            format!("Waiting: {reason}")
        }
        ContainerState::Waiting { reason, message } => format!("Waiting: {reason} ({message})"),
        ContainerState::Running { started_at } => {
            format!("Running ({}s)", (now - started_at.start()).as_secs().max(0))
        }
        ContainerState::Terminated { reason, exit_code, .. } => {
            format!("Terminated: {reason}, exit code {exit_code}")
        }
    }
}

/// What was last reported of a pod.
pub(super) fn last_report<'a>(store: &'a Store, pod: &Pod) -> Option<&'a Rc<Event>> {
    let own = store.events().filter(|(_, event)| event.involved_object.uid == pod.metadata.uid);
    let time = |event: &Event| event.last_timestamp.or(event.event_time);
    own.map(|(_, event)| event).max_by_key(|event| time(event))
}
