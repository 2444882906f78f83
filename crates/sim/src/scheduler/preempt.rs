//! Making room: pods of lower priority leave for a pod that fits nowhere.
//!
//! Models `pkg/scheduler/framework/preemption` and `plugins/defaultpreemption`.

use std::cmp::Reverse;
use std::rc::Rc;

use rollscope_api::object::{Pod, PodCondition};
use rollscope_api::order;

use super::Memory;
use super::cache::{Cache, KindId};
use super::events;
use super::filter::{Filter, Refusal};
use super::message::histogram;
use crate::Ctx;
use crate::store::PodId;

const NO_VICTIMS: &str = "No preemption victims found for incoming pod";
const NOT_HELPFUL: &str = "Preemption is not helpful for scheduling";
/// Dynamic resource allocation has its say first, and there are no claims.
const NO_CLAIMS: &str = "no new claims to deallocate";

/// Why a victim goes.
const PREEMPTED: &str = "PreemptionByScheduler";

/// A node that would do, and who would have to go.
struct Candidate {
    node: usize,
    victims: Vec<PodId>,
}

/// What looking for victims has come to.
pub(super) struct PostFilter {
    /// Empty after an eviction.
    pub(super) message: String,
    /// What the pod's nomination becomes, if it changes.
    pub(super) nominated: Option<Option<Rc<str>>>,
}

/// Looks for victims, evicts them if there are any, and says what it found.
pub(super) fn post_filter(
    memory: &mut Memory,
    ctx: &mut Ctx<'_>,
    id: PodId,
    kind: KindId,
    refusals: &[(usize, Refusal)],
) -> PostFilter {
    let needs = memory.cache.kinds[kind].needs.clone();
    let found = |text: &str, nominated| PostFilter {
        message: format!("{NO_CLAIMS}, preemption: {text}"),
        nominated,
    };
    if needs.never_preempts {
        return found("not eligible due to preemptionPolicy=Never.", None);
    }
    if waits_for_victims(memory, ctx, id, kind, refusals) {
        return found("not eligible due to a terminating pod on the nominated node.", None);
    }
    let mut candidates = Vec::new();
    let mut reasons: Vec<String> = Vec::new();
    for (node, refusal) in refusals {
        if refusal.unresolvable {
            reasons.push(NOT_HELPFUL.to_owned());
            continue;
        }
        match victims_on(&memory.cache, *node, kind) {
            Ok(victims) => candidates.push(Candidate { node: *node, victims }),
            Err(why) => reasons.extend(why),
        }
    }
    let Some(best) = best(ctx, &memory.cache, candidates) else {
        let nodes = memory.cache.nodes.len();
        let reasons = histogram(reasons.iter().map(String::as_str));
        return found(&format!("0/{nodes} nodes are available: {reasons}."), Some(None));
    };
    evict(memory, ctx, id, &best);
    let node = memory.cache.nodes[best.node].name.clone();
    PostFilter { message: String::new(), nominated: Some(Some(node)) }
}

/// Whether those who make room for the pod have not gone yet. Models `PodEligibleToPreemptOthers`.
fn waits_for_victims(
    memory: &Memory,
    ctx: &Ctx<'_>,
    id: PodId,
    kind: KindId,
    refusals: &[(usize, Refusal)],
) -> bool {
    let cache = &memory.cache;
    let Some(pod) = ctx.listers().pod(id) else { return false };
    let Some(nominated) = &pod.status.nominated_node_name else { return false };
    let Some(at) = cache.nodes.iter().position(|node| node.name == *nominated) else {
        return false;
    };
    if refusals.iter().any(|(node, refusal)| *node == at && refusal.unresolvable) {
        return false;
    }
    let priority = cache.kinds[kind].needs.priority;
    cache.nodes[at].ids.iter().any(|id| {
        let lower =
            cache.placed(*id).is_some_and(|(kind, _)| cache.kinds[kind].needs.priority < priority);
        lower && ctx.listers().pod(*id).is_some_and(|pod| is_going(pod))
    })
}

