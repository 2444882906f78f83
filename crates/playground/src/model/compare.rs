//! Two runs side by side: where they part, and what their rollouts came to.

use rollscope_api::SimDuration;
use rollscope_scenario::compare::{self, Difference, DifferenceKind, RolloutEnd, RolloutStats};
use rollscope_scenario::{RunId, Timeline};

use super::Model;
use super::clock::{age_text, clock_text};
use crate::texts::SessionTexts;

/// The shown run compared with another.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The shown run's name, and the other's.
    pub names: [String; 2],
    /// The first difference, since the start; `None` where there is none.
    pub at: Option<SimDuration>,
    /// The first difference in one sentence.
    pub sentence: String,
    /// The first difference of each kind, earliest first.
    pub differences: Vec<DifferenceRow>,
    /// Rollouts side by side.
    pub rollouts: Vec<RolloutRow>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct DifferenceRow {
    /// Since the start.
    pub at: SimDuration,
    /// An action, an object, an Event.
    pub kind: &'static str,
    /// `Pod/my-app-…`; empty for actions.
    pub object: String,
    /// In the shown run, and in the other one.
    pub sides: [String; 2],
}

/// One rollout in both runs.
#[derive(Clone, Debug, PartialEq)]
pub struct RolloutRow {
    /// `my-app, rollout 2`
    pub title: String,
    /// In the shown run, and in the other one.
    pub sides: [Option<Numbers>; 2],
}

/// What a rollout came to, in the order of the table's columns: duration, last old pod gone, the
/// fewest available pods, the most pods, time below the floor, lost requests.
pub type Numbers = [String; 6];

/// By these it is known whether the comparison must be made again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ComparedBy {
    epoch: u64,
    runs: Option<(RunId, RunId)>,
    inputs: (usize, usize),
    language: &'static str,
    names: [String; 2],
}

impl Model {
    /// Compares once both runs are known to their end, and not again before one of them changes.
    pub(super) fn derive_comparison(&mut self) {
        let runs = self.engine.runs();
        let one = runs.current();
        let Some(other) = self.runs.comparing.and_then(|with| runs.get(with)) else {
            self.compared_by = ComparedBy::default();
            if self.shown.comparison.is_some() {
                self.shown.comparison.replace(None);
            }
            return;
        };
        let inputs = |timeline: &Timeline| timeline.script().inputs.len();
        let by = ComparedBy {
            epoch: self.engine.epoch(),
            runs: Some((one.id(), other.id())),
            inputs: (inputs(one.timeline()), inputs(other.timeline())),
            language: self.language.code(),
            names: [self.run_name(one.id()), self.run_name(other.id())],
        };
        if by == self.compared_by {
            return;
        }
        if !one.timeline().is_complete() || !other.timeline().is_complete() {
            return;
        }
        let found = compare::compare(one.timeline(), other.timeline());
        let texts = self.texts().session;
        let names = by.names.clone();
        let compared = Compared {
            at: found.first().map(|first| first.at),
            sentence: found.first().map_or_else(
                || texts.same.to_owned(),
                |first| {
                    (texts.first_difference_at)(
                        &clock_text(first.at),
                        &in_words(first, &names, texts),
                    )
                },
            ),
            differences: found.differences.iter().map(|one| difference_row(one, texts)).collect(),
            rollouts: found
                .pairs()
                .into_iter()
                .map(|(this, that)| {
                    let this = this.map(|stats| numbers(stats, &found.one, one.timeline(), texts));
                    let that =
                        that.map(|stats| numbers(stats, &found.other, other.timeline(), texts));
                    [this, that]
                })
                .zip(found.pairs())
                .map(|(sides, (one, other))| RolloutRow { title: title(one, other, texts), sides })
                .collect(),
            names,
        };
        self.shown.comparison.replace(Some(compared));
        self.compared_by = by;
    }
}

/// What differs, in few words: what only one run has, or what both have otherwise.
fn in_words(difference: &Difference, names: &[String; 2], texts: &SessionTexts) -> String {
    let object = match difference.object.as_str() {
        "" => String::new(),
        object => format!("{object} "),
    };
    match (&difference.one, &difference.other) {
        (Some(one), Some(other)) => format!("{object}{one} | {other}"),
        (Some(one), None) => (texts.only_in)(&format!("{object}{one}"), &names[0]),
        (None, Some(other)) => (texts.only_in)(&format!("{object}{other}"), &names[1]),
        (None, None) => object,
    }
}

fn difference_row(difference: &Difference, texts: &SessionTexts) -> DifferenceRow {
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| texts.nothing.to_owned());
    DifferenceRow {
        at: difference.at,
        kind: match difference.kind {
            DifferenceKind::Input => texts.by_input,
            DifferenceKind::State => texts.by_state,
            DifferenceKind::Event => texts.by_event,
        },
        object: difference.object.clone(),
        sides: [side(&difference.one), side(&difference.other)],
    }
}

fn title(one: Option<&RolloutStats>, other: Option<&RolloutStats>, texts: &SessionTexts) -> String {
    let title = one.or(other).map(|stats| (texts.rollout)(&stats.deployment, stats.number));
    title.unwrap_or_default()
}

/// Requests that were lost from the beginning of a rollout until the next one of its Deployment;
/// `None` where there is no traffic.
fn lost(stats: &RolloutStats, all: &[RolloutStats], timeline: &Timeline) -> Option<u64> {
    let next = all
        .iter()
        .find(|one| (&one.deployment, one.number) == (&stats.deployment, stats.number + 1));
    let during = |at: SimDuration| at >= stats.started && next.is_none_or(|next| at < next.started);
    let traffic = timeline.traffic();
    if traffic.totals().sent == 0 {
        return None;
    }
    let buckets = traffic.history().buckets();
    Some(
        buckets
            .filter(|(at, _)| during(*at - timeline.start()))
            .map(|(_, bucket)| u64::from(bucket.lost))
            .sum(),
    )
}

fn numbers(
    stats: &RolloutStats,
    all: &[RolloutStats],
    timeline: &Timeline,
    texts: &SessionTexts,
) -> Numbers {
    let span = |span: Option<SimDuration>| span.map_or("–".to_owned(), seconds);
    let duration = match (stats.end, stats.complete_after) {
        (_, Some(after)) => seconds(after),
        (RolloutEnd::Superseded, None) => texts.superseded.to_owned(),
        (RolloutEnd::Deleted, None) => texts.removed.to_owned(),
        (RolloutEnd::Complete | RolloutEnd::Open, None) => texts.open.to_owned(),
    };
    [
        duration,
        span(stats.last_old_pod_gone_after),
        stats.available_min.to_string(),
        stats.pods_peak.to_string(),
        seconds(stats.below_floor),
        lost(stats, all, timeline).map_or("–".to_owned(), |lost| lost.to_string()),
    ]
}

/// `12.4s`, and from two minutes on as ages are written.
fn seconds(span: SimDuration) -> String {
    let tenths = span.as_millis() / 100;
    if tenths >= 1_200 { age_text(span) } else { format!("{}.{}s", tenths / 10, tenths % 10) }
}
