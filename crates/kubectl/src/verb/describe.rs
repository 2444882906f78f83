//! `kubectl describe`. Models `kubectl/pkg/cmd/describe/describe.go`.

use crate::builder::{Builder, FILE_FLAGS, SELECTOR_FLAG, no_files};
use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::describe::{DescribeOptions, describe};
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::{ALL_NAMESPACES, CHUNK_SIZE};
use crate::info::Info;
use crate::waiting::Flow;

const FLAGS: &[Flag] =
    &[Flag::switch("show-events", "The object's events; by default only of a single object.")
        .default("true")];

/// `describe`
pub(crate) static DESCRIBE: Command = Command {
    name: "describe",
    suggest_for: &["inspect"],
    usage: "(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
    short: "Tell an object and what belongs to it in words",
    examples: &["describe deployment web", "describe pod web-84c54799fc", "describe rs -l app=web"],
    flags: &[FILE_FLAGS, SELECTOR_FLAG, ALL_NAMESPACES, FLAGS, CHUNK_SIZE],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let given = ctx.given().clone();
    let args = ctx.args();
    if args.is_empty() && no_files(&given) {
        return Err("You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.\n".into());
    }
    let selection = Builder::new(ctx)
        .continue_on_error()
        .all_namespaces(given.on("all-namespaces"))
        .files(ctx)
        .label_selector(given.text("selector"))
        .args(true, &args)
        .flatten()
        .done()?;
    let (infos, error) = selection.infos(ctx);
    let alone = error.is_none() && infos.len() <= 1;
    let explicit = given.changed("show-events");
    let options =
        DescribeOptions { show_events: if explicit { given.on("show-events") } else { alone } };

    let mut failed: Vec<Error> = Vec::new();
    if let Some(error) = error {
        if error.is_not_found() && args.len() == 2 {
            matching(ctx, error, &args[0], &args[1], options)?;
            return Ok(Flow::Done);
        }
        match error {
            Error::Many(errors) => failed.extend(errors),
            error => failed.push(error),
        }
    }
    let mut first = true;
    let none = infos.is_empty();
    for info in infos {
        match tell(ctx, &info, options) {
            Ok(text) => {
                ctx.print(if first { "" } else { "\n\n" });
                ctx.print(&text);
                first = false;
            }
            Err(error) => {
                let known = failed.iter().any(|other| other.message() == error.message());
                if !known {
                    failed.push(error);
                }
            }
        }
    }
    if none && failed.is_empty() {
        if given.on("all-namespaces") {
            ctx.eprintln("No resources found");
        } else {
            ctx.eprintln(&format!("No resources found in {} namespace.", ctx.namespace()));
        }
    }
    Error::aggregate(failed).map_err(Error::into_one_of_several)?;
    Ok(Flow::Done)
}

fn tell(ctx: &mut Ctx<'_>, info: &Info, options: DescribeOptions) -> Result<String, Error> {
    // The object of a file is told as the server has it.
    let object = ctx.get(info.kind, &info.namespace, &info.name)?;
    let Some(resource) = info.kind.resource() else {
        return Err(Error::Text(format!("{} are not simulated here", info.kind.plural)));
    };
    Ok(describe(ctx.api, resource, &object, &options)?)
}

/// No object has the name: all that begin with it are told.
fn matching(
    ctx: &mut Ctx<'_>,
    not_found: Error,
    typed: &str,
    prefix: &str,
    options: DescribeOptions,
) -> Result<(), Error> {
    let selection = Builder::new(ctx)
        .args(true, &[typed.to_owned()])
        .single_resource_type()
        .flatten()
        .done()?;
    if selection.kinds().len() != 1 {
        return Err("expected only a single resource type".into());
    }
    let mut found = false;
    for info in selection.all(ctx)? {
        if info.name.starts_with(prefix) {
            found = true;
            let text = tell(ctx, &info, options)?;
            ctx.println(&text);
        }
    }
    if found { Ok(()) } else { Err(not_found) }
}
