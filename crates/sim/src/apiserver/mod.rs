//! The API server: decoding, defaulting, admission, validation, storing.
//! Models `k8s.io/apiserver/pkg/endpoints/handlers` and `pkg/registry`.

mod admission;
mod create;
mod delete;
pub(crate) mod names;
mod objects;
mod patch;
mod patch_text;
pub(crate) mod quota;
mod read;
mod scale;
mod service;
mod update;

use rollscope_api::{
    Api, DeleteOptions, ListOptions, PatchType, Resource, SimTime, Status, Subresource, Value,
    WriteOptions, Written,
};

pub(crate) use admission::{admit_pod_spec, check_namespace, qos_class};

use crate::Cluster;

impl Api for Cluster {
    fn now(&self) -> SimTime {
        Cluster::now(self)
    }

    fn get(&mut self, resource: Resource, namespace: &str, name: &str) -> Result<Value, Status> {
        read::get(&self.core, resource, namespace, name)
    }

    fn list(
        &mut self,
        resource: Resource,
        namespace: Option<&str>,
        options: &ListOptions,
    ) -> Result<Vec<Value>, Status> {
        read::list(&self.core, resource, namespace, options)
    }

    fn create(
        &mut self,
        resource: Resource,
        namespace: &str,
        body: Value,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        create::create(&mut self.core, resource, namespace, &body, options)
    }

    fn update(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        body: Value,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        update::put(&mut self.core, resource, namespace, name, &body, options)
    }

    fn patch(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        subresource: Subresource,
        patch_type: PatchType,
        body: Value,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        let request = patch::Request { resource, namespace, name, subresource, patch_type };
        patch::patch(&mut self.core, &request, &body, options)
    }

    fn delete(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<Value, Status> {
        delete::delete(&mut self.core, resource, namespace, name, options)
    }

    fn evict(
        &mut self,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<(), Status> {
        delete::evict(&mut self.core, namespace, name, options)
    }
}
