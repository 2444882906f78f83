//! What a manifest cannot say: the nodes, what images do when they run, and how long things take.
//!
//! A world belongs to a script and is data alone. Every span in it is a range in milliseconds, from
//! which the kubelets draw by seed, purpose and object.

mod image;
mod nodes;
mod probe;
mod problem;
mod range;
#[cfg(test)]
mod tests;
mod traffic;
mod validate;

pub use image::ImageRule;
pub use nodes::{NodeGroup, Nodes};
pub use probe::ProbeRule;
pub use problem::WorldProblem;
pub use range::Range;
pub use traffic::{Delays, TrafficBegins, TrafficWorld};
pub use validate::WorldError;

use rollscope_api::SimTime;
use rollscope_api::object::Node;
use serde::{Deserialize, Serialize};

/// The world a script runs in. Its default is a small cluster of three nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct World {
    /// The machines.
    pub nodes: Nodes,
    /// What images do; the first rule whose pattern matches counts. After these come the rules
    /// for telling tags (`:bad`, `:missing`, `:slow` …), and last the rule for all other images.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageRule>,
    /// What probes and hooks find, by what they ask; the first match counts. Where none matches,
    /// a probe's answer follows from the image's rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<ProbeRule>,
    /// How the kubelets are set up.
    pub kubelet: KubeletWorld,
    /// How long the scheduler takes.
    pub scheduler: SchedulerWorld,
    /// What clients send to Services.
    #[serde(skip_serializing_if = "is_default")]
    pub traffic: TrafficWorld,
    /// How long changes of pods take to reach those who route requests.
    #[serde(skip_serializing_if = "is_default")]
    pub delays: Delays,
}

fn is_default<T: Default + PartialEq>(part: &T) -> bool {
    *part == T::default()
}

/// Settings and times of every node's kubelet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KubeletWorld {
    /// How often the kubelet asks the runtime what became of its containers. Upstream: 1 s.
    pub relist_ms: u32,
    /// `syncFrequency` of the kubelet's configuration: the longest it leaves a pod alone.
    pub sync_ms: u32,
    /// What is added to the wait before a retry, in percent of it. Drawn between 0 and 50 each
    /// time where it is not given, as upstream draws it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_jitter_percent: Option<u32>,
    /// Setting up a pod's sandbox and network.
    pub sandbox_ms: Range,
    /// `serializeImagePulls` of the kubelet's configuration: one pull at a time on a node.
    pub serialize_image_pulls: bool,
}

impl Default for KubeletWorld {
    fn default() -> Self {
        Self {
            relist_ms: 1_000,
            sync_ms: 60_000,
            retry_jitter_percent: None,
            sandbox_ms: Range::new(200, 500),
            serialize_image_pulls: true,
        }
    }
}

/// Times of the scheduler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SchedulerWorld {
    /// From a pod's turn in the queue to its binding.
    pub bind_ms: Range,
}

impl Default for SchedulerWorld {
    fn default() -> Self {
        Self { bind_ms: Range::new(1, 4) }
    }
}

impl World {
    /// The nodes the cluster starts with.
    pub fn nodes(&self, start: SimTime) -> Vec<Node> {
        self.nodes.objects(start)
    }

    /// The rule that says what containers of this image do.
    pub fn image(&self, image: &str) -> &ImageRule {
        let own = self.images.iter().find(|rule| rule.matches(image));
        own.unwrap_or_else(|| image::built_in(image))
    }

    /// The rule for what a probe or hook of a container asks, if a rule speaks of it.
    /// `question` is the command's words joined by spaces, a path, or a port.
    pub fn probe(&self, image: &str, question: &str) -> Option<&ProbeRule> {
        self.probes.iter().find(|rule| rule.matches(image, question))
    }
}

/// Whether `text` has the form of `pattern`, in which `*` stands for any text and `?` for any one
/// character.
pub(crate) fn matches_pattern(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    // What follows the last `*`, and the text that it has not swallowed so far.
    let mut star: Option<(&str, &str)> = None;
    loop {
        match (pattern.chars().next(), text.chars().next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                pattern = &pattern[1..];
                star = Some((pattern, text));
            }
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
                pattern = &pattern[wanted.len_utf8()..];
                text = &text[found.len_utf8()..];
            }
            _ => {
                let Some((after, rest)) = star else { return false };
                let Some(swallowed) = rest.chars().next() else { return false };
                let rest = &rest[swallowed.len_utf8()..];
                star = Some((after, rest));
                (pattern, text) = (after, rest);
            }
        }
    }
}
