//! `kubectl explain`. Models `kubectl/pkg/cmd/explain/explain.go`; the descriptions are our own.

use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags::Flag;
use crate::kinds;
use crate::waiting::Flow;

const FLAGS: &[Flag] = &[
    Flag::switch("recursive", "Show the fields of the fields.").short('R'),
    Flag::text("api-version", "Of this API version."),
    Flag::text("output", "plaintext or plaintext-openapiv2.").short('o').default("plaintext"),
];

/// `explain`
pub(crate) static EXPLAIN: Command = Command {
    name: "explain",
    usage: "TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]",
    short: "Explain the fields of a type",
    examples: &["explain deployment", "explain deployment.spec.strategy.rollingUpdate"],
    flags: &[FLAGS],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let args = ctx.args();
    let [typed] = args.as_slice() else {
        return Err(if args.is_empty() {
            "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.\n".into()
        } else {
            "We accept only this format: explain RESOURCE\n".into()
        });
    };
    if typed.is_empty() {
        return Err("a resource must be present, got: /, Resource=".into());
    }
    if typed.starts_with('.') {
        return Err("invalid jsonpath syntax, first node must be field node".into());
    }
    let typed = typed.trim_end_matches('.');
    let name = typed.split('.').next().unwrap_or(typed);
    let kind = kinds::find(name).ok_or_else(|| Error::Verbatim(kinds::unknown(name)))?;
    // `deployments.apps.spec` names the group too.
    let rest = typed
        .strip_prefix(&kind.group_resource())
        .or_else(|| typed.strip_prefix(name))
        .unwrap_or_default();
    let path: Vec<&str> = rest.split('.').filter(|part| !part.is_empty()).collect();
    let Some(resource) = kind.resource() else {
        return Err(Error::Text(format!("{} are not simulated here", kind.plural)));
    };
    let format = ctx.given().text("output");
    if !matches!(format, "plaintext" | "plaintext-openapiv2") {
        return Err(Error::Text(format!("unrecognized format: {format}")));
    }
    let version = ctx.given().text("api-version");
    if !version.is_empty() && version != kind.api_version() {
        let known = kinds::KINDS.iter().any(|kind| kind.api_version() == version);
        let (group, version) = version.split_once('/').unwrap_or(("", version));
        let resource = format!("{group}/{version}, Resource={}", kind.plural);
        return Err(Error::Text(match known {
            true => format!("error: GVR ({resource}) not found in OpenAPI schema"),
            false => format!("couldn't find resource for \"{resource}\""),
        }));
    }
    let recursive = ctx.given().on("recursive");
    let text = crate::explain::explain(resource, &path, recursive)?;
    ctx.print(&text);
    Ok(Flow::Done)
}
