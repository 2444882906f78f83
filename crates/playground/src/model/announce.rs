//! What screen readers are told, as it happens.

use super::pod_state::PodState;
use super::rollout::Going;
use super::stage::{Heading, LaneKind, Stage};
use crate::texts::Texts;

/// Says what changed between one moment and the next.
#[derive(Clone, Debug, Default)]
pub struct Announcer {
    /// The latest sentence.
    pub sentence: String,
    /// Counts sentences, so that the same one said twice is heard twice.
    pub number: usize,
    heard: Heard,
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
