//! The work that benchmarks measure, the same natively and in wasm. They hold the clock, not this.

use rollscope_api::{SimDuration, SimTime};
use rollscope_sim::World;
use rollscope_sim::store::Key;
use rollscope_sim::world::{NodeGroup, Nodes};

use crate::forecast::{Forecaster, Question, Verdict};
use crate::input::Input;
use crate::script::{Script, TimedInput};
use crate::session::Session;
use crate::timeline::Timeline;

/// A rollout that takes longer than this has not been done.
const PATIENCE: SimDuration = SimDuration::from_secs(24 * 3_600);

/// What a measured rollout came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollout {
    /// Simulation events from the first to the last.
    pub events: u32,
    /// Whether the second revision was complete at the end.
    pub complete: bool,
}

/// A manifest of so many replicas, with the defaults of everything else.
pub fn manifest(replicas: u32, tag: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: \
         {replicas}\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      \
         labels:\n        app: web\n    spec:\n      containers:\n      - name: web\n        image: \
         web:{tag}\n"
    )
}

/// The same with a readiness probe that is asked every second, which pods answer from 200 to
/// 800 ms after their start on.
fn probed_manifest(replicas: u32) -> String {
    let probe = "        readinessProbe:\n          httpGet:\n            path: /\n            port: \
                 8080\n          periodSeconds: 1\n";
    manifest(replicas, "1.0") + probe
}

/// A script that creates a Deployment and gives it a new image once it is there.
fn script(replicas: u32, seed: u64) -> Script {
    let mut script = Script { seed, ..Script::default() };
    script.world = world(replicas);
    script.files.insert("web.yaml".to_owned(), manifest(replicas, "1.0"));
    script
}

/// Enough nodes for every pod, the surplus of a rollout, and pods that are still terminating.
fn world(replicas: u32) -> World {
    let pods_a_node = NodeGroup::default().pods;
    let nodes = (replicas * 2).div_ceil(pods_a_node).max(3);
    World { nodes: Nodes::uniform(nodes), ..World::default() }
}

fn is_complete(session: &Session, key: &Key) -> bool {
    session.cluster().listers().deployment(key).is_some_and(|deployment| {
        let (spec, status) = (&deployment.spec, &deployment.status);
        status.updated_replicas == spec.replicas
            && status.replicas == spec.replicas
            && status.available_replicas == spec.replicas
            && status.observed_generation >= deployment.metadata.generation
    })
}

/// Creates a Deployment, waits until it is there, gives it a new image, and waits until that is
/// everywhere and the last old pod is gone.
pub fn rollout(replicas: u32, seed: u64) -> Rollout {
    follow(&script(replicas, seed), replicas)
}

/// The same with pods that have a readiness probe.
pub fn probed_rollout(replicas: u32, seed: u64) -> Rollout {
    let mut script = script(replicas, seed);
    script.files.insert("web.yaml".to_owned(), probed_manifest(replicas));
    follow(&script, replicas)
}

fn follow(script: &Script, replicas: u32) -> Rollout {
    let mut session = Session::new(script);
    let end = session.now() + PATIENCE;
    let key = Key::new("default", "web");
    let mut events = 0;
    let mut run = |session: &mut Session, done: &dyn Fn(&Session) -> bool| {
        while !done(session) && session.now() < end && session.step() {
            events += 1;
        }
    };
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    run(&mut session, &|session| is_complete(session, &key));
    let line = "kubectl set image deployment/web web=web:2.0".to_owned();
    session.input(&Input::Command { line });
    let pods = replicas as usize;
    run(&mut session, &|session| {
        session.cluster().listers().pod_count() == pods && is_complete(session, &key)
    });
    Rollout { events, complete: is_complete(&session, &key) }
}

/// Ten computed minutes with two rollouts in them, to be sought in.
#[derive(Debug)]
pub struct Seeks {
    timeline: Timeline,
    moments: Vec<SimTime>,
}

impl Seeks {
    /// Computes the ten minutes.
    pub fn new(replicas: u32) -> Self {
        let mut script = script(replicas, 1);
        let at = SimDuration::from_secs;
        let set = |tag: &str| Input::Command {
            line: format!("kubectl set image deployment/web web=web:{tag}"),
        };
        script.inputs = vec![
            TimedInput { at: at(0), input: Input::Apply { file: "web.yaml".to_owned() } },
            TimedInput { at: at(120), input: set("2.0") },
            TimedInput { at: at(360), input: set("3.0") },
        ];
        let start = script.start_time();
        let mut timeline = Timeline::new(script);
        timeline.state_at(start + at(600));
        // A step that shares no factor with ten minutes reaches every part of them.
        let moments = (0..600)
            .map(|number| start + SimDuration::from_millis(number * 377_777 % 600_000))
            .collect();
        Self { timeline, moments }
    }

    /// How many different moments there are.
    pub fn count(&self) -> u32 {
        self.moments.len() as u32
    }

    /// Goes to one of the moments. Returns how many pods there are then.
    pub fn seek(&mut self, number: u32) -> u32 {
        let moment = self.moments[number as usize % self.moments.len()];
        self.timeline.state_at(moment).cluster().listers().pod_count() as u32
    }
}

/// A Deployment that has come up, and a manifest with another image to be forecast.
#[derive(Debug)]
pub struct Forecasts {
    session: Session,
    question: Question,
}

impl Forecasts {
    /// Lets the Deployment come up. `tag` is that of the new image: `2.0` completes, `missing`
    /// does not.
    pub fn new(replicas: u32, tag: &str) -> Self {
        let mut session = Session::new(&script(replicas, 1));
        session.input(&Input::Apply { file: "web.yaml".to_owned() });
        session.run_until(session.now() + SimDuration::from_secs(120));
        Self { session, question: Question::new("web.yaml", &manifest(replicas, tag)) }
    }

    /// The whole forecast, as after a keystroke. Returns whether the rollout can complete.
    pub fn ask(&self) -> bool {
        Forecaster::new(&self.session, &self.question).finish().verdict == Verdict::Completes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_comes_to_its_end() {
        let (plain, probed) = (rollout(10, 1), probed_rollout(10, 1));
        assert!(plain.complete && probed.complete);
        assert!(probed.events > plain.events, "no probe was ever asked");
    }
}
