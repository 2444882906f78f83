//! `kubectl annotate`. Models `kubectl/pkg/cmd/annotate/annotate.go`.

use std::collections::BTreeMap;

use rollscope_api::{PatchType, Subresource, Value};

use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, LOCAL_FLAG, SELECTOR_FLAG, no_files};
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

struct Changes {
    set: BTreeMap<String, String>,
    remove: Vec<String>,
    overwrite: bool,
    version: String,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let mut printer = Printer::new(ctx, "annotated", dry_run)?;
    let (resources, annotations) = pairs::split(&ctx.args(), "annotation")?;
    let (set, remove) = pairs::parse(&annotations, "annotation", true)?;
    let given = ctx.given().clone();
    validate(ctx, &resources, &set, &remove, dry_run)?;
    let changes = Changes {
        set,
        remove,
        overwrite: given.on("overwrite"),
        version: given.text("resource-version").to_owned(),
    };

    let (local, list) = (given.on("local"), given.on("list"));
    let builder = Builder::new(ctx).local(local).continue_on_error().files(ctx).flatten();
    let builder = if local {
        builder
    } else {
        builder
            .label_selector(given.text("selector"))
            .field_selector(given.text("field-selector"))
            .all_namespaces(given.on("all-namespaces"))
            .args(given.on("all"), &resources)
            .latest()
    };
    let selection = builder.done()?;
    let single = selection.single;
    if !single && !changes.version.is_empty() {
        return Err("--resource-version may only be used with a single resource".into());
    }
    selection.visit(ctx, &mut |ctx, info| {
        let object = if dry_run == DryRun::Client || local || list {
            let mut after = info.object.clone();
            changes.make(&mut after)?;
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
    let given = ctx.given();
    for selector in ["selector", "field-selector"] {
        if given.on("all") && !given.text(selector).is_empty() {
            return Err(Error::Text(format!("cannot set --all and --{selector} at the same time")));
        }
    }
    if !given.on("local") {
        if resources.is_empty() && no_files(given) {
            return Err(
                "one or more resources must be specified as <resource> <name> or <resource>/<name>"
                    .into(),
            );
        }
    } else if dry_run == DryRun::Server {
        return Err(
            "cannot specify --local and --dry-run=server - did you mean --dry-run=client?".into()
        );
    } else if !resources.is_empty() {
        return Err("can only use local files by -f rsrc.yaml or --filename=rsrc.json when --local=true is set".into());
    } else if no_files(given) {
        return Err(
            "one or more files must be specified as -f rsrc.yaml or --filename=rsrc.json".into()
        );
    }
    if set.is_empty() && remove.is_empty() && !given.on("list") {
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
    let mut before = info.object.clone();
    if !changes.version.is_empty()
        && let Some(metadata) = before["metadata"].as_object_mut()
    {
        // The version must be in the patch even where it is the present one.
        metadata.remove("resourceVersion");
    }
    let mut after = before.clone();
    record::record(ctx, &mut after);
    changes.make(&mut after)?;
    ctx.patch(
        info.kind,
        &info.namespace,
        &info.name,
        Subresource::None,
        PatchType::Merge,
        merge_patch(&before, &after),
        Write::by("kubectl-annotate", dry_run),
    )
}

impl Changes {
    fn make(&self, object: &mut Value) -> Result<(), Error> {
        if !self.overwrite {
            self.refuse_overwrites(object)?;
        }
        let mut annotations =
            object["metadata"]["annotations"].as_object().cloned().unwrap_or_default();
        for (key, value) in &self.set {
            annotations.insert(key.clone(), value.as_str().into());
        }
        for key in &self.remove {
            annotations.remove(key);
        }
        object["metadata"]["annotations"] = annotations.into();
        if !self.version.is_empty() {
            object["metadata"]["resourceVersion"] = self.version.as_str().into();
        }
        Ok(())
    }

    /// The change-cause may always be overwritten.
    fn refuse_overwrites(&self, object: &Value) -> Result<(), Error> {
        let mut refused = Vec::new();
        for (key, value) in self.set.iter().filter(|(key, _)| *key != CHANGE_CAUSE) {
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
}

/// `--list`
pub(crate) fn print_list(ctx: &mut Ctx<'_>, info: &Info, single: bool, what: &str, values: &Value) {
    let indent = if single { "" } else { " " };
    if !single {
        let (kind, group) = (info.kind.kind, info.kind.group);
        ctx.println(&format!("Listing {what} for {kind}.{group}/{}:", info.name));
    }
    for (key, value) in values.as_object().into_iter().flatten() {
        ctx.println(&format!("{indent}{key}={}", value.as_str().unwrap_or_default()));
    }
}
