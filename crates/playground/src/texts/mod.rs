//! Every sentence the page says, apart from the code that says it. One file a language.
//!
//! What Kubernetes says (conditions, events, kubectl) is never translated.

mod decisions;
mod en;
pub mod forecast;
mod hands;
mod ko;
mod particle;
mod recovery;
mod session;
mod traffic;
pub mod trials;
mod waits;
mod world;

use rollscope_sim::controller::deployment::Decision;

use crate::model::pod_state::PodState;
use crate::model::waits::Wait;
pub use recovery::RecoveryTexts;
pub use session::SessionTexts;
pub use traffic::TrafficTexts;

/// The languages the page speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 한국어.
    Korean,
}

impl Language {
    /// Its sentences.
    pub fn texts(self) -> &'static Texts {
        match self {
            Self::English => &en::TEXTS,
            Self::Korean => &ko::TEXTS,
        }
    }

    /// As in `lang="…"`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }

    /// The language of a code such as `ko` or `ko-KR`.
    pub fn from_code(code: &str) -> Self {
        if code == "ko" || code.starts_with("ko-") { Self::Korean } else { Self::English }
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::English => Self::Korean,
            Self::Korean => Self::English,
        }
    }

    /// Its own name.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Korean => "한국어",
        }
    }
}

/// How a ReplicaSet is called in a sentence, given its name.
pub type NameOf<'a> = &'a dyn Fn(&str) -> String;

