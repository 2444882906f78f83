//! `kubectl set serviceaccount`. Models `kubectl/pkg/cmd/set/set_serviceaccount.go`.

use super::LOCAL_SERVER;
use super::sender::Sender;
use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, LOCAL_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, RECORD};
use crate::printer::PRINT_FLAGS;
use crate::record;
use crate::waiting::Flow;
use crate::workload::{patch_between, pod_spec};

/// `set serviceaccount`
pub(crate) static SERVICE_ACCOUNT: Command = Command {
    name: "serviceaccount",
    aliases: &["sa"],
    usage: "(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
    short: "Change the service account of a pod template",
    examples: &["set serviceaccount deployment/web builder"],
    flags: &[PRINT_FLAGS, RECORD, FILE_FLAGS, ALL_FLAG, LOCAL_FLAG, DRY_RUN, FIELD_MANAGER],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let (all, local) = (ctx.given().on("all"), ctx.given().on("local"));
    if local && dry_run == DryRun::Server {
        return Err(LOCAL_SERVER.into());
    }
    let refused = "failed to patch ServiceAccountName";
    let mut sender = Sender::new(ctx, dry_run, "serviceaccount updated", refused)?;
    let args = ctx.args();
    let Some((account, resources)) = args.split_last() else {
        return Err("serviceaccount is required".into());
    };
    let builder = Builder::new(ctx).local(local).continue_on_error().files(ctx).flatten();
    let builder = if local { builder } else { builder.args(all, resources).latest() };
    for info in builder.done()?.all(ctx)? {
        let mut after = info.object.clone();
        match pod_spec(info.kind, &mut after) {
            Ok(spec) => spec["serviceAccountName"] = account.as_str().into(),
            Err(error) => {
                sender.fail(&info, &error);
                continue;
            }
        }
        record::record(ctx, &mut after);
        let patch = patch_between(info.kind, &info.object, &after)?;
        sender.send(ctx, &info, &after, patch);
    }
    sender.end()
}
