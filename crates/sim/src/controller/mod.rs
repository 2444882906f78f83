//! The controllers of kube-controller-manager. Each mirrors the upstream files it names.

pub mod deployment;
pub(crate) mod endpoint_slice;
pub(crate) mod garbage_collector;
pub(crate) mod namespace;
pub(crate) mod node_lifecycle;
pub(crate) mod owner;
pub(crate) mod pod_garbage_collector;
pub(crate) mod replica_set;
pub(crate) mod resource_quota;
pub(crate) mod taint_eviction;

use std::collections::BTreeMap;

use rollscope_api::Value;
use rollscope_api::order;

use crate::core::Core;
use crate::sim_event::Work;

/// A worker takes a key and syncs it.
pub(crate) fn process(core: &mut Core, work: &Work) {
    core.work.take(work);
    match work {
        Work::Deployment(key) => deployment::process(core, key),
        Work::ReplicaSet(key) => replica_set::process(core, key),
        Work::GarbageCollection => garbage_collector::collect(core),
        Work::ResourceQuota(key) => resource_quota::sync_resource_quota(core, key),
        Work::EndpointSlice(key) => endpoint_slice::process(core, key),
        Work::NodeLifecycle(key) => node_lifecycle::process(core, key),
        Work::TaintEviction(key) => taint_eviction::process(core, key),
        Work::PodGarbageCollection => pod_garbage_collector::collect(core),
        Work::Namespace(key) => namespace::sync_namespace(core, key),
    }
}

/// The texts of a wire-form map; anything else is left out.
pub(crate) fn string_map(value: &Value) -> BTreeMap<String, String> {
    let entries = value.as_object().into_iter().flatten();
    order::gather(
        entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))),
    )
}
