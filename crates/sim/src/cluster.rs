//! The cluster as its users see it: time that passes, an API, and typed reads.
//!
//! The contract between the parts that act in a cluster:
//!
//! * Everything happens in [`Cluster::step`], one [`SimEvent`] at a time, at its moment.
//! * `scheduler::schedule(&mut Scheduler, &mut Ctx)` is called a moment after pods without a node
//!   appeared, and after pods left or nodes changed while there are such pods (Live only).
//!   `ctx.listers().unbound_pods()` are the candidates; it binds with [`Ctx::bind_pod`].
//! * `kubelet::pod_changed(&mut NodeAgents, &mut Ctx, PodId)` is called a moment after a pod was
//!   bound, was changed by anybody but its kubelet (its status excepted), or began to be deleted;
//!   `kubelet::pod_removed` once it is gone from the store. Kubelets keep private state for each
//!   pod in `NodeAgents`, set timers with `ctx.enqueue_after(span, SimEvent::KubeletTimer(pod,
//!   timer))` (a timer may find its pod gone or changed: there is no cancelling), write with
//!   [`Ctx::update_pod_status`], report with [`Ctx::record`] and end with [`Ctx::remove_pod`].
//! * Private memories (`Scheduler`, `NodeAgents`) are part of the cluster and cloned with every
//!   checkpoint: keep what is large behind `Rc`.

use std::rc::Rc;

use rollscope_api::object::Event;
use rollscope_api::{SimDuration, SimTime};

use crate::controller::deployment::DecisionLog;
use crate::core::Core;
use crate::kernel::{Queue, Random};
use crate::kubelet::{NodeAgents, PodAction};
use crate::options::{ClusterOptions, Pace};
use crate::scheduler::Scheduler;
use crate::sim_event::SimEvent;
use crate::store::{PodId, Store};
use crate::traffic::{self, Traffic};
use crate::{Ctx, World, controller, kubelet, scheduler};

/// A simulated cluster. A clone is a checkpoint: it goes on exactly as the original would.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub(crate) core: Core,
    scheduler: Scheduler,
    pub(crate) agents: NodeAgents,
}

