//! The root of the tree of commands, and the flags every command has.

use crate::absent_table::{
    ATTACH, AUTH, CERTIFICATE, COMPLETION, CONFIG, CP, DEBUG, EXEC, KUBERC, KUSTOMIZE, LOGS,
    PLUGIN, PORT_FORWARD, PROXY, TOP,
};
use crate::command::{COMMAND, Command, Run};
use crate::flags::{Flag, Kind};
use crate::verb;
use crate::waiting::Flow;

/// In the order of kubectl's own help, which is the order suggestions come in.
pub(crate) static ROOT: Command = Command {
    name: "kubectl",
    short: "Controls the simulated cluster",
    subs: &[
        &verb::create::CREATE,
        &verb::expose::EXPOSE,
        &verb::run::RUN,
        &verb::set::SET,
        &verb::explain::EXPLAIN,
        &verb::get::GET,
        &verb::edit::EDIT,
        &verb::delete::DELETE_COMMAND,
        &verb::rollout::ROLLOUT,
        &verb::scale::SCALE,
        &verb::autoscale::AUTOSCALE,
        &CERTIFICATE,
        &verb::cluster_info::CLUSTER_INFO,
        &TOP,
        &verb::cordon::CORDON,
        &verb::cordon::UNCORDON,
        &verb::drain::DRAIN,
        &verb::taint::TAINT,
        &verb::describe::DESCRIBE,
        &LOGS,
        &ATTACH,
        &EXEC,
        &PORT_FORWARD,
        &PROXY,
        &CP,
        &AUTH,
        &DEBUG,
        &verb::events::EVENTS,
        &verb::diff::DIFF,
        &verb::apply::APPLY,
        &verb::patch::PATCH,
        &verb::replace::REPLACE,
        &verb::wait::WAIT,
        &KUSTOMIZE,
        &verb::label::LABEL,
        &verb::annotate::ANNOTATE,
        &COMPLETION,
        &CONFIG,
        &PLUGIN,
        &verb::version::VERSION_COMMAND,
        &verb::api_resources::API_VERSIONS,
        &verb::api_resources::API_RESOURCES,
        &ALPHA,
        &OPTIONS,
        &KUBERC,
        &HELP,
    ],
    ..COMMAND
};

static OPTIONS: Command = Command {
    name: "options",
    short: "List the flags that every command has",
    run: Run::Verb(|ctx| {
        let text = crate::help::global_flags();
        ctx.print(&text);
        Ok(Flow::Done)
    }),
    ..COMMAND
};

static ALPHA: Command = Command {
    name: "alpha",
    short: "There is nothing that is only tried out",
    run: Run::Verb(|ctx| {
        ctx.eprintln("No alpha commands are available in this version of kubectl");
        Ok(Flow::Done)
    }),
    ..COMMAND
};

static HELP: Command = Command {
    name: "help",
    usage: "[command]",
    short: "Explain a command",
    run: Run::Verb(|ctx| {
        let args = ctx.args();
        match crate::command::find(&ROOT, &args) {
            Ok(found) => {
                let text = crate::help::command(found.command, &found.path);
                ctx.print(&text);
            }
            Err(_) => {
                let topic: Vec<String> = args.iter().map(|arg| format!("`{arg}`")).collect();
                ctx.eprintln(&format!("Unknown help topic {}", crate::go::list(&topic)));
            }
        }
        Ok(Flow::Done)
    }),
    ..COMMAND
};

/// The flags of `kubectl options`.
pub(crate) static GLOBAL_FLAGS: &[Flag] = &[
    Flag::text("namespace", "The namespace to work in; otherwise default.").short('n'),
    Flag::text("context", "There is one cluster: refused."),
    Flag::text("cluster", "There is one cluster: refused."),
    Flag::text("user", "There is one user: refused."),
    Flag::text("kubeconfig", "There is no configuration file: refused."),
    Flag::text("server", "There is one cluster: refused.").short('s'),
    Flag::text("token", "There is one user: refused."),
    Flag::text("username", "There is one user: refused."),
    Flag::text("password", "There is one user: refused."),
    Flag::text("as", "There is one user: refused."),
    Flag::text("as-uid", "There is one user: refused."),
    Flag::of(Kind::Array, "as-group", "", "There is one user: refused."),
    Flag::of(Kind::Array, "as-user-extra", "", "There is one user: refused."),
    Flag::text("certificate-authority", "There are no certificates: refused."),
    Flag::text("client-certificate", "There are no certificates: refused."),
    Flag::text("client-key", "There are no certificates: refused."),
    Flag::text("tls-server-name", "There are no certificates: refused."),
    Flag::switch("insecure-skip-tls-verify", "Has no effect here."),
    Flag::switch("disable-compression", "Has no effect here."),
    Flag::switch("match-server-version", "Has no effect here."),
    Flag::switch("warnings-as-errors", "Warnings of the server fail the command."),
    Flag::text("cache-dir", "Has no effect here."),
    Flag::text("kuberc", "Has no effect here."),
    Flag::text("profile", "Has no effect here.").default("none"),
    Flag::text("profile-output", "Has no effect here."),
    Flag::text("request-timeout", "Has no effect here.").default("0"),
    Flag::text("log-flush-frequency", "Has no effect here.").default("5s"),
    Flag::of(Kind::Int, "v", "0", "Has no effect here.").short('v'),
    Flag::text("vmodule", "Has no effect here."),
];

/// What `--context` and its like are answered with.
pub(crate) fn refused_global(given: &crate::flags::Given) -> Option<String> {
    let quoted = |name: &str| crate::go::quote(given.text(name));
    if !given.text("context").is_empty() {
        let name = given.text("context");
        return Some(format!(
            "Error in configuration: context was not found for specified context: {name}"
        ));
    }
    if !given.text("kubeconfig").is_empty() {
        return Some(format!("stat {}: no such file or directory", given.text("kubeconfig")));
    }
    if !given.text("cluster").is_empty() {
        return Some(format!("no server found for cluster {}", quoted("cluster")));
    }
    if !given.text("user").is_empty() {
        return Some(format!("auth info {} does not exist", quoted("user")));
    }
    let others = [
        "server",
        "token",
        "username",
        "password",
        "as",
        "as-uid",
        "as-group",
        "as-user-extra",
        "certificate-authority",
        "client-certificate",
        "client-key",
        "tls-server-name",
    ];
    let refused = others.into_iter().find(|name| given.changed(name))?;
    Some(format!("--{refused} is not part of the playground: there is one cluster and one user"))
}
