//! `kubectl patch`. Models `kubectl/pkg/cmd/patch/patch.go`.

use rollscope_api::{PatchType, Subresource, Value, merge, yaml};

use crate::builder::{Builder, FILE_FLAGS, LOCAL_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, RECORD, SUBRESOURCE};
use crate::go::quote;
use crate::info::Info;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::record;
use crate::waiting::Flow;

const FLAGS: &[Flag] = &[
    Flag::text("patch", "The patch, as JSON or YAML.").short('p'),
    Flag::text("patch-file", "A file that holds the patch."),
    Flag::text("type", "json, merge or strategic.").default("strategic"),
];

/// `patch`
pub(crate) static PATCH: Command = Command {
    name: "patch",
    usage: "(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
    short: "Change fields of objects",
    examples: &[r#"patch deployment/web -p '{"spec":{"replicas":2}}'"#],
    flags: &[
        RECORD,
        PRINT_FLAGS,
        FLAGS,
        DRY_RUN,
        FILE_FLAGS,
        LOCAL_FLAG,
        FIELD_MANAGER,
        SUBRESOURCE,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let given = ctx.given().clone();
    let args = ctx.args();
    let (inline, file) = (given.text("patch"), given.text("patch-file"));
    if !inline.is_empty() && !file.is_empty() {
        return Err("cannot specify --patch and --patch-file together".into());
    }
    if inline.is_empty() && file.is_empty() {
        return Err(
            "must specify --patch or --patch-file containing the contents of the patch".into()
        );
    }
    let local = given.on("local");
    if local && !args.is_empty() {
        return Err("cannot specify --local and server resources".into());
    }
    if local && dry_run == DryRun::Server {
        return Err(
            "cannot specify --local and --dry-run=server - did you mean --dry-run=client?".into()
        );
    }
    let patch_type = match given.text("type").to_lowercase().as_str() {
        "json" => PatchType::Json,
        "merge" => PatchType::Merge,
        "strategic" | "" => PatchType::StrategicMerge,
        _ => {
            return Err(Error::Text(format!(
                "--type must be one of [json merge strategic], not {}",
                quote(given.text("type"))
            )));
        }
    };
    let patch = read(ctx, inline, file)?;
    let subresource = subresource(given.text("subresource"))?;
    let selection = Builder::new(ctx)
        .continue_on_error()
        .local(local)
        .files(ctx)
        .subresource(given.text("subresource"))
        .args(false, &args)
        .flatten()
        .done()?;
    let mut count = 0;
    selection.visit(ctx, &mut |ctx, info| {
        count += 1;
        if local || dry_run == DryRun::Client {
            let after = patched(&info, patch_type, &patch)?;
            return print(ctx, &info.object, &after);
        }
        let write = Write::by("kubectl-patch", dry_run);
        let mut after = ctx.patch(
            info.kind,
            &info.namespace,
            &info.name,
            subresource,
            patch_type,
            patch.clone(),
            write,
        )?;
        let changed = after != info.object;
        if let Some(cause) = record::patch(ctx, &after) {
            let (merge, kind) = (PatchType::Merge, info.kind);
            let recorded =
                ctx.patch(kind, &info.namespace, &info.name, subresource, merge, cause, write);
            after = recorded.unwrap_or(after);
        }
        // The result line of a patch says nothing of a dry run.
        Printer::new(ctx, operation(changed), DryRun::None)?.print(ctx, &after)
    })?;
    if count == 0 {
        return Err("no objects passed to patch".into());
    }
    Ok(Flow::Done)
}

/// The part of the object that `--subresource` names.
pub(crate) fn subresource(name: &str) -> Result<Subresource, Error> {
    match name {
        "" => Ok(Subresource::None),
        "status" => Ok(Subresource::Status),
        "scale" => Ok(Subresource::Scale),
        other => Err(Error::Text(format!("the playground has no subresource {}", quote(other)))),
    }
}

fn read(ctx: &Ctx<'_>, inline: &str, file: &str) -> Result<Value, Error> {
    let text = if file.is_empty() {
        inline
    } else {
        ctx.files.read(file).ok_or_else(|| {
            Error::Text(format!(
                "unable to read patch file: open {file}: no such file or directory"
            ))
        })?
    };
    match yaml::parse(text) {
        Ok(documents) => {
            Ok(documents.into_iter().next().map_or(Value::Null, |document| document.value))
        }
        // What looks like JSON is sent as it is, and it is the server that cannot read it.
        Err(problem) if text.trim_start().starts_with('{') => Err(json_error(&problem.message)),
        Err(problem) => {
            let message = problem.message.trim_start_matches("error converting YAML to JSON: ");
            Err(Error::Text(format!("unable to parse {}: {message}", quote(inline))))
        }
    }
}

fn json_error(problem: &str) -> Error {
    let problem = match problem.strip_prefix("json: offset ") {
        Some(rest) => rest.split_once(": ").map_or(rest, |(_, problem)| problem),
        None => "unexpected end of JSON input",
    };
    rollscope_api::Status::bad_request(problem).into()
}

fn patched(info: &Info, patch_type: PatchType, patch: &Value) -> Result<Value, Error> {
    let current = &info.object;
    match (patch_type, info.kind.resource()) {
        (PatchType::Json, _) => {
            merge::json_patch(current, patch).map_err(|status| Error::Text(status.message))
        }
        (PatchType::StrategicMerge, Some(resource)) => {
            merge::strategic_merge(resource, current, patch)
                .map_err(|status| Error::Text(status.message))
        }
        _ => Ok(merge::json_merge(current, patch)),
    }
}

fn operation(changed: bool) -> &'static str {
    if changed { "patched" } else { "patched (no change)" }
}

fn print(ctx: &mut Ctx<'_>, before: &Value, after: &Value) -> Result<(), Error> {
    Printer::new(ctx, operation(before != after), DryRun::None)?.print(ctx, after)
}
