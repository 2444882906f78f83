//! `kubectl apply`: client-side apply. Models `kubectl/pkg/cmd/apply/apply.go` and `patcher.go`.

use rollscope_api::status::Reason;
use rollscope_api::{DeleteOptions, FieldValidation, PatchType, Value, merge};

use super::delete::propagation;
use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, SELECTOR_FLAG, require_files};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{DELETE, DRY_RUN, FIELD_MANAGER, RECORD, SUBRESOURCE, VALIDATE, WAIT_OFF};
use crate::go;
use crate::info::{Info, annotation, name_of};
use crate::last_applied;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::record;
use crate::waiting::Flow;
use crate::workload::is_empty;
use rollscope_api::annotation::LAST_APPLIED;

const FLAGS: &[Flag] = &[
    Flag::switch("server-side", "Let the server merge: not part of the playground."),
    Flag::switch("force-conflicts", "With --server-side: take over fields of other managers."),
    Flag::of(Kind::Array, "prune-allowlist", "", "Types that --prune may delete."),
    Flag::switch("prune", "Delete what is no longer in the files: not part of the playground."),
    Flag::switch("overwrite", "Values of the manifest win over live ones.").default("true"),
    Flag::switch("openapi-patch", "Has no effect here.").default("true"),
];

/// `apply`
pub(crate) static APPLY: Command = Command {
    name: "apply",
    usage: "(-f FILENAME | -k DIRECTORY)",
    short: "Bring objects into the state of a manifest",
    examples: &["apply -f web.yaml", "apply -f web.yaml --dry-run=server"],
    flags: &[
        FILE_FLAGS,
        DELETE,
        WAIT_OFF,
        RECORD,
        PRINT_FLAGS,
        VALIDATE,
        DRY_RUN,
        FLAGS,
        FIELD_MANAGER,
        SELECTOR_FLAG,
        ALL_FLAG,
        SUBRESOURCE,
    ],
    subs: &[&super::last_applied::VIEW, &super::last_applied::SET, &super::last_applied::EDIT],
    run: Run::Verb(run),
    ..COMMAND
};

const MANAGER: &str = "kubectl-client-side-apply";

/// How often a patch that met another write is made anew.
const MAX_PATCH_RETRY: usize = 5;

struct Apply {
    dry_run: DryRun,
    validation: FieldValidation,
    force: bool,
    printer: Printer,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let args = ctx.args();
    if !args.is_empty() {
        return Err(ctx.usage_error(&format!("Unexpected args: {}", go::list(&args))));
    }
    let dry_run = ctx.dry_run()?;
    propagation(ctx)?;
    require_files(ctx.given())?;
    let validation = ctx.validation()?;
    check_flags(ctx, dry_run)?;

    let selector = ctx.given().text("selector").to_owned();
    let selection = Builder::new(ctx)
        .validated(validation)
        .continue_on_error()
        .files(ctx)
        .label_selector(&selector)
        .flatten()
        .done();
    let (infos, error) = match selection {
        Ok(selection) => selection.infos(ctx),
        Err(error) => (Vec::new(), Some(error)),
    };
    if infos.is_empty() && error.is_none() {
        return Err("no objects passed to apply".into());
    }
    let force = ctx.given().on("force");
    let printer = Printer::new(ctx, "", dry_run);
    let mut failed: Vec<Error> = error.into_iter().collect();
    let mut applied = Vec::new();
    for info in infos {
        // An output format that does not exist is found out when something is to be printed.
        let result = match &printer {
            Ok(printer) => {
                Apply { dry_run, validation, force, printer: printer.clone() }.one(ctx, info)
            }
            Err(error) => Err(error.clone()),
        };
        match result {
            Ok(object) => applied.push(object),
            Err(error) => failed.push(error),
        }
    }
    match failed.len() {
        0 => {}
        1 => return Err(failed.remove(0)),
        _ => return Err(Error::Many(failed)),
    }
    let mut printer = printer?;
    if printer.prints_objects() {
        let object = match applied.len() {
            1 => applied.remove(0),
            _ => crate::output::list(applied),
        };
        printer.print(ctx, &object)?;
    }
    Ok(Flow::Done)
}