/// Models `podTerminatingByPreemption`.
fn is_going(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_some()
        && pod.status.conditions.iter().any(|condition| {
            &*condition.type_ == "DisruptionTarget"
                && &*condition.status == "True"
                && &*condition.reason == PREEMPTED
        })
}

/// Who would have to leave the node, or why nobody's leaving helps. As few leave as possible.
fn victims_on(cache: &Cache, node: usize, kind: KindId) -> Result<Vec<PodId>, Vec<String>> {
    let priority = cache.kinds[kind].needs.priority;
    let lower = |kind: &KindId| cache.kinds[*kind].needs.priority < priority;
    if !cache.nodes[node].kinds.iter().any(|(kind, _)| lower(kind)) {
        return Err(vec![NO_VICTIMS.to_owned()]);
    }
    let mut without = cache.clone();
    let mut potential: Vec<(Reverse<i32>, PodId)> = cache.nodes[node]
        .ids
        .iter()
        .filter_map(|id| {
            let (kind, _) = cache.placed(*id)?;
            lower(&kind).then_some((Reverse(cache.kinds[kind].needs.priority), *id))
        })
        .collect();
    for (_, id) in &potential {
        without.remove(*id);
    }
    let fits = |cache: &Cache| Filter::new(cache, kind).check(&cache.nodes[node]);
    fits(&without).map_err(|refusal| refusal.reasons)?;
    // Those of higher priority, and the older ones, are kept where that leaves room.
    order::sort(&mut potential);
    let name = cache.nodes[node].name.clone();
    let mut victims = Vec::new();
    for (_, id) in potential {
        let Some((of_victim, deleting)) = cache.placed(id) else { continue };
        without.place(id, &name, of_victim, deleting);
        if fits(&without).is_err() {
            without.remove(id);
            victims.push(id);
        }
    }
    Ok(victims)
}

/// The node on which the least is lost: the lowest highest priority, the lowest sum of
/// priorities, the fewest pods, the youngest ones. Models `pickOneNodeForPreemption`.
fn best(ctx: &Ctx<'_>, cache: &Cache, candidates: Vec<Candidate>) -> Option<Candidate> {
    let priority = |id: &PodId| {
        cache.placed(*id).map_or(0, |(kind, _)| i64::from(cache.kinds[kind].needs.priority))
    };
    candidates.into_iter().min_by_key(|candidate| {
        let victims = &candidate.victims;
        let highest = victims.iter().map(priority).max();
        let sum: i64 = victims.iter().map(|id| priority(id) + i64::from(i32::MAX) + 1).sum();
        let start = victims
            .iter()
            .filter(|id| Some(priority(id)) == highest)
            .filter_map(|id| ctx.listers().pod(*id)?.status.start_time)
            .min();
        (highest, sum, victims.len(), Reverse(start), candidate.node)
    })
}

fn evict(memory: &mut Memory, ctx: &mut Ctx<'_>, id: PodId, best: &Candidate) {
    let Some(pod) = ctx.listers().pod(id).cloned() else { return };
    let node = memory.cache.nodes[best.node].name.clone();
    for victim in &best.victims {
        let Some(object) = ctx.listers().pod(*victim).cloned() else { continue };
        if object.metadata.deletion_timestamp.is_some() {
            continue;
        }
        let condition = PodCondition {
            type_: "DisruptionTarget".into(),
            status: "True".into(),
            observed_generation: object.metadata.generation,
            last_transition_time: Some(ctx.now().timestamp()),
            reason: PREEMPTED.into(),
            message: Rc::from("default-scheduler: preempting to accommodate a higher priority pod"),
        };
        ctx.update_pod_status(*victim, |status| status.conditions.push(Rc::new(condition)));
        // It was there a moment ago.
        let _ = ctx.delete_pod(*victim, None);
        events::preempted(ctx, &object, &pod, &node);
    }
}
