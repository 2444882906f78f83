//! `kubectl set resources`. Models `kubectl/pkg/cmd/set/set_resources.go`.

use rollscope_api::Value;

use super::LOCAL_SERVER;
use super::sender::Sender;
use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, LOCAL_FLAG, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, RECORD};
use crate::kinds::Kind;
use crate::printer::PRINT_FLAGS;
use crate::waiting::Flow;
use crate::workload::{containers, pod_spec};
use crate::{quantities, record};

const FLAGS: &[Flag] = &[
    Flag::text("containers", "The containers to change; * stands for any text.")
        .short('c')
        .default("*"),
    Flag::text("limits", "Limits, as cpu=200m,memory=512Mi."),
    Flag::text("requests", "Requests, as cpu=100m,memory=256Mi."),
];

/// `set resources`
pub(crate) static RESOURCES: Command = Command {
    name: "resources",
    usage: "(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
    short: "Change requests and limits in a pod template",
    examples: &["set resources deployment/web --requests=cpu=100m --limits=cpu=200m,memory=512Mi"],
    flags: &[
        PRINT_FLAGS,
        RECORD,
        FILE_FLAGS,
        ALL_FLAG,
        SELECTOR_FLAG,
        FLAGS,
        LOCAL_FLAG,
        DRY_RUN,
        FIELD_MANAGER,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let refused = "failed to patch resources update to pod template";
    let mut sender = Sender::new(ctx, dry_run, "resource requirements updated", refused)?;
    let (args, given) = (ctx.args(), ctx.given().clone());
    let local = given.on("local");
    let builder = Builder::new(ctx).local(local).continue_on_error().files(ctx).flatten();
    let builder = if local {
        builder.local_args(&args)
    } else {
        builder.label_selector(given.text("selector")).args(given.on("all"), &args).latest()
    };
    let infos = builder.done()?.all(ctx)?;

    if local && dry_run == DryRun::Server {
        return Err(LOCAL_SERVER.into());
    }
    if given.on("all") && !given.text("selector").is_empty() {
        return Err("cannot set --all and --selector at the same time".into());
    }
    if given.text("limits").is_empty() && given.text("requests").is_empty() {
        return Err(
            "you must specify an update to requests or limits (in the form of --requests/--limits)"
                .into(),
        );
    }
    let limits = quantities::parse(given.text("limits"))?;
    let requests = quantities::parse(given.text("requests"))?;

    let pattern = given.text("containers");
    let mut changes = Vec::new();
    for info in infos {
        let mut after = info.object.clone();
        match update(info.kind, &mut after, pattern, &limits, &requests) {
            Ok(true) => {
                record::record(ctx, &mut after);
                changes.push((info, after));
            }
            Ok(false) => {
                let text = format!("error: unable to find container named {pattern}");
                sender.failed.push(Error::Text(text));
            }
            Err(error) => sender.fail(&info, &error),
        }
    }
    for (info, after) in changes {
        sender.send_changed(ctx, &info, &after)?;
    }
    sender.end()
}

/// Merges the quantities into the containers' own; false if no container matches.
fn update(
    kind: &Kind,
    object: &mut Value,
    pattern: &str,
    limits: &Value,
    requests: &Value,
) -> Result<bool, Error> {
    let spec = pod_spec(kind, object)?;
    let mut found = false;
    for list in ["containers", "initContainers"] {
        for container in containers(spec, list, pattern) {
            found = true;
            if !container["resources"].is_object() {
                container["resources"] = serde_json::json!({});
            }
            for (key, quantities) in [("limits", limits), ("requests", requests)] {
                let Some(quantities) = quantities.as_object() else { continue };
                let present = &mut container["resources"][key];
                if !present.is_object() {
                    *present = serde_json::json!({});
                }
                for (name, quantity) in quantities {
                    present[name] = quantity.clone();
                }
            }
        }
    }
    Ok(found)
}
