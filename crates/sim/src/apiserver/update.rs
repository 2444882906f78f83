//! Replacing. Models `updateHandler` and `BeforeUpdate`.

use rollscope_api::object::{Object, Uid};
use rollscope_api::{
    Resource, Status, Subresource, Value, WriteOptions, Written, decode, defaults, validate,
};
use serde_json::json;

use super::create::{check, encode_string_data, has_generation, object, set_namespace};
use super::{objects, read, service};
use crate::core::Core;
use crate::store::Key;

pub(super) fn put(
    core: &mut Core,
    resource: Resource,
    namespace: &str,
    name: &str,
    body: &Value,
    options: &WriteOptions,
) -> Result<Written, Status> {
    let decoded = decode::decode(resource, body, options.field_validation)?;
    let mut value = decoded.value;
    set_namespace(resource, namespace, &mut value)?;
    let given = value["metadata"]["name"].as_str().unwrap_or_default();
    if given != name {
        return Err(Status::bad_request(format!(
            "the name of the object ({given}) does not match the name on the URL ({name})"
        )));
    }
    let change = Change { resource, key: read::key(resource, namespace, name), options };
    change.apply(core, value, Subresource::None, decoded.warnings)
}

/// An object without a resourceVersion replaces whatever there is: every resource served here
/// has `AllowUnconditionalUpdate`.
fn allow_unconditional_update(current: &Object, value: &mut Value) {
    let metadata = &mut value["metadata"];
    if metadata.is_object() && metadata["resourceVersion"].as_str().unwrap_or_default().is_empty() {
        metadata["resourceVersion"] = json!(current.metadata().resource_version.to_string());
    }
}

/// A write to an existing object.
pub(super) struct Change<'a> {
    pub(super) resource: Resource,
    pub(super) key: Key,
    pub(super) options: &'a WriteOptions,
}

impl Change<'_> {
    /// Defaults, checks and stores a decoded object in place of the stored one.
    pub(super) fn apply(
        &self,
        core: &mut Core,
        mut value: Value,
        subresource: Subresource,
        mut warnings: Vec<String>,
    ) -> Result<Written, Status> {
        let resource = self.resource;
        let current = objects::get(core, resource, &self.key)?;
        self.check_preconditions(&current, &value)?;
        allow_unconditional_update(&current, &mut value);
        defaults::set_defaults(resource, &mut value);
        let old = current.to_value();
        prepare(core, resource, subresource, &mut value, &old);
        let name = &self.key.name;
        check(resource, name, validate::validate(resource, &value, Some(&old)))?;
        warnings.extend(validate::warnings(resource, &value, Some(&old)));
        let mut new = Object::from_value(resource, value)?;
        keep_metadata(&current, &mut new);
        if subresource == Subresource::None && counts_as_change(&current, &new) {
            new.metadata_mut().generation += 1;
        }
        if self.options.dry_run {
            return Ok(Written { object: new.to_value(), warnings });
        }
        if new.metadata().deletion_timestamp.is_some() && new.metadata().finalizers.is_empty() {
            let removed = objects::replace(core, &self.key, &current, new).to_value();
            super::delete::remove(core, resource, &self.key);
            return Ok(Written { object: removed, warnings });
        }
        let stored = objects::replace(core, &self.key, &current, new);
        Ok(Written { object: stored.to_value(), warnings })
    }

    /// A resourceVersion or uid in the body must be the stored one.
    fn check_preconditions(&self, current: &Object, value: &Value) -> Result<(), Status> {
        let text = |field: &str| value["metadata"][field].as_str().unwrap_or_default();
        let metadata = current.metadata();
        let group_resource = self.resource.group_resource();
        let uid = text("uid");
        if !uid.is_empty() && metadata.uid != Uid::from(uid) {
            let message = format!(
                "Operation cannot be fulfilled on {group_resource} {:?}: Precondition failed: UID \
                 in precondition: {uid}, UID in object meta: {}",
                self.key.name, metadata.uid
            );
            return Err(Status { message, ..Status::conflict(&group_resource, &self.key.name) });
        }
        let version = text("resourceVersion");
        if !version.is_empty() && version != "0" && version != metadata.resource_version.to_string()
        {
            return Err(Status::conflict(&group_resource, &self.key.name));
        }
        Ok(())
    }
}

/// What this endpoint cannot change is put back. Models the strategies' `PrepareForUpdate`.
fn prepare(
    core: &Core,
    resource: Resource,
    subresource: Subresource,
    value: &mut Value,
    old: &Value,
) {
    if subresource == Subresource::Status {
        let status = value["status"].take();
        let annotations = value["metadata"]["annotations"].take();
        *value = old.clone();
        value["status"] = status;
        // The Deployment's status endpoint lets annotations through: revisions are written there.
        if resource == Resource::Deployments && !annotations.is_null() {
            value["metadata"]["annotations"] = annotations;
        }
        return;
    }
    if !matches!(resource, Resource::Nodes | Resource::Events | Resource::ConfigMaps)
        && resource != Resource::Secrets
    {
        value["status"] = old["status"].clone();
    }
    match resource {
        Resource::Services => service::allocate(core, value, Some(old)),
        Resource::Secrets => encode_string_data(value),
        Resource::Pods if value["spec"]["nodeName"].is_null() => {
            // Pods are assigned through the binding subresource alone.
            value["spec"]["nodeName"] = old["spec"]["nodeName"].clone();
        }
        _ => {}
    }
    if value["status"].is_null() {
        value["status"] = json!({});
    }
    own_metadata(value, old);
}

/// What a client leaves out or cannot change is the stored object's. Models `BeforeUpdate`.
fn own_metadata(value: &mut Value, old: &Value) {
    let metadata = object(&mut value["metadata"]);
    for field in ["generation", "uid", "creationTimestamp"] {
        match old["metadata"].get(field) {
            Some(own) => metadata.insert(field.to_owned(), own.clone()),
            None => metadata.remove(field),
        };
    }
}

/// The server's own metadata does not change with what a client sends.
fn keep_metadata(current: &Object, new: &mut Object) {
    let old = current.metadata().clone();
    let metadata = new.metadata_mut();
    (metadata.name, metadata.namespace) = (old.name, old.namespace);
    metadata.uid = old.uid;
    metadata.resource_version = old.resource_version;
    metadata.creation_timestamp = old.creation_timestamp;
    metadata.deletion_timestamp = old.deletion_timestamp;
    metadata.deletion_grace_period_seconds = old.deletion_grace_period_seconds;
    metadata.generation = old.generation;
    if metadata.generate_name.is_empty() {
        metadata.generate_name = old.generate_name;
    }
}

/// Whether the generation grows: with the spec, and for Deployments with the annotations as well.
fn counts_as_change(current: &Object, new: &Object) -> bool {
    if !has_generation(current.resource()) {
        return false;
    }
    match (current, new) {
        (Object::Deployment(old), Object::Deployment(new)) => {
            old.spec != new.spec || old.metadata.annotations != new.metadata.annotations
        }
        (Object::ReplicaSet(old), Object::ReplicaSet(new)) => old.spec != new.spec,
        (Object::Pod(old), Object::Pod(new)) => old.spec != new.spec,
        _ => false,
    }
}
