//! The timeline of a session: its script, checkpoints on the way, and what the time axis shows.
//!
//! The future of a fixed script is known, so it is computed ahead, in slices. A moment is read by
//! going on from the nearest checkpoint before it. Nothing is ever computed backwards.

mod answers;
mod checkpoints;
mod jumps;
mod marks;
mod recorder;
mod samples;

use std::fmt;

use rollscope_api::{SimDuration, SimTime};
use rollscope_sim::traffic::Traffic;

pub use jumps::Jump;
pub use marks::{Mark, MarkKind};
pub use samples::{DeploymentSample, RevisionSample, Sample};

use crate::input::Input;
use crate::script::{Script, TimedInput};
use crate::session::Session;
use checkpoints::{Checkpoint, Checkpoints};
use recorder::Recorder;

/// How far beyond the last input the future is computed, if it does not end by itself: long
/// enough for the default progress deadline to strike.
const LOOK_AHEAD: SimDuration = SimDuration::from_secs(15 * 60);
/// How far beyond a moment that was asked for the future is computed.
const BEYOND_ASKED: SimDuration = SimDuration::from_secs(60);

/// A script, and everything that follows from it as far as it has been computed.
#[derive(Clone, Debug)]
pub struct Timeline {
    script: Script,
    /// The furthest moment computed. It lies between two things that happen.
    frontier: Checkpoint,
    /// The last moment that was asked for: the next one is often just behind it.
    cursor: Option<Checkpoint>,
    checkpoints: Checkpoints,
    recorder: Recorder,
    horizon: SimTime,
}

/// An input lies before one that has already been given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InThePast {
    /// The moment of the last input.
    pub last_input: SimTime,
}

impl fmt::Display for InThePast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("acting before the last input would need a fork of the timeline")
    }
}

impl std::error::Error for InThePast {}

impl Timeline {
    /// The timeline of a script. Nothing is computed yet.
    pub fn new(script: Script) -> Self {
        let frontier = Checkpoint { session: Session::new(&script), next_input: 0 };
        let mut recorder = Recorder::default();
        recorder.resume(&frontier.session);
        let horizon = script.start_time();
        let mut timeline = Self {
            checkpoints: Checkpoints::starting_with(frontier.clone()),
            frontier,
            cursor: None,
            recorder,
            horizon,
            script,
        };
        timeline.look_ahead();
        timeline
    }

    fn look_ahead(&mut self) {
        let last = self.last_input().unwrap_or(self.script.start_time());
        self.horizon = self.horizon.max(last + LOOK_AHEAD);
    }

    /// The script, with all inputs given so far.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// The moment the session begins.
    pub fn start(&self) -> SimTime {
        self.script.start_time()
    }

    /// The moment of the last input.
    pub fn last_input(&self) -> Option<SimTime> {
        self.script.inputs.last().map(|timed| self.script.start_time() + timed.at)
    }

    /// Up to here everything has been computed.
    pub fn computed_until(&self) -> SimTime {
        match self.next_moment() {
            _ if self.is_complete() => self.horizon,
            Some(next) => SimTime::from_micros(next.as_micros() - 1).max(self.start()),
            None => self.horizon,
        }
    }

    /// Whether all inputs have been given and the cluster has come to rest, or the look-ahead is
    /// used up.
    pub fn is_complete(&self) -> bool {
        self.next_moment().is_none_or(|next| next > self.horizon)
    }

    /// The last moment at which something was seen to change.
    pub fn last_change(&self) -> SimTime {
        let samples = self.recorder.samples().last().map(|sample| sample.at);
        let marks = self.recorder.marks().last().map(|mark| mark.at);
        samples.max(marks).unwrap_or(self.start()).max(self.recorder.changed_at())
    }

    fn next_moment(&self) -> Option<SimTime> {
        self.next_moment_of(&self.frontier)
    }

    fn next_moment_of(&self, at: &Checkpoint) -> Option<SimTime> {
        let event = at.session.next_event_at();
        match (event, self.next_input_at(at.next_input)) {
            (Some(event), Some(input)) => Some(event.min(input)),
            (event, input) => event.or(input),
        }
    }

    fn next_input_at(&self, index: usize) -> Option<SimTime> {
        self.script.inputs.get(index).map(|timed| self.script.start_time() + timed.at)
    }

