//! Work that takes longer than frames do: many runs, in a worker where there is one, and in slices
//! of frames where there is none. Questions and answers are texts, so that both ways are the same.

use rollscope_api::SimDuration;
use rollscope_scenario::explore::{Cell, Explorer, Grid};
use rollscope_scenario::forecast::{Forecast, Forecaster, Question};
use rollscope_scenario::sweep::{Summary, Sweep};
use rollscope_scenario::{Script, Session, Timeline};
use serde::{Deserialize, Serialize};

/// What is to be found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Tells the answers of one request from those of others.
    pub id: u64,
    /// The session's script, as YAML.
    pub script: String,
    #[allow(missing_docs)]
    pub work: Work,
}

/// Kinds of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Work {
    /// A grid of strategies for a manifest, at a moment of the session.
    Explore {
        /// Since the start of the session, in microseconds.
        at_us: i64,
        /// The manifest's path.
        file: String,
        /// The manifest.
        text: String,
        #[allow(missing_docs)]
        grid: Grid,
    },
    /// What a manifest would do, at a moment of the session.
    Forecast {
        /// Since the start of the session, in microseconds.
        at_us: i64,
        /// The manifest's path.
        file: String,
        /// The manifest.
        text: String,
    },
    /// The whole script under many seeds.
    Sweep {
        #[allow(missing_docs)]
        seeds: u32,
    },
}

/// What is known so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The request's.
    pub id: u64,
    #[allow(missing_docs)]
    pub findings: Findings,
    /// Whether there is more to come.
    pub is_final: bool,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Findings {
    /// The cells, those not tried yet among them.
    Explored(Vec<Cell>),
    /// Over the runs that have ended so far.
    Forecast(Box<Forecast>),
    /// Over the seeds tried so far.
    Swept(Summary),
    /// The request could not be read; for developers.
    Failed(String),
}

/// A request being worked on.
pub struct Job {
    id: u64,
    task: Task,
    is_done: bool,
}

enum Task {
    Explore(Box<Explorer>),
    Forecast(Box<Forecaster>),
    Sweep(Box<Sweep>),
    Failed(String),
}

impl Job {
    /// Takes up a request.
    pub fn new(request: &Request) -> Self {
        Self::at(&mut Bench::default(), request)
    }

    /// Takes up a request where others have been worked on.
    pub fn at(bench: &mut Bench, request: &Request) -> Self {
        let task = bench.task(request).unwrap_or_else(Task::Failed);
        let is_done = matches!(task, Task::Failed(_));
        Self { id: request.id, task, is_done }
    }

    /// Takes up a request that is written as JSON.
    pub fn from_json(bench: &mut Bench, text: &str) -> Self {
        match serde_json::from_str(text) {
            Ok(request) => Self::at(bench, &request),
            Err(error) => Self { id: 0, task: Task::Failed(error.to_string()), is_done: true },
        }
    }

    /// Goes on by about so many simulation events. Returns whether there is more to do.
    pub fn advance(&mut self, budget_events: usize) -> bool {
        self.is_done = !match &mut self.task {
            Task::Explore(explorer) => explorer.advance(budget_events),
            Task::Forecast(forecaster) => forecaster.advance(budget_events),
            Task::Sweep(sweep) => sweep.advance(budget_events),
            Task::Failed(_) => false,
        };
        !self.is_done
    }

    /// What is known so far.
    pub fn report(&self) -> Report {
        let findings = match &self.task {
            Task::Explore(explorer) => Findings::Explored(explorer.cells().to_vec()),
            Task::Forecast(forecaster) => {
                Findings::Forecast(Box::new(forecaster.forecast().clone()))
            }
            Task::Sweep(sweep) => Findings::Swept(sweep.summary().clone()),
            Task::Failed(message) => Findings::Failed(message.clone()),
        };
        Report { id: self.id, findings, is_final: self.is_done }
    }
}

/// What is left of one request for the next: with every keystroke another one comes about the same
/// session.
#[derive(Default)]
pub struct Bench {
    /// A script as it was written, and what follows from it.
    timeline: Option<(String, Timeline)>,
}

impl Bench {
    fn task(&mut self, request: &Request) -> Result<Task, String> {
        match &request.work {
            Work::Sweep { seeds } => {
                Ok(Task::Sweep(Box::new(Sweep::new(read(&request.script)?, *seeds))))
            }
            Work::Explore { at_us, file, text, grid } => {
                let session = self.session(&request.script, *at_us)?;
                let explorer = Explorer::new(session, &Question::new(file, text), grid);
                Ok(Task::Explore(Box::new(explorer)))
            }
            Work::Forecast { at_us, file, text } => {
                let session = self.session(&request.script, *at_us)?;
                let forecaster = Forecaster::new(session, &Question::new(file, text));
                Ok(Task::Forecast(Box::new(forecaster)))
            }
        }
    }

    /// The session of a script at a moment.
    fn session(&mut self, script: &str, at_us: i64) -> Result<&Session, String> {
        let known = self.timeline.take().filter(|(known, _)| known == script);
        let known = match known {
            Some(known) => known,
            None => (script.to_owned(), Timeline::new(read(script)?)),
        };
        let (_, timeline) = self.timeline.insert(known);
        let at = timeline.start() + SimDuration::from_micros(at_us);
        Ok(timeline.state_at(at))
    }
}

fn read(script: &str) -> Result<Script, String> {
    Script::from_yaml(script).map_err(|error| error.to_string())
}
