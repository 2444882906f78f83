//! The seed sweep: the same script under many seeds, to see how often something goes wrong.
//!
//! It counts what happened and proves nothing: under another seed it may happen all the same.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use rollscope_api::SimDuration;
use serde::{Deserialize, Serialize};

use crate::compare::{RolloutEnd, rollouts};
use crate::input::Input;
use crate::script::Script;
use crate::timeline::Timeline;

/// Most seeds of one sweep.
pub const SEEDS_MAX: u32 = 10_000;

/// A number of seeds as somebody typed it.
///
/// # Errors
/// It is no number of seeds.
pub fn parse_seeds(text: &str) -> Result<u32, NoSeeds> {
    let digits = text.trim().replace(['_', ',', ' '], "");
    let number = digits.parse::<u32>().ok().filter(|number| (1..=SEEDS_MAX).contains(number));
    number.ok_or_else(|| NoSeeds { text: text.to_owned() })
}

/// A text that is no number of seeds, or none that a sweep takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSeeds {
    /// As it was typed.
    pub text: String,
}

impl fmt::Display for NoSeeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        write!(f, "a sweep takes a whole number of seeds from 1 to {SEEDS_MAX}, not {text:?}")
    }
}

impl std::error::Error for NoSeeds {}

/// What came of a script under one seed. The rollouts that create a Deployment do not count:
/// before them there is nothing to keep available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeedFacts {
    #[allow(missing_docs)]
    pub seed: u64,
    /// Rollouts that did not complete, though no other took their place.
    pub incomplete: u32,
    /// Requests that clients lost; `None` without a Service.
    pub lost: Option<u64>,
    /// How long fewer pods were available than the floor, in milliseconds.
    pub below_floor_ms: i64,
    /// The fewest pods available during a rollout; `None` where there was none.
    pub lowest_available: Option<i32>,
    /// The longest that a rollout took, in milliseconds.
    pub longest_ms: i64,
}

impl SeedFacts {
    /// Runs a script under one seed.
    pub fn of(script: &Script, seed: u64) -> Self {
        let mut timeline = Timeline::new(Script { seed, ..script.clone() });
        while timeline.advance(usize::MAX) {}
        Self::read(&timeline)
    }

    fn read(timeline: &Timeline) -> Self {
        let all = rollouts(timeline);
        let counted = || all.iter().filter(|rollout| rollout.number > 1);
        let ms = |span: SimDuration| span.as_millis();
        let has_clients = timeline.traffic().services().next().is_some();
        Self {
            seed: timeline.script().seed,
            incomplete: all.iter().filter(|one| one.end == RolloutEnd::Open).count() as u32,
            lost: has_clients.then(|| timeline.traffic().totals().lost_in_all()),
            below_floor_ms: counted().map(|one| ms(one.below_floor)).sum(),
            lowest_available: counted().map(|one| one.available_min).min(),
            longest_ms: all.iter().filter_map(|one| one.complete_after).map(ms).max().unwrap_or(0),
        }
    }

    /// The worse, the greater. Of equals the first seed counts as the worst.
    fn badness(&self) -> impl Ord {
        let lowest = self.lowest_available.map_or(i32::MIN, |lowest| -lowest);
        let first = std::cmp::Reverse(self.seed);
        (self.incomplete, self.lost, self.below_floor_ms, lowest, self.longest_ms, first)
    }
}

/// What is known of all seeds so far. It does not depend on the order in which they were tried.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// How many seeds have been tried.
    pub tried: u32,
    /// Under how many fewer pods were available than the floor for a while.
    pub broke_floor: u32,
    /// Under how many a rollout did not complete.
    pub incomplete: u32,
    /// Under how many a request was lost.
    pub lost: u32,
    /// Whether there were clients that could lose any.
    pub has_clients: bool,
    /// Requests lost under all seeds together.
    pub lost_requests: u64,
    /// Under how many seeds so many pods, and no fewer, were always available during a rollout.
    pub lowest_available: BTreeMap<i32, u32>,
    /// The shortest of the longest rollouts, in milliseconds.
    pub shortest_ms: Option<i64>,
    /// The longest rollout under any seed, in milliseconds.
    pub longest_ms: i64,
    /// The seed under which it went worst.
    pub worst: Option<SeedFacts>,
}

impl Summary {
    /// Takes one more seed in.
    pub fn add(&mut self, facts: SeedFacts) {
        self.tried += 1;
        self.broke_floor += u32::from(facts.below_floor_ms > 0);
        self.incomplete += u32::from(facts.incomplete > 0);
        self.lost += u32::from(facts.lost.is_some_and(|lost| lost > 0));
        self.has_clients |= facts.lost.is_some();
        self.lost_requests += facts.lost.unwrap_or(0);
        if let Some(lowest) = facts.lowest_available {
            *self.lowest_available.entry(lowest).or_default() += 1;
        }
        let shortest = self.shortest_ms.unwrap_or(i64::MAX).min(facts.longest_ms);
        self.shortest_ms = Some(shortest);
        self.longest_ms = self.longest_ms.max(facts.longest_ms);
        if self.worst.is_none_or(|worst| worst.badness() < facts.badness()) {
            self.worst = Some(facts);
        }
    }

    /// Whether something went wrong under any seed.
    pub fn is_clean(&self) -> bool {
        self.broke_floor + self.incomplete + self.lost == 0
    }
}

/// Inputs that name a pod. Names are drawn from the seed: under another one they mean nobody.
pub fn inputs_of_one_seed(script: &Script) -> usize {
    script.inputs.iter().filter(|timed| matches!(timed.input, Input::Pod { .. })).count()
}

/// A sweep that goes on in slices, under the seeds from 1 on.
#[derive(Clone, Debug)]
pub struct Sweep {
    script: Script,
    seeds: u32,
    current: Option<Timeline>,
    summary: Summary,
}

impl Sweep {
    /// Prepares a sweep. Nothing has been run yet.
    pub fn new(script: Script, seeds: u32) -> Self {
        Self {
            script,
            seeds: seeds.clamp(1, SEEDS_MAX),
            current: None,
            summary: Summary::default(),
        }
    }

    /// Goes on by about so many simulation events. Returns whether there is more to do.
    pub fn advance(&mut self, budget_events: usize) -> bool {
        if self.summary.tried >= self.seeds {
            return false;
        }
        let seed = u64::from(self.summary.tried) + 1;
        let script = &self.script;
        let timeline =
            self.current.get_or_insert_with(|| Timeline::new(Script { seed, ..script.clone() }));
        if !timeline.advance(budget_events) {
            self.summary.add(SeedFacts::read(timeline));
            self.current = None;
        }
        self.summary.tried < self.seeds
    }

    /// How many seeds are to be tried.
    pub fn seeds(&self) -> u32 {
        self.seeds
    }

    /// What is known so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }
}
