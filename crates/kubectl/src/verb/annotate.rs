//! `kubectl annotate`. Models `kubectl/pkg/cmd/annotate/annotate.go`.

use std::collections::BTreeMap;

use rollscope_api::{PatchType, Value};

use super::metadata::{Changes, before, demand_version, print_list, validate_selection};
use crate::builder::{ALL_FLAG, FILE_FLAGS, LOCAL_FLAG, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags_table::{
    ALL_NAMESPACES, DRY_RUN, FIELD_MANAGER, FIELD_SELECTOR, LIST, OVERWRITE, RECORD,
    RESOURCE_VERSION,
};
use crate::info::Info;
use crate::merge_diff::merge_patch;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;
use crate::{pairs, record};
use rollscope_api::annotation::CHANGE_CAUSE;

/// `annotate`
pub(crate) static ANNOTATE: Command = Command {
    name: "annotate",
    usage: "[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    short: "Change the annotations of objects",
    examples: &[
        "annotate deployment/web kubernetes.io/change-cause='image 2.0'",
        "annotate deployment/web note-",
    ],
    flags: &[
        PRINT_FLAGS,
        RECORD,
        DRY_RUN,
        FILE_FLAGS,
        FIELD_MANAGER,
        SELECTOR_FLAG,
        OVERWRITE,
        LIST,
        LOCAL_FLAG,
        FIELD_SELECTOR,
        ALL_FLAG,
        ALL_NAMESPACES,
        RESOURCE_VERSION,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let mut printer = Printer::new(ctx, "annotated", dry_run)?;
    let (resources, annotations) = pairs::split(&ctx.args(), "annotation")?;
    let (set, remove) = pairs::parse(&annotations, "annotation", true)?;
    let given = ctx.given().clone();
    validate(ctx, &resources, &set, &remove, dry_run)?;
    let changes = Changes::new(ctx, set, remove);
    let (local, list) = (given.on("local"), given.on("list"));
    let selection = changes.selection(ctx, &resources)?;
    let single = selection.single;
    selection.visit(ctx, &mut |ctx, info| {
        let object = if dry_run == DryRun::Client || local || list {
            let mut after = info.object.clone();
            make(&changes, &mut after)?;
            after
        } else {
            annotate(ctx, &info, &changes, dry_run)?
        };
        if list {
            print_list(ctx, &info, single, "annotations", &object["metadata"]["annotations"]);
            return Ok(());
        }
        printer.print(ctx, &object)
    })?;
    Ok(Flow::Done)
}

fn validate(
    ctx: &Ctx<'_>,
    resources: &[String],
    set: &BTreeMap<String, String>,
    remove: &[String],
    dry_run: DryRun,
) -> Result<(), Error> {
    validate_selection(ctx, resources, dry_run, "rsrc")?;
    if set.is_empty() && remove.is_empty() && !ctx.given().on("list") {
        return Err("at least one annotation update is required".into());
    }
    let both: Vec<&str> =
        remove.iter().filter(|key| set.contains_key(*key)).map(String::as_str).collect();
    if !both.is_empty() {
        return Err(Error::Text(format!(
            "can not both modify and remove the following annotation(s) in the same command: {}",
            both.join(", ")
        )));
    }
    Ok(())
}

fn annotate(
    ctx: &mut Ctx<'_>,
    info: &Info,
    changes: &Changes,
    dry_run: DryRun,
) -> Result<Value, Error> {
    let before = before(info, &changes.version);
    let mut after = before.clone();
    record::record(ctx, &mut after);
    make(changes, &mut after)?;
    ctx.patch_object(
        info,
        PatchType::Merge,
        merge_patch(&before, &after),
        Write::by("kubectl-annotate", dry_run),
    )
}

fn make(changes: &Changes, object: &mut Value) -> Result<(), Error> {
    if !changes.overwrite {
        refuse_overwrites(changes, object)?;
    }
    let mut annotations =
        object["metadata"]["annotations"].as_object().cloned().unwrap_or_default();
    for (key, value) in &changes.set {
        annotations.insert(key.clone(), value.as_str().into());
    }
    for key in &changes.remove {
        annotations.remove(key);
    }
    object["metadata"]["annotations"] = annotations.into();
    demand_version(object, &changes.version);
    Ok(())
}

/// The change-cause may always be overwritten.
fn refuse_overwrites(changes: &Changes, object: &Value) -> Result<(), Error> {
    let mut refused = Vec::new();
    for (key, value) in changes.set.iter().filter(|(key, _)| *key != CHANGE_CAUSE) {
        let current = crate::info::annotation(object, key);
        if let Some(current) = current.filter(|current| *current != value.as_str()) {
            refused.push(format!("'{key}' already has a value ({current})"));
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    Err(Error::Text(format!(
        "--overwrite is false but found the following declared annotation(s): {}",
        refused.join("; ")
    )))
}
