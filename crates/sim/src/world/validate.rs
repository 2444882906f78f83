//! Worlds that cannot be.

use std::collections::BTreeSet;
use std::fmt;

use rollscope_api::quantity::Quantity;

use super::problem::WorldProblem;
use super::{ImageRule, NodeGroup, ProbeRule, Range, TrafficWorld, World};

/// A day: nothing in a playground takes longer.
const LONGEST_MS: u32 = 86_400_000;
/// The largest cluster Kubernetes is tested with.
const MOST_NODES: u64 = 5_000;
const MOST_RULES: usize = 200;
/// More requests would take longer to follow than the cluster itself.
const MOST_REQUESTS: u32 = 5_000;
/// The longest answer of a registry or a runtime.
const LONGEST_TEXT: usize = 4_096;
/// The longest a client waits.
const LONGEST_TIMEOUT_MS: u32 = 600_000;

/// What is wrong with a world, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldError {
    /// The field, from the world downwards: `images[0].pull_ms`.
    pub field: String,
    /// What is wrong with it.
    pub problem: WorldProblem,
}

impl fmt::Display for WorldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "world.{}: {}", self.field, self.problem)
    }
}

impl std::error::Error for WorldError {}

type Checked = Result<(), WorldError>;

fn wrong<T>(field: impl Into<String>, problem: WorldProblem) -> Result<T, WorldError> {
    Err(WorldError { field: field.into(), problem })
}

impl World {
    /// Checks every value.
    ///
    /// # Errors
    /// The first value that makes no sense, by its field.
    pub fn validate(&self) -> Checked {
        self.validate_nodes()?;
        if self.images.len() > MOST_RULES {
            return wrong("images", WorldProblem::TooManyRules { most: MOST_RULES });
        }
        if self.probes.len() > MOST_RULES {
            return wrong("probes", WorldProblem::TooManyRules { most: MOST_RULES });
        }
        for (number, rule) in self.images.iter().enumerate() {
            validate_image(&format!("images[{number}]"), rule)?;
        }
        for (number, rule) in self.probes.iter().enumerate() {
            validate_probe(&format!("probes[{number}]"), rule)?;
        }
        for (field, ms) in [
            ("kubelet.relist_ms", self.kubelet.relist_ms),
            ("kubelet.sync_ms", self.kubelet.sync_ms),
        ] {
            between(field, i64::from(ms), 100, 600_000, "")?;
        }
        if let Some(percent) = self.kubelet.retry_jitter_percent.filter(|percent| *percent > 100) {
            let field = "kubelet.retry_jitter_percent";
            return wrong(field, WorldProblem::MoreThan { value: percent.into(), most: 100 });
        }
        validate_range("kubelet.sandbox_ms", self.kubelet.sandbox_ms)?;
        validate_range("scheduler.bind_ms", self.scheduler.bind_ms)?;
        validate_traffic(&self.traffic)?;
        validate_range("delays.endpoint_slice_ms", self.delays.endpoint_slice_ms)?;
        validate_range("delays.proxy_ms", self.delays.proxy_ms)
    }

    fn validate_nodes(&self) -> Checked {
        let total: u64 = self.nodes.0.iter().map(|group| u64::from(group.count)).sum();
        if total > MOST_NODES {
            let problem = WorldProblem::TooManyNodes { nodes: total, most: MOST_NODES };
            return wrong("nodes", problem);
        }
        for (number, group) in self.nodes.0.iter().enumerate() {
            validate_group(&format!("nodes[{number}]"), group)?;
        }
        let mut names = BTreeSet::new();
        for (name, _) in self.nodes.named() {
            if !names.insert(name.clone()) {
                return wrong("nodes", WorldProblem::SameName(name));
            }
        }
        Ok(())
    }
}

impl NodeGroup {
    /// Checks every value of a machine that is to join the cluster under this name.
    ///
    /// # Errors
    /// The first value that makes no sense; its field is `name` or lies below `machine`.
    pub fn validate_as(&self, name: &str) -> Checked {
        validate_name("name", name)?;
        if self.name.is_some() || self.count != 1 {
            let field = if self.name.is_some() { "machine.name" } else { "machine.count" };
            return wrong(field, WorldProblem::OneMachine);
        }
        validate_group("machine", self)
    }
}

fn validate_name(field: &str, name: &str) -> Checked {
    let fits = name.len() <= 240
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric());
    if fits {
        return Ok(());
    }
    wrong(field, WorldProblem::NoName(name.to_owned()))
}

