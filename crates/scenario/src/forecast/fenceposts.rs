//! Surge and unavailability with their arithmetic shown. The numbers are the deployment
//! controller's own: `resolve_fenceposts` decides, and this says how it came to that.

use rollscope_api::object::{Deployment, IntOrString, StrategyType};
use rollscope_sim::controller::deployment::fenceposts::resolve_fenceposts;
use serde::{Deserialize, Serialize};

/// How a rollout replaces pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fenceposts {
    /// `strategy.type`: `RollingUpdate` or `Recreate`.
    pub strategy: String,
    /// `maxSurge`; `None` for Recreate.
    pub surge: Option<Fencepost>,
    /// `maxUnavailable`; `None` for Recreate.
    pub unavailable: Option<Fencepost>,
    /// Both came out 0, which would stand still: one pod may be unavailable after all.
    pub both_zero: bool,
    /// Desired plus surge.
    pub ceiling: i32,
    /// Desired less unavailable; 0 for Recreate.
    pub floor: i32,
}

/// One of the two bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fencepost {
    /// As the object has it: `25%` or `1`.
    pub given: String,
    /// Of how many: `spec.replicas`.
    pub of: i32,
    /// The product before rounding, as a decimal number: `1.25`. `None` where no percentage is
    /// given.
    pub exact: Option<String>,
    /// In pods: surge is rounded up, unavailability down.
    pub pods: i32,
}

impl Fencepost {
    /// `25% × 5 = 1.25 → 2`, or `1` where a number is given.
    pub fn arithmetic(&self) -> String {
        match &self.exact {
            Some(exact) => format!("{} × {} = {exact} → {}", self.given, self.of, self.pods),
            None if self.given == self.pods.to_string() => self.given.clone(),
            None => format!("{} → {}", self.given, self.pods),
        }
    }
}

impl Fenceposts {
    /// Of a Deployment.
    pub fn of(deployment: &Deployment) -> Self {
        let desired = deployment.spec.replicas;
        if deployment.spec.strategy.type_ == StrategyType::Recreate {
            return Self {
                strategy: "Recreate".to_owned(),
                surge: None,
                unavailable: None,
                both_zero: false,
                ceiling: desired,
                floor: 0,
            };
        }
        let rolling = deployment.spec.strategy.rolling_update.clone().unwrap_or_default();
        let (surge, unavailable) = (rolling.max_surge.as_ref(), rolling.max_unavailable.as_ref());
        let (up, down) = resolve_fenceposts(surge, unavailable, desired);
        let both_zero = desired > 0 && up == 0 && rounded_down(unavailable, desired) == 0;
        let down = down.min(desired);
        Self {
            strategy: "RollingUpdate".to_owned(),
            surge: Some(fencepost(surge, desired, up)),
            unavailable: Some(fencepost(unavailable, desired, if both_zero { 0 } else { down })),
            both_zero,
            ceiling: desired.saturating_add(up),
            floor: desired - down,
        }
    }
}

/// A percentage of so many pods in hundredths of a pod; `None` for plain numbers.
fn hundredths(value: Option<&IntOrString>, desired: i32) -> Option<i64> {
    let Some(IntOrString::String(text)) = value else { return None };
    let percent = text.strip_suffix('%')?.parse::<i64>().ok()?;
    Some(percent.saturating_mul(i64::from(desired)))
}

fn rounded_down(value: Option<&IntOrString>, desired: i32) -> i64 {
    match value {
        Some(IntOrString::Int(number)) => i64::from(*number),
        _ => hundredths(value, desired).map_or(0, |part| part.div_euclid(100)),
    }
}

fn fencepost(value: Option<&IntOrString>, desired: i32, pods: i32) -> Fencepost {
    let given = match value {
        None => "0".to_owned(),
        Some(IntOrString::Int(number)) => number.to_string(),
        Some(IntOrString::String(text)) => text.clone(),
    };
    Fencepost { given, of: desired, exact: hundredths(value, desired).map(decimal), pods }
}

/// 125 hundredths are `1.25`, 150 are `1.5`, 200 are `2`.
fn decimal(hundredths: i64) -> String {
    let (whole, rest) = (hundredths.div_euclid(100), hundredths.rem_euclid(100));
    match rest {
        0 => whole.to_string(),
        rest => format!("{whole}.{rest:02}").trim_end_matches('0').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(replicas: i32, surge: &str, unavailable: &str, expected: &str) {
        let number = |text: &str| match text.parse::<i32>() {
            Ok(number) => json!(number),
            Err(_) => json!(text),
        };
        let deployment: Deployment = serde_json::from_value(json!({
            "metadata": { "name": "web" },
            "spec": {
                "replicas": replicas, "selector": {}, "template": {},
                "strategy": { "type": "RollingUpdate", "rollingUpdate": {
                    "maxSurge": number(surge), "maxUnavailable": number(unavailable),
                } },
            },
        }))
        .unwrap();
        let found = Fenceposts::of(&deployment);
        let side = |one: &Option<Fencepost>| one.as_ref().unwrap().arithmetic();
        let zero = if found.both_zero { " both 0: 1" } else { "" };
        let text = format!(
            "{} | {}{zero} | {}..{}",
            side(&found.surge),
            side(&found.unavailable),
            found.floor,
            found.ceiling
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn the_arithmetic_is_shown() {
        check(5, "25%", "25%", "25% × 5 = 1.25 → 2 | 25% × 5 = 1.25 → 1 | 4..7");
        check(4, "25%", "25%", "25% × 4 = 1 → 1 | 25% × 4 = 1 → 1 | 3..5");
        check(3, "1", "0", "1 | 0 | 3..4");
        check(3, "0", "10%", "0 | 10% × 3 = 0.3 → 0 both 0: 1 | 2..3");
        check(3, "0", "1", "0 | 1 | 2..3");
        check(3, "0", "34%", "0 | 34% × 3 = 1.02 → 1 | 2..3");
        check(2, "0", "5", "0 | 5 → 2 | 0..2");
        check(0, "25%", "25%", "25% × 0 = 0 → 0 | 25% × 0 = 0 → 0 | 0..0");
    }
}
