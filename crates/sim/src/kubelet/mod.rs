//! The kubelets: what happens to a pod once it is bound to a node. Live pace only.
//!
//! Each pod has a worker that looks at it, does what has to be done, and is told to look again when
//! its containers or probes change. Nothing is polled: where the real kubelet would look and find
//! nothing new, nothing happens here.
//! Models `pkg/kubelet`.

mod actions;
mod agent;
mod answer;
mod back_off;
mod conditions;
mod connect;
mod deadline;
mod go_time;
mod image_name;
mod machine;
mod phase;
mod pod_action;
mod probe;
mod runtime;
mod spec;
mod start;
mod status;
mod terminate;
mod volumes;
mod worker;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::Ipv4Addr;
use std::rc::Rc;

use rollscope_api::object::{HostIp, Node, ObjectReference, Pod};
use rollscope_api::{SimDuration, SimTime, Value};

use crate::addresses::PodAddresses;
use crate::store::{PodId, UidNumber};
use crate::world::Range;
use crate::{Ctx, Report, SimEvent, World};
use agent::{Agent, Stage};
pub(crate) use connect::{Connection, Process};
pub(crate) use machine::{is_lost, machine_added, machine_lost, machine_recovered};
pub use pod_action::PodAction;
pub(crate) use pod_action::{act, is_readiness_denied};
use spec::PodSpec;

/// What the kubelets of all nodes remember beyond the pods' statuses.
#[derive(Clone, Debug, Default)]
pub struct NodeAgents(Rc<Memory>);

#[derive(Clone, Debug, Default)]
struct Memory {
    agents: BTreeMap<PodId, Rc<Agent>>,
    nodes: BTreeMap<Rc<str>, Rc<NodeRuntime>>,
    /// Whether any node was ever lost: without, there is nothing to look for.
    any_lost: bool,
    /// Specs that were read lately, so that the pods of a template share what was read.
    read: Vec<(Rc<Value>, Rc<PodSpec>)>,
}

/// What belongs to a node rather than to one of its pods.
#[derive(Clone, Debug, Default)]
struct NodeRuntime {
    /// Images that are on the node, with their tags.
    images: BTreeSet<Rc<str>>,
    image_ids: BTreeMap<Rc<str>, Rc<str>>,
    /// Images that are being pulled, and until when.
    pulling: BTreeMap<Rc<str>, SimTime>,
    /// The last pull that is planned ends then.
    pulls_until: SimTime,
    /// All pods are listed at this moment and at every period from it.
    relist_offset: SimDuration,
    /// Its network is cut: it is not heard of.
    lost: bool,
    host_ips: Rc<[HostIp]>,
    addresses: PodAddresses,
}

/// Something a kubelet has set itself to do later.
#[derive(Clone, Debug)]
pub enum Timer {
    /// The pod's worker looks at it.
    Sync,
    /// The step of the worker under way is over.
    Step,
    /// A probe's turn, by its number.
    Probe(u8),
}

/// A kubelet at work on one pod.
struct Turn<'a, 'c> {
    ctx: &'a mut Ctx<'c>,
    agent: &'a mut Agent,
    node: &'a mut NodeRuntime,
    id: PodId,
    now: SimTime,
}

/// A kubelet hears of one of its pods: it was bound, changed by others than the kubelet itself,
/// or its deletion began.
pub fn pod_changed(agents: &mut NodeAgents, ctx: &mut Ctx<'_>, id: PodId) {
    let memory = Rc::make_mut(&mut agents.0);
    let Some(pod) = ctx.listers().pod(id).cloned() else { return };
    if !memory.agents.contains_key(&id) {
        memory.adopt(ctx, id, &pod);
    }
    let deleting = pod.metadata.deletion_timestamp.is_some();
    drop(pod);
    memory.turn(ctx, id, |turn| {
        match turn.agent.stage {
            Stage::Sync if deleting => turn.agent.stage = Stage::Terminating,
            Stage::Terminating if deleting => return turn.shorten_grace(),
            Stage::Finished if deleting => return turn.ctx.remove_pod(id),
            Stage::Sync => {}
            _ => return,
        }
        turn.sync_now_or_once_seen();
    });
}

