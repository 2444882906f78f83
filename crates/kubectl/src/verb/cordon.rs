//! `kubectl cordon` and `uncordon`. Models `kubectl/pkg/cmd/drain/drain.go`, `pkg/drain/cordon.go`.

use rollscope_api::{PatchType, Subresource};
use serde_json::json;

use crate::builder::{Builder, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags_table::DRY_RUN;
use crate::go::quote;
use crate::info::Info;
use crate::printer::result_line;
use crate::waiting::Flow;

/// `cordon`
pub(crate) static CORDON: Command = Command {
    name: "cordon",
    usage: "NODE",
    short: "Keep new pods off a node",
    examples: &["cordon node-1"],
    flags: &[SELECTOR_FLAG, DRY_RUN],
    run: Run::Verb(|ctx| run(ctx, true)),
    ..COMMAND
};

/// `uncordon`
pub(crate) static UNCORDON: Command = Command {
    name: "uncordon",
    usage: "NODE",
    short: "Let new pods onto a node again",
    examples: &["uncordon node-1"],
    flags: &[SELECTOR_FLAG, DRY_RUN],
    run: Run::Verb(|ctx| run(ctx, false)),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>, desired: bool) -> Result<Flow, Error> {
    let (nodes, dry_run) = nodes(ctx)?;
    set_unschedulable(ctx, &nodes, desired, dry_run)?;
    Ok(Flow::Done)
}

/// The nodes that are named.
pub(crate) fn nodes(ctx: &mut Ctx<'_>) -> Result<(Vec<Info>, DryRun), Error> {
    let args = ctx.args();
    let selector = ctx.given().text("selector").to_owned();
    if args.is_empty() && !ctx.given().changed("selector") {
        let command = ctx.call.command;
        return Err(ctx.usage_error(&format!("USAGE: {} {} [flags]", command.name, command.usage)));
    }
    if !args.is_empty() && !selector.is_empty() {
        return Err(
            ctx.usage_error("error: cannot specify both a node name and a --selector option")
        );
    }
    let dry_run = ctx.dry_run()?;
    let mut builder =
        Builder::new(ctx).resource_names("nodes", &args).single_resource_type().flatten();
    if !selector.is_empty() {
        builder = builder.label_selector(&selector).args(true, &["nodes".to_owned()]);
    }
    let nodes = builder.done()?.all(ctx)?;
    for node in &nodes {
        if node.kind.kind != "Node" {
            return Err(Error::Text(format!(
                "error: expected resource of type node, got {}",
                quote(&node.kind.resource_text())
            )));
        }
    }
    Ok((nodes, dry_run))
}

/// Says what became of each node.
pub(crate) fn set_unschedulable(
    ctx: &mut Ctx<'_>,
    nodes: &[Info],
    desired: bool,
    dry_run: DryRun,
) -> Result<(), Error> {
    let verb = if desired { "cordon" } else { "uncordon" };
    for node in nodes {
        let present = node.object["spec"]["unschedulable"].as_bool() == Some(true);
        let operation = if present == desired {
            format!("already {verb}ed")
        } else {
            if dry_run != DryRun::Client {
                let value = if desired { json!(true) } else { json!(null) };
                let sent = ctx.patch(
                    node.kind,
                    "",
                    &node.name,
                    Subresource::None,
                    PatchType::StrategicMerge,
                    json!({"spec": {"unschedulable": value}}),
                    Write::by("kubectl", dry_run),
                );
                if let Err(error) = sent {
                    ctx.eprintln(&format!(
                        "error: unable to {verb} node {}: {}",
                        quote(&node.name),
                        error.message()
                    ));
                    continue;
                }
            }
            format!("{verb}ed")
        };
        ctx.println(&result_line(&node.object, &format!("{operation}{}", dry_run.suffix())));
    }
    Ok(())
}
