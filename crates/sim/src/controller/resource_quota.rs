//! The resourcequota controller: what is used, counted again when something left.
//! Models `pkg/controller/resourcequota`.

use std::rc::Rc;

use rollscope_api::Resource;
use rollscope_api::object::Unstructured;

use crate::apiserver::quota;
use crate::core::Core;
use crate::sim_event::Work;
use crate::store::Key;

/// An object left a namespace: its quotas may have room again.
pub(crate) fn object_deleted(core: &mut Core, namespace: &str) {
    let mut quotas = core.store.others(Resource::ResourceQuotas);
    let any = quotas.any(|(key, _)| *key.namespace == *namespace);
    drop(quotas);
    if any {
        core.enqueue(Work::ResourceQuota(Key::new(namespace, "")));
    }
}

/// Writes the status of a namespace's quotas where it changed. Models `syncResourceQuota`.
pub(crate) fn sync_resource_quota(core: &mut Core, namespace: &Key) {
    let quotas: Vec<(Key, Rc<Unstructured>)> = core
        .store
        .others(Resource::ResourceQuotas)
        .filter(|(key, _)| key.namespace == namespace.namespace)
        .map(|(key, object)| (key.clone(), object.clone()))
        .collect();
    for (key, object) in quotas {
        let used = quota::namespace_usage(core, &key.namespace, &object);
        let status = quota::status(&object, &used);
        if object.value["status"] != status {
            let mut new = Unstructured::clone(&object);
            new.value["status"] = status;
            core.store.put_other(key, new);
        }
    }
}
