//! `kubectl rollout status`. Models `kubectl/pkg/cmd/rollout/rollout_status.go` and
//! `polymorphichelpers/rollout_status.go`.

use std::collections::VecDeque;

use rollscope_api::{SimDuration, SimTime, Value};

use super::revisions::revision;
use crate::builder::{FILE_FLAGS, SELECTOR_FLAG};
use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::go::quote;
use crate::info::{Info, name_of};
use crate::waiting::{Flow, Progress, Waiter};

const FLAGS: &[Flag] = &[
    Flag::switch("watch", "Follow the rollout until it ends.").short('w').default("true"),
    Flag::of(Kind::Int, "revision", "0", "Fail if another revision is being rolled out."),
    Flag::of(Kind::Duration, "timeout", "0s", "How long to follow it; 0 is without end."),
];

/// `rollout status`
pub(crate) static STATUS: Command = Command {
    name: "status",
    usage: "(TYPE NAME | TYPE/NAME) [flags]",
    short: "Follow a rollout until it ends",
    examples: &["rollout status deployment/web", "rollout status deployment/web --timeout=60s"],
    flags: &[FILE_FLAGS, FLAGS, SELECTOR_FLAG],
    run: Run::Verb(run),
    ..COMMAND
};

/// Follows objects one after another, a line for every version of them.
#[derive(Clone, Debug)]
pub(crate) struct Follow {
    infos: VecDeque<Info>,
    revision: i64,
    watch: bool,
    timeout: SimDuration,
    /// The version that was last spoken of.
    seen: Option<String>,
    deadline: Option<SimTime>,
    failed: Vec<Error>,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    super::require_resource(ctx)?;
    let given = ctx.given().clone();
    let wanted = given.int("revision");
    if wanted < 0 {
        return Err(Error::Text(format!("revision must be a positive integer: {wanted}")));
    }
    let (infos, failed) = super::found(ctx)?;
    if infos.is_empty() && failed.is_empty() {
        return Ok(Flow::Done);
    }
    let follow = Follow {
        infos: infos.into(),
        revision: wanted,
        watch: given.on("watch"),
        timeout: given.duration("timeout"),
        seen: None,
        deadline: None,
        failed,
    };
    Ok(Flow::Wait(Box::new(Waiter::Rollout(follow))))
}

impl Follow {
    /// When the present object's time is over.
    pub(crate) fn deadline(&self) -> Option<SimTime> {
        self.deadline
    }

    /// Speaks of a version that has not been spoken of.
    pub(crate) fn poll(&mut self, ctx: &mut Ctx<'_>) -> Result<Progress, Error> {
        while let Some(info) = self.infos.front().cloned() {
            if self.seen.is_none() && self.deadline.is_none() && self.timeout > SimDuration::ZERO {
                self.deadline = Some(ctx.now() + self.timeout);
            }
            match self.look(ctx, &info) {
                Ok(false) => return Ok(Progress::Pending),
                Ok(true) => {}
                Err(error) => self.failed.push(error),
            }
            self.infos.pop_front();
            self.seen = None;
            self.deadline = None;
        }
        match self.failed.len() {
            0 => Ok(Progress::Done),
            1 => Err(self.failed.remove(0)),
            _ => Err(Error::Many(std::mem::take(&mut self.failed))),
        }
    }

    /// Whether the rollout of this object has ended.
    fn look(&mut self, ctx: &mut Ctx<'_>, info: &Info) -> Result<bool, Error> {
        if !matches!(info.kind.kind, "Deployment" | "DaemonSet" | "StatefulSet") {
            return Err(Error::Text(format!(
                "no status viewer has been implemented for {}",
                info.kind.group_kind()
            )));
        }
        let object = match ctx.get(info.kind, &info.namespace, &info.name) {
            Err(error) if error.is_not_found() && self.seen.is_some() => {
                return Err("object has been deleted".into());
            }
            result => result?,
        };
        let version = object["metadata"]["resourceVersion"].as_str().unwrap_or_default();
        if self.seen.as_deref() != Some(version) {
            self.seen = Some(version.to_owned());
            let (line, done) = status(&object, self.revision)?;
            ctx.println(&line);
            if done || !self.watch {
                return Ok(true);
            }
        }
        if self.deadline.is_some_and(|deadline| ctx.now() >= deadline) {
            return Err("timed out waiting for the condition".into());
        }
        Ok(false)
    }
}

