//! `kubectl run`. Models `kubectl/pkg/cmd/run/run.go` and `kubectl/pkg/generate/versioned/run.go`.

use rollscope_api::{Resource, Value};
use serde_json::json;

use super::delete::propagation;
use super::expose::parse_labels;
use crate::builder::FILE_FLAGS;
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{DELETE, DRY_RUN, FIELD_MANAGER, RECORD, SAVE_CONFIG, WAIT_OFF};
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;
use crate::{go, kinds, last_applied, record};

const FLAGS: &[Flag] = &[
    Flag::of(Kind::Array, "annotations", "", "An annotation, as KEY=VALUE."),
    Flag::text("image", "The image.").required(),
    Flag::text("image-pull-policy", "Always, IfNotPresent or Never."),
    Flag::switch("rm", "Delete the pod when it ends: needs --attach."),
    Flag::of(Kind::Array, "env", "", "A variable, as NAME=VALUE."),
    Flag::text("port", "The port the container listens on."),
    Flag::text("labels", "Labels, as a=b,c=d.").short('l'),
    Flag::switch("stdin", "Keep standard input open: not part of the playground.").short('i'),
    Flag::switch("tty", "A terminal: not part of the playground.").short('t'),
    Flag::switch("attach", "Attach to the pod: not part of the playground."),
    Flag::switch("leave-stdin-open", "With --stdin."),
    Flag::text("restart", "Always, OnFailure or Never.").default("Always"),
    Flag::switch("command", "What follows -- is the command and not its arguments."),
    Flag::switch("expose", "Create a service too."),
    Flag::switch("quiet", "Say less.").short('q'),
    Flag::switch("privileged", "A privileged container."),
    Flag::text("detach-keys", "With --attach.").default("ctrl-p,ctrl-q"),
    Flag::text("overrides", "JSON that is merged over the pod."),
    Flag::text("override-type", "json, merge or strategic.").default("merge"),
    Flag::of(Kind::Duration, "pod-running-timeout", "1m0s", "With --attach."),
];

