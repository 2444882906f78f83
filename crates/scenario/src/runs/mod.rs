//! Runs: what was done, and what else might have been.
//!
//! Whoever acts in the past does not lose the future that was there: the run forks. The old run
//! stays as it is, to be compared with and gone back to.

mod run;
mod saved;
#[cfg(test)]
mod tests;

use std::fmt;

use rollscope_api::{SimDuration, SimTime};

use crate::input::Input;
use crate::script::{INPUTS_MAX, SPAN_MAX, Script, TEXT_BYTES_MAX, TimedInput};
use crate::session::Session;
use crate::span;
use crate::timeline::Timeline;

pub use run::{Fork, Run, RunId};
pub use saved::SavedRun;

/// Most runs that are kept.
pub const RUNS_MAX: usize = 12;
/// The longest name of a run, in characters.
pub const NAME_CHARS_MAX: usize = 80;
/// Most bytes of text in all runs together: they are saved with every input.
pub const RUNS_BYTES_MAX: usize = 2 * TEXT_BYTES_MAX;

/// The runs of a session, one of which is current. There is always at least one.
#[derive(Clone, Debug)]
pub struct Runs {
    /// In order of creation.
    runs: Vec<Run>,
    /// The index of the current one.
    current: usize,
    next_id: u32,
}

/// What acting came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActOutcome {
    /// The run goes on.
    Continued,
    /// There was a future: it stays in the run `from`, and `to` is current.
    Forked {
        /// The run that stays as it is.
        from: RunId,
        /// The new run.
        to: RunId,
    },
}

/// Why somebody could not act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActError {
    /// A fork would be one run too many.
    TooManyRuns,
    /// The script has as many inputs as can be read again.
    TooManyInputs,
    /// The texts of the script, or of all runs, have become too long.
    TooLarge,
    /// The moment is too late.
    TooLate,
}

impl fmt::Display for ActError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyRuns => write!(
                f,
                "there are {RUNS_MAX} runs already: delete one, then act in the past again"
            ),
            Self::TooManyInputs => {
                write!(f, "the session has {INPUTS_MAX} inputs, and no more can be saved")
            }
            Self::TooLarge => write!(
                f,
                "the session's texts have become too long to be saved (at most {TEXT_BYTES_MAX} \
                 bytes a run, {RUNS_BYTES_MAX} in all runs): delete a run or start over"
            ),
            Self::TooLate => {
                write!(f, "a session lasts at most {}", span::format(SPAN_MAX))
            }
        }
    }
}

impl std::error::Error for ActError {}

/// Inputs that were taken back, or brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stepped {
    /// Their moment, since the start: show it.
    pub at: SimDuration,
    /// The inputs: one, with the edit of a file that came with it.
    pub inputs: Vec<TimedInput>,
}

impl Runs {
    /// The first run of a script.
    pub fn new(script: Script) -> Self {
        Self::of(vec![Run::new(RunId(1), script)], 0)
    }

    fn of(runs: Vec<Run>, current: usize) -> Self {
        let last = runs.iter().map(|run| run.id().0).max().unwrap_or_default();
        Self { runs, current, next_id: last + 1 }
    }

    /// The run that is shown and acted in.
    pub fn current(&self) -> &Run {
        &self.runs[self.current]
    }

    fn current_mut(&mut self) -> &mut Run {
        &mut self.runs[self.current]
    }

    /// All runs in order of creation.
    pub fn iter(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter()
    }

    /// The runs that are not current.
    pub fn ghosts(&self) -> impl Iterator<Item = &Run> {
        let current = self.current().id();
        self.runs.iter().filter(move |run| run.id() != current)
    }

    /// One run.
    pub fn get(&self, id: RunId) -> Option<&Run> {
        self.runs.iter().find(|run| run.id() == id)
    }

    fn index(&self, id: RunId) -> Option<usize> {
        self.runs.iter().position(|run| run.id() == id)
    }

    /// The current run's timeline.
    pub fn timeline(&self) -> &Timeline {
        self.current().timeline()
    }

    /// The current run at a moment; what has been seen counts as having happened. What is not
    /// computed yet is computed, however long that takes: see [`Runs::approach`].
    pub fn seek(&mut self, time: SimTime) -> &Session {
        self.current_mut().seek(time)
    }

    /// Computes towards a moment: at most so many simulation events. Returns whether it can be
    /// sought without computing more.
    pub fn approach(&mut self, time: SimTime, budget_events: usize) -> bool {
        self.current_mut().timeline_mut().approach(time, budget_events)
    }

    /// Computes ahead: the current run first, then the others. Returns whether there is more to do.
    pub fn advance(&mut self, budget_events: usize) -> bool {
        if self.current_mut().timeline_mut().advance(budget_events) {
            return true;
        }
        let waiting = self.runs.iter_mut().find(|run| !run.timeline().is_complete());
        waiting.is_some_and(|run| {
            run.timeline_mut().advance(budget_events);
            true
        })
    }

