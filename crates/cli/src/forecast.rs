//! `rollscope forecast`: what a manifest would do, before a deploy.

use std::fmt::Write as _;

use rollscope_api::SimDuration;
use rollscope_scenario::forecast::{
    Action, Cause, CauseKind, Forecast, Forecaster, Live, Outcome, Question, RevisionPlan, Spread,
    Subject, Verdict,
};
use rollscope_scenario::playback::Playback;
use rollscope_scenario::{Script, Session, span};
use rollscope_sim::World;

use crate::arguments::Arguments;
use crate::{Failure, files};

const HELP: &str = "\
Tell what a manifest would do if it were applied now.

Usage:
  rollscope forecast -f NEW.yaml --from LIVE.yaml [OPTIONS]
  rollscope forecast -f NEW.yaml --from SCRIPT.yaml [OPTIONS]
  rollscope forecast -f NEW.yaml [OPTIONS]

LIVE.yaml is what `kubectl get deployments,replicasets -o yaml` printed, or a manifest. With the
ReplicaSets, earlier revisions are known too. A script is asked at its end. Without --from the
Deployment is new.

Options:
  -n, --namespace NAME  where the manifest is applied if it names none (default: that of LIVE)
  --world FILE          nodes, images and times, as `world:` in a script (default: three nodes)
  --seeds N             how many runs (default 12, at most 1000)
  --seed N              the seed of the first of them (default 1)
  --json                everything as one JSON object

Exit code: 0 if the rollout completes within its progress deadline, or nothing is rolled out; 1 if
it does not, under any of the seeds; 2 if the manifest is refused or something cannot be read.
";

const SEEDS_MAX: u32 = 1_000;

#[derive(Default)]
struct Options {
    file: Option<String>,
    from: Option<String>,
    namespace: Option<String>,
    world: Option<String>,
    seeds: Option<u32>,
    seed: Option<u64>,
    json: bool,
}

pub(crate) fn main(arguments: &[String]) -> Result<u8, Failure> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{HELP}");
        return Ok(0);
    }
    let options = options(arguments)?;
    let file = options.file.as_deref().ok_or_else(|| Failure::new("-f NEW.yaml is needed"))?;
    let text = files::read(file)?;
    let (session, namespace) = session(&options)?;
    let mut question = Question::new(file, &text);
    // A namespace of the manifest's own stands against none given.
    let named = text.lines().any(|line| line.trim_start().starts_with("namespace:"));
    question.namespace = options.namespace.clone().or(namespace.filter(|_| !named));
    question.seeds = options.seeds.unwrap_or(question.seeds);
    let forecast = Forecaster::new(&session, &question).finish();
    if options.json {
        let json = serde_json::to_string_pretty(&forecast);
        println!("{}", json.map_err(|error| Failure::new(error.to_string()))?);
    } else if forecast.verdict == Verdict::Refused {
        eprint!("{}", refusal(&forecast, file, &text));
    } else {
        print!("{}", tell(&forecast));
    }
    Ok(match forecast.verdict {
        Verdict::Completes | Verdict::NoDeployment | Verdict::Computing => 0,
        Verdict::Uncertain | Verdict::CannotComplete => 1,
        Verdict::Refused => 2,
    })
}

fn options(arguments: &[String]) -> Result<Options, Failure> {
    let mut options = Options::default();
    let mut arguments = Arguments::new(arguments);
    while let Some((name, argument)) = arguments.advance() {
        match name {
            "-f" | "--filename" => options.file = Some(arguments.value()?),
            "--from" => options.from = Some(arguments.value()?),
            "-n" | "--namespace" => options.namespace = Some(arguments.value()?),
            "--world" => options.world = Some(arguments.value()?),
            "--seeds" => {
                let text = arguments.value()?;
                let number = text.parse().ok().filter(|number| (1..=SEEDS_MAX).contains(number));
                options.seeds = Some(number.ok_or_else(|| {
                    let range = format!("a whole number from 1 to {SEEDS_MAX}");
                    Failure::new(format!("--seeds takes {range}, not {text:?}"))
                })?);
            }
            "--seed" => {
                let text = arguments.value()?;
                options.seed = Some(text.parse().map_err(|_| {
                    Failure::new(format!("--seed takes a whole number, not {text:?}"))
                })?);
            }
            "--json" => options.json = true,
            _ => return Err(Failure::new(format!("unknown option {argument}"))),
        }
    }
    Ok(options)
}

