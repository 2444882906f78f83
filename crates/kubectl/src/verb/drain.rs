//! `kubectl drain`. Models `kubectl/pkg/cmd/drain/drain.go` and `kubectl/pkg/drain`.
//!
//! There are no disruption budgets that could refuse an eviction.

use std::collections::{BTreeMap, VecDeque};

use rollscope_api::selector::Selector;
use rollscope_api::{DeleteOptions, Resource, SimDuration, SimTime, Value};

use super::cordon::{nodes, set_unschedulable};
use crate::builder::SELECTOR_FLAG;
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{CHUNK_SIZE, DRY_RUN};
use crate::go::quote;
use crate::info::{Info, name_of};
use crate::kinds;
use crate::printer::result_line;
use crate::waiting::{Flow, Progress, Waiter};

const FLAGS: &[Flag] = &[
    Flag::switch("force", "Also delete pods that no controller would make again."),
    Flag::switch("ignore-daemonsets", "Leave pods of daemon sets alone."),
    Flag::switch("delete-emptydir-data", "Also delete pods with data on the node."),
    Flag::of(
        Kind::Int,
        "grace-period",
        "-1",
        "Seconds a pod is given to end; -1 leaves it to the pod.",
    ),
    Flag::of(Kind::Duration, "timeout", "0s", "How long to wait; 0 is without end."),
    Flag::text("pod-selector", "Only these pods."),
    Flag::switch("disable-eviction", "Delete in place of evicting."),
    Flag::of(
        Kind::Int,
        "skip-wait-for-delete-timeout",
        "0",
        "Do not wait for pods that have been ending this long.",
    ),
];

/// `drain`
pub(crate) static DRAIN: Command = Command {
    name: "drain",
    usage: "NODE",
    short: "Empty a node of its pods",
    examples: &["drain node-1 --ignore-daemonsets"],
    flags: &[FLAGS, CHUNK_SIZE, DRY_RUN, SELECTOR_FLAG],
    run: Run::Verb(run),
    ..COMMAND
};

/// The nodes that are still to be emptied.
#[derive(Clone, Debug)]
pub(crate) struct Draining {
    nodes: VecDeque<Info>,
    dry_run: DryRun,
    /// The pods of the first node that have been evicted and are not gone.
    pods: Option<Vec<Value>>,
    deadline: Option<SimTime>,
    failed: Vec<Error>,
    pending: Vec<String>,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let selector = ctx.given().text("pod-selector").to_owned();
    let (nodes, dry_run) = nodes(ctx)?;
    if !selector.is_empty() && Selector::parse(&selector).is_err() {
        return Err("--pod-selector=<pod_selector> must be a valid label selector".into());
    }
    set_unschedulable(ctx, &nodes, true, dry_run)?;
    let mut draining = Draining {
        nodes: nodes.into(),
        dry_run,
        pods: None,
        deadline: None,
        failed: Vec::new(),
        pending: Vec::new(),
    };
    match draining.poll(ctx)? {
        Progress::Done => Ok(Flow::Done),
        Progress::Pending => Ok(Flow::Wait(Box::new(Waiter::Drain(draining)))),
    }
}

impl Draining {
    /// When the present node is given up.
    pub(crate) fn deadline(&self) -> Option<SimTime> {
        self.deadline
    }

    /// Goes on with the next node once the pods of the first are gone.
    pub(crate) fn poll(&mut self, ctx: &mut Ctx<'_>) -> Result<Progress, Error> {
        while let Some(node) = self.nodes.front().cloned() {
            let result = match self.pods.take() {
                None => self.evict(ctx, &node),
                Some(pods) => self.wait(ctx, pods),
            };
            match result {
                Ok(Progress::Pending) => return Ok(Progress::Pending),
                Ok(Progress::Done) => {
                    let done = format!("drained{}", self.dry_run.suffix());
                    ctx.println(&result_line(&node.object, &done));
                }
                Err(error) => {
                    ctx.eprintln(&format!(
                        "error: unable to drain node {} due to error: {}, continuing command...",
                        quote(&node.name),
                        error.message()
                    ));
                    self.failed.push(error);
                    self.pending.push(node.name.clone());
                }
            }
            self.nodes.pop_front();
            self.deadline = None;
        }
        if !self.pending.is_empty() {
            ctx.eprintln("There are pending nodes to be drained:");
            for name in &self.pending {
                ctx.eprintln(&format!(" {name}"));
            }
        }
        Error::aggregate(std::mem::take(&mut self.failed))?;
        Ok(Progress::Done)
    }

