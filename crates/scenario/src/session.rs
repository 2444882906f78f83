//! A running session: the cluster, the files, the terminal, and the command that waits in it.

use rollscope_api::SimTime;
use rollscope_kubectl::{Editing, Outcome, Waiting};
use rollscope_sim::store::Key;
use rollscope_sim::world::NodeGroup;
use rollscope_sim::{Cluster, ClusterOptions, MachineAction, Pace, Termination, World, kubelet};

use crate::files::FileSet;
use crate::input::{Input, NodeAction, PodAction};
use crate::script::{Script, ScriptPace};
use crate::terminal::Transcript;
use crate::trace::{Action, parse_action};

/// The namespace that commands work in.
const NAMESPACE: &str = "default";
/// How a shell reports a command ended by Ctrl-C.
pub(crate) const INTERRUPTED: i32 = 130;

/// A session at one moment. A clone is a checkpoint: it goes on exactly as the original would.
#[derive(Clone, Debug)]
pub struct Session {
    cluster: Cluster,
    files: FileSet,
    transcript: Transcript,
    foreground: Option<Foreground>,
    /// The cluster's version when the waiting command last looked at it.
    polled: u64,
}

/// The command that has not ended, and its number in the transcript.
#[derive(Clone, Debug)]
enum Foreground {
    Waiting(usize, Box<Waiting>),
    Editing(usize, Box<Editing>),
}

impl Session {
    /// The session a script begins with; none of its inputs have happened yet.
    pub fn new(script: &Script) -> Self {
        let pace = match script.pace {
            ScriptPace::Live => Pace::Live,
            ScriptPace::Stepped => Pace::Stepped { termination: Termination::Auto },
            ScriptPace::Manual => Pace::Stepped { termination: Termination::Manual },
        };
        let cluster = Cluster::new(ClusterOptions {
            seed: script.seed,
            start: script.start_time(),
            world: script.world.clone(),
            pace,
        });
        let mut files = FileSet::default();
        for (path, text) in &script.files {
            files.set(path, text);
        }
        Self::with_cluster(cluster, files)
    }

    /// A session in a given cluster.
    pub fn with_cluster(cluster: Cluster, files: FileSet) -> Self {
        Self { cluster, files, transcript: Transcript::default(), foreground: None, polled: 0 }
    }

    /// The cluster, for reading.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The cluster's API. What is written through it is no part of the script and cannot be
    /// replayed: it is for reading, for trying something on a clone, and for tests.
    pub fn api(&mut self) -> &mut Cluster {
        &mut self.cluster
    }

    /// The files there are.
    pub fn files(&self) -> &FileSet {
        &self.files
    }

    /// The terminal.
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// The present moment.
    pub fn now(&self) -> SimTime {
        self.cluster.now()
    }

    /// The number in the transcript of the command that has not ended.
    pub fn foreground(&self) -> Option<usize> {
        match &self.foreground {
            Some(Foreground::Waiting(number, _) | Foreground::Editing(number, _)) => Some(*number),
            None => None,
        }
    }

    /// The text that `kubectl edit` wants edited.
    pub fn editing(&self) -> Option<&str> {
        match &self.foreground {
            Some(Foreground::Editing(_, editing)) => Some(&editing.text),
            _ => None,
        }
    }

    /// Does one thing to the session, at its present moment.
    pub fn input(&mut self, input: &Input) {
        match input {
            Input::Command { line } => self.command(line),
            Input::Apply { file } => self.command(&apply_line(file)),
            Input::EditFile { name, text } => self.files.set(name, text),
            Input::RemoveFile { name } => self.files.remove(name),
            Input::Pod { pod, action } => self.pod(pod, *action),
            Input::Node { node, action, machine } => self.node(node, *action, machine.as_deref()),
            // A world that cannot be changes nothing: scripts are checked when they are loaded.
            Input::World { world } => drop(self.cluster.set_world(World::clone(world))),
            Input::Nodes { action } => self.nodes(action),
            Input::Interrupt => self.interrupt(),
            Input::FinishEdit { text } => self.finish_edit(text),
        }
    }

    fn command(&mut self, line: &str) {
        let Some(shown) = typed(line) else { return };
        let number = self.transcript.begin(self.now(), &shown);
        let outcome = rollscope_kubectl::run(&mut self.cluster, &self.files, &shown);
        self.take(number, outcome);
    }

    fn take(&mut self, number: usize, outcome: Outcome) {
        let now = self.now();
        match outcome {
            Outcome::Done(output) => {
                self.transcript.print(number, now, &output);
                self.transcript.end(number, now, output.exit);
            }
            Outcome::Waiting(output, waiting) => {
                self.transcript.print(number, now, &output);
                self.interrupt();
                self.foreground = Some(Foreground::Waiting(number, Box::new(waiting)));
                self.polled = self.cluster.version();
            }
            Outcome::Editing(editing) => {
                self.transcript.print(number, now, &editing.so_far);
                self.interrupt();
                self.foreground = Some(Foreground::Editing(number, Box::new(editing)));
            }
        }
    }

    /// Ctrl-C: the command in the foreground ends, if there is one.
    fn interrupt(&mut self) {
        if let Some(number) = self.foreground() {
            self.transcript.interrupt(number, self.now(), INTERRUPTED);
            self.foreground = None;
        }
    }

