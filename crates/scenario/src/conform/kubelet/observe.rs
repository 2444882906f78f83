//! Runs a recording's Deployment and commands, and writes down what is seen of the pods.

use std::collections::BTreeMap;

use rollscope_api::object::{ContainerState, ContainerStatus, Pod, Uid};
use rollscope_api::{Api, Resource, SimDuration, SimTime, Value, WriteOptions};
use rollscope_sim::store::PodId;
use rollscope_sim::{Cluster, ClusterOptions, Pace, World};

use super::Recording;
use super::recording::Millis;
use crate::files::FileSet;
use crate::input::Input;
use crate::session::Session;

const NAMESPACE: &str = "default";

/// Everything that was observed, in the recording's form.
pub(super) fn run(
    recording: &Recording,
    manifest: &Value,
    world: World,
    seed: u64,
) -> Result<Recording, String> {
    // Some moment that is no full second.
    let start = SimTime::from_micros(1_767_603_600_400_000);
    world.validate().map_err(|error| error.to_string())?;
    let options = ClusterOptions { seed, start, world, pace: Pace::Live };
    let mut session = Session::with_cluster(Cluster::new(options), FileSet::default());
    session
        .api()
        .create(Resource::Deployments, NAMESPACE, manifest.clone(), &WriteOptions::default())
        .map_err(|status| status.message)?;
    let mut observer = Observer { start, ..Observer::default() };
    for command in &recording.commands {
        observer.run_until(&mut session, command.at);
        session.input(&Input::Command { line: command.what.clone() });
        observer.look(&mut session);
    }
    // A simulation that is a little slower shows its last moments, too.
    observer.run_until(&mut session, recording.end + recording.end / 4 + 5_000);
    observer.seen.end = recording.end;
    Ok(observer.seen)
}

#[derive(Default)]
struct Observer {
    start: SimTime,
    seen: Recording,
    /// The names pods are given in the recording, and whether they are gone.
    names: BTreeMap<PodId, (String, bool)>,
    uids: BTreeMap<Uid, PodId>,
    version: u64,
    events: u64,
}

impl Observer {
    fn run_until(&mut self, session: &mut Session, at: Millis) {
        let until = self.start + SimDuration::from_millis(at);
        while session.next_event_at().is_some_and(|next| next <= until) {
            session.step();
            self.look(session);
        }
        session.run_until(until);
    }

    fn look(&mut self, session: &mut Session) {
        if session.cluster().version() == self.version {
            return;
        }
        self.version = session.cluster().version();
        let at = (session.now() - self.start).as_millis();
        self.look_at_pods(session.cluster(), at);
        self.look_at_events(session.cluster(), at);
        self.look_at_rows(session, at);
    }

    fn look_at_pods(&mut self, cluster: &Cluster, at: Millis) {
        for (id, pod) in cluster.listers().pods() {
            let known = self.names.len();
            self.uids.entry(pod.metadata.uid.clone()).or_insert(id);
            let (name, _) = self.names.entry(id).or_insert_with(|| {
                let set = pod.metadata.name.rsplit_once('-').map_or("", |(set, _)| set);
                let letter = char::from(b'a' + (known % 26) as u8);
                (format!("{set}-{letter}"), false)
            });
            let line = status_line(pod).replace(&*pod.metadata.name, name);
            self.seen.status(at, name, &line.replace(&pod.metadata.uid.to_string(), "<uid>"));
        }
        for (id, (name, gone)) in &mut self.names {
            if !*gone && cluster.listers().pod(*id).is_none() {
                *gone = true;
                self.seen.status(at, name, "gone");
            }
        }
    }

    fn look_at_events(&mut self, cluster: &Cluster, at: Millis) {
        let written = cluster.events_written_since(self.events);
        for event in written {
            let object = &event.involved_object;
            let Some(id) = self.uids.get(&object.uid) else { continue };
            let Some((name, _)) = self.names.get(id) else { continue };
            let message = event.message.replace(&*object.name, name);
            let message = message.replace(&object.uid.to_string(), "<uid>");
            let line = format!("{} {} {}: {message}", object.field_path, event.type_, event.reason);
            self.seen.event(at, name, line.trim_start());
        }
        self.events = cluster.event_writes();
    }

    fn look_at_rows(&mut self, session: &mut Session, at: Millis) {
        let files = FileSet::default();
        let line = "kubectl get pods --no-headers";
        let outcome = rollscope_kubectl::run(session.api(), &files, line);
        let rollscope_kubectl::Outcome::Done(output) = outcome else { return };
        for row in output.stdout.lines() {
            let cells: Vec<&str> =
                row.split("  ").map(str::trim).filter(|c| !c.is_empty()).collect();
            let [name, ready, status, restarts, ..] = cells.as_slice() else { continue };
            let restarts = match restarts.split_once(" (") {
                Some((count, _)) => format!("{count} (<age> ago)"),
                None => (*restarts).to_owned(),
            };
            let mut pods = session.cluster().listers().pods();
            let id = pods.find(|(_, pod)| *pod.metadata.name == **name).map(|(id, _)| id);
            if let Some((name, _)) = id.and_then(|id| self.names.get(&id)) {
                self.seen.row(at, name, &format!("{ready} {status} {restarts}"));
            }
        }
    }
}

/// A pod's whole status in one line.
fn status_line(pod: &Pod) -> String {
    let mut parts = vec![format!("phase={}", pod.status.phase.as_str())];
    if pod.metadata.deletion_timestamp.is_some() {
        let grace = pod.metadata.deletion_grace_period_seconds.unwrap_or_default();
        parts.push(format!("deletion +{grace}s"));
    }
    let conditions: Vec<String> = pod
        .status
        .conditions
        .iter()
        .map(|condition| match &*condition.reason {
            "" => format!("{}={}", condition.type_, condition.status),
            reason => format!("{}={}({reason})", condition.type_, condition.status),
        })
        .collect();
    parts.push(format!("conditions {}", conditions.join(",")));
    let statuses = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    parts.extend(statuses.map(container_part));
    parts.join(" | ")
}

fn container_part(status: &ContainerStatus) -> String {
    let yes = |yes: bool| if yes { "True" } else { "False" };
    let last = match state_part(&status.last_state) {
        last if last.is_empty() => last,
        last => format!(" last={last}"),
    };
    format!(
        "{} {} ready={} started={} restarts={}{last}",
        status.name,
        state_part(&status.state),
        yes(status.ready),
        yes(status.started == Some(true)),
        status.restart_count,
    )
}

fn state_part(state: &ContainerState) -> String {
    let quoted = |message: &str| match message {
        "" => String::new(),
        message => format!(" \"{message}\""),
    };
    match state {
        ContainerState::None => String::new(),
        ContainerState::Waiting { reason, message } => {
            format!("waiting:{reason}{}", quoted(message))
        }
        ContainerState::Running { .. } => "running".to_owned(),
        ContainerState::Terminated { exit_code, reason, message, .. } => {
            format!("terminated:{reason}:{exit_code}{}", quoted(message))
        }
    }
}
