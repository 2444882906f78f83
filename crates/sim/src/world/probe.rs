//! What probes and hooks find, by what they ask.

use serde::{Deserialize, Serialize};

use super::{Range, matches_pattern};

/// The answer to a probe or hook: a command, an HTTP path or a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProbeRule {
    /// What is asked: the command's words joined by spaces, the path (`/ready`) or the port
    /// (`:8080`). `*` stands for any text, `?` for any one character.
    pub asks: String,
    /// Only of containers whose image has this form.
    pub image: String,
    /// Fails always.
    pub fails: bool,
    /// Fails until the container is that old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fails_before_ms: Option<u32>,
    /// Fails once the container is that old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fails_after_ms: Option<u32>,
    /// How long the answer takes.
    pub takes_ms: Range,
    /// What a failing command prints.
    pub output: String,
    /// It prints that on standard output: the error of a hook then does not repeat it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub on_stdout: bool,
    /// What a failing HTTP server answers.
    pub status_code: u16,
}

impl Default for ProbeRule {
    fn default() -> Self {
        Self {
            asks: "*".to_owned(),
            image: "*".to_owned(),
            fails: false,
            fails_before_ms: None,
            fails_after_ms: None,
            takes_ms: Range::default(),
            output: String::new(),
            on_stdout: false,
            status_code: 503,
        }
    }
}

impl ProbeRule {
    /// Whether the rule speaks of this question to a container of this image.
    pub fn matches(&self, image: &str, question: &str) -> bool {
        matches_pattern(&self.image, image) && matches_pattern(&self.asks, question)
    }

    /// Whether a container of that age fails.
    pub fn fails_at(&self, age_ms: i64) -> bool {
        self.fails
            || self.fails_before_ms.is_some_and(|before| age_ms < i64::from(before))
            || self.fails_after_ms.is_some_and(|after| age_ms >= i64::from(after))
    }
}
