//! Two runs side by side, their clocks aligned: where they part, and what each came to.

mod difference;
mod face;
mod rollouts;
#[cfg(test)]
mod tests;

use std::fmt;

use rollscope_api::SimDuration;

use crate::span;
use crate::timeline::Timeline;

pub use rollouts::{RolloutEnd, RolloutStats, rollouts};

/// In what two runs differ at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// Somebody did something else.
    Input,
    /// An object is another, or is there in one run only.
    State,
    /// Something else was reported.
    Event,
}

/// The first moment at which two runs differ in one respect. Both sides are in the words of the
/// cluster; a side without anything is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Since the start of either run.
    pub at: SimDuration,
    #[allow(missing_docs)]
    pub kind: DifferenceKind,
    /// The object concerned: `Pod/web-…`; empty for inputs.
    pub object: String,
    /// In the first run.
    pub one: Option<String>,
    /// In the other run.
    pub other: Option<String>,
}

/// Two runs compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The first difference of each kind there is, earliest first.
    pub differences: Vec<Difference>,
    /// The first run's rollouts in order of time.
    pub one: Vec<RolloutStats>,
    /// The other run's.
    pub other: Vec<RolloutStats>,
}

/// Compares two runs, as far as both have been computed.
pub fn compare(one: &Timeline, other: &Timeline) -> Comparison {
    Comparison {
        differences: difference::find(one, other),
        one: rollouts(one),
        other: rollouts(other),
    }
}

impl Comparison {
    /// The very first difference.
    pub fn first(&self) -> Option<&Difference> {
        self.differences.first()
    }

    /// The first difference in what the cluster did.
    pub fn first_outcome(&self) -> Option<&Difference> {
        self.differences.iter().find(|difference| difference.kind != DifferenceKind::Input)
    }

    /// Rollouts side by side: the n-th of a Deployment with the n-th of the same name.
    pub fn pairs(&self) -> Vec<(Option<&RolloutStats>, Option<&RolloutStats>)> {
        let is_same = |a: &RolloutStats, b: &RolloutStats| {
            (&a.deployment, a.number) == (&b.deployment, b.number)
        };
        let mut pairs: Vec<_> = self
            .one
            .iter()
            .map(|one| (Some(one), self.other.iter().find(|other| is_same(one, other))))
            .collect();
        let alone = self.other.iter().filter(|other| !self.one.iter().any(|o| is_same(o, other)));
        pairs.extend(alone.map(|other| (None, Some(other))));
        pairs
    }
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Input => "input",
            Self::State => "state",
            Self::Event => "event",
        })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@ {} {}", span::format(self.at), self.kind)?;
        if !self.object.is_empty() {
            write!(f, " {}", self.object)?;
        }
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        write!(f, "\n- {}\n+ {}", side(&self.one), side(&self.other))
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.differences.is_empty() {
            f.write_str("no difference\n")?;
        }
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        for (one, other) in self.pairs() {
            for (sign, stats) in [('-', one), ('+', other)] {
                match stats {
                    Some(stats) => writeln!(f, "{sign} {stats}")?,
                    None => writeln!(f, "{sign} no such rollout")?,
                }
            }
        }
        Ok(())
    }
}
