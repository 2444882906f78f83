//! Watches the frontier and writes down samples and marks.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::equality::equal_ignore_hash;
use rollscope_api::object::{Deployment, PodTemplate};
use rollscope_api::order;
use rollscope_api::{SimDuration, SimTime};
use rollscope_sim::store::{EventId, Store};

use super::marks::{Mark, MarkKind};
use super::samples::{self, DeploymentSample, Sample};
use crate::input::Input;
use crate::session::Session;

/// Requests that are lost within so long of each other belong to one burst.
const BURST: SimDuration = SimDuration::from_secs(2);
/// Most samples that are kept; more are thinned.
const SAMPLES_MAX: usize = 6_000;
/// Most marks that are kept; of what comes later, Events are left out.
const MARKS_MAX: usize = 3_000;

/// Samples and marks up to the frontier, and what is needed to notice changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorder {
    samples: Vec<Sample>,
    marks: Vec<Mark>,
    version: u64,
    /// When any object changed last, also one that no sample speaks of.
    changed_at: SimTime,
    last_event: Option<EventId>,
    /// How many requests had been lost, and when the last of them.
    lost: u64,
    lost_at: Option<SimTime>,
    deployments: BTreeMap<Rc<str>, Noticed>,
}

/// What was last noticed of a Deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Noticed {
    /// Type, status and reason.
    conditions: Vec<(Rc<str>, Rc<str>, Rc<str>)>,
    complete: bool,
    /// Pods of other ReplicaSets than the template's, terminating ones included.
    old_pods: i32,
    /// The template's ReplicaSet, and what it was found by.
    newest: Newest,
}

/// Which ReplicaSet belongs to a Deployment's template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Newest {
    template: PodTemplate,
    /// Those with pods at the time: where they are the same, nothing has to be compared again.
    sets: Vec<Rc<str>>,
    found: Option<Rc<str>>,
}

impl Recorder {
    pub(super) fn samples(&self) -> &[Sample] {
        &self.samples
    }

    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    pub(super) fn changed_at(&self) -> SimTime {
        self.changed_at
    }

    /// Takes the state of a session as known, without marking anything.
    pub(super) fn resume(&mut self, session: &Session) {
        let store = session.cluster().listers();
        self.version = session.cluster().version();
        self.lost = session.cluster().traffic().totals().lost_in_all();
        self.lost_at = session.cluster().traffic().history().lost().next().map(|one| one.lost);
        self.last_event = store.events_after(None).last().map(|(id, _)| id);
        self.deployments = order::gather(store.deployments().map(|(_, deployment)| {
            let sample = samples::take_one(store, deployment);
            let noticed = notice(store, deployment, &sample, &Newest::default());
            (deployment.metadata.name.clone(), noticed)
        }));
        self.sample(session);
    }

    /// Drops what lies after a moment.
    pub(super) fn truncate(&mut self, at: SimTime) {
        self.samples.truncate(self.samples.partition_point(|sample| sample.at <= at));
        self.marks.truncate(self.marks.partition_point(|mark| mark.at <= at));
        self.changed_at = self.changed_at.min(at);
    }

    /// Marks an input.
    pub(super) fn input(&mut self, at: SimTime, index: usize, input: &Input) {
        let (object, text) = (String::new(), input.summary());
        self.marks.push(Mark { at, kind: MarkKind::Input(index), object, text });
    }

    /// Looks at the session at the end of a moment.
    pub(super) fn record(&mut self, session: &Session) {
        self.mark_losses(session);
        let version = session.cluster().version();
        if version == self.version {
            return;
        }
        self.version = version;
        self.changed_at = session.now();
        self.sample(session);
        self.mark_events(session);
        self.mark_deployments(session);
    }

    fn sample(&mut self, session: &Session) {
        let at = session.now();
        let deployments = samples::take(session.cluster().listers());
        match self.samples.last_mut() {
            Some(last) if last.deployments == deployments => return,
            Some(last) if last.at == at => last.deployments = deployments,
            _ => self.samples.push(Sample { at, deployments }),
        }
        if self.samples.len() > SAMPLES_MAX {
            self.thin();
        }
    }

    /// Keeps of every two samples the one in which fewer pods were available, or more existed:
    /// what the chart is read for is not lost.
    fn thin(&mut self) {
        let worth = |sample: &Sample| {
            let available: i32 = sample.deployments.iter().map(DeploymentSample::available).sum();
            let total: i32 = sample.deployments.iter().map(DeploymentSample::total).sum();
            (-available, total)
        };
        let last = self.samples.pop();
        let kept = self.samples.chunks(2).map(|pair| match pair {
            [one, other] if worth(other) > worth(one) => other.clone(),
            pair => pair[0].clone(),
        });
        self.samples = kept.chain(last).collect();
    }

    fn mark(&mut self, at: SimTime, kind: MarkKind, object: String, text: String) {
        // What a rollout is told by is never left out: there is little of it.
        let is_vital = !matches!(kind, MarkKind::Event | MarkKind::Warning);
        if is_vital || self.marks.len() < MARKS_MAX {
            self.marks.push(Mark { at, kind, object, text });
        }
    }

