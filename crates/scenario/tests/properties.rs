//! Promises that hold in every script, tried on thousands of random ones.
//!
//! A few by default; `cargo xtask test` asks for 2,000, and `ROLLSCOPE_PROPERTIES=10000` for more.
//! `ROLLSCOPE_PROPERTY_SEED=17` tries one again and prints it.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use rollscope_api::annotation::REVISION;
use rollscope_api::equality::equal_ignore_hash;
use rollscope_api::object::{Deployment, Node, ReplicaSet, Uid};
use rollscope_api::order;
use rollscope_api::{SimDuration, SimTime, Timestamp};
use rollscope_scenario::playback::Playback;
use rollscope_scenario::trace::script_trace;
use rollscope_scenario::{
    DeploymentSample, Input, NodeAction, PodAction, Script, ScriptPace, TimedInput, Timeline,
};
use rollscope_sim::Cluster;
use rollscope_sim::store::Store;
use rollscope_sim::world::{ImageRule, Range};
use serde_json::Value;

const SCRIPTS: u64 = 100;

/// A small generator of its own: the engine's must not decide about its own tests.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A random script and what may be expected of it.
struct Plan {
    script: Script,
    /// Images are good, no pod is disturbed, and nothing but the template changes.
    healthy: bool,
    min_ready_seconds: i32,
    paused_at_end: bool,
    good_at_end: bool,
}

const SURGES: [(&str, &str); 7] =
    [("25%", "25%"), ("1", "0"), ("0", "1"), ("100%", "0"), ("3", "2"), ("0", "50%"), ("1%", "1%")];

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: \
                       {app: web}\n  ports: [{port: 80}]\n";

fn plan(seed: u64) -> Plan {
    let mut dice = Dice(seed);
    let healthy = dice.chance(50);
    let replicas = 1 + dice.below(8);
    let (surge, unavailable) = dice.one_of(&SURGES);
    let strategy = if dice.chance(15) {
        "    type: Recreate\n".to_owned()
    } else {
        format!("    rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}\n")
    };
    let min_ready = dice.one_of(&[0, 0, 0, 2, 5]);
    let history = dice.one_of(&[10, 10, 2, 1, 0]);
    let manifest = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: \
         {replicas}\n  minReadySeconds: {min_ready}\n  revisionHistoryLimit: {history}\n  \
         strategy:\n{strategy}  selector:\n    matchLabels:\n      app: web\n  template:\n    \
         metadata:\n      labels:\n        app: web\n    spec:\n      containers:\n      - name: \
         web\n        image: web:1.0\n"
    );
    let mut script = Script { seed, ..Script::default() };
    if dice.chance(10) {
        script.pace = ScriptPace::Stepped;
    }
    script.start = Timestamp::from_secs(1_767_603_600 + dice.below(1_000_000) as i64);
    script.files.insert("web.yaml".to_owned(), manifest);
    let mut plan = Plan {
        script,
        healthy,
        min_ready_seconds: min_ready,
        paused_at_end: false,
        good_at_end: true,
    };
    if dice.chance(50) {
        plan.script.world.traffic.requests_per_second = dice.one_of(&[1, 10, 100]) as u32;
        plan.script.files.insert("service.yaml".to_owned(), SERVICE.to_owned());
        plan.push(0, Input::Apply { file: "service.yaml".to_owned() });
    }
    plan.push(0, Input::Apply { file: "web.yaml".to_owned() });
    let mut at_ms = 0;
    let mut tags = BTreeSet::new();
    for _ in 0..1 + dice.below(9) {
        at_ms += dice.one_of(&[0, 40, 900, 3_000, 8_000, 20_000, 60_000]);
        plan.random_input(&mut dice, at_ms, &mut tags);
    }
    plan
}

impl Plan {
    fn push(&mut self, at_ms: i64, input: Input) {
        self.script.inputs.push(TimedInput { at: SimDuration::from_millis(at_ms), input });
    }

