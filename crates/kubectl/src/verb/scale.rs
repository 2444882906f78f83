//! `kubectl scale`. Models `kubectl/pkg/cmd/scale/scale.go` and `kubectl/pkg/scale/scale.go`.

use std::collections::VecDeque;

use rollscope_api::{PatchType, SimTime, Subresource, Value};
use serde_json::json;

use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{DRY_RUN, RECORD, RESOURCE_VERSION};
use crate::info::Info;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::record;
use crate::waiting::{Flow, Progress, Waiter};

const FLAGS: &[Flag] = &[
    Flag::of(
        Kind::Int,
        "current-replicas",
        "-1",
        "Only if this is the present number; -1 for any.",
    ),
    Flag::of(Kind::Int, "replicas", "0", "The new number of replicas.").required(),
    Flag::of(Kind::Duration, "timeout", "0s", "Wait this long until it is done; 0 does not wait."),
];

/// `scale`
pub(crate) static SCALE: Command = Command {
    name: "scale",
    usage: "[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
    short: "Set the number of replicas",
    examples: &["scale deployment/web --replicas=5"],
    flags: &[
        RECORD,
        PRINT_FLAGS,
        ALL_FLAG,
        RESOURCE_VERSION,
        FLAGS,
        FILE_FLAGS,
        DRY_RUN,
        SELECTOR_FLAG,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

/// The objects that are still to be scaled, and the one that is being waited for.
#[derive(Clone, Debug)]
pub(crate) struct Scaled {
    infos: VecDeque<Info>,
    replicas: i64,
    dry_run: DryRun,
    printer: Printer,
    /// Set while the first object is waited for.
    deadline: Option<SimTime>,
    /// What went wrong while the objects were read.
    failed: Option<Error>,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let printer = Printer::new(ctx, "scaled", dry_run)?;
    let given = ctx.given().clone();
    let replicas = given.int("replicas");
    if replicas < 0 {
        return Err(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
                .into(),
        );
    }
    if given.int("current-replicas") < -1 {
        return Err("The --current-replicas must specify an integer of -1 or greater".into());
    }
    let args = ctx.args();
    let selection = Builder::new(ctx)
        .continue_on_error()
        .files(ctx)
        .args(given.on("all"), &args)
        .flatten()
        .label_selector(given.text("selector"))
        .done()?;
    let (infos, failed) = selection.infos(ctx);
    if !given.text("resource-version").is_empty() && infos.len() > 1 {
        return Err("cannot use --resource-version with multiple resources".into());
    }
    if infos.is_empty() {
        return Err(failed.unwrap_or_else(|| "no objects passed to scale".into()));
    }
    let mut scaled =
        Scaled { infos: infos.into(), replicas, dry_run, printer, deadline: None, failed };
    match scaled.poll(ctx)? {
        Progress::Done => Ok(Flow::Done),
        Progress::Pending => Ok(Flow::Wait(Box::new(Waiter::Scaled(scaled)))),
    }
}

impl Scaled {
    /// When the object that is waited for is given up.
    pub(crate) fn deadline(&self) -> Option<SimTime> {
        self.deadline
    }

    /// Scales the next objects, as far as it goes without waiting.
    pub(crate) fn poll(&mut self, ctx: &mut Ctx<'_>) -> Result<Progress, Error> {
        while let Some(info) = self.infos.front().cloned() {
            if let Some(deadline) = self.deadline {
                if !self.has_settled(ctx, &info)? {
                    if ctx.now() >= deadline {
                        let name = crate::go::quote(&info.name);
                        return Err(Error::Text(format!(
                            "timed out waiting for {name} to be synced"
                        )));
                    }
                    return Ok(Progress::Pending);
                }
                self.deadline = None;
                self.finish(ctx, info)?;
            } else if self.dry_run == DryRun::Client {
                self.print(ctx, info)?;
            } else {
                self.scale(ctx, &info)?;
                let timeout = ctx.given().duration("timeout");
                if timeout.as_micros() != 0 && self.dry_run == DryRun::None {
                    self.deadline = Some(ctx.now() + timeout);
                    continue;
                }
                self.finish(ctx, info)?;
            }
            self.infos.pop_front();
        }
        self.failed.take().map_or(Ok(Progress::Done), Err)
    }

    fn scale(&self, ctx: &mut Ctx<'_>, info: &Info) -> Result<(), Error> {
        let kind = info.kind;
        if !matches!(
            kind.kind,
            "Deployment" | "ReplicaSet" | "StatefulSet" | "ReplicationController"
        ) {
            // Types without a scale are not found under that path.
            return Err(not_scalable(info));
        }
        preconditions(ctx, info)?;
        ctx.patch(
            kind,
            &info.namespace,
            &info.name,
            Subresource::Scale,
            PatchType::Merge,
            json!({"spec": {"replicas": self.replicas}}),
            Write::by("kubectl", self.dry_run),
        )?;
        Ok(())
    }

    fn has_settled(&self, ctx: &mut Ctx<'_>, info: &Info) -> Result<bool, Error> {
        let object = ctx.get(info.kind, &info.namespace, &info.name)?;
        let number = |path: &str| object.pointer(path).and_then(Value::as_i64).unwrap_or(0);
        let desired = number("/spec/replicas");
        Ok(desired != self.replicas || number("/status/replicas") == desired)
    }

    fn finish(&mut self, ctx: &mut Ctx<'_>, info: Info) -> Result<(), Error> {
        if let Some(patch) = record::patch(ctx, &info.object) {
            // A cause that cannot be recorded is no failure of the command.
            let write = Write::by("kubectl", DryRun::None);
            let _ = ctx.patch_object(&info, PatchType::Merge, patch, write);
        }
        self.print(ctx, info)
    }

    fn print(&mut self, ctx: &mut Ctx<'_>, mut info: Info) -> Result<(), Error> {
        if matches!(info.kind.group, "apps" | "") {
            info.object["spec"]["replicas"] = self.replicas.into();
        }
        self.printer.print(ctx, &info.object)
    }
}

fn preconditions(ctx: &mut Ctx<'_>, info: &Info) -> Result<(), Error> {
    let current = ctx.given().int("current-replicas");
    let version = ctx.given().text("resource-version").to_owned();
    if current == -1 && version.is_empty() {
        return Ok(());
    }
    let object = ctx.get(info.kind, &info.namespace, &info.name)?;
    let replicas = object["spec"]["replicas"].as_i64().unwrap_or(0);
    if current != -1 && replicas != current {
        return Err(Error::Text(format!("Expected replicas to be {current}, was {replicas}")));
    }
    let actual = object["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    if !version.is_empty() && actual != version {
        return Err(Error::Text(format!(
            "Expected resource version to be {version}, was {actual}"
        )));
    }
    Ok(())
}

/// The API server answers 404 to a path that does not exist.
fn not_scalable(_info: &Info) -> Error {
    let mut status =
        rollscope_api::Status::bad_request("the server could not find the requested resource");
    status.code = 404;
    status.reason = rollscope_api::status::Reason::NotFound;
    status.into()
}