    fn finish_edit(&mut self, text: &str) {
        match self.foreground.take() {
            Some(Foreground::Editing(number, editing)) => {
                let outcome = editing.finish(&mut self.cluster, &self.files, text);
                self.take(number, outcome);
            }
            other => self.foreground = other,
        }
    }

    /// A pod that has gone meanwhile, or that cannot be acted upon, stays as it is.
    fn pod(&mut self, pod: &str, action: PodAction) {
        let (namespace, name) = pod.split_once('/').unwrap_or((NAMESPACE, pod));
        let Some(id) = self.cluster.listers().pod_id(&Key::new(namespace, name)) else { return };
        let action = match action {
            PodAction::Ready => kubelet::PodAction::Ready,
            PodAction::Unready => kubelet::PodAction::Unready,
            PodAction::Crash => kubelet::PodAction::Crash,
            PodAction::Fail => kubelet::PodAction::Fail,
            PodAction::Evict => kubelet::PodAction::Evict,
            PodAction::Delete => kubelet::PodAction::Delete,
        };
        let _ = self.cluster.act_on_pod(id, action);
    }

    fn node(&mut self, node: &str, action: NodeAction, machine: Option<&NodeGroup>) {
        let action = match action {
            NodeAction::Add => MachineAction::Add(machine.cloned().unwrap_or_default()),
            NodeAction::Remove => MachineAction::Remove,
            NodeAction::Lose => MachineAction::Lose,
            NodeAction::Recover => MachineAction::Recover,
        };
        self.cluster.act_on_machine(node, &action);
    }

    /// An action that cannot be read does nothing: scripts are checked when they are loaded.
    fn nodes(&mut self, text: &str) {
        match parse_action(text, &self.main_deployment()) {
            Ok(Action::Pods(action)) => {
                self.cluster.act(&action);
            }
            Ok(Action::Wait(span)) => self.run_until(self.now() + span),
            Err(_) => {}
        }
    }

    /// The Deployment that node actions mean where they name none: the oldest.
    fn main_deployment(&self) -> String {
        let deployments = self.cluster.listers().deployments().map(|(_, deployment)| deployment);
        let oldest = deployments.min_by_key(|deployment| {
            (deployment.metadata.creation_timestamp, deployment.metadata.uid.clone())
        });
        oldest.map(|deployment| deployment.metadata.name.to_string()).unwrap_or_default()
    }

    /// When something happens next without anybody doing anything.
    pub fn next_event_at(&self) -> Option<SimTime> {
        let deadline = match &self.foreground {
            Some(Foreground::Waiting(_, waiting)) => waiting.deadline(),
            _ => None,
        };
        match (self.cluster.next_event_at(), deadline) {
            (Some(event), Some(deadline)) => Some(event.min(deadline)),
            (event, deadline) => event.or(deadline),
        }
    }

    /// Lets the next thing happen. Returns whether there was one.
    pub fn step(&mut self) -> bool {
        let Some(next) = self.next_event_at() else { return false };
        if self.cluster.next_event_at().is_some_and(|at| at <= next) {
            self.cluster.step();
        } else {
            self.cluster.run_until(next);
        }
        self.poll(next);
        true
    }

    /// Lets time pass until `time`, with everything that happens on the way.
    pub fn run_until(&mut self, time: SimTime) {
        while self.next_event_at().is_some_and(|at| at <= time) {
            self.step();
        }
        self.cluster.run_until(time);
    }

    /// Lets the controllers work until nothing is left to do without time passing, and the waiting
    /// command look at what came of it. For stepped sessions.
    pub fn settle(&mut self) {
        self.cluster.settle();
        self.polled = 0;
        self.poll(self.now());
        self.cluster.settle();
    }

    /// Lets the waiting command look at the cluster where that changed or its own time-out struck.
    fn poll(&mut self, time: SimTime) {
        let Some(Foreground::Waiting(number, waiting)) = &mut self.foreground else { return };
        let version = self.cluster.version();
        let timed_out = waiting.deadline().is_some_and(|deadline| deadline <= time);
        if version == self.polled && !timed_out {
            return;
        }
        self.polled = version;
        let number = *number;
        let (output, exit) = waiting.poll(&mut self.cluster, &self.files);
        let now = self.cluster.now();
        self.transcript.print(number, now, &output);
        match exit {
            Some(exit) => {
                self.transcript.end(number, now, exit);
                self.foreground = None;
            }
            // A time-out that does not end the command would strike for ever.
            None if timed_out => self.interrupt(),
            None => {}
        }
    }
}

/// A command as the terminal shows it; `None` for nothing.
pub(crate) fn typed(line: &str) -> Option<String> {
    let line = line.trim();
    let first = line.split_whitespace().next()?;
    let begins = rollscope_kubectl::is_program(first);
    Some(if begins { line.to_owned() } else { format!("kubectl {line}") })
}

/// The command that applying a file stands for.
pub fn apply_line(file: &str) -> String {
    format!("kubectl apply -f {}", quote(file))
}

/// A path as one word of a command line.
pub(crate) fn quote(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests;
