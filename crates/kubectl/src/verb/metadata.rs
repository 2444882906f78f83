//! What `annotate` and `label` have in common.

use std::collections::BTreeMap;

use rollscope_api::Value;

use crate::builder::{Builder, Selection, no_files};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::info::Info;

/// What is to become of annotations or labels.
pub(super) struct Changes {
    pub(super) set: BTreeMap<String, String>,
    pub(super) remove: Vec<String>,
    pub(super) overwrite: bool,
    /// The version that the object has to have, or nothing.
    pub(super) version: String,
}

impl Changes {
    pub(super) fn new(ctx: &Ctx<'_>, set: BTreeMap<String, String>, remove: Vec<String>) -> Self {
        let given = ctx.given();
        let version = given.text("resource-version").to_owned();
        Self { set, remove, overwrite: given.on("overwrite"), version }
    }

    /// The objects that arguments, files and selectors name.
    pub(super) fn selection(
        &self,
        ctx: &mut Ctx<'_>,
        resources: &[String],
    ) -> Result<Selection, Error> {
        let given = ctx.given().clone();
        let local = given.on("local");
        let builder = Builder::new(ctx).local(local).continue_on_error().files(ctx).flatten();
        let builder = if local {
            builder
        } else {
            builder
                .label_selector(given.text("selector"))
                .field_selector(given.text("field-selector"))
                .all_namespaces(given.on("all-namespaces"))
                .args(given.on("all"), resources)
                .latest()
        };
        let selection = builder.done()?;
        if !selection.single && !self.version.is_empty() {
            return Err("--resource-version may only be used with a single resource".into());
        }
        Ok(selection)
    }
}

/// An object as it is, to be compared with: a version that it has to have must be in the patch even
/// where it is the present one.
pub(crate) fn before(info: &Info, version: &str) -> Value {
    let mut before = info.object.clone();
    if !version.is_empty()
        && let Some(metadata) = before["metadata"].as_object_mut()
    {
        metadata.remove("resourceVersion");
    }
    before
}

/// Puts the version in that an object has to have, if any.
pub(crate) fn demand_version(object: &mut Value, version: &str) {
    if !version.is_empty() {
        object["metadata"]["resourceVersion"] = version.into();
    }
}

/// Refuses what cannot select anything. `example` names the file in the words of the command.
pub(super) fn validate_selection(
    ctx: &Ctx<'_>,
    resources: &[String],
    dry_run: DryRun,
    example: &str,
) -> Result<(), Error> {
    let given = ctx.given();
    for selector in ["selector", "field-selector"] {
        if given.on("all") && !given.text(selector).is_empty() {
            return Err(Error::Text(format!("cannot set --all and --{selector} at the same time")));
        }
    }
    if !given.on("local") {
        if resources.is_empty() && no_files(given) {
            return Err(super::set::NO_RESOURCES.into());
        }
    } else if dry_run == DryRun::Server {
        return Err(super::set::LOCAL_SERVER.into());
    } else if !resources.is_empty() {
        return Err(Error::Text(format!(
            "can only use local files by -f {example}.yaml or --filename={example}.json when \
             --local=true is set"
        )));
    } else if no_files(given) {
        return Err(Error::Text(format!(
            "one or more files must be specified as -f {example}.yaml or --filename={example}.json"
        )));
    }
    Ok(())
}

/// `--list`
pub(super) fn print_list(ctx: &mut Ctx<'_>, info: &Info, single: bool, what: &str, values: &Value) {
    let indent = if single { "" } else { " " };
    if !single {
        let (kind, group) = (info.kind.kind, info.kind.group);
        ctx.println(&format!("Listing {what} for {kind}.{group}/{}:", info.name));
    }
    for (key, value) in values.as_object().into_iter().flatten() {
        ctx.println(&format!("{indent}{key}={}", value.as_str().unwrap_or_default()));
    }
}
