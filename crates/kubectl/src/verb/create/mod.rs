//! `kubectl create`. Models `kubectl/pkg/cmd/create/create.go`.

mod config_map;
mod deployment;
mod literals;
mod namespace;
mod quota;
mod secret;
mod service;

use rollscope_api::Value;

use crate::builder::{Builder, FILE_FLAGS, SELECTOR_FLAG, require_files};
use crate::command::{COMMAND, Command, Run};
use crate::content_hash::content_hash;
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, RECORD, SAVE_CONFIG, VALIDATE};
use crate::go;
use crate::kinds::{self, Kind};
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;
use crate::{last_applied, record};

const FLAGS: &[Flag] = &[
    Flag::switch("edit", "Edit the object before it is created."),
    Flag::switch("windows-line-endings", "Has no effect here."),
    Flag::text("raw", "A path of the API server."),
];

/// `create`
pub(crate) static CREATE: Command = Command {
    name: "create",
    usage: "-f FILENAME",
    short: "Create an object from a file, or from flags",
    examples: &["create -f web.yaml", "create deployment web --image=web:1.0 --replicas=3"],
    flags: &[
        RECORD,
        FILE_FLAGS,
        VALIDATE,
        FLAGS,
        SAVE_CONFIG,
        DRY_RUN,
        SELECTOR_FLAG,
        FIELD_MANAGER,
        PRINT_FLAGS,
    ],
    subs: &[
        &namespace::NAMESPACE,
        &quota::QUOTA,
        &secret::SECRET,
        &config_map::CONFIG_MAP,
        &absent("serviceaccount", &["sa"]),
        &service::SERVICE,
        &deployment::DEPLOYMENT,
        &absent("clusterrole", &[]),
        &absent("clusterrolebinding", &[]),
        &absent("role", &[]),
        &absent("rolebinding", &[]),
        &absent("poddisruptionbudget", &["pdb"]),
        &absent("priorityclass", &["pc"]),
        &absent("job", &[]),
        &absent("cronjob", &["cj"]),
        &absent("ingress", &["ing"]),
        &absent("token", &[]),
    ],
    run: Run::Verb(run),
    ..COMMAND
};

const fn absent(name: &'static str, aliases: &'static [&'static str]) -> Command {
    Command {
        name,
        aliases,
        short: "Not part of the playground",
        run: Run::Absent("objects of this type are not simulated"),
        ..COMMAND
    }
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let args = ctx.args();
    if !args.is_empty() {
        return Err(ctx.usage_error(&format!("Unexpected args: {}", go::list(&args))));
    }
    let dry_run = ctx.dry_run()?;
    let validation = ctx.validation()?;
    let mut printer = Printer::new(ctx, "created", dry_run)?;
    require_files(ctx.given())?;
    if !ctx.given().text("raw").is_empty() {
        return Err("raw paths (--raw) are not part of the playground".into());
    }
    if ctx.given().on("edit") {
        return Err(
            "editing before creating (--edit) is not part of the playground: edit the file".into(),
        );
    }
    let selector = ctx.given().text("selector").to_owned();
    let selection = Builder::new(ctx)
        .validated(validation)
        .continue_on_error()
        .files(ctx)
        .label_selector(&selector)
        .flatten()
        .done()?;
    let save = ctx.given().on("save-config");
    let mut count = 0;
    selection.visit(ctx, &mut |ctx, mut info| {
        last_applied::create_or_update(save, &mut info.object);
        record::record(ctx, &mut info.object);
        if dry_run != DryRun::Client {
            let write = Write { validation, ..Write::by("kubectl-create", dry_run) };
            let mut body = info.object.clone();
            if let Some(metadata) = body["metadata"].as_object_mut() {
                metadata.remove("resourceVersion");
            }
            let object = ctx
                .create(info.kind, &info.namespace, body, write)
                .map_err(|error| error.with_source("creating", &info.source))?;
            info.refresh(object);
        }
        count += 1;
        printer.print(ctx, &info.object)
    })?;
    if count == 0 {
        return Err("no objects passed to create".into());
    }
    Ok(Flow::Done)
}

/// The one name that `create TYPE NAME` takes; what stands behind `--` does not count.
pub(crate) fn name(ctx: &Ctx<'_>) -> Result<String, Error> {
    let given = ctx.given();
    let count = given.args_at_dash.unwrap_or(given.args.len());
    match given.args.first() {
        Some(name) if count == 1 => Ok(name.clone()),
        _ => Err(ctx.usage_error(&format!("exactly one NAME is required, got {count}"))),
    }
}

/// The parts of `create TYPE NAME` that all types share.
pub(crate) struct Creation {
    dry_run: DryRun,
    printer: Printer,
    validation: rollscope_api::FieldValidation,
}

impl Creation {
    /// Reads the shared flags.
    pub(crate) fn new(ctx: &mut Ctx<'_>) -> Result<Self, Error> {
        let dry_run = ctx.dry_run()?;
        let printer = Printer::new(ctx, "created", dry_run)?.typed();
        Ok(Self { dry_run, printer, validation: ctx.validation()? })
    }

    /// Creates the object and prints it. `refused` stands in front of the server's refusal; where
    /// it is empty, the refusal is shown as it is.
    pub(crate) fn create(
        mut self,
        ctx: &mut Ctx<'_>,
        resource: rollscope_api::Resource,
        mut object: Value,
        refused: &str,
    ) -> Result<Flow, Error> {
        let kind: &Kind = kinds::of(resource);
        if kind.namespaced && ctx.namespace_enforced() {
            object["metadata"]["namespace"] = ctx.namespace().into();
        }
        if ctx.given().on("append-hash") {
            let name = crate::info::name_of(&object);
            object["metadata"]["name"] = format!("{name}-{}", content_hash(&object)).into();
        }
        if ctx.given().on("save-config") {
            last_applied::typed(&mut object);
        }
        if self.dry_run != DryRun::Client {
            let write =
                Write { validation: self.validation, ..Write::by("kubectl-create", self.dry_run) };
            let namespace = if kind.namespaced { ctx.namespace() } else { String::new() };
            object = ctx.create(kind, &namespace, object, write).map_err(|error| {
                if refused.is_empty() {
                    error
                } else {
                    Error::Text(format!("{refused} {}", error.message()))
                }
            })?;
        }
        self.printer.print(ctx, &object)?;
        Ok(Flow::Done)
    }
}
