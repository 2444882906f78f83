//! What clients send, and how long changes take to reach those who route it.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Range, matches_pattern};

/// The clients of the cluster's Services. Requests are sent only where a Service with a cluster IP
/// exists, and in the live pace alone: a session without a Service has no traffic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrafficWorld {
    /// Requests to each Service, evenly spread but for some jitter within their slots; 0 for none.
    /// The default is a rate whose single requests the eye can follow, and at which an outage of a
    /// second shows.
    #[serde(deserialize_with = "rate")]
    pub requests_per_second: u32,
    /// Which Services, by name; `*` stands for any text, `?` for any one character.
    pub service: String,
    /// When clients begin. The default leaves out what is lost while an application comes up for
    /// the very first time, since nobody uses it yet.
    pub begins: TrafficBegins,
    /// How long a client waits for an answer, in milliseconds.
    pub timeout_ms: u32,
}

/// When the clients of a Service begin to send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrafficBegins {
    /// Once every node's proxy has an endpoint for the first time.
    #[default]
    FirstEndpoint,
    /// As soon as the Service exists.
    Service,
}

impl Default for TrafficWorld {
    fn default() -> Self {
        Self {
            requests_per_second: 10,
            service: "*".to_owned(),
            begins: TrafficBegins::default(),
            timeout_ms: 2_000,
        }
    }
}

impl TrafficWorld {
    /// Whether the clients send to a Service of that name.
    pub fn concerns(&self, service: &str) -> bool {
        self.requests_per_second > 0 && matches_pattern(&self.service, service)
    }
}

/// How long the way from a pod's change to the routing of requests takes. Both are spans from the
/// first change that has not been passed on; what changes meanwhile is passed on with it, as with
/// `--endpoint-updates-batch-period` and `--iptables-min-sync-period` upstream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Delays {
    /// From a change of a Service's pods to its EndpointSlices.
    pub endpoint_slice_ms: Range,
    /// From a change of the EndpointSlices to the proxy of a node. Every node's draws its own.
    pub proxy_ms: Range,
}

impl Default for Delays {
    fn default() -> Self {
        Self { endpoint_slice_ms: Range::new(20, 100), proxy_ms: Range::new(100, 1_000) }
    }
}

fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = i64::deserialize(deserializer)?;
    if number < 0 {
        return Err(D::Error::custom(format!("requests_per_second: {number} is less than none")));
    }
    u32::try_from(number)
        .map_err(|_| D::Error::custom(format!("requests_per_second: {number} is absurdly many")))
}
