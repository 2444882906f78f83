//! Resource quotas: what objects use, and what is refused.
//! Models `apiserver/pkg/admission/plugin/resourcequota` and `pkg/quota/v1`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rollscope_api::object::{Pod, Unstructured};
use rollscope_api::order;
use rollscope_api::quantity::Quantity;
use rollscope_api::{Resource, Status, Value};
use serde_json::json;

use crate::core::Core;
use crate::store::Key;

/// Amounts by the names that quotas use: `pods`, `requests.cpu`, `count/deployments.apps`.
pub(crate) type Usage = BTreeMap<String, Quantity>;

/// Counts a new object against every quota of its namespace, or refuses it.
pub(crate) fn admit(
    core: &mut Core,
    resource: Resource,
    key: &Key,
    pod: Option<&Pod>,
) -> Result<(), Status> {
    let quotas: Vec<(Key, Rc<Unstructured>)> = core
        .store
        .others(Resource::ResourceQuotas)
        .filter(|(quota, _)| quota.namespace == key.namespace)
        .map(|(quota, object)| (quota.clone(), object.clone()))
        .collect();
    if quotas.is_empty() {
        return Ok(());
    }
    let usage = usage(resource, pod);
    let mut charged: Vec<(Key, Unstructured)> = Vec::new();
    for (quota, object) in quotas {
        if pod.is_some_and(|pod| !in_scopes(&object, pod)) {
            continue;
        }
        let hard = amounts(&object.value["status"]["hard"]);
        if let Some(why) = pod.and_then(|pod| unspecified(&quota.name, &hard, pod)) {
            return Err(Status::forbidden(&resource.group_resource(), &key.name, &why));
        }
        let requested: Usage =
            order::gather(usage.iter().filter(|(name, _)| hard.contains_key(*name)).map(own));
        if requested.is_empty() {
            continue;
        }
        let used = amounts(&object.value["status"]["used"]);
        let new = sum(&used, &requested);
        let is_exceeded = |name: &String, amount: &Quantity| {
            amount.sign() > 0 && new[name].cmp(&hard[name]).is_gt()
        };
        let exceeded: BTreeSet<&String> = order::gather(
            requested
                .iter()
                .filter(|(name, amount)| is_exceeded(name, amount))
                .map(|(name, _)| name),
        );
        if !exceeded.is_empty() {
            let why = format!(
                "exceeded quota: {}, requested: {}, used: {}, limited: {}",
                quota.name,
                text(&requested, &exceeded),
                text(&used, &exceeded),
                text(&hard, &exceeded),
            );
            return Err(Status::forbidden(&resource.group_resource(), &key.name, &why));
        }
        let mut object = Unstructured::clone(&object);
        object.value["status"]["used"] = to_value(&new);
        charged.push((quota, object));
    }
    for (quota, object) in charged {
        core.store.put_other(quota, object);
    }
    Ok(())
}

fn own((name, amount): (&String, &Quantity)) -> (String, Quantity) {
    (name.clone(), amount.clone())
}

/// Reads a resource list; what cannot be read is left out.
pub(crate) fn amounts(list: &Value) -> Usage {
    let entries = list.as_object().into_iter().flatten();
    order::gather(entries.filter_map(|(name, value)| {
        let text = rollscope_api::quantity::wire_text(value);
        Some((name.clone(), Quantity::parse(&text).ok()?))
    }))
}

pub(crate) fn to_value(usage: &Usage) -> Value {
    let entries = usage.iter().map(|(name, amount)| (name.clone(), amount.canonical().into()));
    Value::Object(order::gather(entries))
}

/// `a` and `b` together.
pub(crate) fn sum(a: &Usage, b: &Usage) -> Usage {
    let mut sum = a.clone();
    for (name, amount) in b {
        match sum.get_mut(name) {
            Some(known) => known.add(amount),
            None => {
                sum.insert(name.clone(), amount.clone());
            }
        }
    }
    sum
}

fn text(usage: &Usage, names: &BTreeSet<&String>) -> String {
    let entries = names.iter().map(|name| {
        let amount = usage.get(*name).map_or_else(|| "0".to_owned(), Quantity::canonical);
        format!("{name}={amount}")
    });
    entries.collect::<Vec<_>>().join(",")
}

