//! One run: what comes of an applied manifest under one seed, as far as it moves.

use std::rc::Rc;

use rollscope_api::object::{Deployment, ReplicaSet};
use rollscope_api::order;
use rollscope_api::{SimDuration, SimTime};
use rollscope_sim::controller::deployment::conditions::{self, deployment_complete};
use rollscope_sim::controller::deployment::{annotations, equal_ignore_hash};
use rollscope_sim::store::{Key, Store};
use rollscope_sim::{Cluster, Pace};

use super::cause::{self, Cause, CauseKind};
use crate::timeline::DeploymentSample;

/// Without a progress deadline a rollout in which nothing moves for so long has come to a stand.
const PATIENCE: SimDuration = SimDuration::from_secs(15 * 60);
/// So long after the deadline it is looked whether it was only slow.
const BEYOND_DEADLINE: SimDuration = SimDuration::from_secs(60);
/// A paused Deployment that nothing happens to for so long has come to rest.
const PAUSED_PATIENCE: SimDuration = SimDuration::from_secs(30);
/// The proxies hear of the last change a little later, and lose requests until then.
const AFTERMATH: SimDuration = SimDuration::from_secs(2);
/// Nobody waits for a rollout that takes longer.
const LONGEST: SimDuration = SimDuration::from_secs(7 * 24 * 3_600);

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RunOutcome {
    pub(super) revision: i64,
    pub(super) replica_set: String,
    pub(super) complete_after: Option<SimDuration>,
    pub(super) settled_after: Option<SimDuration>,
    pub(super) deadline_after: Option<SimDuration>,
    pub(super) peak_pods: i32,
    pub(super) peak_pods_with_terminating: i32,
    pub(super) lowest_available: i32,
    pub(super) lost_requests: Option<u64>,
    pub(super) causes: Vec<Cause>,
}

impl RunOutcome {
    /// Complete, and in time.
    pub(super) fn is_good(&self) -> bool {
        self.complete_after.is_some() && self.deadline_after.is_none()
    }
}

/// A run that may still be going on.
#[derive(Clone, Debug)]
pub(super) struct Run {
    cluster: Cluster,
    key: Key,
    started: SimTime,
    lost_before: u64,
    version: u64,
    newest: Option<Rc<ReplicaSet>>,
    was_timed_out: bool,
    /// The deadline as it struck.
    deadline: Option<Cause>,
    /// The most updated pods available and the fewest others, and when that was last bettered.
    progress: (i32, i32),
    progressed_at: SimTime,
    outcome: RunOutcome,
    has_ended: bool,
}

impl Run {
    /// Begins where the manifest has just been applied.
    pub(super) fn new(cluster: Cluster, key: Key) -> Self {
        let started = cluster.now();
        let mut run = Self {
            lost_before: cluster.traffic().totals().lost_in_all(),
            cluster,
            key,
            started,
            version: 0,
            newest: None,
            was_timed_out: false,
            deadline: None,
            progress: (-1, i32::MAX),
            progressed_at: started,
            outcome: RunOutcome { lowest_available: i32::MAX, ..RunOutcome::default() },
            has_ended: false,
        };
        run.was_timed_out = run.deployment().is_some_and(|one| is_timed_out(&one));
        run
    }

    /// Goes on by at most so many simulation events, which are taken off the budget. Returns
    /// whether the run has ended.
    pub(super) fn advance(&mut self, budget_events: &mut usize) -> bool {
        while !self.has_ended && *budget_events > 0 {
            *budget_events -= 1;
            self.go_on();
        }
        self.has_ended
    }

    pub(super) fn outcome(&self) -> &RunOutcome {
        &self.outcome
    }

    /// Within one moment things are half done: it is looked at once it is over.
    fn go_on(&mut self) {
        let now = self.cluster.now();
        let next = self.cluster.next_event_at();
        if next.is_none_or(|next| next > now) {
            if self.version != self.cluster.version() {
                self.version = self.cluster.version();
                self.look(now);
            }
            if self.outcome.settled_after.is_some() {
                // What clients sent until now is answered or given up.
                let timeout = i64::from(self.cluster.world().traffic.timeout_ms);
                self.cluster.run_for(SimDuration::from_millis(timeout) + AFTERMATH);
                return self.end();
            }
            let stands = next.is_none_or(|next| next > self.stands_at());
            if stands {
                return self.end();
            }
        }
        self.cluster.step();
    }

    fn deployment(&self) -> Option<Rc<Deployment>> {
        self.cluster.listers().deployment(&self.key).cloned()
    }

