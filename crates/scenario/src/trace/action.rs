//! Node actions as traces write them: `ready deployment=web revision=new count=2`, `wait 5s`.

use rollscope_api::SimDuration;

use crate::span;

/// What a step that begins with `@` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The nodes act on pods.
    Pods(PodsAction),
    /// Time passes.
    Wait(SimDuration),
}

/// An action on pods, one pod at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodsAction {
    #[allow(missing_docs)]
    pub verb: Verb,
    /// Whose pods; the trace's main Deployment where none is named.
    pub deployment: Option<String>,
    #[allow(missing_docs)]
    pub revision: Revision,
    /// How many pods; all that qualify at the start where none is given.
    pub count: Option<usize>,
}

/// What happens to a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Running and Ready.
    Ready,
    /// Running, not Ready.
    Unready,
    /// Running, not Ready, waiting in CrashLoopBackOff.
    Crash,
    /// Phase Failed.
    Fail,
    /// Deleted through the API.
    DeletePods,
    /// Gone, if it had been deleted.
    Terminate,
}

/// In which ReplicaSets pods are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revision {
    /// The one of this revision.
    Number(i64),
    /// The one of the highest revision.
    New,
    /// All but the highest, newest first.
    Old,
    /// All, newest first.
    Any,
}

const VERBS: [(&str, Verb); 6] = [
    ("ready", Verb::Ready),
    ("unready", Verb::Unready),
    ("crash", Verb::Crash),
    ("fail", Verb::Fail),
    ("delete-pods", Verb::DeletePods),
    ("terminate", Verb::Terminate),
];

/// Reads an action.
///
/// # Errors
/// Says which word is not understood.
pub fn parse_action(text: &str) -> Result<Action, String> {
    let mut words = text.split_whitespace();
    let verb = words.next().ok_or("an action needs a verb")?;
    if verb == "wait" {
        let (Some(time), None) = (words.next(), words.next()) else {
            return Err(format!("{text:?}: wait takes one span of time, as in `wait 5s`"));
        };
        return span::parse(time).map(Action::Wait);
    }
    let Some(&(_, verb)) = VERBS.iter().find(|(name, _)| *name == verb) else {
        let known: Vec<&str> = VERBS.iter().map(|(name, _)| *name).collect();
        return Err(format!("unknown action {verb:?}: {} or wait", known.join(", ")));
    };
    let mut action = PodsAction { verb, deployment: None, revision: Revision::Any, count: None };
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match (key, value) {
            ("deployment", name) if !name.is_empty() => action.deployment = Some(name.to_owned()),
            ("revision", "new") => action.revision = Revision::New,
            ("revision", "old") => action.revision = Revision::Old,
            ("revision", "any") => action.revision = Revision::Any,
            ("revision", number) if number.parse::<i64>().is_ok() => {
                action.revision = Revision::Number(number.parse().unwrap_or_default());
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
        assert_eq!(parse_action("wait 5s"), Ok(Action::Wait(SimDuration::from_secs(5))));
        assert_eq!(
            parse_action("ready revision=old count=2 deployment=api"),
            Ok(Action::Pods(PodsAction {
                verb: Verb::Ready,
                deployment: Some("api".into()),
                revision: Revision::Old,
                count: Some(2)
            }))
        );
        for wrong in
            ["", "wait", "wait x", "explode", "ready count=x", "ready revision=", "ready x=1"]
        {
            assert!(parse_action(wrong).is_err(), "{wrong:?}");
        }
    }
}