/// What is there before the manifest comes, and the namespace of it.
fn session(options: &Options) -> Result<(Session, Option<String>), Failure> {
    let world = options.world.as_deref().map(files::world).transpose()?;
    let Some(path) = &options.from else {
        let world = world.unwrap_or_default();
        let seed = options.seed.unwrap_or(1);
        return Ok((Session::new(&Script { seed, world, ..Script::default() }), None));
    };
    let text = files::read(path)?;
    if text.lines().any(|line| line.starts_with("rollscope:")) {
        let mut script = files::script(path)?;
        script.seed = options.seed.unwrap_or(script.seed);
        script.world = world.unwrap_or(script.world);
        let mut playback = Playback::new(&script, None);
        while playback.next_moment().is_some() {}
        return Ok((playback.session().clone(), None));
    }
    live(path, &text, &world.unwrap_or_default(), options.seed.unwrap_or(1))
}

fn live(
    path: &str,
    text: &str,
    world: &World,
    seed: u64,
) -> Result<(Session, Option<String>), Failure> {
    let live = Live::from_text(text, world, seed).map_err(|error| match error.line {
        0 => Failure::new(format!("{path}: {}", error.message)),
        line => Failure::new(format!("{path}:{line}: {}", error.message)),
    })?;
    for note in &live.notes {
        eprintln!("note: {path}: {note}");
    }
    Ok((live.session, live.namespace))
}

/// The API server's words, and the places in the manifest with hints.
fn refusal(forecast: &Forecast, file: &str, text: &str) -> String {
    let mut told = forecast.complaint.clone();
    for problem in rollscope_api::diagnose::diagnose(text) {
        let (line, column) = (problem.span.line, problem.span.column);
        let _ = writeln!(told, "{file}:{line}:{column}: {}", problem.message);
        if !problem.hint.is_empty() {
            let _ = writeln!(told, "  {}", problem.hint);
        }
    }
    told
}

fn tell(forecast: &Forecast) -> String {
    let mut told = forecast.complaint.clone();
    let (Some(subject), Some(outcome)) = (&forecast.subject, &forecast.outcome) else {
        told.push_str("There is no Deployment in it: nothing is rolled out.\n");
        return told;
    };
    let _ = writeln!(told, "{}", headline(subject, outcome));
    if let RevisionPlan::Same { .. } = subject.revision
        && subject.action == Action::Unchanged
    {
        told.push_str("  nothing changes\n");
    }
    for change in subject.template_changes.iter().chain(&subject.other_changes) {
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "(none)".to_owned());
        let _ = writeln!(told, "  {}: {} → {}", change.path, side(&change.old), side(&change.new));
    }
    if !subject.others.is_empty() {
        let _ = writeln!(told, "  (also applied, not spoken of: {})", subject.others.join(", "));
    }
    told.push_str(&numbers(subject, outcome));
    for cause in &outcome.causes {
        let _ = writeln!(told, "  {}", cause_in_words(cause));
    }
    told.push_str(&match forecast.verdict {
        Verdict::CannotComplete => "It cannot complete.\n".to_owned(),
        Verdict::Uncertain => format!(
            "It completes under {} of {} seeds: it depends on chance.\n",
            outcome.completed, outcome.runs
        ),
        _ => "It completes.\n".to_owned(),
    });
    told
}

