//! Everything that can happen, as one closed enum.

use crate::store::{Key, PodId};
use crate::{kubelet, scheduler};

/// Something that happens at a moment of the simulation.
#[derive(Clone, Debug)]
pub enum SimEvent {
    /// A controller's worker takes a key from its work queue and syncs it.
    Sync(Work),
    /// The delay of a key is over: it enters its work queue.
    Enqueue(Work),
    /// The scheduler looks at the pods that have no node.
    Schedule,
    /// A timer of the scheduler's own.
    SchedulerTimer(scheduler::Timer),
    /// The kubelet of the pod's node hears that the pod was bound, changed or is being deleted.
    PodChanged(PodId),
    /// The kubelet hears that the pod is gone.
    PodRemoved(PodId),
    /// A timer of the kubelet's own.
    KubeletTimer(PodId, kubelet::Timer),
    /// The proxy of a node, by its number, takes over what the EndpointSlices of a Service say.
    ProxySync(Key, u32),
    /// A played node lets go of a pod that is being deleted.
    Terminate(PodId),
}

/// A key in one of the controllers' work queues.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// The deployment controller.
    Deployment(Key),
    /// The replicaset controller.
    ReplicaSet(Key),
    /// The garbage collector, for everything that may have lost its owner.
    GarbageCollection,
    /// The resourcequota controller, for the quotas of a namespace.
    ResourceQuota(Key),
    /// The endpointslice controller, for a Service.
    EndpointSlice(Key),
    /// The node lifecycle controller, for a node.
    NodeLifecycle(Key),
    /// The taint eviction controller, for the pods of a node.
    TaintEviction(Key),
    /// The pod garbage collector.
    PodGarbageCollection,
    /// The namespace controller.
    Namespace(Key),
}
