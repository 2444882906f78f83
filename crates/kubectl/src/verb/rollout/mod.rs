//! `kubectl rollout`: the rollouts and revisions of Deployments.

mod history;
mod pause;
mod restart;
pub(crate) mod revisions;
pub(crate) mod status;
mod undo;

use crate::builder::{Builder, Selection, no_files};
use crate::command::{COMMAND, Command};
use crate::context::Ctx;
use crate::error::Error;
use crate::info::Info;

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

/// What arguments, files and selector name.
fn selection(ctx: &mut Ctx<'_>) -> Result<Selection, Error> {
    let (args, selector) = (ctx.args(), ctx.given().text("selector").to_owned());
    Builder::new(ctx)
        .label_selector(&selector)
        .files(ctx)
        .args(true, &args)
        .continue_on_error()
        .latest()
        .flatten()
        .done()
}

/// The named objects that there are, and what is wrong with others. That there is nothing is said.
fn found(ctx: &mut Ctx<'_>) -> Result<(Vec<Info>, Vec<Error>), Error> {
    let (infos, error) = selection(ctx)?.infos(ctx);
    if infos.is_empty() && error.is_none() {
        ctx.eprintln(&format!("No resources found in {} namespace.", ctx.namespace()));
    }
    Ok((infos, error.into_iter().collect()))
}