/// The sentences of one language.
#[allow(missing_docs, reason = "each field is named after what it says")]
pub struct Texts {
    // Top
    pub subtitle: &'static str,
    pub theme_dark: &'static str,
    pub theme_light: &'static str,
    pub projector: &'static str,
    pub help: &'static str,
    pub close: &'static str,
    pub cancel: &'static str,
    // Manifest
    pub manifest: &'static str,
    pub examples: &'static str,
    pub example_names: [&'static str; 8],
    pub apply: &'static str,
    pub apply_title: &'static str,
    pub new_file: &'static str,
    pub close_file: fn(&str) -> String,
    pub editor_empty: &'static str,
    pub problem_at: fn(usize, usize) -> String,
    pub unapplied: &'static str,
    pub trials: &'static trials::TrialTexts,
    pub forecast: &'static forecast::ForecastTexts,
    // Stage
    pub stage: &'static str,
    pub pods: &'static str,
    pub by_replica_set: &'static str,
    pub by_node: &'static str,
    pub legend: &'static str,
    pub states: fn(PodState) -> &'static str,
    pub pod_label: fn(&str, PodState, Option<i64>) -> String,
    pub stage_empty: &'static str,
    pub stage_empty_more: &'static str,
    pub loose_pods: &'static str,
    pub no_node: &'static str,
    pub nodes: &'static str,
    pub word_before_number: bool,
    pub wanted: &'static str,
    pub available: &'static str,
    pub up: &'static str,
    pub terminating: &'static str,
    pub surge: fn(i32, i32) -> String,
    pub recreate: &'static str,
    pub going_progressing: &'static str,
    pub going_complete: &'static str,
    pub going_stuck: &'static str,
    pub going_paused: &'static str,
    pub revision: fn(i64) -> String,
    pub was_revision: fn(i64) -> String,
    pub lane_counts: fn(i32, i32) -> String,
    pub hands: &'static hands::HandsTexts,
    pub traffic: &'static traffic::TrafficTexts,
    pub world: &'static world::WorldTexts,
    // Revisions
    pub revisions: &'static str,
    pub revisions_empty: &'static str,
    pub deployment: &'static str,
    pub pause: &'static str,
    pub resume: &'static str,
    pub restart: &'static str,
    pub scale: &'static str,
    pub scale_up: &'static str,
    pub scale_down: &'static str,
    pub pause_title: &'static str,
    pub restart_title: &'static str,
    pub undo_to: fn(i64) -> String,
    pub current: &'static str,
    pub no_cause: &'static str,
    pub first_revision: &'static str,
    pub more_changes: fn(usize) -> String,
    pub pods_now: fn(i32) -> String,
    pub age_title: &'static str,
    pub ghost: fn(i64, i64) -> String,
    // Undo
    pub undo: &'static str,
    pub undo_question: fn(i64) -> String,
    pub undo_explained: fn(i64, i64) -> String,
    pub undo_paused: &'static str,
    pub undo_same: &'static str,
    pub undo_changes: &'static str,
    pub gap: fn(usize) -> String,
    // Timeline
    pub timeline: &'static str,
    pub play: &'static str,
    pub hold: &'static str,
    pub step: &'static str,
    pub step_title: &'static str,
    pub step_back: &'static str,
    pub speed: &'static str,
    pub time: &'static str,
    pub to_now: &'static str,
    pub at_rest: &'static str,
    pub in_past: &'static str,
    pub computing: &'static str,
    pub floor: &'static str,
    pub ceiling: &'static str,
    pub total: &'static str,
    pub mark_complete: &'static str,
    pub mark_last_gone: &'static str,
    pub mark_stuck: &'static str,
    pub chart_summary: fn(&str, i32, i32, i32) -> String,
    pub session: &'static SessionTexts,
    pub recovery: &'static RecoveryTexts,
    // Drawer
    pub terminal: &'static str,
    pub terminal_empty: &'static str,
    pub terminal_hint: &'static str,
    pub terminal_waiting: &'static str,
    pub interrupt: &'static str,
    pub save_edit: &'static str,
    pub edit_object: &'static str,
    pub events: &'static str,
    pub conditions: &'static str,
    pub inspector: &'static str,
    pub why: &'static str,
    pub events_empty: &'static str,
    pub conditions_empty: &'static str,
    pub inspector_empty: &'static str,
    pub inspector_gone: fn(&str) -> String,
    pub why_empty: &'static str,
    pub decision: fn(&Decision, NameOf<'_>) -> String,
    pub wait: fn(&Wait) -> String,
    pub why_now: &'static str,
    pub why_waits: &'static str,
    pub why_decided: &'static str,
    pub why_at: fn(&str, i32) -> String,
    pub pods_word: &'static str,
    pub new_unavailable: &'static str,
    pub describe: &'static str,
    pub yaml: &'static str,
    pub column_when: &'static str,
    pub column_type: &'static str,
    pub column_reason: &'static str,
    pub column_object: &'static str,
    pub column_message: &'static str,
    pub column_status: &'static str,
    pub column_since: &'static str,
    // Announcements
    pub said_revision: fn(i64) -> String,
    pub said_complete: fn(i64) -> String,
    pub said_stuck: fn(i64) -> String,
    pub said_became: fn(i64, i64) -> String,
    pub said_failing: fn(usize) -> String,
    pub said_refused: fn(&str) -> String,
    // Help
    pub help_title: &'static str,
    pub help_intro: &'static str,
    pub help_keys: &'static [(&'static str, &'static str)],
    pub search_phrases: [(&'static str, &'static str); 10],
}

#[cfg(test)]
mod tests {
    use super::Language;

    /// Every key that something on the page listens to is in the help, in both languages.
    #[test]
    fn the_help_lists_all_keys() {
        for language in [Language::English, Language::Korean] {
            let listed: Vec<&str> =
                language.texts().help_keys.iter().flat_map(|(keys, _)| keys.split(' ')).collect();
            for key in [
                "Enter",
                "Space",
                ".",
                ",",
                "Home",
                "End",
                "Z",
                "[",
                "]",
                "c",
                "g",
                "/",
                "Tab",
                "L",
                "↑",
                "↓",
                "→",
                "←",
                "u",
                "?",
                "Esc",
                "Menu",
                "Shift+F10",
            ] {
                assert!(listed.contains(&key), "{key} is missing in {listed:?}");
            }
        }
    }
}
