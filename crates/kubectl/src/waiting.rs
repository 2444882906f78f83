//! Commands that wait for the cluster, as values that can be cloned and looked at again.

use rollscope_api::SimTime;

use crate::context::Ctx;
use crate::error::Error;
use crate::verb::{delete, drain, edit, events, get, rollout, scale, wait};

/// How far a verb got.
#[derive(Clone, Debug)]
pub(crate) enum Flow {
    /// It has ended well.
    Done,
    /// It waits.
    Wait(Box<Waiter>),
    /// It wants a text edited.
    Edit(Box<edit::Edit>),
}

/// Whether a waiting command has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Not yet.
    Pending,
    /// It has ended well.
    Done,
}

/// Everything that can wait.
#[derive(Clone, Debug)]
pub(crate) enum Waiter {
    /// `rollout status`
    Rollout(rollout::status::Follow),
    /// `wait`
    Condition(Box<wait::Waiting>),
    /// `delete`, until everything is gone.
    Gone(delete::Gone),
    /// `replace --force`, until the old objects are gone.
    Replace(crate::verb::replace::Force),
    /// `scale --timeout`
    Scaled(scale::Scaled),
    /// `get -w`
    Get(Box<get::Watch>),
    /// `events -w`
    Events(events::Watch),
    /// `drain`
    Drain(drain::Draining),
}

impl Waiter {
    /// Looks at the cluster again.
    pub(crate) fn poll(&mut self, ctx: &mut Ctx<'_>) -> Result<Progress, Error> {
        match self {
            Self::Rollout(follow) => follow.poll(ctx),
            Self::Condition(waiting) => waiting.poll(ctx),
            Self::Gone(gone) => gone.poll(ctx),
            Self::Replace(force) => force.poll(ctx),
            Self::Scaled(scaled) => scaled.poll(ctx),
            Self::Get(watch) => watch.poll(ctx),
            Self::Events(watch) => watch.poll(ctx),
            Self::Drain(draining) => draining.poll(ctx),
        }
    }

    /// When its own time-out strikes.
    pub(crate) fn deadline(&self) -> Option<SimTime> {
        match self {
            Self::Rollout(follow) => follow.deadline(),
            Self::Condition(waiting) => waiting.deadline(),
            Self::Gone(gone) => gone.deadline(),
            Self::Replace(force) => force.deadline(),
            Self::Scaled(scaled) => scaled.deadline(),
            Self::Get(_) | Self::Events(_) => None,
            Self::Drain(draining) => draining.deadline(),
        }
    }
}