fn headline(subject: &Subject, outcome: &Outcome) -> String {
    let Subject { name, .. } = subject;
    let Outcome { revision, replica_set, .. } = outcome;
    match subject.revision {
        RevisionPlan::New => format!("{name}: new revision {revision}, ReplicaSet {replica_set}"),
        RevisionPlan::Returns { was } => {
            format!("{name}: revision {was} becomes revision {revision}, ReplicaSet {replica_set}")
        }
        RevisionPlan::Same { revision } => {
            format!("{name}: no new revision, spec.template is that of revision {revision}")
        }
        RevisionPlan::Paused => {
            format!("{name}: no new revision while it is paused: kubectl rollout resume")
        }
    }
}

fn numbers(subject: &Subject, outcome: &Outcome) -> String {
    let mut told = String::new();
    let mut line = |name: &str, text: String| {
        let _ = writeln!(told, "  {name:<12} {text}");
    };
    let posts = &subject.fenceposts;
    if let (Some(surge), Some(unavailable)) = (&posts.surge, &posts.unavailable) {
        line("surge", format!("{} (at most {} pods)", surge.arithmetic(), posts.ceiling));
        let zero = if posts.both_zero { ", both are 0: 1 all the same" } else { "" };
        let arithmetic = unavailable.arithmetic();
        line("unavailable", format!("{arithmetic}{zero} (at least {} available)", posts.floor));
    } else {
        line("strategy", format!("{}: old pods go before new ones come", posts.strategy));
    }
    let runs = outcome.runs;
    if let Some(spread) = outcome.duration_ms {
        let settled = outcome.settled_ms.map(|settled| {
            format!(", until the last pod too many is gone {}", between(settled, &time))
        });
        let settled = settled.unwrap_or_default();
        line("duration", format!("{}{settled} ({runs} seeds)", between(spread, &time)));
    }
    if let Some(spread) = outcome.deadline_ms {
        line("deadline", format!("exceeded after {}", between(spread, &time)));
    }
    let with = between(outcome.peak_pods_with_terminating, &plain);
    line(
        "peak",
        format!("{} pods, {with} with terminating ones", between(outcome.peak_pods, &plain)),
    );
    let lowest = between(outcome.lowest_available, &plain);
    line("lowest", format!("{lowest} of {} available", subject.replicas));
    if let Some(lost) = outcome.lost_requests {
        line("lost", format!("{} requests", between(lost, &plain)));
    }
    told
}

fn plain(number: i64) -> String {
    number.to_string()
}

/// In tenths of a second.
fn time(ms: i64) -> String {
    span::format(SimDuration::from_millis((ms + 50) / 100 * 100))
}

fn between(spread: Spread, write: &dyn Fn(i64) -> String) -> String {
    if spread.min == spread.max {
        write(spread.min)
    } else {
        format!("{}–{}", write(spread.min), write(spread.max))
    }
}

fn cause_in_words(cause: &Cause) -> String {
    let Cause { kind, message, image, pods } = cause;
    let some_pods = match pods {
        1 => "1 pod".to_owned(),
        pods => format!("{pods} pods"),
    };
    match kind {
        CauseKind::Paused => "the Deployment is paused".to_owned(),
        CauseKind::NodesAreManual => "nodes act only when told in this session".to_owned(),
        CauseKind::CannotCreate => format!("pods cannot be created: {message}"),
        CauseKind::Unschedulable => format!("no room for {some_pods}: {message}"),
        CauseKind::ImageMissing => format!("{image} cannot be pulled ({message}): {some_pods}"),
        CauseKind::CannotStart => format!("{image} cannot be started ({message}): {some_pods}"),
        CauseKind::CrashLooping => {
            format!("{image} exits again and again ({message}): {some_pods}")
        }
        CauseKind::NeverReady => format!("{image} does not become ready: {some_pods}"),
        CauseKind::DeadlineExceeded => format!("ProgressDeadlineExceeded: {message}"),
    }
}
