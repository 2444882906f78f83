//! `kubectl rollout pause` and `resume`. Models `kubectl/pkg/cmd/rollout/rollout_pause.go`,
//! `rollout_resume.go` and `polymorphichelpers/objectpauser.go`, `objectresumer.go`.

use rollscope_api::PatchType;
use serde_json::json;

use crate::builder::{FILE_FLAGS, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags_table::FIELD_MANAGER;
use crate::go::quote;
use crate::info::Info;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;

/// `rollout pause`
pub(crate) static PAUSE: Command = Command {
    name: "pause",
    usage: "RESOURCE",
    short: "Stop rolling out changes of a Deployment's template",
    examples: &["rollout pause deployment/web"],
    flags: &[PRINT_FLAGS, FILE_FLAGS, FIELD_MANAGER, SELECTOR_FLAG],
    run: Run::Verb(|ctx| run(ctx, true)),
    ..COMMAND
};

/// `rollout resume`
pub(crate) static RESUME: Command = Command {
    name: "resume",
    usage: "RESOURCE",
    short: "Roll out again what a paused Deployment has gathered",
    examples: &["rollout resume deployment/web"],
    flags: &[FILE_FLAGS, FIELD_MANAGER, SELECTOR_FLAG, PRINT_FLAGS],
    run: Run::Verb(|ctx| run(ctx, false)),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>, pause: bool) -> Result<Flow, Error> {
    super::require_resource(ctx)?;
    let (infos, mut failed) = super::found(ctx)?;
    for info in infos {
        failed.extend(change(ctx, &info, pause).err());
    }
    Error::aggregate(failed)?;
    Ok(Flow::Done)
}

fn change(ctx: &mut Ctx<'_>, info: &Info, pause: bool) -> Result<(), Error> {
    let paused = info.object["spec"]["paused"].as_bool() == Some(true);
    let refused = match (info.kind.kind == "Deployment", pause) {
        (false, true) => Some("pausing is not supported"),
        (false, false) => Some("resuming is not supported"),
        (true, true) if paused => Some("is already paused"),
        (true, false) if !paused => Some("is not paused"),
        _ => None,
    };
    if let Some(why) = refused {
        let resource = info.kind.group_resource();
        return Err(Error::Text(format!("error: {resource} {} {why}", quote(&info.name))));
    }
    let (value, done) = if pause { (json!(true), "paused") } else { (json!(null), "resumed") };
    let object = ctx
        .patch_object(
            info,
            PatchType::StrategicMerge,
            json!({"spec": {"paused": value}}),
            Write::by("kubectl-rollout", DryRun::None),
        )
        .map_err(|error| Error::Text(format!("failed to patch: {}", error.message())))?;
    Printer::new(ctx, done, DryRun::None)?.typed().print(ctx, &object)
}
