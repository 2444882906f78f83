//! The stage: every pod of the moment, in the lane of its ReplicaSet or of its node.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::object::{Deployment, Pod, ReplicaSet, Uid};
use rollscope_api::order;
use rollscope_api::{SimDuration, SimTime};
use rollscope_sim::store::{PodId, Store};

use super::nodes::{self, NodeFacts};
use super::pod_state::{self, Look, PodState};
use super::rollout::{self, Accent, Going, Limits};
use crate::texts::Texts;

/// Everything the stage shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stage {
    /// Deployments by name, then what has none.
    pub owners: Vec<Owner>,
    /// How large pods are drawn.
    pub size: PodSize,
    /// How many pods are on the stage.
    pub count: usize,
    /// Whether a ring grows, so that the stage changes although no object does.
    pub rings: bool,
}

/// A Deployment and its ReplicaSets, or a group of nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Owner {
    /// Namespace and name; empty for what has no Deployment.
    pub key: String,
    /// What stands above the lanes.
    pub heading: Heading,
    /// Newest revision first.
    pub lanes: Vec<Lane>,
}

/// What stands above lanes.
#[derive(Clone, Debug, PartialEq)]
pub enum Heading {
    /// A Deployment.
    Deployment {
        /// Its name.
        name: String,
        /// Numbers.
        facts: Facts,
        /// How it goes.
        going: Going,
    },
    /// Pods without a Deployment.
    Loose,
    /// Nodes.
    Nodes,
}

/// A Deployment's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// `spec.replicas`
    pub wanted: i32,
    /// `status.availableReplicas`, counted over the pods.
    pub available: i32,
    /// Pods that are not being deleted and have not ended.
    pub up: i32,
    /// Pods being deleted.
    pub terminating: i32,
    /// How many more and fewer are allowed.
    pub limits: Limits,
    /// During a rolling update fewer are available than it lets happen.
    pub is_below_floor: bool,
}

/// One row of pods.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// The name of the ReplicaSet or node.
    pub name: String,
    /// What kind of row it is.
    pub kind: LaneKind,
    /// Its colour.
    pub accent: Accent,
    /// Active pods by age, then those that leave.
    pub pods: Vec<PodItem>,
}

/// What a row stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum LaneKind {
    /// A ReplicaSet.
    ReplicaSet {
        /// Its revision.
        revision: Option<i64>,
        /// The revision it was before.
        was: Option<i64>,
        /// The images of its containers.
        images: String,
        /// `spec.replicas`
        wanted: i32,
        /// Available pods.
        available: i32,
    },
    /// A node.
    Node(NodeFacts),
    /// Pods without a node, or without an owner.
    Loose,
}

/// One pod.
#[derive(Clone, Debug)]
pub struct PodItem {
    /// Its number, which no other pod ever has.
    pub id: PodId,
    /// The pod as it is; two items that look the same are equal whatever else it says.
    pub pod: Rc<Pod>,
    /// Its shape.
    pub look: Look,
    /// Its revision; empty where it has none.
    pub revision: Option<i64>,
    /// Its colour.
    pub accent: Accent,
    /// It is gone and only its image fades.
    pub gone: bool,
}

impl PodItem {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.pod.metadata.name
    }
}

impl PartialEq for PodItem {
    fn eq(&self, other: &Self) -> bool {
        (self.id, self.look, self.revision, self.accent, self.gone)
            == (other.id, other.look, other.revision, other.accent, other.gone)
    }
}

/// How large pods are drawn, by how many share a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodSize {
    /// A dozen.
    #[default]
    Large,
    /// Some dozens.
    Medium,
    /// About a hundred.
    Small,
    /// Some hundreds.
    Tiny,
    /// More, in blocks of a hundred.
    Dot,
    /// A thousand and more, so that all of them can be seen.
    Speck,
}

impl PodSize {
    fn of(in_fullest_lane: usize, in_all: usize) -> Self {
        match (in_fullest_lane, in_all) {
            (_, 600..) => Self::Speck,
            (_, 260..) => Self::Dot,
            (0..=14, _) => Self::Large,
            (15..=44, _) => Self::Medium,
            (45..=110, _) => Self::Small,
            _ => Self::Tiny,
        }
    }

    /// The class that sets the size.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Large => "size-l",
            Self::Medium => "size-m",
            Self::Small => "size-s",
            Self::Tiny => "size-xs",
            Self::Dot => "size-dot",
            Self::Speck => "size-dot speck",
        }
    }

    /// Whether pods are so many that nobody follows a single one.
    pub fn is_crowd(self) -> bool {
        self >= Self::Dot
    }
}

