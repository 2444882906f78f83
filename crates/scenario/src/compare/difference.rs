//! Where two runs part: both are followed from the last moment at which they must be the same.

use std::collections::BTreeSet;

use rollscope_api::order;
use rollscope_api::{SimDuration, SimTime};
use rollscope_sim::store::Store;

use super::face::{self, Named};
use super::{Difference, DifferenceKind};
use crate::input::Input;
use crate::script::{Script, TimedInput};
use crate::session::Session;
use crate::timeline::Timeline;

/// Runs that do not differ for so many moments are taken to be the same.
const MOMENTS_MAX: usize = 20_000;

/// The first difference of each kind, earliest first.
pub(super) fn find(one: &Timeline, other: &Timeline) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    let is_same_beginning = have_same_beginning(one.script(), other.script());
    found.extend(first_input(one.script(), other.script()));
    let parting = parting(one.script(), other.script());
    if let Some(walk) = Walk::begin(one, other, is_same_beginning, parting) {
        found.extend(walk.run());
    }
    // Of what happens at one moment the cause comes first.
    order::sort_by_key(&mut found, |difference| (difference.at, difference.kind));
    found
}

/// Whether everything but the inputs is the same.
fn have_same_beginning(one: &Script, other: &Script) -> bool {
    (one.seed, one.start, one.pace) == (other.seed, other.start, other.pace)
        && one.world == other.world
        && one.files == other.files
}

/// The first input that is given in one run only, or differs.
fn first_input(one: &Script, other: &Script) -> Option<Difference> {
    let same = one.inputs.iter().zip(&other.inputs).take_while(|(a, b)| a == b).count();
    let (a, b) = (one.inputs.get(same), other.inputs.get(same));
    let at = a.into_iter().chain(b).map(|timed| timed.at).min()?;
    let words = |timed: Option<&TimedInput>| {
        timed.filter(|timed| timed.at == at).map(|timed| in_words(&timed.input))
    };
    let (one, other) = (words(a), words(b));
    Some(Difference { at, kind: DifferenceKind::Input, object: String::new(), one, other })
}

fn in_words(input: &Input) -> String {
    match input {
        Input::Command { line } if line.trim().starts_with("kubectl ") => line.trim().to_owned(),
        Input::Command { line } => format!("kubectl {}", line.trim()),
        Input::Apply { file } => format!("kubectl apply -f {file}"),
        other => other.summary(),
    }
}

/// When the clusters may begin to differ: the first input concerning them that is not the same.
/// Files do not count until they are applied, but then they do.
fn parting(one: &Script, other: &Script) -> Option<SimDuration> {
    let same = one.inputs.iter().zip(&other.inputs).take_while(|(a, b)| a == b).count();
    let rest = one.inputs[same..].iter().chain(&other.inputs[same..]);
    rest.filter(|timed| timed.input.concerns_cluster()).map(|timed| timed.at).min()
}

/// One run on its way.
struct Side<'a> {
    script: &'a Script,
    session: Session,
    next_input: usize,
    /// What has been looked at.
    version: u64,
    events: u64,
    pods: usize,
}

impl<'a> Side<'a> {
    fn new(script: &'a Script, session: Session, next_input: usize) -> Self {
        let cluster = session.cluster();
        let (version, events) = (cluster.version(), cluster.event_writes());
        let pods = cluster.listers().pod_count();
        Self { script, session, next_input, version, events, pods }
    }

    fn next_moment(&self) -> Option<SimDuration> {
        let event = self.session.next_event_at().map(|at| at - self.script.start_time());
        let input = self.script.inputs.get(self.next_input).map(|timed| timed.at);
        event.into_iter().chain(input).min()
    }

    /// Lets everything happen until a moment and at it.
    fn pass(&mut self, moment: SimDuration) {
        let time = self.script.start_time() + moment;
        self.session.run_until(time);
        while let Some(timed) = self.script.inputs.get(self.next_input)
            && timed.at <= moment
        {
            self.session.input(&timed.input);
            self.next_input += 1;
            self.session.run_until(time);
        }
    }

    /// What was written since the last look; whether pods came or went.
    fn look(&mut self) -> (Vec<Named>, bool) {
        let store = self.session.cluster().listers();
        let before = (std::mem::replace(&mut self.version, store.version()), self.pods);
        self.pods = store.pod_count();
        if before.0 == self.version {
            return (Vec::new(), false);
        }
        (face::written_since(store, before.0), before.1 != self.pods)
    }