/// A pod is gone from the store. What still runs of it is stopped, unseen but for the Events.
pub fn pod_removed(agents: &mut NodeAgents, ctx: &mut Ctx<'_>, id: PodId) {
    let memory = Rc::make_mut(&mut agents.0);
    memory.turn(ctx, id, |turn| {
        if turn.agent.stage == Stage::Sync {
            turn.stop_orphans();
        }
    });
    if let Some(agent) = memory.agents.remove(&id) {
        if let (Some(address), Some(node)) = (agent.address, memory.nodes.get_mut(&agent.node)) {
            Rc::make_mut(node).addresses.give_back(address);
        }
        ctx.process_gone(id, || agent.facts());
    }
}

/// A kubelet's own timer has come.
pub fn timer(agents: &mut NodeAgents, ctx: &mut Ctx<'_>, id: PodId, timer: Timer) {
    Rc::make_mut(&mut agents.0).turn(ctx, id, |turn| match timer {
        Timer::Sync => turn.sync(),
        Timer::Step => turn.step(),
        Timer::Probe(index) => turn.probe(usize::from(index)),
    });
}

/// The world was replaced: what specs say of images is read anew, and probes may find another
/// answer.
pub(crate) fn world_changed(agents: &mut NodeAgents, ctx: &mut Ctx<'_>) {
    let memory = Rc::make_mut(&mut agents.0);
    memory.read.clear();
    let ids: Vec<PodId> = memory.agents.keys().copied().collect();
    for id in ids {
        let Some(pod) = ctx.listers().pod(id) else { continue };
        let spec = memory.spec_of(&pod.spec.clone(), ctx.world());
        if let Some(agent) = memory.agents.get_mut(&id) {
            Rc::make_mut(agent).spec = spec;
        }
        memory.turn(ctx, id, |turn| turn.rearm_probes());
    }
}

impl Memory {
    /// A new pod of the node.
    fn adopt(&mut self, ctx: &mut Ctx<'_>, id: PodId, pod: &Rc<Pod>) {
        let Some(name) = pod.node_name.clone() else { return };
        let is_there = self.nodes.contains_key(&name) || ctx.listers().node(&name).is_some();
        if pod.status.phase.is_terminal() || !is_there {
            return;
        }
        let spec = self.spec_of(&pod.spec, ctx.world());
        let containers = spec.containers.len();
        let node = Rc::make_mut(self.node(ctx, &name));
        let host_ips = node.host_ips.clone();
        let address = match spec.host_network {
            true => None,
            false => node.addresses.take().or_else(|| Some(ctx.core.addresses.spare())),
        };
        let ip = match (address, host_ips.first()) {
            (Some(address), _) => Ipv4Addr::from(address).to_string().into(),
            (None, host) => host.map(|host| host.ip.clone()).unwrap_or_default(),
        };
        let agent = Agent {
            spec,
            name: pod.metadata.name.clone(),
            namespace: pod.metadata.namespace.clone(),
            uid: pod.metadata.uid.clone(),
            uid_number: UidNumber::of(&pod.metadata.uid),
            node: name,
            ip,
            address,
            host_ips,
            runtime: Default::default(),
            seen: ctx.now(),
            stage: Stage::Sync,
            ops: VecDeque::new(),
            step_at: None,
            sync_at: None,
            pending: false,
            last_sync: None,
            acted: false,
            failed: None,
            syncs: 0,
            reasons: vec![None; containers],
            crashes: vec![Default::default(); containers],
            pulls: BTreeMap::new(),
            reported: vec![None; containers],
            probes: Vec::new(),
            probing: false,
            mounts_failed: 0,
            unready: false,
            evicted: None,
        };
        self.agents.insert(id, Rc::new(agent));
    }

    fn node(&mut self, ctx: &Ctx<'_>, name: &Rc<str>) -> &mut Rc<NodeRuntime> {
        self.nodes.entry(name.clone()).or_insert_with(|| {
            let period = u64::from(ctx.world().kubelet.relist_ms) * 1_000;
            let offset = ctx.draw("relist", name).below(period) as i64;
            let node = ctx.listers().node(name).map(|node| &**node);
            Rc::new(NodeRuntime {
                host_ips: node.map_or_else(Rc::default, host_ips),
                addresses: PodAddresses::of(node),
                relist_offset: SimDuration::from_micros(offset),
                ..NodeRuntime::default()
            })
        })
    }

