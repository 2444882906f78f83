//! `kubectl wait`. Models `kubectl/pkg/cmd/wait`.

use std::collections::VecDeque;

use rollscope_api::{SimDuration, SimTime, Value};

use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, LOCAL_FLAG, SELECTOR_FLAG, Selection};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{ALL_NAMESPACES, FIELD_SELECTOR};
use crate::go::quote;
use crate::info::Info;
use crate::output::jsonpath::Template;
use crate::printer::{PRINT_FLAGS, Printer};
use crate::value::plain;
use crate::waiting::{Flow, Progress, Waiter};

const FLAGS: &[Flag] = &[
    Flag::of(
        Kind::Duration,
        "timeout",
        "30s",
        "How long to wait; 0 looks once, less than 0 waits a week.",
    ),
    Flag::of(
        Kind::Array,
        "for",
        "",
        "create, delete, condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE].",
    ),
];

/// `wait`
pub(crate) static WAIT: Command = Command {
    name: "wait",
    usage: "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
    short: "Wait for a condition of objects",
    examples: &[
        "wait --for=condition=Available deployment/web --timeout=60s",
        "wait --for=delete pod/web-x",
    ],
    flags: &[
        PRINT_FLAGS,
        FILE_FLAGS,
        SELECTOR_FLAG,
        FIELD_SELECTOR,
        ALL_NAMESPACES,
        ALL_FLAG,
        LOCAL_FLAG,
        FLAGS,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

/// What is waited for.
#[derive(Clone, Debug)]
enum Condition {
    Created,
    Deleted,
    Status { name: String, value: String },
    Path { template: Template, value: Option<String> },
}

/// The objects that are still to be waited for, one after another.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    selection: Selection,
    conditions: Vec<Condition>,
    timeout: SimDuration,
    deadline: SimTime,
    printer: Printer,
    /// Objects that do not exist yet are waited for first.
    creation: bool,
    infos: Option<VecDeque<Result<Info, Error>>>,
    /// Which condition of the first object is waited for.
    at: usize,
    /// Whether the first object has been seen for the present condition.
    seen: bool,
    failed: Vec<Error>,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let printer = Printer::new(ctx, "condition met", DryRun::None)?;
    let given = ctx.given().clone();
    let args = ctx.args();
    let local = given.on("local");
    let builder = Builder::new(ctx).all_namespaces(given.on("all-namespaces")).files(ctx);
    let builder = if local {
        builder.local(true).local_args(&args)
    } else {
        builder
            .args(given.on("all"), &args)
            .label_selector(given.text("selector"))
            .field_selector(given.text("field-selector"))
            .latest()
    };
    let conditions = conditions(&given.list("for"))?;
    let selection = builder.continue_on_error().flatten().done()?;
    let mut timeout = given.duration("timeout");
    if timeout < SimDuration::ZERO {
        timeout = SimDuration::from_secs(168 * 3600);
    }
    let creation = conditions.iter().any(|condition| matches!(condition, Condition::Created));
    let mut waiting = Waiting {
        selection,
        conditions,
        timeout,
        deadline: ctx.now() + timeout,
        printer,
        creation,
        infos: None,
        at: 0,
        seen: false,
        failed: Vec::new(),
    };
    match waiting.poll(ctx)? {
        Progress::Done => Ok(Flow::Done),
        Progress::Pending => Ok(Flow::Wait(Box::new(Waiter::Condition(Box::new(waiting))))),
    }
}

fn conditions(texts: &[String]) -> Result<Vec<Condition>, Error> {
    if texts.is_empty() {
        return Err("unrecognized condition: []".into());
    }
    texts.iter().map(|text| condition(text)).collect()
}

fn condition(text: &str) -> Result<Condition, Error> {
    match text.to_lowercase().as_str() {
        "delete" => return Ok(Condition::Deleted),
        "create" => return Ok(Condition::Created),
        _ => {}
    }
    if let Some(condition) = text.strip_prefix("condition=") {
        let (name, value) = condition.split_once('=').unwrap_or((condition, "true"));
        return Ok(Condition::Status { name: name.to_owned(), value: value.to_owned() });
    }
    if let Some(input) = text.strip_prefix("jsonpath=") {
        return path_condition(input);
    }
    Err(Error::Text(format!("unrecognized condition: {}", quote(text))))
}

fn path_condition(input: &str) -> Result<Condition, Error> {
    // A doubled `=` belongs to the expression.
    let parts: Vec<String> =
        input.replace("==", "\u{0}").split('=').map(|part| part.replace('\u{0}', "==")).collect();
    let (path, value) = match parts.as_slice() {
        [path] => (path, None),
        [path, value] => (path, Some(value.trim_matches(['\'', '"']))),
        _ => {
            return Err("jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'".into());
        }
    };
    let path = super::get::relaxed(path)?;
    if value == Some("") {
        return Err("jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3".into());
    }
    if path.is_empty() {
        return Err("jsonpath expression cannot be empty".into());
    }
    let template = Template::parse(&path)?;
    Ok(Condition::Path { template, value: value.map(str::to_owned) })
}

impl Waiting {
    /// When waiting is given up.
    pub(crate) fn deadline(&self) -> Option<SimTime> {
        Some(self.deadline)
    }

    /// Looks at the objects again.
    pub(crate) fn poll(&mut self, ctx: &mut Ctx<'_>) -> Result<Progress, Error> {
        if self.creation {
            if !self.exists(ctx)? {
                if ctx.now() >= self.deadline {
                    return Err("timed out waiting for the condition".into());
                }
                return Ok(Progress::Pending);
            }
            self.creation = false;
        }
        let mut infos = match self.infos.take() {
            Some(infos) => infos,
            None => self.find(ctx)?,
        };
        while let Some(info) = infos.front().cloned() {
            match info.and_then(|info| self.look(ctx, &info)) {
                Ok(true) => {}
                Ok(false) => {
                    self.infos = Some(infos);
                    return Ok(Progress::Pending);
                }
                Err(error) => self.failed.push(error),
            }
            infos.pop_front();
            self.at = 0;
            self.seen = false;
        }
        match self.failed.len() {
            0 => Ok(Progress::Done),
            1 => Err(self.failed.remove(0)),
            _ => Err(Error::Many(std::mem::take(&mut self.failed))),
        }
    }

    fn exists(&self, ctx: &mut Ctx<'_>) -> Result<bool, Error> {
        match self.selection.clone().all(ctx) {
            Ok(infos) => Ok(!infos.is_empty()),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The objects, and in their places why there are none.
    fn find(&self, ctx: &mut Ctx<'_>) -> Result<VecDeque<Result<Info, Error>>, Error> {
        let deletion =
            self.conditions.iter().any(|condition| matches!(condition, Condition::Deleted));
        let mut found = VecDeque::new();
        for result in self.selection.clone().results(ctx) {
            match result {
                Err(Error::Many(errors)) => found.extend(errors.into_iter().map(Err)),
                result => found.push_back(result),
            }
        }
        if found.is_empty() && !deletion {
            return Err("no matching resources found".into());
        }
        let gone = |result: &Result<Info, Error>| {
            deletion && result.as_ref().is_err_and(Error::is_not_found)
        };
        found.retain(|result| !gone(result));
        Ok(found)
    }

    /// Whether all conditions of this object have been met.
    fn look(&mut self, ctx: &mut Ctx<'_>, info: &Info) -> Result<bool, Error> {
        while let Some(condition) = self.conditions.get(self.at).cloned() {
            let Some(object) = self.met(ctx, info, &condition)? else { return Ok(false) };
            self.printer.print(ctx, &object)?;
            self.at += 1;
            self.seen = false;
        }
        Ok(true)
    }

    /// The time is that of all objects together: those that are looked at after its end are not
    /// even read.
    fn check_time(&self, ctx: &Ctx<'_>, info: &Info, condition: &Condition) -> Result<(), Error> {
        let over = self.timeout > SimDuration::ZERO && ctx.now() >= self.deadline;
        match condition {
            _ if self.seen || !over => Ok(()),
            Condition::Created => Ok(()),
            Condition::Deleted => {
                Err("client rate limiter Wait returned an error: context deadline exceeded".into())
            }
            Condition::Status { .. } | Condition::Path { .. } => Err(Error::Text(format!(
                "timed out waiting for the condition on {}",
                info.object_name()
            ))),
        }
    }

    /// The object, once it meets the condition.
    fn met(
        &mut self,
        ctx: &mut Ctx<'_>,
        info: &Info,
        condition: &Condition,
    ) -> Result<Option<Value>, Error> {
        self.check_time(ctx, info, condition)?;
        let current = match ctx.get(info.kind, &info.namespace, &info.name) {
            Err(error) if error.is_not_found() => None,
            result => Some(result?),
        };
        let uid = &info.object["metadata"]["uid"];
        let met = match (condition, &current) {
            (Condition::Created, _) => return Ok(Some(info.object.clone())),
            (Condition::Deleted, None) => return Ok(Some(info.object.clone())),
            // Another object of that name is not the one that was waited for.
            (Condition::Deleted, Some(object)) => self.seen && object["metadata"]["uid"] != *uid,
            (_, None) if !self.seen => {
                let resource = info.kind.group_resource();
                return Err(rollscope_api::Status::not_found(&resource, &info.name).into());
            }
            (_, None) => false,
            (Condition::Status { name, value }, Some(object)) => has_status(object, name, value),
            (Condition::Path { template, value }, Some(object)) => {
                has_value(object, template, value.as_deref())?
            }
        };
        self.seen = true;
        if met {
            return Ok(Some(current.unwrap_or_else(|| info.object.clone())));
        }
        if self.timeout == SimDuration::ZERO {
            return Err(Error::Text(format!("condition not met for {}", info.object_name())));
        }
        if ctx.now() >= self.deadline {
            return Err(Error::Text(format!(
                "timed out waiting for the condition on {}",
                info.object_name()
            )));
        }
        Ok(None)
    }
}

/// Whether the object has the condition, and has it of its present generation.
fn has_status(object: &Value, name: &str, value: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array();
    let found = conditions.into_iter().flatten().find(|condition| {
        condition["type"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name))
            && condition["status"].is_string()
    });
    let Some(condition) = found else { return false };
    let generation = object["metadata"]["generation"].as_i64();
    let observed = condition["observedGeneration"]
        .as_i64()
        .or_else(|| object["status"]["observedGeneration"].as_i64());
    if let (Some(generation), Some(observed)) = (generation, observed)
        && observed < generation
    {
        return false;
    }
    condition["status"].as_str().is_some_and(|status| status.eq_ignore_ascii_case(value))
}

fn has_value(object: &Value, template: &Template, wanted: Option<&str>) -> Result<bool, Error> {
    let results = template.find(object).map_err(Error::Text)?;
    let Some(first) = results.first().filter(|first| !first.is_empty()) else { return Ok(false) };
    if results.len() > 1 {
        return Err("given jsonpath expression matches more than one list".into());
    }
    if first.len() > 1 {
        return Err("given jsonpath expression matches more than one value".into());
    }
    let Some(wanted) = wanted else { return Ok(true) };
    if first[0].is_object() || first[0].is_array() {
        return Err("jsonpath leads to a nested object or list which is not supported".into());
    }
    Ok(plain(&first[0]).trim() == wanted.trim())
}
