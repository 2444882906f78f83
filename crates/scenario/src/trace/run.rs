//! Runs a trace's steps in a stepped cluster and writes, or compares, what comes of them.

use rollscope_api::order;
use rollscope_api::{Api, ListOptions, Resource, SimDuration, SimTime, Timestamp, Value};
use rollscope_sim::{Cluster, ClusterOptions, Pace, Termination, World};

use super::{Action, Normaliser, SeenEvents, Step, StepKind, Trace, parse_action, write_state};
use crate::conform::CaseResult;
use crate::input::Input;
use crate::session::Session;

const NAMESPACE: &str = "default";
/// Real time went on while a trace was recorded: so much with every command. It is more than a
/// second, since ReplicaSets are told apart by the second of their creation.
const COMMAND_TIME: SimDuration = SimDuration::from_millis(1_100);
/// So much with every pod that a node acted upon.
const POD_TIME: SimDuration = SimDuration::from_millis(500);
/// A command that waits is given so much time before it is interrupted.
const WAIT_MAX: SimDuration = SimDuration::from_secs(900);
/// Traces begin at a full second of an ordinary day.
const START: Timestamp = Timestamp::from_secs(1_767_603_600);

/// Writes the lines of a trace below each step.
#[derive(Clone, Debug, Default)]
pub struct StateWriter {
    normaliser: Normaliser,
    events: SeenEvents,
    previous: Option<String>,
    exact: bool,
}

impl StateWriter {
    /// A writer that replaces nothing.
    pub fn exact() -> Self {
        Self { exact: true, ..Self::default() }
    }

    /// What a finished command printed, in the trace's form.
    pub fn command(&self, stdout: &str, stderr: &str, exit: i32) -> String {
        let mut text = String::new();
        for (prefix, output) in [("| ", stdout), ("! ", stderr)] {
            let output = self.normaliser.output(output);
            let output = output.trim_end_matches('\n');
            if !output.is_empty() {
                for line in output.split('\n') {
                    text.push_str(&format!("{prefix}{line}\n"));
                }
            }
        }
        if exit != 0 {
            text.push_str(&format!("exit {exit}\n"));
        }
        text
    }

    /// Looks at the ReplicaSets there are: what is printed next may name them.
    pub fn look(&mut self, api: &mut dyn Api) {
        if self.exact {
            return;
        }
        let mut sets = list(api, Resource::ReplicaSets);
        order::sort_by_key(&mut sets, |set| {
            let version = set["metadata"]["creationTimestamp"].as_str().unwrap_or_default();
            (version.to_owned(), set["metadata"]["uid"].as_str().unwrap_or_default().to_owned())
        });
        self.normaliser.learn(&sets);
    }

    /// The state, where it changed since the last call, and the events that are new since then.
    pub fn changes(&mut self, cluster: &mut Cluster) -> String {
        self.look(cluster);
        let deployments = list(cluster, Resource::Deployments);
        let sets = list(cluster, Resource::ReplicaSets);
        let pods = list(cluster, Resource::Pods);
        let state = write_state(&deployments, &sets, &pods, self.exact);
        let state = if self.exact { state } else { self.normaliser.names(&state) };
        let mut text = String::new();
        let before = self.previous.replace(state.clone());
        if before.as_ref() != Some(&state) {
            text.push_str(if state.is_empty() { "nothing left\n" } else { &state });
        }
        text.push_str(&self.events.write_new(cluster, NAMESPACE, &self.normaliser, self.exact));
        text
    }
}

fn list(api: &mut dyn Api, resource: Resource) -> Vec<Value> {
    api.list(resource, Some(NAMESPACE), &ListOptions::default()).unwrap_or_default()
}

/// A trace being run.
struct Run {
    session: Session,
    writer: StateWriter,
    main: String,
}

impl Run {
    fn new(trace: &Trace) -> Self {
        let termination =
            if trace.header.manual_termination { Termination::Manual } else { Termination::Auto };
        let cluster = Cluster::new(ClusterOptions {
            seed: 1,
            start: START.start(),
            world: World::default(),
            pace: Pace::Stepped { termination },
        });
        Self {
            session: Session::with_cluster(cluster, trace.file_set()),
            writer: StateWriter::default(),
            main: main_deployment(trace),
        }
    }

    fn now(&self) -> SimTime {
        self.session.now()
    }

    /// Does a step and returns the lines below it.
    fn step(&mut self, step: &Step) -> String {
        let (mut text, takes) = match &step.kind {
            StepKind::Command(line) => (self.command(line), COMMAND_TIME),
            StepKind::Nodes(action) => self.nodes(action),
        };
        self.session.settle();
        self.session.run_until(self.now() + takes);
        self.session.settle();
        text.push_str(&self.writer.changes(self.session.api()));
        text
    }

