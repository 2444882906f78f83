//! `kubectl rollout history`. Models `kubectl/pkg/cmd/rollout/rollout_history.go` and
//! `polymorphichelpers/history.go`.

use std::collections::BTreeMap;

use rollscope_api::Value;
use rollscope_api::order;

use super::revisions::{replica_sets, revision};
use crate::builder::{FILE_FLAGS, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::go::quote;
use crate::info::{Info, annotation, set_annotation};
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;
use crate::{describe, tabwriter};
use rollscope_api::annotation::CHANGE_CAUSE;

const FLAGS: &[Flag] =
    &[Flag::of(Kind::Int, "revision", "0", "Show this revision and its pod template.")];

/// `rollout history`
pub(crate) static HISTORY: Command = Command {
    name: "history",
    usage: "(TYPE NAME | TYPE/NAME) [flags]",
    short: "Show the revisions of a Deployment",
    examples: &["rollout history deployment/web", "rollout history deployment/web --revision=2"],
    flags: &[FLAGS, SELECTOR_FLAG, FILE_FLAGS, PRINT_FLAGS],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    super::require_resource(ctx)?;
    let wanted = ctx.given().int("revision");
    if wanted < 0 {
        return Err(Error::Text(format!("revision must be a positive integer: {wanted}")));
    }
    let selection = super::selection(ctx)?;
    let formatted = ctx.given().changed("output");
    let mut printer = Printer::new(ctx, "", DryRun::None)?.typed();
    selection.visit(ctx, &mut |ctx, info| {
        let sets = history(ctx, &info)?;
        if formatted {
            print_sets(ctx, &mut printer, &sets, wanted)
        } else {
            view(ctx, &info, &sets, wanted)
        }
    })?;
    Ok(Flow::Done)
}

/// The ReplicaSets by revision.
fn history(ctx: &mut Ctx<'_>, info: &Info) -> Result<BTreeMap<i64, Value>, Error> {
    if !matches!(info.kind.kind, "Deployment" | "DaemonSet" | "StatefulSet") {
        let kind = quote(&info.kind.group_kind());
        return Err(Error::Text(match info.kind.visited() {
            true => format!("no history viewer has been implemented for {kind}"),
            false => format!(
                "error retrieving history for {kind}, no visitor method exists for {{{} {}}}",
                info.kind.group, info.kind.kind
            ),
        }));
    }
    if info.kind.kind != "Deployment" {
        return Ok(BTreeMap::new());
    }
    let deployment = ctx.get(info.kind, &info.namespace, &info.name).map_err(|error| {
        Error::Text(format!("failed to retrieve deployment {}: {}", info.name, error.message()))
    })?;
    let sets = replica_sets(ctx, &deployment)?;
    Ok(order::gather(sets.into_iter().filter_map(|set| Some((revision(&set)?, set)))))
}

fn print_sets(
    ctx: &mut Ctx<'_>,
    printer: &mut Printer,
    sets: &BTreeMap<i64, Value>,
    wanted: i64,
) -> Result<(), Error> {
    if wanted > 0 {
        let set = sets.get(&wanted).ok_or("unable to find the specified revision")?;
        return printer.print(ctx, set);
    }
    sets.values().try_for_each(|set| printer.print(ctx, set))
}

fn view(
    ctx: &mut Ctx<'_>,
    info: &Info,
    sets: &BTreeMap<i64, Value>,
    wanted: i64,
) -> Result<(), Error> {
    let text = if sets.is_empty() {
        "No rollout history found.".to_owned()
    } else if wanted > 0 {
        let set = sets.get(&wanted).ok_or("unable to find the specified revision")?;
        // A change-cause is shown as if it belonged to the template.
        let mut template = serde_json::json!({"metadata": {}});
        template.clone_from(&set["spec"]["template"]);
        if let Some(cause) = annotation(set, CHANGE_CAUSE).filter(|cause| !cause.is_empty()) {
            set_annotation(&mut template, CHANGE_CAUSE, cause);
        }
        describe::pod_template(&template)
    } else {
        table(sets)
    };
    let with_revision = if wanted > 0 { format!("with revision #{wanted}") } else { String::new() };
    let operation = format!("{with_revision}\n{text}");
    ctx.println(&crate::printer::result_line(&info.object, &operation));
    Ok(())
}

fn table(sets: &BTreeMap<i64, Value>) -> String {
    let mut rows = "REVISION\tCHANGE-CAUSE\n".to_owned();
    for (number, set) in sets {
        let own = annotation(set, CHANGE_CAUSE).filter(|cause| !cause.is_empty());
        let templates = || annotation(&set["spec"]["template"], CHANGE_CAUSE);
        let cause = own.or_else(templates).filter(|cause| !cause.is_empty()).unwrap_or("<none>");
        rows.push_str(&format!("{number}\t{cause}\n"));
    }
    tabwriter::align(&rows, 0, 2)
}
