//! `kubectl create service`. Models `kubectl/pkg/cmd/create/create_service.go`.

use rollscope_api::{Resource, Value};
use serde_json::json;

use super::Creation;
use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, SAVE_CONFIG, VALIDATE};
use crate::go;
use crate::printer::PRINT_FLAGS;
use crate::waiting::Flow;

/// `create service`
pub(crate) static SERVICE: Command = Command {
    name: "service",
    aliases: &["svc"],
    short: "Create a service",
    subs: &[&CLUSTER_IP, &NODE_PORT, &LOAD_BALANCER, &EXTERNAL_NAME],
    ..COMMAND
};

const TCP: &[Flag] = &[Flag::of(Kind::List, "tcp", "", "Ports, as PORT or PORT:TARGET.")];

static CLUSTER_IP: Command = Command {
    name: "clusterip",
    usage: "NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
    short: "Create a service with an address inside the cluster",
    examples: &["create service clusterip web --tcp=80:8080"],
    flags: &[
        PRINT_FLAGS,
        SAVE_CONFIG,
        VALIDATE,
        TCP,
        &[Flag::text("clusterip", "The address, or None.")],
        FIELD_MANAGER,
        DRY_RUN,
    ],
    run: Run::Verb(|ctx| run(ctx, "ClusterIP")),
    ..COMMAND
};

static NODE_PORT: Command = Command {
    name: "nodeport",
    usage: "NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    short: "Create a service with a port on every node",
    examples: &["create service nodeport web --tcp=80"],
    flags: &[
        PRINT_FLAGS,
        SAVE_CONFIG,
        VALIDATE,
        &[Flag::of(Kind::Int, "node-port", "0", "The port on the nodes.")],
        FIELD_MANAGER,
        TCP,
        DRY_RUN,
    ],
    run: Run::Verb(|ctx| run(ctx, "NodePort")),
    ..COMMAND
};

static LOAD_BALANCER: Command = Command {
    name: "loadbalancer",
    usage: "NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    short: "Create a service with a load balancer",
    examples: &["create service loadbalancer web --tcp=80"],
    flags: &[PRINT_FLAGS, SAVE_CONFIG, VALIDATE, TCP, FIELD_MANAGER, DRY_RUN],
    run: Run::Verb(|ctx| run(ctx, "LoadBalancer")),
    ..COMMAND
};

static EXTERNAL_NAME: Command = Command {
    name: "externalname",
    usage: "NAME --external-name external.name [--dry-run=server|client|none]",
    short: "Create a service that stands for a name elsewhere",
    examples: &["create service externalname shop --external-name shop.example.com"],
    flags: &[
        PRINT_FLAGS,
        SAVE_CONFIG,
        VALIDATE,
        TCP,
        &[Flag::text("external-name", "The name it stands for.").required()],
        FIELD_MANAGER,
        DRY_RUN,
    ],
    run: Run::Verb(|ctx| run(ctx, "ExternalName")),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>, kind: &str) -> Result<Flow, Error> {
    let name = super::name(ctx)?;
    let creation = Creation::new(ctx)?;
    let given = ctx.given();
    let (cluster_ip, tcp) = (given.text("clusterip").to_owned(), given.list("tcp"));
    let external_name = given.text("external-name").to_owned();
    if cluster_ip != "None" && tcp.is_empty() && kind != "ExternalName" {
        return Err("at least one tcp port specifier must be provided".into());
    }
    if kind == "ExternalName" && !is_subdomain(&external_name) {
        return Err(Error::Text(format!("invalid service external name {external_name}")));
    }
    let node_port = given.int("node-port");
    let mut ports = Vec::new();
    for spec in &tcp {
        ports.push(port(spec, node_port)?);
    }
    let labels = json!({"app": name});
    let mut service = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": name, "labels": labels},
        "spec": {"type": kind, "selector": labels},
        "status": {"loadBalancer": {}},
    });
    for (key, value) in [
        ("ports", Value::from(ports)),
        ("externalName", external_name.into()),
        ("clusterIP", cluster_ip.into()),
    ] {
        if value != "" && value != json!([]) {
            service["spec"][key] = value;
        }
    }
    let refused = format!("failed to create {kind} service:");
    creation.create(ctx, Resource::Services, service, &refused)
}

fn is_subdomain(name: &str) -> bool {
    let label = |label: &str| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !label.is_empty()
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

fn port(spec: &str, node_port: i64) -> Result<Value, Error> {
    let mut parts = spec.split(':');
    let first = parts.next().unwrap_or_default();
    let number = integer(first)?;
    let target = match parts.next() {
        None => json!(number),
        Some(target) => match go::atoi(target) {
            Ok(number) if !(1..=65535).contains(&number) => {
                return Err("must be between 1 and 65535, inclusive".into());
            }
            Ok(number) => json!(number),
            Err(_) => json!(target),
        },
    };
    let mut port = json!({
        "name": spec.replace(':', "-"), "port": number, "targetPort": target, "protocol": "TCP",
    });
    if node_port != 0 {
        port["nodePort"] = node_port.into();
    }
    Ok(port)
}

/// Reads a port as `ParsePort` does.
fn integer(text: &str) -> Result<i64, Error> {
    let number = go::parse_int(text, 10, 32).ok().filter(|number| (0..=65535).contains(number));
    number.ok_or_else(|| {
        let what = match go::parse_int(text, 10, 64) {
            Ok(_) => "value out of range",
            Err(_) => "invalid syntax",
        };
        Error::Text(format!("strconv.ParseUint: parsing {}: {what}", go::quote(text)))
    })
}
