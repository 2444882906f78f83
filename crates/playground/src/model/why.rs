//! Why: what the deployment controller decided, with the numbers it decided by.

/// One decision, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Since the start, in tenths of a second.
    pub at_tenths: i64,
    /// What was decided.
    pub text: String,
    /// The inequality or sum behind it; may be empty.
    pub numbers: String,
    /// The upstream function that decides this.
    pub rule: &'static str,
}