    /// Computes ahead: at most so many simulation events. Returns whether there is more to do.
    pub fn advance(&mut self, budget_events: usize) -> bool {
        self.advance_until(self.horizon, budget_events)
    }

    /// As [`Timeline::advance`], but not beyond a moment.
    fn advance_until(&mut self, limit: SimTime, budget_events: usize) -> bool {
        let mut left = budget_events;
        while self.next_moment().is_some_and(|next| next <= limit) {
            if left == 0 {
                return true;
            }
            left -= 1;
            self.compute_next();
        }
        false
    }

    /// Lets the next thing happen at the frontier, and takes note of it.
    fn compute_next(&mut self) {
        let version = self.frontier.session.cluster().version();
        if let Some(index) = pass_next(&self.script, &mut self.frontier) {
            let TimedInput { at, input } = &self.script.inputs[index];
            let has_changed = self.frontier.session.cluster().version() != version;
            if has_changed || input.acts_on_world() {
                self.recorder.input(self.script.start_time() + *at, index, input);
            }
        }
        // Within one moment things are half done: it is looked at once it is over.
        if self.next_moment().is_none_or(|next| next > self.frontier.session.now()) {
            self.recorder.record(&self.frontier.session);
        }
        self.checkpoints.passed(&self.frontier);
    }

    /// The session at a moment: everything that happens until then and at it has happened.
    /// Moments before the start are the start. What is not computed yet is computed.
    pub fn state_at(&mut self, time: SimTime) -> &Session {
        let time = time.max(self.start());
        self.horizon = self.horizon.max(time + BEYOND_ASKED);
        self.advance_until(time, usize::MAX);
        let nearest = if self.frontier.reaches(time) {
            &self.frontier
        } else {
            self.checkpoints.before(time)
        };
        let from = match self.cursor.take() {
            Some(cursor) if cursor.reaches(time) && !cursor.lies_before(nearest) => cursor,
            _ => nearest.clone(),
        };
        let replayed = self.replay(from, time);
        &self.cursor.insert(replayed).session
    }

    fn replay(&self, mut from: Checkpoint, time: SimTime) -> Checkpoint {
        while let Some(at) = self.next_input_at(from.next_input).filter(|&at| at <= time) {
            from.session.run_until(at);
            from.session.input(&self.script.inputs[from.next_input].input);
            from.next_input += 1;
        }
        from.session.run_until(time);
        from
    }

    /// Gives the session one more input. The future computed so far is forgotten from there on.
    ///
    /// # Errors
    /// [`InThePast`] for a moment before that of the last input.
    pub fn push_input(&mut self, at: SimTime, input: Input) -> Result<(), InThePast> {
        let at = at.max(self.start());
        if let Some(last_input) = self.last_input().filter(|&last| at < last) {
            return Err(InThePast { last_input });
        }
        self.forget_after(at);
        let at = at - self.start();
        self.script.inputs.push(TimedInput { at, input });
        self.look_ahead();
        Ok(())
    }

    /// Forgets what was computed beyond a moment that no input lies behind.
    fn forget_after(&mut self, at: SimTime) {
        if self.frontier.session.now() > at {
            self.state_at(at);
            if let Some(cursor) = &self.cursor {
                self.frontier = cursor.clone();
            }
            self.recorder.truncate(at);
            self.recorder.resume(&self.frontier.session);
        }
        self.checkpoints.truncate(at);
        self.cursor = self.cursor.take().filter(|cursor| cursor.session.now() <= at);
        self.horizon = at;
    }

    /// Takes the inputs from the `first`-th on away, and what followed from them.
    pub(crate) fn take_inputs(&mut self, first: usize) -> Vec<TimedInput> {
        let Some(at) = self.next_input_at(first) else { return Vec::new() };
        let taken = self.script.inputs.split_off(first);
        // What an input did is part of its own moment, so that moment has to go as a whole.
        let before = SimTime::from_micros(at.as_micros() - 1);
        if before < self.start() {
            self.renew();
        } else {
            self.forget_after(before);
            self.look_ahead();
        }
        taken
    }

