//! `rollscope run`: runs a script and tells what happens.

use std::fmt::Write as _;

use rollscope_api::order;
use rollscope_api::{SimDuration, SimTime};
use rollscope_scenario::playback::Playback;
use rollscope_scenario::trace::{StateWriter, Trace, requests_line, run_to_text, script_trace};
use rollscope_scenario::{DeploymentSample, MarkKind, Script, Timeline, Transcript, span};
use rollscope_sim::traffic::Traffic;
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::{Failure, files};

const HELP: &str = "\
Run a script and tell what happens.

Usage:
  rollscope run [OPTIONS] SCRIPT

Options:
  --json          one JSON object a line: inputs, output, marks, and pods of every revision
  --trace         the whole state at every moment at which it changes
  --until SPAN    how long to follow the script (default: 15m after its last input, or until
                  nothing is left to happen)
  --seed N        another seed than the script's
";

struct Options {
    script: Script,
    form: Form,
    until: Option<SimDuration>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Trace,
}

pub(crate) fn main(arguments: &[String]) -> Result<u8, Failure> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{HELP}");
        return Ok(0);
    }
    let options = options(arguments)?;
    match options.form {
        Form::Trace => print!("{}", script_trace(&options.script, options.until)),
        Form::Json => print!("{}", json_lines(options.script, options.until)),
        Form::Text => print!("{}", text(&options.script, options.until)),
    }
    Ok(0)
}

fn options(arguments: &[String]) -> Result<Options, Failure> {
    let (mut path, mut form, mut until, mut seed) = (None, Form::Text, None, None);
    let mut arguments = Arguments::new(arguments);
    while let Some((name, argument)) = arguments.advance() {
        match name {
            "--json" => form = Form::Json,
            "--trace" => form = Form::Trace,
            "--until" => until = Some(span::parse(&arguments.value()?).map_err(Failure::new)?),
            "--seed" => {
                let text = arguments.value()?;
                let number = text.parse::<u64>();
                seed = Some(number.map_err(|_| {
                    Failure::new(format!("--seed takes a whole number, not {text:?}"))
                })?);
            }
            _ if name.starts_with('-') && name.len() > 1 => {
                return Err(Failure::new(format!("unknown option {name}")));
            }
            _ if path.is_none() => path = Some(argument.clone()),
            _ => {
                return Err(Failure::new(format!(
                    "one script at a time: {argument:?} is too much"
                )));
            }
        }
    }
    let path = path.ok_or_else(|| Failure::new("a script is needed"))?;
    let mut script = files::script(&path)?;
    script.seed = seed.unwrap_or(script.seed);
    Ok(Options { script, form, until })
}

/// What a terminal would have shown, with times, and the state at the end.
fn text(script: &Script, until: Option<SimDuration>) -> String {
    let mut playback = Playback::new(script, until);
    let mut last = SimDuration::ZERO;
    while let Some((moment, _)) = playback.next_moment() {
        last = moment - script.start_time();
    }
    let mut text = transcript(playback.session().transcript(), script);
    let state = StateWriter::exact().changes(playback.session_mut().api());
    let state: Vec<&str> = state.lines().filter(|line| !line.starts_with("event ")).collect();
    let _ = write!(text, "[{}] the end\n{}\n", span::format(last), state.join("\n"));
    text.push_str(&requests_line(playback.session().cluster().traffic()));
    text
}

