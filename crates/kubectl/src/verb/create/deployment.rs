//! `kubectl create deployment`. Models `kubectl/pkg/cmd/create/create_deployment.go`.

use rollscope_api::{Resource, Value};
use serde_json::json;

use super::Creation;
use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, SAVE_CONFIG, VALIDATE};
use crate::printer::PRINT_FLAGS;
use crate::waiting::Flow;

const FLAGS: &[Flag] = &[
    Flag::of(Kind::List, "image", "", "The image; several make several containers.").required(),
    Flag::of(Kind::Int32, "port", "-1", "The port the container listens on."),
    Flag::of(Kind::Int32, "replicas", "1", "How many pods.").short('r'),
];

/// `create deployment`
pub(crate) static DEPLOYMENT: Command = Command {
    name: "deployment",
    aliases: &["deploy"],
    usage: "NAME --image=image -- [COMMAND] [args...]",
    short: "Create a Deployment",
    examples: &["create deployment web --image=web:1.0 --replicas=3 --port=8080"],
    flags: &[PRINT_FLAGS, SAVE_CONFIG, VALIDATE, DRY_RUN, FLAGS, FIELD_MANAGER],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let name = super::name(ctx)?;
    let command = ctx.given().args[1..].to_vec();
    let creation = Creation::new(ctx)?;
    let images = ctx.given().list("image");
    if images.len() > 1 && !command.is_empty() {
        return Err("cannot specify multiple --image options and command".into());
    }
    let mut containers: Vec<Value> =
        images.iter().map(|image| container(ctx, image, &command)).collect();
    let port = ctx.given().int("port");
    if port >= 0
        && let Some(first) = containers.first_mut()
    {
        first["ports"] = json!([{"containerPort": port}]);
    }
    let labels = json!({"app": name});
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels},
        "spec": {
            "replicas": ctx.given().int("replicas"),
            "selector": {"matchLabels": labels},
            "strategy": {},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
        "status": {},
    });
    creation.create(ctx, Resource::Deployments, deployment, "failed to create deployment:")
}

fn container(ctx: &Ctx<'_>, image: &str, command: &[String]) -> Value {
    let last = image.rsplit('/').next().unwrap_or(image);
    let name = last.split(':').next().unwrap_or(last);
    let name = name.split('@').next().unwrap_or(name);
    let mut name = name.replace(['_', '.'], "-");
    if last.contains(['_', '.']) && name != last.split([':', '@']).next().unwrap_or_default() {
        name = format!("{name}-{}", suffix(ctx, image));
    }
    let mut container = json!({"name": name, "image": image, "resources": {}});
    if !command.is_empty() {
        container["command"] = command.into();
    }
    container
}

/// Five characters as the API server makes them for names. They follow from the image and the
/// moment, so that a script gives the same each time.
fn suffix(ctx: &Ctx<'_>, image: &str) -> String {
    const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut state = ctx.now().as_micros().unsigned_abs() ^ 0xcbf2_9ce4_8422_2325;
    for byte in image.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut text = String::new();
    for _ in 0..5 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let at = usize::try_from(state % ALPHABET.len() as u64).unwrap_or(0);
        text.push(char::from(ALPHABET[at]));
    }
    text
}
