//! The strategy explorer and the seed sweep: what else could be, found out beside the session.

use rollscope_api::{SimDuration, yaml};
use rollscope_scenario::Script;
use rollscope_scenario::explore::{Cell, Grid, GridError, with_strategy};
use rollscope_scenario::forecast::Verdict;
use rollscope_scenario::sweep::{NoSeeds, Summary, inputs_of_one_seed, parse_seeds};

use super::job::{Findings, Job, Report, Request, Work};
use super::{Dialog, Effect, Model};

/// Simulation events of one frame where there is no worker.
const BUDGET_EVENTS: usize = 2_000;
/// So many seeds are tried at first.
const SEEDS: &str = "200";

/// What happened to the explorer or the sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrialMsg {
    /// The explorer is wanted.
    OpenExplorer,
    /// The sweep is wanted.
    OpenSweep,
    /// The field of further surges holds another text.
    Surges(String),
    /// The field of further unavailabilities holds another text.
    Unavailables(String),
    /// The grid is wanted again.
    Explore,
    /// A cell was pressed: its surge and unavailability are to be tried.
    Try(String, String),
    /// The field of seeds holds another text.
    Seeds(String),
    /// The sweep is wanted.
    Sweep,
    /// The worst seed is to be looked at.
    OpenWorst(u64),
    /// No more of it.
    Cancel,
    /// The worker has found something: a report as JSON.
    Report(String),
    /// The worker cannot work.
    WorkerFailed,
}

/// Why something is not tried.
#[derive(Clone, Debug, PartialEq)]
pub enum TrialProblem {
    /// The values make no grid.
    Grid(GridError),
    /// That is no number of seeds.
    Seeds(NoSeeds),
    /// The request could not be read; for developers.
    Failed(String),
}

/// The explorer, the sweep, and what is being worked on.
#[derive(Default)]
pub struct Trials {
    /// The explorer's grid.
    pub explorer: Exploration,
    /// The sweep.
    pub sweep: SweepState,
    next_id: u64,
    running: Option<Request>,
    /// The work itself, where there is no worker to do it.
    job: Option<Job>,
    has_no_worker: bool,
}

/// The explorer as it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exploration {
    /// Further values of surge, as typed.
    pub surges: String,
    /// Further values of unavailability, as typed.
    pub unavailables: String,
    /// What is wrong with them.
    pub problem: Option<TrialProblem>,
    /// The grid that was asked for.
    pub grid: Grid,
    /// Its cells, row by row of surges.
    pub cells: Vec<Cell>,
    /// What the manifest has now: surge and unavailability as texts.
    pub now: (String, String),
    /// Whether the manifest begins no rollout by itself.
    pub restarts: bool,
    #[allow(missing_docs)]
    pub is_running: bool,
}

impl Exploration {
    /// How many cells have been tried.
    pub fn done(&self) -> usize {
        self.cells.iter().filter(|cell| cell.forecast.is_some()).count()
    }

    /// The cell of two values.
    pub fn cell(&self, surge: &str, unavailable: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.surge == surge && cell.unavailable == unavailable)
    }
}

/// The sweep as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepState {
    /// The number of seeds, as typed.
    pub seeds: String,
    /// What is wrong with it.
    pub problem: Option<TrialProblem>,
    /// How many seeds were asked for.
    pub wanted: u32,
    /// What is known so far.
    pub summary: Option<Summary>,
    /// Inputs that mean nobody under other seeds.
    pub bound_inputs: usize,
    #[allow(missing_docs)]
    pub is_running: bool,
    /// The script that was swept, to be opened under its worst seed.
    script: Option<Script>,
}

impl Default for SweepState {
    fn default() -> Self {
        Self {
            seeds: SEEDS.to_owned(),
            problem: None,
            wanted: 0,
            summary: None,
            bound_inputs: 0,
            is_running: false,
            script: None,
        }
    }
}

