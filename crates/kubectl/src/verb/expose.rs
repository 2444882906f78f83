//! `kubectl expose`. Models `kubectl/pkg/cmd/expose/expose.go` and the polymorphic helpers it uses.

use std::collections::BTreeMap;

use rollscope_api::{Resource, Value};
use serde_json::json;

use crate::builder::{Builder, FILE_FLAGS};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::Flag;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, RECORD, SAVE_CONFIG};
use crate::go;
use crate::info::Info;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;
use crate::{kinds, last_applied, record};

const FLAGS: &[Flag] = &[
    Flag::text("protocol", "TCP, UDP or SCTP."),
    Flag::text("port", "The service's port; by default the container's."),
    Flag::text("type", "ClusterIP, NodePort, LoadBalancer or ExternalName."),
    Flag::text("load-balancer-ip", "The address of the load balancer."),
    Flag::text("selector", "The service's selector; by default the object's."),
    Flag::text("labels", "The service's labels; by default the object's.").short('l'),
    Flag::text("target-port", "The container's port, a number or a name."),
    Flag::text("external-ip", "An address outside the cluster."),
    Flag::text("name", "The service's name; by default the object's."),
    Flag::text("session-affinity", "None or ClientIP."),
    Flag::text("cluster-ip", "The service's address, or None."),
    Flag::text("overrides", "JSON that is merged over the service."),
    Flag::text("override-type", "json, merge or strategic.").default("merge"),
];

/// `expose`
pub(crate) static EXPOSE: Command = Command {
    name: "expose",
    usage: "(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]",
    short: "Put a service in front of pods",
    examples: &["expose deployment web --port=80 --target-port=8080"],
    flags: &[PRINT_FLAGS, RECORD, FLAGS, FIELD_MANAGER, DRY_RUN, SAVE_CONFIG, FILE_FLAGS],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let mut printer = Printer::new(ctx, "exposed", dry_run)?.typed();
    let args = ctx.args();
    let selection =
        Builder::new(ctx).continue_on_error().files(ctx).args(false, &args).flatten().done()?;
    selection.visit(ctx, &mut |ctx, info| {
        let mut service = service(ctx, &info)?;
        let overrides = ctx.given().text("overrides");
        if !overrides.is_empty() {
            let patch: Value = serde_json::from_str(overrides)
                .map_err(|problem| Error::Text(format!("invalid overrides: {problem}")))?;
            service = rollscope_api::merge::json_merge(&service, &patch);
        }
        record::record(ctx, &mut service);
        if dry_run == DryRun::Client {
            if ctx.namespace_enforced() {
                service["metadata"]["namespace"] = ctx.namespace().into();
            }
            return printer.print(ctx, &service);
        }
        last_applied::create_or_update(ctx.given().on("save-config"), &mut service);
        let kind = kinds::of(Resource::Services);
        let (namespace, write) = (ctx.namespace(), Write::by("kubectl-expose", dry_run));
        let object = ctx.create(kind, &namespace, service, write)?;
        printer.print(ctx, &object)
    })?;
    Ok(Flow::Done)
}

fn service(ctx: &Ctx<'_>, info: &Info) -> Result<Value, Error> {
    let given = ctx.given();
    let text = |name: &str| given.text(name).to_owned();
    let exposable = ["ReplicationController", "Service", "Pod", "Deployment", "ReplicaSet"];
    if !exposable.contains(&info.kind.kind) {
        return Err(Error::Text(format!("cannot expose a {}", info.kind.group_kind())));
    }
    let selector = match text("selector") {
        selector if selector.is_empty() => selector_of(info).map_err(|problem| {
            Error::Text(format!(
                "couldn't retrieve selectors via --selector flag or introspection: {problem}"
            ))
        })?,
        selector => selector,
    };
    let found = ports_of(info);
    let mut ports = text("port");
    if ports.is_empty() {
        if found.is_empty() && text("cluster-ip") != "None" {
            return Err("couldn't find port via --port flag or introspection".into());
        }
        let numbers: Vec<&str> = found.iter().map(|(port, _)| port.as_str()).collect();
        ports = numbers.join(",");
    }
    let labels = match text("labels") {
        labels if labels.is_empty() => joined(&info.object["metadata"]["labels"]),
        labels => labels,
    };
    if selector.is_empty() {
        return Err("selector must be specified".into());
    }
    let selector = parse_labels(&selector)?;
    let labels = if labels.is_empty() { Value::Null } else { parse_labels(&labels)? };
    let name = match text("name") {
        name if name.is_empty() => info.name.chars().take(63).collect(),
        name => name,
    };
    let mut service = json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": selector},
        "status": {"loadBalancer": {}},
    });
    if !labels.is_null() {
        service["metadata"]["labels"] = labels;
    }
    let ports = service_ports(&ports, &text("protocol"), &text("target-port"), &found)?;
    if !ports.is_empty() {
        service["spec"]["ports"] = ports.into();
    }
    let external = text("external-ip");
    if !external.is_empty() {
        service["spec"]["externalIPs"] = json!([external]);
    }
    let affinity = text("session-affinity");
    if !matches!(affinity.as_str(), "" | "None" | "ClientIP") {
        return Err(Error::Text(format!("unknown session affinity: {affinity}")));
    }
    let balancer =
        if text("type") == "LoadBalancer" { text("load-balancer-ip") } else { String::new() };
    for (key, value) in [
        ("type", text("type")),
        ("loadBalancerIP", balancer),
        ("sessionAffinity", affinity),
        ("clusterIP", text("cluster-ip")),
    ] {
        if !value.is_empty() {
            service["spec"][key] = value.into();
        }
    }
    Ok(service)
}

