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

struct Dice(Draw);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0.below(end)
    }
    fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize].clone()
    }

    fn plan(&mut self) -> Plan {
        let surge = self.one_of(&["0", "1", "2", "25%", "50%", "100%"]);
        let unavailable = self.one_of(&["1", "25%", "10%", "50%", "100%"]);
        let zero = self.below(3) == 0 && surge != "0";
        let unavailable = if zero { "0" } else { unavailable };
        let rolling = format!(
            "{{type: RollingUpdate, rollingUpdate: {{maxSurge: {surge}, maxUnavailable: \
             {unavailable}}}}}"
        );
        let good = ["web:1.0", "web:2.0", "web:3.0", "web:slow"];
        let bad = ["web:bad", "web:missing", "web:never-ready", "web:crash"];
        let image = if self.below(6) == 0 { self.one_of(&bad) } else { self.one_of(&good) };
        Plan {
            replicas: self.below(11),
            strategy: if self.below(6) == 0 { "{type: Recreate}".to_owned() } else { rolling },
            image,
            min_ready_seconds: self.one_of(&[0, 0, 0, 3]),
            deadline_seconds: self.one_of(&[600, 600, 20]),
            env: self.below(2),
            cpu: self.one_of(&["100m", "100m", "900m"]),
            paused: self.below(12) == 0,
        }
    }
}

/// A session in which a random manifest is applied first, and others at random moments, perhaps
/// while the rollout before is still going on; and the moment of the next one.
fn random_timeline(dice: &mut Dice, seed: u64) -> (Timeline, SimTime) {
    let node = NodeGroup { count: 2, cpu: "4".to_owned(), ..NodeGroup::default() };
    let world = World { nodes: Nodes(vec![node]), ..World::default() };
    let mut script = Script { seed, world, ..Script::default() };
    let mut first = dice.plan();
    (first.image, first.paused) = ("web:1.0", false);
    script.files.insert(FILE.to_owned(), first.text());
    let mut at = SimDuration::ZERO;
    script.inputs.push(TimedInput { at, input: Input::Apply { file: FILE.to_owned() } });
    for _ in 0..dice.below(3) {
        at = at + SimDuration::from_millis(dice.one_of(&[1, 3_000, 20_000, 90_000]));
        let edit = Input::EditFile { name: FILE.to_owned(), text: dice.plan().text() };
        script.inputs.push(TimedInput { at, input: edit });
        script.inputs.push(TimedInput { at, input: Input::Apply { file: FILE.to_owned() } });
    }
    at = at + SimDuration::from_millis(dice.one_of(&[0, 7, 4_000, 15_000, 60_000, 900_000]));
    let timeline = Timeline::new(script);
    let now = timeline.start() + at;
    (timeline, now)
}