impl Model {
    pub(super) fn take_trial(&mut self, msg: TrialMsg) -> Vec<Effect> {
        match msg {
            TrialMsg::OpenExplorer => {
                self.dialog = Some(Dialog::Explorer);
                return self.explore();
            }
            TrialMsg::OpenSweep => self.dialog = Some(Dialog::Sweep),
            TrialMsg::Surges(text) => self.trials.explorer.surges = text,
            TrialMsg::Unavailables(text) => self.trials.explorer.unavailables = text,
            TrialMsg::Explore => return self.explore(),
            TrialMsg::Try(surge, unavailable) => return self.try_strategy(&surge, &unavailable),
            TrialMsg::Seeds(text) => self.trials.sweep.seeds = text,
            TrialMsg::Sweep => return self.sweep(),
            TrialMsg::OpenWorst(seed) => return self.open_worst(seed),
            TrialMsg::Cancel => return self.cancel_trial(),
            TrialMsg::Report(text) => {
                if let Ok(report) = serde_json::from_str(&text) {
                    self.hear_report(report);
                }
            }
            TrialMsg::WorkerFailed => {
                self.trials.has_no_worker = true;
                self.trials.job = self.trials.running.as_ref().map(Job::new);
            }
        }
        Vec::new()
    }

    fn explore(&mut self) -> Vec<Effect> {
        let file = self.manifest.file().clone();
        let explorer = &mut self.trials.explorer;
        explorer.now = strategy_of(&file.text);
        let (now_surge, now_unavailable) = explorer.now.clone();
        let surges = format!("{} {now_surge}", explorer.surges);
        let unavailables = format!("{} {now_unavailable}", explorer.unavailables);
        let grid = match Grid::with(&surges, &unavailables) {
            Ok(grid) => grid,
            Err(problem) => {
                explorer.problem = Some(TrialProblem::Grid(problem));
                return self.cancel_trial();
            }
        };
        (explorer.problem, explorer.grid, explorer.is_running) = (None, grid.clone(), true);
        explorer.cells.clear();
        let plan = self.forecasting.forecast().and_then(|one| one.subject.as_ref());
        explorer.restarts = plan.is_some_and(|subject| {
            matches!(subject.revision, rollscope_scenario::forecast::RevisionPlan::Same { .. })
        });
        let at_us = self.engine.elapsed().as_micros();
        let text = file.text.to_string();
        let script = self.engine.script_until_now().to_yaml();
        self.start(script, Work::Explore { at_us, file: file.name, text, grid })
    }

    fn sweep(&mut self) -> Vec<Effect> {
        let script = self.engine.timeline().script().clone();
        let sweep = &mut self.trials.sweep;
        let seeds = match parse_seeds(&sweep.seeds) {
            Ok(seeds) => seeds,
            Err(problem) => {
                sweep.problem = Some(TrialProblem::Seeds(problem));
                return Vec::new();
            }
        };
        (sweep.problem, sweep.summary, sweep.wanted) = (None, None, seeds);
        (sweep.is_running, sweep.bound_inputs) = (true, inputs_of_one_seed(&script));
        let text = script.to_yaml();
        sweep.script = Some(script);
        self.start(text, Work::Sweep { seeds })
    }

    fn start(&mut self, script: String, work: Work) -> Vec<Effect> {
        let trials = &mut self.trials;
        trials.next_id += 1;
        let request = Request { id: trials.next_id, script, work };
        // One thing at a time: whatever was being worked on gives way.
        trials.explorer.is_running = matches!(request.work, Work::Explore { .. });
        trials.sweep.is_running = matches!(request.work, Work::Sweep { .. });
        if trials.has_no_worker {
            trials.job = Some(Job::new(&request));
            trials.running = Some(request);
            return Vec::new();
        }
        let json = serde_json::to_string(&request).unwrap_or_default();
        trials.running = Some(request);
        vec![Effect::StartJob(json)]
    }

