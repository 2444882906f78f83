//! `kubectl set selector`. Models `kubectl/pkg/cmd/set/set_selector.go`.

use rollscope_api::selector::{Operator, Requirement, Selector};
use rollscope_api::{PatchType, Value};

use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, LOCAL_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun, Write};
use crate::error::Error;
use crate::flags_table::{DRY_RUN, FIELD_MANAGER, RECORD, RESOURCE_VERSION};
use crate::printer::{PRINT_FLAGS, Printer};
use crate::record;
use crate::verb::metadata::{before, demand_version};
use crate::waiting::Flow;
use crate::workload::patch_between;

/// `set selector`
pub(crate) static SELECTOR: Command = Command {
    name: "selector",
    usage: "(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
    short: "Change the selector of a service",
    examples: &["set selector service/web app=web"],
    flags: &[
        FILE_FLAGS,
        ALL_FLAG,
        LOCAL_FLAG,
        PRINT_FLAGS,
        RECORD,
        FIELD_MANAGER,
        RESOURCE_VERSION,
        DRY_RUN,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let dry_run = ctx.dry_run()?;
    let args = ctx.args();
    let expression = args.last().cloned();
    if let Some(expression) = &expression {
        Selector::parse(expression).map_err(|problem| {
            Error::Text(format!("couldn't parse the selector string \"{expression}\": {problem}"))
        })?;
    }
    let resources = &args[..args.len().saturating_sub(1)];
    let mut printer = Printer::new(ctx, "selector updated", dry_run)?.typed();
    let Some(expression) = expression else { return Err("one selector is required".into()) };

    let given = ctx.given().clone();
    let (all, local) = (given.on("all"), given.on("local"));
    let builder = Builder::new(ctx).files(ctx).local(local).continue_on_error().flatten();
    let builder =
        if local { builder.local_args(resources) } else { builder.args(all, resources).latest() };
    let version = given.text("resource-version").to_owned();
    builder.done()?.visit(ctx, &mut |ctx, info| {
        if info.kind.kind != "Service" {
            return Err("setting a selector is only supported for Services".into());
        }
        let labels = equalities(&expression)?;
        let before = before(&info, &version);
        let mut after = info.object.clone();
        after["spec"]["selector"] = labels;
        demand_version(&mut after, &version);
        record::record(ctx, &mut after);
        if local || dry_run == DryRun::Client {
            return printer.print(ctx, &after);
        }
        // The old labels are named in the patch, so that they go.
        let patch = patch_between(info.kind, &before, &after)?;
        let object = ctx.patch_object(
            &info,
            PatchType::StrategicMerge,
            patch,
            Write::by("kubectl-set", dry_run),
        )?;
        printer.print(ctx, &object)
    })?;
    Ok(Flow::Done)
}

/// A selector that only compares, as a map of labels.
fn equalities(expression: &str) -> Result<Value, Error> {
    let mut labels = serde_json::Map::new();
    let mut others = Vec::new();
    for requirement in Selector::parse(expression)?.requirements {
        let Requirement { key, operator, values } = requirement;
        let operator = match operator {
            Operator::Equals | Operator::DoubleEquals => {
                labels.insert(key, values.concat().into());
                continue;
            }
            Operator::In => "In",
            Operator::NotIn => "NotIn",
            Operator::NotEquals => {
                return Err("\"!=\" is not a valid label selector operator".into());
            }
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            Operator::GreaterThan => return Err("\"gt\" isn't supported in label selectors".into()),
            Operator::LessThan => return Err("\"lt\" isn't supported in label selectors".into()),
        };
        others.push(format!("{{{key} {operator} [{}]}}", values.join(" ")));
    }
    match others.is_empty() {
        true => Ok(Value::Object(labels)),
        false => Err(Error::Text(format!(
            "match expression [{}] not supported on this object",
            others.join(" ")
        ))),
    }
}
