//! `kubectl create quota`. Models `kubectl/pkg/cmd/create/create_quota.go`.

use rollscope_api::Resource;
use serde_json::json;

use super::Creation;
use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, SAVE_CONFIG, VALIDATE};
use crate::printer::PRINT_FLAGS;
use crate::quantities;
use crate::waiting::Flow;

const FLAGS: &[Flag] = &[
    Flag::text("hard", "The limits, as pods=10,requests.cpu=4."),
    Flag::text("scopes", "The scopes that all must match."),
];

/// `create quota`
pub(crate) static QUOTA: Command = Command {
    name: "quota",
    aliases: &["resourcequota"],
    usage: "NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]",
    short: "Create a quota",
    examples: &["create quota few --hard=pods=4"],
    flags: &[PRINT_FLAGS, SAVE_CONFIG, VALIDATE, DRY_RUN, FLAGS, FIELD_MANAGER],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let name = super::name(ctx)?;
    let creation = Creation::new(ctx)?;
    if name.is_empty() {
        return Err("name must be specified".into());
    }
    let mut quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name},
        "spec": {}, "status": {},
    });
    let hard = quantities::parse(ctx.given().text("hard"))?;
    if !hard.is_null() {
        quota["spec"]["hard"] = hard;
    }
    let scopes = ctx.given().text("scopes");
    if !scopes.is_empty() {
        let scopes: Vec<&str> = scopes.split(',').collect();
        if scopes.contains(&"") {
            return Err("invalid resource quota scope \"\"".into());
        }
        quota["spec"]["scopes"] = scopes.into();
    }
    creation.create(ctx, Resource::ResourceQuotas, quota, "failed to create quota:")
}
