//! What screen readers are told, as it happens.

use rollscope_api::{SimDuration, order};
use rollscope_sim::traffic::{LossCause, Totals};

use super::pod_state::PodState;
use super::rollout::Going;
use super::stage::{Heading, LaneKind, Stage};
use crate::texts::{Texts, TrafficTexts};

/// Says what changed between one moment and the next.
#[derive(Clone, Debug, Default)]
pub struct Announcer {
    /// The latest sentence.
    pub sentence: String,
    /// Counts sentences, so that the same one said twice is heard twice.
    pub number: usize,
    heard: Heard,
    losses: Losses,
}

/// What was heard of requests.
#[derive(Clone, Debug, Default)]
struct Losses {
    /// The session, and the moment of it, that was listened to last.
    epoch: u64,
    at: SimDuration,
    totals: Totals,
    /// Requests are being lost: what had been lost before, and when it went on last.
    burst: Option<(Totals, SimDuration)>,
    /// When losses were last spoken of, in milliseconds of real time.
    said_ms: Option<i64>,
}

/// Nothing more is lost for so long, and nothing is being rolled out: it is over.
const QUIET: SimDuration = SimDuration::from_secs(2);
/// A rollout that goes on without losses for so long has had them.
const QUIET_IN_ROLLOUT: SimDuration = SimDuration::from_secs(30);
/// From one moment to the next it is not further than this, unless time was jumped in.
const STEP_MAX: SimDuration = SimDuration::from_secs(10);
/// The beginning of losses is told no more often than this, in milliseconds of real time.
const PAUSE_MS: i64 = 5_000;

/// The moment that requests are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Another number where it does not follow from the one before.
    pub epoch: u64,
    /// Since the start.
    pub at: SimDuration,
    /// Real time, in milliseconds.
    pub real_ms: i64,
    /// Whether time passes by itself, and nobody goes through it by hand.
    pub plays: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Heard {
    going: Option<Going>,
    revision: Option<i64>,
    /// The newest revision of the ReplicaSet that is newest now, before it was that.
    was: Option<i64>,
    failing: usize,
}

impl Announcer {
    /// Says something.
    pub fn say(&mut self, sentence: String) {
        self.sentence = sentence;
        self.number += 1;
    }

    /// Compares the stage with what was last heard of it. Jumps in time are taken in silently.
    pub fn listen(&mut self, stage: &Stage, jumped: bool, texts: &Texts) {
        let now = hear(stage);
        let before = std::mem::replace(&mut self.heard, now.clone());
        if jumped || now == before {
            return;
        }
        let revision = now.revision.unwrap_or_default();
        if now.revision != before.revision && now.revision.is_some() {
            match now.was.filter(|_| before.revision.is_some()) {
                Some(was) => self.say((texts.said_became)(was, revision)),
                None => self.say((texts.said_revision)(revision)),
            }
        } else if now.going != before.going && now.going == Some(Going::Complete) {
            self.say((texts.said_complete)(revision));
        } else if now.going != before.going && now.going == Some(Going::Stuck) {
            self.say((texts.said_stuck)(revision));
        } else if now.failing > before.failing {
            self.say((texts.said_failing)(now.failing));
        }
    }

    /// Says that requests begin to be lost, and why, and once it is over how many were: however
    /// many there are, these are two sentences. Jumps in time are taken in silently.
    pub fn listen_to_requests(&mut self, totals: &Totals, moment: Moment, texts: &TrafficTexts) {
        let Moment { epoch, at, real_ms, plays } = moment;
        let heard = &mut self.losses;
        let step = at - heard.at;
        let jumped = epoch != heard.epoch
            || step < SimDuration::ZERO
            || step > if plays { STEP_MAX } else { SimDuration::ZERO };
        (heard.epoch, heard.at) = (epoch, at);
        let before = std::mem::replace(&mut heard.totals, *totals);
        if jumped {
            heard.burst = None;
            return;
        }
        if totals.lost_in_all() > before.lost_in_all() {
            let is_first = heard.burst.is_none();
            let since = heard.burst.map_or(before, |(since, _)| since);
            heard.burst = Some((since, at));
            let is_soon = heard.said_ms.is_some_and(|said| real_ms - said < PAUSE_MS);
            if is_first && !is_soon {
                heard.said_ms = Some(real_ms);
                let first = lost_since(&before, totals).into_iter().next();
                let cause = first.map(|(cause, _)| (texts.cause)(cause));
                self.say((texts.said_losing)(cause.unwrap_or_default()));
            }
            return;
        }
        let is_rolling = self.heard.going == Some(Going::Progressing);
        let quiet = if is_rolling { QUIET_IN_ROLLOUT } else { QUIET };
        let Some((since, _)) = heard.burst.take_if(|(_, last)| at - *last >= quiet) else { return };
        let causes = lost_since(&since, totals);
        let told: Vec<String> = causes
            .iter()
            .map(|(cause, count)| format!("{count} × {}", (texts.cause)(*cause)))
            .collect();
        heard.said_ms = Some(real_ms);
        let lost = totals.lost_in_all() - since.lost_in_all();
        self.say((texts.said_lost)(lost, &told.join("; ")));
    }
}

/// What was lost between two moments, by cause, most first.
fn lost_since(before: &Totals, now: &Totals) -> Vec<(LossCause, u64)> {
    let counts = LossCause::ALL.map(|cause| (cause, now.lost_by(cause) - before.lost_by(cause)));
    let mut some: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    order::sort_by_key(&mut some, |(_, count)| std::cmp::Reverse(*count));
    some
}

fn hear(stage: &Stage) -> Heard {
    let mut heard = Heard::default();
    for owner in &stage.owners {
        if let Heading::Deployment { going, .. } = &owner.heading {
            heard.going = Some(*going);
        }
        if let Some(LaneKind::ReplicaSet { revision, was, .. }) =
            owner.lanes.first().map(|lane| &lane.kind)
        {
            (heard.revision, heard.was) = (*revision, *was);
        }
        let pods = owner.lanes.iter().flat_map(|lane| &lane.pods);
        heard.failing += pods.filter(|pod| pod.look.state == PodState::Crashing).count();
    }
    heard
}
