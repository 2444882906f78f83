//! Amounts by resource. Models `framework.Resource` in `pkg/scheduler/framework/types.go`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::Value;
use rollscope_api::quantity::{Quantity, wire_text};

/// Amounts by resource: cpu in thousandths, everything else in whole units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub(crate) cpu: i64,
    pub(crate) memory: i64,
    pub(crate) storage: i64,
    pub(crate) pods: i64,
    /// What nodes have beyond these: `example.com/gpu`.
    pub(crate) others: BTreeMap<Rc<str>, i64>,
}

impl Amounts {
    /// Reads a map of quantities in wire form.
    pub(crate) fn of(map: &Value) -> Self {
        let mut amounts = Self::default();
        for (resource, value) in map.as_object().into_iter().flatten() {
            *amounts.entry(resource) = amount(resource, value);
        }
        amounts
    }

    pub(crate) fn entry(&mut self, resource: &str) -> &mut i64 {
        match resource {
            "cpu" => &mut self.cpu,
            "memory" => &mut self.memory,
            "ephemeral-storage" => &mut self.storage,
            "pods" => &mut self.pods,
            other => self.others.entry(other.into()).or_default(),
        }
    }

    pub(crate) fn get(&self, resource: &str) -> i64 {
        match resource {
            "cpu" => self.cpu,
            "memory" => self.memory,
            "ephemeral-storage" => self.storage,
            "pods" => self.pods,
            other => self.others.get(other).copied().unwrap_or_default(),
        }
    }

    /// Adds `sign` times the other amounts.
    pub(crate) fn add(&mut self, more: &Self, sign: i64) {
        self.cpu += sign * more.cpu;
        self.memory += sign * more.memory;
        self.storage += sign * more.storage;
        for (resource, amount) in &more.others {
            *self.entry(resource) += sign * amount;
        }
    }

    /// Takes the larger of each two.
    pub(crate) fn raise(&mut self, floor: &Self) {
        self.cpu = self.cpu.max(floor.cpu);
        self.memory = self.memory.max(floor.memory);
        self.storage = self.storage.max(floor.storage);
        for (resource, amount) in &floor.others {
            let entry = self.entry(resource);
            *entry = (*entry).max(*amount);
        }
    }

    /// Every resource but pods of which there is an amount.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, i64)> {
        let known =
            [("cpu", self.cpu), ("memory", self.memory), ("ephemeral-storage", self.storage)];
        let others = self.others.iter().map(|(resource, amount)| (&**resource, *amount));
        known.into_iter().chain(others).filter(|(_, amount)| *amount != 0)
    }
}

/// The amount in the scheduler's unit. What is no quantity counts as nothing.
fn amount(resource: &str, value: &Value) -> i64 {
    let Ok(quantity) = Quantity::parse(&wire_text(value)) else { return 0 };
    if resource == "cpu" { quantity.milli_value() } else { quantity.value() }
}