    /// The recorder named the namespace in every call, which `--record` makes visible.
    fn command(&mut self, line: &str) -> String {
        let arguments = line.strip_prefix("kubectl").unwrap_or(line);
        let line = format!("kubectl --namespace={NAMESPACE}{arguments}");
        self.session.input(&Input::Command { line });
        self.session.settle();
        let until = self.now() + WAIT_MAX;
        while self.session.foreground().is_some()
            && self.session.next_event_at().is_some_and(|at| at <= until)
        {
            self.session.step();
        }
        self.session.input(&Input::Interrupt);
        self.writer.look(self.session.api());
        let Some(entry) = self.session.transcript().entries().last() else {
            return String::new();
        };
        let exit = entry.ended.map_or(0, |(_, exit)| exit);
        self.writer.command(&entry.printed(false), &entry.printed(true), exit)
    }

    /// Lets the nodes act. Returns the comment behind the step, and how long it took.
    fn nodes(&mut self, text: &str) -> (String, SimDuration) {
        match parse_action(text, &self.main) {
            Ok(Action::Wait(span)) => (String::new(), span),
            Ok(Action::Pods(action)) => {
                let count = self.session.api().act(&action);
                let takes = POD_TIME.as_micros() * count as i64;
                (format!("# {count} pods\n"), SimDuration::from_micros(takes))
            }
            Err(message) => (format!("# {message}\n"), SimDuration::ZERO),
        }
    }
}

/// The Deployment that node actions mean where they name none: the first in the trace's files.
fn main_deployment(trace: &Trace) -> String {
    for (_, text) in &trace.files {
        for document in serde_yaml::Deserializer::from_str(text) {
            use serde::Deserialize;
            // What follows a document that cannot be read would be that same error for ever.
            let Ok(value) = Value::deserialize(document) else { break };
            if let (Some("Deployment"), Some(name)) =
                (value["kind"].as_str(), value["metadata"]["name"].as_str())
            {
                return name.to_owned();
            }
        }
    }
    "web".to_owned()
}

/// Runs a trace and compares every step with what was recorded.
pub fn check(trace: &Trace) -> CaseResult {
    let mut run = Run::new(trace);
    let mut result = CaseResult::default();
    for step in &trace.steps {
        let simulated = run.step(step);
        let recorded = comparable(&step.recorded);
        result.compare_at(step.title(), step.line, &recorded, &comparable(&simulated));
    }
    result
}

/// Groups of events are sorted by names that hold a hash of the time where a restart made them:
/// which comes first is chance, so they are sorted again by what stands for them.
fn comparable(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("event ")).unwrap_or(lines.len());
    let object = |line: &str| line.split(' ').nth(1).unwrap_or_default().to_owned();
    order::sort_by_key(&mut lines[first..], |line| object(line));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Runs a trace and writes it as the recorder would have.
pub fn run_to_text(trace: &Trace) -> String {
    let termination = if trace.header.manual_termination { "manual" } else { "auto" };
    let mut text = format!(
        "# {}\n# kubernetes {}; termination {termination}\n",
        trace.header.name, trace.header.version
    );
    for (path, content) in &trace.files {
        text.push_str(&format!("--- {path}\n"));
        for line in content.lines() {
            let indent = if line.is_empty() { "" } else { "    " };
            text.push_str(&format!("{indent}{line}\n"));
        }
    }
    let mut run = Run::new(trace);
    for step in &trace.steps {
        let below = run.step(step);
        let (comment, below) = match below.strip_prefix('#') {
            Some(rest) => rest.split_once('\n').unwrap_or((rest, "")),
            None => ("", below.as_str()),
        };
        let comment = if comment.is_empty() { String::new() } else { format!("  #{comment}") };
        text.push_str(&format!("\n{}{comment}\n{below}", step.title()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn main_of(file: &str) -> String {
        let lines: String = file.lines().map(|line| format!("    {line}\n")).collect();
        let header = "# t\n# kubernetes v1.36.2; termination auto\n--- web.yaml\n";
        let trace = Trace::parse(&format!("{header}{lines}\n$ kubectl get pods\n"));
        main_deployment(&trace.expect("a trace"))
    }

    #[test]
    fn the_main_deployment_is_found_up_to_what_cannot_be_read() {
        let api = "kind: Deployment\nmetadata: {name: api}\n";
        assert_eq!(main_of(api), "api");
        assert_eq!(main_of(&format!("{api}---\na: [b\n")), "api");
        assert_eq!(main_of("a: [b\nc: d\n"), "web");
    }
}
