//! `kubectl rollout`: the rollouts and revisions of Deployments.

mod history;
mod pause;
mod restart;
pub(crate) mod revisions;
pub(crate) mod status;
mod undo;

use crate::builder::no_files;
use crate::command::{COMMAND, Command};
use crate::context::Ctx;
use crate::error::Error;

/// `rollout`
pub(crate) static ROLLOUT: Command = Command {
    name: "rollout",
    usage: "SUBCOMMAND",
    short: "Manage the rollout of a Deployment",
    examples: &[
        "rollout status deployment/web",
        "rollout history deployment/web",
        "rollout undo deployment/web --to-revision=1",
    ],
    subs: &[
        &history::HISTORY,
        &pause::PAUSE,
        &pause::RESUME,
        &undo::UNDO,
        &status::STATUS,
        &restart::RESTART,
    ],
    ..COMMAND
};

/// Something must be named.
fn require_resource(ctx: &Ctx<'_>) -> Result<(), Error> {
    if ctx.given().args.is_empty() && no_files(ctx.given()) {
        return Err("required resource not specified".into());
    }
    Ok(())
}
