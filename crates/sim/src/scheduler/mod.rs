//! The scheduler: which node a pod runs on. Live pace only.

use crate::Ctx;

/// What the scheduler remembers between its runs.
#[derive(Clone, Debug, Default)]
pub struct Scheduler {}

/// Something the scheduler has set itself to do later.
#[derive(Clone, Debug)]
pub enum Timer {}

/// Runs when pods without a node appeared, or when pods left or nodes changed while there are such.
pub fn schedule(_scheduler: &mut Scheduler, _ctx: &mut Ctx<'_>) {}

/// A timer of the scheduler's own has come.
pub fn timer(_scheduler: &mut Scheduler, _ctx: &mut Ctx<'_>, timer: Timer) {
    match timer {}
}
