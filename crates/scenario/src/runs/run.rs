//! One run: a name, a timeline, and where it came from.

use rollscope_api::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

use super::Stepped;
use crate::input::Input;
use crate::script::{Script, TimedInput};
use crate::session::Session;
use crate::timeline::Timeline;

/// A run's number, which it keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub u32);

/// Where a run parted from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fork {
    /// The other run.
    pub run: RunId,
    /// Until this moment since the start they are the same.
    #[serde(with = "crate::span::text")]
    pub at: SimDuration,
}

/// One run.
#[derive(Clone, Debug)]
pub struct Run {
    id: RunId,
    name: String,
    from: Option<Fork>,
    timeline: Timeline,
    /// The latest moment that has been shown: what lies before it has happened.
    reached: SimTime,
    /// Inputs that were taken back, the next one to bring back last.
    taken_back: Vec<Vec<TimedInput>>,
}

impl Run {
    pub(super) fn new(id: RunId, script: Script) -> Self {
        let timeline = Timeline::new(script);
        let reached = timeline.start();
        Self { id, name: String::new(), from: None, timeline, reached, taken_back: Vec::new() }
    }

    /// A run of a script that has been seen until some moment.
    pub(super) fn seen_until(
        id: RunId,
        script: Script,
        reached: SimDuration,
        taken_back: Vec<Vec<TimedInput>>,
    ) -> Self {
        let run = Self::new(id, script);
        let reached = run.reached + reached;
        Self { reached, taken_back, ..run }
    }

    /// Its number.
    pub fn id(&self) -> RunId {
        self.id
    }

    /// The name somebody gave it; empty where nobody did.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it parted from another run.
    pub fn from(&self) -> Option<Fork> {
        self.from
    }

    /// Script, samples and marks.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The latest moment that has been shown.
    pub fn reached(&self) -> SimTime {
        self.reached
    }

    pub(super) fn taken_back(&self) -> &[Vec<TimedInput>] {
        &self.taken_back
    }

    pub(super) fn timeline_mut(&mut self) -> &mut Timeline {
        &mut self.timeline
    }

    pub(super) fn set_id(&mut self, id: RunId) {
        self.id = id;
    }

    pub(super) fn set_name(&mut self, name: String) {
        self.name = name;
    }

    pub(super) fn set_from(&mut self, from: Option<Fork>) {
        self.from = from;
    }

    pub(super) fn seek(&mut self, time: SimTime) -> &Session {
        let session = self.timeline.state_at(time);
        self.reached = self.reached.max(session.now());
        session
    }

    /// How many inputs lie at or before a moment.
    pub(super) fn inputs_until(&self, at: SimTime) -> usize {
        let since = at - self.timeline.start();
        self.timeline.script().inputs.partition_point(|timed| timed.at <= since)
    }

    /// The bytes of its texts, without what lies behind a moment.
    pub(super) fn bytes_until(&self, at: SimTime) -> usize {
        let behind = &self.timeline.script().inputs[self.inputs_until(at)..];
        let behind: usize = behind.iter().map(|timed| timed.input.text_bytes()).sum();
        self.timeline.script().text_bytes() - behind
    }

    pub(super) fn bytes(&self) -> usize {
        self.timeline.script().text_bytes()
    }

    /// Whether something would be lost if the run went on differently from here: an input, or a
    /// change that has been seen. Where nothing happens there is nothing to keep.
    pub(super) fn has_future(&self, at: SimTime) -> bool {
        let seen = |change| change <= self.reached;
        self.timeline.last_input().is_some_and(|last| last > at)
            || self.timeline.next_change(at).is_some_and(seen)
    }

    /// The same run up to a moment.
    pub(super) fn fork(&self, id: RunId, at: SimTime) -> Self {
        let from = Fork { run: self.id, at: at - self.timeline.start() };
        Self {
            id,
            name: String::new(),
            from: Some(from),
            timeline: self.timeline.fork(at),
            reached: at,
            taken_back: Vec::new(),
        }
    }

    /// One more input, at a moment that no input lies behind.
    pub(super) fn push(&mut self, at: SimTime, input: Input) {
        // Not refused: whoever calls this has forked before.
        if self.timeline.push_input(at, input).is_ok() {
            self.reached = at;
            self.taken_back.clear();
        }
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.taken_back.is_empty()
    }

    pub(super) fn step_back(&mut self) -> Option<Stepped> {
        let inputs = &self.timeline.script().inputs;
        let last = inputs.last()?;
        let mut first = inputs.len() - 1;
        // Applying a changed text is two inputs and one deed.
        while last.input.concerns_cluster()
            && first > 0
            && inputs[first - 1].at == last.at
            && !inputs[first - 1].input.concerns_cluster()
        {
            first -= 1;
        }
        let inputs = self.timeline.take_inputs(first);
        let at = inputs.first()?.at;
        self.reached = self.reached.min(self.timeline.start() + at);
        self.taken_back.push(inputs.clone());
        Some(Stepped { at, inputs })
    }

    pub(super) fn redo(&mut self) -> Option<Stepped> {
        let inputs = self.taken_back.pop()?;
        let at = inputs.first()?.at;
        let time = self.timeline.start() + at;
        for timed in &inputs {
            // Not refused: what has been done since would have emptied the list.
            let _ = self.timeline.push_input(time, timed.input.clone());
        }
        self.reached = self.reached.max(time);
        Some(Stepped { at, inputs })
    }

    /// A run is deleted: what it was forked from is where this one came from.
    pub(super) fn forget_origin(&mut self, deleted: &Self) {
        if let Some(fork) = self.from.filter(|fork| fork.run == deleted.id) {
            let earlier = deleted.from;
            self.from = earlier.map(|own| Fork { run: own.run, at: own.at.min(fork.at) });
        }
    }

    /// It is not shown for the time being: samples and marks are kept, checkpoints are not.
    pub(super) fn rest(&mut self) {
        self.timeline.drop_checkpoints();
    }

    /// It is shown again: its checkpoints are made once more.
    pub(super) fn wake(&mut self) {
        self.timeline.refill_checkpoints();
    }
}