    /// Computes towards a moment: at most so many simulation events. Returns whether
    /// [`Timeline::state_at`] has nothing left to compute for it.
    pub fn approach(&mut self, time: SimTime, budget_events: usize) -> bool {
        self.horizon = self.horizon.max(time + BEYOND_ASKED);
        !self.advance_until(time, budget_events)
    }

    /// Gives memory back while nobody looks: seeking takes a replay from the start then, until
    /// [`Timeline::refill_checkpoints`].
    pub(crate) fn drop_checkpoints(&mut self) {
        self.checkpoints.truncate(self.start());
        self.cursor = None;
    }

    /// Makes the checkpoints again by a replay up to the frontier.
    pub(crate) fn refill_checkpoints(&mut self) {
        let mut at = self.checkpoints.before(self.start()).clone();
        self.checkpoints = Checkpoints::starting_with(at.clone());
        let end = self.frontier.session.now();
        while self.next_moment_of(&at).is_some_and(|next| next < end) {
            pass_next(&self.script, &mut at);
            self.checkpoints.passed(&at);
        }
    }

    /// Begins to compute anew.
    fn renew(&mut self) {
        *self = Self::new(std::mem::take(&mut self.script));
    }

    /// The session at a moment, without keeping anything for the next time; and the number of the
    /// first input it has not had.
    pub(crate) fn look_at(&self, time: SimTime) -> (Session, usize) {
        let nearest = if self.frontier.reaches(time) {
            &self.frontier
        } else {
            self.checkpoints.before(time)
        };
        let found = self.replay(nearest.clone(), time);
        (found.session, found.next_input)
    }

    /// Up to where the future is followed.
    pub(crate) fn horizon(&self) -> SimTime {
        self.horizon
    }

    /// A timeline that is the same until a moment and has no inputs after it.
    pub fn fork(&self, at: SimTime) -> Self {
        let mut fork = self.clone();
        let kept = at - self.start();
        if fork.script.inputs.last().is_some_and(|last| last.at > kept) {
            fork.script.inputs.retain(|timed| timed.at <= kept);
            fork.forget_after(at);
        }
        fork.look_ahead();
        fork
    }

    /// What the chart draws, oldest first: one sample for every moment at which it changes.
    pub fn samples(&self) -> &[Sample] {
        self.recorder.samples()
    }

    /// What is marked on the axis, oldest first.
    pub fn marks(&self) -> &[Mark] {
        self.recorder.marks()
    }

    /// Requests as far as the future has been computed: what the chart draws of them. At rest
    /// nothing is computed, though requests go on; [`Timeline::state_at`] follows them, so a
    /// moment's own session knows the seconds up to that moment.
    pub fn traffic(&self) -> &Traffic {
        self.frontier.session.cluster().traffic()
    }

    /// The next moment after `time` at which something changed, as far as it is computed.
    pub fn next_change(&self, time: SimTime) -> Option<SimTime> {
        let samples = self.samples();
        let marks = self.marks();
        let sample = samples.get(samples.partition_point(|sample| sample.at <= time));
        let mark = marks.get(marks.partition_point(|mark| mark.at <= time));
        let times = [sample.map(|sample| sample.at), mark.map(|mark| mark.at)];
        times.into_iter().flatten().min()
    }

    /// The last moment before `time` at which something changed.
    pub fn previous_change(&self, time: SimTime) -> Option<SimTime> {
        let (samples, marks) = (self.samples(), self.marks());
        let sample = samples.partition_point(|sample| sample.at < time).checked_sub(1);
        let mark = marks.partition_point(|mark| mark.at < time).checked_sub(1);
        sample.map(|index| samples[index].at).max(mark.map(|index| marks[index].at))
    }
}

/// Lets the next thing happen: an event, or the next input once all events before it and at its
/// moment have happened. Returns the input's number.
fn pass_next(script: &Script, at: &mut Checkpoint) -> Option<usize> {
    let index = at.next_input;
    let input = script.inputs.get(index);
    let event = at.session.next_event_at();
    match input.map(|timed| (script.start_time() + timed.at, timed)) {
        Some((time, timed)) if event.is_none_or(|event| event > time) => {
            at.session.run_until(time);
            at.session.input(&timed.input);
            at.next_input += 1;
            Some(index)
        }
        _ => {
            at.session.step();
            None
        }
    }
}

#[cfg(test)]
mod tests;
