//! Starting a container: back-off, image, configuration, process, hook.
//!
//! Models `startContainer` and `doBackOff` in `pkg/kubelet/kuberuntime` and
//! `pkg/kubelet/images/image_manager.go`.

use std::rc::Rc;

use rollscope_api::{Resource, SimDuration, SimTime};

use super::Turn;
use super::answer::{hook, hook_failed};
use super::go_time::{duration, milliseconds};
use super::runtime::{Exit, Record};
use super::spec::{ContainerSpec, PullPolicy, Reference};
use super::worker::{Op, SHORTEST, Step};
use crate::kernel::Draw;
use crate::store::Key;
use crate::words::{drafted, joined, push_hex};

impl Turn<'_, '_> {
    pub(super) fn start(&mut self, container: usize) -> Step {
        if self.backs_off(container) {
            return Step::Done;
        }
        self.agent.acted = true;
        let spec = self.agent.spec.clone();
        let spec = &spec.containers[container];
        let image = match &spec.tagged {
            Ok(image) => image,
            Err(why) => {
                let image = &spec.image;
                let message = format!(
                    "Failed to apply default image tag \"{image}\": couldn't parse image name \
                     \"{image}\": {why}"
                );
                let text = message.as_str().into();
                self.report_container(container, "Warning", "InspectFailed", text);
                return self.image_failed(container, "InvalidImageName", message.into());
            }
        };
        let present = self.node.images.contains(image) || spec.rule.present;
        let pulls = match spec.pull_policy {
            PullPolicy::Always => true,
            PullPolicy::IfNotPresent => !present,
            PullPolicy::Never => false,
        };
        if pulls {
            return self.pull(container, spec, image);
        }
        if present {
            let message = joined([
                "Container image \"",
                &spec.image,
                "\" already present on machine and can be accessed by the pod",
            ]);
            self.report_container(container, "Normal", "Pulled", message);
            return self.create(container);
        }
        let message =
            format!("Container image \"{}\" is not present with pull policy of Never", spec.image);
        self.report_container(container, "Warning", "ErrImageNeverPull", message.as_str().into());
        self.image_failed(container, "ErrImageNeverPull", message.into())
    }

    /// Whether the container has to wait because it ended lately. Models `doBackOff`.
    fn backs_off(&mut self, container: usize) -> bool {
        // The latest end that was seen when the sync began counts: of a container that is being
        // restarted for a failed probe, that is the end before.
        let seen = self.agent.seen;
        let finished = {
            let mut records = self.agent.runtime.of(container, seen);
            records.find_map(|record| record.exited_by(seen)).map(|exit| exit.at)
        };
        let Some(finished) = finished else { return false };
        let Some(wait) = self.agent.crashes[container].since(self.now, finished) else {
            self.agent.crashes[container].next(self.now, finished);
            return false;
        };
        let name = self.agent.spec.containers[container].name.clone();
        let pod = self.agent.full_name();
        let text = format!("Back-off restarting failed container {name} in pod {pod}");
        self.report_container(container, "Warning", "BackOff", text.into());
        let message =
            format!("back-off {} restarting failed container={name} pod={pod}", duration(wait));
        self.fail(container, "CrashLoopBackOff", message.into());
        let end = finished + wait;
        let earliest = self.agent.failed.flatten().map_or(end, |known| known.min(end));
        self.agent.failed = Some(Some(earliest));
        true
    }

