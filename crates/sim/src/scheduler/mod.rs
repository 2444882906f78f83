//! The scheduler: which node a pod runs on. Live pace only.
//!
//! One pod after the other is taken from the queue, by priority and age; nodes are filtered, those
//! left are scored, and the best one gets the pod. What fits nowhere waits until something changes
//! that may help. Models `pkg/scheduler/{schedule_one,scheduler}.go`.

mod affinity;
mod amounts;
mod cache;
mod events;
mod filter;
mod interpod;
mod memo;
mod message;
mod needs;
mod preempt;
mod queue;
mod score;
mod spread;

use std::collections::BTreeSet;
use std::rc::Rc;

use rollscope_api::object::{LabelSelector, Pod, PodCondition};
use rollscope_api::{Resource, Value};

use crate::store::{PodId, UidNumber};
use crate::{Ctx, SimEvent};
use cache::{Cache, KindId};
use events::Series;
use filter::{Filter, Plugin, Refusal};
use memo::{Best, Memo};
use needs::Needs;
pub(crate) use needs::Toleration;
use queue::{Change, PodQueue};

/// What the scheduler remembers between its runs.
#[derive(Clone, Debug, Default)]
pub struct Scheduler(Rc<Memory>);

#[derive(Clone, Debug, Default)]
struct Memory {
    cache: Cache,
    memo: Memo,
    queue: PodQueue,
    /// Specs that were read lately, so that the pods of a template share what was read.
    read: Vec<(Rc<Value>, Rc<Needs>)>,
    series: Series,
    /// The newest node write that was taken over.
    nodes_seen: u64,
    /// The newest pod that was looked at.
    newest: Option<PodId>,
    /// The node at which the next search begins.
    next_node: usize,
    /// A cycle is under way: a timer will go on with the queue.
    busy: bool,
}

/// Something the scheduler has set itself to do later.
#[derive(Clone, Debug)]
pub enum Timer {
    /// The next pod's turn.
    Cycle,
    /// Pods whose back-off is over, or that have waited too long, may try again.
    Retry,
}

/// Runs when pods without a node appeared, or when pods left or nodes changed while there are such.
pub fn schedule(scheduler: &mut Scheduler, ctx: &mut Ctx<'_>) {
    let memory = Rc::make_mut(&mut scheduler.0);
    memory.take_over_nodes(ctx);
    let new: Vec<PodId> = ctx
        .listers()
        .unbound_pods_after(memory.newest)
        .filter(|(_, pod)| pod.metadata.deletion_timestamp.is_none())
        .map(|(id, _)| id)
        .collect();
    memory.newest = new.last().copied().or(memory.newest);
    for id in new {
        memory.add(ctx, id);
    }
    memory.go_on(ctx);
}

/// A timer of the scheduler's own has come.
pub fn timer(scheduler: &mut Scheduler, ctx: &mut Ctx<'_>, timer: Timer) {
    let memory = Rc::make_mut(&mut scheduler.0);
    match timer {
        Timer::Cycle => {
            memory.busy = false;
            memory.take_over_nodes(ctx);
            if let Some(pod) = memory.queue.pop(ctx.now()) {
                memory.schedule_one(ctx, pod);
            }
        }
        Timer::Retry => memory.queue.retry_due(ctx.now()),
    }
    memory.go_on(ctx);
}

/// A pod was bound, changed, finished or is being deleted.
pub fn pod_changed(scheduler: &mut Scheduler, ctx: &mut Ctx<'_>, id: PodId) {
    let Some(pod) = ctx.listers().pod(id).cloned() else { return };
    let memory = Rc::make_mut(&mut scheduler.0);
    if pod.status.phase.is_terminal() {
        memory.left(ctx, id);
        return;
    }
    match &pod.node_name {
        Some(node) => {
            memory.take_over_nodes(ctx);
            memory.queue.forget(id);
            let kind = memory.kind_of(&pod);
            let deleting = pod.metadata.deletion_timestamp.is_some();
            memory.cache.place(id, node, kind, deleting);
            memory.queue.changed(ctx.now(), Change::PodPlaced);
        }
        None if pod.metadata.deletion_timestamp.is_some() => memory.queue.forget(id),
        None => memory.queue.changed(ctx.now(), Change::Pod(id)),
    }
    memory.go_on(ctx);
}

