//! `--record`: the command itself as the change-cause. Models `genericclioptions.RecordFlags`.

use rollscope_api::Value;
use rollscope_api::annotation::CHANGE_CAUSE;

use crate::context::Ctx;
use crate::flags;
use crate::info::{annotation, set_annotation};

/// The command as it is written down, if it is to be.
fn cause(ctx: &Ctx<'_>) -> Option<String> {
    if !ctx.given().on("record") {
        return None;
    }
    let all = flags::parse(ctx.call.command.known_flags(), &ctx.call.line).ok()?;
    let mut text = "kubectl".to_owned();
    for arg in &all.args {
        text.push(' ');
        text.push_str(arg);
    }
    for (name, value) in &all.order {
        text.push_str(&format!(" --{name}={value}"));
    }
    Some(text)
}

/// Writes the command into the object, if it is to be.
pub(crate) fn record(ctx: &Ctx<'_>, object: &mut Value) {
    if let Some(cause) = cause(ctx) {
        set_annotation(object, CHANGE_CAUSE, &cause);
    }
}

/// The merge patch that writes the command into the object, if it is to be and is not there yet.
pub(crate) fn patch(ctx: &Ctx<'_>, object: &Value) -> Option<Value> {
    let cause = cause(ctx)?;
    if annotation(object, CHANGE_CAUSE) == Some(cause.as_str()) {
        return None;
    }
    Some(serde_json::json!({"metadata": {"annotations": {CHANGE_CAUSE: cause}}}))
}