fn validate_group(at: &str, group: &NodeGroup) -> Checked {
    if let Some(name) = &group.name {
        validate_name(&format!("{at}.name"), name)?;
    }
    if group.pods > 100_000 {
        return wrong(format!("{at}.pods"), WorldProblem::TooManyPods { pods: group.pods });
    }
    for (field, amount) in [
        ("cpu", &group.cpu),
        ("memory", &group.memory),
        ("ephemeral_storage", &group.ephemeral_storage),
    ] {
        validate_quantity(&format!("{at}.{field}"), amount)?;
    }
    for (resource, amount) in &group.resources {
        validate_quantity(&format!("{at}.resources[{resource}]"), amount)?;
    }
    for (number, taint) in group.taints.iter().enumerate() {
        let at = format!("{at}.taints[{number}]");
        if taint.key.is_empty() {
            return wrong(format!("{at}.key"), WorldProblem::TaintWithoutKey);
        }
        if !["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&taint.effect.as_str()) {
            let problem = WorldProblem::NoTaintEffect(taint.effect.clone());
            return wrong(format!("{at}.effect"), problem);
        }
    }
    Ok(())
}

fn validate_quantity(field: &str, text: &str) -> Checked {
    match Quantity::parse(text) {
        Err(error) => {
            let (text, why) = (text.to_owned(), error.to_string());
            wrong(field, WorldProblem::NoQuantity { text, why })
        }
        Ok(amount) if amount.sign() < 0 => {
            wrong(field, WorldProblem::NegativeQuantity(text.to_owned()))
        }
        Ok(_) => Ok(()),
    }
}

fn between(field: &str, value: i64, least: i64, most: i64, unit: &'static str) -> Checked {
    match (least..=most).contains(&value) {
        true => Ok(()),
        false => wrong(field, WorldProblem::NotBetween { value, least, most, unit }),
    }
}

fn validate_range(field: &str, range: Range) -> Checked {
    let Range { min_ms, max_ms } = range;
    if min_ms > max_ms {
        return wrong(field, WorldProblem::Reversed { min_ms, max_ms });
    }
    if max_ms > LONGEST_MS {
        return wrong(field, WorldProblem::LongSpan { ms: max_ms });
    }
    Ok(())
}

fn validate_traffic(traffic: &TrafficWorld) -> Checked {
    let rate = traffic.requests_per_second;
    if rate > MOST_REQUESTS {
        let problem = WorldProblem::TooManyRequests { rate, most: MOST_REQUESTS };
        return wrong("traffic.requests_per_second", problem);
    }
    validate_pattern("traffic.service", &traffic.service)?;
    let (timeout, longest) = (traffic.timeout_ms.into(), LONGEST_TIMEOUT_MS.into());
    between("traffic.timeout_ms", timeout, 1, longest, " ms")
}

fn validate_pattern(field: &str, pattern: &str) -> Checked {
    match pattern.len() {
        0 => wrong(field, WorldProblem::EmptyPattern),
        length if length > 1_000 => wrong(field, WorldProblem::LongPattern),
        _ => Ok(()),
    }
}

fn validate_image(at: &str, rule: &ImageRule) -> Checked {
    validate_pattern(&format!("{at}.image"), &rule.image)?;
    let optional = [
        ("hangs_after_ms", rule.hangs_after_ms),
        ("crash_after_ms", rule.crash_after_ms),
        ("pull_ms", Some(rule.pull_ms)),
        ("repull_ms", Some(rule.repull_ms)),
        ("start_ms", Some(rule.start_ms)),
        ("ready_ms", Some(rule.ready_ms)),
        ("stop_ms", Some(rule.stop_ms)),
        ("latency_ms", Some(rule.latency_ms)),
    ];
    for (field, range) in optional {
        if let Some(range) = range {
            validate_range(&format!("{at}.{field}"), range)?;
        }
    }
    for (field, code) in [("exit_code", rule.exit_code), ("stop_exit_code", rule.stop_exit_code)] {
        between(&format!("{at}.{field}"), code.into(), 0, 255, "")?;
    }
    if rule.error_percent > 100 {
        let problem = WorldProblem::MoreThan { value: rule.error_percent.into(), most: 100 };
        return wrong(format!("{at}.error_percent"), problem);
    }
    if rule.size_mib > 1 << 20 {
        return wrong(format!("{at}.size_mib"), WorldProblem::TooLarge { mib: rule.size_mib });
    }
    for (field, text) in [("error", &rule.error), ("start_error", &rule.start_error)] {
        if text.as_ref().is_some_and(|text| text.is_empty() || text.len() > LONGEST_TEXT) {
            return wrong(format!("{at}.{field}"), WorldProblem::TextLength { most: LONGEST_TEXT });
        }
    }
    Ok(())
}

fn validate_probe(at: &str, rule: &ProbeRule) -> Checked {
    validate_pattern(&format!("{at}.asks"), &rule.asks)?;
    validate_pattern(&format!("{at}.image"), &rule.image)?;
    validate_range(&format!("{at}.takes_ms"), rule.takes_ms)?;
    if !(400..=599).contains(&rule.status_code) {
        let problem = WorldProblem::NoHttpFailure(rule.status_code.into());
        return wrong(format!("{at}.status_code"), problem);
    }
    if rule.output.len() > 10_240 {
        return wrong(format!("{at}.output"), WorldProblem::LongOutput);
    }
    Ok(())
}