/// A pod is gone from the store.
pub fn pod_removed(scheduler: &mut Scheduler, ctx: &mut Ctx<'_>, id: PodId) {
    let memory = Rc::make_mut(&mut scheduler.0);
    memory.left(ctx, id);
}

impl Memory {
    fn left(&mut self, ctx: &mut Ctx<'_>, id: PodId) {
        self.queue.forget(id);
        self.series.forget(id);
        if self.cache.remove(id) {
            self.queue.changed(ctx.now(), Change::PodLeft);
        }
        self.go_on(ctx);
    }

    fn add(&mut self, ctx: &mut Ctx<'_>, id: PodId) {
        let Some(pod) = ctx.listers().pod(id).cloned() else { return };
        let kind = self.kind_of(&pod);
        let needs = self.cache.kinds[kind].needs.clone();
        if needs.foreign || needs.claims_devices {
            self.queue.ignore(id);
        } else if needs.gated {
            self.queue.ignore(id);
            gate(ctx, id, &pod);
        } else {
            self.queue.add(ctx.now(), id, needs.priority);
        }
    }

    /// Sees to it that the next pod has its turn, and that waiting pods get theirs.
    fn go_on(&mut self, ctx: &mut Ctx<'_>) {
        if !self.busy && self.queue.has_active() {
            self.busy = true;
            let bind = ctx.world().scheduler.bind_ms;
            let number = self.queue.cycles().to_string();
            let span = ctx.draw("schedule", &number).duration(bind.min(), bind.max());
            ctx.enqueue_after(span, SimEvent::SchedulerTimer(Timer::Cycle));
        }
        if let Some(at) = self.queue.next_retry() {
            ctx.enqueue_at(at, SimEvent::SchedulerTimer(Timer::Retry));
        }
    }

    fn take_over_nodes(&mut self, ctx: &Ctx<'_>) {
        let nodes = || ctx.listers().nodes();
        let seen = ctx.listers().nodes_version();
        if seen != self.nodes_seen {
            self.nodes_seen = seen;
            self.cache.set_nodes(nodes().map(|node| &**node));
            // Pods that were bound while their node was unknown, or named it themselves.
            let bound: Vec<(PodId, Rc<Pod>)> = nodes()
                .flat_map(|node| ctx.listers().pods_on_node(&node.metadata.name))
                .filter(|(id, pod)| {
                    self.cache.placed(*id).is_none() && !pod.status.phase.is_terminal()
                })
                .map(|(id, pod)| (id, pod.clone()))
                .collect();
            for (id, pod) in bound {
                let kind = self.kind_of(&pod);
                let deleting = pod.metadata.deletion_timestamp.is_some();
                self.cache.place(id, pod.node_name.as_deref().unwrap_or(""), kind, deleting);
            }
            self.queue.changed(ctx.now(), Change::Node);
        }
    }

    fn kind_of(&mut self, pod: &Pod) -> KindId {
        let needs = self.needs_of(&pod.spec);
        self.cache.kind_of(&pod.metadata.namespace, &pod.metadata.labels, &needs)
    }

    fn needs_of(&mut self, spec: &Rc<Value>) -> Rc<Needs> {
        const REMEMBERED: usize = 64;
        let known = self.read.iter().find(|(known, _)| Rc::ptr_eq(known, spec));
        if let Some((_, needs)) = known {
            return needs.clone();
        }
        // Pods created one by one may have equal specs that are not shared.
        let equal = self.read.iter().find(|(known, _)| known == spec);
        let needs = equal.map_or_else(|| Rc::new(Needs::of(spec)), |(_, needs)| needs.clone());
        if self.read.len() == REMEMBERED {
            self.read.remove(0);
        }
        self.read.push((spec.clone(), needs.clone()));
        needs
    }