/// What there is to say of a Deployment, and whether its rollout has ended.
fn status(deployment: &Value, wanted: i64) -> Result<(String, bool), Error> {
    let name = quote(name_of(deployment));
    if wanted > 0 {
        let running = revision(deployment)
            .ok_or_else(|| Error::Text(format!("cannot get the revision of deployment {name}")))?;
        if running != wanted {
            return Err(Error::Text(format!(
                "desired revision ({wanted}) is different from the running revision ({running})"
            )));
        }
    }
    let number = |path: &str| deployment.pointer(path).and_then(Value::as_i64).unwrap_or(0);
    if number("/metadata/generation") > number("/status/observedGeneration") {
        return Ok(("Waiting for deployment spec update to be observed...".into(), false));
    }
    let conditions = deployment["status"]["conditions"].as_array();
    let late = conditions.into_iter().flatten().any(|condition| {
        condition["type"] == "Progressing" && condition["reason"] == "ProgressDeadlineExceeded"
    });
    if late {
        return Err(Error::Text(format!("deployment {name} exceeded its progress deadline")));
    }
    let (desired, updated) = (number("/spec/replicas"), number("/status/updatedReplicas"));
    let (replicas, available) = (number("/status/replicas"), number("/status/availableReplicas"));
    let waiting = |what: String| {
        (format!("Waiting for deployment {name} rollout to finish: {what}..."), false)
    };
    Ok(if updated < desired {
        waiting(format!("{updated} out of {desired} new replicas have been updated"))
    } else if replicas > updated {
        waiting(format!("{} old replicas are pending termination", replicas - updated))
    } else if available < updated {
        waiting(format!("{available} of {updated} updated replicas are available"))
    } else {
        (format!("deployment {name} successfully rolled out"), true)
    })
}

#[cfg(test)]
mod tests {
    use super::status;
    use serde_json::json;

    /// The table of upstream's `TestDeploymentStatusViewerStatus`, extended.
    #[test]
    fn what_is_said() {
        let check = |generation, observed, desired: i64, counts: [i64; 3], expected: &str| {
            let deployment = json!({
                "metadata": {"name": "foo", "generation": generation},
                "spec": {"replicas": desired},
                "status": {
                    "observedGeneration": observed, "replicas": counts[0],
                    "updatedReplicas": counts[1], "availableReplicas": counts[2],
                },
            });
            let text = match status(&deployment, 0) {
                Ok((text, done)) => format!("{text}{}", if done { " done" } else { "" }),
                Err(error) => error.message(),
            };
            assert_eq!(text, expected);
        };
        let waiting = r#"Waiting for deployment "foo" rollout to finish: "#;
        check(
            0,
            1,
            1,
            [1, 0, 1],
            &format!("{waiting}0 out of 1 new replicas have been updated..."),
        );
        check(1, 1, 1, [2, 1, 2], &format!("{waiting}1 old replicas are pending termination..."));
        check(1, 1, 2, [2, 2, 1], &format!("{waiting}1 of 2 updated replicas are available..."));
        check(1, 1, 2, [2, 2, 2], r#"deployment "foo" successfully rolled out done"#);
        check(2, 1, 2, [2, 2, 2], "Waiting for deployment spec update to be observed...");
        check(1, 1, 0, [0, 0, 0], r#"deployment "foo" successfully rolled out done"#);
    }
}