    /// Marks where requests begin to be lost. That was before the present moment, so the mark may
    /// have to stand before others.
    fn mark_losses(&mut self, session: &Session) {
        let traffic = session.cluster().traffic();
        let lost = traffic.totals().lost_in_all();
        let new = lost.saturating_sub(self.lost);
        if new == 0 {
            return;
        }
        self.lost = lost;
        let kept: Vec<_> = traffic.history().lost().take(new as usize).cloned().collect();
        for request in kept.into_iter().rev() {
            let at = request.lost;
            let begins = self.lost_at.is_none_or(|last| at - last > BURST);
            self.lost_at = Some(at);
            if !begins {
                continue;
            }
            let object = format!("Service/{}", request.service.name);
            let text = match &request.pod {
                Some((_, pod)) => format!("requests to {pod} are lost: {}", request.cause),
                None => format!("requests are lost: {}", request.cause),
            };
            let place = self.marks.partition_point(|mark| mark.at <= at);
            self.marks.insert(place, Mark { at, kind: MarkKind::Loss, object, text });
        }
    }

    fn mark_events(&mut self, session: &Session) {
        let at = session.now();
        let new: Vec<_> = session
            .cluster()
            .listers()
            .events_after(self.last_event)
            .map(|(id, event)| (id, event.clone()))
            .collect();
        for (id, event) in new {
            self.last_event = Some(id);
            let involved = &event.involved_object;
            let kind = match &*event.type_ {
                "Warning" => MarkKind::Warning,
                _ if &*involved.kind == "Deployment" => MarkKind::Event,
                _ => continue,
            };
            let object = format!("{}/{}", involved.kind, involved.name);
            self.mark(at, kind, object, format!("{}: {}", event.reason, event.message));
        }
    }

    fn mark_deployments(&mut self, session: &Session) {
        let at = session.now();
        let store = session.cluster().listers();
        let mut noticed = BTreeMap::new();
        for (_, deployment) in store.deployments() {
            let name = deployment.metadata.name.clone();
            let before = self.deployments.get(&name).cloned().unwrap_or_default();
            let sample = samples::take_one(store, deployment);
            let now = notice(store, deployment, &sample, &before.newest);
            if before != now {
                self.mark_changes(at, deployment, &before, &now);
            }
            noticed.insert(name, now);
        }
        self.deployments = noticed;
    }

    fn mark_changes(
        &mut self,
        at: SimTime,
        deployment: &Deployment,
        before: &Noticed,
        now: &Noticed,
    ) {
        let object = format!("Deployment/{}", deployment.metadata.name);
        for condition in &now.conditions {
            if !before.conditions.contains(condition) {
                let (type_, status, reason) = condition;
                let text = format!("{type_}={status} {reason}");
                self.mark(at, MarkKind::Condition, object.clone(), text);
            }
        }
        if now.complete && !before.complete {
            self.mark(at, MarkKind::Complete, object.clone(), "rollout complete".to_owned());
        }
        if now.old_pods == 0 && before.old_pods > 0 {
            let text = "last old pod gone".to_owned();
            self.mark(at, MarkKind::LastOldPodGone, object, text);
        }
    }
}

fn notice(
    store: &Store,
    deployment: &Deployment,
    sample: &DeploymentSample,
    before: &Newest,
) -> Noticed {
    let mut conditions: Vec<_> = deployment
        .status
        .conditions
        .iter()
        .map(|one| (one.type_.clone(), one.status.clone(), one.reason.clone()))
        .collect();
    order::sort(&mut conditions);
    let newest = newest(store, deployment, sample, before);
    let is_old = |set: &Rc<str>| newest.found.as_ref() != Some(set);
    let old = sample.revisions.iter().filter(|revision| is_old(&revision.replica_set));
    let mut old_pods = old.map(|revision| revision.total + revision.terminating).sum();
    if old_pods == 0 {
        old_pods = lingering(store, deployment, &newest);
    }
    Noticed { conditions, complete: is_complete(deployment), old_pods, newest }
}

/// Old pods that no status counts any more: their containers have ended, and they are about to be
/// removed.
fn lingering(store: &Store, deployment: &Deployment, newest: &Newest) -> i32 {
    let sets = store.replica_sets_of(&deployment.metadata.uid);
    let old = sets.filter(|set| newest.found.as_deref() != Some(&*set.metadata.name));
    let pods = old.flat_map(|set| store.pods_of(&set.metadata.uid));
    pods.filter(|(_, pod)| pod.metadata.deletion_timestamp.is_some()).count() as i32
}

/// Models `FindNewReplicaSet`, as far as the ReplicaSet has pods.
fn newest(
    store: &Store,
    deployment: &Deployment,
    sample: &DeploymentSample,
    before: &Newest,
) -> Newest {
    let template = &deployment.spec.template;
    let sets = || sample.revisions.iter().map(|revision| &revision.replica_set);
    if before.template == *template && before.sets.iter().eq(sets()) {
        return before.clone();
    }
    let found = store
        .replica_sets_of(&deployment.metadata.uid)
        .filter(|set| equal_ignore_hash(&set.spec.template.0, &template.0))
        .min_by_key(|set| (set.metadata.creation_timestamp, &set.metadata.name));
    let found = found.map(|set| set.metadata.name.clone());
    Newest { template: template.clone(), sets: sets().cloned().collect(), found }
}

/// Models `DeploymentComplete`.
fn is_complete(deployment: &Deployment) -> bool {
    let (spec, status) = (&deployment.spec, &deployment.status);
    status.updated_replicas == spec.replicas
        && status.replicas == spec.replicas
        && status.available_replicas == spec.replicas
        && status.observed_generation >= deployment.metadata.generation
}
