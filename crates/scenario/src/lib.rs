//! Scripts, sessions, the timeline, traces and the comparison with recordings of a real cluster.
//!
//! A session is a script: a seed, a world, files, and inputs with their times. This crate loads
//! scripts, runs them, moves in their time, and compares runs with recordings. It knows the
//! cluster and kubectl, and nothing of a browser, of threads or of a file system: texts come in,
//! texts go out.

pub mod autosave;
mod checksum;
pub mod compare;
pub mod conform;
pub mod explore;
pub mod files;
pub mod forecast;
pub mod input;
pub mod measure;
pub mod playback;
mod question;
pub mod runs;
pub mod script;
pub mod session;
pub mod share;
pub mod span;
pub mod sweep;
pub mod terminal;
pub mod timeline;
pub mod trace;

pub use files::FileSet;
pub use input::{Input, NodeAction, PodAction};
pub use runs::{ActError, ActOutcome, Fork, Run, RunId, Runs};
pub use script::{Script, ScriptError, ScriptPace, TimedInput, View};
pub use session::Session;
pub use terminal::{Chunk, Entry, Transcript};
pub use timeline::{
    DeploymentSample, InThePast, Jump, Mark, MarkKind, RevisionSample, Sample, Timeline,
};
