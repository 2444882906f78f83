//! Runs on the page: acting in the past, going from run to run, taking actions back.

use std::rc::Rc;

use rollscope_api::SimDuration;
use rollscope_scenario::{ActOutcome, Entry, Input, Jump, Run, RunId, TimedInput};

use super::notice::{Notice, Offer};
use super::{Effect, Model};

/// What happened to runs.
#[derive(Clone, Debug, PartialEq)]
pub enum RunsMsg {
    /// Another run was chosen.
    Switch(RunId),
    /// A run's name is being written; none any more.
    AskName(Option<RunId>),
    /// A run has got a name.
    Name(RunId, String),
    /// A run was deleted.
    Delete(RunId),
    /// The deleted run was wanted back.
    PutBack,
    /// The shown run is to be compared with another, or with none.
    Compare(Option<RunId>),
    /// To the first difference.
    ToDifference,
    /// The last action was taken back.
    TakeBack,
    /// What was taken back was wanted again.
    Redo,
    /// A place on the axis was chosen.
    Jump(Jump),
}

/// Runs, as far as the page adds to them.
#[derive(Default)]
pub(super) struct RunsState {
    /// The run that the shown one is compared with.
    pub(super) comparing: Option<RunId>,
    /// The run whose name is being written.
    pub(super) naming: Option<RunId>,
    /// The run that was deleted last.
    deleted: Option<Run>,
    /// Questions asked at a moment that has passed already, and their answers: they are no part of
    /// the run, and go when another moment is shown.
    answers: Vec<Rc<Entry>>,
    /// The moment they were asked at.
    asked_at: (u64, SimDuration),
    /// The terminal was cleared: in which run, when, and how many commands it held.
    cleared: Option<(RunId, SimDuration, usize)>,
}

/// One run in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRow {
    /// Its number.
    pub id: RunId,
    /// Its name, or its number in words.
    pub name: String,
    /// Whether it is shown.
    pub is_current: bool,
    /// Whether the shown one is compared with it.
    pub is_compared: bool,
    /// The run it parted from, and when.
    pub parted: Option<(String, SimDuration)>,
    /// How often something was done.
    pub actions: usize,
    /// Its name is being written.
    pub is_being_named: bool,
}

impl Model {
    pub(super) fn take_runs(&mut self, msg: RunsMsg) -> Vec<Effect> {
        match msg {
            RunsMsg::Switch(run) => self.switch(run),
            RunsMsg::AskName(run) => self.runs.naming = run,
            RunsMsg::Name(run, name) => {
                self.engine.rename(run, &name);
                self.runs.naming = None;
            }
            RunsMsg::Delete(run) => self.delete(run),
            RunsMsg::PutBack => self.put_back(),
            RunsMsg::Compare(with) => self.runs.comparing = with,
            RunsMsg::ToDifference => {
                let first = self.shown.comparison.as_ref().and_then(|found| found.at);
                if let Some(at) = first {
                    self.look_at(at);
                }
            }
            RunsMsg::TakeBack => {
                if let Some(stepped) = self.engine.take_back() {
                    let text = self.texts().session.taken_back;
                    self.announcer.say(text(&summary(&stepped.inputs)));
                }
            }
            RunsMsg::Redo => {
                if let Some(stepped) = self.engine.redo() {
                    let text = self.texts().session.brought_back;
                    self.announcer.say(text(&summary(&stepped.inputs)));
                    self.play_on();
                }
            }
            RunsMsg::Jump(jump) => match self.engine.jump(jump) {
                Some(to) => self.look_at(to),
                None => self.announcer.say(self.texts().session.no_such_place.to_owned()),
            },
        }
        Vec::new()
    }

    /// Shows another moment and holds the clock.
    fn look_at(&mut self, at: SimDuration) {
        self.hold();
        self.engine.seek(at);
    }

    /// Does something now, and says so where the run forks.
    pub(super) fn perform(&mut self, input: Input) {
        let before = self.engine.runs().current().id();
        match self.engine.act(input) {
            Ok(ActOutcome::Continued) => {}
            Ok(ActOutcome::Forked { from, to }) => {
                self.runs.comparing = Some(from);
                let names = (self.run_name(to), self.run_name(before));
                self.announcer.say((self.texts().session.forked)(&names.0, &names.1));
            }
            Err(error) => {
                let text = (self.texts().said_refused)(&error.to_string());
                self.announcer.say(text.clone());
                self.notice = Some(Notice::problem(text));
            }
        }
    }

