//! Why: what the deployment controller decided, with the numbers it decided by.

use rollscope_api::SimTime;
use rollscope_api::object::Deployment;
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
    /// The upstream function that decides this.
    pub rule: &'static str,
}

/// The decisions about a Deployment up to the moment, latest first.
pub fn reasons(
    cluster: &Cluster,
    deployment: &Deployment,
    start: SimTime,
    texts: &Texts,
) -> Vec<Reason> {
    let sets = rollout::replica_sets(cluster.listers(), deployment);
    let named = |name: &str| {
        let set = sets.iter().find(|set| set.metadata.name == name);
        let revision = set.and_then(|set| rollout::revision(set));
        revision.map_or_else(|| name.to_owned(), texts.revision)
    };
    let key = Key::of(&deployment.metadata);
    let decided = cluster.decisions().of(&key);
    let reasons = decided.rev().map(|one| Reason {
        at_tenths: (one.at - start).as_millis() / 100,
        text: (texts.decision)(&one.decision, &named),
        numbers: numbers(&one.decision, texts),
        rule: one.decision.upstream(),
    });
    reasons.collect()
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
