//! Creating. Models `createHandler` and `BeforeCreate`.

use rollscope_api::object::Object;
use rollscope_api::status::Cause;
use rollscope_api::{Resource, Status, Value, WriteOptions, Written, decode, defaults, validate};
use serde_json::{Map, json};

use super::{admission, names, objects, quota, read, service};
use crate::core::Core;

pub(super) fn create(
    core: &mut Core,
    resource: Resource,
    namespace: &str,
    body: &Value,
    options: &WriteOptions,
) -> Result<Written, Status> {
    let decoded = decode::decode(resource, body, options.field_validation)?;
    let mut value = decoded.value;
    let mut warnings = decoded.warnings;
    set_namespace(resource, namespace, &mut value)?;
    if value["metadata"]["resourceVersion"].as_str().is_some_and(|version| !version.is_empty()) {
        let message = "resourceVersion should not be set on objects to be created";
        return Err(Status { code: 500, ..Status::bad_request(message) });
    }
    defaults::set_defaults(resource, &mut value);
    generate_name(core, resource, &mut value);
    let name = value["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let key = read::key(resource, namespace, &name);
    admission::check_namespace(core, resource, &key)?;
    prepare(core, resource, &mut value);
    if resource == Resource::Pods {
        admission::admit_pod_spec(&mut value["spec"])
            .map_err(|why| Status::forbidden(&resource.group_resource(), &name, &why))?;
    }
    check(resource, &name, validate::validate(resource, &value, None))?;
    warnings.extend(validate::warnings(resource, &value, None));
    if objects::find(core, resource, &key).is_some() {
        return Err(Status::already_exists(&resource.group_resource(), &name));
    }
    let mut object = Object::from_value(resource, value)?;
    let metadata = object.metadata_mut();
    // One copy of the name for the object and all keys: they are compared often.
    metadata.name = key.name.clone();
    if resource.namespaced() {
        metadata.namespace = key.namespace.clone();
    }
    metadata.uid = core.new_uid();
    metadata.creation_timestamp = Some(core.now.timestamp());
    metadata.generation = i64::from(has_generation(resource));
    if options.dry_run {
        return Ok(Written { object: object.to_value(), warnings });
    }
    if resource != Resource::Pods {
        quota::admit(core, resource, &key, None)?;
    }
    let stored = objects::insert(core, key, object)?;
    Ok(Written { object: stored.to_value(), warnings })
}

/// The server's answer to an object that is not valid.
pub(super) fn check(resource: Resource, name: &str, causes: Vec<Cause>) -> Result<(), Status> {
    match causes.is_empty() {
        true => Ok(()),
        false => Err(Status::invalid(&resource.group_kind(), name, causes)),
    }
}

/// Whether the server counts changes of the spec.
pub(super) fn has_generation(resource: Resource) -> bool {
    matches!(
        resource,
        Resource::Deployments
            | Resource::ReplicaSets
            | Resource::Pods
            | Resource::DaemonSets
            | Resource::StatefulSets
    )
}

/// The namespace of the request; another one in the body is refused.
pub(super) fn set_namespace(
    resource: Resource,
    namespace: &str,
    value: &mut Value,
) -> Result<(), Status> {
    let metadata = object(&mut value["metadata"]);
    let given = metadata.get("namespace").and_then(Value::as_str).unwrap_or_default();
    if !resource.namespaced() {
        metadata.remove("namespace");
        return Ok(());
    }
    if !given.is_empty() && given != namespace {
        return Err(Status::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    metadata.insert("namespace".to_owned(), namespace.into());
    Ok(())
}

pub(super) fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("made an object above")
}

fn generate_name(core: &mut Core, resource: Resource, value: &mut Value) {
    let text = |field: &str| value["metadata"][field].as_str().unwrap_or_default();
    if !text("name").is_empty() || text("generateName").is_empty() {
        return;
    }
    let seed = format!("{}/{}", resource.plural(), text("generateName"));
    let mut draw = core.random.draw(&seed, &core.store.version().to_string());
    value["metadata"]["name"] = (*names::generate(text("generateName"), &mut draw)).into();
}

/// What clients cannot set is cleared, and what the server allocates is filled in.
/// Models the strategies' `PrepareForCreate`.
fn prepare(core: &mut Core, resource: Resource, value: &mut Value) {
    let metadata = object(&mut value["metadata"]);
    for field in [
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "generation",
        "resourceVersion",
        "selfLink",
        "managedFields",
    ] {
        metadata.remove(field);
    }
    match resource {
        Resource::Deployments | Resource::ReplicaSets | Resource::HorizontalPodAutoscalers => {
            value["status"] = json!({});
        }
        Resource::Pods => {
            value["status"] = json!({});
        }
        Resource::ResourceQuotas => value["status"] = json!({}),
        Resource::StatefulSets => {
            value["status"] = json!({ "availableReplicas": 0, "replicas": 0 });
        }
        Resource::DaemonSets => {
            value["status"] = json!({
                "currentNumberScheduled": 0,
                "desiredNumberScheduled": 0,
                "numberMisscheduled": 0,
                "numberReady": 0,
            });
        }
        Resource::Services => {
            value["status"] = json!({ "loadBalancer": {} });
            service::allocate(core, value, None);
        }
        Resource::Namespaces => {
            let name = value["metadata"]["name"].clone();
            object(&mut value["metadata"]["labels"])
                .insert("kubernetes.io/metadata.name".to_owned(), name);
            value["spec"] = json!({ "finalizers": ["kubernetes"] });
            value["status"] = json!({ "phase": "Active" });
        }
        Resource::Secrets => encode_string_data(value),
        _ => {}
    }
    if resource == Resource::ReplicaSets {
        value["status"]["replicas"] = json!(0);
    }
}

/// `stringData` is for writing only: it ends up in `data`.
pub(super) fn encode_string_data(value: &mut Value) {
    let Some(map) = value.as_object_mut() else { return };
    let Some(Value::Object(texts)) = map.remove("stringData") else { return };
    let data = object(map.entry("data").or_insert_with(|| json!({})));
    for (key, text) in texts {
        data.insert(key, base64(text.as_str().unwrap_or_default().as_bytes()).into());
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let digit = DIGITS[(group >> (18 - 6 * position) & 63) as usize];
            text.push(if position <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_pads() {
        let encode = |text: &str| super::base64(text.as_bytes());
        assert_eq!(encode(""), "");
        assert_eq!(encode("a"), "YQ==");
        assert_eq!(encode("ab"), "YWI=");
        assert_eq!(encode("abc"), "YWJj");
        assert_eq!(encode("hello, world"), "aGVsbG8sIHdvcmxk");
    }
}