    /// Answers a command that changes nothing, where doing it would fork the run for no reason.
    /// Returns whether it was one.
    pub(super) fn answer(&mut self, line: &str) -> bool {
        if !self.engine.would_fork() {
            return false;
        }
        let Some(entry) = self.engine.answer(line, &self.manifest.file_set()) else { return false };
        self.forget_answers();
        self.runs.asked_at = (self.engine.epoch(), self.engine.elapsed());
        self.runs.answers.push(entry);
        true
    }

    /// Drops answers that were given at another moment.
    fn forget_answers(&mut self) {
        if self.runs.asked_at != (self.engine.epoch(), self.engine.elapsed()) {
            self.runs.answers.clear();
        }
    }

    /// The commands at this moment, and what was asked about it afterwards.
    pub(super) fn transcript(&mut self) -> Vec<Rc<Entry>> {
        self.forget_answers();
        let entries = self.engine.session().transcript().entries();
        let is_cleared = |(run, at, _): &(RunId, SimDuration, usize)| {
            self.engine.runs().current().id() == *run && self.engine.elapsed() >= *at
        };
        let hidden = self.runs.cleared.filter(is_cleared).map_or(0, |(_, _, count)| count);
        entries.iter().skip(hidden).chain(&self.runs.answers).cloned().collect()
    }

    /// Hides what the terminal holds. Earlier moments and other runs keep it.
    pub(super) fn clear_terminal(&mut self) {
        let count = self.engine.session().transcript().entries().len();
        let run = self.engine.runs().current().id();
        self.runs.cleared = Some((run, self.engine.elapsed(), count));
        self.runs.answers.clear();
    }

    fn switch(&mut self, run: RunId) {
        let before = self.engine.runs().current().id();
        if run == before || !self.engine.switch(run) {
            return;
        }
        if self.runs.comparing.is_none_or(|with| with == run) {
            self.runs.comparing = Some(before);
        }
        let text = (self.texts().session.switched)(&self.run_name(run));
        self.announcer.say(text);
    }

    fn delete(&mut self, run: RunId) {
        let name = self.run_name(run);
        let Some(deleted) = self.engine.delete(run) else { return };
        self.runs.deleted = Some(deleted);
        let current = self.engine.runs().current().id();
        if self.runs.comparing.is_some_and(|with| with == run || with == current) {
            self.runs.comparing = None;
        }
        let text = (self.texts().session.deleted)(&name);
        self.announcer.say(text.clone());
        self.notice = Some(Notice::told(text).offering(Offer::PutBack));
    }

    fn put_back(&mut self) {
        self.notice = None;
        let Some(run) = self.runs.deleted.take() else { return };
        if let Err(error) = self.engine.restore(run.clone()) {
            self.runs.deleted = Some(run);
            let problem = Notice::problem(error.to_string());
            self.notice = Some(problem.offering(Offer::PutBack));
        }
    }

    /// How a run is called.
    pub(super) fn run_name(&self, id: RunId) -> String {
        let given = self.engine.runs().get(id).map_or("", Run::name);
        if given.is_empty() { (self.texts().session.run)(id.0) } else { given.to_owned() }
    }

    pub(super) fn derive_runs(&mut self) {
        let runs = self.engine.runs();
        let current = runs.current().id();
        if self.runs.comparing.is_some_and(|with| with == current || runs.get(with).is_none()) {
            self.runs.comparing = None;
        }
        let rows = self.engine.runs().iter().map(|run| RunRow {
            id: run.id(),
            name: self.run_name(run.id()),
            is_current: run.id() == current,
            is_compared: self.runs.comparing == Some(run.id()),
            parted: run.from().map(|fork| (self.run_name(fork.run), fork.at)),
            actions: actions(&run.timeline().script().inputs),
            is_being_named: self.runs.naming == Some(run.id()),
        });
        let rows = rows.collect();
        self.shown.runs.replace(rows);
        let last = self.engine.timeline().script().inputs.last();
        self.shown.take_back = last.map(|timed| timed.input.summary());
    }
}

/// What an action with the edits that came with it is called: by what it did to the cluster.
fn summary(inputs: &[TimedInput]) -> String {
    inputs.last().map(|timed| timed.input.summary()).unwrap_or_default()
}

fn actions(inputs: &[TimedInput]) -> usize {
    inputs.iter().filter(|timed| timed.input.concerns_cluster()).count()
}
