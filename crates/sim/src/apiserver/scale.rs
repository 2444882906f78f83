//! The scale subresource of Deployments and ReplicaSets.
//! Models `ScaleREST` in `pkg/registry/apps/{deployment,replicaset}/storage`.

use rollscope_api::object::{LabelSelector, Object};
use rollscope_api::selector::Selector;
use rollscope_api::status::Cause;
use rollscope_api::{PatchType, Status, Subresource, Value, WriteOptions, Written, gojson, merge};
use serde_json::json;

use super::patch::{Request, invalid_patch};
use super::update::Change;
use crate::core::Core;
use crate::store::Key;

pub(super) fn patch(
    core: &mut Core,
    request: &Request<'_>,
    key: &Key,
    current: &Object,
    body: &Value,
    options: &WriteOptions,
) -> Result<Written, Status> {
    let Some(before) = scale_of(current) else {
        return Err(Status::not_found(&request.resource.group_resource(), &key.name));
    };
    let patched = match request.patch_type {
        PatchType::Json => merge::json_patch(&before, body)?,
        PatchType::Merge | PatchType::StrategicMerge => merge::json_merge(&before, body),
    };
    let replicas = replicas(&patched, &key.name)?;
    let mut value = current.to_value();
    value["spec"]["replicas"] = replicas.into();
    if let Some(version) = patched["metadata"]["resourceVersion"].as_str() {
        value["metadata"]["resourceVersion"] = version.into();
    }
    let change = Change { resource: request.resource, key: key.clone(), options };
    let written = change.apply(core, value, Subresource::None, Vec::new())?;
    let new = Object::from_value(request.resource, written.object)?;
    Ok(Written { object: scale_of(&new).unwrap_or_default(), warnings: written.warnings })
}

fn replicas(scale: &Value, name: &str) -> Result<i32, Status> {
    let given = &scale["spec"]["replicas"];
    let found = match given {
        Value::Null => return Ok(0),
        Value::Number(number) => match number.as_i64().map(i32::try_from) {
            Some(Ok(number)) if number >= 0 => return Ok(number),
            Some(Ok(number)) => {
                let message =
                    format!("Invalid value: {number}: must be greater than or equal to 0");
                let cause = Cause { field: "spec.replicas".to_owned(), message };
                return Err(Status::invalid("Scale.autoscaling", name, vec![cause]));
            }
            _ => format!("number {number}"),
        },
        Value::String(_) => "string".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Array(_) => "array".to_owned(),
        Value::Object(_) => "object".to_owned(),
    };
    let error = format!(
        "json: cannot unmarshal {found} into Go struct field ScaleSpec.spec.replicas of type int32"
    );
    Err(invalid_patch(&gojson::to_string(scale), &error))
}

/// The `autoscaling/v1` Scale of an object that has one.
fn scale_of(object: &Object) -> Option<Value> {
    let (spec, status, selector): (i32, i32, &LabelSelector) = match object {
        Object::Deployment(d) => (d.spec.replicas, d.status.replicas, &d.spec.selector),
        Object::ReplicaSet(set) => (set.spec.replicas, set.status.replicas, &set.spec.selector),
        _ => return None,
    };
    let metadata = object.metadata();
    Some(json!({
        "apiVersion": "autoscaling/v1",
        "kind": "Scale",
        "metadata": {
            "name": metadata.name,
            "namespace": metadata.namespace,
            "uid": metadata.uid.to_string(),
            "resourceVersion": metadata.resource_version.to_string(),
            "creationTimestamp": metadata.creation_timestamp,
        },
        "spec": { "replicas": spec },
        "status": {
            "replicas": status,
            "selector": Selector::from_label_selector(selector).to_string(),
        },
    }))
}
