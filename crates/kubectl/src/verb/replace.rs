//! `kubectl replace`. Models `kubectl/pkg/cmd/replace/replace.go`.

use rollscope_api::{FieldValidation, SimDuration, SimTime};

use super::delete::{Gone, Manner, delete_all, propagation};
use crate::builder::{Builder, FILE_FLAGS, require_files};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::{
    DELETE, DRY_RUN, FIELD_MANAGER, RECORD, SAVE_CONFIG, SUBRESOURCE, VALIDATE, WAIT_OFF,
};
use crate::info::Info;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::{Flow, Progress, Waiter};
use crate::{last_applied, record};

/// `replace`
pub(crate) static REPLACE: Command = Command {
    name: "replace",
    usage: "-f FILENAME",
    short: "Put the object of a file in place of the live one",
    examples: &["replace -f web.yaml", "replace --force -f web.yaml"],
    flags: &[
        PRINT_FLAGS,
        FILE_FLAGS,
        DELETE,
        WAIT_OFF,
        RECORD,
        VALIDATE,
        SAVE_CONFIG,
        DRY_RUN,
        &[Flag::text("raw", "A path of the API server.")],
        FIELD_MANAGER,
        SUBRESOURCE,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

/// `--force`: the old objects are deleted, then the new ones created.
#[derive(Clone, Debug)]
pub(crate) struct Force {
    gone: Gone,
    validation: FieldValidation,
    printer: Printer,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let validation = ctx.validation()?;
    let dry_run = ctx.dry_run()?;
    let printer = Printer::new(ctx, "replaced", dry_run)?;
    let propagation = propagation(ctx)?;
    require_files(ctx.given())?;
    let given = ctx.given().clone();
    let force = given.on("force");
    if given.int("grace-period") >= 0 && !force {
        return Err("--grace-period must have --force specified".into());
    }
    if given.duration("timeout") != SimDuration::ZERO && !force {
        return Err("--timeout must have --force specified".into());
    }
    if force && dry_run != DryRun::None {
        return Err("--dry-run can not be used when --force is set".into());
    }
    if !given.text("raw").is_empty() {
        return Err("raw paths (--raw) are not part of the playground".into());
    }
    if !force {
        return replace(ctx, dry_run, validation, printer);
    }
    let grace = match given.int("grace-period") {
        0 => 1,
        grace => grace,
    };
    let manner = Manner {
        propagation,
        grace,
        dry_run,
        names_only: given.text("output") == "name",
        ignore_not_found: true,
    };
    let selection =
        Builder::new(ctx).continue_on_error().without_objects().files(ctx).flatten().done()?;
    let deleted = delete_all(ctx, selection, &manner)?;
    let timeout = match given.duration("timeout") {
        SimDuration::ZERO => SimDuration::from_secs(300),
        timeout => timeout,
    };
    let gone = Gone::new(deleted, ctx.now() + timeout);
    let mut force = Force { gone, validation, printer };
    match force.poll(ctx)? {
        Progress::Done => Ok(Flow::Done),
        Progress::Pending => Ok(Flow::Wait(Box::new(Waiter::Replace(force)))),
    }
}

fn replace(
    ctx: &mut Ctx<'_>,
    dry_run: DryRun,
    validation: FieldValidation,
    mut printer: Printer,
) -> Result<Flow, Error> {
    let save = ctx.given().on("save-config");
    let selection =
        Builder::new(ctx).validated(validation).continue_on_error().files(ctx).flatten().done()?;
    selection.visit(ctx, &mut |ctx, mut info| {
        last_applied::create_or_update(save, &mut info.object);
        record::record(ctx, &mut info.object);
        if dry_run != DryRun::Client {
            let write = Write { validation, ..Write::by("kubectl-replace", dry_run) };
            let object = put(ctx, &info, write)
                .map_err(|error| error.with_source("replacing", &info.source))?;
            info.refresh(object);
        }
        printer.print(ctx, &info.object)
    })?;
    Ok(Flow::Done)
}

/// A manifest without a resourceVersion overwrites whatever is there.
fn put(ctx: &mut Ctx<'_>, info: &Info, write: Write) -> Result<rollscope_api::Value, Error> {
    let mut body = info.object.clone();
    let version = body["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    if version.is_empty()
        && let Ok(live) = ctx.get(info.kind, &info.namespace, &info.name)
    {
        body["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"].clone();
    }
    ctx.update(info.kind, &info.namespace, &info.name, body, write)
}

impl Force {
    /// When waiting for the old objects is given up.
    pub(crate) fn deadline(&self) -> Option<SimTime> {
        self.gone.deadline()
    }

    /// Creates the new objects once the old ones are gone.
    pub(crate) fn poll(&mut self, ctx: &mut Ctx<'_>) -> Result<Progress, Error> {
        if self.gone.poll(ctx)? == Progress::Pending {
            return Ok(Progress::Pending);
        }
        let validation = self.validation;
        let save = ctx.given().on("save-config");
        let selection = Builder::new(ctx)
            .validated(validation)
            .continue_on_error()
            .files(ctx)
            .flatten()
            .done()?;
        let mut count = 0;
        let printer = &mut self.printer;
        selection.visit(ctx, &mut |ctx, mut info| {
            last_applied::create_or_update(save, &mut info.object);
            record::record(ctx, &mut info.object);
            let write = Write { validation, ..Write::by("kubectl-replace", DryRun::None) };
            let mut body = info.object.clone();
            if let Some(metadata) = body["metadata"].as_object_mut() {
                metadata.remove("resourceVersion");
            }
            let object = ctx.create(info.kind, &info.namespace, body, write)?;
            count += 1;
            info.refresh(object);
            printer.print(ctx, &info.object)
        })?;
        if count == 0 {
            return Err("no objects passed to replace".into());
        }
        Ok(Progress::Done)
    }
}
