//! kubectl: text in, text out. One verb, one file.
//!
//! This crate knows the API server's door ([`Api`]) and nothing behind it: the same commands run
//! against the simulated cluster and against a fixed set of recorded objects.

pub mod describe;
pub mod duration;
pub mod explain;
mod gofmt;
mod gosort;
pub mod output;
pub mod print;
pub mod tabwriter;
mod value;

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
pub struct Waiting {}

impl Waiting {
    /// Looks at the cluster again. Returns what was printed since; `Some(exit)` once it has ended.
    pub fn poll(&mut self, _api: &mut dyn Api, _files: &dyn Files) -> (Output, Option<i32>) {
        (Output::default(), Some(0))
    }

    /// When its own time-out strikes, if it has one: the last moment to poll it.
    pub fn deadline(&self) -> Option<SimTime> {
        None
    }
}

/// A live object opened in the editor.
#[derive(Clone, Debug)]
pub struct Editing {
    /// The text to be edited.
    pub text: String,
}

impl Editing {
    /// Ends the command with the edited text. An edit that is refused opens again, with the reason
    /// in comments on top.
    pub fn finish(self, _api: &mut dyn Api, _files: &dyn Files, _edited: &str) -> Outcome {
        Outcome::Done(Output::default())
    }
}

/// Runs one command line, with or without the word `kubectl` in front.
///
/// Several commands may be joined with `;`, `&&`, `||` and `|` (into `-f -`).
pub fn run(_api: &mut dyn Api, _files: &dyn Files, _line: &str) -> Outcome {
    Outcome::Done(Output::default())
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
    _api: &mut dyn Api,
    _files: &dyn Files,
    _line: &str,
    _cursor: usize,
) -> Vec<Completion> {
    Vec::new()
}
