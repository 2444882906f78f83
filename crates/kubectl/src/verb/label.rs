//! `kubectl label`. Models `kubectl/pkg/cmd/label/label.go`.

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
use crate::go::quote;
use crate::info::Info;
use crate::merge_diff::merge_patch;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;
use crate::{pairs, record};

/// `label`
pub(crate) static LABEL: Command = Command {
    name: "label",
    usage: "[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    short: "Change the labels of objects",
    examples: &["label deployment/web tier=front", "label pods --all tier-"],
    flags: &[
        RECORD,
        PRINT_FLAGS,
        OVERWRITE,
        LIST,
        LOCAL_FLAG,
        FIELD_SELECTOR,
        ALL_FLAG,
        ALL_NAMESPACES,
        RESOURCE_VERSION,
        FILE_FLAGS,
        DRY_RUN,
        FIELD_MANAGER,
        SELECTOR_FLAG,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let (resources, labels) = pairs::split(&ctx.args(), "label")?;
    let (set, remove) = parse(&labels)?;
    let given = ctx.given().clone();
    if given.on("list") && !given.text("output").is_empty() {
        return Err("--list and --output may not be specified together".into());
    }
    validate(ctx, &resources, !set.is_empty() || !remove.is_empty(), dry_run)?;
    let changes = Changes::new(ctx, set, remove);
    let selection = changes.selection(ctx, &resources)?;
    let single = selection.single;
    selection.visit(ctx, &mut |ctx, info| one(ctx, &info, &changes, dry_run, single))?;
    Ok(Flow::Done)
}

/// Unlike annotations, labels are checked before they are sent.
fn parse(specs: &[String]) -> Result<pairs::Changes, Error> {
    let mut set = BTreeMap::new();
    let mut remove = Vec::new();
    for spec in specs {
        if spec.contains('=') {
            let parts: Vec<&str> = spec.split('=').collect();
            let [key, value] = parts.as_slice() else {
                return Err(Error::Text(format!("invalid label spec: {spec}")));
            };
            if let Some(problem) = wrong_value(value) {
                return Err(Error::Text(format!(
                    "invalid label value: {}: {problem}",
                    quote(spec)
                )));
            }
            set.insert((*key).to_owned(), (*value).to_owned());
        } else if let Some(key) = spec.strip_suffix('-') {
            remove.push(key.to_owned());
        } else {
            return Err(Error::Text(format!("unknown label spec: {spec}")));
        }
    }
    if remove.iter().any(|key| set.contains_key(key)) {
        return Err("can not both modify and remove a label in the same command".into());
    }
    Ok((set, remove))
}

/// Why a text cannot be a label's value.
fn wrong_value(value: &str) -> Option<String> {
    let mut problems = Vec::new();
    if value.len() > 63 {
        problems.push("must be no more than 63 bytes");
    }
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let outer = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let well_formed = value.is_empty()
        || (outer(value.chars().next())
            && outer(value.chars().next_back())
            && value.chars().all(inner));
    if !well_formed {
        problems.push(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', \
             '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  \
             or 'my_value',  or '12345', regex used for validation is \
             '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        );
    }
    if problems.is_empty() { None } else { Some(problems.join(";")) }
}

fn validate(
    ctx: &Ctx<'_>,
    resources: &[String],
    changes: bool,
    dry_run: DryRun,
) -> Result<(), Error> {
    validate_selection(ctx, resources, dry_run, "pod")?;
    if !changes && !ctx.given().on("list") {
        return Err("at least one label update is required".into());
    }
    Ok(())
}

fn one(
    ctx: &mut Ctx<'_>,
    info: &Info,
    changes: &Changes,
    dry_run: DryRun,
    single: bool,
) -> Result<(), Error> {
    let (local, list) = (ctx.given().on("local"), ctx.given().on("list"));
    let before = before(info, &changes.version);
    let mut after = before.clone();
    let offline = dry_run == DryRun::Client || local || list;
    if !offline {
        for key in &changes.remove {
            if before["metadata"]["labels"][key.as_str()].is_null() {
                ctx.println(&format!("label {} not found.", quote(key)));
            }
        }
    }
    let (added, removed) = make(changes, &mut after)?;
    if !offline {
        record::record(ctx, &mut after);
        if added || removed {
            ctx.patch_object(
                info,
                PatchType::Merge,
                merge_patch(&before, &after),
                Write::by("kubectl-label", dry_run),
            )?;
        }
    }
    if list {
        print_list(ctx, info, single, "labels", &after["metadata"]["labels"]);
        return Ok(());
    }
    let done = match (added, removed) {
        (true, true) => "modified",
        (true, false) => "labeled",
        (false, true) => "unlabeled",
        (false, false) => "not labeled",
    };
    Printer::new(ctx, done, dry_run)?.print(ctx, &after)
}

/// Whether labels were added or changed, and whether some were removed.
fn make(changes: &Changes, object: &mut Value) -> Result<(bool, bool), Error> {
    let mut labels = object["metadata"]["labels"].as_object().cloned().unwrap_or_default();
    let (mut added, mut removed) = (false, false);
    let mut refused = Vec::new();
    for (key, value) in &changes.set {
        let current = labels.get(key).and_then(Value::as_str);
        if let Some(current) = current.filter(|current| *current != value.as_str())
            && !changes.overwrite
        {
            refused.push(Error::Text(format!(
                "'{key}' already has a value ({current}), and --overwrite is false"
            )));
        }
        added |= current != Some(value.as_str());
    }
    Error::aggregate(refused)?;
    for (key, value) in &changes.set {
        labels.insert(key.clone(), value.as_str().into());
    }
    for key in &changes.remove {
        removed |= labels.remove(key).is_some();
    }
    object["metadata"]["labels"] = labels.into();
    demand_version(object, &changes.version);
    Ok((added, removed))
}