/// What one object uses. Models the evaluators in `pkg/quota/v1/evaluator/core`.
pub(crate) fn usage(resource: Resource, pod: Option<&Pod>) -> Usage {
    let mut usage = Usage::new();
    usage.insert(format!("count/{}", resource.group_resource()), Quantity::from_int(1));
    match resource {
        Resource::Services
        | Resource::ConfigMaps
        | Resource::Secrets
        | Resource::ResourceQuotas => {
            usage.insert(resource.plural().to_owned(), Quantity::from_int(1));
        }
        _ => {}
    }
    if let Some(pod) = pod.filter(|pod| !pod.status.phase.is_terminal()) {
        usage.insert("pods".to_owned(), Quantity::from_int(1));
        for (list, prefix) in [("requests", "requests."), ("limits", "limits.")] {
            for (name, amount) in pod_resources(&pod.spec, list) {
                // `cpu` is an older way to say `requests.cpu`.
                if list == "requests" && ["cpu", "memory", "ephemeral-storage"].contains(&&*name) {
                    usage.insert(name.clone(), amount.clone());
                }
                usage.insert(format!("{prefix}{name}"), amount);
            }
        }
    }
    usage
}

/// The sum over containers, or what the largest init container takes, if that is more.
fn pod_resources(spec: &Value, list: &str) -> Usage {
    let containers = |field: &str| spec[field].as_array().cloned().unwrap_or_default();
    let mut total = Usage::new();
    for container in containers("containers") {
        total = sum(&total, &amounts(&container["resources"][list]));
    }
    for container in containers("initContainers") {
        for (name, amount) in amounts(&container["resources"][list]) {
            let more = total.get(&name).is_none_or(|known| amount.cmp(known).is_gt());
            if more {
                total.insert(name, amount);
            }
        }
    }
    total
}

/// Containers must say what they take of what a quota limits. Models `PodEvaluator.Constraints`.
fn unspecified(quota: &str, hard: &Usage, pod: &Pod) -> Option<String> {
    let mut missing: Vec<String> = Vec::new();
    for name in hard.keys() {
        let (list, resource) = match name.split_once('.') {
            Some(("requests", resource)) => ("requests", resource),
            Some(("limits", resource)) => ("limits", resource),
            _ if ["cpu", "memory"].contains(&name.as_str()) => ("requests", name.as_str()),
            _ => continue,
        };
        if !["cpu", "memory"].contains(&resource) {
            continue;
        }
        let containers = ["containers", "initContainers"];
        let all = containers.into_iter().flat_map(|field| pod.spec[field].as_array()).flatten();
        let silent: Vec<&str> = all
            .filter(|container| container["resources"][list][resource].is_null())
            .filter_map(|container| container["name"].as_str())
            .collect();
        if !silent.is_empty() {
            missing.push(format!("{name} for: {}", silent.join(",")));
        }
    }
    (!missing.is_empty())
        .then(|| format!("failed quota: {quota}: must specify {}", missing.join("; ")))
}

/// Whether a quota is about such a pod.
fn in_scopes(quota: &Unstructured, pod: &Pod) -> bool {
    let scopes = quota.value["spec"]["scopes"].as_array().into_iter().flatten();
    let best_effort =
        &*pod.status.qos_class == "BestEffort" || super::qos_class(&pod.spec) == "BestEffort";
    let terminating = !pod.spec["activeDeadlineSeconds"].is_null();
    scopes.filter_map(Value::as_str).all(|scope| match scope {
        "BestEffort" => best_effort,
        "NotBestEffort" => !best_effort,
        "Terminating" => terminating,
        "NotTerminating" => !terminating,
        _ => true,
    })
}

/// What a namespace uses, of what a quota limits. Models `QuotaUsageCalculationFunc`.
pub(crate) fn namespace_usage(core: &Core, namespace: &str, quota: &Unstructured) -> Usage {
    let hard = amounts(&quota.value["spec"]["hard"]);
    let mut used: Usage = order::gather(hard.keys().map(|name| (name.clone(), Quantity::zero())));
    let mut add = |usage: Usage| {
        for (name, amount) in usage {
            if let Some(known) = used.get_mut(&name) {
                known.add(&amount);
            }
        }
    };
    for (_, pod) in core.store.pods() {
        if *pod.metadata.namespace == *namespace && in_scopes(quota, pod) {
            add(usage(Resource::Pods, Some(pod)));
        }
    }
    let here = |key: &&Key| *key.namespace == *namespace;
    for _ in core.store.deployments().map(|(key, _)| key).filter(here) {
        add(usage(Resource::Deployments, None));
    }
    for _ in core.store.replica_sets().map(|(key, _)| key).filter(here) {
        add(usage(Resource::ReplicaSets, None));
    }
    for resource in Resource::ALL {
        for _ in core.store.others(resource).map(|(key, _)| key).filter(here) {
            add(usage(resource, None));
        }
    }
    used
}

/// The status of a quota that limits `hard` and of which `used` is taken.
pub(crate) fn status(quota: &Unstructured, used: &Usage) -> Value {
    json!({ "hard": quota.value["spec"]["hard"], "used": to_value(used) })
}
