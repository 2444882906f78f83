//! `kubectl rollout undo`. Models `kubectl/pkg/cmd/rollout/rollout_undo.go` and
//! `polymorphichelpers/rollback.go`.

use rollscope_api::annotation::{
    DESIRED_REPLICAS, LAST_APPLIED, MAX_REPLICAS, REVISION, REVISION_HISTORY, ROLLBACK_TO,
};
use rollscope_api::{PatchType, Value, equality};
use serde_json::json;

use super::revisions::{replica_sets, revision};
use crate::builder::{FILE_FLAGS, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::describe;
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::DRY_RUN;
use crate::go::quote;
use crate::info::{Info, annotation};
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;

const FLAGS: &[Flag] =
    &[Flag::of(Kind::Int, "to-revision", "0", "The revision to return to; 0 is the one before.")];

/// `rollout undo`
pub(crate) static UNDO: Command = Command {
    name: "undo",
    usage: "(TYPE NAME | TYPE/NAME) [flags]",
    short: "Return to an earlier revision",
    examples: &["rollout undo deployment/web", "rollout undo deployment/web --to-revision=3"],
    flags: &[FLAGS, FILE_FLAGS, DRY_RUN, SELECTOR_FLAG, PRINT_FLAGS],
    run: Run::Verb(run),
    ..COMMAND
};

/// What belongs to the Deployment and not to a revision.
const ANNOTATIONS_TO_SKIP: [&str; 6] =
    [LAST_APPLIED, REVISION, REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, ROLLBACK_TO];

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    super::require_resource(ctx)?;
    let to_revision = ctx.given().int("to-revision");
    let selection = super::selection(ctx)?;
    selection.visit(ctx, &mut |ctx, info| {
        if annotation(&info.object, LAST_APPLIED).is_some() {
            ctx.eprintln(&format!(
                "Warning: resource {} was previously managed with 'kubectl apply'. Rolling back \
                 will not update the {LAST_APPLIED} annotation, which may cause unexpected \
                 behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' \
                 with your previous configuration file instead.",
                info.object_name()
            ));
        }
        let result = roll_back(ctx, &info, to_revision, dry_run)?;
        Printer::new(ctx, &result, dry_run)?.typed().print(ctx, &info.object)
    })?;
    Ok(Flow::Done)
}

/// Returns what the result line says.
fn roll_back(
    ctx: &mut Ctx<'_>,
    info: &Info,
    to_revision: i64,
    dry_run: DryRun,
) -> Result<String, Error> {
    match info.kind.kind {
        "Deployment" => {}
        "DaemonSet" | "StatefulSet" => {
            return Err(Error::Text(format!(
                "no rollout history found for {}",
                info.object_name()
            )));
        }
        _ => {
            let kind = quote(&info.kind.group_kind());
            return Err(Error::Text(match info.kind.visited() {
                true => format!("no rollbacker has been implemented for {kind}"),
                false => format!(
                    "error retrieving rollbacker for {kind}, no visitor method exists for {{{} {}}}",
                    info.kind.group, info.kind.kind
                ),
            }));
        }
    }
    if to_revision < 0 {
        return Err(not_found(to_revision));
    }
    let deployment = ctx.get(info.kind, &info.namespace, &info.name).map_err(|error| {
        Error::Text(format!("failed to retrieve Deployment {}: {}", info.name, error.message()))
    })?;
    let mut target = target(ctx, &deployment, to_revision)?;
    if dry_run == DryRun::Client {
        return Ok(describe::pod_template(&target["spec"]["template"]));
    }
    if deployment["spec"]["paused"].as_bool() == Some(true) {
        return Err("you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again".into());
    }
    if equality::equal_ignore_hash(&target["spec"]["template"], &deployment["spec"]["template"]) {
        return Ok(format!(
            "skipped rollback (current template already matches revision {to_revision})"
        ));
    }
    if let Some(labels) = target["spec"]["template"]["metadata"]["labels"].as_object_mut() {
        labels.remove("pod-template-hash");
    }
    let patch = json!([
        {"op": "replace", "path": "/spec/template", "value": target["spec"]["template"]},
        {"op": "replace", "path": "/metadata/annotations", "value": annotations(&deployment, &target)},
    ]);
    ctx.patch_object(info, PatchType::Json, patch, Write::by("kubectl-rollout", dry_run)).map_err(
        |error| {
            Error::Text(format!("failed restoring revision {to_revision}: {}", error.message()))
        },
    )?;
    Ok("rolled back".into())
}

/// The Deployment's own annotations and otherwise those of the revision.
fn annotations(deployment: &Value, target: &Value) -> Value {
    let mut annotations = serde_json::Map::new();
    for key in ANNOTATIONS_TO_SKIP {
        if let Some(value) = annotation(deployment, key) {
            annotations.insert(key.into(), value.into());
        }
    }
    let revisions = target["metadata"]["annotations"].as_object();
    for (key, value) in revisions.into_iter().flatten() {
        if !ANNOTATIONS_TO_SKIP.contains(&key.as_str()) {
            annotations.insert(key.clone(), value.clone());
        }
    }
    Value::Object(annotations)
}

/// The ReplicaSet of the revision: the second highest for 0.
fn target(ctx: &mut Ctx<'_>, deployment: &Value, to_revision: i64) -> Result<Value, Error> {
    let sets = replica_sets(ctx, deployment)?;
    if to_revision > 0 {
        let found = sets.into_iter().find(|set| revision(set) == Some(to_revision));
        return found.ok_or_else(|| not_found(to_revision));
    }
    let mut latest: (i64, Option<&Value>) = (-1, None);
    let mut previous: (i64, Option<&Value>) = (-1, None);
    for set in &sets {
        let Some(number) = revision(set) else { continue };
        if latest.0 < number {
            previous = latest;
            latest = (number, Some(set));
        } else if previous.0 < number {
            previous = (number, Some(set));
        }
    }
    previous.1.cloned().ok_or_else(|| {
        let name = crate::info::name_of(deployment);
        Error::Text(format!("no rollout history found for deployment {}", quote(name)))
    })
}

fn not_found(revision: i64) -> Error {
    Error::Text(format!("unable to find specified revision {revision} in history"))
}
