//! The forecast under the editor: what applying the open file would do at the moment shown, worked
//! out anew with every keystroke: where there are few pods at once and in slices of frames, where
//! there are hundreds in a worker.

use std::rc::Rc;

use rollscope_scenario::forecast::{Forecast, Forecaster, Question};

use super::engine::Engine;
use super::job::{Findings, Report, Request, Work};
use super::manifest::File;
use super::rollout::noted_revision;

/// Simulation events of one slice at first, and the bounds of that number. A rollout of ten
/// replicas under all seeds is a few thousand.
const BUDGET_EVENTS: (usize, usize, usize) = (2_500, 100, 6_000);
/// What one frame's work may cost, in microseconds of real time, before less is done in the next.
const WORK_US_MAX: i64 = 9_000;

/// With more pods than these, there and wanted, applying the manifest and the first slice would
/// take longer than frames do.
const PODS_MAX: usize = 300;

/// With no more pods than these, the answer is worked out anew with every step of a rollout.
const PODS_FEW: usize = 30;

/// The forecast being worked out.
#[derive(Default)]
pub struct Forecasting {
    asked: Option<Asked>,
    work: Working,
    budget_events: usize,
    /// What the worker is to be asked.
    request: Option<Request>,
    last_id: u64,
    has_no_worker: bool,
    /// The script as the worker was last sent it, and what it was written of.
    script: Option<(u64, usize, String)>,
}

/// Who works on it.
#[derive(Default)]
enum Working {
    #[default]
    Nobody,
    /// The page itself, in slices.
    Here(Box<Forecaster>),
    /// The worker, under this number; and what it has told so far.
    There(u64, Box<Forecast>),
}

/// What happened to the worker's forecast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForecastMsg {
    /// The worker has found something: a report as JSON.
    Report(String),
    /// The worker cannot work.
    WorkerFailed,
}

/// What the forecast is about. Where it is the same, so is the answer.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    file: String,
    text: Rc<str>,
    epoch: u64,
    inputs: usize,
    /// The cluster's, as long as time rests: while it passes the answer would change all the time.
    version: Option<u64>,
    /// What the deployment controller has taken note of: before that, a revision that was just
    /// asked for does not exist, and the answer would be one about the moment before.
    noticed: (i64, i64),
    /// How far rollouts have come, where there are few pods: an answer for the beginning of a rollout
    /// does not hold in the middle of it.
    steps: (i64, i64),
}

/// The generations that the deployment controller has observed, and the revisions there are.
fn noticed(engine: &Engine) -> (i64, i64) {
    let deployments = engine.store().deployments();
    deployments.fold((0, 0), |(observed, revisions), (_, one)| {
        let revision = noted_revision(&one.metadata).unwrap_or(0);
        (observed + one.status.observed_generation, revisions + revision)
    })
}

/// The pods of the newest templates, and those that are available.
fn steps(engine: &Engine) -> (i64, i64) {
    if engine.store().pod_count() > PODS_FEW {
        return (0, 0);
    }
    engine.store().deployments().fold((0, 0), |(updated, available), (_, one)| {
        let status = &one.status;
        (
            updated + i64::from(status.updated_replicas),
            available + i64::from(status.available_replicas),
        )
    })
}

impl Forecasting {
    /// Asks anew if something has changed. Returns whether it did.
    pub fn follow(&mut self, engine: &Engine, file: &File, is_running: bool) -> bool {
        let version = match &self.asked {
            Some(asked) if is_running => asked.version,
            _ => Some(engine.session().cluster().version()),
        };
        let asked = Asked {
            file: file.name.clone(),
            text: file.text.clone(),
            epoch: engine.epoch(),
            inputs: engine.timeline().script().inputs.len(),
            version,
            noticed: noticed(engine),
            steps: steps(engine),
        };
        if engine.is_seeking() || self.asked.as_ref() == Some(&asked) {
            return false;
        }
        let pods = engine.store().pod_count() + replicas_in(&asked.text);
        self.asked = Some(asked);
        match pods > PODS_MAX && !self.has_no_worker {
            true => self.work_there(engine),
            false => self.work_here(engine),
        }
        true
    }

