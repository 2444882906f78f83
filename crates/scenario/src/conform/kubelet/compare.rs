//! Whether a simulated life agrees with a recorded one.
//!
//! What the recordings leave to chance, and how it is taken out:
//!
//! * *Time*: seconds agree within 2 s or 20 % of the time passed.
//! * *What was too short to be seen*: the real kubelet writes its statuses behind its own back and
//!   leaves out those that are overtaken; `get pods` was looked at every 0.7 s. A simulated status or
//!   row that lasts less than [`BRIEF`] or [`BETWEEN_LOOKS`] may be missing in the recording.
//! * *Jitter*: retries come after a wait that is drawn anew each time, so that one more or one less may
//!   fit in. A recording is compared with runs of several seeds and waits (see `CHANCES`). Runs of equal Events, or of equal groups of Events, count once; how often and when each
//!   came is compared with room for one.
//! * *Lost Warnings*: in long recordings Warnings stop at some moment while other Events go on. Events
//!   are compared up to there, and Normal ones to the end.
//! * *Which pod of a ReplicaSet is which*: equal pods are told apart by nothing but their order.
//! * *Which of a pod's containers is stopped first*: they are stopped at once, by threads.
//! * *What a restarted ReplicaSet is called*: its hash holds the time.

use super::recording::Millis;
use super::{Moment, PodLife, Recording};
use crate::conform::CaseResult;
use rollscope_api::order;

/// A status that lasts no longer may be missing in the recording.
const BRIEF: Millis = 1_200;
/// Likewise for a row of `get pods`.
const BETWEEN_LOOKS: Millis = 1_700;

/// Compares pod by pod.
pub(super) fn compare(recorded: &Recording, simulated: &Recording, result: &mut CaseResult) {
    let names = |recording: &Recording| -> String {
        let mut sets: Vec<&str> = recording.pods.iter().map(PodLife::set).collect();
        order::sort(&mut sets);
        sets.iter().map(|set| format!("{set}\n")).collect()
    };
    let simulated = &called_as(recorded, simulated);
    result.compare("pods", &names(recorded), &names(simulated));
    if !result.passed() {
        return;
    }
    let mut left: Vec<&PodLife> = simulated.pods.iter().collect();
    for pod in &recorded.pods {
        // The one that agrees best, and of those the first.
        let of_set = left.iter().enumerate().filter(|(_, other)| other.set() == pod.set());
        let best = of_set
            .map(|(index, other)| (index, steps(pod, other, recorded.end)))
            .max_by_key(|(index, steps)| {
                let agreed = steps.iter().filter(|step| step.recorded == step.simulated).count();
                (agreed, std::cmp::Reverse(*index))
            });
        let Some((index, steps)) = best else { continue };
        left.remove(index);
        for step in steps {
            let name = format!("{} {}", pod.name, step.name);
            result.compare(name, &step.recorded, &step.simulated);
        }
    }
}

/// After `rollout restart` the ReplicaSets that only one side knows are the same, in order of their
/// appearance.
fn called_as(recorded: &Recording, simulated: &Recording) -> Recording {
    let mut called = simulated.clone();
    if !recorded.commands.iter().any(|command| command.what.contains("rollout restart")) {
        return called;
    }
    let knows =
        |recording: &Recording, set: &str| recording.pods.iter().any(|pod| pod.set() == set);
    let only = |here: &Recording, there: &Recording| -> Vec<String> {
        let mut sets: Vec<String> = Vec::new();
        for set in here.pods.iter().map(PodLife::set).filter(|set| !knows(there, set)) {
            if !sets.iter().any(|known| known == set) {
                sets.push(set.to_owned());
            }
        }
        sets
    };
    let names = only(simulated, recorded).into_iter().zip(only(recorded, simulated));
    for (from, to) in names {
        for pod in called.pods.iter_mut().filter(|pod| pod.set() == from) {
            pod.name = pod.name.replace(&from, &to);
        }
    }
    called
}

struct Compared {
    name: &'static str,
    recorded: String,
    simulated: String,
}