    /// The Events since the last look: object and line.
    fn new_events(&mut self) -> Vec<(String, String)> {
        let cluster = self.session.cluster();
        let since = std::mem::replace(&mut self.events, cluster.event_writes());
        cluster
            .events_written_since(since)
            .map(|event| {
                let involved = &event.involved_object;
                let object = format!("{}/{}", involved.kind, involved.name);
                (object, format!("{} {}: {}", event.type_, event.reason, event.message))
            })
            .collect()
    }
}

/// Both runs, followed moment by moment.
struct Walk<'a> {
    one: Side<'a>,
    other: Side<'a>,
    until: SimDuration,
    /// Nothing has been compared so far.
    is_fresh: bool,
}

impl<'a> Walk<'a> {
    /// From where the runs may differ; `None` where they cannot.
    fn begin(
        one: &'a Timeline,
        other: &'a Timeline,
        is_same_beginning: bool,
        parting: Option<SimDuration>,
    ) -> Option<Self> {
        let horizon = |timeline: &Timeline| timeline.horizon() - timeline.start();
        let until = horizon(one).max(horizon(other));
        if !is_same_beginning {
            let one = Side::new(one.script(), Session::new(one.script()), 0);
            let other = Side::new(other.script(), Session::new(other.script()), 0);
            return Some(Self { one, other, until, is_fresh: true });
        }
        let parting = parting?;
        let before = SimTime::from_micros((one.start() + parting).as_micros() - 1);
        let begin = |timeline: &Timeline| {
            if before < timeline.start() {
                return (Session::new(timeline.script()), 0);
            }
            timeline.look_at(before)
        };
        // Both begin with the very same session, whose objects they share, unless their files
        // were edited differently.
        let (session, next) = begin(one);
        let given = |script: &'a Script| {
            let since = before - script.start_time();
            &script.inputs[..script.inputs.partition_point(|timed| timed.at <= since)]
        };
        let is_shared = given(one.script()) == given(other.script());
        let (others, others_next) = if is_shared { (session.clone(), next) } else { begin(other) };
        let one = Side::new(one.script(), session, next);
        let other = Side::new(other.script(), others, others_next);
        Some(Self { one, other, until, is_fresh: false })
    }

    /// The first difference in state and the first in events.
    fn run(mut self) -> Vec<Difference> {
        let (mut state, mut event) = (None, None);
        for _ in 0..MOMENTS_MAX {
            let next = [self.one.next_moment(), self.other.next_moment()];
            let Some(moment) = next.into_iter().flatten().min() else { break };
            if moment > self.until || (state.is_some() && event.is_some()) {
                break;
            }
            self.one.pass(moment);
            self.other.pass(moment);
            if state.is_none() {
                state = self.different_state(moment);
            }
            let (one, other) = (self.one.new_events(), self.other.new_events());
            if event.is_none() {
                event = different_event(moment, &one, &other);
            }
        }
        state.into_iter().chain(event).collect()
    }

    fn different_state(&mut self, at: SimDuration) -> Option<Difference> {
        let (written, came_or_went) = self.one.look();
        let (others_written, others_came_or_went) = self.other.look();
        let stores = [&self.one, &self.other].map(|side| side.session.cluster().listers());
        let mut named: BTreeSet<Named> = written.into_iter().chain(others_written).collect();
        // What is gone is in neither list of what was written.
        if std::mem::take(&mut self.is_fresh) || came_or_went || others_came_or_went {
            let [one, other] = stores.map(face::pods);
            named.extend(one.symmetric_difference(&other).cloned());
        }
        let [one, other] = stores.map(face::owners);
        named.extend(one.symmetric_difference(&other).cloned());
        named.iter().find_map(|one| different_face(at, stores, one))
    }
}

fn different_face(at: SimDuration, stores: [&Store; 2], named: &Named) -> Option<Difference> {
    let [one, other] = stores.map(|store| face::face(store, named));
    if one == other {
        return None;
    }
    let object = format!("{}/{}", named.0.as_str(), named.1.name);
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => {
            let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
            (one.get(same).cloned(), other.get(same).cloned())
        }
        (one, other) => {
            let whole = |lines: Option<Vec<String>>| lines.and_then(|l| l.into_iter().next());
            (whole(one), whole(other))
        }
    };
    Some(Difference { at, kind: DifferenceKind::State, object, one, other })
}

fn different_event(
    at: SimDuration,
    one: &[(String, String)],
    other: &[(String, String)],
) -> Option<Difference> {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one.get(same), other.get(same));
    let object = one.or(other)?.0.clone();
    let line = |event: Option<&(String, String)>| {
        let (about, line) = event?;
        Some(if *about == object { line.clone() } else { format!("{about} {line}") })
    };
    let (one, other) = (line(one), line(other));
    Some(Difference { at, kind: DifferenceKind::Event, object, one, other })
}
