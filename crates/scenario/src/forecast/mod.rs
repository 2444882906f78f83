//! The forecast: what a manifest would do if it were applied now.
//!
//! It is found out by doing it: the manifest is applied to clones of the session, which are cheap,
//! and those are followed until the rollout is over or has come to a stand, once under the
//! session's own seed and then under others. What it says of the own seed is therefore what will
//! happen; the others say how much of that is chance.

mod answer;
mod applied;
mod cause;
mod changes;
mod fenceposts;
mod live;
mod run;
#[cfg(test)]
mod tests;

use rollscope_sim::Cluster;
use rollscope_sim::store::Key;

pub use answer::{Action, Forecast, Outcome, RevisionPlan, Spread, Subject, Verdict};
pub use cause::{Cause, CauseKind};
pub use changes::Change;
pub use fenceposts::{Fencepost, Fenceposts};
pub use live::{Live, LiveError, world};

use crate::session::Session;
use applied::Applied;
use run::{Run, RunOutcome};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The file's name, as kubectl's messages name it.
    pub file: String,
    /// The manifest.
    pub text: String,
    /// `--namespace` of the apply; `None` for what the manifest names, or the default one.
    pub namespace: Option<String>,
    /// Whether a manifest that begins no rollout is given one by `kubectl rollout restart`.
    pub restart: bool,
    /// How many runs, that under the session's own seed included; at least 1.
    pub seeds: u32,
}

impl Question {
    /// About a manifest, under the own seed and 11 others.
    pub fn new(file: &str, text: &str) -> Self {
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            namespace: None,
            restart: false,
            seeds: 12,
        }
    }
}

/// Works a forecast out, in slices.
#[derive(Clone, Debug)]
pub struct Forecaster {
    /// Where all runs begin.
    applied: Cluster,
    key: Option<Key>,
    run: Option<Run>,
    outcomes: Vec<RunOutcome>,
    forecast: Forecast,
}

impl Forecaster {
    /// Applies the manifest to a clone of the session. Nothing has been run yet.
    pub fn new(session: &Session, question: &Question) -> Self {
        let before = session.cluster();
        let Applied { cluster, output, subject } = applied::apply(before, question);
        let verdict = match (output.exit, &subject) {
            (0, Some(_)) => Verdict::Computing,
            (0, None) => Verdict::NoDeployment,
            _ => Verdict::Refused,
        };
        let (key, subject) = subject.unzip();
        let run = key.clone().map(|key| Run::new(cluster.clone(), key));
        let forecast = Forecast {
            verdict,
            printed: output.stdout,
            complaint: output.stderr,
            subject,
            outcome: None,
            seeds: question.seeds.max(1),
            is_final: run.is_none(),
        };
        Self { applied: cluster, key, run, outcomes: Vec::new(), forecast }
    }

    /// Goes on by about so many simulation events. Returns whether there is more to do.
    pub fn advance(&mut self, mut budget_events: usize) -> bool {
        while let Some(run) = &mut self.run {
            if !run.advance(&mut budget_events) {
                return true;
            }
            self.outcomes.push(run.outcome().clone());
            self.run = self.next_run();
            self.conclude();
        }
        false
    }

    /// The whole forecast, at once.
    pub fn finish(mut self) -> Forecast {
        while self.advance(usize::MAX) {}
        self.forecast
    }

    /// What is known so far.
    pub fn forecast(&self) -> &Forecast {
        &self.forecast
    }

    fn next_run(&self) -> Option<Run> {
        let ended = self.outcomes.len() as u32;
        if ended >= self.forecast.seeds {
            return None;
        }
        let mut cluster = self.applied.clone();
        cluster.reseed(u64::from(ended));
        Some(Run::new(cluster, self.key.clone()?))
    }

    /// Draws from the runs that have ended what can be said.
    fn conclude(&mut self) {
        let runs = &self.outcomes;
        let Some(own) = runs.first() else { return };
        let good = runs.iter().filter(|run| run.is_good()).count();
        let over = |number: &dyn Fn(&RunOutcome) -> Option<i64>| {
            Spread::of(&runs.iter().map(number).collect::<Vec<_>>())
        };
        let pods = |number: fn(&RunOutcome) -> i32| {
            let spread = over(&|run| Some(i64::from(number(run))));
            spread.unwrap_or(Spread { min: 0, max: 0, own: None })
        };
        let told = std::iter::once(own).chain(runs).find(|run| !run.is_good()).unwrap_or(own);
        self.forecast.outcome = Some(Outcome {
            revision: own.revision,
            replica_set: own.replica_set.clone(),
            runs: runs.len() as u32,
            completed: good as u32,
            duration_ms: over(&|run| Some(run.complete_after?.as_millis())),
            settled_ms: over(&|run| Some(run.settled_after?.as_millis())),
            deadline_ms: over(&|run| Some(run.deadline_after?.as_millis())),
            peak_pods: pods(|run| run.peak_pods),
            peak_pods_with_terminating: pods(|run| run.peak_pods_with_terminating),
            lowest_available: pods(|run| run.lowest_available),
            lost_requests: over(&|run| Some(run.lost_requests? as i64)),
            causes: told.causes.clone(),
        });
        self.forecast.verdict = match good {
            0 => Verdict::CannotComplete,
            good if good == runs.len() => Verdict::Completes,
            _ => Verdict::Uncertain,
        };
        self.forecast.is_final = self.run.is_none();
    }
}
