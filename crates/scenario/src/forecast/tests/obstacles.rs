//! What stands in the way of a rollout.

use super::*;

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
