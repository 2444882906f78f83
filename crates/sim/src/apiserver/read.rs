//! Reading: one object, or a list.

use rollscope_api::object::Object;
use rollscope_api::selector::{FieldSelector, Selector};
use rollscope_api::{ListOptions, Resource, Status, Value};

use super::objects;
use crate::core::Core;
use crate::store::Key;

/// The key of an object; the namespace counts for namespaced resources alone.
pub(super) fn key(resource: Resource, namespace: &str, name: &str) -> Key {
    Key::new(if resource.namespaced() { namespace } else { "" }, name)
}

pub(super) fn get(
    core: &Core,
    resource: Resource,
    namespace: &str,
    name: &str,
) -> Result<Value, Status> {
    let object = objects::get(core, resource, &key(resource, namespace, name))?;
    Ok(object.to_value())
}

pub(super) fn list(
    core: &Core,
    resource: Resource,
    namespace: Option<&str>,
    options: &ListOptions,
) -> Result<Vec<Value>, Status> {
    let labels = Selector::parse(&options.label_selector).map_err(Status::bad_request)?;
    let fields = FieldSelector::parse(&options.field_selector).map_err(Status::bad_request)?;
    fields.check(resource).map_err(Status::bad_request)?;
    let wanted = |object: &Object| {
        let metadata = object.metadata();
        let here = namespace
            .is_none_or(|namespace| !resource.namespaced() || *metadata.namespace == *namespace);
        here && labels.matches(&metadata.labels)
    };
    let objects = objects::all(core, resource).into_iter().filter(wanted);
    let values = objects.map(|object| object.to_value());
    Ok(values.filter(|value| fields.is_empty() || fields.matches(value)).collect())
}