    fn command(&mut self, at_ms: i64, line: impl Into<String>) {
        self.push(at_ms, Input::Command { line: format!("kubectl {}", line.into()) });
    }

    fn random_input(&mut self, dice: &mut Dice, at_ms: i64, tags: &mut BTreeSet<u64>) {
        let tag = 2 + dice.below(4);
        tags.insert(tag);
        let choice = dice.below(if self.healthy { 8 } else { 24 });
        match choice {
            0..=2 => {
                self.command(at_ms, format!("set image deployment/web web=web:{tag}.0"));
                self.good_at_end = true;
            }
            3 => self.command(at_ms, "rollout undo deployment/web"),
            4 => self.command(at_ms, "rollout restart deployment/web"),
            5 => {
                self.command(at_ms, format!("set env deployment/web MODE=m{tag}"));
            }
            6 => self.push(at_ms, Input::Apply { file: "web.yaml".to_owned() }),
            7 => self.command(
                at_ms,
                format!("annotate deployment/web kubernetes.io/change-cause=c{tag} --overwrite"),
            ),
            8 => {
                self.command(at_ms, "rollout pause deployment/web");
                self.paused_at_end = true;
            }
            9 => {
                self.command(at_ms, "rollout resume deployment/web");
                self.paused_at_end = false;
            }
            10 | 11 => {
                self.command(at_ms, format!("scale deployment/web --replicas={}", dice.below(11)));
            }
            12 => {
                let image = dice.one_of(&["web:bad", "web:missing", "web:slow"]);
                self.command(at_ms, format!("set image deployment/web web={image}"));
                self.good_at_end = false;
            }
            13 => {
                let revision = 1 + dice.below(4);
                self.command(
                    at_ms,
                    format!("rollout undo deployment/web --to-revision={revision}"),
                );
            }
            14 => self.command(at_ms, "delete pods -l app=web --wait=false"),
            15 => {
                let action = dice.one_of(&PodAction::ALL);
                let pod = "web-84c54799fc-bcdfg".to_owned();
                self.push(at_ms, Input::Pod { pod, action });
            }
            16 => {
                let (surge, unavailable) = dice.one_of(&SURGES);
                let number = |text: &str| match text.parse::<i32>() {
                    Ok(number) => number.to_string(),
                    Err(_) => format!("{text:?}"),
                };
                self.command(
                    at_ms,
                    format!(
                        "patch deployment/web -p '{{\"spec\":{{\"strategy\":{{\"rollingUpdate\":\
                         {{\"maxSurge\":{},\"maxUnavailable\":{}}}}}}}}}'",
                        number(surge),
                        number(unavailable)
                    ),
                );
            }
            17 | 18 => {
                let node = dice.one_of(&["node-0", "node-1", "node-9", "nowhere"]).to_owned();
                let action = dice.one_of(&NodeAction::ALL);
                self.push(at_ms, Input::Node { node, action, machine: None });
            }
            19 => {
                let node = dice.one_of(&["cordon node-0", "uncordon node-0", "drain node-1"]);
                self.command(at_ms, node);
            }
            20 => {
                let effect = dice.one_of(&["NoExecute", "NoSchedule", "NoExecute-"]);
                self.command(at_ms, format!("taint nodes node-2 a=b:{effect} --overwrite"));
            }
            21 => {
                let mut world = self.script.world.clone();
                world.traffic.requests_per_second = dice.one_of(&[0, 5, 200]) as u32;
                world.delays.proxy_ms = dice.one_of(&[Range::exactly(0), Range::new(5, 5_000)]);
                let mut rule = ImageRule { image: "web:2*".to_owned(), ..ImageRule::default() };
                rule.ignores_sigterm = dice.chance(30);
                rule.latency_ms = dice.one_of(&[Range::exactly(0), Range::new(100, 9_000)]);
                rule.error_percent = dice.one_of(&[0, 50]) as u32;
                world.images.push(rule);
                self.push(at_ms, Input::World { world: Box::new(world) });
            }
            22 => {
                let line = dice.one_of(&[
                    "expose deployment web --port=80",
                    "delete service web",
                    "set selector service web app=nobody",
                    "delete pods --all --force --wait=false",
                ]);
                self.command(at_ms, line);
            }
            _ => {
                let action = dice.one_of(&[
                    "ready revision=any",
                    "ready revision=new count=1",
                    "unready revision=old count=1",
                    "fail revision=any count=1",
                ]);
                self.push(at_ms, Input::Nodes { action: action.to_owned() });
            }
        }
    }
}

