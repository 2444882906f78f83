//! The forecast under the editor, in words and numbers.

use rollscope_scenario::forecast::{
    Action, Change, Forecast, Outcome, RevisionPlan, Spread, Subject, Verdict,
};

use crate::texts::Texts;

/// So much of a value is shown where there is one line for it.
const SIDE_CHARS_MAX: usize = 48;

/// How good what will happen is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to say, or not known yet.
    #[default]
    Neutral,
    #[allow(missing_docs)]
    Good,
    /// It may go wrong, or it hurts.
    Warning,
    /// It cannot complete, or is refused.
    Bad,
}

/// One of the numbers in a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    #[allow(missing_docs)]
    pub label: &'static str,
    #[allow(missing_docs)]
    pub value: String,
    /// What it says when it is pointed at.
    pub title: String,
    #[allow(missing_docs)]
    pub tone: Tone,
}

/// The forecast as it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Whether more seeds are being tried.
    pub computing: bool,
    #[allow(missing_docs)]
    pub tone: Tone,
    /// One short sentence.
    pub headline: String,
    /// The changed field that matters most, and how many more there are.
    pub change: String,
    /// Said where no field changes.
    pub note: &'static str,
    /// Surge and unavailability, each with its arithmetic.
    pub posts: Vec<String>,
    #[allow(missing_docs)]
    pub tiles: Vec<Tile>,
    /// What stands in the way.
    pub causes: Vec<String>,
    /// Names and texts.
    pub details: Vec<(&'static str, Vec<String>)>,
}

/// The forecast in words; `None` while there is none to show. Why a manifest is refused need not
/// be said where it `is_explained` already.
pub fn shown(forecast: &Forecast, is_explained: bool, all_texts: &Texts) -> Option<Shown> {
    let texts = all_texts.forecast;
    let computing = !forecast.is_final;
    let said = |headline: &str, tone| {
        Some(Shown { tone, headline: headline.to_owned(), ..Shown::default() })
    };
    let (subject, outcome) = match (forecast.verdict, &forecast.subject, &forecast.outcome) {
        (Verdict::Refused, ..) => {
            let complaint = (!is_explained).then(|| forecast.complaint.trim().to_owned());
            let causes = complaint.into_iter().collect();
            return said(texts.refused, Tone::Bad).map(|shown| Shown { causes, ..shown });
        }
        (Verdict::NoDeployment, ..) => return said(texts.no_deployment, Tone::Neutral),
        (_, Some(subject), Some(outcome)) => (subject, outcome),
        _ => return None,
    };
    let tone = match forecast.verdict {
        Verdict::CannotComplete => Tone::Bad,
        Verdict::Uncertain => Tone::Warning,
        _ if !outcome.causes.is_empty() => Tone::Warning,
        _ => Tone::Good,
    };
    let mut causes: Vec<String> = outcome.causes.iter().map(texts.cause).collect();
    if forecast.verdict == Verdict::Uncertain {
        causes.insert(0, (texts.uncertain)(outcome.completed, outcome.runs));
    }
    Some(Shown {
        computing,
        tone,
        headline: if is_underway(subject, outcome) {
            (texts.underway)(outcome.revision)
        } else {
            (texts.headline)(subject.revision, outcome.revision)
        },
        change: change(subject, all_texts).unwrap_or_default(),
        note: note(subject, all_texts),
        posts: posts(subject, all_texts),
        tiles: tiles(subject, outcome, all_texts),
        causes,
        details: details(subject, outcome, all_texts),
    })
}

/// Whether all this has been applied already and is still being rolled out.
fn is_underway(subject: &Subject, outcome: &Outcome) -> bool {
    let is_complete = outcome.duration_ms.is_some_and(|spread| spread.own == Some(0));
    let is_paused = subject.revision == RevisionPlan::Paused;
    subject.action == Action::Unchanged && !is_complete && !is_paused
}