    fn evict(&mut self, ctx: &mut Ctx<'_>, node: &Info) -> Result<Progress, Error> {
        let pods = pods_to_delete(ctx, &node.name)?;
        let grace = ctx.given().int("grace-period");
        let timeout = ctx.given().duration("timeout");
        let deletes = ctx.given().on("disable-eviction");
        let kind = kinds::of(Resource::Pods);
        for pod in &pods {
            let place = pod["metadata"]["namespace"].as_str().unwrap_or_default();
            let name = name_of(pod);
            let suffix = self.dry_run.suffix();
            ctx.println(&format!("evicting pod {place}/{name}{suffix}"));
            if self.dry_run != DryRun::None {
                continue;
            }
            let options = DeleteOptions {
                grace_period_seconds: (grace >= 0).then_some(grace),
                ..DeleteOptions::default()
            };
            let gone = if deletes {
                ctx.delete(kind, place, name, &options).map(drop)
            } else {
                ctx.evict(place, name, &options)
            };
            match gone {
                Err(error) if !error.is_not_found() => {
                    return Err(Error::Text(format!(
                        "error when evicting pods/{} -n {}: {}",
                        quote(name),
                        quote(place),
                        error.message()
                    )));
                }
                _ => {}
            }
        }
        if self.dry_run != DryRun::None {
            return Ok(Progress::Done);
        }
        self.deadline = (timeout > SimDuration::ZERO).then(|| ctx.now() + timeout);
        self.wait(ctx, pods)
    }

    fn wait(&mut self, ctx: &mut Ctx<'_>, pods: Vec<Value>) -> Result<Progress, Error> {
        let kind = kinds::of(Resource::Pods);
        let mut left = Vec::new();
        for pod in pods {
            let place = pod["metadata"]["namespace"].as_str().unwrap_or_default();
            let current = ctx.get(kind, place, name_of(&pod));
            let present = match current {
                Ok(current) => current["metadata"]["uid"] == pod["metadata"]["uid"],
                Err(error) if error.is_not_found() => false,
                Err(error) => return Err(error),
            };
            if present {
                left.push(pod);
            } else {
                ctx.println(&result_line(&pod, "evicted"));
            }
        }
        if left.is_empty() {
            return Ok(Progress::Done);
        }
        if self.deadline.is_some_and(|deadline| ctx.now() >= deadline) {
            let pod = &left[0];
            return Err(Error::Text(format!(
                "error when waiting for pod {} in namespace {} to terminate: context deadline exceeded",
                quote(name_of(pod)),
                quote(pod["metadata"]["namespace"].as_str().unwrap_or_default())
            )));
        }
        self.pods = Some(left);
        Ok(Progress::Pending)
    }
}

/// The pods of a node that may be deleted.
fn pods_to_delete(ctx: &mut Ctx<'_>, node: &str) -> Result<Vec<Value>, Error> {
    let selector = ctx.given().text("pod-selector").to_owned();
    let fields = format!("spec.nodeName={node}");
    let mut pods = ctx.list(kinds::of(Resource::Pods), "", &selector, &fields)?;
    let (force, local) = (ctx.given().on("force"), ctx.given().on("delete-emptydir-data"));
    let mut refused: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut warned: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for pod in &pods {
        let ended = matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
        if ended {
            continue;
        }
        let place = pod["metadata"]["namespace"].as_str().unwrap_or_default();
        let name = format!("{place}/{}", name_of(pod));
        let volumes = pod["spec"]["volumes"].as_array();
        let has_data = volumes.into_iter().flatten().any(|volume| volume["emptyDir"].is_object());
        let owners = pod["metadata"]["ownerReferences"].as_array();
        let managed =
            owners.into_iter().flatten().any(|owner| owner["controller"].as_bool() == Some(true));
        if has_data && !local {
            refused
                .entry("Pods with local storage (use --delete-emptydir-data to override)")
                .or_default()
                .push(name);
        } else if !managed && !force {
            refused
                .entry("Pods that declare no controller (use --force to override)")
                .or_default()
                .push(name);
        } else if !managed {
            warned.entry("deleting Pods that declare no controller").or_default().push(name);
        } else if has_data {
            warned.entry("deleting Pods with local storage").or_default().push(name);
        }
    }
    if !refused.is_empty() {
        let errors = refused
            .into_iter()
            .map(|(why, pods)| Error::Text(format!("cannot delete {why}: {}", pods.join(", "))));
        return Err(Error::Many(errors.collect()));
    }
    if !warned.is_empty() {
        let warnings: Vec<String> =
            warned.into_iter().map(|(why, pods)| format!("{why}: {}", pods.join(", "))).collect();
        ctx.eprintln(&format!("Warning: {}", warnings.join("; ")));
    }
    pods.iter_mut().for_each(|pod| {
        pod["apiVersion"] = "v1".into();
        pod["kind"] = "Pod".into();
    });
    Ok(pods)
}
