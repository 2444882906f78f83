//! `kubectl set`: changes one aspect of objects.

mod env;
mod image;
mod resources;
mod selector;
mod sender;
mod service_account;

use crate::command::{COMMAND, Command};

/// `set`
pub(crate) static SET: Command = Command {
    name: "set",
    usage: "SUBCOMMAND",
    short: "Set one feature of objects: image, env, resources …",
    subs: &[
        &image::IMAGE,
        &resources::RESOURCES,
        &selector::SELECTOR,
        &SUBJECT,
        &service_account::SERVICE_ACCOUNT,
        &env::ENV,
    ],
    ..COMMAND
};

static SUBJECT: Command = Command {
    name: "subject",
    short: "Update the subjects of role bindings",
    run: crate::command::Run::Absent("there are no roles to bind"),
    ..COMMAND
};

pub(super) const LOCAL_SERVER: &str =
    "cannot specify --local and --dry-run=server - did you mean --dry-run=client?";

pub(super) const NO_RESOURCES: &str =
    "one or more resources must be specified as <resource> <name> or <resource>/<name>";