/// The last part of a path is what is recognised: `image my-app:1.0 → my-app:2.0`. Whole containers
/// and the like are cut short here: the details have them.
fn change(subject: &Subject, texts: &Texts) -> Option<String> {
    let texts = texts.forecast;
    let changes = || subject.template_changes.iter().chain(&subject.other_changes);
    let first = changes().next()?;
    let side = |text: &Option<String>| text.as_deref().map(cut_short);
    let short = Change { path: String::new(), old: side(&first.old), new: side(&first.new) };
    let told = format!("{} {}", last_part(&first.path), sides(&short, texts.nothing));
    Some(match changes().count() {
        1 => told,
        count => format!("{told}, {}", (texts.more_changes)(count - 1)),
    })
}

fn note(subject: &Subject, texts: &Texts) -> &'static str {
    let texts = texts.forecast;
    match (subject.action, subject.revision) {
        (Action::Created, _) => texts.created,
        (Action::Unchanged, _) => texts.unchanged,
        (_, RevisionPlan::Same { .. }) => texts.only_others,
        _ => "",
    }
}

/// How many pods there should have been before.
fn replicas_before(subject: &Subject) -> i32 {
    let change = subject.other_changes.iter().find(|change| change.path == "spec.replicas");
    let before = change.and_then(|change| change.old.as_ref()?.parse().ok());
    before.unwrap_or(subject.replicas)
}

/// The last field of a path, with the item that is meant where it ends with one.
fn last_part(path: &str) -> &str {
    let mut depth = 0;
    let start = path.char_indices().rev().find(|(_, c)| {
        depth += i32::from(*c == ']') - i32::from(*c == '[');
        *c == '.' && depth == 0
    });
    start.map_or(path, |(at, _)| &path[at + 1..])
}