fn transcript(transcript: &Transcript, script: &Script) -> String {
    let since = |at: SimTime| span::format(at - script.start_time());
    let mut text = String::new();
    for entry in transcript.entries() {
        let _ = writeln!(text, "[{}] $ {}", since(entry.at), entry.line);
        let mut at = entry.at;
        for chunk in &entry.chunks {
            if chunk.at != at {
                at = chunk.at;
                let _ = writeln!(text, "[{}]", since(at));
            }
            text.push_str(&chunk.text);
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        match entry.ended {
            Some((_, 0)) => {}
            Some((at, exit)) => {
                let _ = writeln!(text, "[{}] exit {exit}", since(at));
            }
            None => text.push_str("(still waiting)\n"),
        }
    }
    text
}

/// One JSON object a line, in order of time.
fn json_lines(script: Script, until: Option<SimDuration>) -> String {
    let start = script.start_time();
    let mut timeline = Timeline::new(script);
    match until {
        Some(until) => {
            timeline.state_at(start + until);
        }
        None => while timeline.advance(usize::MAX) {},
    }
    let end = until.map(|until| start + until);
    let seconds = |at: SimTime| (at - start).as_micros() as f64 / 1e6;
    let mut lines: Vec<(i64, Value)> = Vec::new();
    for mark in timeline.marks() {
        let kind = match mark.kind {
            MarkKind::Input(_) => "input",
            MarkKind::Event => "event",
            MarkKind::Warning => "warning",
            MarkKind::Condition => "condition",
            MarkKind::Complete => "complete",
            MarkKind::LastOldPodGone => "last-old-pod-gone",
            MarkKind::Loss => "loss",
        };
        let line =
            json!({"at": seconds(mark.at), "kind": kind, "object": mark.object, "text": mark.text});
        lines.push((mark.at.as_micros(), line));
    }
    for sample in timeline.samples() {
        let deployments: Vec<Value> = sample.deployments.iter().map(deployment).collect();
        let line = json!({"at": seconds(sample.at), "kind": "pods", "deployments": deployments});
        lines.push((sample.at.as_micros(), line));
    }
    let last = end.unwrap_or(timeline.last_change());
    for entry in timeline.state_at(last).transcript().entries() {
        for chunk in &entry.chunks {
            let stream = if chunk.stderr { "stderr" } else { "stdout" };
            let line = json!({
                "at": seconds(chunk.at), "kind": stream, "command": entry.line, "text": chunk.text,
            });
            lines.push((chunk.at.as_micros(), line));
        }
    }
    lines.extend(requests(timeline.state_at(last).cluster().traffic(), start, last));
    lines.retain(|(at, _)| end.is_none_or(|end| *at <= end.as_micros()));
    order::sort_by_key(&mut lines, |(at, _)| *at);
    lines.iter().map(|(_, line)| format!("{line}\n")).collect()
}

/// What became of the requests of every second, and of all of them; nothing where none were sent.
fn requests(traffic: &Traffic, start: SimTime, last: SimTime) -> Vec<(i64, Value)> {
    let totals = traffic.totals();
    if totals.sent == 0 {
        return Vec::new();
    }
    let seconds = |at: SimTime| (at - start).as_micros() as f64 / 1e6;
    let width = traffic.history().width().as_secs();
    let buckets = traffic.history().buckets().map(|(at, bucket)| {
        let line = json!({
            "at": seconds(at), "kind": "requests", "seconds": width,
            "sent": bucket.sent, "served": bucket.served, "lost": bucket.lost,
        });
        (at.as_micros(), line)
    });
    let causes: serde_json::Map<String, Value> =
        totals.causes().map(|(cause, count)| (cause.as_str().to_owned(), count.into())).collect();
    let all = json!({
        "at": seconds(last), "kind": "traffic", "sent": totals.sent, "served": totals.served,
        "lost": totals.lost_in_all(), "inFlight": traffic.in_flight(), "causes": causes,
    });
    buckets.chain([(last.as_micros(), all)]).collect()
}

fn deployment(sample: &DeploymentSample) -> Value {
    let revisions: Vec<Value> = sample
        .revisions
        .iter()
        .map(|one| {
            json!({
                "replicaSet": &*one.replica_set, "revision": one.revision, "desired": one.desired,
                "total": one.total, "ready": one.ready, "available": one.available,
                "terminating": one.terminating,
            })
        })
        .collect();
    json!({
        "name": &*sample.name, "desired": sample.desired, "floor": sample.floor,
        "ceiling": sample.ceiling, "revisions": revisions,
    })
}

/// `rollscope trace FILE…`: scripts and recorded traces, run and written one after the other.
pub(crate) fn trace(arguments: &[String]) -> Result<u8, Failure> {
    if arguments.is_empty() {
        return Err(Failure::new("scripts (.yaml) or recorded traces (.trace) are needed"));
    }
    for path in arguments {
        let text = if path.ends_with(".trace") {
            let trace = Trace::parse(&files::read(path)?).map_err(|error| {
                Failure::new(format!("{path}:{}: {}", error.line, error.message))
            })?;
            run_to_text(&trace)
        } else {
            script_trace(&files::script(path)?, None)
        };
        print!("=== {path}\n{text}");
    }
    Ok(0)
}
