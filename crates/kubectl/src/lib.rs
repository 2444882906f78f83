//! kubectl: text in, text out. One verb, one file.
//!
//! This crate knows the API server's door ([`Api`]) and nothing behind it: the same commands run
//! against the simulated cluster and against a fixed set of recorded objects.

mod absent_table;
mod builder;
mod command;
mod commands;
mod complete;
mod content_hash;
mod context;
pub mod describe;
pub mod duration;
mod error;
pub mod explain;
mod flags;
mod flags_table;
mod go;
mod gofmt;
mod gosort;
mod help;
mod info;
mod kinds;
mod kinds_table;
mod last_applied;
mod line;
mod line_diff;
mod manifest;
mod merge_diff;
pub mod output;
mod pairs;
pub mod print;
mod printer;
mod quantities;
mod record;
mod shell;
pub mod tabwriter;
mod tools;
mod unified;
mod value;
mod verb;
mod waiting;
mod workload;

use rollscope_api::{Api, SimTime};

/// What a command printed and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Exactly the bytes of standard output.
    pub stdout: String,
    /// Exactly the bytes of standard error.
    pub stderr: String,
    /// The exit code.
    pub exit: i32,
}

/// The files a command may name with `-f`: the editor's documents.
pub trait Files {
    /// The text of a file, if there is one of that path.
    fn read(&self, path: &str) -> Option<&str>;

    /// The paths of all files: for `-f .`, `-f '*.yaml'` and completion.
    fn paths(&self) -> Vec<String>;
}

/// How far a command got.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It has ended.
    Done(Output),
    /// It waits for the cluster (`rollout status`, `wait`, `delete`, `get -w`); what it printed so
    /// far comes with it. Poll it whenever the cluster changed, and at its deadline.
    Waiting(Output, Waiting),
    /// `edit`: the text to be edited; give what became of it to [`Editing::finish`].
    Editing(Editing),
}

/// A command that waits. Part of a session's state, hence cloned with every checkpoint.
#[derive(Clone, Debug)]
pub struct Waiting {
    waited: Box<line::Waited>,
}

impl Waiting {
    /// Looks at the cluster again. Returns what was printed since; `Some(exit)` once it has ended,
    /// and with it the rest of the line.
    pub fn poll(&mut self, api: &mut dyn Api, files: &dyn Files) -> (Output, Option<i32>) {
        self.waited.poll(api, files)
    }

    /// When its own time-out strikes, if it has one: the last moment to poll it.
    pub fn deadline(&self) -> Option<SimTime> {
        self.waited.deadline()
    }
}

/// A live object opened in the editor.
#[derive(Clone, Debug)]
pub struct Editing {
    /// The text to be edited.
    pub text: String,
    /// What the line printed before the editor opened.
    pub so_far: Output,
    edited: Box<line::Edited>,
}

impl Editing {
    /// Ends the command with the edited text. An edit that is refused opens again, with the reason
    /// in comments on top.
    pub fn finish(self, api: &mut dyn Api, files: &dyn Files, edited: &str) -> Outcome {
        self.edited.finish(api, files, edited)
    }
}

/// Runs one command line, with or without the word `kubectl` in front.
///
/// Several commands may be joined with `;`, `&&`, `||` and `|` (into `-f -`, or into `grep`, `wc` and
/// the like).
pub fn run(api: &mut dyn Api, files: &dyn Files, line: &str) -> Outcome {
    line::run(api, files, line)
}

/// Whether a line may begin with this word; any other is one of kubectl's own.
pub fn is_program(word: &str) -> bool {
    line::is_kubectl(word) || tools::is_known(word)
}

/// The commands kubectl has and the playground has no room for, each with its reason.
pub fn absent_commands() -> Vec<(&'static str, &'static str)> {
    help::absent()
}

/// A way to go on with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What to put in place of the line from `start` to the cursor.
    pub text: String,
    /// Where the word to be replaced begins, in bytes.
    pub start: usize,
    /// What it is, in a few words: `command`, `flag`, `pod` …; empty where that is plain.
    pub note: String,
}

/// The ways to go on with a line at the cursor (a position in bytes), as Tab offers them.
pub fn complete(
    api: &mut dyn Api,
    files: &dyn Files,
    line: &str,
    cursor: usize,
) -> Vec<Completion> {
    complete::complete(api, files, line, cursor)
}