/// By what pods are put into rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// By ReplicaSet.
    #[default]
    ReplicaSet,
    /// By node.
    Node,
}

/// Everything needed to look at a pod.
struct Eye<'a> {
    store: &'a Store,
    now: SimTime,
    /// Pods whose image is being pulled.
    pulling: &'a dyn Fn(&Pod) -> bool,
    texts: &'static Texts,
}

impl Eye<'_> {
    fn pod(
        &self,
        (id, pod): (PodId, &Rc<Pod>),
        revision: Option<i64>,
        accent: Accent,
        min_ready: i32,
    ) -> PodItem {
        let min_ready = SimDuration::from_secs(min_ready.into());
        let waits = pod.node_name.is_some() && pod.metadata.deletion_timestamp.is_none();
        let pulling = waits && (self.pulling)(pod);
        let look = pod_state::look(pod, pulling, min_ready, self.now);
        PodItem { id, pod: pod.clone(), look, revision, accent, gone: false }
    }

    /// The pods of an owner in the order they are drawn in: those that leave are last.
    fn pods_of(&self, set: &ReplicaSet) -> Vec<PodItem> {
        let (revision, accent) = (rollout::revision(set), Accent::of(set));
        let pods = self.store.pods_of(&set.metadata.uid);
        let mut items: Vec<PodItem> =
            pods.map(|pod| self.pod(pod, revision, accent, set.spec.min_ready_seconds)).collect();
        order::sort_by_key(&mut items, |item| is_leaving(item.look.state));
        items
    }

    fn lane(&self, set: &ReplicaSet) -> Lane {
        let pods = self.pods_of(set);
        let available = count(&pods, |state| state == PodState::Available);
        Lane {
            name: set.metadata.name.to_string(),
            accent: Accent::of(set),
            kind: LaneKind::ReplicaSet {
                revision: rollout::revision(set),
                was: rollout::past_revisions(set).last().copied(),
                images: set.spec.template.images().join(", "),
                wanted: set.spec.replicas,
                available,
            },
            pods,
        }
    }

    fn owner(&self, deployment: &Deployment) -> Owner {
        let sets = rollout::replica_sets(self.store, deployment);
        let lanes: Vec<Lane> = sets
            .iter()
            .map(|set| self.lane(set))
            .enumerate()
            .filter(|(at, lane)| *at == 0 || !lane.is_empty())
            .map(|(_, lane)| lane)
            .collect();
        let all = lanes.iter().flat_map(|lane| &lane.pods);
        let mut facts = Facts {
            wanted: deployment.spec.replicas,
            limits: rollout::limits(deployment),
            ..Facts::default()
        };
        for pod in all {
            facts.available += i32::from(pod.look.state == PodState::Available);
            facts.up += i32::from(!is_leaving(pod.look.state));
            facts.terminating += i32::from(pod.look.state == PodState::Terminating);
        }
        let meta = &deployment.metadata;
        // While the first revision comes up there is nothing yet that could be missed.
        facts.is_below_floor = lanes.len() > 1
            && !facts.limits.recreate
            && facts.available < facts.wanted - facts.limits.max_unavailable;
        Owner {
            key: format!("{}/{}", meta.namespace, meta.name),
            heading: Heading::Deployment {
                name: meta.name.to_string(),
                facts,
                going: rollout::going(deployment),
            },
            lanes,
        }
    }

    /// ReplicaSets without a Deployment, and pods without anything.
    fn loose(&self) -> Vec<Lane> {
        let sets = self.store.replica_sets().map(|(_, set)| set);
        let loose = sets.filter(|set| set.metadata.controller().is_none());
        let mut lanes: Vec<Lane> = loose.map(|set| self.lane(set)).collect();
        let orphans = self.store.pods_of(&Uid::None);
        let pods: Vec<PodItem> = orphans.map(|pod| self.pod(pod, None, Accent::None, 0)).collect();
        if !pods.is_empty() {
            let name = self.texts.loose_pods.to_owned();
            lanes.push(Lane { name, kind: LaneKind::Loose, accent: Accent::None, pods });
        }
        lanes
    }

    fn by_replica_set(&self) -> Vec<Owner> {
        let deployments = self.store.deployments();
        let mut owners: Vec<Owner> =
            deployments.map(|(_, deployment)| self.owner(deployment)).collect();
        let lanes = self.loose();
        if !lanes.is_empty() {
            owners.push(Owner { key: String::new(), heading: Heading::Loose, lanes });
        }
        owners
    }

    fn by_node(&self) -> Vec<Owner> {
        let sets: BTreeMap<&Uid, &Rc<ReplicaSet>> =
            order::gather(self.store.replica_sets().map(|(_, set)| (&set.metadata.uid, set)));
        let item = |(id, pod): (PodId, &Rc<Pod>)| {
            let set = pod.metadata.controller().and_then(|owner| sets.get(&owner.uid));
            match set {
                Some(set) => {
                    let min_ready = set.spec.min_ready_seconds;
                    self.pod((id, pod), rollout::revision(set), Accent::of(set), min_ready)
                }
                None => self.pod((id, pod), None, Accent::None, 0),
            }
        };
        let lane = |name: &str, kind: LaneKind, pods: Vec<PodItem>| Lane {
            name: name.to_owned(),
            kind,
            accent: Accent::None,
            pods,
        };
        let mut requests = nodes::Requests::default();
        let mut lanes: Vec<Lane> = self
            .store
            .nodes()
            .map(|node| {
                let name = &*node.metadata.name;
                let facts = nodes::facts(self.store, node, &mut requests);
                let pods = self.store.pods_on_node(name).map(item).collect();
                lane(name, LaneKind::Node(facts), pods)
            })
            .collect();
        let unbound: Vec<PodItem> = self.store.unbound_pods().map(item).collect();
        if !unbound.is_empty() {
            lanes.push(lane(self.texts.no_node, LaneKind::Loose, unbound));
        }
        vec![Owner { key: "nodes".to_owned(), heading: Heading::Nodes, lanes }]
    }
}