    fn pull(&mut self, container: usize, spec: &ContainerSpec, image: &Rc<str>) -> Step {
        let known = self.agent.pulls.entry(image.clone()).or_default();
        if known.back_off.since_update(self.now) {
            let text = format!("Back-off pulling image \"{}\"", spec.image);
            let message = format!("{text}: {}", known.error);
            self.report_container(container, "Normal", "BackOff", text.into());
            return self.image_failed(container, "ImagePullBackOff", message.into());
        }
        self.report_container(
            container,
            "Normal",
            "Pulling",
            joined(["Pulling image \"", &spec.image, "\""]),
        );
        let rule = &spec.rule;
        let error: Option<Rc<str>> = rule.registry_error(&spec.image).map(Into::into);
        let (whole, again) = (rule.pull_ms, rule.repull_ms);
        let begins = if self.ctx.world().kubelet.serialize_image_pulls {
            self.node.pulls_until.max(self.now)
        } else {
            self.now
        };
        // Another pod's pull of the same image may be over by then.
        let soon_there = self.node.images.contains(image)
            || self.node.pulling.get(image).is_some_and(|until| *until <= begins);
        let range = if soon_there { again } else { whole };
        let pull = self.draw("pull", range);
        let ends = begins + pull;
        self.node.pulls_until = self.node.pulls_until.max(ends);
        if error.is_none() {
            let until = self.node.pulling.entry(image.clone()).or_insert(ends);
            *until = (*until).min(ends);
        }
        self.agent.ops.push_front(Op::Pulled { container, began: self.now, pull, error });
        Step::Until(ends)
    }

    pub(super) fn pulled(
        &mut self,
        container: usize,
        began: SimTime,
        pull: SimDuration,
        error: Option<Rc<str>>,
    ) -> Step {
        let spec = self.agent.spec.clone();
        let spec = &spec.containers[container];
        let image = spec.tagged.clone().unwrap_or_else(|_| spec.image.clone());
        if let Some(error) = error {
            let text = format!("Failed to pull image \"{}\": {error}", spec.image);
            self.report_container(container, "Warning", "Failed", text.into());
            let now = self.now;
            let known = self.agent.pulls.entry(image).or_default();
            known.back_off.next(now, now);
            known.error = format!("ErrImagePull: {error}").into();
            return self.image_failed(container, "ErrImagePull", error);
        }
        self.agent.pulls.remove(&image);
        self.node.images.insert(image);
        let bytes = u64::from(spec.rule.size_mib) << 20;
        let text = joined([
            "Successfully pulled image \"",
            &spec.image,
            "\" in ",
            &milliseconds(pull),
            " (",
            &milliseconds(self.now - began),
            " including waiting). Image size: ",
            &bytes.to_string(),
            " bytes.",
        ]);
        self.report_container(container, "Normal", "Pulled", text);
        self.create(container)
    }

    fn image_failed(&mut self, container: usize, reason: &'static str, message: Rc<str>) -> Step {
        self.report_container(container, "Warning", "Failed", format!("Error: {reason}").into());
        self.fail(container, reason, message);
        Step::Done
    }

    pub(super) fn create(&mut self, container: usize) -> Step {
        let spec = self.agent.spec.clone();
        let spec = &spec.containers[container];
        if let Some(missing) = spec.references.iter().find_map(|needed| self.missing(needed)) {
            let text = format!("Error: {missing}");
            self.report_container(container, "Warning", "Failed", text.into());
            self.fail(container, "CreateContainerConfigError", missing.into());
            return Step::Done;
        }
        let range = spec.rule.start_ms;
        self.agent.ops.push_front(Op::Run(container));
        Step::Until(self.now + self.draw("start", range).max(SHORTEST))
    }

    /// What the environment needs and is not there.
    fn missing(&self, needed: &Reference) -> Option<String> {
        let Reference { secret, name, key } = needed;
        let (resource, kind, plain) = if *secret {
            (Resource::Secrets, "Secret", "secret")
        } else {
            (Resource::ConfigMaps, "ConfigMap", "configmap")
        };
        let namespace = &*self.agent.namespace;
        let object = self.ctx.listers().other(resource, &Key::new(namespace, name));
        let Some(object) = object else { return Some(format!("{plain} \"{name}\" not found")) };
        let key = key.as_ref()?;
        let has = |field: &str| !object.value[field][key.as_str()].is_null();
        (!has("data") && !has("binaryData") && !has("stringData"))
            .then(|| format!("couldn't find key {key} in {kind} {namespace}/{name}"))
    }

