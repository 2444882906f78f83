//! `kubectl apply view-last-applied` and `set-last-applied`. Models
//! `kubectl/pkg/cmd/apply/apply_view_last_applied.go` and `apply_set_last_applied.go`.

use rollscope_api::{PatchType, Value};
use serde_json::json;

use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::DRY_RUN;
use crate::info::annotation;
use crate::output::to_yaml;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;
use crate::{go, last_applied};
use rollscope_api::annotation::LAST_APPLIED;

/// `apply view-last-applied`
pub(crate) static VIEW: Command = Command {
    name: "view-last-applied",
    usage: "(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
    short: "Show the manifest that was applied last",
    examples: &["apply view-last-applied deployment/web"],
    flags: &[
        &[Flag::text("output", "yaml or json.").short('o').default("yaml")],
        ALL_FLAG,
        FILE_FLAGS,
        SELECTOR_FLAG,
    ],
    run: Run::Verb(view),
    ..COMMAND
};

/// `apply set-last-applied`
pub(crate) static SET: Command = Command {
    name: "set-last-applied",
    usage: "-f FILENAME",
    short: "Take a file for the manifest that was applied last",
    examples: &["apply set-last-applied -f web.yaml --create-annotation"],
    flags: &[
        PRINT_FLAGS,
        DRY_RUN,
        &[Flag::switch("create-annotation", "Write the annotation where there is none.")],
        FILE_FLAGS,
    ],
    run: Run::Verb(set),
    ..COMMAND
};

/// `apply edit-last-applied`
pub(crate) static EDIT: Command = Command {
    name: "edit-last-applied",
    short: "Not part of the playground",
    run: Run::Absent("edit the file and use apply set-last-applied"),
    ..COMMAND
};

fn view(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let given = ctx.given().clone();
    let args = ctx.args();
    let infos = Builder::new(ctx)
        .files(ctx)
        .args(ctx.namespace_enforced(), &args)
        .select_all(given.on("all"))
        .label_selector(given.text("selector"))
        .latest()
        .flatten()
        .done()?
        .all(ctx)?;
    let mut configurations = Vec::new();
    for info in &infos {
        match annotation(&info.object, LAST_APPLIED) {
            Some(text) => configurations.push(text.to_owned()),
            None if info.source.is_empty() => {}
            None => {
                return Err(Error::Text(format!(
                    "error when no last-applied-configuration annotation found on resource: {}\n \
                     {}: <nil>",
                    info.name,
                    go::quote(&info.source)
                )));
            }
        }
    }
    for text in configurations {
        let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        match given.text("output") {
            "json" => ctx.print(&indented(&value, &text)),
            "yaml" => ctx.print(&to_yaml(&value)),
            other => {
                return Err(ctx.usage_error(&format!(
                    "Unexpected -o output mode: {other}, the flag 'output' must be one of yaml|json"
                )));
            }
        }
    }
    Ok(Flow::Done)
}

/// Indented by two; what follows the JSON in the annotation, a line break, stays.
fn indented(value: &Value, text: &str) -> String {
    let mut pretty = serde_json::to_string_pretty(value).unwrap_or_default();
    if text.ends_with('\n') {
        pretty.push('\n');
    }
    pretty
}

fn set(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let mut printer = Printer::new(ctx, "configured", dry_run)?;
    let create = ctx.given().on("create-annotation");
    let infos = Builder::new(ctx).files(ctx).flatten().done()?.all(ctx)?;
    let mut changes = Vec::new();
    for mut info in infos {
        let configuration = last_applied::configuration_as_it_is(&info.object);
        info.get(ctx).map_err(|error| {
            if error.is_not_found() {
                return error;
            }
            let doing = format!(
                "retrieving current configuration of:\n{}\nfrom server for:",
                info.describe()
            );
            error.with_source(&doing, &info.source)
        })?;
        let present = annotation(&info.object, LAST_APPLIED).map(str::to_owned);
        if present.is_none() && !create {
            return Err(Error::Text(format!(
                "no last-applied-configuration annotation found on resource: {}, to create the \
                 annotation, run the command with --create-annotation",
                info.name
            )));
        }
        if present.as_deref() == Some(configuration.as_str()) {
            ctx.println(&format!("set-last-applied {}: no changes required.", info.name));
        } else {
            changes.push((info, configuration));
        }
    }
    for (mut info, configuration) in changes {
        if dry_run != DryRun::Client {
            let patch = json!({"metadata": {"annotations": {LAST_APPLIED: configuration}}});
            info.object =
                ctx.patch_object(&info, PatchType::Merge, patch, Write::by("kubectl", dry_run))?;
        }
        printer.print(ctx, &info.object)?;
    }
    Ok(Flow::Done)
}
