//! `kubectl set env`. Models `kubectl/pkg/cmd/set/set_env.go` and `set/env`.

use rollscope_api::Value;
use serde_json::json;

use super::sender::Sender;
use super::{LOCAL_SERVER, NO_RESOURCES};
use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, LOCAL_FLAG, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, LIST};
use crate::go::quote;
use crate::info::Info;
use crate::printer::PRINT_FLAGS;
use crate::waiting::Flow;
use crate::workload::{containers, pod_spec};

const FLAGS: &[Flag] = &[
    Flag::text("containers", "The containers to change; * stands for any text.")
        .short('c')
        .default("*"),
    Flag::text("from", "A config map or secret to take variables from: configmap/settings."),
    Flag::text("prefix", "Put in front of the names taken with --from."),
    Flag::of(Kind::Array, "env", "", "A variable to set, as NAME=VALUE.").short('e'),
    Flag::of(Kind::List, "keys", "", "The keys to take with --from."),
    Flag::switch("resolve", "With --list: show the values behind references."),
    Flag::switch("overwrite", "Allow existing variables to be changed.").default("true"),
];

/// `set env`
pub(crate) static ENV: Command = Command {
    name: "env",
    usage: "RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
    short: "Change environment variables in a pod template",
    examples: &[
        "set env deployment/web MODE=fast",
        "set env deployment/web MODE-",
        "set env deployment/web --list",
    ],
    flags: &[
        FILE_FLAGS,
        FLAGS,
        LIST,
        LOCAL_FLAG,
        ALL_FLAG,
        FIELD_MANAGER,
        SELECTOR_FLAG,
        PRINT_FLAGS,
        DRY_RUN,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

/// What to do with the variables of a container.
struct Changes {
    set: Vec<Value>,
    remove: Vec<String>,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    if ctx.given().on("all") && !ctx.given().text("selector").is_empty() {
        return Err("cannot set --all and --selector at the same time".into());
    }
    let args = ctx.args();
    let (resources, env_args) = split(&args)?;
    let dry_run = ctx.dry_run()?;
    let refused = "failed to patch env update to pod template:";
    let mut sender = Sender::new(ctx, dry_run, "env updated", refused)?;
    validate(ctx, &resources, dry_run)?;

    let mut specs = ctx.given().list("env");
    specs.extend(env_args.iter().cloned());
    let mut changes = parse(ctx, &specs)?;
    take_from(ctx, &mut changes)?;
    let prefix = ctx.given().text("prefix").to_owned();
    for variable in &mut changes.set {
        let name = variable["name"].as_str().unwrap_or_default();
        variable["name"] = format!("{prefix}{name}").into();
    }

    let local = ctx.given().on("local");
    let all = ctx.given().on("all");
    let selector = ctx.given().text("selector").to_owned();
    let builder = Builder::new(ctx).local(local).continue_on_error().files(ctx).flatten();
    let builder = if local {
        builder
    } else {
        builder.label_selector(&selector).args(all, &resources).latest()
    };
    let infos = builder.done()?.all(ctx)?;

    let mut updated = Vec::new();
    for info in infos {
        let mut after = info.object.clone();
        match update(ctx, &info, &mut after, &changes) {
            Ok(()) => updated.push((info, after)),
            Err(error) => sender.fail(&info, &error),
        }
    }
    if ctx.given().on("list") {
        return Ok(Flow::Done);
    }
    for (info, after) in updated {
        sender.send_changed(ctx, &info, &after)?;
    }
    sender.end()
}

/// Resources stand before variables; here even `=` alone makes a variable.
fn split(args: &[String]) -> Result<(Vec<String>, Vec<String>), Error> {
    let is_variable = |arg: &String| arg.find('=').is_some_and(|at| at > 0) || arg.ends_with('-');
    let first = args.iter().position(is_variable).unwrap_or(args.len());
    let (resources, variables) = args.split_at(first);
    if !variables.iter().all(is_variable) {
        return Err(Error::Text(format!(
            "all resources must be specified before environment changes: {}",
            args.join(" ")
        )));
    }
    Ok((resources.to_vec(), variables.to_vec()))
}

fn validate(ctx: &Ctx<'_>, resources: &[String], dry_run: DryRun) -> Result<(), Error> {
    let given = ctx.given();
    if given.on("local") && dry_run == DryRun::Server {
        return Err(LOCAL_SERVER.into());
    }
    if given.list("filename").is_empty() && resources.is_empty() {
        return Err(NO_RESOURCES.into());
    }
    if given.on("list") && !given.text("output").is_empty() {
        return Err("--list and --output may not be specified together".into());
    }
    if !given.list("keys").is_empty() && given.text("from").is_empty() {
        return Err(
            "when specifying --keys, a configmap or secret must be provided with --from".into()
        );
    }
    Ok(())
}

fn parse(ctx: &Ctx<'_>, specs: &[String]) -> Result<Changes, Error> {
    const WHAT: &str = "environment variable";
    let mut changes = Changes { set: Vec::new(), remove: Vec::new() };
    let mut set_names: Vec<String> = Vec::new();
    for spec in specs {
        if spec == "-" {
            let text = ctx.call.stdin.as_deref().unwrap_or_default();
            for line in text.lines() {
                let line = line.split('#').next().unwrap_or_default();
                if let Some((name, value)) = line.split_once('=') {
                    changes.set.push(json!({"name": name, "value": value}));
                }
            }
        } else if let Some((name, value)) = spec.split_once('=') {
            if let Some(problem) = wrong_name(name) {
                return Err(Error::Text(format!(
                    "{} is not a valid key name: {problem}",
                    quote(name)
                )));
            }
            set_names.push(name.to_owned());
            changes.set.push(json!({"name": name, "value": value}));
        } else if let Some(name) = spec.strip_suffix('-') {
            changes.remove.push(name.to_owned());
        } else {
            return Err(Error::Text(format!("unknown {WHAT}: {spec}")));
        }
    }
    if changes.remove.iter().any(|name| set_names.contains(name)) {
        return Err(Error::Text(format!(
            "can not both modify and remove the same {WHAT} in the same command"
        )));
    }
    Ok(changes)
}

/// Why a name cannot be an environment variable's, in kubectl's words.
fn wrong_name(name: &str) -> Option<String> {
    let first = name.chars().next();
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let well_formed =
        first.is_some_and(|c| known(c) && !c.is_ascii_digit()) && name.chars().all(known);
    let mut problems = Vec::new();
    if !well_formed {
        problems.push(
            "a valid environment variable name must consist of alphabetic characters, digits, \
             '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or \
             'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is \
             '[-._a-zA-Z][-._a-zA-Z0-9]*')",
        );
    }
    match name {
        "." => problems.push("must not be '.'"),
        ".." => problems.push("must not be '..'"),
        name if name.starts_with("..") => problems.push("must not start with '..'"),
        _ => {}
    }
    if problems.is_empty() { None } else { Some(problems.join(";")) }
}

/// Adds the variables that `--from` stands for.
fn take_from(ctx: &mut Ctx<'_>, changes: &mut Changes) -> Result<(), Error> {
    let from = ctx.given().text("from").to_owned();
    if from.is_empty() {
        return Ok(());
    }
    let keys = ctx.given().list("keys");
    let builder = Builder::new(ctx).continue_on_error().flatten().args(false, &[from]).latest();
    for info in builder.done()?.all(ctx)? {
        let reference = match info.kind.kind {
            "Secret" => "secretKeyRef",
            "ConfigMap" => "configMapKeyRef",
            _ => return Err("unsupported resource specified in --from".into()),
        };
        let data = info.object["data"].as_object().cloned().unwrap_or_default();
        for key in data.keys().filter(|key| keys.is_empty() || keys.contains(key)) {
            let name: String = key
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
                .collect();
            if name != *key {
                ctx.eprintln(&format!("Warning: key {key} transferred to {name}"));
            }
            changes.set.push(json!({
                "name": name,
                "valueFrom": {reference: {"name": info.name, "key": key}},
            }));
        }
    }
    Ok(())
}

fn update(
    ctx: &mut Ctx<'_>,
    info: &Info,
    after: &mut Value,
    changes: &Changes,
) -> Result<(), Error> {
    let pattern = ctx.given().text("containers").to_owned();
    let (overwrite, list) = (ctx.given().on("overwrite"), ctx.given().on("list"));
    let spec = pod_spec(info.kind, after)?;
    let mut found = false;
    let mut lines = String::new();
    for kind in ["containers", "initContainers"] {
        for container in containers(spec, kind, &pattern) {
            found = true;
            let present = container["env"].as_array().cloned().unwrap_or_default();
            if !overwrite {
                refuse_overwrites(&present, &changes.set)?;
            }
            let variables = updated(&present, changes);
            if list {
                let name = container["name"].as_str().unwrap_or_default();
                lines.push_str(&format!("# {} {}, container {name}\n", info.kind.kind, info.name));
                variables.iter().for_each(|variable| lines.push_str(&shown(variable)));
            }
            if let Some(container) = container.as_object_mut() {
                if variables.is_empty() {
                    container.remove("env");
                } else {
                    container.insert("env".into(), variables.into());
                }
            }
        }
    }
    if !found {
        ctx.eprintln(&format!(
            "Warning: {}/{} does not have any containers matching {}",
            info.kind.kind,
            info.name,
            quote(&pattern)
        ));
    }
    ctx.print(&lines);
    Ok(())
}

fn refuse_overwrites(present: &[Value], set: &[Value]) -> Result<(), Error> {
    for variable in set {
        let current = present.iter().find(|current| current["name"] == variable["name"]);
        if let Some(current) = current
            && current["value"] != variable["value"]
        {
            return Err(Error::Text(format!(
                "'{}' already has a value ({}), and --overwrite is false",
                current["name"].as_str().unwrap_or_default(),
                current["value"].as_str().unwrap_or_default()
            )));
        }
    }
    Ok(())
}

/// Changed variables keep their place, new ones come last.
fn updated(present: &[Value], changes: &Changes) -> Vec<Value> {
    let mut covered: Vec<&str> = changes.remove.iter().map(String::as_str).collect();
    let mut variables = Vec::new();
    for variable in present {
        let name = variable["name"].as_str().unwrap_or_default();
        if covered.contains(&name) {
            continue;
        }
        match changes.set.iter().find(|newer| newer["name"].as_str() == Some(name)) {
            Some(newer) => {
                covered.push(name);
                variables.push(newer.clone());
            }
            None => variables.push(variable.clone()),
        }
    }
    for variable in &changes.set {
        let name = variable["name"].as_str().unwrap_or_default();
        if !covered.contains(&name) {
            covered.push(name);
            variables.push(variable.clone());
        }
    }
    variables.iter_mut().for_each(|variable| {
        if variable["value"].as_str() == Some("")
            && let Some(variable) = variable.as_object_mut()
        {
            variable.remove("value");
        }
    });
    variables
}

/// A variable as `--list` shows it.
fn shown(variable: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = text(&variable["name"]);
    let from = &variable["valueFrom"];
    if from.is_null() {
        return format!("{name}={}\n", text(&variable["value"]));
    }
    let (field, config, secret, resource) = (
        &from["fieldRef"],
        &from["configMapKeyRef"],
        &from["secretKeyRef"],
        &from["resourceFieldRef"],
    );
    let reference = if config.is_object() {
        format!("configmap {}, key {}", text(&config["name"]), text(&config["key"]))
    } else if resource.is_object() {
        let container = match text(&resource["containerName"]) {
            name if name.is_empty() => String::new(),
            name => format!("{name}/"),
        };
        format!("resource field {container}{}", text(&resource["resource"]))
    } else if secret.is_object() {
        format!("secret {}, key {}", text(&secret["name"]), text(&secret["key"]))
    } else if field.is_object() {
        format!("field path {}", text(&field["fieldPath"]))
    } else {
        "invalid valueFrom".into()
    };
    format!("# {name} from {reference}\n")
}
