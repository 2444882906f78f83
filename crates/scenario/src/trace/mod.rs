//! The trace format: step scripts with the state of the cluster after every step, as recorded from
//! a real control plane (`tests/conformance/recordings/README.md` describes it).

mod action;
mod events;
pub mod normalise;
mod parse;
mod run;
mod script;
mod state;

pub use action::{Action, parse_action};
pub use events::SeenEvents;
pub use normalise::Normaliser;
pub use parse::{Header, Step, StepKind, Trace, TraceError};
pub use run::{StateWriter, check, run_to_text};
pub use script::{requests_line, script_trace};
pub use state::write_state;