fn steps(recorded: &PodLife, simulated: &PodLife, end: Millis) -> Vec<Compared> {
    let step = |name, (recorded, simulated)| Compared { name, recorded, simulated };
    let (told, telling) = (stops_sorted(&recorded.events), stops_sorted(&simulated.events));
    vec![
        step("statuses", sequence(&recorded.statuses, &simulated.statuses, end, BRIEF)),
        step("rows", sequence(&recorded.rows, &simulated.rows, end, BETWEEN_LOOKS)),
        step("events", events(&told, &telling)),
        step("normal events", normal_events(&told, &telling, end)),
        step("times of events", times(&told, &telling)),
    ]
}

/// The Events, with those of containers that are stopped together in order of their names.
fn stops_sorted(events: &[Moment<String>]) -> Vec<Moment<String>> {
    let stops = |event: &Moment<String>| event.what.contains(" Killing: Stopping container ");
    let mut sorted = events.to_vec();
    for run in sorted.chunk_by_mut(|a, b| stops(a) && stops(b)) {
        order::sort_by(run, |a, b| a.what.cmp(&b.what));
    }
    sorted
}

fn tolerance(at: Millis) -> Millis {
    (at / 5).max(2_000)
}

fn at_same_time(recorded: Millis, simulated: Millis) -> bool {
    (recorded - simulated).abs() <= tolerance(recorded)
}

fn seconds(at: Millis) -> String {
    format!("{}.{}", at / 1_000, at % 1_000 / 100)
}

/// Both sequences as texts that are equal where they agree.
fn sequence(
    recorded: &[Moment<String>],
    simulated: &[Moment<String>],
    end: Millis,
    brief: Millis,
) -> (String, String) {
    let (mut left, mut right) = (String::new(), String::new());
    let is_brief = |index: usize| {
        let next = simulated.get(index + 1);
        next.is_some_and(|next| next.at - simulated[index].at <= brief)
    };
    let mut next = 0;
    for moment in recorded {
        let mut found = next;
        while found < simulated.len() && simulated[found].what != moment.what && is_brief(found) {
            found += 1;
        }
        let same = simulated.get(found).filter(|other| other.what == moment.what);
        let Some(same) = same else {
            left.push_str(&format!("{} {}\n", seconds(moment.at), moment.what));
            let other = simulated.get(next);
            let other = other.map(|other| format!("{} {}\n", seconds(other.at), other.what));
            right.push_str(&other.unwrap_or_default());
            return (left, right);
        };
        if at_same_time(moment.at, same.at) {
            left.push_str(&format!("{}\n", moment.what));
            right.push_str(&format!("{}\n", same.what));
        } else {
            left.push_str(&format!("{} {}\n", seconds(moment.at), moment.what));
            right.push_str(&format!("{} {}\n", seconds(same.at), same.what));
        }
        next = found + 1;
    }
    for (index, extra) in simulated.iter().enumerate().skip(next) {
        if extra.at < end - tolerance(end) && !is_brief(index) {
            right.push_str(&format!("{} {}\n", seconds(extra.at), extra.what));
        }
    }
    (left, right)
}

/// Runs of equal entries, and of equal groups of up to five, are left once.
fn collapse<'a>(events: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    for event in events {
        kept.push(event);
        while let Some(length) = (1..=5).find(|length| {
            let end = kept.len();
            end >= 2 * length && kept[end - 2 * length..end - length] == kept[end - length..]
        }) {
            kept.truncate(kept.len() - length);
        }
    }
    kept
}

/// Compares collapsed sequences; the simulated one may end anywhere within the tolerance of `end`.
fn collapsed(
    recorded: &[&Moment<String>],
    simulated: &[&Moment<String>],
    end: Millis,
) -> (String, String) {
    let text = |events: &[&Moment<String>]| -> String {
        let kept = collapse(events.iter().map(|event| event.what.as_str()));
        kept.iter().map(|event| format!("{event}\n")).collect()
    };
    let wanted = text(recorded);
    let count_until = |at: Millis| simulated.iter().filter(|event| event.at <= at).count();
    let (least, most) = (count_until(end - tolerance(end)), count_until(end + tolerance(end)));
    // What happens for the first time is no repetition that came too late to be recorded.
    let is_new = |index: &usize| {
        let event = &simulated[*index];
        event.at <= end - 1_000 && simulated[..*index].iter().all(|known| known.what != event.what)
    };
    let least = (least..most).rfind(is_new).map_or(least, |index| index + 1);
    let fitting = (least..=most).map(|cut| text(&simulated[..cut])).find(|text| *text == wanted);
    let found = fitting.unwrap_or_else(|| text(&simulated[..count_until(end)]));
    (wanted, found)
}