    fn spec_of(&mut self, spec: &Rc<Value>, world: &World) -> Rc<PodSpec> {
        const REMEMBERED: usize = 16;
        let known = self.read.iter().find(|(known, _)| Rc::ptr_eq(known, spec));
        if let Some((_, read)) = known {
            return read.clone();
        }
        let read = Rc::new(PodSpec::of(spec, world));
        if self.read.len() == REMEMBERED {
            self.read.remove(0);
        }
        self.read.push((spec.clone(), read.clone()));
        read
    }

    /// Lets the kubelet of a pod act, if it knows the pod and is heard of.
    fn turn<T>(
        &mut self,
        ctx: &mut Ctx<'_>,
        id: PodId,
        act: impl FnOnce(&mut Turn<'_, '_>) -> T,
    ) -> Option<T> {
        if self.is_silent(id) {
            return None;
        }
        let agent = Rc::make_mut(self.agents.get_mut(&id)?);
        let node = Rc::make_mut(self.nodes.get_mut(&agent.node)?);
        let now = ctx.now();
        Some(act(&mut Turn { ctx, agent, node, id, now }))
    }
}

/// Models `GetNodeHostIPs` in `pkg/util/node/node.go`.
fn host_ips(node: &Node) -> Rc<[HostIp]> {
    let addresses = node.status["addresses"].as_array().into_iter().flatten();
    let internal = addresses.filter(|address| address["type"] == "InternalIP");
    internal
        .filter_map(|address| Some(HostIp { ip: address["address"].as_str()?.into() }))
        .collect()
}

impl Turn<'_, '_> {
    fn pod(&self) -> Option<&Rc<Pod>> {
        self.ctx.listers().pod(self.id)
    }

    fn enqueue_at(&mut self, at: SimTime, timer: Timer) {
        self.ctx.enqueue_at(at, SimEvent::KubeletTimer(self.id, timer));
    }

    /// A span drawn for this pod: every draw for one purpose is another.
    fn draw(&self, purpose: &str, range: Range) -> SimDuration {
        if range.min_ms == range.max_ms {
            return range.min();
        }
        self.chance(purpose).duration(range.min(), range.max())
    }

    /// From nothing up to so many microseconds.
    fn draw_micros(&self, purpose: &str, most: i64) -> SimDuration {
        self.chance(purpose).duration(SimDuration::ZERO, SimDuration::from_micros(most))
    }

    fn chance(&self, purpose: &str) -> crate::kernel::Draw {
        let mut draw = self.ctx.draw(purpose, &self.agent.name);
        // Draws of later syncs do not depend on how many there were before for other purposes.
        for _ in 0..self.agent.syncs % 64 {
            draw.next_u64();
        }
        draw
    }

    fn report_pod(&mut self, type_: &'static str, reason: &'static str, message: Rc<str>) {
        self.report(word!(""), type_, reason, message);
    }

    fn report_container(
        &mut self,
        container: usize,
        type_: &'static str,
        reason: &'static str,
        message: Rc<str>,
    ) {
        let field_path = self.agent.spec.containers[container].field_path.clone();
        self.report(field_path, type_, reason, message);
    }

    fn report(
        &mut self,
        field_path: Rc<str>,
        type_: &'static str,
        reason: &'static str,
        message: Rc<str>,
    ) {
        let agent = &*self.agent;
        let version = self.pod().map(|pod| pod.metadata.resource_version);
        let object = ObjectReference {
            kind: word!("Pod"),
            namespace: agent.namespace.clone(),
            name: agent.name.clone(),
            uid: agent.uid.clone(),
            api_version: word!("v1"),
            resource_version: version.unwrap_or_default(),
            field_path,
        };
        let (host, uid) = (agent.node.clone(), agent.uid_number);
        let report = Report { component: "kubelet", host, object, type_, reason, message };
        self.ctx.core.record_about(uid, &report);
    }
}
