//! `kubectl edit`. Models `kubectl/pkg/cmd/edit/edit.go` and `kubectl/pkg/cmd/util/editor`.

use rollscope_api::status::Reason;
use rollscope_api::{FieldValidation, PatchType, Value};

use super::patch::subresource;
use crate::builder::{Builder, FILE_FLAGS};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::{FIELD_MANAGER, RECORD, SAVE_CONFIG, SUBRESOURCE, VALIDATE};
use crate::go::quote;
use crate::info::Info;
use crate::output::{list, to_json, to_yaml};
use crate::printer::{PRINT_FLAGS, Printer, omit_managed_fields};
use crate::waiting::Flow;
use crate::workload::patch_between;
use crate::{last_applied, manifest, record};

const FLAGS: &[Flag] = &[
    Flag::switch("output-patch", "Print the patch that was sent."),
    Flag::switch("windows-line-endings", "Has no effect here."),
];

/// `edit`
pub(crate) static EDIT: Command = Command {
    name: "edit",
    usage: "(RESOURCE/NAME | -f FILENAME)",
    short: "Edit a live object",
    examples: &["edit deployment/web"],
    flags: &[
        RECORD,
        PRINT_FLAGS,
        FILE_FLAGS,
        VALIDATE,
        FLAGS,
        FIELD_MANAGER,
        SAVE_CONFIG,
        SUBRESOURCE,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
";

/// An edit that is under way.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    infos: Vec<Info>,
    validation: FieldValidation,
    /// What is in the editor.
    pub text: String,
    /// What was in the editor at first.
    original: String,
    /// Whether the editor was opened again because of a mistake.
    reopened: bool,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let given = ctx.given().clone();
    let args = ctx.args();
    let selection = Builder::new(ctx)
        .args(true, &args)
        .latest()
        .files(ctx)
        .subresource(given.text("subresource"))
        .continue_on_error()
        .flatten()
        .done()?;
    subresource(given.text("subresource"))?;
    let validation = ctx.validation()?;
    let infos = selection.all(ctx)?;
    if infos.is_empty() {
        return Err("edit cancelled, no objects found".into());
    }
    let mut objects: Vec<Value> = infos.iter().map(|info| info.object.clone()).collect();
    objects.iter_mut().for_each(omit_managed_fields);
    let object = if objects.len() == 1 { objects.remove(0) } else { list(objects) };
    let text = match given.text("output") {
        "json" => to_json(&object),
        "" | "yaml" => format!("{HEADER}{}", to_yaml(&object)),
        other => {
            return Err(Error::Text(format!(
                "unable to match a printer suitable for the output format {}, allowed formats \
                 are: json,kyaml,yaml",
                quote(other)
            )));
        }
    };
    let edit = Edit { infos, validation, original: text.clone(), text, reopened: false };
    Ok(Flow::Edit(Box::new(edit)))
}

impl Edit {
    /// Goes on with the edited text.
    pub(crate) fn finish(self, ctx: &mut Ctx<'_>, edited: &str) -> Result<Flow, Error> {
        let (stripped, original) = (stripped(edited), stripped(&self.original));
        if self.reopened && stripped == self::stripped(&self.text) {
            return Err("Edit cancelled, no valid changes were saved.".into());
        }
        if stripped.trim().is_empty() {
            ctx.eprintln("Edit cancelled, saved file was empty.");
            return Ok(Flow::Done);
        }
        let mut objects = Vec::new();
        for document in manifest::documents(edited) {
            match document.and_then(|value| {
                manifest::objects(value, "edited-file").map_err(|error| error.message())
            }) {
                Ok(found) => objects.extend(found),
                Err(problem) => {
                    let reason = format!("The edited file had a syntax error: {problem}");
                    return Ok(self.reopen(edited, &[(reason, Vec::new())]));
                }
            }
        }
        if stripped == original || self.unchanged(&objects) {
            ctx.eprintln("Edit cancelled, no changes made.");
            return Ok(Flow::Done);
        }
        let mut reasons = Vec::new();
        let mut retry = false;
        for object in objects {
            let failed = self.save(ctx, object?)?;
            match failed {
                Some((reason, Reason::Invalid)) => reasons.push(reason),
                Some(_) => retry = true,
                None => {}
            }
        }
        if retry {
            return Err(Error::Exit(1));
        }
        if reasons.is_empty() { Ok(Flow::Done) } else { Ok(self.reopen(edited, &reasons)) }
    }

    /// Comments and layout may differ: what counts is the content.
    fn unchanged(&self, objects: &[Result<Info, Error>]) -> bool {
        objects.len() == self.infos.len()
            && objects.iter().zip(&self.infos).all(|(object, info)| {
                let mut original = info.object.clone();
                omit_managed_fields(&mut original);
                object.as_ref().is_ok_and(|object| object.object == original)
            })
    }

    /// Sends the changes of one object. Returns why the server refused them.
    #[allow(clippy::type_complexity, reason = "a heading with its points")]
    fn save(
        &self,
        ctx: &mut Ctx<'_>,
        mut info: Info,
    ) -> Result<Option<((String, Vec<String>), Reason)>, Error> {
        let uid = &info.object["metadata"]["uid"];
        let found = self.infos.iter().find(|known| known.object["metadata"]["uid"] == *uid);
        let Some(original) = found else {
            return Err(Error::Text(format!(
                "no original object found for {}",
                info.object_name()
            )));
        };
        info.namespace.clone_from(&original.namespace);
        if ctx.given().on("save-config") {
            last_applied::create_or_update(true, &mut info.object);
        }
        record::record(ctx, &mut info.object);
        let mut before = original.object.clone();
        omit_managed_fields(&mut before);
        if before == info.object {
            Printer::new(ctx, "skipped", DryRun::None)?.print(ctx, &info.object)?;
            return Ok(None);
        }
        let same = |key: &str| before[key] == info.object[key];
        if !same("apiVersion") || !same("kind") || original.name != info.name {
            return Err("At least one of apiVersion, kind and name was changed".into());
        }
        let patch = patch_between(info.kind, &before, &info.object)?;
        if ctx.given().on("output-patch") {
            ctx.println(&format!("Patch: {}", crate::go::json(&patch)));
        }
        let part = subresource(ctx.given().text("subresource"))?;
        let write =
            Write { validation: self.validation, ..Write::by("kubectl-edit", DryRun::None) };
        let (kind, strategic) = (info.kind, PatchType::StrategicMerge);
        match ctx.patch(kind, &info.namespace, &info.name, part, strategic, patch, write) {
            Ok(object) => {
                Printer::new(ctx, "edited", DryRun::None)?.print(ctx, &object)?;
                Ok(None)
            }
            Err(error) => Ok(Some(refused(ctx, &info, &error))),
        }
    }

    fn reopen(mut self, edited: &str, reasons: &[(String, Vec<String>)]) -> Flow {
        let mut text = HEADER.to_owned();
        for (head, points) in reasons {
            let colon = if points.is_empty() { "" } else { ":" };
            text.push_str(&format!("# {}{colon}\n", commented(head)));
            for point in points {
                text.push_str(&format!("# * {}\n", commented(point)));
            }
            text.push_str("#\n");
        }
        text.push_str(&stripped(edited));
        self.text = text;
        self.reopened = true;
        Flow::Edit(Box::new(self))
    }
}

fn refused(ctx: &mut Ctx<'_>, info: &Info, error: &Error) -> ((String, Vec<String>), Reason) {
    let name = format!("{} {}", info.kind.group_resource(), quote(&info.name));
    let (reason, points) = match error {
        Error::Status(status) => (
            status.reason,
            status
                .causes
                .iter()
                .map(|cause| format!("{}: {}", cause.field, cause.message))
                .collect(),
        ),
        _ => (Reason::InternalError, Vec::new()),
    };
    match reason {
        Reason::Invalid => ctx.eprintln(&format!("error: {name} is invalid")),
        Reason::NotFound => {
            ctx.eprintln(&format!("error: {name} could not be found on the server"));
        }
        _ => {
            let message = error.message();
            ctx.eprintln(&format!("error: {name} could not be patched: {message}"));
        }
    }
    ((format!("{name} was not valid"), points), reason)
}

/// The lines that are no comments.
fn stripped(text: &str) -> String {
    let is_comment = |line: &&str| {
        let line = line.trim_start();
        line.starts_with('#') && !line.starts_with("#!")
    };
    text.split_inclusive('\n').filter(|line| !is_comment(line)).collect()
}

fn commented(text: &str) -> String {
    text.trim_end().replace('\n', "\n# ")
}
