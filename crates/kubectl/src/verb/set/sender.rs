//! How the commands of `set` send what they changed.

use rollscope_api::{PatchType, Value};

use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::info::Info;
use crate::printer::Printer;
use crate::waiting::Flow;
use crate::workload::{is_empty, patch_between};

/// Sends changed objects one by one and prints them; what goes wrong is told at the end.
pub(super) struct Sender {
    dry_run: DryRun,
    local: bool,
    printer: Printer,
    /// What stands before the server's words.
    refused: &'static str,
    pub(super) failed: Vec<Error>,
}

impl Sender {
    /// `done`: what is said of an object that was changed.
    pub(super) fn new(
        ctx: &mut Ctx<'_>,
        dry_run: DryRun,
        done: &str,
        refused: &'static str,
    ) -> Result<Self, Error> {
        let printer = Printer::new(ctx, done, dry_run)?.typed();
        Ok(Self { dry_run, local: ctx.given().on("local"), printer, refused, failed: Vec::new() })
    }

    /// An object could not be changed.
    pub(super) fn fail(&mut self, info: &Info, error: &Error) {
        let text = format!("error: {} {}\n", info.object_name(), error.message());
        self.failed.push(Error::Text(text));
    }

    /// Sends an object, unless nothing about it has changed.
    pub(super) fn send_changed(
        &mut self,
        ctx: &mut Ctx<'_>,
        info: &Info,
        after: &Value,
    ) -> Result<(), Error> {
        let patch = patch_between(info.kind, &info.object, after)?;
        if !is_empty(&patch) {
            self.send(ctx, info, after, patch);
        }
        Ok(())
    }

    /// Sends an object by its patch.
    pub(super) fn send(&mut self, ctx: &mut Ctx<'_>, info: &Info, after: &Value, patch: Value) {
        let sent = self.try_to_send(ctx, info, after, patch);
        self.failed.extend(sent.err());
    }

    fn try_to_send(
        &mut self,
        ctx: &mut Ctx<'_>,
        info: &Info,
        after: &Value,
        patch: Value,
    ) -> Result<(), Error> {
        if self.local || self.dry_run == DryRun::Client {
            return self.printer.print(ctx, after);
        }
        let object = ctx
            .patch_object(
                info,
                PatchType::StrategicMerge,
                patch,
                Write::by("kubectl-set", self.dry_run),
            )
            .map_err(|error| Error::Text(format!("{} {}", self.refused, error.message())))?;
        self.printer.print(ctx, &object)
    }

    /// The end of the command.
    pub(super) fn end(self) -> Result<Flow, Error> {
        Error::aggregate(self.failed)?;
        Ok(Flow::Done)
    }
}
