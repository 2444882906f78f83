//! `updates.json`: one manifest applied over another.

use rollscope_api::Value;

use super::CaseResult;
use super::terminal::{Terminal, recorded};

/// Applies both manifests; the second one's output was recorded.
pub fn check(case: &Value) -> CaseResult {
    let mut result = CaseResult::default();
    let (Some(first), Some(manifest)) = (case["first"].as_str(), case["manifest"].as_str()) else {
        result.compare("the case holds two manifests", "", "no manifests");
        return result;
    };
    let mut terminal = Terminal::new(&[("first.yaml", first), ("m.yaml", manifest)]);
    terminal.run("apply -f first.yaml");
    let printed = terminal.run("apply -f m.yaml");
    result.compare("$ kubectl apply -f m.yaml", &terminal.same(&recorded(case)), &printed);
    result
}
