//! `kubectl set image`. Models `kubectl/pkg/cmd/set/set_image.go`.

use std::collections::BTreeMap;

use rollscope_api::Value;

use super::LOCAL_SERVER;
use super::sender::Sender;
use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, LOCAL_FLAG, SELECTOR_FLAG, no_files};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, RECORD};
use crate::printer::PRINT_FLAGS;
use crate::waiting::Flow;
use crate::workload::pod_spec;
use crate::{pairs, record};

/// `set image`
pub(crate) static IMAGE: Command = Command {
    name: "image",
    usage: "(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
    short: "Change the image of containers in a pod template",
    examples: &["set image deployment/web web=web:2.0", "set image deployments --all '*=web:2.0'"],
    flags: &[
        PRINT_FLAGS,
        RECORD,
        FILE_FLAGS,
        ALL_FLAG,
        LOCAL_FLAG,
        DRY_RUN,
        FIELD_MANAGER,
        SELECTOR_FLAG,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let refused = "failed to patch image update to pod template:";
    let mut sender = Sender::new(ctx, dry_run, "image updated", refused)?;
    let (resources, image_pairs) = pairs::split(&ctx.args(), "image")?;
    let (images, _) = pairs::parse(&image_pairs, "image", false)?;
    let local = ctx.given().on("local");
    let all = ctx.given().on("all");
    let selector = ctx.given().text("selector").to_owned();

    let builder = Builder::new(ctx).local(local).continue_on_error().files(ctx).flatten();
    let builder = if local {
        builder.local_args(&resources)
    } else {
        builder.label_selector(&selector).args(all, &resources).latest()
    };
    let infos = builder.done()?.all(ctx)?;
    validate(ctx, &resources, &images, dry_run)?;

    let mut changes = Vec::new();
    for info in infos {
        let mut after = info.object.clone();
        match update(info.kind, &mut after, &images, &mut sender.failed) {
            Ok(()) => {
                record::record(ctx, &mut after);
                changes.push((info, after));
            }
            Err(error) => sender.fail(&info, &error),
        }
    }
    for (info, after) in changes {
        sender.send_changed(ctx, &info, &after)?;
    }
    sender.end()
}

fn validate(
    ctx: &Ctx<'_>,
    resources: &[String],
    images: &BTreeMap<String, String>,
    dry_run: DryRun,
) -> Result<(), Error> {
    let given = ctx.given();
    let mut errors: Vec<Error> = Vec::new();
    if given.on("all") && !given.text("selector").is_empty() {
        errors.push("cannot set --all and --selector at the same time".into());
    }
    if resources.is_empty() && no_files(given) {
        errors.push(super::NO_RESOURCES.into());
    }
    if images.is_empty() {
        errors.push("at least one image update is required".into());
    } else if images.len() > 1 && images.contains_key("*") {
        errors.push(
            "all containers are already specified by *, but saw more than one \
             container_name=container_image pairs"
                .into(),
        );
    }
    if given.on("local") && dry_run == DryRun::Server {
        errors.push(LOCAL_SERVER.into());
    }
    Error::aggregate(errors)
}

fn update(
    kind: &'static crate::kinds::Kind,
    object: &mut Value,
    images: &BTreeMap<String, String>,
    failed: &mut Vec<Error>,
) -> Result<(), Error> {
    let spec = pod_spec(kind, object)?;
    for (name, image) in images {
        let mut found = false;
        for list in ["initContainers", "containers"] {
            // Only a lone `*` is a pattern here.
            let all = spec.get_mut(list).and_then(Value::as_array_mut);
            for container in all.into_iter().flatten() {
                if name == "*" || container["name"].as_str() == Some(name) {
                    container["image"] = image.as_str().into();
                    found = true;
                }
            }
        }
        if !found {
            failed.push(Error::Text(format!(
                "error: unable to find container named {}",
                crate::go::quote(name)
            )));
        }
    }
    Ok(())
}