fn check_flags(ctx: &Ctx<'_>, dry_run: DryRun) -> Result<(), Error> {
    let given = ctx.given();
    let (server_side, force) = (given.on("server-side"), given.on("force"));
    if given.on("force-conflicts") && !server_side {
        return Err("--force-conflicts only works with --server-side".into());
    }
    if dry_run == DryRun::Client && server_side {
        return Err("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)".into());
    }
    if server_side && force {
        return Err("--force cannot be used with --server-side".into());
    }
    if dry_run == DryRun::Server && force {
        return Err("--dry-run=server cannot be used with --force".into());
    }
    if given.on("all") && !given.text("selector").is_empty() {
        return Err("cannot set --all and --selector at the same time".into());
    }
    if given.on("prune") {
        if force {
            return Err("--force cannot be used with --prune".into());
        }
        if !given.on("all") && given.text("selector").is_empty() {
            return Err("all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector".into());
        }
        if server_side {
            return Err("--prune is in alpha and doesn't currently work on objects created by server-side apply".into());
        }
        return Err("--prune is not part of the playground: delete what is no longer needed".into());
    }
    if !given.text("subresource").is_empty() && !server_side {
        return Err("--subresource can only be specified for --server-side".into());
    }
    if server_side {
        return Err(
            "server-side apply (--server-side) is not part of the playground: apply without it"
                .into(),
        );
    }
    Ok(())
}

impl Apply {
    /// Applies one object and returns it as it is then.
    fn one(&mut self, ctx: &mut Ctx<'_>, mut info: Info) -> Result<Value, Error> {
        record::record(ctx, &mut info.object);
        let generate_name = info.object["metadata"]["generateName"].as_str().unwrap_or_default();
        if info.name.is_empty() && !generate_name.is_empty() {
            return Err(Error::Text(format!(
                "from {generate_name}: cannot use generate name with apply"
            )));
        }
        let manifest = info.object.clone();
        match ctx.get(info.kind, &info.namespace, &info.name) {
            Ok(live) => {
                info.object = live;
                self.update(ctx, info, &manifest)
            }
            Err(error) if error.is_not_found() => self.create(ctx, info),
            Err(error) => {
                let doing = format!(
                    "retrieving current configuration of:\n{}\nfrom server for:",
                    info.describe()
                );
                Err(error.with_source(&doing, &info.source))
            }
        }
    }

    fn write(&self) -> Write {
        Write { validation: self.validation, ..Write::by(MANAGER, self.dry_run) }
    }

    fn create(&mut self, ctx: &mut Ctx<'_>, mut info: Info) -> Result<Value, Error> {
        info.object = last_applied::annotated(&info.object);
        prune_nulls(&mut info.object);
        if self.dry_run != DryRun::Client {
            let mut body = info.object.clone();
            if let Some(metadata) = body["metadata"].as_object_mut() {
                metadata.remove("resourceVersion");
            }
            info.object = ctx
                .create(info.kind, &info.namespace, body, self.write())
                .map_err(|error| error.with_source("creating", &info.source))?;
        }
        self.say(ctx, "created", &info.object)?;
        Ok(info.object)
    }

    fn update(
        &mut self,
        ctx: &mut Ctx<'_>,
        mut info: Info,
        manifest: &Value,
    ) -> Result<Value, Error> {
        if annotation(&info.object, LAST_APPLIED).is_none() {
            ctx.eprintln(&format!(
                "Warning: resource {} is missing the {LAST_APPLIED} annotation which is required \
                 by kubectl apply. kubectl apply should only be used on resources created \
                 declaratively by either kubectl create --save-config or kubectl apply. The \
                 missing annotation will be patched automatically.",
                info.object_name()
            ));
        }
        let modified = last_applied::annotated(manifest);
        let patch = patch_for(&info, &modified, &info.object)?;
        let (patch, object) = self.patch(ctx, &info, &modified, patch)?;
        info.object = object;
        warn_if_deleting(ctx, &info.object);
        let done = if is_empty(&patch) { "unchanged" } else { "configured" };
        self.say(ctx, done, &info.object)?;
        Ok(info.object)
    }