fn cut_short(text: &str) -> String {
    match text.char_indices().nth(SIDE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn sides(change: &Change, nothing: &str) -> String {
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| nothing.to_owned());
    format!("{} → {}", side(&change.old), side(&change.new))
}

fn posts(subject: &Subject, texts: &Texts) -> Vec<String> {
    let texts = texts.forecast;
    let posts = &subject.fenceposts;
    let (Some(surge), Some(unavailable)) = (&posts.surge, &posts.unavailable) else {
        return vec![texts.recreate.to_owned()];
    };
    let mut told = vec![(texts.surge)(surge), (texts.unavailable)(unavailable)];
    if posts.both_zero {
        told.push(texts.both_zero.to_owned());
    }
    told
}

fn tiles(subject: &Subject, outcome: &Outcome, all_texts: &Texts) -> Vec<Tile> {
    let texts = all_texts.forecast;
    let own = |spread: Spread, write: &dyn Fn(i64) -> String| {
        spread.own.map(|own| (texts.own_text)(&write(own))).unwrap_or_default()
    };
    let plain = |number: i64| number.to_string();
    let number = |label, spread: Spread, is_bad: bool| Tile {
        label,
        value: between(spread),
        title: own(spread, &plain),
        tone: if is_bad { Tone::Warning } else { Tone::Neutral },
    };
    let duration = match outcome.duration_ms {
        Some(spread) => Tile {
            label: texts.duration,
            value: span(spread, all_texts),
            title: own(spread, &|ms| span(Spread { min: ms, max: ms, own: None }, all_texts)),
            tone: Tone::Neutral,
        },
        None => Tile {
            label: texts.duration,
            value: texts.never.to_owned(),
            title: String::new(),
            tone: Tone::Bad,
        },
    };
    let lowest = outcome.lowest_available;
    let expected = subject.fenceposts.floor.max(1).min(replicas_before(subject));
    let is_low = subject.action == Action::Configured && lowest.min < i64::from(expected);
    let lost = match outcome.lost_requests {
        Some(spread) => number(texts.lost, spread, spread.max > 0),
        None => Tile {
            label: texts.lost,
            value: "–".to_owned(),
            title: texts.no_traffic.to_owned(),
            tone: Tone::Neutral,
        },
    };
    vec![
        duration,
        number(texts.peak, outcome.peak_pods, false),
        number(texts.lowest, lowest, is_low),
        lost,
    ]
}

/// `4`, or `3–5` where the runs differ.
pub fn between(spread: Spread) -> String {
    if spread.min == spread.max {
        spread.min.to_string()
    } else {
        format!("{}–{}", spread.min, spread.max)
    }
}

/// `11–16 s`, `0.4 s`, `1:05–1:20 min`: the least rounded down, the most rounded up.
pub fn span(spread: Spread, texts: &Texts) -> String {
    let Spread { min, max, .. } = spread;
    if max >= 90_000 {
        let clock = |seconds: i64| format!("{}:{:02}", seconds / 60, seconds % 60);
        return (texts.forecast.minutes)(&ends(clock(min / 1_000), clock((max + 999) / 1_000)));
    }
    if max >= 10_000 {
        let (least, most) = (min / 1_000, (max + 999) / 1_000);
        return (texts.forecast.seconds)(&ends(least.to_string(), most.to_string()));
    }
    let tenths = |tenths: i64| format!("{}.{}", tenths / 10, tenths % 10);
    (texts.forecast.seconds)(&ends(tenths(min / 100), tenths((max + 99) / 100)))
}

fn ends(least: String, most: String) -> String {
    if least == most { least } else { format!("{least}–{most}") }
}

fn details(
    subject: &Subject,
    outcome: &Outcome,
    all_texts: &Texts,
) -> Vec<(&'static str, Vec<String>)> {
    let texts = all_texts.forecast;
    let changes = |changes: &[Change]| -> Vec<String> {
        let line = |one: &Change| format!("{}: {}", one.path, sides(one, texts.nothing));
        changes.iter().map(line).collect()
    };
    let posts = &subject.fenceposts;
    let mut rows = vec![
        (texts.replica_set, vec![outcome.replica_set.clone()]),
        (texts.template_changes, changes(&subject.template_changes)),
        (texts.other_changes, changes(&subject.other_changes)),
        (texts.bounds, vec![(texts.bounds_text)(posts.floor, posts.ceiling)]),
        (texts.with_terminating, vec![between(outcome.peak_pods_with_terminating)]),
    ];
    if let Some(settled) = outcome.settled_ms {
        rows.push((texts.settled, vec![span(settled, all_texts)]));
    }
    if let Some(seconds) = subject.progress_deadline_seconds {
        let spread =
            Spread { min: i64::from(seconds) * 1_000, max: i64::from(seconds) * 1_000, own: None };
        rows.push((texts.deadline, vec![span(spread, all_texts)]));
    }
    rows.push((texts.runs, vec![(texts.runs_text)(outcome.completed, outcome.runs)]));
    rows.push((texts.others, subject.others.clone()));
    rows.retain(|(_, lines)| lines.iter().any(|line| !line.is_empty()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    #[test]
    fn the_last_part_of_a_path_is_recognised() {
        assert_eq!(last_part("spec.template.spec.containers[name=a.b].image"), "image");
        assert_eq!(last_part("spec.containers[name=a.b]"), "containers[name=a.b]");
        assert_eq!(last_part("spec"), "spec");
    }

    #[test]
    fn long_values_are_cut_between_letters() {
        assert_eq!(cut_short("my-app:1.0"), "my-app:1.0");
        let whole = "가".repeat(SIDE_CHARS_MAX);
        assert_eq!(cut_short(&whole), whole);
        assert_eq!(cut_short(&format!("{whole}나다")), format!("{whole}…"));
    }

    #[test]
    fn spans_say_no_more_than_is_known() {
        let texts = Language::English.texts();
        let text = |min, max| span(Spread { min, max, own: None }, texts);
        assert_eq!(text(11_020, 15_990), "11–16 s");
        assert_eq!(text(32, 38), "0.0–0.1 s");
        assert_eq!(text(2_000, 2_000), "2.0 s");
        assert_eq!(text(65_000, 95_500), "1:05–1:36 min");
        assert_eq!(
            span(Spread { min: 0, max: 60_000, own: None }, Language::Korean.texts()),
            "0–60초"
        );
    }
}
