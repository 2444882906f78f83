//! `kubectl taint`. Models `kubectl/pkg/cmd/taint/taint.go` and `utils.go`.

use rollscope_api::{PatchType, Subresource, Value};
use serde_json::json;

use crate::builder::{ALL_FLAG, Builder, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, OVERWRITE, VALIDATE};
use crate::go::quote;
use crate::kinds;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::waiting::Flow;

/// `taint`
pub(crate) static TAINT: Command = Command {
    name: "taint",
    usage: "NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
    short: "Change the taints of nodes",
    examples: &["taint nodes node-1 dedicated=batch:NoSchedule", "taint nodes node-1 dedicated-"],
    flags: &[PRINT_FLAGS, DRY_RUN, VALIDATE, SELECTOR_FLAG, OVERWRITE, ALL_FLAG, FIELD_MANAGER],
    run: Run::Verb(run),
    ..COMMAND
};

#[derive(Clone, Debug, PartialEq, Eq)]
struct Taint {
    key: String,
    value: String,
    effect: String,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let validation = ctx.validation()?;
    let args = ctx.args();
    let is_taint = |arg: &String| arg.contains('=') || arg.contains(':') || arg.ends_with('-');
    let first = args.iter().position(is_taint).unwrap_or(args.len());
    let (resources, taints) = args.split_at(first);
    if let Some(stray) = taints.iter().find(|arg| !is_taint(arg)) {
        return Err(Error::Text(format!(
            "all resources must be specified before taint changes: {stray}"
        )));
    }
    if resources.is_empty() {
        return Err("one or more resources must be specified as <resource> <name>".into());
    }
    if taints.is_empty() {
        return Err("at least one taint update is required".into());
    }
    let (add, remove) = parse(taints).map_err(|problem| ctx.usage_error(&problem))?;
    let given = ctx.given().clone();
    let (all, selector) = (given.on("all"), given.text("selector").to_owned());
    check_type(&resources[0])?;
    check_conflicts(&add, &remove)?;
    if all && !selector.is_empty() {
        return Err("setting 'all' parameter with a non empty selector is prohibited".into());
    }
    if !all && selector.is_empty() && resources.len() < 2 {
        return Err(
            "at least one resource name must be specified since 'all' parameter is not set".into(),
        );
    }
    let builder = Builder::new(ctx).continue_on_error();
    let node = ["node".to_owned()];
    let builder = if !selector.is_empty() {
        builder.label_selector(&selector).args(true, &node)
    } else if all {
        builder.args(true, &node)
    } else {
        builder.resource_names("node", &resources[1..])
    };
    let overwrite = given.on("overwrite");
    builder.flatten().latest().done()?.visit(ctx, &mut |ctx, info| {
        let present = present_taints(&info.object);
        let (operation, taints) = change(&info.name, &present, &add, &remove, overwrite)?;
        let list: Vec<Value> = taints.iter().map(Taint::wire).collect();
        let mut printer = Printer::new(ctx, operation, DryRun::None)?.typed();
        let mut after = info.object.clone();
        after["spec"]["taints"] = list.clone().into();
        if dry_run == DryRun::Client {
            return printer.print(ctx, &after);
        }
        let value = if list.is_empty() { json!(null) } else { json!(list) };
        let write = Write { validation, ..Write::by("kubectl-taint", dry_run) };
        // Taints are replaced as a whole.
        let object = ctx.patch(
            info.kind,
            "",
            &info.name,
            Subresource::None,
            PatchType::StrategicMerge,
            json!({"spec": {"taints": value}}),
            write,
        )?;
        printer.print(ctx, &object)
    })?;
    Ok(Flow::Done)
}

fn check_type(typed: &str) -> Result<(), Error> {
    let lower = typed.to_lowercase();
    let kind = kinds::find(&lower).ok_or_else(|| Error::Verbatim(kinds::unknown(&lower)))?;
    if kind.kind == "Node" {
        return Ok(());
    }
    Err(Error::Text(format!("invalid resource type {lower}, only node types are supported")))
}

fn check_conflicts(add: &[Taint], remove: &[Taint]) -> Result<(), Error> {
    let mut conflicts = Vec::new();
    for taint in add {
        for other in remove.iter().filter(|other| other.key == taint.key) {
            if other.effect.is_empty() || other.effect == taint.effect {
                conflicts.push(format!("{}={}", other.key, other.effect));
            }
        }
    }
    if conflicts.is_empty() {
        return Ok(());
    }
    Err(Error::Text(format!(
        "can not both modify and remove the following taint(s) in the same command: {}",
        conflicts.join(", ")
    )))
}

