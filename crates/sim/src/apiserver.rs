//! The API server: what kubectl and pages ask for.

use rollscope_api::{
    Api, DeleteOptions, ListOptions, PatchType, Resource, SimTime, Status, Subresource, Value,
    WriteOptions, Written,
};

use crate::Cluster;

impl Api for Cluster {
    fn now(&self) -> SimTime {
        Cluster::now(self)
    }

    fn get(&mut self, resource: Resource, _namespace: &str, name: &str) -> Result<Value, Status> {
        Err(Status::not_found(&resource.group_resource(), name))
    }

    fn list(
        &mut self,
        _resource: Resource,
        _namespace: Option<&str>,
        _options: &ListOptions,
    ) -> Result<Vec<Value>, Status> {
        Ok(Vec::new())
    }

    fn create(
        &mut self,
        _resource: Resource,
        _namespace: &str,
        _body: Value,
        _options: &WriteOptions,
    ) -> Result<Written, Status> {
        Err(Status::bad_request("not served yet"))
    }

    fn update(
        &mut self,
        resource: Resource,
        _namespace: &str,
        name: &str,
        _body: Value,
        _options: &WriteOptions,
    ) -> Result<Written, Status> {
        Err(Status::not_found(&resource.group_resource(), name))
    }

    fn patch(
        &mut self,
        resource: Resource,
        _namespace: &str,
        name: &str,
        _subresource: Subresource,
        _patch_type: PatchType,
        _body: Value,
        _options: &WriteOptions,
    ) -> Result<Written, Status> {
        Err(Status::not_found(&resource.group_resource(), name))
    }

    fn delete(
        &mut self,
        resource: Resource,
        _namespace: &str,
        name: &str,
        _options: &DeleteOptions,
    ) -> Result<Value, Status> {
        Err(Status::not_found(&resource.group_resource(), name))
    }
}
