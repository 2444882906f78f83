//! The running simulation as the page uses it: one moment shown, the future computed ahead.
//!
//! This is the only place that knows scripts, sessions and timelines.

use rollscope_api::{SimDuration, SimTime};
use rollscope_kubectl::{Completion, Outcome};
use rollscope_scenario::{Input, Script, Session, Timeline};
use rollscope_sim::World;
use rollscope_sim::store::Store;
use rollscope_sim::world::{NodeGroup, Nodes};

/// How many pods fit on each of the page's nodes: a thousand replicas and their surge have room on
/// three, which is more than the kubelet's usual 110.
const PODS_PER_NODE: u32 = 500;
/// Time goes on for so long after the last change, so that it can be seen that all is done.
const AFTERGLOW: SimDuration = SimDuration::from_secs(4);
/// Events computed ahead in one frame at first, and the bounds of that number.
const BUDGET_EVENTS: (usize, usize, usize) = (200, 20, 20_000);
/// What one frame's work may cost, in microseconds of real time, before less is done in the next.
const WORK_US_MAX: i64 = 7_000;

/// The simulation and the moment that is shown.
pub struct Engine {
    timeline: Timeline,
    /// The session at the moment shown.
    shown: Session,
    /// The furthest moment seen since the last input: actions belong there.
    present: SimTime,
    budget_events: usize,
}

impl Default for Engine {
    fn default() -> Self {
        let node = NodeGroup { count: 3, pods: PODS_PER_NODE, ..NodeGroup::default() };
        let world = World { nodes: Nodes(vec![node]), ..World::default() };
        Self::new(Script { world, ..Script::default() })
    }
}

impl Engine {
    /// Begins a script.
    pub fn new(script: Script) -> Self {
        let mut timeline = Timeline::new(script);
        let start = timeline.start();
        let shown = timeline.state_at(start).clone();
        Self { timeline, shown, present: start, budget_events: BUDGET_EVENTS.0 }
    }

    /// The session at the moment shown.
    pub fn session(&self) -> &Session {
        &self.shown
    }

    /// Every object of the moment shown.
    pub fn store(&self) -> &Store {
        self.shown.cluster().listers()
    }

    /// Samples, marks and the script.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The moment shown.
    pub fn now(&self) -> SimTime {
        self.shown.now()
    }

    /// The moment shown, since the start.
    pub fn elapsed(&self) -> SimDuration {
        self.now() - self.timeline.start()
    }

    /// The moment at which actions take place, since the start.
    pub fn present(&self) -> SimDuration {
        self.present - self.timeline.start()
    }

    /// Whether the moment shown lies before the last thing that was done.
    pub fn is_past(&self) -> bool {
        self.timeline.last_input().is_some_and(|last| self.now() < last)
    }

    /// Whether anything has been done at all.
    pub fn is_fresh(&self) -> bool {
        self.timeline.last_input().is_none()
    }

    /// Shows another moment. What has not been computed yet is.
    pub fn seek(&mut self, since_start: SimDuration) {
        let time = self.timeline.start() + since_start;
        self.shown = self.timeline.state_at(time).clone();
        self.present = self.present.max(self.shown.now());
    }

    /// Lets time pass, as far as it has been computed. Returns whether it passed at all.
    pub fn pass(&mut self, span: SimDuration) -> bool {
        let mut to = self.now() + span;
        if !self.timeline.is_complete() {
            to = to.min(self.timeline.computed_until());
        }
        if to <= self.now() {
            return false;
        }
        let since_start = to - self.timeline.start();
        self.seek(since_start);
        true
    }

    /// Does something, at the present moment: whoever looks at the past returns first.
    pub fn act(&mut self, input: Input) {
        if self.is_past() {
            let present = self.present();
            self.seek(present);
        }
        let now = self.now();
        // Not refused: the moment shown is not before the last input.
        if self.timeline.push_input(now, input).is_ok() {
            self.present = now;
            self.shown = self.timeline.state_at(now).clone();
        }
    }

    /// Computes some of the future. `work_us` is what the last frame's work took.
    pub fn compute_ahead(&mut self, work_us: i64) {
        let (_, least, most) = BUDGET_EVENTS;
        let budget = if work_us > WORK_US_MAX {
            self.budget_events / 2
        } else {
            self.budget_events + self.budget_events / 4
        };
        self.budget_events = budget.clamp(least, most);
        self.timeline.advance(self.budget_events);
    }

    /// Whether the future is still being computed.
    pub fn is_computing(&self) -> bool {
        !self.timeline.is_complete()
    }

    /// Whether nothing will happen any more and the afterglow is over.
    pub fn is_at_rest(&self) -> bool {
        self.timeline.is_complete()
            && self.now() >= self.timeline.last_change().max(self.present_input()) + AFTERGLOW
    }

    fn present_input(&self) -> SimTime {
        self.timeline.last_input().unwrap_or(self.timeline.start())
    }

    /// The last moment at which something changes, as far as that is computed, since the start.
    pub fn last_change(&self) -> SimDuration {
        self.timeline.last_change() - self.timeline.start()
    }

    /// The next moment at which something changes, since the start.
    pub fn next_change(&self) -> Option<SimDuration> {
        Some(self.timeline.next_change(self.now())? - self.timeline.start())
    }

    /// The moment before at which something changed, since the start.
    pub fn previous_change(&self) -> Option<SimDuration> {
        Some(self.timeline.previous_change(self.now())? - self.timeline.start())
    }

    /// What a command prints at the moment shown, without it being part of the session.
    pub fn ask(&self, command: &str) -> String {
        let mut session = self.shown.clone();
        let files = session.files().clone();
        match rollscope_kubectl::run(session.api(), &files, command) {
            Outcome::Done(output) | Outcome::Waiting(output, _) => output.stdout + &output.stderr,
            Outcome::Editing(editing) => editing.text,
        }
    }

    /// The ways to go on with a command line, as Tab offers them.
    pub fn complete(&self, line: &str) -> Vec<Completion> {
        let mut session = self.shown.clone();
        let files = session.files().clone();
        rollscope_kubectl::complete(session.api(), &files, line, line.len())
    }
}
