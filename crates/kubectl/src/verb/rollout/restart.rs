//! `kubectl rollout restart`. Models `kubectl/pkg/cmd/rollout/rollout_restart.go` and
//! `polymorphichelpers/objectrestarter.go`.

use rollscope_api::PatchType;
use serde_json::json;

use crate::builder::{FILE_FLAGS, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags_table::FIELD_MANAGER;
use crate::go::quote;
use crate::info::{Info, annotation};
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;

/// `rollout restart`
pub(crate) static RESTART: Command = Command {
    name: "restart",
    usage: "RESOURCE",
    short: "Replace all pods of a Deployment, as a rollout",
    examples: &["rollout restart deployment/web"],
    flags: &[FILE_FLAGS, FIELD_MANAGER, SELECTOR_FLAG, PRINT_FLAGS],
    run: Run::Verb(run),
    ..COMMAND
};

const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    super::require_resource(ctx)?;
    let (infos, mut failed) = super::found(ctx)?;
    for info in infos {
        failed.extend(restart(ctx, &info).err());
    }
    Error::aggregate(failed)?;
    Ok(Flow::Done)
}

fn restart(ctx: &mut Ctx<'_>, info: &Info) -> Result<(), Error> {
    let restartable = matches!(info.kind.kind, "Deployment" | "DaemonSet" | "StatefulSet");
    let paused = info.object["spec"]["paused"].as_bool() == Some(true);
    let refused = if !restartable {
        Some("restarting is not supported")
    } else if paused {
        Some("can't restart paused deployment (run rollout resume first)")
    } else {
        None
    };
    if let Some(why) = refused {
        let resource = info.kind.group_resource();
        return Err(Error::Text(format!("error: {resource} {} {why}", quote(&info.name))));
    }
    let now = ctx.now().timestamp().to_string();
    if annotation(&info.object["spec"]["template"], RESTARTED_AT) == Some(now.as_str()) {
        return Err(Error::Text(format!(
            "failed to create patch for {}: if restart has already been triggered within the past \
             second, please wait before attempting to trigger another",
            info.name
        )));
    }
    let patch = json!({"spec": {"template": {"metadata": {"annotations": {RESTARTED_AT: now}}}}});
    let object = ctx
        .patch_object(
            info,
            PatchType::StrategicMerge,
            patch,
            Write::by("kubectl-rollout", DryRun::None),
        )
        .map_err(|error| Error::Text(format!("failed to patch: {}", error.message())))?;
    Printer::new(ctx, "restarted", DryRun::None)?.typed().print(ctx, &object)
}
