//! `kubectl version`. Models `kubectl/pkg/cmd/version/version.go`.

use serde_json::json;

use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags::Flag;
use crate::go;
use crate::output::to_yaml;
use crate::waiting::Flow;

/// The version that is modelled.
const VERSION: &str = "v1.36.2";
const KUSTOMIZE: &str = "v5.8.1";

const FLAGS: &[Flag] = &[
    Flag::switch("client", "Only the client's version."),
    Flag::text("output", "yaml or json.").short('o'),
];

/// `version`
pub(crate) static VERSION_COMMAND: Command = Command {
    name: "version",
    short: "Show the version that is simulated",
    examples: &["version"],
    flags: &[FLAGS],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let args = ctx.args();
    let client_only = ctx.given().on("client");
    if !args.is_empty() && !client_only {
        return Err(Error::Text(format!("extra arguments: {}", go::list(&args))));
    }
    let output = ctx.given().text("output").to_owned();
    let info = json!({
        "major": "1", "minor": "36", "gitVersion": VERSION, "platform": "wasm/rollscope",
    });
    let mut versions = json!({"clientVersion": info, "kustomizeVersion": KUSTOMIZE});
    if !client_only {
        versions["serverVersion"] = info;
    }
    match output.as_str() {
        "" => {
            ctx.println(&format!("Client Version: {VERSION}"));
            ctx.println(&format!("Kustomize Version: {KUSTOMIZE}"));
            if !client_only {
                ctx.println(&format!("Server Version: {VERSION}"));
            }
        }
        "yaml" => ctx.println(&to_yaml(&versions)),
        "json" => {
            let text = serde_json::to_string_pretty(&versions).unwrap_or_default();
            ctx.println(&text);
        }
        _ => return Err("--output must be 'yaml' or 'json'".into()),
    }
    Ok(Flow::Done)
}