fn selector_of(info: &Info) -> Result<String, String> {
    let spec = &info.object["spec"];
    match info.kind.kind {
        "Pod" => match joined(&info.object["metadata"]["labels"]) {
            labels if labels.is_empty() => {
                Err("the pod has no labels and cannot be exposed".into())
            }
            labels => Ok(labels),
        },
        "Service" if spec["selector"].is_null() => {
            Err("the service has no pod selector set".into())
        }
        "Service" | "ReplicationController" => Ok(joined(&spec["selector"])),
        kind => {
            let labels = joined(&spec["selector"]["matchLabels"]);
            if labels.is_empty() {
                let kind = kind.to_lowercase();
                return Err(format!("invalid {kind}: no selectors, therefore cannot be exposed"));
            }
            let expressions = spec["selector"]["matchExpressions"].as_array();
            if let Some(expressions) = expressions.filter(|list| !list.is_empty()) {
                return Err(format!(
                    "couldn't convert expressions - \"{}\" to map-based selector format",
                    go_expressions(expressions)
                ));
            }
            Ok(labels)
        }
    }
}

/// Requirements as `%+v` prints them.
fn go_expressions(expressions: &[Value]) -> String {
    let texts: Vec<String> = expressions
        .iter()
        .map(|expression| {
            let text = |key: &str| expression[key].as_str().unwrap_or_default();
            let values: Vec<&str> = expression["values"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            format!(
                "{{Key:{} Operator:{} Values:{}}}",
                text("key"),
                text("operator"),
                go::list(&values)
            )
        })
        .collect();
    go::list(&texts)
}

/// Ports of an object and their protocols, each number once.
fn ports_of(info: &Info) -> Vec<(String, Vec<String>)> {
    let spec = &info.object["spec"];
    let (lists, key): (Vec<&Value>, &str) = match info.kind.kind {
        "Service" => (vec![&spec["ports"]], "port"),
        kind => {
            let pod = if kind == "Pod" { spec } else { &spec["template"]["spec"] };
            let containers = pod["containers"].as_array().into_iter().flatten();
            (containers.map(|container| &container["ports"]).collect(), "containerPort")
        }
    };
    let mut ports: Vec<(String, Vec<String>)> = Vec::new();
    for port in lists.into_iter().filter_map(Value::as_array).flatten() {
        let number = port[key].as_i64().unwrap_or(0).to_string();
        let protocol = port["protocol"].as_str().unwrap_or("TCP").to_owned();
        match ports.iter_mut().find(|(known, _)| *known == number) {
            Some((_, protocols)) => protocols.push(protocol),
            None => ports.push((number, vec![protocol])),
        }
    }
    ports
}

fn service_ports(
    ports: &str,
    protocol: &str,
    target: &str,
    found: &[(String, Vec<String>)],
) -> Result<Vec<Value>, Error> {
    let mut list = Vec::new();
    if ports.is_empty() {
        return Ok(list);
    }
    let numbers: Vec<&str> = ports.split(',').collect();
    for (at, text) in numbers.iter().enumerate() {
        let number = go::atoi(text)?;
        let target = match (target, go::atoi(target)) {
            ("", _) => json!(number),
            (_, Ok(target)) => json!(target),
            (target, Err(_)) => json!(target),
        };
        let name = if numbers.len() > 1 { format!("port-{}", at + 1) } else { String::new() };
        let protocols = found.iter().find(|(port, _)| port == text).map(|(_, protocols)| protocols);
        let mut push = |name: &str, protocol: &str| {
            let mut port = json!({"port": number, "targetPort": target, "protocol": protocol});
            if !name.is_empty() {
                port["name"] = name.into();
            }
            list.push(port);
        };
        match protocols {
            _ if !protocol.is_empty() => push(&name, protocol),
            Some(protocols) if protocols.len() > 1 => {
                for protocol in protocols {
                    push(&format!("port-{}-{}", at + 1, protocol.to_lowercase()), protocol);
                }
            }
            Some(protocols) => push(&name, protocols.first().map_or("TCP", String::as_str)),
            None => push(&name, "TCP"),
        }
    }
    Ok(list)
}

fn joined(labels: &Value) -> String {
    let pairs = labels.as_object().into_iter().flatten();
    let pairs: Vec<String> =
        pairs.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect();
    pairs.join(",")
}

/// `a=b,c=d`
pub(crate) fn parse_labels(text: &str) -> Result<Value, Error> {
    if text.is_empty() {
        return Err("no label spec passed".into());
    }
    let mut labels = BTreeMap::new();
    for spec in text.split(',') {
        let parts: Vec<&str> = spec.split('=').collect();
        match parts.as_slice() {
            ["", _] => return Err("unexpected empty label key".into()),
            [key, value] => {
                labels.insert((*key).to_owned(), (*value).to_owned());
            }
            _ => return Err(Error::Text(format!("unexpected label spec: {spec}"))),
        }
    }
    Ok(json!(labels))
}
