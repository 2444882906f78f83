//! The running simulation as the page uses it: one moment of one run shown, the future computed
//! ahead.
//!
//! This is the only place that knows scripts, sessions and timelines.

use std::rc::Rc;

use rollscope_api::{SimDuration, SimTime};
use rollscope_kubectl::{Completion, Outcome};
use rollscope_scenario::runs::Stepped;
use rollscope_scenario::{
    ActError, ActOutcome, Entry, FileSet, Input, Jump, Run, RunId, Runs, Script, Session, Timeline,
};
use rollscope_sim::World;
use rollscope_sim::store::Store;
use rollscope_sim::world::{NodeGroup, Nodes};

/// How many pods fit on each of the page's nodes: a thousand replicas and their surge have room on
/// three, which is more than the kubelet's usual 110.
const PODS_PER_NODE: u32 = 500;
/// Time goes on for so long after the last change, so that it can be seen that all is done.
const AFTERGLOW: SimDuration = SimDuration::from_secs(4);
/// Events computed at once for a moment that is asked for: about a frame's worth.
const SEEK_EVENTS: usize = 4_000;
/// Events computed ahead in one frame at first, and the bounds of that number.
const BUDGET_EVENTS: (usize, usize, usize) = (200, 20, 3_000);

/// The simulation and the moment that is shown.
pub struct Engine {
    runs: Runs,
    /// The session at the moment shown. It is let go of before the next one is sought, which can
    /// then go on from it in place: while it is shared, the first change copies all there is.
    shown: Option<Session>,
    budget_events: usize,
    /// Counts whenever the moment shown does not follow from the one shown before by time passing
    /// or by doing something: another run, an input taken back, another script.
    epoch: u64,
    /// A moment that was asked for and is not computed yet.
    target: Option<SimTime>,
}

impl Default for Engine {
    fn default() -> Self {
        Self::of(Self::fresh_runs())
    }
}

impl Engine {
    /// An empty cluster, in which nothing has been done.
    pub fn fresh_runs() -> Runs {
        Runs::new(Script { world: Self::usual_world(), ..Script::default() })
    }

    /// The world of an empty cluster.
    pub fn usual_world() -> World {
        let node = NodeGroup { count: 3, pods: PODS_PER_NODE, ..NodeGroup::default() };
        World { nodes: Nodes(vec![node]), ..World::default() }
    }

    /// Whether nothing has been done to the cluster in any run, so that it can begin otherwise.
    pub fn is_untouched(&self) -> bool {
        self.runs.iter().all(|run| {
            let inputs = &run.timeline().script().inputs;
            !inputs.iter().any(|timed| timed.input.concerns_cluster())
        })
    }

    /// Shows the beginning of the current run.
    pub fn of(mut runs: Runs) -> Self {
        let start = runs.timeline().start();
        let shown = Some(runs.seek(start).clone());
        Self { runs, shown, budget_events: BUDGET_EVENTS.0, epoch: 0, target: None }
    }

    /// Takes other runs in, in place of all there are, which are returned.
    pub fn replace(&mut self, runs: Runs) -> Runs {
        let next = Self { epoch: self.epoch + 1, ..Self::of(runs) };
        std::mem::replace(self, next).runs
    }

    /// The session at the moment shown.
    pub fn session(&self) -> &Session {
        self.shown.as_ref().expect("a moment is shown except while another one is sought")
    }

    fn show(&mut self, time: SimTime) {
        self.shown = None;
        self.shown = Some(self.runs.seek(time).clone());
    }

    /// Every object of the moment shown.
    pub fn store(&self) -> &Store {
        self.session().cluster().listers()
    }

    /// All runs, the current one among them.
    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// Samples, marks and the script of the current run.
    pub fn timeline(&self) -> &Timeline {
        self.runs.timeline()
    }

    /// A number that is another one where the moment shown does not follow from the one shown
    /// before: by time passing, or by doing something.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The moment shown.
    pub fn now(&self) -> SimTime {
        self.session().now()
    }

    /// The moment shown, since the start.
    pub fn elapsed(&self) -> SimDuration {
        self.now() - self.timeline().start()
    }

    /// How many inputs the script has up to the moment shown.
    pub fn inputs_until_now(&self) -> usize {
        let elapsed = self.elapsed();
        self.timeline().script().inputs.partition_point(|timed| timed.at <= elapsed)
    }

    /// The script up to the moment shown.
    pub fn script_until_now(&self) -> Script {
        let mut script = self.timeline().script().clone();
        script.inputs.truncate(self.inputs_until_now());
        script
    }

    /// The furthest moment of the current run that has been seen, since the start.
    pub fn present(&self) -> SimDuration {
        self.runs.current().reached() - self.timeline().start()
    }

    /// Whether nothing has been done at all.
    pub fn is_fresh(&self) -> bool {
        self.timeline().last_input().is_none()
    }

    /// Shows another moment. What has not been computed yet is computed; what that would take long
    /// for is computed frame by frame, and as much of it as there is is shown.
    pub fn seek(&mut self, since_start: SimDuration) {
        self.go_to(self.timeline().start() + since_start, SEEK_EVENTS);
    }

    fn go_to(&mut self, time: SimTime, budget_events: usize) {
        let is_known = self.runs.approach(time, budget_events);
        self.target = (!is_known).then_some(time);
        let known = self.timeline().computed_until();
        self.show(if is_known { time } else { time.min(known) });
    }

    /// Whether a moment that was asked for is being computed.
    pub fn is_seeking(&self) -> bool {
        self.target.is_some()
    }

    /// The moment shown or, while that is being computed, the one that was asked for.
    pub fn moment_wanted(&self) -> SimDuration {
        self.target.unwrap_or(self.now()) - self.timeline().start()
    }

