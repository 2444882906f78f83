//! Node actions as traces write them: `ready deployment=web revision=new count=2`, `wait 5s`.

use rollscope_api::SimDuration;
use rollscope_sim::{ActionKind, NodeAction, RevisionChoice};

use crate::span;

/// What a step that begins with `@` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The nodes act on pods.
    Pods(NodeAction),
    /// Time passes.
    Wait(SimDuration),
}

const VERBS: [(&str, ActionKind); 6] = [
    ("ready", ActionKind::Ready),
    ("unready", ActionKind::Unready),
    ("crash", ActionKind::Crash),
    ("fail", ActionKind::Fail),
    ("delete-pods", ActionKind::DeletePods),
    ("terminate", ActionKind::Terminate),
];

/// Reads an action. `main` is the Deployment that is meant where none is named.
///
/// # Errors
/// Says which word is not understood.
pub fn parse_action(text: &str, main: &str) -> Result<Action, String> {
    let mut words = text.split_whitespace();
    let verb = words.next().ok_or("an action needs a verb")?;
    if verb == "wait" {
        let (Some(time), None) = (words.next(), words.next()) else {
            return Err(format!("{text:?}: wait takes one span of time, as in `wait 5s`"));
        };
        return span::parse(time).map(Action::Wait);
    }
    let Some(&(_, kind)) = VERBS.iter().find(|(name, _)| *name == verb) else {
        let known: Vec<&str> = VERBS.iter().map(|(name, _)| *name).collect();
        return Err(format!("unknown action {verb:?}: {} or wait", known.join(", ")));
    };
    let deployment = main.to_owned();
    let mut action = NodeAction { kind, deployment, revision: RevisionChoice::Any, count: None };
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match (key, value) {
            ("deployment", name) if !name.is_empty() => action.deployment = name.to_owned(),
            ("revision", "new") => action.revision = RevisionChoice::New,
            ("revision", "old") => action.revision = RevisionChoice::Old,
            ("revision", "any") => action.revision = RevisionChoice::Any,
            ("revision", number) if number.parse::<i64>().is_ok() => {
                action.revision = RevisionChoice::Number(number.parse().unwrap_or_default());
            }
            ("count", "all") => action.count = None,
            ("count", number) if number.parse::<usize>().is_ok() => {
                action.count = number.parse().ok()
            }
            _ => {
                return Err(format!(
                    "unknown argument {word:?}: deployment=NAME, revision=new|old|any|N or count=all|N"
                ));
            }
        }
    }
    Ok(Action::Pods(action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read() {
        assert_eq!(parse_action("wait 5s", "web"), Ok(Action::Wait(SimDuration::from_secs(5))));
        let action = NodeAction {
            kind: ActionKind::Ready,
            deployment: "api".into(),
            revision: RevisionChoice::Old,
            count: Some(2),
        };
        let text = "ready revision=old count=2 deployment=api";
        assert_eq!(parse_action(text, "web"), Ok(Action::Pods(action)));
        for wrong in
            ["", "wait", "wait x", "explode", "ready count=x", "ready revision=", "ready x=1"]
        {
            assert!(parse_action(wrong, "web").is_err(), "{wrong:?}");
        }
    }
}