fn is_warning(event: &Moment<String>) -> bool {
    // A field path or nothing, then the type.
    event.what.split(' ').take(2).any(|word| word == "Warning")
}

/// All Events up to the last recorded Warning; without Warnings, all.
fn events(recorded: &[Moment<String>], simulated: &[Moment<String>]) -> (String, String) {
    let last = recorded.iter().rposition(is_warning).map_or(recorded.len(), |last| last + 1);
    let recorded: Vec<&Moment<String>> = recorded[..last].iter().collect();
    let end = recorded.last().map_or(0, |event| event.at);
    collapsed(&recorded, &simulated.iter().collect::<Vec<_>>(), end)
}

fn normal_events(
    recorded: &[Moment<String>],
    simulated: &[Moment<String>],
    end: Millis,
) -> (String, String) {
    let normal = |events: &'_ [Moment<String>]| -> Vec<Moment<String>> {
        events.iter().filter(|event| !is_warning(event)).cloned().collect()
    };
    let (recorded, simulated) = (normal(recorded), normal(simulated));
    collapsed(&recorded.iter().collect::<Vec<_>>(), &simulated.iter().collect::<Vec<_>>(), end)
}

/// When each Event came, the n-th time it came. From the second time on it may be the time before
/// or the time after.
fn times(recorded: &[Moment<String>], simulated: &[Moment<String>]) -> (String, String) {
    let mut different: Vec<&str> = recorded.iter().map(|event| event.what.as_str()).collect();
    order::sort(&mut different);
    different.dedup();
    let (mut left, mut right) = (String::new(), String::new());
    for event in different {
        let of = |events: &[Moment<String>]| -> Vec<Millis> {
            events.iter().filter(|known| known.what == event).map(|known| known.at).collect()
        };
        let (wanted, found) = (of(recorded), of(simulated));
        for (index, at) in wanted.iter().enumerate() {
            let near =
                index.saturating_sub(usize::from(index > 0))..=index + usize::from(index > 0);
            let agrees = near.clone().any(|i| found.get(i).is_some_and(|f| at_same_time(*at, *f)));
            let line = |at: Option<&Millis>| {
                let at = at.map_or("never".to_owned(), |at| seconds(*at));
                format!("{event} (x{}) {at}\n", index + 1)
            };
            left.push_str(&line(Some(at)));
            right.push_str(&line(if agrees { Some(at) } else { found.get(index) }));
        }
    }
    (left, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_stopped_in_any_order() {
        let moments = |whats: [&str; 4]| whats.map(|what| Moment { at: 1, what: what.to_owned() });
        let (created, other) = ("Normal Created: Container created", "Warning BackOff: b");
        let [web, side] =
            ["web", "side"].map(|of| format!("Normal Killing: Stopping container {of}"));
        let sorted = |whats| stops_sorted(&moments(whats));
        assert_eq!(sorted([created, &web, &side, other]), sorted([created, &side, &web, other]));
        assert_ne!(sorted([&web, created, &side, other]), sorted([&side, created, &web, other]));
    }

    #[test]
    fn restarted_sets_are_called_as_recorded() {
        let names = |command: &str| {
            let pods = |sets: [&str; 3]| {
                let pods = sets.iter().zip(["a", "b", "c"]);
                let pods = pods.map(|(set, letter)| format!(" 1.0 pod web-{set}-{letter} gone\n"));
                let text = format!("# restart\n 0.5 $ kubectl {command}\n");
                Recording::parse(&(text + &pods.collect::<String>())).unwrap()
            };
            let called = called_as(&pods(["1", "7", "7"]), &pods(["1", "9", "9"]));
            called.pods.into_iter().map(|pod| pod.name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("rollout restart deploy/web"), "web-1-a web-7-b web-7-c");
        assert_eq!(names("set image deploy/web web=web:2"), "web-1-a web-9-b web-9-c");
    }
}
