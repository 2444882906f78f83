//! Which pods go first.
//! Models `getPodsToDelete` in `pkg/controller/replicaset/replica_set.go` and
//! `ActivePodsWithRanks` in `pkg/controller/controller_utils.go`.

use std::collections::BTreeMap;

use rollscope_api::object::ReplicaSet;
use rollscope_api::order;
use rollscope_api::{SimTime, Timestamp};

use crate::controller::deployment::VictimRule;
use crate::core::Core;
use crate::store::{OwnedPods, PodId, UidNumber, Victim, VictimClass, controller};

/// The pods that go when a ReplicaSet shrinks, and what they were chosen by.
pub(super) struct Victims {
    /// In the order in which they go.
    pub(super) order: Vec<PodId>,
    ranks: Vec<i32>,
}

/// The `count` pods that are deleted when a ReplicaSet shrinks, in that order.
pub(super) fn pods_to_delete(core: &Core, set: &ReplicaSet, count: i32) -> Victims {
    let Some(pods) = core.store.owned_pods(UidNumber::of(&set.metadata.uid)) else {
        return Victims { order: Vec::new(), ranks: Vec::new() };
    };
    let ranks = ranks(core, set, pods);
    Victims { order: choose(core, pods, &ranks, count.max(0) as usize), ranks }
}

fn choose(core: &Core, pods: &OwnedPods, ranks: &[i32], wanted: usize) -> Vec<PodId> {
    let mut chosen = Vec::with_capacity(wanted);
    for (_, nodes) in pods.classes() {
        // Pods on nodes with more pods of the whole Deployment go first.
        let mut by_rank: BTreeMap<i32, Vec<&BTreeMap<PodId, Victim>>> = BTreeMap::new();
        for (node, victims) in nodes {
            by_rank.entry(-rank_of(ranks, *node)).or_default().push(victims);
        }
        for nodes in by_rank.into_values() {
            let mut group: Vec<Rank> = nodes
                .into_iter()
                .flatten()
                .map(|(id, victim)| Rank::of(core.now, *id, victim))
                .collect();
            let missing = wanted - chosen.len();
            if missing < group.len() {
                group.select_nth_unstable(missing);
                group.truncate(missing);
            }
            order::sort(&mut group);
            chosen.extend(group.into_iter().map(|rank| rank.id));
            if chosen.len() == wanted {
                return chosen;
            }
        }
    }
    chosen
}

/// The rules by which `victim` goes before `spared`; both are active pods of the ReplicaSet.
pub(super) fn rule(core: &Core, of: &Victims, victim: PodId, spared: PodId) -> VictimRule {
    let (Some(a), Some(b)) = (Standing::of(core, victim), Standing::of(core, spared)) else {
        return VictimRule::Chance;
    };
    let crowd = |node: u32| rank_of(&of.ranks, node);
    if a.class.assigned != b.class.assigned {
        VictimRule::Unassigned
    } else if a.class.phase != b.class.phase {
        VictimRule::Phase
    } else if a.class.ready != b.class.ready {
        VictimRule::NotReady
    } else if a.class.deletion_cost != b.class.deletion_cost {
        VictimRule::DeletionCost
    } else if crowd(a.node) != crowd(b.node) {
        VictimRule::Crowded
    } else if a.rank.ready != b.rank.ready {
        VictimRule::ReadyLater
    } else if a.rank.restarts != b.rank.restarts {
        VictimRule::Restarts
    } else if a.rank.created != b.rank.created {
        VictimRule::Younger
    } else {
        VictimRule::Chance
    }
}

/// Everything the rules look at in one pod.
struct Standing {
    class: VictimClass,
    node: u32,
    rank: Rank,
}

impl Standing {
    fn of(core: &Core, id: PodId) -> Option<Self> {
        let (pod, facts) = core.store.pod_with_facts(id)?;
        let rank = Rank::of(core.now, id, &Victim::of(pod, facts));
        Some(Self { class: VictimClass::of(facts), node: facts.node, rank })
    }
}

/// How many active pods of all ReplicaSets with the same owner each node has, by its number.
/// Models `getIndirectlyRelatedPods` and `getPodsRankedByRelatedPodsOnSameNode`.
fn ranks(core: &Core, set: &ReplicaSet, own: &OwnedPods) -> Vec<i32> {
    let mut ranks = Vec::new();
    let mut add = |pods: &OwnedPods| {
        for (node, count) in pods.active_on_node() {
            let node = *node as usize;
            if node >= ranks.len() {
                ranks.resize(node + 1, 0);
            }
            ranks[node] += count;
        }
    };
    add(own);
    let owner = controller(&set.metadata);
    if owner == UidNumber::NONE {
        return ranks;
    }
    for key in core.store.replica_set_keys_of(owner) {
        let Some(sibling) = core.store.replica_set(key) else { continue };
        if sibling.metadata.uid == set.metadata.uid {
            continue;
        }
        core.store.owned_pods(UidNumber::of(&sibling.metadata.uid)).into_iter().for_each(&mut add);
    }
    ranks
}

fn rank_of(ranks: &[i32], node: u32) -> i32 {
    ranks.get(node as usize).copied().unwrap_or(0)
}

/// The rules after those that [`OwnedPods::classes`] and the ranks decide, as one order.
///
/// Upstream's comparison is no order: pods that became ready in the same second are compared by
/// restarts and age, others by uid, which may go round in a circle, and its sort then does as it
/// happens to. Here all of these count in turn, which agrees wherever upstream's outcome is not
/// chance.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    ready: i32,
    restarts: std::cmp::Reverse<i32>,
    created: i32,
    uid: UidNumber,
    id: PodId,
}

impl Rank {
    fn of(now: SimTime, id: PodId, victim: &Victim) -> Self {
        let age = |since: Option<Timestamp>| since.map_or(-1, |since| bucket(now, since));
        Self {
            ready: age(victim.ready_since),
            restarts: std::cmp::Reverse(victim.restarts),
            created: age(victim.created),
            uid: victim.uid,
            id,
        }
    }
}

/// The base-two logarithm of an age in nanoseconds, cut to a whole number; −1 if there is no age.
/// Ages within a factor of two are nearly always the same: then chance, that is the uid, decides.
/// Models `logarithmicRankDiff`.
fn bucket(now: SimTime, since: Timestamp) -> i32 {
    let micros = (now - since.start()).as_micros();
    if micros <= 0 {
        return -1;
    }
    (i128::from(micros) * 1_000).ilog2() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_fall_into_buckets_of_nanoseconds() {
        let now = SimTime::from_micros(1_000_000_000);
        let ago = |secs: i64| bucket(now, Timestamp::from_secs(1_000 - secs));
        assert_eq!((ago(60), ago(100)), (35, 36));
        assert_eq!((ago(70), ago(120)), (36, 36));
        assert_eq!(ago(0), -1);
    }
}