    /// Whether doing something at the moment shown begins another run.
    pub fn would_fork(&self) -> bool {
        self.runs.would_fork(self.now())
    }

    /// What a command that changes nothing prints at the moment shown, and what one that waits
    /// prints in the known future after it.
    pub fn answer(&self, line: &str, files: &FileSet) -> Option<Rc<Entry>> {
        self.timeline().answer(self.session(), line, files)
    }

    /// Lets time pass, as far as what happens in it can be computed within a frame. Returns whether
    /// it passed at all.
    pub fn pass(&mut self, span: SimDuration) -> bool {
        let mut to = self.now() + span;
        if !self.timeline().is_complete() && !self.runs.approach(to, SEEK_EVENTS) {
            to = to.min(self.timeline().computed_until());
        }
        if to <= self.now() {
            return false;
        }
        let since_start = to - self.timeline().start();
        self.seek(since_start);
        true
    }

    /// Does something at the moment shown. Where something else came after it, the run forks.
    ///
    /// # Errors
    /// What cannot be saved is not done.
    pub fn act(&mut self, input: Input) -> Result<ActOutcome, ActError> {
        let now = self.now();
        let outcome = self.runs.act(now, input)?;
        self.target = None;
        // What comes now may be dearer than what came before.
        self.budget_events = BUDGET_EVENTS.0;
        if outcome != ActOutcome::Continued {
            self.epoch += 1;
        }
        self.show(now);
        Ok(outcome)
    }

    /// Shows another run at the same moment, as far as it has been seen. Returns whether there is
    /// such a run.
    pub fn switch(&mut self, run: RunId) -> bool {
        let now = self.now();
        let found = self.runs.switch(run);
        if found {
            self.show_again(now.min(self.runs.current().reached()));
        }
        found
    }

    /// Names a run.
    pub fn rename(&mut self, run: RunId, name: &str) {
        self.runs.rename(run, name);
    }

    /// Deletes a run, which is returned. The last one stays.
    pub fn delete(&mut self, run: RunId) -> Option<Run> {
        let (now, current) = (self.now(), self.runs.current().id());
        let deleted = self.runs.delete(run)?;
        if self.runs.current().id() != current {
            self.show_again(now.min(self.runs.current().reached()));
        }
        Some(deleted)
    }

    /// Puts a deleted run back.
    ///
    /// # Errors
    /// Others took its place meanwhile.
    pub fn restore(&mut self, run: Run) -> Result<(), ActError> {
        self.runs.restore(run)
    }

    /// Takes the last input back and shows the moment at which it was given.
    pub fn take_back(&mut self) -> Option<Stepped> {
        let stepped = self.runs.step_back()?;
        self.show_again(self.timeline().start() + stepped.at);
        Some(stepped)
    }

    /// Brings back what was taken back last and shows its moment.
    pub fn redo(&mut self) -> Option<Stepped> {
        let stepped = self.runs.redo()?;
        self.show_again(self.timeline().start() + stepped.at);
        Some(stepped)
    }

    fn show_again(&mut self, time: SimTime) {
        self.epoch += 1;
        self.go_to(time, SEEK_EVENTS);
    }

    /// Where a jump leads to, since the start.
    pub fn jump(&self, jump: Jump) -> Option<SimDuration> {
        Some(self.timeline().jump(self.now(), jump)? - self.timeline().start())
    }

    /// Computes some of the future. `work_us` is what the last frame's work took, and beyond
    /// `work_us_max` less is done in this one.
    pub fn compute_ahead(&mut self, work_us: i64, work_us_max: i64) {
        let (_, least, most) = BUDGET_EVENTS;
        let budget = if work_us > work_us_max {
            self.budget_events / 2
        } else {
            self.budget_events + self.budget_events / 4
        };
        self.budget_events = budget.clamp(least, most);
        match self.target {
            Some(target) => self.go_to(target, self.budget_events),
            None => {
                self.runs.advance(self.budget_events);
            }
        }
    }

    /// Whether the future of a run is still being computed.
    pub fn is_computing(&self) -> bool {
        self.is_seeking() || self.runs.iter().any(|run| !run.timeline().is_complete())
    }

    /// Whether nothing will happen any more and the afterglow is over.
    pub fn is_at_rest(&self) -> bool {
        self.timeline().is_complete()
            && self.now() >= self.timeline().last_change().max(self.present_input()) + AFTERGLOW
    }

    fn present_input(&self) -> SimTime {
        self.timeline().last_input().unwrap_or(self.timeline().start())
    }

    /// The last moment at which something changes, as far as that is computed, since the start.
    pub fn last_change(&self) -> SimDuration {
        self.timeline().last_change() - self.timeline().start()
    }

    /// The next moment at which something changes, since the start.
    pub fn next_change(&self) -> Option<SimDuration> {
        Some(self.timeline().next_change(self.now())? - self.timeline().start())
    }

    /// The moment before at which something changed, since the start.
    pub fn previous_change(&self) -> Option<SimDuration> {
        Some(self.timeline().previous_change(self.now())? - self.timeline().start())
    }

    /// What a command prints at the moment shown, without it being part of the session.
    pub fn ask(&self, command: &str) -> String {
        let mut session = self.session().clone();
        let files = session.files().clone();
        match rollscope_kubectl::run(session.api(), &files, command) {
            Outcome::Done(output) | Outcome::Waiting(output, _) => output.stdout + &output.stderr,
            Outcome::Editing(editing) => editing.text,
        }
    }

    /// The ways to go on with a command line, as Tab offers them.
    pub fn complete(&self, line: &str) -> Vec<Completion> {
        let mut session = self.session().clone();
        let files = session.files().clone();
        rollscope_kubectl::complete(session.api(), &files, line, line.len())
    }
}