fn parse(specs: &[String]) -> Result<(Vec<Taint>, Vec<Taint>), String> {
    let (mut add, mut remove): (Vec<Taint>, Vec<Taint>) = (Vec::new(), Vec::new());
    for spec in specs {
        if let Some(spec) = spec.strip_suffix('-') {
            remove.push(Taint { value: String::new(), ..parse_one(spec)? });
            continue;
        }
        let taint = parse_one(spec)?;
        if taint.effect.is_empty() {
            return Err(format!("invalid taint spec: {spec}"));
        }
        if add.iter().any(|other| other.key == taint.key && other.effect == taint.effect) {
            return Err(format!(
                "duplicated taints with the same key and effect: {{{} {} {} <nil>}}",
                taint.key, taint.value, taint.effect
            ));
        }
        add.push(taint);
    }
    Ok((add, remove))
}

fn parse_one(spec: &str) -> Result<Taint, String> {
    let parts: Vec<&str> = spec.split(':').collect();
    let (key, value, effect) = match parts.as_slice() {
        [key] => (*key, "", ""),
        [pair, effect] => {
            if !["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(effect) {
                return Err(format!("invalid taint effect: {effect}, unsupported taint effect"));
            }
            let pair: Vec<&str> = pair.split('=').collect();
            match pair.as_slice() {
                [key] => (*key, "", *effect),
                [key, value] => (*key, *value, *effect),
                _ => return Err(format!("invalid taint spec: {spec}")),
            }
        }
        _ => return Err(format!("invalid taint spec: {spec}")),
    };
    if key.is_empty() {
        return Err(format!(
            "invalid taint spec: {spec}, name part must be non-empty; name part must consist of \
             alphanumeric characters, '-', '_' or '.', and must start and end with an \
             alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for \
             validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
        ));
    }
    Ok(Taint { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() })
}

fn present_taints(node: &Value) -> Vec<Taint> {
    let taints = node["spec"]["taints"].as_array();
    taints
        .into_iter()
        .flatten()
        .map(|taint| {
            let text = |key: &str| taint[key].as_str().unwrap_or_default().to_owned();
            Taint { key: text("key"), value: text("value"), effect: text("effect") }
        })
        .collect()
}

impl Taint {
    fn matches(&self, other: &Self) -> bool {
        self.key == other.key && self.effect == other.effect
    }

    fn wire(&self) -> Value {
        let mut taint = json!({"key": self.key, "effect": self.effect});
        if !self.value.is_empty() {
            taint["value"] = self.value.as_str().into();
        }
        taint
    }
}

/// What was done, and the taints there are then.
fn change(
    node: &str,
    present: &[Taint],
    add: &[Taint],
    remove: &[Taint],
    overwrite: bool,
) -> Result<(&'static str, Vec<Taint>), Error> {
    if !overwrite {
        let exist: Vec<&str> = add
            .iter()
            .filter(|taint| present.iter().any(|other| other.matches(taint)))
            .map(|taint| taint.key.as_str())
            .collect();
        if !exist.is_empty() {
            return Err(Error::Text(format!(
                "node {node} already has {} taint(s) with same effect(s) and --overwrite is false",
                exist.join(",")
            )));
        }
    }
    let mut taints = add.to_vec();
    for taint in present {
        if !taints.iter().any(|other| other.matches(taint)) {
            taints.push(taint.clone());
        }
    }
    let added = taints.len() != present.len();
    let mut removed = false;
    let mut missing = Vec::new();
    for taint in remove {
        let before = taints.len();
        taints.retain(|other| {
            other.key != taint.key || (!taint.effect.is_empty() && other.effect != taint.effect)
        });
        removed = taints.len() != before;
        if !removed {
            let text = match taint.effect.as_str() {
                "" => taint.key.clone(),
                effect => format!("{}:{effect}", taint.key),
            };
            missing.push(Error::Text(format!("taint {} not found", quote(&text))));
        }
    }
    Error::aggregate(missing)?;
    let operation = if (added && removed) || overwrite {
        "modified"
    } else if added {
        "tainted"
    } else {
        "untainted"
    };
    Ok((operation, taints))
}