/// Lets happen what was forecast, and compares.
fn check_random(number: u64) -> Result<(), String> {
    let mut dice = Dice(Random::new(0xf0_4eca).draw_nth("forecast", number));
    let (mut timeline, now) = random_timeline(&mut dice, number);
    let text = dice.plan().text();
    let question = Question { seeds: 3, ..Question::new(FILE, &text) };
    let forecast = Forecaster::new(timeline.state_at(now), &question).finish();
    let outcome = forecast.outcome.clone().ok_or_else(|| format!("no outcome: {forecast:?}"))?;

    let edit = Input::EditFile { name: FILE.to_owned(), text };
    timeline.push_input(now, edit).map_err(|error| error.to_string())?;
    let was_complete = is_complete(&timeline.state_at(now).clone());
    let apply = Input::Apply { file: FILE.to_owned() };
    timeline.push_input(now, apply).map_err(|error| error.to_string())?;
    let is_complete = was_complete && is_complete(timeline.state_at(now));
    while timeline.advance(usize::MAX) {}
    let end = timeline.computed_until();
    let store = timeline.state_at(end).cluster().listers().clone();

    let complete =
        timeline.marks().iter().find(|mark| mark.at >= now && mark.kind == MarkKind::Complete);
    let complete = if is_complete { Some(now) } else { complete.map(|mark| mark.at) };
    let looks = || {
        let first = timeline.samples().partition_point(|sample| sample.at <= now) - 1;
        timeline.samples()[first..].iter().map(|sample| (sample.at, &sample.deployments[0]))
    };
    let until = complete.and_then(|complete| {
        // What was seen last before it was complete is still so when it is.
        let first = looks().filter(|(at, _)| *at <= complete).count() - 1;
        let settled = looks()
            .skip(first)
            .find(|(_, sample)| sample.total() == sample.desired && sample.terminating() == 0);
        settled.map(|(at, _)| at)
    });
    let until = until.unwrap_or(timeline.computed_until());
    let within = || looks().filter(move |(at, _)| *at <= until).map(|(_, sample)| sample);
    let (_, deployment) = store.deployments().next().ok_or("no Deployment")?;
    let set = store
        .replica_sets_of(&deployment.metadata.uid)
        .find(|set| equal_ignore_hash(&set.spec.template.0, &deployment.spec.template.0));
    let revision = set.map_or(0, |set| {
        set.metadata.annotations["deployment.kubernetes.io/revision"].parse().unwrap()
    });
    let found = (
        revision,
        set.map(|set| set.metadata.name.clone()).unwrap_or_default(),
        complete.map(|at| (at - now).as_millis()),
        within().map(|sample| i64::from(sample.total())).max(),
        within().map(|sample| i64::from(sample.total() + sample.terminating())).max(),
        within().map(|sample| i64::from(sample.available())).min(),
    );
    let duration = outcome.duration_ms;
    let foreseen = (
        outcome.revision,
        outcome.replica_set.clone(),
        duration.and_then(|spread| spread.own),
        outcome.peak_pods.own,
        outcome.peak_pods_with_terminating.own,
        outcome.lowest_available.own,
    );
    if found != foreseen {
        return Err(format!("foreseen {foreseen:?}, found {found:?}: {forecast:#?}"));
    }
    let in_range = |ms| duration.is_some_and(|spread| spread.min <= ms && ms <= spread.max);
    if found.2.is_some_and(|ms| !in_range(ms)) {
        return Err(format!("{:?} ms are not in {duration:?}", found.2));
    }
    Ok(())
}

fn is_complete(session: &Session) -> bool {
    let mut deployments = session.cluster().listers().deployments();
    deployments.next().is_some_and(|(_, one)| {
        rollscope_sim::controller::deployment::conditions::deployment_complete(one, &one.status)
    })
}

