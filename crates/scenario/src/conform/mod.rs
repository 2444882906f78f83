//! Comparing the simulation with recordings of a real control plane.
//!
//! A recording file holds cases of one [`Kind`]; each [`Case`] is run in a cluster of its own and
//! gives a [`CaseResult`] with every compared step. Whoever compares text sends both sides through
//! [`crate::trace::Normaliser`] first.
//!
//! One kind, one file, one function: `pub fn check(case: &Value) -> CaseResult` takes one element
//! of the recording's list (`kubelet::check(text: &str, manifest: &str)` takes the text and the
//! manifest). It never panics on a recording that is shaped wrongly: a missing field is a
//! difference, and a result without steps counts as failed.

mod case;
pub mod commands;
pub mod diff;
pub mod hashes;
mod known;
pub mod kubelet;
mod load;
pub mod manifests;
pub mod printers;
mod report;
pub mod scheduling;
mod terminal;
pub mod updates;

pub use case::{Body, Case, CaseResult, Difference, Kind, StepResult};
pub use known::KnownFailures;
pub use load::{LoadError, Source, load};
pub use report::{Report, describe_failure};

/// Runs a case in a cluster of its own.
pub fn run(case: &Case) -> CaseResult {
    match (&case.body, case.kind) {
        (Body::Trace(trace), _) => crate::trace::check(trace),
        (Body::Json(value), Kind::Hashes) => hashes::check(value),
        (Body::Json(value), Kind::Manifests) => manifests::check(value),
        (Body::Json(value), Kind::Updates) => updates::check(value),
        (Body::Json(value), Kind::Commands) => commands::check(value),
        (Body::Json(value), Kind::Printers) => printers::check(value),
        (Body::Json(value), Kind::Scheduling) => scheduling::check(value),
        (Body::Kubelet { text, manifest }, _) => kubelet::check(text, manifest),
        // Kinds that are not compared yet give no steps, which counts as failed.
        _ => CaseResult::default(),
    }
}
