//! Moments worth going to, found by the marks.

use rollscope_api::SimTime;

use super::{Mark, MarkKind, Timeline};

/// Where to go on the time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// The next mark: an input, an Event, a condition, the end of a rollout.
    NextEvent,
    /// The mark before.
    PreviousEvent,
    /// The next input.
    NextInput,
    /// The input before.
    PreviousInput,
    /// Where a rollout is complete: the next such moment, or else the last one.
    RolloutComplete,
    /// Where the last old pod is gone: the next such moment, or else the last one.
    LastOldPodGone,
}

impl Timeline {
    /// The moment that a jump from `from` leads to, as far as it has been computed.
    pub fn jump(&self, from: SimTime, jump: Jump) -> Option<SimTime> {
        let is_input = |mark: &Mark| matches!(mark.kind, MarkKind::Input(_));
        match jump {
            Jump::NextEvent => self.next_mark(from, |_| true),
            Jump::PreviousEvent => self.previous_mark(from, |_| true),
            Jump::NextInput => self.next_mark(from, is_input),
            Jump::PreviousInput => self.previous_mark(from, is_input),
            Jump::RolloutComplete => self.end(from, MarkKind::Complete),
            Jump::LastOldPodGone => self.end(from, MarkKind::LastOldPodGone),
        }
    }

    fn next_mark(&self, from: SimTime, is_meant: impl Fn(&Mark) -> bool) -> Option<SimTime> {
        let marks = self.marks();
        let after = &marks[marks.partition_point(|mark| mark.at <= from)..];
        after.iter().find(|mark| is_meant(mark)).map(|mark| mark.at)
    }

    fn previous_mark(&self, from: SimTime, is_meant: impl Fn(&Mark) -> bool) -> Option<SimTime> {
        let marks = self.marks();
        let before = &marks[..marks.partition_point(|mark| mark.at < from)];
        before.iter().rfind(|mark| is_meant(mark)).map(|mark| mark.at)
    }

    fn end(&self, from: SimTime, kind: MarkKind) -> Option<SimTime> {
        let next = self.next_mark(from, |mark| mark.kind == kind);
        let last = || self.marks().iter().rfind(|mark| mark.kind == kind).map(|mark| mark.at);
        next.or_else(last)
    }
}
