//! `kubectl create namespace`. Models `kubectl/pkg/cmd/create/create_namespace.go`.

use rollscope_api::Resource;
use serde_json::json;

use super::Creation;
use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, SAVE_CONFIG, VALIDATE};
use crate::printer::PRINT_FLAGS;
use crate::waiting::Flow;

/// `create namespace`
pub(crate) static NAMESPACE: Command = Command {
    name: "namespace",
    aliases: &["ns"],
    usage: "NAME [--dry-run=server|client|none]",
    short: "Create a namespace",
    examples: &["create namespace shop"],
    flags: &[PRINT_FLAGS, SAVE_CONFIG, VALIDATE, DRY_RUN, FIELD_MANAGER],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let name = super::name(ctx)?;
    let creation = Creation::new(ctx)?;
    if name.is_empty() {
        return Err("name must be specified".into());
    }
    let namespace = json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name},
        "spec": {}, "status": {},
    });
    creation.create(ctx, Resource::Namespaces, namespace, "")
}