    pub(super) fn run(&mut self, container: usize) -> Step {
        let spec = self.agent.spec.clone();
        let spec = &spec.containers[container];
        let attempt =
            self.agent.runtime.latest(container, self.now).map_or(0, |last| last.attempt + 1);
        let record = self.new_record(container, spec, attempt);
        self.report_container(container, "Normal", "Created", word!("Container created"));
        let start_error: Option<Rc<str>> = spec.rule.start_error.as_deref().map(Into::into);
        self.agent.runtime.add(record);
        if let Some(error) = start_error {
            self.report_container(container, "Warning", "Failed", format!("Error: {error}").into());
            self.fail(container, "RunContainerError", error);
            return Step::Done;
        }
        self.report_container(container, "Normal", "Started", word!("Container started"));
        let Some(handler) = &spec.post_start else {
            self.agent.reasons[container] = None;
            return Step::Done;
        };
        let answer = hook(self.ctx.world(), handler, &spec.image, &self.agent.ip, 0);
        let failure = answer.failure.map(|error| {
            let pod = self.agent.full_name();
            hook_failed(handler, &spec.name, &pod, &error).into()
        });
        self.agent.ops.push_front(Op::PostStarted { container, failure });
        Step::Until(self.now + answer.takes)
    }

    pub(super) fn post_started(&mut self, container: usize, failure: Option<Rc<str>>) -> Step {
        let Some(failure) = failure else {
            self.agent.reasons[container] = None;
            return Step::Done;
        };
        self.report_container(
            container,
            "Warning",
            "FailedPostStartHook",
            word!("PostStartHook failed"),
        );
        let grace = self.agent.spec.grace;
        let until = self.kill(container, word!("FailedPostStartHook"), grace, None);
        self.fail(container, "PostStartHookError", failure);
        Step::Until(until)
    }

    fn new_record(&mut self, container: usize, spec: &ContainerSpec, attempt: i32) -> Record {
        let now = self.now;
        let rule = &spec.rule;
        let after = |turn: &Self, purpose: &str, range| now + turn.draw(purpose, range);
        let mut exit = rule.crash_after_ms.map(|range| {
            let at = after(self, "crash", range);
            if rule.oom {
                Exit { reason: "OOMKilled", ..Exit::new(at, 137) }
            } else {
                Exit::new(at, rule.exit_code)
            }
        });
        if let Some(error) = &rule.start_error {
            let message = error.as_str().into();
            exit = Some(Exit { reason: "StartError", message, ..Exit::new(now, 128) });
        } else if exit.is_none() && spec.init && !spec.sidecar {
            // An init container's work ends; it takes as long as others take to get ready.
            exit = Some(Exit::new(after(self, "ready", rule.ready_ms), 0));
        }
        let mut draw = self.ctx.draw(&self.agent.uid.to_string(), &spec.name);
        for _ in 0..attempt {
            draw.next_u64();
        }
        let id = drafted(|id| {
            id.push_str("containerd://");
            push_digest(id, draw);
        });
        let image_id = match self.node.image_ids.get(&spec.image) {
            Some(image_id) => image_id.clone(),
            None => {
                let name = spec.image.split(['@', ':']).next().unwrap_or_default();
                let mut image_id = format!("{name}@sha256:");
                push_digest(&mut image_id, self.ctx.draw("sha256", &spec.image));
                let image_id: Rc<str> = image_id.into();
                self.node.image_ids.insert(spec.image.clone(), image_id.clone());
                image_id
            }
        };
        Record {
            container,
            attempt,
            id,
            image_id,
            started: now,
            sigterm: None,
            exit,
            ready: after(self, "ready", rule.ready_ms),
            hangs: rule.hangs_after_ms.map(|range| after(self, "hang", range)),
        }
    }
}

/// 64 hexadecimal digits.
fn push_digest(text: &mut String, mut draw: Draw) {
    for _ in 0..4 {
        push_hex(text, draw.next_u64(), 16);
    }
}