    /// When it is given up if nothing moves until then.
    fn stands_at(&self) -> SimTime {
        let Some(deployment) = self.deployment() else { return self.progressed_at };
        let patience = match conditions::progress_deadline(&deployment) {
            _ if deployment.spec.paused => PAUSED_PATIENCE,
            Some(deadline) => deadline + BEYOND_DEADLINE,
            None => PATIENCE,
        };
        (self.progressed_at + patience).min(self.started + LONGEST)
    }

    fn look(&mut self, now: SimTime) {
        let Some(deployment) = self.deployment() else { return };
        let store = self.cluster.listers();
        let sample = DeploymentSample::take(store, &deployment);
        let (total, terminating) = (sample.total(), sample.terminating());
        let outcome = &mut self.outcome;
        outcome.lowest_available = outcome.lowest_available.min(sample.available());
        outcome.peak_pods = outcome.peak_pods.max(total);
        outcome.peak_pods_with_terminating =
            outcome.peak_pods_with_terminating.max(total + terminating);

        self.newest = newest(store, &deployment, self.newest.take());
        let name = self.newest.as_ref().map(|set| &*set.metadata.name);
        let updated = sample.revisions.iter().find(|one| Some(&*one.replica_set) == name);
        let updated_pods = updated.map_or(0, |one| one.total + one.terminating);
        let progress = (
            updated.map_or(0, |one| one.available).max(self.progress.0),
            (total + terminating - updated_pods).min(self.progress.1),
        );
        if progress != self.progress {
            (self.progress, self.progressed_at) = (progress, now);
        }

        let since = now - self.started;
        let timed_out = is_timed_out(&deployment);
        if timed_out && !self.was_timed_out && outcome.deadline_after.is_none() {
            outcome.deadline_after = Some(since);
            let condition = conditions::get(&deployment.status, conditions::PROGRESSING);
            let message = condition.map(|one| one.message.to_string()).unwrap_or_default();
            let (kind, image) = (CauseKind::DeadlineExceeded, String::new());
            self.deadline = Some(Cause { kind, message, image, pods: 0 });
        }
        self.was_timed_out = timed_out;
        if deployment_complete(&deployment, &deployment.status) {
            outcome.complete_after.get_or_insert(since);
        }
        // Of no replicas nothing is missing even before there is a ReplicaSet for them.
        let is_found = self.newest.is_some() || deployment.spec.paused;
        let is_quiet = is_found && total == deployment.spec.replicas && terminating == 0;
        if outcome.complete_after.is_some() && is_quiet {
            outcome.settled_after = Some(since);
        }
    }

    fn end(&mut self) {
        self.has_ended = true;
        let traffic = self.cluster.traffic();
        if traffic.services().next().is_some() {
            self.outcome.lost_requests = Some(traffic.totals().lost_in_all() - self.lost_before);
        }
        let Some(deployment) = self.deployment() else { return };
        let outcome = &mut self.outcome;
        if let Some(set) = &self.newest {
            outcome.replica_set = set.metadata.name.to_string();
            outcome.revision = annotations::revision(&set.metadata).unwrap_or_default();
        }
        outcome.causes = cause::find(self.cluster.listers(), &deployment);
        if outcome.complete_after.is_none() && !matches!(self.cluster.pace(), Pace::Live) {
            let (kind, message) = (CauseKind::NodesAreManual, String::new());
            outcome.causes.push(Cause { kind, message, image: String::new(), pods: 0 });
        }
        outcome.causes.extend(self.deadline.take());
        order::sort(&mut outcome.causes);
    }
}

fn is_timed_out(deployment: &Deployment) -> bool {
    let progressing = conditions::get(&deployment.status, conditions::PROGRESSING);
    progressing.is_some_and(|one| &*one.reason == conditions::reason::TIMED_OUT)
}

/// The ReplicaSet that has the Deployment's template, as it is now. Which one it is stays the same
/// within a run. Models `FindNewReplicaSet`.
pub(super) fn newest(
    store: &Store,
    deployment: &Deployment,
    known: Option<Rc<ReplicaSet>>,
) -> Option<Rc<ReplicaSet>> {
    if let Some(known) = known.and_then(|one| store.replica_set(&Key::of(&one.metadata))) {
        return Some(known.clone());
    }
    let template = &deployment.spec.template.0;
    store
        .replica_sets_of(&deployment.metadata.uid)
        .filter(|set| equal_ignore_hash(&set.spec.template.0, template))
        .min_by_key(|set| (set.metadata.creation_timestamp, &set.metadata.name))
        .cloned()
}
