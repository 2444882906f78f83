//! A pod's quality of service. Models `qos.GetPodQOS`.

use rollscope_api::Value;

use super::resources::{self, Amounts};
use crate::value::Peek;

/// `Guaranteed`, `Burstable` or `BestEffort`: as the status says, or as the resources give it.
pub(super) fn class(pod: &Value) -> &str {
    match pod.text("status.qosClass") {
        "" => compute(pod),
        class => class,
    }
}

fn compute(pod: &Value) -> &'static str {
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    let mut guaranteed = true;
    let whole_pod = pod.at("spec").filter(|spec| spec.has("resources"));
    let containers = pod.items("spec.containers").iter().chain(pod.items("spec.initContainers"));
    let owners: Vec<&Value> = match whole_pod {
        Some(spec) => vec![spec],
        None => containers.collect(),
    };
    for owner in owners {
        resources::add(&mut requests, &computed(owner, "resources.requests"));
        let limited = computed(owner, "resources.limits");
        guaranteed &= limited.len() == 2;
        resources::add(&mut limits, &limited);
    }
    if requests.is_empty() && limits.is_empty() {
        return "BestEffort";
    }
    let equal = requests
        .iter()
        .all(|(name, amount)| limits.get(name).is_some_and(|limit| limit.cmp(amount).is_eq()));
    if guaranteed && equal && requests.len() == limits.len() { "Guaranteed" } else { "Burstable" }
}

/// The amounts of cpu and memory that are greater than zero.
fn computed(owner: &Value, path: &str) -> Amounts {
    let mut amounts = resources::amounts(owner, path);
    amounts.retain(|name, amount| matches!(name.as_str(), "cpu" | "memory") && amount.sign() > 0);
    amounts
}