/// `run`
pub(crate) static RUN: Command = Command {
    name: "run",
    usage: "NAME --image=image [--env=\"key=value\"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]",
    short: "Run a pod of its own",
    examples: &["run probe --image=web:1.0"],
    flags: &[
        FILE_FLAGS,
        DELETE,
        WAIT_OFF,
        PRINT_FLAGS,
        RECORD,
        DRY_RUN,
        FLAGS,
        FIELD_MANAGER,
        SAVE_CONFIG,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let mut printer = Printer::new(ctx, "created", dry_run)?;
    propagation(ctx)?;
    let given = ctx.given().clone();
    let args = ctx.args();
    if args.is_empty() || given.args_at_dash == Some(0) {
        return Err(ctx.usage_error("NAME is required for run"));
    }
    check_flags(ctx, dry_run)?;
    let mut pod = pod(ctx, &args)?;
    let overrides = given.text("overrides");
    if !overrides.is_empty() {
        let patch: Value =
            serde_json::from_str(overrides).map_err(|_| Error::from("Invalid JSON Patch"))?;
        pod = rollscope_api::merge::json_merge(&pod, &patch);
        // What a pod does not have is dropped.
        if let Ok(raw) = rollscope_api::decode::decode_raw(Resource::Pods, &pod) {
            let (version, kind) = (pod["apiVersion"].take(), pod["kind"].take());
            pod = raw.value;
            (pod["apiVersion"], pod["kind"]) = (version, kind);
        }
    }
    let pod = create(ctx, Resource::Pods, pod, dry_run)?;
    if given.on("expose") {
        let service = service(ctx, &args[0])?;
        let service = create(ctx, Resource::Services, service, dry_run)?;
        printer.print(ctx, &service)?;
        if given.text("output") == "yaml" {
            ctx.print("---\n");
        }
    }
    printer.print(ctx, &pod)?;
    Ok(Flow::Done)
}

fn check_flags(ctx: &Ctx<'_>, dry_run: DryRun) -> Result<(), Error> {
    let given = ctx.given();
    let image = given.text("image");
    if image.is_empty() {
        return Err("--image is required".into());
    }
    if !is_reference(image) {
        return Err(Error::Text(format!(
            "Invalid image name {}: invalid reference format",
            go::quote(image)
        )));
    }
    if given.on("tty") && !given.on("stdin") {
        return Err(ctx.usage_error("-i/--stdin is required for containers with -t/--tty=true"));
    }
    if given.on("expose") && given.text("port").is_empty() {
        return Err(ctx.usage_error("--port must be set when exposing a service"));
    }
    let restart = given.text("restart");
    if !matches!(restart, "" | "Always" | "OnFailure" | "Never") {
        return Err(ctx.usage_error(&format!("invalid restart policy: {restart}")));
    }
    let attached = if given.changed("attach") { given.on("attach") } else { given.on("stdin") };
    if !attached && given.on("rm") {
        return Err(ctx.usage_error("--rm should only be used for attached containers"));
    }
    if attached && dry_run != DryRun::None {
        return Err(ctx.usage_error("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)"));
    }
    let policy = given.text("image-pull-policy");
    if !matches!(policy, "" | "Always" | "IfNotPresent" | "Never") {
        return Err(ctx.usage_error(&format!("invalid image pull policy: {policy}")));
    }
    if attached {
        return Err("attaching to a pod (-i, --attach) is not part of the playground".into());
    }
    Ok(())
}

/// Near enough to `reference.ReferenceRegexp`: lower-case path, then tag, then digest.
fn is_reference(image: &str) -> bool {
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (image, None),
    };
    if let Some(digest) = digest {
        let hex = |text: &str| text.len() >= 32 && text.chars().all(|c| c.is_ascii_hexdigit());
        if !digest.split_once(':').is_some_and(|(kind, sum)| !kind.is_empty() && hex(sum)) {
            return false;
        }
    }
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (path, tag) = match rest[slash..].find(':') {
        Some(at) => (&rest[..slash + at], Some(&rest[slash + at + 1..])),
        None => (rest, None),
    };
    if let Some(tag) = tag {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let inner = |c: char| word(c) || matches!(c, '.' | '-');
        let first = tag.chars().next();
        if tag.len() > 128 || !first.is_some_and(word) || !tag.chars().all(inner) {
            return false;
        }
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    // The first part may be a host, with upper-case letters and a port.
    if parts.len() > 1
        && (parts[0].contains(['.', ':'])
            || parts[0] == "localhost"
            || parts[0].chars().any(|c| c.is_ascii_uppercase()))
    {
        let host = parts.remove(0);
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        if host.is_empty() || !host.chars().all(known) {
            return false;
        }
    }
    parts.iter().all(|part| {
        let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let known = |c: char| alphanumeric(c) || matches!(c, '.' | '_' | '-');
        part.starts_with(alphanumeric) && part.ends_with(alphanumeric) && part.chars().all(known)
    })
}

fn pod(ctx: &Ctx<'_>, args: &[String]) -> Result<Value, Error> {
    let given = ctx.given();
    let name = &args[0];
    let labels = match given.text("labels") {
        "" => json!({"run": name}),
        labels => parse_labels(labels)?,
    };
    let mut container = json!({"name": name, "image": given.text("image"), "resources": {}});
    let rest = &args[1..];
    if !rest.is_empty() {
        let key = if given.on("command") { "command" } else { "args" };
        container[key] = rest.to_vec().into();
    }
    let mut env = Vec::new();
    for variable in given.list("env") {
        match variable.split_once('=') {
            Some((name, value)) if !name.is_empty() => {
                env.push(json!({"name": name, "value": value}));
            }
            _ => return Err(Error::Text(format!("invalid env: {variable}"))),
        }
    }
    if !env.is_empty() {
        container["env"] = env.into();
    }
    if !given.text("image-pull-policy").is_empty() {
        container["imagePullPolicy"] = given.text("image-pull-policy").into();
    }
    if !given.text("port").is_empty() {
        container["ports"] = json!([{"containerPort": go::atoi(given.text("port"))?}]);
    }
    if given.on("privileged") {
        container["securityContext"] = json!({"privileged": true});
    }
    let restart = match given.text("restart") {
        "" => "Always",
        restart => restart,
    };
    let mut pod = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": labels},
        "spec": {
            "containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": restart,
        },
        "status": {},
    });
    let mut annotations = serde_json::Map::new();
    for annotation in given.list("annotations") {
        match annotation.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                annotations.insert(key.to_owned(), value.into());
            }
            _ => return Err(Error::Text(format!("invalid annotation: {annotation}"))),
        }
    }
    if !annotations.is_empty() {
        pod["metadata"]["annotations"] = annotations.into();
    }
    Ok(pod)
}

fn service(ctx: &Ctx<'_>, name: &str) -> Result<Value, Error> {
    let selector = match ctx.given().text("labels") {
        "" => json!({"run": name}),
        labels => parse_labels(labels)?,
    };
    let port = go::atoi(ctx.given().text("port"))?;
    Ok(json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {
            "selector": selector,
            "ports": [{"port": port, "targetPort": port, "protocol": "TCP"}],
        },
        "status": {"loadBalancer": {}},
    }))
}

fn create(
    ctx: &mut Ctx<'_>,
    resource: Resource,
    mut object: Value,
    dry_run: DryRun,
) -> Result<Value, Error> {
    record::record(ctx, &mut object);
    let namespace = ctx.namespace();
    if dry_run == DryRun::Client {
        if ctx.namespace_enforced() {
            object["metadata"]["namespace"] = namespace.into();
        }
        return Ok(object);
    }
    last_applied::create_or_update(ctx.given().on("save-config"), &mut object);
    let write = Write::by("kubectl-run", dry_run);
    ctx.create(kinds::of(resource), &namespace, object, write)
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn references() {
        for image in ["web", "web:1.0", "a/b:c", "host:5000/a/b", "Host.io/x", "y"] {
            assert!(is_reference(image), "{image}");
        }
        for image in ["", "Web", "web:", "web: 1", "-web", "a//b", "web:1.0@sha256:xyz"] {
            assert!(!is_reference(image), "{image}");
        }
    }
}
