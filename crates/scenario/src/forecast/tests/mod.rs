//! The forecast, on manifests of every kind.

mod obstacles;
mod random;
mod revisions;
mod runs;

use expect_test::expect;
use rollscope_api::{SimDuration, SimTime};
use rollscope_sim::World;
use rollscope_sim::controller::deployment::equal_ignore_hash;
use rollscope_sim::kernel::{Draw, Random};
use rollscope_sim::world::{NodeGroup, Nodes};

use super::*;
use crate::input::Input;
use crate::script::{Script, TimedInput};
use crate::timeline::{MarkKind, Timeline};

const FILE: &str = "web.yaml";

/// A manifest with what the random ones vary.
#[derive(Clone, Debug)]
struct Plan {
    replicas: u64,
    strategy: String,
    image: &'static str,
    min_ready_seconds: u64,
    deadline_seconds: u64,
    env: u64,
    cpu: &'static str,
    paused: bool,
}

impl Plan {
    fn text(&self) -> String {
        let Self { replicas, strategy, image, min_ready_seconds, deadline_seconds, .. } = self;
        let Self { env, cpu, paused, .. } = self;
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  replicas: \
             {replicas}\n  paused: {paused}\n  minReadySeconds: {min_ready_seconds}\n  \
             progressDeadlineSeconds: {deadline_seconds}\n  strategy: {strategy}\n  selector: \
             {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    \
             spec:\n      containers:\n      - name: web\n        image: {image}\n        env: \
             [{{name: MODE, value: m{env}}}]\n        resources: {{requests: {{cpu: {cpu}}}}}\n"
        )
    }
}

/// The forecast in a few lines.
fn short(forecast: &Forecast) -> String {
    let mut lines = vec![format!("{:?}", forecast.verdict)];
    if let Some(subject) = &forecast.subject {
        lines.push(format!("{:?} {:?}", subject.action, subject.revision));
        for one in subject.template_changes.iter().chain(&subject.other_changes) {
            let side = |text: &Option<String>| text.clone().unwrap_or_default();
            lines.push(format!("{}: {} → {}", one.path, side(&one.old), side(&one.new)));
        }
    }
    if let Some(outcome) = &forecast.outcome {
        let Outcome { revision, replica_set, peak_pods, lowest_available, .. } = outcome;
        let (peak, lowest) = (peak_pods.own.unwrap(), lowest_available.own.unwrap());
        lines.push(format!("{revision} {replica_set} peak {peak} lowest {lowest}"));
        for Cause { kind, message, image, pods } in &outcome.causes {
            lines.push(format!("{kind:?} {pods} {image} {message}"));
        }
    }
    lines.push(forecast.complaint.lines().next().unwrap_or_default().to_owned());
    lines.join("\n").trim_end().to_owned()
}

/// Applies texts a minute apart and asks what the last one would do.
fn ask(world: World, texts: &[String]) -> Forecast {
    let mut session = Session::new(&Script { world, ..Script::default() });
    let (last, before) = texts.split_last().unwrap();
    for text in before {
        session.input(&Input::EditFile { name: FILE.to_owned(), text: text.clone() });
        session.input(&Input::Apply { file: FILE.to_owned() });
        session.run_until(session.now() + SimDuration::from_secs(60));
    }
    Forecaster::new(&session, &Question::new(FILE, last)).finish()
}

fn plan() -> Plan {
    Plan {
        replicas: 3,
        strategy: "{rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}".to_owned(),
        image: "web:1.0",
        min_ready_seconds: 0,
        deadline_seconds: 600,
        env: 1,
        cpu: "100m",
        paused: false,
    }
}

#[track_caller]
fn check(last: impl FnOnce(&mut Plan), expected: expect_test::Expect) {
    let mut second = Plan { image: "web:2.0", ..plan() };
    let before = [plan().text(), second.text()];
    last(&mut second);
    let texts = [&before[..], &[second.text()]].concat();
    expected.assert_eq(&short(&ask(World::default(), &texts)));
}