    /// Models `ScheduleOne`.
    fn schedule_one(&mut self, ctx: &mut Ctx<'_>, id: PodId) {
        let Some(pod) = ctx.listers().pod(id).cloned() else { return };
        if pod.node_name.is_some() || pod.metadata.deletion_timestamp.is_some() {
            self.queue.forget(id);
            return;
        }
        let kind = self.kind_of(&pod);
        if self.cache.nodes.is_empty() {
            let message = "no nodes available to schedule pods";
            self.failed(ctx, id, &pod, message, BTreeSet::new());
            return;
        }
        let needs = &self.cache.kinds[kind].needs;
        if let Some((plugin, reason)) = filter::refused_everywhere(needs, &pod.metadata.name) {
            let message = message::refused_error(self.cache.nodes.len(), &reason);
            return self.failed(ctx, id, &pod, &message, BTreeSet::from([plugin]));
        }
        let owner = default_selector(ctx, &pod);
        if let Some(best) = self.remembered(kind, owner.as_ref()) {
            self.looked_at(best.looked_at);
            return self.bind(ctx, id, pod, kind, &best.nodes);
        }
        let (feasible, refusals) = self.feasible(kind);
        self.looked_at(feasible.len() + refusals.len());
        if feasible.is_empty() {
            let post_filter = preempt::post_filter(self, ctx, id, kind, &refusals);
            let reasons = refusals.iter().flat_map(|(_, refusal)| &refusal.reasons);
            let nodes = self.cache.nodes.len();
            let message =
                message::fit_error(nodes, reasons.map(String::as_str), &post_filter.message);
            let plugins = refusals.iter().map(|(_, refusal)| refusal.plugin).collect();
            self.failed(ctx, id, &pod, &message, plugins);
            if let Some(nominated) = post_filter.nominated {
                nominate(ctx, id, nominated);
            }
            return;
        }
        let best = self.best(kind, owner.as_ref(), feasible);
        self.bind(ctx, id, pod, kind, &best);
    }

    /// The next search begins where this one ended, so that all nodes have their turn.
    fn looked_at(&mut self, nodes: usize) {
        self.next_node = (self.next_node + nodes) % self.cache.nodes.len();
    }

    /// The pod gets one of the best nodes; equals are told apart by chance. Models `selectHost`.
    fn bind(&mut self, ctx: &mut Ctx<'_>, id: PodId, pod: Rc<Pod>, kind: KindId, best: &[usize]) {
        let chance = match best {
            [_] => 0,
            _ => ctx.draw("node", &pod.metadata.name).below(best.len() as u64) as usize,
        };
        let node = best[chance];
        let name = self.cache.nodes[node].name.clone();
        self.cache.place(id, &name, kind, false);
        self.queue.forget(id);
        let event = events::scheduled(ctx, &pod, &name);
        // Held while the pod is written, it would have to be copied.
        drop(pod);
        ctx.bind_pod(id, &name);
        ctx.create_event(event);
        self.queue.changed(ctx.now(), Change::PodPlaced);
    }

    /// The nodes the pod fits on, and why not on the others.
    fn feasible(&self, kind: KindId) -> (Vec<usize>, Vec<(usize, Refusal)>) {
        let filter = Filter::new(&self.cache, kind);
        let count = self.cache.nodes.len();
        let enough = nodes_to_find(count);
        let (mut feasible, mut refusals) = (Vec::new(), Vec::new());
        for step in 0..count {
            let index = (self.next_node + step) % count;
            match filter.check(&self.cache.nodes[index]) {
                Ok(()) => feasible.push(index),
                Err(refusal) => refusals.push((index, refusal)),
            }
            if feasible.len() == enough {
                break;
            }
        }
        (feasible, refusals)
    }

    /// The best nodes, if they follow from what is known of the pods before.
    fn remembered(&mut self, kind: KindId, owner: Option<&LabelSelector>) -> Option<Best> {
        let count = self.cache.nodes.len();
        let first = self.next_node % count;
        self.memo.best(&self.cache, kind, owner?, first, nodes_to_find(count))
    }

    /// The nodes with the most points.
    fn best(&self, kind: KindId, owner: Option<&LabelSelector>, nodes: Vec<usize>) -> Vec<usize> {
        if nodes.len() == 1 {
            return nodes;
        }
        let scores = score::scores(&self.cache, kind, owner, &nodes);
        let most = scores.iter().copied().max().unwrap_or_default();
        let scored = nodes.into_iter().zip(scores);
        scored.filter(|(_, score)| *score == most).map(|(node, _)| node).collect()
    }

