//! A cluster without nodes that act, and a terminal: where recorded commands are run.

use rollscope_api::{Api, ListOptions, Resource, SimDuration, Timestamp, Value};
use rollscope_kubectl::{Outcome, Output};
use rollscope_sim::{Cluster, ClusterOptions, Pace, World};

use crate::FileSet;
use crate::trace::StateWriter;

const START: Timestamp = Timestamp::from_secs(1_767_603_600);
/// A command that waits for what never comes is interrupted.
const WAIT_MAX: SimDuration = SimDuration::from_secs(900);

/// A namespace of its own for one case.
pub(super) struct Terminal {
    cluster: Cluster,
    files: FileSet,
    writer: StateWriter,
}

impl Terminal {
    /// An empty namespace and these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let mut set = FileSet::default();
        for (name, text) in files {
            set.set(name, text);
        }
        let cluster = Cluster::new(ClusterOptions {
            seed: 1,
            start: START.start(),
            world: World::default(),
            pace: Pace::Still,
        });
        Self { cluster, files: set, writer: StateWriter::default() }
    }

    /// Runs a command to its end. Returns what it printed, in the form of a trace.
    pub fn run(&mut self, command: &str) -> String {
        let line = format!("kubectl {command}");
        let outcome = rollscope_kubectl::run(&mut self.cluster, &self.files, &line);
        let output = self.end(outcome);
        self.cluster.settle();
        self.printed(&output)
    }

    fn end(&mut self, outcome: Outcome) -> Output {
        let (mut all, mut waiting) = match outcome {
            Outcome::Done(output) => return output,
            Outcome::Editing(editing) => return editing.so_far,
            Outcome::Waiting(output, waiting) => (output, waiting),
        };
        let until = self.cluster.now() + WAIT_MAX;
        loop {
            self.cluster.settle();
            let (output, exit) = waiting.poll(&mut self.cluster, &self.files);
            all.stdout.push_str(&output.stdout);
            all.stderr.push_str(&output.stderr);
            if let Some(exit) = exit {
                all.exit = exit;
                return all;
            }
            let deadline = waiting.deadline().unwrap_or(until);
            let next = self.cluster.next_event_at().unwrap_or(deadline).min(deadline);
            if next > until || self.cluster.now() >= until {
                return all;
            }
            self.cluster.run_until(next);
        }
    }

    fn printed(&mut self, output: &Output) -> String {
        self.writer.look(&mut self.cluster);
        self.writer.command(&output.stdout, &output.stderr, output.exit)
    }

    /// A recorded text, through the same replacements as the simulated one.
    pub fn same(&self, recorded: &Output) -> String {
        self.writer.command(&recorded.stdout, &recorded.stderr, recorded.exit)
    }

    /// Lets time pass.
    pub fn pass(&mut self, span: SimDuration) {
        self.cluster.settle();
        self.cluster.run_until(self.cluster.now() + span);
        self.cluster.settle();
    }

    /// The objects of a type.
    pub fn stored(&mut self, resource: Resource) -> Vec<Value> {
        let options = ListOptions::default();
        self.cluster.list(resource, Some("default"), &options).unwrap_or_default()
    }
}

/// What was recorded of a command.
pub(super) fn recorded(case: &Value) -> Output {
    let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
    let exit = case["exit"].as_i64().and_then(|exit| i32::try_from(exit).ok()).unwrap_or(0);
    Output { stdout: text("stdout"), stderr: text("stderr"), exit }
}
