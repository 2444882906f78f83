//! Pods and volumes.

use serde_json::{Map, Value, json};

use super::{Hook, round_resource_list};

/// Where a volume names no source it is an empty directory.
pub(super) fn default_volume(volume: &mut Map<String, Value>) {
    if volume.iter().all(|(key, value)| key == "name" || value.is_null()) {
        volume.insert("emptyDir".to_owned(), json!({}));
    }
}

pub(super) fn default_pod_spec(spec: &mut Map<String, Value>) {
    // The older spelling is a stored copy of the newer one, and stands for it where it is alone.
    let text = |field: &str| {
        let value = spec.get(field).and_then(Value::as_str).unwrap_or_default();
        (!value.is_empty()).then(|| value.to_owned())
    };
    if let Some(account) = text("serviceAccountName").or_else(|| text("serviceAccount")) {
        spec.insert("serviceAccountName".to_owned(), account.clone().into());
        spec.insert("serviceAccount".to_owned(), account.into());
    }
    if let Some(Value::Object(overhead)) = spec.get_mut("overhead") {
        round_resource_list(overhead);
    }
}

fn default_host_ports(container: &mut Value) {
    let ports = container.get_mut("ports").and_then(Value::as_array_mut);
    for port in ports.into_iter().flatten().filter_map(Value::as_object_mut) {
        let unset = port.get("hostPort").and_then(Value::as_i64).unwrap_or_default() == 0;
        if let Some(number) = port.get("containerPort").cloned().filter(|_| unset) {
            port.insert("hostPort".to_owned(), number);
        }
    }
}

/// What holds for pods but not for the templates they are made from.
pub(super) fn default_pod(hook: Hook, pod: &mut Map<String, Value>) {
    if hook != Hook::Pod {
        return;
    }
    let Some(spec) = pod.get_mut("spec").and_then(Value::as_object_mut) else { return };
    spec.entry("enableServiceLinks").or_insert(Value::Bool(true));
    // Templates keep what was written: the ports are filled in for each pod.
    if spec.get("hostNetwork") == Some(&Value::Bool(true)) {
        for list in ["containers", "initContainers"] {
            for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten()
            {
                default_host_ports(container);
            }
        }
    }
    for list in ["containers", "initContainers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(resources) = container.get_mut("resources").and_then(Value::as_object_mut) {
                request_what_is_limited(resources);
            }
        }
    }
}

fn request_what_is_limited(resources: &mut Map<String, Value>) {
    let Some(limits) = resources.get("limits").and_then(Value::as_object).cloned() else { return };
    if limits.is_empty() {
        return;
    }
    let requests = resources.entry("requests").or_insert_with(|| json!({}));
    let Some(requests) = requests.as_object_mut() else { return };
    for (name, limit) in limits {
        requests.entry(name).or_insert(limit);
    }
}