    /// Ends what is being worked on. What has been found stays.
    pub(super) fn cancel_trial(&mut self) -> Vec<Effect> {
        let trials = &mut self.trials;
        (trials.explorer.is_running, trials.sweep.is_running) = (false, false);
        (trials.running, trials.job) = (None, None);
        vec![Effect::StopJob]
    }

    fn hear_report(&mut self, report: Report) {
        let trials = &mut self.trials;
        // Answers may still come after something was cancelled.
        if trials.running.as_ref().map(|request| request.id) != Some(report.id) {
            return;
        }
        let problem = match report.findings {
            // Forecasts have a worker of their own.
            Findings::Forecast(_) => None,
            Findings::Explored(cells) => {
                trials.explorer.cells = cells;
                None
            }
            Findings::Swept(summary) => {
                trials.sweep.summary = Some(summary);
                None
            }
            Findings::Failed(problem) => Some(TrialProblem::Failed(problem)),
        };
        if problem.is_some() {
            match &trials.running {
                Some(Request { work: Work::Explore { .. }, .. }) => {
                    trials.explorer.problem = problem
                }
                _ => trials.sweep.problem = problem,
            }
        }
        if report.is_final {
            (trials.explorer.is_running, trials.sweep.is_running) = (false, false);
            (trials.running, trials.job) = (None, None);
        }
    }

    /// Whether frames are needed to work on something.
    pub(super) fn works_in_frames(&self) -> bool {
        self.trials.job.is_some()
    }

    /// One slice of the work, where no worker does it.
    pub(super) fn work_on(&mut self) {
        let Some(job) = &mut self.trials.job else { return };
        job.advance(BUDGET_EVENTS);
        let report = job.report();
        self.hear_report(report);
    }

    /// Writes a strategy into the manifest, to be applied or changed further.
    fn try_strategy(&mut self, surge: &str, unavailable: &str) -> Vec<Effect> {
        let effects = self.cancel_trial();
        self.dialog = None;
        let text = self.manifest.file().text.clone();
        // Values that can be seen in the grid have been written into this text before.
        if let Ok(text) = with_strategy(&text, surge, unavailable) {
            self.manifest.edit(text);
            self.manifest.tint(self.engine.store());
            self.announcer.say((self.texts().trials.written)(surge, unavailable));
        }
        effects
    }

    /// Opens the script that was swept under one of its seeds, from its beginning.
    fn open_worst(&mut self, seed: u64) -> Vec<Effect> {
        let Some(script) = self.trials.sweep.script.clone() else { return Vec::new() };
        let mut effects = self.cancel_trial();
        self.open_script(Script { seed, ..script }, SimDuration::ZERO, true);
        self.tell_opened((self.texts().trials.opened_seed)(seed));
        effects.push(Effect::BeginSession);
        effects
    }
}

/// Surge and unavailability as a manifest has them; the defaults where it does not say.
fn strategy_of(text: &str) -> (String, String) {
    let documents = yaml::parse_all(text).0;
    let deployment = documents.iter().find(|document| document.value["kind"] == "Deployment");
    let part = |name: &str| {
        let found = deployment.map(|one| &one.value["spec"]["strategy"]["rollingUpdate"][name]);
        match found {
            Some(value) if value.is_i64() => value.to_string(),
            Some(value) => value.as_str().unwrap_or("25%").to_owned(),
            None => String::new(),
        }
    };
    (part("maxSurge"), part("maxUnavailable"))
}

/// How a cell went, in words that a class can be named after.
pub fn cell_tone(cell: &Cell) -> &'static str {
    match cell.forecast.as_ref().map(|forecast| forecast.verdict) {
        None => "pending",
        Some(Verdict::Refused) => "refused",
        Some(Verdict::CannotComplete | Verdict::Uncertain) => "bad",
        Some(_) => "good",
    }
}
