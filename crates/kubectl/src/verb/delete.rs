//! `kubectl delete`. Models `kubectl/pkg/cmd/delete/delete.go` and `delete_flags.go`.

use rollscope_api::{DeleteOptions, Propagation, SimDuration, SimTime};

use crate::builder::{ALL_FLAG, Builder, FILE_FLAGS, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{ALL_NAMESPACES, DELETE, DRY_RUN, FIELD_SELECTOR};
use crate::go;
use crate::info::Info;
use crate::waiting::{Flow, Progress, Waiter};

const FLAGS: &[Flag] = &[
    Flag::switch("now", "Give pods one second to end."),
    Flag::switch("ignore-not-found", "Objects that do not exist are no error."),
    Flag::switch("wait", "Wait until the objects are gone.").default("true"),
    Flag::text("output", "name prints only the names.").short('o'),
    Flag::text("raw", "A path of the API server."),
    Flag::of(Kind::Bool, "interactive", "false", "Ask first.").alone("true").short('i'),
];

/// `delete`
pub(crate) static DELETE_COMMAND: Command = Command {
    name: "delete",
    suggest_for: &["rm", "remove"],
    usage: "([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
    short: "Delete objects",
    examples: &[
        "delete deployment web",
        "delete -f web.yaml",
        "delete pods --all",
        "delete deployment web --cascade=orphan",
    ],
    flags: &[
        FILE_FLAGS,
        SELECTOR_FLAG,
        FIELD_SELECTOR,
        ALL_FLAG,
        ALL_NAMESPACES,
        DELETE,
        FLAGS,
        DRY_RUN,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

/// How objects are deleted.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    /// What becomes of dependents.
    pub propagation: Propagation,
    /// Seconds; -1 leaves it to the object.
    pub grace: i64,
    /// `--dry-run`
    pub dry_run: DryRun,
    /// `-o name`
    pub names_only: bool,
    /// Whether missing objects are no error.
    pub ignore_not_found: bool,
}

/// Objects that are deleted, until they are gone.
#[derive(Clone, Debug)]
pub(crate) struct Gone {
    waiting: Vec<(Info, String)>,
    deadline: SimTime,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let given = ctx.given().clone();
    let propagation = propagation(ctx)?;
    let selective = given.on("all")
        || !given.text("selector").is_empty()
        || !given.text("field-selector").is_empty();
    let ignore_not_found =
        if given.changed("ignore-not-found") { given.on("ignore-not-found") } else { selective };
    let force = given.on("force");
    let mut grace = given.int("grace-period");
    if given.on("now") {
        if grace != -1 {
            return Err("--now and --grace-period cannot be specified together".into());
        }
        grace = 1;
    }
    if grace == 0 && !force {
        // To let the object's end be seen, it is given a second.
        grace = 1;
    }
    if force && grace < 0 {
        grace = 0;
    }
    let dry_run = ctx.dry_run()?;
    if !given.text("raw").is_empty() {
        return Err("raw paths (--raw) are not part of the playground".into());
    }
    let args = ctx.args();
    let selection = Builder::new(ctx)
        .continue_on_error()
        .files(ctx)
        .label_selector(given.text("selector"))
        .field_selector(given.text("field-selector"))
        .select_all(given.on("all"))
        .all_namespaces(given.on("all-namespaces"))
        .args(false, &args)
        .without_objects()
        .flatten()
        .done()?;
    let output = given.text("output");
    if !matches!(output, "" | "name") {
        return Err(Error::Text(format!(
            "unexpected -o output mode: {output}. We only support '-o name'"
        )));
    }
    for selector in ["selector", "field-selector"] {
        if given.on("all") && !given.text(selector).is_empty() {
            return Err(Error::Text(format!("cannot set --all and --{selector} at the same time")));
        }
    }
    if grace == 0 && force {
        ctx.eprintln("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
    } else if grace > 0 && force {
        return Err("--force and --grace-period greater than 0 cannot be specified together".into());
    }
    if given.on("interactive") && !confirmed(ctx, selection.clone())? {
        ctx.println("deletion is cancelled");
        return Ok(Flow::Done);
    }
    let manner =
        Manner { propagation, grace, dry_run, names_only: output == "name", ignore_not_found };
    let deleted = delete_all(ctx, selection, &manner)?;
    if deleted.is_empty() || !given.on("wait") || dry_run != DryRun::None {
        return Ok(Flow::Done);
    }
    let timeout = match given.duration("timeout") {
        SimDuration::ZERO => SimDuration::from_secs(168 * 3600),
        timeout => timeout,
    };
    let mut gone = Gone { waiting: deleted, deadline: ctx.now() + timeout };
    match gone.poll(ctx)? {
        Progress::Done => Ok(Flow::Done),
        Progress::Pending => Ok(Flow::Wait(Box::new(Waiter::Gone(gone)))),
    }
}

/// Names what would be deleted and asks; the answer is what was piped in.
fn confirmed(ctx: &mut Ctx<'_>, selection: crate::builder::Selection) -> Result<bool, Error> {
    let infos = selection.all(ctx)?;
    if infos.is_empty() {
        return Ok(true);
    }
    ctx.println(&format!("You are about to delete the following {} resource(s):", infos.len()));
    for info in &infos {
        ctx.println(&format!("{}/{}", info.kind.group_singular(), info.name));
    }
    ctx.print("Do you want to continue? (y/N): ");
    let answer = ctx.call.stdin.as_deref().unwrap_or_default();
    Ok(matches!(answer.lines().next().map(str::trim), Some("y" | "Y" | "yes" | "Yes")))
}

/// `--cascade`
pub(crate) fn propagation(ctx: &mut Ctx<'_>) -> Result<Propagation, Error> {
    let cascade = ctx.given().text("cascade").to_owned();
    let (propagation, name) = match (go::parse_bool(&cascade), cascade.as_str()) {
        (Ok(true), _) => (Propagation::Background, "background"),
        (Ok(false), _) => (Propagation::Orphan, "orphan"),
        (_, "background") => return Ok(Propagation::Background),
        (_, "foreground") => return Ok(Propagation::Foreground),
        (_, "orphan") => return Ok(Propagation::Orphan),
        _ => {
            return Err(Error::Text(format!(
                "invalid cascade value ({cascade}). Must be \"background\", \"foreground\", or \"orphan\""
            )));
        }
    };
    ctx.eprintln(&format!(
        "warning: --cascade={cascade} is deprecated (boolean value) and can be replaced with --cascade={name}."
    ));
    Ok(propagation)
}

/// Deletes objects and says so. Returns them with their uids.
pub(crate) fn delete_all(
    ctx: &mut Ctx<'_>,
    selection: crate::builder::Selection,
    manner: &Manner,
) -> Result<Vec<(Info, String)>, Error> {
    let mut deleted = Vec::new();
    let mut found = 0;
    let mut warned = false;
    let enforced = ctx.namespace_enforced() && !ctx.given().on("all-namespaces");
    let result = selection.visit(ctx, &mut |ctx, info| {
        found += 1;
        if enforced && !warned && !info.kind.namespaced {
            ctx.eprintln(
                "Warning: deleting cluster-scoped resources, not scoped to the provided namespace",
            );
            warned = true;
        }
        if manner.dry_run == DryRun::Client {
            say(ctx, &info, manner);
            return Ok(());
        }
        let options = DeleteOptions {
            grace_period_seconds: (manner.grace >= 0).then_some(manner.grace),
            propagation: manner.propagation,
            dry_run: manner.dry_run == DryRun::Server,
        };
        let object = ctx
            .delete(info.kind, &info.namespace, &info.name, &options)
            .map_err(|error| error.with_source("deleting", &info.source))?;
        say(ctx, &info, manner);
        let uid = object["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
        deleted.push((info, uid));
        Ok(())
    });
    match result {
        Err(error) => match (manner.ignore_not_found, error) {
            (true, Error::Many(errors)) => {
                let rest = errors.into_iter().filter(|error| !error.is_not_found()).collect();
                Error::aggregate(rest)?;
            }
            (true, error) if error.is_not_found() => {}
            (_, error) => return Err(error),
        },
        Ok(()) if found == 0 => ctx.println("No resources found"),
        Ok(()) => {}
    }
    Ok(deleted)
}

fn say(ctx: &mut Ctx<'_>, info: &Info, manner: &Manner) {
    let kind = info.kind.group_singular();
    if manner.names_only {
        ctx.println(&format!("{kind}/{}", info.name));
        return;
    }
    let forced = if manner.grace == 0 { "force " } else { "" };
    let place = if info.kind.namespaced {
        format!(" from {} namespace", info.namespace)
    } else {
        String::new()
    };
    let suffix = manner.dry_run.suffix();
    ctx.println(&format!("{kind} \"{}\" {forced}deleted{place}{suffix}", info.name));
}

impl Gone {
    /// Waits for these objects until the deadline.
    pub(crate) fn new(waiting: Vec<(Info, String)>, deadline: SimTime) -> Self {
        Self { waiting, deadline }
    }

    /// When it is given up.
    pub(crate) fn deadline(&self) -> Option<SimTime> {
        Some(self.deadline)
    }

    /// Whether all are gone.
    pub(crate) fn poll(&mut self, ctx: &mut Ctx<'_>) -> Result<Progress, Error> {
        while let Some((info, uid)) = self.waiting.first() {
            let present = match ctx.get(info.kind, &info.namespace, &info.name) {
                Ok(object) => object["metadata"]["uid"].as_str() == Some(uid),
                Err(error) if error.is_not_found() => false,
                Err(error) => return Err(error),
            };
            if !present {
                self.waiting.remove(0);
            } else if ctx.now() >= self.deadline {
                let name = info.object_name();
                return Err(Error::Text(format!("timed out waiting for the condition on {name}")));
            } else {
                return Ok(Progress::Pending);
            }
        }
        Ok(Progress::Done)
    }
}
