//! Runs as data: they are scripts, everything else is computed again.

use rollscope_api::SimDuration;
use rollscope_api::order;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::run::{Fork, Run, RunId};
use super::{NAME_CHARS_MAX, RUNS_MAX, Runs};
use crate::script::{INPUTS_MAX, SPAN_MAX, Script, TimedInput};

/// One run as it is saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedRun {
    /// Its number.
    pub id: RunId,
    #[allow(missing_docs)]
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Where it parted from another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Fork>,
    /// The latest moment that has been shown.
    #[serde(default, with = "crate::span::text")]
    pub reached: SimDuration,
    #[allow(missing_docs)]
    pub script: Script,
    /// Inputs that were taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_back: Vec<Vec<TimedInput>>,
}

impl SavedRun {
    /// A run, to be saved.
    pub fn of(run: &Run) -> Self {
        Self {
            id: run.id(),
            name: run.name().to_owned(),
            from: run.from(),
            reached: run.reached() - run.timeline().start(),
            script: run.timeline().script().clone(),
            taken_back: run.taken_back().to_vec(),
        }
    }

    /// The run. What does not fit together is left out.
    fn into_run(self) -> Run {
        let last = self.script.inputs.last().map_or(SimDuration::ZERO, |timed| timed.at);
        let mut taken_back = self.taken_back;
        if !are_in_order(last, &taken_back) || taken_back.len() > INPUTS_MAX {
            taken_back.clear();
        }
        let reached = self.reached.clamp(SimDuration::ZERO, SPAN_MAX);
        let mut run = Run::seen_until(self.id, self.script, reached, taken_back);
        run.set_name(self.name.chars().take(NAME_CHARS_MAX).collect());
        run.set_from(self.from);
        run
    }
}

/// Whether inputs can be brought back one after the other, from the last on.
fn are_in_order(last: SimDuration, taken_back: &[Vec<TimedInput>]) -> bool {
    let mut before = last;
    taken_back.iter().rev().all(|inputs| {
        let at = inputs.first().map(|timed| timed.at);
        let fits = at.is_some_and(|at| {
            (before..=SPAN_MAX).contains(&at) && inputs.iter().all(|timed| timed.at == at)
        });
        before = at.unwrap_or(before);
        fits
    })
}

impl Runs {
    /// Every run, the current one first, to be saved.
    pub fn save(&self) -> Vec<SavedRun> {
        let current = std::iter::once(self.current());
        current.chain(self.ghosts()).map(SavedRun::of).collect()
    }

    /// Runs that were saved. The first of them is current; of two with the same number the first
    /// counts. `None` where there are none.
    pub fn load(saved: Vec<SavedRun>) -> Option<Self> {
        let current = saved.first()?.id;
        let mut runs: Vec<Run> = Vec::new();
        for one in saved {
            if runs.len() < RUNS_MAX && runs.iter().all(|run| run.id() != one.id) {
                runs.push(one.into_run());
            }
        }
        order::sort_by_key(&mut runs, Run::id);
        let ids: Vec<RunId> = runs.iter().map(Run::id).collect();
        for run in &mut runs {
            if run.from().is_some_and(|fork| !ids.contains(&fork.run) || fork.run == run.id()) {
                run.set_from(None);
            }
        }
        let index = ids.iter().position(|&id| id == current)?;
        // Numbers go on from the last one: it must not be the last there is.
        if ids.iter().any(|id| id.0 > u32::MAX / 2) {
            return None;
        }
        Some(Self::of(runs, index))
    }
}

impl Serialize for Runs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.save().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Runs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = Vec::deserialize(deserializer)?;
        Self::load(saved).ok_or_else(|| serde::de::Error::custom("there is no run to go on with"))
    }
}