    /// Sends the patch, anew if somebody else wrote in between.
    fn patch(
        &self,
        ctx: &mut Ctx<'_>,
        info: &Info,
        modified: &Value,
        mut patch: Value,
    ) -> Result<(Value, Value), Error> {
        if is_empty(&patch) {
            return Ok((patch, info.object.clone()));
        }
        if self.dry_run == DryRun::Client {
            let patched = match info.kind.resource() {
                Some(resource) => {
                    merge::strategic_merge(resource, &info.object, &patch).map_err(|status| {
                        Error::Text(format!("applying patch locally: {}", status.message))
                    })?
                }
                None => info.object.clone(),
            };
            return Ok((patch, patched));
        }
        let mut tries = 0;
        loop {
            let strategic = PatchType::StrategicMerge;
            let sent = ctx.patch_object(info, strategic, patch.clone(), self.write());
            let error = match sent {
                Ok(object) => return Ok((patch, object)),
                Err(error) => error,
            };
            let reason = match &error {
                Error::Status(status) => Some(status.reason),
                _ => None,
            };
            if reason == Some(Reason::Conflict) && tries < MAX_PATCH_RETRY {
                tries += 1;
                let live = ctx.get(info.kind, &info.namespace, &info.name)?;
                patch = patch_for(info, modified, &live)?;
                if is_empty(&patch) {
                    return Ok((patch, live));
                }
                continue;
            }
            if self.force && matches!(reason, Some(Reason::Conflict | Reason::Invalid)) {
                let object = self.recreate(ctx, info, modified)?;
                return Ok((modified.clone(), object));
            }
            return Err(wrap(error, info, &patch));
        }
    }

    /// `--force`: deletes the object and creates it again.
    fn recreate(&self, ctx: &mut Ctx<'_>, info: &Info, modified: &Value) -> Result<Value, Error> {
        let options = DeleteOptions { propagation: propagation(ctx)?, ..DeleteOptions::default() };
        ctx.delete(info.kind, &info.namespace, &info.name, &options)?;
        ctx.create(info.kind, &info.namespace, modified.clone(), self.write())
    }

    fn say(&self, ctx: &mut Ctx<'_>, done: &str, object: &Value) -> Result<(), Error> {
        if self.printer.prints_objects() {
            // All objects are printed together at the end.
            return Ok(());
        }
        self.printer.says(done, self.dry_run).print(ctx, object)
    }
}

/// The three-way patch from the live object to the manifest; what the manifest no longer has of the
/// last one applied is removed.
pub(crate) fn patch_for(info: &Info, modified: &Value, live: &Value) -> Result<Value, Error> {
    let Some(resource) = info.kind.resource() else { return Ok(Value::Null) };
    let original: Option<Value> =
        annotation(live, LAST_APPLIED).and_then(|text| serde_json::from_str(text).ok());
    merge::three_way(resource, original.as_ref(), modified, live).map_err(|problem| {
        let text = format!(
            "creating patch with:\noriginal:\n{}\nmodified:\n{}\ncurrent:\n{}\nfor: {problem}",
            annotation(live, LAST_APPLIED).unwrap_or_default(),
            go::json(modified),
            go::json(live)
        );
        wrap(Error::Text(text), info, &Value::Null)
    })
}

/// Quotes the patch and the object around a refusal.
fn wrap(error: Error, info: &Info, patch: &Value) -> Error {
    let patch = if patch.is_null() { String::new() } else { go::json(patch) };
    let doing = format!("applying patch:\n{patch}\nto:\n{}\nfor:", info.describe());
    error.with_source("patching", &info.source).with_source(&doing, &info.source)
}

fn warn_if_deleting(ctx: &mut Ctx<'_>, object: &Value) {
    if !object["metadata"]["deletionTimestamp"].is_null() {
        ctx.eprintln(&format!(
            "Warning: Detected changes to resource {} which is currently being deleted.",
            name_of(object)
        ));
    }
}

fn prune_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(prune_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(prune_nulls),
        _ => {}
    }
}
