//! The revisions of a Deployment as cards: what each is, what changed, and the way back.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_api::object::{Deployment, PodTemplate, ReplicaSet};
use rollscope_api::order;
use rollscope_kubectl::output::to_yaml;
use rollscope_sim::store::Store;

use super::diff::{self, Line};
use super::rollout::{self, Accent};

/// The label that ReplicaSets add to their template.
const HASH_LABEL: &str = "pod-template-hash";

/// A Deployment's revisions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Revisions {
    /// The Deployment they are of; empty where there is none.
    pub deployment: String,
    /// Whether it is paused.
    pub paused: bool,
    /// `spec.replicas`
    pub replicas: i32,
    /// Newest first.
    pub cards: Vec<Card>,
}

/// One revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Its number.
    pub revision: i64,
    /// The number it had before, if it was another revision once.
    pub was: Option<i64>,
    /// Whether the Deployment's template is this one.
    pub current: bool,
    /// The ReplicaSet.
    pub replica_set: String,
    /// Its colour.
    pub accent: Accent,
    /// Images, in order.
    pub images: String,
    /// What changed from the revision before it; nothing for the first.
    pub changes: Option<Rc<[Line]>>,
    /// `kubernetes.io/change-cause`
    pub cause: Option<String>,
    /// Since the ReplicaSet was created, in seconds.
    pub age_seconds: i64,
    /// Pods it has.
    pub pods: i32,
    /// Revisions that stood below this one and are another one now.
    pub ghosts: Vec<Ghost>,
}

/// The place of a revision that has become another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ghost {
    /// The number it had.
    pub was: i64,
    /// The number it has.
    pub now: i64,
    /// Its colour.
    pub accent: Accent,
}

/// Differences between templates that have been computed, by the names of the ReplicaSets: a name
/// holds the hash of its template.
pub type Differences = BTreeMap<(Rc<str>, Rc<str>), Rc<[Line]>>;

/// A template as kubectl prints it and its owner wrote it: without the label that the ReplicaSet added.
pub fn template_yaml(template: &PodTemplate) -> String {
    let mut value = (*template.0).clone();
    if let Some(labels) = value.pointer_mut("/metadata/labels").and_then(|l| l.as_object_mut()) {
        labels.remove(HASH_LABEL);
    }
    // A new template has no such member, an accepted one has `null`.
    if let Some(metadata) = value.get_mut("metadata").and_then(|meta| meta.as_object_mut()) {
        metadata.retain(|_, value| !value.is_null());
    }
    to_yaml(&value)
}

/// The revisions of a Deployment at a moment.
pub fn revisions(
    store: &Store,
    deployment: &Deployment,
    now: SimTime,
    known: &mut Differences,
) -> Revisions {
    let sets = rollout::replica_sets(store, deployment);
    let numbered: Vec<(i64, &Rc<ReplicaSet>)> =
        sets.iter().filter_map(|set| Some((rollout::revision(set)?, set))).collect();
    let newest = numbered.first().map_or(0, |(revision, _)| *revision);
    let mut cards: Vec<Card> = Vec::new();
    for (at, (revision, set)) in numbered.iter().enumerate() {
        let before = numbered.get(at + 1).map(|(_, before)| before);
        let created = set.metadata.creation_timestamp.map_or(now, |time| time.start());
        cards.push(Card {
            revision: *revision,
            was: rollout::past_revisions(set).last().copied(),
            current: *revision == newest,
            replica_set: set.metadata.name.to_string(),
            accent: Accent::of(set),
            images: set.spec.template.images().join(", "),
            changes: before.map(|before| difference(before, set, known)),
            cause: rollout::change_cause(set).map(str::to_owned),
            age_seconds: (now - created).as_secs(),
            pods: set.status.replicas,
            ghosts: Vec::new(),
        });
    }
    place_ghosts(&numbered, &mut cards);
    Revisions {
        deployment: deployment.metadata.name.to_string(),
        paused: deployment.spec.paused,
        replicas: deployment.spec.replicas,
        cards,
    }
}

fn difference(old: &ReplicaSet, new: &ReplicaSet, known: &mut Differences) -> Rc<[Line]> {
    let key = (old.metadata.name.clone(), new.metadata.name.clone());
    let compute = || {
        let (old, new) = (template_yaml(&old.spec.template), template_yaml(&new.spec.template));
        Rc::from(diff::changes(&old, &new))
    };
    known.entry(key).or_insert_with(compute).clone()
}

/// A ghost hangs on the card that stands above its place.
fn place_ghosts(numbered: &[(i64, &Rc<ReplicaSet>)], cards: &mut [Card]) {
    for (now, set) in numbered {
        for was in rollout::past_revisions(set) {
            let above = cards.iter_mut().rev().find(|card| card.revision > was);
            if let Some(card) = above {
                card.ghosts.push(Ghost { was, now: *now, accent: Accent::of(set) });
            }
        }
    }
    for card in cards {
        order::sort_by_key(&mut card.ghosts, |ghost| -ghost.was);
    }
}

/// What an undo would do, for the dialog that asks.
#[derive(Clone, Debug, PartialEq)]
pub struct UndoPlan {
    /// The Deployment.
    pub deployment: String,
    /// The revision to return to.
    pub revision: i64,
    /// The number that revision will have.
    pub next: i64,
    /// What changes in the template, with some lines around it.
    pub changes: Vec<Line>,
    /// Whether kubectl will refuse because the rollout is paused.
    pub paused: bool,
}

impl UndoPlan {
    /// The command that does it.
    pub fn command(&self) -> String {
        let Self { deployment, revision, .. } = self;
        format!("kubectl rollout undo deployment/{deployment} --to-revision={revision}")
    }
}

/// Plans an undo. `None` if there is no such revision.
pub fn plan_undo(store: &Store, deployment: &Deployment, revision: i64) -> Option<UndoPlan> {
    let sets = rollout::replica_sets(store, deployment);
    let set = sets.iter().find(|set| rollout::revision(set) == Some(revision))?;
    let newest = sets.iter().filter_map(|set| rollout::revision(set)).max().unwrap_or(revision);
    let now = template_yaml(&deployment.spec.template);
    let then = template_yaml(&set.spec.template);
    Some(UndoPlan {
        deployment: deployment.metadata.name.to_string(),
        revision,
        next: newest + 1,
        changes: diff::with_context(diff::lines(&now, &then), 2),
        paused: deployment.spec.paused,
    })
}

/// The revision `kubectl rollout undo` would return to: the second newest.
pub fn previous_revision(store: &Store, deployment: &Deployment) -> Option<i64> {
    let sets = rollout::replica_sets(store, deployment);
    sets.iter().filter_map(|set| rollout::revision(set)).nth(1)
}