impl Cluster {
    /// A cluster with the world's nodes and nothing else.
    pub fn new(options: ClusterOptions) -> Self {
        let ClusterOptions { seed, start, world, pace } = options;
        let random = Random::new(seed);
        let latency = controller_latency(random, pace);
        let mut core = Core {
            now: start,
            pace,
            random,
            latency,
            queue: Queue::default(),
            store: Store::default(),
            work: Default::default(),
            correlator: Default::default(),
            template_matches: Default::default(),
            blueprints: Default::default(),
            decisions: Default::default(),
            garbage: Default::default(),
            endpoint_slices: Default::default(),
            traffic: Traffic::new(start),
            silence: Default::default(),
            evictions: Default::default(),
            event_log: Default::default(),
            expire_events_at: start + SimDuration::from_secs(3_600),
            scheduler_woken: false,
            machines: 0,
            addresses: Default::default(),
            uids: 0,
            world: Rc::new(world),
        };
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            core.put_namespace(name);
        }
        for (name, machine) in core.world.clone().nodes.named() {
            core.register_node(&name, machine);
        }
        Self { core, scheduler: Scheduler::default(), agents: NodeAgents::default() }
    }

    /// From now on chance follows from another seed. What has been drawn stays: what is under way
    /// ends when it would have, and what begins after this takes the times of the other seed.
    /// It is for asking, of a clone, what else could come of the present moment.
    pub fn reseed(&mut self, seed: u64) {
        self.core.random = Random::new(seed);
        self.core.latency = controller_latency(self.core.random, self.core.pace);
    }

    /// The present moment.
    pub fn now(&self) -> SimTime {
        self.core.now
    }

    /// How the nodes act.
    pub fn pace(&self) -> Pace {
        self.core.pace
    }

    /// What the script says about nodes, images and clients.
    pub fn world(&self) -> &World {
        &self.core.world
    }

    /// Changes whenever any object changed.
    pub fn version(&self) -> u64 {
        self.core.store.version()
    }

    /// Every object, typed.
    pub fn listers(&self) -> &Store {
        &self.core.store
    }

    /// How often an Event was written since the beginning.
    pub fn event_writes(&self) -> u64 {
        self.core.event_log.len()
    }

    /// The Events as they were written, in order, from the `start`-th write on: what a watch would
    /// have shown. Very old writes are forgotten.
    pub fn events_written_since(&self, start: u64) -> impl Iterator<Item = &Rc<Event>> {
        self.core.event_log.since(start)
    }

    /// What the deployment controller decided, and why.
    pub fn decisions(&self) -> &DecisionLog {
        &self.core.decisions
    }

    /// When something happens next, if anything will.
    pub fn next_event_at(&self) -> Option<SimTime> {
        self.core.queue.next_at()
    }

    /// Lets the next thing happen. Returns whether there was one.
    pub fn step(&mut self) -> bool {
        let Some((time, event)) = self.core.queue.pop() else { return false };
        self.pass(time);
        self.handle(event);
        true
    }

    /// Lets time pass until `time`, with everything that happens on the way.
    pub fn run_until(&mut self, time: SimTime) {
        while self.next_event_at().is_some_and(|at| at <= time) {
            self.step();
        }
        self.pass(time.max(self.core.now));
    }

    fn pass(&mut self, time: SimTime) {
        traffic::pass(&mut self.core, &self.agents, time);
        self.core.advance(time);
    }

    /// Lets `span` pass.
    pub fn run_for(&mut self, span: SimDuration) {
        self.run_until(self.core.now + span);
    }

    /// Acts upon one pod by hand. Returns whether there was anything to act upon.
    ///
    /// # Errors
    /// What the API says to a deletion.
    pub fn act_on_pod(
        &mut self,
        pod: PodId,
        action: PodAction,
    ) -> Result<bool, rollscope_api::Status> {
        kubelet::act(&mut self.agents, &mut Ctx { core: &mut self.core }, pod, action)
    }

    /// Whether a pod is being kept from Ready by [`PodAction::Unready`].
    pub fn is_readiness_denied(&self, pod: PodId) -> bool {
        kubelet::is_readiness_denied(&self.agents, pod)
    }

    fn handle(&mut self, event: SimEvent) {
        let core = &mut self.core;
        match event {
            SimEvent::Sync(work) => controller::process(core, &work),
            SimEvent::Enqueue(work) => {
                if core.work.end_delay(&work, core.now) {
                    core.enqueue(work);
                }
            }
            SimEvent::Schedule => {
                core.scheduler_woken = false;
                scheduler::schedule(&mut self.scheduler, &mut Ctx { core });
            }
            SimEvent::SchedulerTimer(timer) => {
                scheduler::timer(&mut self.scheduler, &mut Ctx { core }, timer);
            }
            SimEvent::PodChanged(pod) => {
                scheduler::pod_changed(&mut self.scheduler, &mut Ctx { core }, pod);
                kubelet::pod_changed(&mut self.agents, &mut Ctx { core }, pod);
            }
            SimEvent::PodRemoved(pod) => {
                scheduler::pod_removed(&mut self.scheduler, &mut Ctx { core }, pod);
                kubelet::pod_removed(&mut self.agents, &mut Ctx { core }, pod);
            }
            SimEvent::KubeletTimer(pod, timer) => {
                kubelet::timer(&mut self.agents, &mut Ctx { core }, pod, timer);
            }
            SimEvent::Terminate(pod) => core.remove_pod(pod),
            SimEvent::ProxySync(service, node) => traffic::proxy_sync(core, &service, node),
        }
    }
}

/// How long the controllers of a cluster take to act on what they hear.
fn controller_latency(random: Random, pace: Pace) -> SimDuration {
    let millis = SimDuration::from_millis;
    match pace {
        Pace::Live => random.draw("controller-latency", "").duration(millis(10), millis(20)),
        Pace::Stepped { .. } | Pace::Still => millis(1),
    }
}
