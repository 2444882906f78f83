//! What is checked and filled in between defaulting and storing.
//! Models `plugin/pkg/admission` as far as it concerns workloads.

use rollscope_api::object::Object;
use rollscope_api::{Resource, Status, Value};
use serde_json::{Map, json};

use super::objects;
use crate::core::Core;
use crate::store::Key;

/// Refuses objects of namespaces that do not exist or are going. Models `NamespaceLifecycle`.
pub(crate) fn check_namespace(core: &Core, resource: Resource, key: &Key) -> Result<(), Status> {
    if !resource.namespaced() {
        return Ok(());
    }
    let namespace = Key { namespace: word!(""), name: key.namespace.clone() };
    let Some(Object::Other(found)) = objects::find(core, Resource::Namespaces, &namespace) else {
        return Err(Status::not_found("namespaces", &key.namespace));
    };
    if found.metadata.deletion_timestamp.is_none() {
        return Ok(());
    }
    let why = format!(
        "unable to create new content in namespace {} because it is being terminated",
        key.namespace
    );
    Err(Status::forbidden(&resource.group_resource(), &key.name, &why))
}

/// What admission adds to a new pod's spec. Models the plugins `DefaultTolerationSeconds` and
/// `Priority`; the service account's token volume is left out.
///
/// # Errors
/// Why the pod is forbidden.
pub(crate) fn admit_pod_spec(spec: &mut Value) -> Result<(), String> {
    let Some(spec) = spec.as_object_mut() else { return Ok(()) };
    set_priority(spec)?;
    let tolerations = spec.entry("tolerations").or_insert_with(|| json!([]));
    let Some(tolerations) = tolerations.as_array_mut() else { return Ok(()) };
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let tolerated = tolerations.iter().any(|toleration| tolerates(toleration, key));
        if !tolerated {
            tolerations.push(json!({
                "key": key,
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": 300,
            }));
        }
    }
    Ok(())
}

/// The priority follows from the class alone. Models `plugin/pkg/admission/priority`.
fn set_priority(spec: &mut Map<String, Value>) -> Result<(), String> {
    const POLICY: &str = "PreemptLowerPriority";
    // The two classes that every cluster has; others cannot be created here.
    let priority = match spec.get("priorityClassName").and_then(Value::as_str).unwrap_or("") {
        "" => 0,
        "system-cluster-critical" => 2_000_000_000,
        "system-node-critical" => 2_000_001_000,
        name => return Err(format!("no PriorityClass with name {name} was found")),
    };
    let given = spec.entry("priority").or_insert(json!(priority));
    if *given != json!(priority) {
        return Err(format!(
            "the integer value of priority ({given}) must not be provided in pod spec; priority \
             admission controller computed {priority} from the given PriorityClass name"
        ));
    }
    let given = spec.entry("preemptionPolicy").or_insert(json!(POLICY));
    match given.as_str() {
        Some(given) if given != POLICY => Err(format!(
            "the string value of PreemptionPolicy ({given}) must not be provided in pod spec; \
             priority admission controller computed {POLICY} from the given PriorityClass name"
        )),
        _ => Ok(()),
    }
}

fn tolerates(toleration: &Value, key: &str) -> bool {
    let text = |field: &str| toleration[field].as_str().unwrap_or_default();
    let this_key = text("key") == key || text("key").is_empty();
    this_key && ["NoExecute", ""].contains(&text("effect"))
}

/// `Guaranteed`, `Burstable` or `BestEffort`. Models `pkg/apis/core/v1/helper/qos`.
pub(crate) fn qos_class(spec: &Value) -> &'static str {
    let list = |field: &str| spec[field].as_array().map(Vec::as_slice).unwrap_or_default();
    let containers = list("containers").iter().chain(list("initContainers"));
    let mut any = false;
    let mut guaranteed = true;
    for container in containers {
        let resources = &container["resources"];
        for name in ["cpu", "memory"] {
            let (request, limit) = (&resources["requests"][name], &resources["limits"][name]);
            any |= is_positive(request) || is_positive(limit);
            // A request that is left out has been defaulted to the limit.
            guaranteed &= is_positive(limit) && (request.is_null() || request == limit);
        }
    }
    match (any, guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}

fn is_positive(quantity: &Value) -> bool {
    let text = quantity.as_str().unwrap_or_default();
    rollscope_api::quantity::Quantity::parse(text).is_ok_and(|quantity| quantity.sign() > 0)
}