    fn work_here(&mut self, engine: &Engine) {
        let Some(asked) = &self.asked else { return };
        let question = Question::new(&asked.file, &asked.text);
        self.work = Working::Here(Box::new(Forecaster::new(engine.session(), &question)));
        self.request = None;
        self.budget_events = BUDGET_EVENTS.0;
        // Mostly the first slice is enough to say what matters.
        self.go_on(0);
    }

    fn work_there(&mut self, engine: &Engine) {
        let Some(asked) = &self.asked else { return };
        let inputs = engine.inputs_until_now();
        let known = self
            .script
            .take()
            .filter(|(epoch, known, _)| (*epoch, *known) == (engine.epoch(), inputs));
        let (.., script) = self.script.insert(
            known.unwrap_or_else(|| (engine.epoch(), inputs, engine.script_until_now().to_yaml())),
        );
        self.last_id += 1;
        let at_us = engine.elapsed().as_micros();
        let (file, text) = (asked.file.clone(), asked.text.to_string());
        let work = Work::Forecast { at_us, file, text };
        self.request = Some(Request { id: self.last_id, script: script.clone(), work });
        self.work = Working::There(self.last_id, Box::default());
    }

    /// What the worker is to be asked, once.
    pub fn take_request(&mut self) -> Option<String> {
        serde_json::to_string(&self.request.take()?).ok()
    }

    /// Takes in what the worker tells, if it is about what is asked now. Returns whether it is.
    pub fn hear(&mut self, msg: ForecastMsg, engine: &Engine) -> bool {
        match (msg, &mut self.work) {
            (ForecastMsg::Report(text), Working::There(id, forecast)) => {
                let report: Option<Report> = serde_json::from_str(&text).ok();
                match report.filter(|report| report.id == *id).map(|report| report.findings) {
                    Some(Findings::Forecast(found)) => *forecast = found,
                    // It could not so much as read the script.
                    Some(_) => self.work_here(engine),
                    None => return false,
                }
                true
            }
            (ForecastMsg::WorkerFailed, work) => {
                self.has_no_worker = true;
                let is_waiting = matches!(work, Working::There(..));
                if is_waiting {
                    self.work_here(engine);
                }
                is_waiting
            }
            _ => false,
        }
    }

    /// Works one slice more. `work_us` is what the last frame's work took.
    pub fn go_on(&mut self, work_us: i64) {
        let (_, least, most) = BUDGET_EVENTS;
        let budget = match work_us {
            0 => self.budget_events,
            _ if work_us > WORK_US_MAX => self.budget_events / 2,
            _ => self.budget_events + self.budget_events / 4,
        };
        self.budget_events = budget.clamp(least, most);
        if let Working::Here(forecaster) = &mut self.work {
            forecaster.advance(self.budget_events);
        }
    }

    /// What is known so far.
    pub fn forecast(&self) -> Option<&Forecast> {
        match &self.work {
            Working::Nobody => None,
            Working::Here(forecaster) => Some(forecaster.forecast()),
            Working::There(_, forecast) => Some(forecast),
        }
    }

    /// Whether there is more to work out in frames.
    pub fn is_computing(&self) -> bool {
        matches!(&self.work, Working::Here(forecaster) if !forecaster.forecast().is_final)
    }
}

/// The most replicas that a text asks for, at a glance: it need not be a manifest yet.
fn replicas_in(text: &str) -> usize {
    let numbers = text.split("replicas").skip(1).filter_map(|rest| {
        let rest = rest.trim_start_matches(['"', '\'', ' ']).strip_prefix(':')?;
        let rest = rest.trim_start();
        rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
    });
    numbers.max().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::replicas_in;

    #[test]
    fn replicas_are_seen_at_a_glance() {
        for (text, replicas) in [
            ("", 1),
            ("spec:\n  replicas: 1000 # many", 1_000),
            ("{\"spec\": {\"replicas\" : 20}}", 20),
            ("replicas: 3\n---\nreplicas: 400", 400),
            ("replicas: many\nreplicas", 1),
            ("replicas: 99999999999999999999999", 1),
        ] {
            assert_eq!(replicas_in(text), replicas, "{text}");
        }
    }
}
