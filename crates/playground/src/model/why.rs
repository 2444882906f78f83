//! Why: what the deployment controller decided, with the numbers it decided by.

use rollscope_api::SimTime;
use rollscope_api::object::{Deployment, ReplicaSet};
use rollscope_sim::Cluster;
use rollscope_sim::controller::deployment::Decision;
use rollscope_sim::store::Key;

use super::rollout;
use crate::texts::Texts;

/// One decision, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Since the start, in tenths of a second.
    pub at_tenths: i64,
    /// What was decided.
    pub text: String,
    /// The inequality or sum behind it; may be empty.
    pub numbers: String,
    /// The controller and the upstream function that decide this.
    pub rule: String,
}

impl Reason {
    /// Whether the same was decided by the same numbers, at whatever moment.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.text, &self.numbers) == (&other.text, &other.numbers)
    }
}

/// What is said about a Deployment at a moment, whatever tab is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhyNow {
    /// The deployment controller's latest decision.
    pub reason: Option<Reason>,
    /// What the rollout waits for.
    pub waits: Vec<String>,
}

/// Everything needed to say why.
pub struct Teller<'a> {
    /// The cluster at the moment.
    pub cluster: &'a Cluster,
    /// The Deployment.
    pub deployment: &'a Deployment,
    /// The start of the session.
    pub start: SimTime,
    /// The words.
    pub texts: &'static Texts,
}

impl Teller<'_> {
    /// The decisions about the Deployment up to the moment, latest first.
    pub fn reasons(&self) -> Vec<Reason> {
        self.told(|_| true).collect()
    }

    /// The latest decisions that made the size of one ReplicaSet, latest first.
    pub fn reasons_of(&self, set: &ReplicaSet, is_newest: bool) -> impl Iterator<Item = Reason> {
        let name = set.metadata.name.clone();
        self.told(move |decision| concerns(decision, &name, is_newest))
    }

    /// The deployment controller's latest decision.
    pub fn latest(&self) -> Option<Reason> {
        self.told(|decision| decision.controller() == "deployment-controller").next()
    }

    fn told(&self, which: impl Fn(&Decision) -> bool) -> impl Iterator<Item = Reason> {
        let sets = rollout::replica_sets(self.cluster.listers(), self.deployment);
        let Self { start, texts, .. } = *self;
        let key = Key::of(&self.deployment.metadata);
        let decided = self.cluster.decisions().of(&key).rev();
        let decided: Vec<_> = decided.filter(|one| which(&one.decision)).cloned().collect();
        decided.into_iter().map(move |one| {
            let named = |name: &str| {
                let set = sets.iter().find(|set| *set.metadata.name == *name);
                let revision = set.and_then(|set| rollout::revision(set));
                revision.map_or_else(|| name.to_owned(), texts.revision)
            };
            Reason {
                at_tenths: (one.at - start).as_millis() / 100,
                text: (texts.decision)(&one.decision, &named),
                numbers: numbers(&one.decision, texts),
                rule: format!("{} · {}", one.decision.controller(), one.decision.upstream()),
            }
        })
    }
}

/// Whether a decision is about the size of this ReplicaSet.
fn concerns(decision: &Decision, name: &str, is_newest: bool) -> bool {
    if let Some(named) = decision.replica_set() {
        return named == name;
    }
    match decision {
        Decision::MayNotScaleDown { .. } => !is_newest,
        Decision::ScaleProportionally { sizes, .. } => sizes.iter().any(|(set, ..)| &**set == name),
        _ => is_newest,
    }
}

/// The arithmetic of a decision.
fn numbers(decision: &Decision, texts: &Texts) -> String {
    let Texts { floor, ceiling, available, wanted, pods_word, .. } = texts;
    match decision {
        Decision::ScaleUpNew { from, to, desired, total, ceiling: top } => {
            let (room, missing) = (top - total, desired - from);
            format!(
                "{ceiling} {top} − {pods_word} {total} = {room}; {wanted} {desired} − {from} = {missing} → +{}",
                to - from
            )
        }
        Decision::NoRoomToGrow { total, ceiling: top, .. } => {
            format!("{ceiling} {top} − {pods_word} {total} = {}", top - total)
        }
        Decision::MayNotScaleDown { total, min_available, new_unavailable } => format!(
            "{pods_word} {total} − {floor} {min_available} − {} {new_unavailable} = {}",
            texts.new_unavailable,
            total - min_available - new_unavailable
        ),
        Decision::CleanupUnhealthy { from, to, budget, .. } => {
            format!("{from} → {to}; ≤ {budget}")
        }
        Decision::ScaleDownOld { from, to, available: now, min_available, .. } => format!(
            "{available} {now} − {floor} {min_available} = {}; {from} → {to}",
            now - min_available
        ),
        Decision::ScaleDownNew { from, to } | Decision::ScaleOnly { from, to, .. } => {
            format!("{from} → {to}")
        }
        Decision::ScaleDownForRecreate { from, .. } | Decision::ScaleDownSaturated { from, .. } => {
            format!("{from} → 0")
        }
        Decision::ScaleProportionally { allowed, to_add, sizes } => {
            let sizes = sizes.iter().map(|(name, from, to)| format!("{name} {from} → {to}"));
            let sizes: Vec<String> = sizes.collect();
            format!("{ceiling} {allowed}, {to_add:+}: {}", sizes.join(", "))
        }
        Decision::CreatePods { active, desired, .. } => {
            format!("{wanted} {desired} − {pods_word} {active} = +{}", desired - active)
        }
        Decision::DeletePods { active, desired, .. } => {
            format!("{pods_word} {active} − {wanted} {desired} = {}", active - desired)
        }
        Decision::CreateReplicaSet { .. }
        | Decision::CannotCreatePods { .. }
        | Decision::ReuseReplicaSet { .. }
        | Decision::HashCollision { .. }
        | Decision::WaitForOldPods { .. }
        | Decision::Paused
        | Decision::Complete
        | Decision::TimedOut { .. }
        | Decision::CleanupHistory { .. } => String::new(),
    }
}
