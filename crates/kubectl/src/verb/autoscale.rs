//! `kubectl autoscale`. Models `kubectl/pkg/cmd/autoscale/autoscale.go`.

use rollscope_api::quantity::Quantity;
use rollscope_api::{Resource, Value};
use serde_json::json;

use crate::builder::{Builder, FILE_FLAGS};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, RECORD, SAVE_CONFIG};
use crate::info::Info;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;
use crate::{go, kinds, last_applied, record};

const FLAGS: &[Flag] = &[
    Flag::of(Kind::Int32, "min", "-1", "The lowest number of pods."),
    Flag::of(Kind::Int32, "max", "-1", "The highest number of pods.").required(),
    Flag::of(Kind::Int32, "cpu-percent", "-1", "The utilisation of the CPU to aim at.")
        .deprecated("Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU)."),
    Flag::text("cpu", "The CPU to aim at: 70% or 500m."),
    Flag::text("memory", "The memory to aim at: 60% or 200Mi."),
    Flag::text("name", "The autoscaler's name; by default the object's."),
];

/// `autoscale`
pub(crate) static AUTOSCALE: Command = Command {
    name: "autoscale",
    usage: "(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]",
    short: "Create an autoscaler (it is stored; nothing scales here)",
    examples: &["autoscale deployment web --min=2 --max=5 --cpu=80%"],
    flags: &[RECORD, PRINT_FLAGS, FLAGS, DRY_RUN, FILE_FLAGS, SAVE_CONFIG, FIELD_MANAGER],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let given = ctx.given().clone();
    let (min, max) = (given.int("min"), given.int("max"));
    if max < 1 {
        return Err(Error::Text(format!(
            "--max=MAXPODS is required and must be at least 1, max: {max}"
        )));
    }
    if max < min {
        return Err(Error::Text(format!(
            "--max=MAXPODS must be larger or equal to --min=MINPODS, max: {max}, min: {min}"
        )));
    }
    let percent = given.int("cpu-percent");
    if percent > 0 && !given.text("cpu").is_empty() {
        return Err("--cpu-percent and --cpu are mutually exclusive".into());
    }
    let mut metrics = Vec::new();
    if percent > 0 {
        metrics.push(metric("cpu", json!({"type": "Utilization", "averageUtilization": percent})));
    }
    for resource in ["cpu", "memory"] {
        let wanted = given.text(resource);
        if !wanted.is_empty() {
            metrics.push(metric(resource, target(wanted, resource)?));
        }
    }
    let args = ctx.args();
    let selection =
        Builder::new(ctx).continue_on_error().files(ctx).args(false, &args).flatten().done()?;
    let mut count = 0;
    selection.visit(ctx, &mut |ctx, info| {
        scalable(&info)?;
        let mut autoscaler = autoscaler(ctx, &info, &metrics);
        record::record(ctx, &mut autoscaler);
        count += 1;
        if dry_run == DryRun::Client {
            return Printer::new(ctx, "created", dry_run)?.typed().print(ctx, &autoscaler);
        }
        last_applied::create_or_update(ctx.given().on("save-config"), &mut autoscaler);
        let kind = kinds::of(Resource::HorizontalPodAutoscalers);
        let (namespace, write) = (ctx.namespace(), Write::by("kubectl-autoscale", dry_run));
        let object = ctx.create(kind, &namespace, autoscaler, write)?;
        Printer::new(ctx, "autoscaled", dry_run)?.typed().print(ctx, &object)
    })?;
    if count == 0 {
        return Err("no objects passed to autoscale".into());
    }
    Ok(Flow::Done)
}

fn scalable(info: &Info) -> Result<(), Error> {
    let kind = info.kind;
    if matches!(kind.kind, "Deployment" | "ReplicaSet" | "StatefulSet" | "ReplicationController") {
        return Ok(());
    }
    Err(Error::Text(format!(
        "cannot autoscale a {}: could not find scale subresource for {} in discovery information",
        kind.kind,
        kind.resource_text()
    )))
}

fn autoscaler(ctx: &Ctx<'_>, info: &Info, metrics: &[Value]) -> Value {
    let given = ctx.given();
    let name = match given.text("name") {
        "" => info.name.as_str(),
        name => name,
    };
    let mut autoscaler = json!({
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name},
        "spec": {
            "scaleTargetRef": {
                "apiVersion": info.kind.api_version(), "kind": info.kind.kind, "name": info.name,
            },
            "maxReplicas": given.int("max"),
        },
        "status": {"desiredReplicas": 0, "currentMetrics": null},
    });
    if given.int("min") > 0 {
        autoscaler["spec"]["minReplicas"] = given.int("min").into();
    }
    if !metrics.is_empty() {
        autoscaler["spec"]["metrics"] = metrics.to_vec().into();
    }
    if ctx.namespace_enforced() {
        autoscaler["metadata"]["namespace"] = ctx.namespace().into();
    }
    autoscaler
}

fn metric(resource: &str, target: Value) -> Value {
    json!({"type": "Resource", "resource": {"name": resource, "target": target}})
}

/// `70%` is a utilisation, everything else a value; numbers are millis of a CPU, or mebibytes.
fn target(text: &str, resource: &str) -> Result<Value, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err("empty input".into());
    }
    if let Some(number) = text.strip_suffix('%') {
        return match go::parse_int(number, 10, 32) {
            Ok(percent) if percent >= 0 => {
                Ok(json!({"type": "Utilization", "averageUtilization": percent}))
            }
            _ => Err(Error::Text(format!("invalid percentage value: {number}"))),
        };
    }
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    let unit = if resource == "cpu" { "m" } else { "Mi" };
    let with_unit = if is_number { format!("{text}{unit}") } else { text.to_owned() };
    match Quantity::parse(&with_unit) {
        Ok(quantity) => Ok(json!({"type": "AverageValue", "averageValue": quantity.canonical()})),
        Err(problem) if is_number => Err(Error::Text(problem.to_string())),
        Err(_) => Err(Error::Text(format!("invalid resource {resource} value: {text}"))),
    }
}