#[test]
fn what_is_forecast_then_happens() {
    let only = std::env::var("ROLLSCOPE_FORECAST").ok();
    if let Some(number) = only {
        check_random(number.parse().expect("a number")).unwrap();
        return;
    }
    let failures: Vec<String> = (0..200)
        .filter_map(|number| Some(format!("{number}: {}", check_random(number).err()?)))
        .collect();
    assert!(failures.is_empty(), "{} of 200 differ\n{}", failures.len(), failures.join("\n"));
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

#[test]
fn a_new_template_makes_a_revision() {
    check(
        |plan| (plan.image, plan.replicas) = ("web:3.0", 4),
        expect![[r#"
        Completes
        Configured New
        spec.template.spec.containers[name=web].image: web:2.0 → web:3.0
        spec.replicas: 3 → 4
        3 web-56c5958d99 peak 5 lowest 3"#]],
    );
}

#[test]
fn an_earlier_template_makes_its_revision_the_newest_again() {
    check(
        |plan| plan.image = "web:1.0",
        expect![[r#"
        Completes
        Configured Returns { was: 1 }
        spec.template.spec.containers[name=web].image: web:2.0 → web:1.0
        3 web-77458cc45 peak 4 lowest 3"#]],
    );
}

#[test]
fn scaling_and_nothing_make_no_revision() {
    check(
        |plan| plan.replicas = 5,
        expect![[r#"
        Completes
        Configured Same { revision: 2 }
        spec.replicas: 3 → 5
        2 web-6cf4f894bb peak 5 lowest 3"#]],
    );
    check(
        |_| {},
        expect![[r#"
        Completes
        Unchanged Same { revision: 2 }
        2 web-6cf4f894bb peak 3 lowest 3"#]],
    );
}

#[test]
fn a_paused_deployment_waits() {
    check(
        |plan| (plan.image, plan.paused) = ("web:3.0", true),
        expect![[r#"
        CannotComplete
        Configured Paused
        spec.template.spec.containers[name=web].image: web:2.0 → web:3.0
        spec.paused:  → true
        0  peak 3 lowest 3
        Paused 0"#]],
    );
}

#[test]
fn bad_images_do_not_complete() {
    check(
        |plan| plan.image = "web:missing",
        expect![[r#"
        CannotComplete
        Configured New
        spec.template.spec.containers[name=web].image: web:2.0 → web:missing
        3 web-5867c79486 peak 4 lowest 3
        ImageMissing 1 web:missing ImagePullBackOff
        DeadlineExceeded 0  ReplicaSet "web-5867c79486" has timed out progressing."#]],
    );
    check(
        |plan| plan.image = "web:bad",
        expect![[r#"
        CannotComplete
        Configured New
        spec.template.spec.containers[name=web].image: web:2.0 → web:bad
        3 web-9db89978c peak 4 lowest 3
        CrashLooping 1 web:bad exit code 1
        DeadlineExceeded 0  ReplicaSet "web-9db89978c" has timed out progressing."#]],
    );
    let probed = |image: &'static str| {
        let probe = "        readinessProbe: {httpGet: {path: /, port: 80}}\n        resources";
        Plan { image, ..plan() }.text().replace("        resources", probe)
    };
    let forecast = ask(World::default(), &[probed("web:1.0"), probed("web:never-ready")]);
    expect![[r#"
        CannotComplete
        Configured New
        spec.template.spec.containers[name=web].image: web:1.0 → web:never-ready
        2 web-788f584b4 peak 4 lowest 3
        NeverReady 1 web:never-ready 
        DeadlineExceeded 0  ReplicaSet "web-788f584b4" has timed out progressing."#]]
    .assert_eq(&short(&forecast));
}

#[test]
fn a_deadline_that_is_too_short_is_exceeded() {
    check(
        |plan| (plan.image, plan.deadline_seconds) = ("web:slow", 15),
        expect![[r#"
            CannotComplete
            Configured New
            spec.template.spec.containers[name=web].image: web:2.0 → web:slow
            spec.progressDeadlineSeconds: 600 → 15
            3 web-7489cd97b9 peak 4 lowest 3
            DeadlineExceeded 0  ReplicaSet "web-7489cd97b9" has timed out progressing."#]],
    );
}

#[test]
fn without_room_the_schedulers_words_are_told() {
    let node = NodeGroup { count: 1, cpu: "3".to_owned(), ..NodeGroup::default() };
    let world = World { nodes: Nodes(vec![node]), ..World::default() };
    let mut full = Plan { cpu: "1", ..plan() };
    let before = full.text();
    full.image = "web:2.0";
    let forecast = ask(world.clone(), &[before.clone(), full.text()]);
    expect![[r#"
        CannotComplete
        Configured New
        spec.template.spec.containers[name=web].image: web:1.0 → web:2.0
        2 web-5b6db5bbdc peak 4 lowest 3
        Unschedulable 1  0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.
        DeadlineExceeded 0  ReplicaSet "web-5b6db5bbdc" has timed out progressing."#]].assert_eq(&short(&forecast));
    // It really stalls: the scheduler says the same of the pod that is really there.
    let mut session = Session::new(&Script { world, ..Script::default() });
    for text in [before, full.text()] {
        session.input(&Input::EditFile { name: FILE.to_owned(), text });
        session.input(&Input::Apply { file: FILE.to_owned() });
        session.run_until(session.now() + SimDuration::from_secs(60));
    }
    let message = &forecast.outcome.unwrap().causes[0].message;
    let mut events = session.cluster().listers().events().map(|(_, event)| event);
    assert!(events.any(|event| *event.message == **message));
}

#[test]
fn what_is_refused_is_told_in_the_servers_words() {
    check(
        |plan| plan.strategy = "{rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}".into(),
        expect![[r#"
            Refused
            The Deployment "web" is invalid: spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"#]],
    );
    let other = plan().text().replace("matchLabels: {app: web}", "matchLabels: {app: wob}");
    let other = other.replace("labels: {app: web}}", "labels: {app: wob}}");
    let texts = [plan().text(), other];
    expect![[r#"
        Refused
        The Deployment "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"wob"}}: field is immutable"#]].assert_eq(&short(&ask(World::default(), &texts)));
    let broken = [plan().text(), "kind: Deployment\n  x: [".to_owned()];
    expect![[r#"
        Refused
        error: error parsing web.yaml: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context"#]].assert_eq(&short(&ask(World::default(), &broken)));
    let service = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n".to_owned();
    expect!["NoDeployment"].assert_eq(&short(&ask(World::default(), &[service])));
}

#[test]
fn a_quota_stands_in_the_way() {
    let quota =
        "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {pods: \"3\"}}\n";
    let second = Plan { image: "web:2.0", ..plan() };
    let texts = [quota.to_owned(), plan().text(), second.text()];
    expect![[r#"
        CannotComplete
        Configured New
        spec.template.spec.containers[name=web].image: web:1.0 → web:2.0
        2 web-6cf4f894bb peak 3 lowest 3
        CannotCreate 0  pods "web-6cf4f894bb-j4btq" is forbidden: exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3
        DeadlineExceeded 0  ReplicaSet "web-6cf4f894bb" has timed out progressing."#]].assert_eq(&short(&ask(World::default(), &texts)));
}

#[test]
fn lost_requests_are_those_that_are_then_lost() {
    let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: \
                   {app: web}\n  ports: [{port: 80}]\n";
    let recreate = Plan { strategy: "{type: Recreate}".to_owned(), ..plan() };
    let (first, second) = (recreate.text() + service, Plan { image: "web:2.0", ..recreate });
    let mut script = Script::default();
    script.files.insert(FILE.to_owned(), first);
    let input = Input::Apply { file: FILE.to_owned() };
    script.inputs.push(TimedInput { at: SimDuration::ZERO, input: input.clone() });
    let mut timeline = Timeline::new(script);
    let now = timeline.start() + SimDuration::from_secs(60);
    let question = Question::new(FILE, &second.text());
    let forecast = Forecaster::new(timeline.state_at(now), &question).finish();
    let lost = |timeline: &mut Timeline, after: i64| {
        let session = timeline.state_at(now + SimDuration::from_secs(after));
        session.cluster().traffic().totals().lost_in_all()
    };
    let before = lost(&mut timeline, 0);
    timeline
        .push_input(now, Input::EditFile { name: FILE.to_owned(), text: second.text() })
        .unwrap();
    timeline.push_input(now, input).unwrap();
    let found = (lost(&mut timeline, 120) - before) as i64;
    assert!(found > 10, "{found}");
    assert_eq!(forecast.outcome.unwrap().lost_requests.unwrap().own, Some(found));
}

#[test]
fn slices_come_to_the_same() {
    let session = Session::new(&Script::default());
    let question = Question::new(FILE, &plan().text());
    let whole = Forecaster::new(&session, &question).finish();
    let mut sliced = Forecaster::new(&session, &question);
    let mut slices = 0;
    while sliced.advance(10) {
        slices += 1;
    }
    assert!(slices > 20, "{slices}");
    assert_eq!(*sliced.forecast(), whole);
}

mod live {
    use super::*;

    /// What `kubectl get deployments,replicasets -o yaml` prints of a session.
    fn dump(session: &Session, what: &str) -> String {
        let mut session = session.clone();
        let files = crate::FileSet::default();
        let line = format!("kubectl get {what} -o yaml");
        match rollscope_kubectl::run(session.api(), &files, &line) {
            rollscope_kubectl::Outcome::Done(output) => output.stdout,
            other => panic!("{other:?}"),
        }
    }

    fn session() -> Session {
        let mut session = Session::new(&Script::default());
        for image in ["web:1.0", "web:2.0", "web:3.0"] {
            let text = Plan { image, ..plan() }.text();
            session.input(&Input::EditFile { name: FILE.to_owned(), text });
            session.input(&Input::Apply { file: FILE.to_owned() });
            session.run_until(session.now() + SimDuration::from_secs(60));
        }
        session
    }

    fn forecast(live: &str, image: &'static str) -> Forecast {
        let live = Live::from_text(live, &World::default(), 1).unwrap();
        let text = Plan { image, ..plan() }.text();
        Forecaster::new(&live.session, &Question::new(FILE, &text)).finish()
    }

    #[test]
    fn revisions_are_those_of_the_dump() {
        let dumped = dump(&session(), "deployments,replicasets");
        expect![[r#"
            Completes
            Configured Returns { was: 1 }
            spec.template.spec.containers[name=web].image: web:3.0 → web:1.0
            4 web-77458cc45 peak 4 lowest 3"#]]
        .assert_eq(&short(&forecast(&dumped, "web:1.0")));
        expect![[r#"
            Completes
            Configured New
            spec.template.spec.containers[name=web].image: web:3.0 → web:4.0
            4 web-5f869f6b4 peak 4 lowest 3"#]]
        .assert_eq(&short(&forecast(&dumped, "web:4.0")));
        expect![[r#"
            Completes
            Unchanged Same { revision: 3 }
            3 web-56c5958d99 peak 3 lowest 3"#]]
        .assert_eq(&short(&forecast(&dumped, "web:3.0")));
    }

    #[test]
    fn a_deployment_alone_knows_its_number() {
        let dumped = dump(&session(), "deployment web");
        expect![[r#"
            Completes
            Configured New
            spec.template.spec.containers[name=web].image: web:3.0 → web:4.0
            4 web-5f869f6b4 peak 4 lowest 3"#]]
        .assert_eq(&short(&forecast(&dumped, "web:4.0")));
    }

    #[test]
    fn a_manifest_is_applied() {
        let text = plan().text();
        expect![[r#"
            Completes
            Configured New
            spec.template.spec.containers[name=web].image: web:1.0 → web:2.0
            2 web-6cf4f894bb peak 4 lowest 3"#]]
        .assert_eq(&short(&forecast(&text, "web:2.0")));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let error = |text: &str| Live::from_text(text, &World::default(), 1).unwrap_err();
        assert_eq!(
            error("kind: Service\napiVersion: v1\n").message,
            "there is no Deployment in it"
        );
        assert_eq!(error("a: [\n").line, 2);
        let invalid = plan().text().replace("replicas: 3", "replicas: -3");
        assert!(error(&invalid).message.contains("spec.replicas"));
    }

    #[test]
    fn worlds_are_read_with_or_without_their_name() {
        let nodes = "nodes:\n- count: 1\n";
        let nested = "world:\n  nodes:\n  - count: 1\n";
        assert_eq!(world(nodes).unwrap(), world(nested).unwrap());
        let error = world("nodes:\n- count: -1\n").unwrap_err();
        assert_eq!(error.line, 2, "{error}");
    }
}
