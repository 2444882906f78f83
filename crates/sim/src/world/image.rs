//! What containers do, by the pattern of their image's name.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Range, matches_pattern};

/// What becomes of containers whose image has a certain name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImageRule {
    /// The image as manifests name it; `*` stands for any text, `?` for any one character.
    pub image: String,
    /// Not in the registry.
    pub missing: bool,
    /// What the registry answers to a pull. Implies `missing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// On every node from the beginning.
    pub present: bool,
    /// A pull of the whole image.
    pub pull_ms: Range,
    /// A pull that finds the image on the node already.
    pub repull_ms: Range,
    /// The image's size in MiB.
    pub size_mib: u32,
    /// From an image being there to the container's process running.
    pub start_ms: Range,
    /// The runtime's words if the container cannot be started at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_error: Option<String>,
    /// From the process's start to its answering: probes before that are refused.
    pub ready_ms: Range,
    /// Readiness probes fail for ever; the process itself is well.
    pub never_ready: bool,
    /// From the process's start to its hanging: every probe fails afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hangs_after_ms: Option<Range>,
    /// From the process's start to its exit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash_after_ms: Option<Range>,
    /// The code of that exit.
    pub exit_code: i32,
    /// That exit is the kernel's doing, for want of memory: 137 and `OOMKilled`.
    pub oom: bool,
    /// The process does nothing on SIGTERM: it is killed when its grace is over.
    pub ignores_sigterm: bool,
    /// From SIGTERM to the exit of a process that heeds it.
    pub stop_ms: Range,
    /// The code of that exit: 0 for a handler that ends well, 143 for no handler.
    pub stop_exit_code: i32,
    /// From a request to its answer.
    pub latency_ms: Range,
    /// Of a hundred requests, how many the application answers with an error.
    pub error_percent: u32,
}

impl Default for ImageRule {
    fn default() -> Self {
        Self {
            image: "*".to_owned(),
            missing: false,
            error: None,
            present: false,
            pull_ms: Range::new(2_500, 4_500),
            repull_ms: Range::new(200, 500),
            size_mib: 64,
            start_ms: Range::new(600, 1_400),
            start_error: None,
            ready_ms: Range::new(200, 800),
            never_ready: false,
            hangs_after_ms: None,
            crash_after_ms: None,
            exit_code: 1,
            oom: false,
            ignores_sigterm: false,
            stop_ms: Range::new(200, 900),
            stop_exit_code: 0,
            latency_ms: Range::new(5, 60),
            error_percent: 0,
        }
    }
}

impl ImageRule {
    /// Whether the rule speaks of this image.
    pub fn matches(&self, image: &str) -> bool {
        matches_pattern(&self.image, image)
    }

    /// What the registry answers instead of the image, if it has none.
    pub fn registry_error(&self, image: &str) -> Option<String> {
        if let Some(error) = &self.error {
            return Some(error.clone());
        }
        self.missing.then(|| {
            let name = qualified(image);
            format!(
                "rpc error: code = NotFound desc = failed to pull and unpack image \"{name}\": \
                 failed to resolve reference \"{name}\": {name}: not found"
            )
        })
    }
}

/// The image's full name, as the runtime resolves it: registry, repository and tag.
fn qualified(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or(image);
    let tagged = last.contains(':') || last.contains('@');
    let tag = if tagged { "" } else { ":latest" };
    let first = image.split('/').next().unwrap_or(image);
    let has_registry =
        image.contains('/') && (first.contains('.') || first.contains(':') || first == "localhost");
    match (has_registry, image.contains('/')) {
        (true, _) => format!("{image}{tag}"),
        (false, true) => format!("docker.io/{image}{tag}"),
        (false, false) => format!("docker.io/library/{image}{tag}"),
    }
}

/// The rules for telling tags; the last one speaks of every image.
static BUILT_IN: LazyLock<Vec<ImageRule>> = LazyLock::new(|| {
    let rule = |image: &str| ImageRule { image: image.to_owned(), ..ImageRule::default() };
    // Exits before the kubelet can see it run, as a program with a bad configuration does.
    let at_once = Some(Range::new(1, 20));
    vec![
        ImageRule { missing: true, ..rule("*:missing*") },
        ImageRule { crash_after_ms: at_once, ..rule("*:bad*") },
        ImageRule { crash_after_ms: at_once, ..rule("*:broken*") },
        ImageRule { crash_after_ms: Some(Range::new(800, 1_500)), ..rule("*:crash*") },
        ImageRule { crash_after_ms: Some(Range::new(800, 1_500)), exit_code: 0, ..rule("*:done*") },
        ImageRule { crash_after_ms: Some(Range::new(1_500, 3_000)), oom: true, ..rule("*:oom*") },
        ImageRule {
            pull_ms: Range::new(12_000, 20_000),
            size_mib: 900,
            start_ms: Range::new(2_000, 4_000),
            ready_ms: Range::new(15_000, 25_000),
            ..rule("*:slow*")
        },
        ImageRule { never_ready: true, ..rule("*:never-ready*") },
        ImageRule { hangs_after_ms: Some(Range::new(20_000, 40_000)), ..rule("*:hangs*") },
        ImageRule { ignores_sigterm: true, ..rule("*:stubborn*") },
        rule("*"),
    ]
});

pub(super) fn built_in(image: &str) -> &'static ImageRule {
    let rules: &'static [ImageRule] = &BUILT_IN;
    let last = &rules[rules.len() - 1];
    rules.iter().find(|rule| rule.matches(image)).unwrap_or(last)
}
