//! `kubectl create secret`. Models `kubectl/pkg/cmd/create/create_secret.go`.

use rollscope_api::Resource;
use serde_json::json;

use super::{Creation, literals};
use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, SAVE_CONFIG, VALIDATE};
use crate::go::quote;
use crate::printer::PRINT_FLAGS;
use crate::waiting::Flow;

/// `create secret`
pub(crate) static SECRET: Command = Command {
    name: "secret",
    usage: "(docker-registry | generic | tls)",
    short: "Create a secret",
    subs: &[&DOCKER_REGISTRY, &TLS, &GENERIC],
    ..COMMAND
};

static DOCKER_REGISTRY: Command = Command {
    name: "docker-registry",
    short: "Not part of the playground",
    run: Run::Absent("its images need no registry's password"),
    ..COMMAND
};

static TLS: Command = Command {
    name: "tls",
    short: "Not part of the playground",
    run: Run::Absent("there are no certificates"),
    ..COMMAND
};

const FLAGS: &[Flag] = &[Flag::text("type", "The type of the secret.")];

static GENERIC: Command = Command {
    name: "generic",
    usage: "NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
    short: "Create a secret from literals or files",
    examples: &["create secret generic login --from-literal=user=ada"],
    flags: &[PRINT_FLAGS, SAVE_CONFIG, VALIDATE, DRY_RUN, literals::FLAGS, FLAGS, FIELD_MANAGER],
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
    for (key, value) in literals::read(ctx, true)? {
        let problems = literals::wrong_key(&key);
        if !problems.is_empty() {
            return Err(Error::Text(format!(
                "{} is not valid key name for a Secret {}",
                quote(&key),
                problems.join(";")
            )));
        }
        if data.insert(key.clone(), base64(value.as_bytes()).into()).is_some() {
            return Err(Error::Text(format!(
                "cannot add key {key}, another key by that name already exists"
            )));
        }
    }
    let mut secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}});
    if !data.is_empty() {
        secret["data"] = data.into();
    }
    let kind = ctx.given().text("type");
    if !kind.is_empty() {
        secret["type"] = kind.into();
    }
    creation.create(ctx, Resource::Secrets, secret, "failed to create secret")
}

/// Standard base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| usize::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            if digit <= chunk.len() {
                text.push(char::from(DIGITS[bits >> (18 - 6 * digit) & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn padding() {
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"a"), "YQ==");
        assert_eq!(base64(b"ab"), "YWI=");
        assert_eq!(base64(b"abc"), "YWJj");
        assert_eq!(base64(b"abcd"), "YWJjZA==");
    }
}