fn annotation(set: &ReplicaSet) -> i64 {
    set.metadata.annotations.get(REVISION).and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn sets_of(store: &Store, deployment: &Deployment) -> Vec<Rc<ReplicaSet>> {
    store.replica_sets_of(&deployment.metadata.uid).cloned().collect()
}

/// What was seen a moment ago.
#[derive(Default)]
struct Before {
    spec_total: i32,
    ceiling: i32,
    /// Every ReplicaSet had the pods it asks for, available, and said so.
    settled: bool,
    /// When something was done last, and whether all was settled just before.
    input: Option<(SimTime, bool)>,
    available: i32,
    revision: i64,
    revisions: BTreeMap<Rc<str>, i64>,
}

fn check_moment(
    plan: &Plan,
    store: &Store,
    now: SimTime,
    before: &mut Before,
) -> Result<(), String> {
    let Some((_, deployment)) = store.deployments().next() else { return Ok(()) };
    let sets = sets_of(store, deployment);
    let sample = DeploymentSample::take(store, deployment);
    check_ceiling(&sample, &sets, before)?;
    check_floor(plan, &sample, now, before)?;
    before.settled = is_settled(&sample, &sets);
    // A template is never changed, so new names are what can bring a second one.
    let names = |set: &Rc<ReplicaSet>| before.revisions.contains_key(&set.metadata.name);
    let is_new = !sets.iter().all(names);
    check_revisions(deployment, &sets, before)?;
    if is_new { check_templates(&sets) } else { Ok(()) }
}

fn check_templates(sets: &[Rc<ReplicaSet>]) -> Result<(), String> {
    for (index, one) in sets.iter().enumerate() {
        for other in &sets[index + 1..] {
            if equal_ignore_hash(&one.spec.template.0, &other.spec.template.0) {
                let (one, other) = (&one.metadata.name, &other.metadata.name);
                return Err(format!("{one} and {other} have the same template"));
            }
        }
    }
    Ok(())
}

/// The controller adds pods only up to the ceiling; above it they only become fewer. A ceiling
/// that was lowered is the one thing that leaves more pods than it for a while, and it may have
/// been reached at the very moment at which it was lowered.
fn check_ceiling(
    sample: &DeploymentSample,
    sets: &[Rc<ReplicaSet>],
    before: &mut Before,
) -> Result<(), String> {
    let total: i32 = sets.iter().map(|set| set.spec.replicas).sum();
    let ceiling = sample.ceiling;
    let allowed = ceiling.max(before.ceiling).max(before.spec_total);
    before.spec_total = total;
    before.ceiling = ceiling;
    if total > allowed {
        return Err(format!("{total} replicas are asked for, the ceiling is {ceiling}"));
    }
    Ok(())
}

fn is_settled(sample: &DeploymentSample, sets: &[Rc<ReplicaSet>]) -> bool {
    let available: i32 = sets.iter().map(|set| set.status.available_replicas).sum();
    let has_all = |set: &Rc<ReplicaSet>| {
        let (asked, status) = (set.spec.replicas, &set.status);
        status.replicas == asked && status.available_replicas == asked
    };
    available == sample.available() && sets.iter().all(has_all)
}

fn check_floor(
    plan: &Plan,
    sample: &DeploymentSample,
    now: SimTime,
    before: &mut Before,
) -> Result<(), String> {
    // Which pod of a ReplicaSet goes is decided by readiness, not by availability: with
    // minReadySeconds, upstream too may take an available pod instead of one that soon would be.
    let up: i32 = match plan.min_ready_seconds {
        0 => sample.available(),
        _ => sample.revisions.iter().map(|revision| revision.ready).sum(),
    };
    let was_above = before.available >= sample.floor;
    before.available = sample.available();
    // Before the floor has been reached, upstream too takes pods that are about to be available
    // for unhealthy ones. The same goes for a rollout that begins before what the one before it
    // changed is told by the statuses of ReplicaSets: whom they still count as available is taken
    // a second time.
    let hasty =
        before.input.is_some_and(|(at, settled)| !settled && now < at + SimDuration::from_secs(1));
    if plan.healthy && was_above && up < sample.floor && !hasty {
        return Err(format!("{up} pods are up, the floor is {}", sample.floor));
    }
    Ok(())
}

fn check_revisions(
    deployment: &Deployment,
    sets: &[Rc<ReplicaSet>],
    before: &mut Before,
) -> Result<(), String> {
    let revision = deployment.metadata.annotations.get(REVISION);
    let revision = revision.and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
    if revision < before.revision {
        return Err(format!("the revision went from {} to {revision}", before.revision));
    }
    before.revision = revision;
    let mut now = BTreeMap::new();
    let mut numbers = BTreeSet::new();
    for set in sets {
        let number = annotation(set);
        if number > 0 && !numbers.insert(number) {
            return Err(format!("two ReplicaSets have revision {number}"));
        }
        if before.revisions.get(&set.metadata.name).is_some_and(|&known| number < known) {
            return Err(format!("the revision of {} went down", set.metadata.name));
        }
        now.insert(set.metadata.name.clone(), number);
    }
    before.revisions = now;
    Ok(())
}

/// What was sent is served, lost or under way.
fn check_requests(cluster: &Cluster) -> Result<(), String> {
    let (traffic, totals) = (cluster.traffic(), cluster.traffic().totals());
    let in_flight = traffic.in_flight();
    if totals.sent != totals.served + totals.lost_in_all() + in_flight {
        return Err(format!("{totals:?} with {in_flight} requests under way"));
    }
    Ok(())
}

fn is_ready(node: &Node) -> bool {
    let conditions = node.status["conditions"].as_array();
    let is_true = |one: &Value| one["type"] == "Ready" && one["status"] == "True";
    conditions.is_some_and(|conditions| conditions.iter().any(is_true))
}

fn check_end(plan: &Plan, store: &Store) -> Result<(), String> {
    let mut uids: BTreeSet<&Uid> = BTreeSet::new();
    uids.extend(store.deployments().map(|(_, one)| &one.metadata.uid));
    uids.extend(store.replica_sets().map(|(_, one)| &one.metadata.uid));
    let owners = store
        .replica_sets()
        .map(|(_, set)| &set.metadata)
        .chain(store.pods().map(|(_, pod)| &pod.metadata))
        .flat_map(|metadata| metadata.owner_references.iter().map(move |owner| (metadata, owner)));
    // Pods of a node that is lost are being deleted until it comes back: nobody confirms it.
    let is_lost = |node: &str| store.node(node).is_none_or(|node| !is_ready(node));
    let stuck: BTreeSet<&Uid> = store
        .pods()
        .filter(|(_, pod)| pod.metadata.deletion_timestamp.is_some())
        .filter(|(_, pod)| pod.node_name.as_deref().is_some_and(is_lost))
        .map(|(_, pod)| &pod.metadata.uid)
        .collect();
    for (metadata, owner) in owners {
        if !uids.contains(&owner.uid) && !stuck.contains(&metadata.uid) {
            return Err(format!("the owner of {} does not exist", metadata.name));
        }
    }
    let complete = plan.healthy && plan.good_at_end && plan.script.pace == ScriptPace::Live;
    if complete && let Some((_, deployment)) = store.deployments().next() {
        let (spec, status) = (&deployment.spec, &deployment.status);
        let done = status.updated_replicas == spec.replicas
            && status.replicas == spec.replicas
            && status.available_replicas == spec.replicas
            && status.observed_generation == deployment.metadata.generation;
        if !done {
            return Err(format!("the rollout did not complete: {status:?}"));
        }
        if store.pod_count() != spec.replicas as usize {
            return Err(format!("{} pods are left", store.pod_count()));
        }
    }
    Ok(())
}

fn check_script(seed: u64) -> Result<(), String> {
    let plan = plan(seed);
    let mut playback = Playback::new(&plan.script, None);
    let mut before = Before::default();
    let mut version = 0;
    while let Some((moment, inputs)) = playback.next_moment() {
        if !inputs.is_empty() {
            before.input = Some((moment, before.settled));
        }
        let cluster = playback.session().cluster();
        check_requests(cluster)?;
        if cluster.version() == version {
            continue;
        }
        version = cluster.version();
        check_moment(&plan, cluster.listers(), moment, &mut before).map_err(|message| {
            let at = rollscope_scenario::span::format(moment - plan.script.start_time());
            format!("at {at}: {message}")
        })?;
    }
    check_end(&plan, playback.session().cluster().listers())?;
    // A second run and a look back through the timeline's checkpoints cost as much as the first
    // run: every eighth script has to do.
    if seed.is_multiple_of(8) {
        check_replay(&plan)?;
    }
    Ok(())
}

fn check_replay(plan: &Plan) -> Result<(), String> {
    if script_trace(&plan.script, None) != script_trace(&plan.script, None) {
        return Err("a second run gave other bytes".to_owned());
    }
    let read = Script::from_yaml(&plan.script.to_yaml()).map_err(|error| error.to_string())?;
    if read != plan.script {
        return Err("the script does not survive being written and read".to_owned());
    }
    let mut timeline = Timeline::new(plan.script.clone());
    while timeline.advance(1_000) {}
    let state = |timeline: &mut Timeline, seconds: i64| {
        let at = timeline.start() + SimDuration::from_millis(seconds * 1_000 + 333);
        let session = timeline.state_at(at);
        let (cluster, transcript) = (session.cluster(), session.transcript());
        let traffic = cluster.traffic();
        let history: Vec<_> = traffic.history().buckets().collect();
        let lost: Vec<_> = traffic.history().lost().collect();
        format!("{:?} {transcript:?} {history:?} {lost:?}", cluster.listers())
    };
    let mut forward = Vec::new();
    let mut straight = Timeline::new(plan.script.clone());
    for seconds in (0..120).step_by(17) {
        forward.push((seconds, state(&mut straight, seconds)));
    }
    for (seconds, expected) in forward.into_iter().rev() {
        if state(&mut timeline, seconds) != expected {
            return Err(format!("the state at {seconds} s is another when it is sought"));
        }
    }
    Ok(())
}

#[test]
fn promises_hold_in_random_scripts() {
    if let Ok(seed) = std::env::var("ROLLSCOPE_PROPERTY_SEED") {
        let seed = seed.parse().expect("a number");
        println!("{}", plan(seed).script.to_yaml());
        check_script(seed).unwrap();
        return;
    }
    let asked = std::env::var("ROLLSCOPE_PROPERTIES").ok();
    let scripts = asked.map_or(SCRIPTS, |text| text.parse().expect("a number"));
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let failures = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let failures = &failures;
            scope.spawn(move || {
                for seed in (thread..scripts).step_by(threads as usize) {
                    let result = catch_unwind(AssertUnwindSafe(|| check_script(seed)));
                    let message = match result {
                        Ok(Ok(())) => continue,
                        Ok(Err(message)) => message,
                        Err(_) => "it panicked".to_owned(),
                    };
                    failures.lock().unwrap().push((seed, message));
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    order::sort(&mut failures);
    let shown: Vec<String> =
        failures.iter().take(20).map(|(seed, why)| format!("script {seed}: {why}")).collect();
    assert!(
        failures.is_empty(),
        "{} of {scripts} scripts break a promise:\n{}",
        failures.len(),
        shown.join("\n")
    );
}