    /// Whether doing something at a moment of the current run would fork it.
    pub fn would_fork(&self, at: SimTime) -> bool {
        self.current().has_future(at.max(self.timeline().start()))
    }

    /// Does something at a moment of the current run. If something that has been seen, or another
    /// input, lies behind that moment, the run forks there.
    ///
    /// # Errors
    /// What cannot be saved is not done. Nothing has changed then.
    pub fn act(&mut self, at: SimTime, input: Input) -> Result<ActOutcome, ActError> {
        let run = self.current();
        let at = at.max(run.timeline().start());
        if at - run.timeline().start() > SPAN_MAX {
            return Err(ActError::TooLate);
        }
        let kept = run.inputs_until(at);
        if kept >= INPUTS_MAX {
            return Err(ActError::TooManyInputs);
        }
        let forks = run.has_future(at);
        let own_bytes = run.bytes_until(at) + input.text_bytes();
        let all: usize = self.runs.iter().map(Run::bytes).sum();
        let others = if forks { all } else { all - run.bytes() };
        if own_bytes > TEXT_BYTES_MAX || own_bytes + others > RUNS_BYTES_MAX {
            return Err(ActError::TooLarge);
        }
        if !forks {
            self.current_mut().push(at, input);
            return Ok(ActOutcome::Continued);
        }
        if self.runs.len() >= RUNS_MAX {
            return Err(ActError::TooManyRuns);
        }
        let (from, to) = (run.id(), RunId(self.next_id));
        let mut fork = run.fork(to, at);
        fork.push(at, input);
        self.next_id += 1;
        self.current_mut().rest();
        self.runs.push(fork);
        self.current = self.runs.len() - 1;
        Ok(ActOutcome::Forked { from, to })
    }

    /// Makes another run current. Returns whether there is such a run.
    pub fn switch(&mut self, id: RunId) -> bool {
        let Some(index) = self.index(id) else { return false };
        if index != self.current {
            self.current_mut().rest();
            self.current = index;
            self.current_mut().wake();
        }
        true
    }

    /// Names a run; an empty name is none. Returns whether there is such a run.
    pub fn rename(&mut self, id: RunId, name: &str) -> bool {
        let Some(index) = self.index(id) else { return false };
        let plain = name.chars().filter(|c| !c.is_control()).collect::<String>();
        self.runs[index].set_name(plain.trim().chars().take(NAME_CHARS_MAX).collect());
        true
    }

    /// Deletes a run, which is returned so that it can be put back. The last one stays. If it was
    /// current, the run it was forked from is current then, or else the first.
    pub fn delete(&mut self, id: RunId) -> Option<Run> {
        let index = self.index(id).filter(|_| self.runs.len() > 1)?;
        let current = self.current().id();
        let mut deleted = self.runs.remove(index);
        for run in &mut self.runs {
            run.forget_origin(&deleted);
        }
        let origin = deleted.from().map(|fork| fork.run);
        let next = if current == id { origin } else { Some(current) };
        self.current = next.and_then(|id| self.index(id)).unwrap_or(0);
        if current == id {
            self.current_mut().wake();
        }
        deleted.rest();
        Some(deleted)
    }

    /// Puts a deleted run back, not as the current one. Where it came from is kept if that is
    /// still there.
    ///
    /// # Errors
    /// [`ActError::TooManyRuns`] where others took its place meanwhile.
    pub fn restore(&mut self, mut run: Run) -> Result<(), ActError> {
        if self.runs.len() >= RUNS_MAX {
            return Err(ActError::TooManyRuns);
        }
        if self.index(run.id()).is_some() {
            run.set_id(RunId(self.next_id));
        }
        if run.from().is_some_and(|fork| self.index(fork.run).is_none()) {
            run.set_from(None);
        }
        let current = self.current().id();
        let at = self.runs.partition_point(|one| one.id() < run.id());
        self.next_id = self.next_id.max(run.id().0 + 1);
        self.runs.insert(at, run);
        self.current = self.index(current).unwrap_or(0);
        Ok(())
    }

    /// Whether there is an input to take back.
    pub fn can_step_back(&self) -> bool {
        self.timeline().last_input().is_some()
    }

    /// Whether an input was taken back and nothing has been done since.
    pub fn can_redo(&self) -> bool {
        self.current().can_redo()
    }

    /// Takes the last input of the current run back, with the edit of a file that came with it.
    pub fn step_back(&mut self) -> Option<Stepped> {
        self.current_mut().step_back()
    }

    /// Brings back what was taken back last.
    pub fn redo(&mut self) -> Option<Stepped> {
        self.current_mut().redo()
    }
}
