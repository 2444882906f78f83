//! `kubectl diff`. Models `kubectl/pkg/cmd/diff/diff.go`; the comparison is that of `diff -u -N`.

use rollscope_api::annotation::LAST_APPLIED;
use rollscope_api::order;
use rollscope_api::{PatchType, Value};

use super::apply::patch_for;
use crate::builder::{Builder, FILE_FLAGS, SELECTOR_FLAG, require_files};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::FIELD_MANAGER;
use crate::go;
use crate::info::{Info, name_of};
use crate::output::to_yaml;
use crate::printer::omit_managed_fields;
use crate::unified::unified;
use crate::waiting::Flow;
use crate::workload::is_empty;

const FLAGS: &[Flag] = &[
    Flag::of(Kind::Array, "prune-allowlist", "", "Types that --prune may delete."),
    Flag::switch("prune", "Show what pruning would delete: not part of the playground."),
    Flag::switch("show-managed-fields", "Keep managedFields."),
    Flag::switch("show-secrets", "Do not mask the values of secrets."),
    Flag::of(Kind::Int, "concurrency", "1", "Has no effect here."),
    Flag::switch("server-side", "Let the server merge: not part of the playground."),
    Flag::switch("force-conflicts", "With --server-side: take over fields of other managers."),
];

/// `diff`
pub(crate) static DIFF: Command = Command {
    name: "diff",
    usage: "-f FILENAME",
    short: "Show what apply would change",
    examples: &["diff -f web.yaml"],
    flags: &[FLAGS, FILE_FLAGS, FIELD_MANAGER, SELECTOR_FLAG],
    run: Run::Verb(run),
    ..COMMAND
};

/// The exit code of failures: 1 means that there are differences.
fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    match compare(ctx) {
        Ok(false) => Ok(Flow::Done),
        Ok(true) => Err(Error::Exit(1)),
        Err(error) => {
            let (text, code) = error.report();
            ctx.out.stderr.push_str(&text);
            Err(Error::Exit(code + 1))
        }
    }
}

/// Whether there are differences.
fn compare(ctx: &mut Ctx<'_>) -> Result<bool, Error> {
    let args = ctx.args();
    if !args.is_empty() {
        return Err(ctx.usage_error(&format!("Unexpected args: {}", go::list(&args))));
    }
    require_files(ctx.given())?;
    let given = ctx.given().clone();
    if given.on("force-conflicts") && !given.on("server-side") {
        return Err("--force-conflicts only works with --server-side".into());
    }
    if given.on("server-side") {
        return Err("server-side apply (--server-side) is not part of the playground".into());
    }
    if given.on("prune") {
        return Err("--prune is not part of the playground".into());
    }
    let selection =
        Builder::new(ctx).files(ctx).label_selector(given.text("selector")).flatten().done()?;
    let mut files: Vec<(String, String, String)> = Vec::new();
    selection.visit(ctx, &mut |ctx, info| {
        let (live, mut merged) = states(ctx, &info)?;
        let mut live_shown = live.clone().unwrap_or(Value::Null);
        if !given.on("show-managed-fields") {
            omit_managed_fields(&mut live_shown);
            omit_managed_fields(&mut merged);
        }
        if info.kind.kind == "Secret" && !given.on("show-secrets") {
            mask(&mut live_shown, &mut merged);
        }
        let before = if live.is_some() { to_yaml(&live_shown) } else { String::new() };
        files.push((file_name(&info), before, to_yaml(&merged)));
        if !live_shown["metadata"]["deletionTimestamp"].is_null() {
            ctx.eprintln(&format!(
                "Warning: Detected changes to resource {} which is currently being deleted.",
                name_of(&live_shown)
            ));
        }
        Ok(())
    })?;
    order::sort(&mut files);
    let mut differs = false;
    for (name, before, after) in files {
        if before == after {
            continue;
        }
        differs = true;
        let (seconds, now) = (ctx.now().timestamp().as_secs(), ctx.now().timestamp());
        let (year, month, day, hour, minute, second) = now.civil();
        let time = format!(
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.000000000 +0000"
        );
        // The directories have numbers that mean nothing; these follow from the moment.
        let number = seconds.unsigned_abs() % 1_000_000_000;
        let from = format!("/tmp/LIVE-{number}/{name}");
        let to = format!("/tmp/MERGED-{}/{name}", number + 1);
        let body = unified(&before, &after);
        ctx.print(&format!("diff -u -N {from} {to}\n--- {from}\t{time}\n+++ {to}\t{time}\n{body}"));
    }
    Ok(differs)
}

/// The live object, if there is one, and what it would become.
fn states(ctx: &mut Ctx<'_>, info: &Info) -> Result<(Option<Value>, Value), Error> {
    let write = Write::by("kubectl-client-side-apply", DryRun::Server);
    let live = match ctx.get(info.kind, &info.namespace, &info.name) {
        Ok(live) => live,
        Err(error) if error.is_not_found() => {
            let merged = ctx.create(info.kind, &info.namespace, info.object.clone(), write)?;
            return Ok((None, merged));
        }
        Err(error) => return Err(error),
    };
    // Unlike apply, diff leaves the annotation as it is.
    let mut modified = info.object.clone();
    crate::info::set_annotation(&mut modified, LAST_APPLIED, "");
    if let Some(annotations) = modified["metadata"]["annotations"].as_object_mut() {
        annotations.remove(LAST_APPLIED);
    }
    let mut patch = patch_for(info, &modified, &live)?;
    if is_empty(&patch) {
        return Ok((Some(live.clone()), live));
    }
    patch["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"].clone();
    let merged = ctx.patch_object(info, PatchType::StrategicMerge, patch, write)?;
    Ok((Some(live), merged))
}

fn file_name(info: &Info) -> String {
    let group = match info.kind.group {
        "" => String::new(),
        group => format!("{group}."),
    };
    format!("{group}{}.{}.{}.{}", info.kind.version, info.kind.kind, info.namespace, info.name)
}

/// Hides the values of secrets, but not whether they differ.
fn mask(before: &mut Value, after: &mut Value) {
    let empty = serde_json::Map::new();
    let old = before["data"].as_object().unwrap_or(&empty).clone();
    let new = after["data"].as_object().unwrap_or(&empty).clone();
    for (key, value) in &old {
        let changed = new.get(key).is_some_and(|other| other != value);
        before["data"][key] = if changed { "*** (before)" } else { "***" }.into();
    }
    for (key, value) in &new {
        let changed = old.get(key).is_some_and(|other| other != value);
        after["data"][key] = if changed { "*** (after)" } else { "***" }.into();
    }
}