impl Lane {
    /// No pods, and none wanted.
    pub fn is_empty(&self) -> bool {
        let wanted = matches!(self.kind, LaneKind::ReplicaSet { wanted: 1.., .. });
        self.pods.is_empty() && !wanted
    }
}

fn is_leaving(state: PodState) -> bool {
    matches!(state, PodState::Terminating | PodState::Failed | PodState::Succeeded)
}

fn count(pods: &[PodItem], is: impl Fn(PodState) -> bool) -> i32 {
    pods.iter().filter(|pod| is(pod.look.state)).count() as i32
}

/// The stage of a moment.
pub fn stage(
    store: &Store,
    now: SimTime,
    grouping: Grouping,
    pulling: &dyn Fn(&Pod) -> bool,
    texts: &'static Texts,
) -> Stage {
    let eye = Eye { store, now, pulling, texts };
    let owners = match grouping {
        Grouping::Node if store.pod_count() > 0 => eye.by_node(),
        _ => eye.by_replica_set(),
    };
    let lanes = || owners.iter().flat_map(|owner| &owner.lanes);
    let pods: usize = lanes().map(|lane| lane.pods.len()).sum();
    let fullest = lanes().map(|lane| lane.pods.len()).max().unwrap_or(0);
    let rings = lanes().flat_map(|lane| &lane.pods).any(|pod| pod.look.progress.is_some());
    Stage { size: PodSize::of(fullest, pods), count: pods, rings, owners }
}

/// Pods above which those that leave simply go: so many fading images would be a blur.
const FADING_MAX: usize = 120;

impl Stage {
    /// Every pod, lane by lane.
    pub fn pods(&self) -> impl Iterator<Item = &PodItem> {
        self.owners.iter().flat_map(|owner| &owner.lanes).flat_map(|lane| &lane.pods)
    }

    /// Keeps the image of pods that were on the stage before and are gone now, where they stood.
    /// Returns how many there are.
    pub fn keep_gone(&mut self, before: &Self) -> usize {
        if self.count > FADING_MAX {
            return 0;
        }
        let mut kept = 0;
        for owner in &mut self.owners {
            let Some(old_owner) = before.owners.iter().find(|old| old.key == owner.key) else {
                continue;
            };
            for lane in &mut owner.lanes {
                let old_lanes = old_owner.lanes.iter();
                let Some(old) = old_lanes.into_iter().find(|old| old.name == lane.name) else {
                    continue;
                };
                for (at, pod) in old.pods.iter().enumerate() {
                    if !lane.pods.iter().any(|now| now.id == pod.id) {
                        let image = PodItem { gone: true, ..pod.clone() };
                        lane.pods.insert(at.min(lane.pods.len()), image);
                        kept += 1;
                    }
                }
            }
        }
        kept
    }
}
