//! `kubectl create configmap`. Models `kubectl/pkg/cmd/create/create_configmap.go`.

use rollscope_api::Resource;
use serde_json::json;

use super::{Creation, literals};
use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, SAVE_CONFIG, VALIDATE};
use crate::go::quote;
use crate::printer::PRINT_FLAGS;
use crate::waiting::Flow;

/// `create configmap`
pub(crate) static CONFIG_MAP: Command = Command {
    name: "configmap",
    aliases: &["cm"],
    usage: "NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
    short: "Create a config map",
    examples: &["create configmap settings --from-literal=mode=fast"],
    flags: &[PRINT_FLAGS, SAVE_CONFIG, VALIDATE, DRY_RUN, literals::FLAGS, FIELD_MANAGER],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let name = super::name(ctx)?;
    let creation = Creation::new(ctx)?;
    if name.is_empty() {
        return Err("name must be specified".into());
    }
    let mut data = serde_json::Map::new();
    for (key, value) in literals::read(ctx, false)? {
        let problems = literals::wrong_key(&key);
        if !problems.is_empty() {
            return Err(Error::Text(format!(
                "{} is not a valid key name for a ConfigMap: {}",
                quote(&key),
                problems.join(",")
            )));
        }
        if data.insert(key.clone(), value.into()).is_some() {
            return Err(Error::Text(format!(
                "cannot add key {}, another key by that name already exists in Data for ConfigMap {}",
                quote(&key),
                quote(&name)
            )));
        }
    }
    let mut config_map =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
    if !data.is_empty() {
        config_map["data"] = data.into();
    }
    creation.create(ctx, Resource::ConfigMaps, config_map, "failed to create configmap:")
}
