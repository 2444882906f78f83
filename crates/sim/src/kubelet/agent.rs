//! What a kubelet remembers of one pod.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use rollscope_api::object::{HostIp, Uid};
use rollscope_api::{SimTime, Timestamp};

use super::back_off::BackOff;
use super::probe::ProbeWorker;
use super::runtime::Runtime;
use super::spec::PodSpec;
use super::worker::Op;
use crate::store::UidNumber;

/// How far a pod's life has come. Models `PodWorkerState` in `pkg/kubelet/pod_workers.go`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It is to run.
    Sync,
    /// Its containers are to stop.
    Terminating,
    /// They have stopped: the pod is cleaned up.
    Terminated,
    /// Nothing is left to do.
    Finished,
}

/// Why a container could not be started, as its status says it.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) reason: &'static str,
    pub(super) message: Rc<str>,
}

/// What is remembered of pulling one image for the pod.
#[derive(Clone, Debug, Default)]
pub(super) struct Pull {
    pub(super) back_off: BackOff,
    /// What the last pull failed with.
    pub(super) error: Rc<str>,
}

/// The container that the pod's status last spoke of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reported {
    pub(super) attempt: i32,
    pub(super) running: bool,
    pub(super) started_at: Timestamp,
    pub(super) started: bool,
}

/// A pod as its kubelet knows it.
#[derive(Clone, Debug)]
pub(super) struct Agent {
    pub(super) spec: Rc<PodSpec>,
    pub(super) name: Rc<str>,
    pub(super) namespace: Rc<str>,
    pub(super) uid: Uid,
    pub(super) uid_number: UidNumber,
    pub(super) node: Rc<str>,
    pub(super) ip: Rc<str>,
    /// The address of the node's block that is held for the pod.
    pub(super) address: Option<u32>,
    /// The node's.
    pub(super) host_ips: Rc<[HostIp]>,
    pub(super) runtime: Runtime,
    /// When the runtime was last asked: everything up to then is known.
    pub(super) seen: SimTime,
    pub(super) stage: Stage,
    /// What remains to be done of the sync under way.
    pub(super) ops: VecDeque<Op>,
    /// The worker is in the middle of a sync, until then.
    pub(super) step_at: Option<SimTime>,
    /// When the worker looks at the pod next.
    pub(super) sync_at: Option<SimTime>,
    /// Something happened while the worker was busy.
    pub(super) pending: bool,
    /// When the last sync ended.
    pub(super) last_sync: Option<SimTime>,
    /// The sync under way did something.
    pub(super) acted: bool,
    /// The sync under way failed; with a back-off, when that ends.
    pub(super) failed: Option<Option<SimTime>>,
    /// How many syncs there were.
    pub(super) syncs: u32,
    /// By container: why it could not be started.
    pub(super) reasons: Vec<Option<Failure>>,
    /// By container: the wait between crashes.
    pub(super) crashes: Vec<BackOff>,
    /// By image.
    pub(super) pulls: BTreeMap<Rc<str>, Pull>,
    /// By container.
    pub(super) reported: Vec<Option<Reported>>,
    pub(super) probes: Vec<ProbeWorker>,
    pub(super) probing: bool,
    /// How often volumes could not be mounted.
    pub(super) mounts_failed: u32,
    /// Readiness is denied, whatever probes find.
    pub(super) unready: bool,
    /// The kubelet itself ends the pod, and why.
    pub(super) evicted: Option<Rc<str>>,
}

impl Agent {
    /// `web-5d4-x_default(UID)`. Models `format.Pod`.
    pub(super) fn full_name(&self) -> String {
        format!("{}_{}({})", self.name, self.namespace, self.uid)
    }

    pub(super) fn busy(&self) -> bool {
        self.step_at.is_some()
    }
}
