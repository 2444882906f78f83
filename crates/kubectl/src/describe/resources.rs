//! Quantities in descriptions, and what pods request in sum.
//! Models `PodRequests` and `PodLimits` of component-helpers and `ExtractContainerResourceValue`.

use std::collections::BTreeMap;

use rollscope_api::Value;
use rollscope_api::order;
use rollscope_api::quantity::Quantity;

use crate::value::{Peek, plain};

/// Amounts by the name of the resource.
pub(super) type Amounts = BTreeMap<String, Quantity>;

pub(super) fn parse(quantity: &Value) -> Quantity {
    Quantity::parse(&plain(quantity)).unwrap_or_else(|_| Quantity::zero())
}

/// Whether a quantity is greater than zero.
pub(super) fn is_positive(quantity: &Value) -> bool {
    parse(quantity).sign() > 0
}

/// A quantity written in the notation of another one.
pub(super) fn in_notation_of(quantity: &str, other: &str) -> String {
    match (Quantity::parse(quantity), Quantity::parse(other)) {
        (Ok(quantity), Ok(other)) if quantity.format != other.format => {
            let mut rounded = Quantity::from_int(quantity.value());
            rounded.format = other.format;
            rounded.canonical()
        }
        _ => quantity.to_owned(),
    }
}

/// The value a `resourceFieldRef` gives a variable of its own container.
pub(super) fn container_value(container: &Value, reference: &Value) -> String {
    let resource = reference.text("resource");
    let Some((kind, name)) = resource.split_once('.') else { return String::new() };
    if !matches!(kind, "limits" | "requests") {
        return String::new();
    }
    let amounts = container.fields(&format!("resources.{kind}"));
    let amount = amounts.and_then(|amounts| amounts.get(name)).map(parse);
    let divisor = reference.at("divisor").map(parse).filter(|divisor| !divisor.is_zero());
    let divisor = divisor.unwrap_or_else(|| Quantity::from_int(1));
    let amount = amount.unwrap_or_else(Quantity::zero);
    let (amount, divisor) = match name {
        "cpu" => (amount.milli_value(), divisor.milli_value()),
        _ => (amount.value(), divisor.value()),
    };
    // Rounded up.
    let value = if divisor == 0 { 0 } else { -((-amount).div_euclid(divisor)) };
    match (value, resource) {
        (0, "limits.cpu" | "limits.memory") => "node allocatable".into(),
        _ => value.to_string(),
    }
}

/// The amounts of a map of quantities.
pub(super) fn amounts(owner: &Value, path: &str) -> Amounts {
    let fields = owner.fields(path).into_iter().flatten();
    order::gather(fields.map(|(name, quantity)| (name.clone(), parse(quantity))))
}

/// What a pod as a whole requests (`requests`) or is limited to (`limits`): the sum of its
/// containers and sidecars, or what an init container needs beside the sidecars before it, whichever
/// is more; pod-level resources stand in for the sum of cpu and memory.
pub(super) fn of_pod(pod: &Value, kind: &str) -> Amounts {
    let path = format!("resources.{kind}");
    let mut sum = Amounts::new();
    for container in pod.items("spec.containers") {
        add(&mut sum, &amounts(container, &path));
    }
    let (mut sidecars, mut initial) = (Amounts::new(), Amounts::new());
    for container in pod.items("spec.initContainers") {
        let mut needed = amounts(container, &path);
        if container.text("restartPolicy") == "Always" {
            add(&mut sum, &needed);
            add(&mut sidecars, &needed);
            needed.clone_from(&sidecars);
        } else {
            add(&mut needed, &sidecars);
        }
        raise(&mut initial, needed);
    }
    raise(&mut sum, initial);
    sum.extend(amounts(pod, &format!("spec.{path}")));
    if let Some(overhead) = pod.fields("spec.overhead") {
        for (name, quantity) in overhead {
            // An overhead limits nothing that is not limited.
            if kind == "requests" || sum.contains_key(name) {
                add(&mut sum, &Amounts::from([(name.clone(), parse(quantity))]));
            }
        }
    }
    sum
}

/// Adds amounts of the same names.
pub(super) fn add(sum: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        match sum.get_mut(name) {
            Some(total) => total.add(amount),
            None => {
                sum.insert(name.clone(), amount.clone());
            }
        }
    }
}

fn raise(floor: &mut Amounts, other: Amounts) {
    for (name, amount) in other {
        match floor.get_mut(&name) {
            Some(present) if present.cmp(&amount).is_ge() => {}
            _ => {
                floor.insert(name, amount);
            }
        }
    }
}