    /// Models `handleSchedulingFailure`.
    fn failed(
        &mut self,
        ctx: &mut Ctx<'_>,
        id: PodId,
        pod: &Pod,
        message: &str,
        plugins: BTreeSet<Plugin>,
    ) {
        self.series.failed(ctx, id, pod, message);
        set_unscheduled(ctx, id, pod, "Unschedulable", message);
        self.queue.failed(ctx.now(), id, plugins);
    }
}

/// How many nodes are enough to choose from. Models `numFeasibleNodesToFind`.
fn nodes_to_find(nodes: usize) -> usize {
    const LEAST: usize = 100;
    if nodes < LEAST {
        return nodes;
    }
    let percent = 50_usize.saturating_sub(nodes / 125).max(5);
    (nodes * percent / 100).max(LEAST)
}

/// What selects the pods that belong together with this one: its ReplicaSet and the Services that
/// select it. Models `DefaultSelector` in `plugins/helper/spread.go`.
fn default_selector(ctx: &Ctx<'_>, pod: &Pod) -> Option<LabelSelector> {
    let store = ctx.listers();
    let mut selector = LabelSelector::default();
    for (key, service) in store.others(Resource::Services) {
        let wanted = service.value["spec"]["selector"].as_object();
        let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else { continue };
        let selected = wanted
            .iter()
            .all(|(key, value)| pod.metadata.labels.get(key).map(String::as_str) == value.as_str());
        if *key.namespace == *pod.metadata.namespace && selected {
            let labels = Rc::make_mut(&mut selector.match_labels);
            labels.extend(
                wanted
                    .iter()
                    .map(|(key, value)| (key.clone(), value.as_str().unwrap_or("").to_owned())),
            );
        }
    }
    let owner = pod.metadata.controller().filter(|owner| &*owner.kind == "ReplicaSet");
    let set = owner.and_then(|owner| {
        let key = store.replica_set_key(UidNumber::of(&owner.uid))?;
        let same = *key.namespace == *pod.metadata.namespace && key.name == owner.name;
        store.replica_set(key).filter(|_| same)
    });
    if let Some(set) = set {
        let own = &set.spec.selector;
        if selector.match_labels.is_empty() {
            selector.match_labels = own.match_labels.clone();
        } else {
            let labels = own.match_labels.iter().map(|(key, value)| (key.clone(), value.clone()));
            Rc::make_mut(&mut selector.match_labels).extend(labels);
        }
        selector.match_expressions.clone_from(&own.match_expressions);
    }
    let empty = selector.match_labels.is_empty() && selector.match_expressions.is_empty();
    (!empty).then_some(selector)
}

/// A gated pod says so from its creation on.
fn gate(ctx: &mut Ctx<'_>, id: PodId, pod: &Pod) {
    let message = "Scheduling is blocked due to non-empty scheduling gates";
    set_unscheduled(ctx, id, pod, "SchedulingGated", message);
}

/// Writes on which node room is being made for a pod, if that changes.
fn nominate(ctx: &mut Ctx<'_>, id: PodId, node: Option<Rc<str>>) {
    let known = ctx.listers().pod(id).map(|pod| &pod.status.nominated_node_name);
    if known.is_some_and(|known| *known != node) {
        ctx.update_pod_status(id, |status| status.nominated_node_name = node);
    }
}

/// Writes the condition `PodScheduled` False, if that changes anything.
fn set_unscheduled(ctx: &mut Ctx<'_>, id: PodId, pod: &Pod, reason: &str, message: &str) {
    let known = pod.status.conditions.iter().find(|condition| &*condition.type_ == "PodScheduled");
    let same = |known: &Rc<PodCondition>| {
        &*known.status == "False" && &*known.reason == reason && &*known.message == message
    };
    if known.is_some_and(same) {
        return;
    }
    let since = known.filter(|known| &*known.status == "False");
    let condition = PodCondition {
        type_: "PodScheduled".into(),
        status: "False".into(),
        observed_generation: pod.metadata.generation,
        last_transition_time: since
            .and_then(|known| known.last_transition_time)
            .or(Some(ctx.now().timestamp())),
        reason: reason.into(),
        message: message.into(),
    };
    ctx.update_pod_status(id, |status| {
        status.conditions.retain(|condition| &*condition.type_ != "PodScheduled");
        status.conditions.push(Rc::new(condition));
    });
}
