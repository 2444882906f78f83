//! The words for a pod that fits nowhere.
//!
//! Models `FitError.Error` in `pkg/scheduler/framework/types.go` and the preemption evaluator's.

use std::collections::BTreeMap;

use rollscope_api::order;

/// Nodes by reason, in the order of the resulting texts.
pub(crate) fn histogram<'a>(reasons: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in reasons {
        *counts.entry(reason).or_default() += 1;
    }
    let mut entries: Vec<String> =
        counts.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    order::sort(&mut entries);
    entries.join(", ")
}

/// `0/3 nodes are available: 3 Insufficient cpu.` and what preemption found.
pub(crate) fn fit_error<'a>(
    nodes: usize,
    reasons: impl Iterator<Item = &'a str>,
    post_filter: &str,
) -> String {
    let reasons = histogram(reasons);
    let mut text = format!("0/{nodes} nodes are available:");
    if !reasons.is_empty() {
        text.push_str(&format!(" {reasons}."));
    }
    if !post_filter.is_empty() {
        text.push_str(&format!(" {post_filter}"));
    }
    text
}

/// The same where a pod was refused before any node was looked at. The plugin that would look for
/// devices to free has nothing to go by then, and its complaint is all that is heard of preemption.
pub(crate) fn refused_error(nodes: usize, reason: &str) -> String {
    format!("0/{nodes} nodes are available: {reason}. not found")
}

/// Cuts a text to the 1024 bytes an Event's message may have.
pub(crate) fn truncated(text: &str) -> String {
    const MOST: usize = 1024;
    if text.len() <= MOST {
        return text.to_owned();
    }
    let mut end = MOST - " ...".len();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{} ...", &text[..end])
}
