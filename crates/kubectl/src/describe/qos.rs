//! A pod's quality of service. Models `qos.GetPodQOS`.

use rollscope_api::Value;

use crate::value::Peek;

/// `Guaranteed`, `Burstable` or `BestEffort`.
pub(super) fn class(pod: &Value) -> &str {
    pod.text("status.qosClass")
}
