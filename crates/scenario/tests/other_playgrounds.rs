//! What other playgrounds get wrong, each mistake with a test that it is not made here.
//!
//! The list is the one of the project's survey of what people ask for. Not here: a lesson that
//! cannot be solved, which every lesson's own test has to show by solving it.

mod common;

use common::{check, kubectl, pass};
use std::collections::BTreeSet;

use expect_test::expect;
use rollscope_api::SimDuration;
use rollscope_api::object::{Deployment, Pod};
use rollscope_scenario::{Input, Script, Session};
use rollscope_sim::store::Key;

/// A Deployment of which the rest of the spec, and the pods' containers after their image, are
/// these.
fn manifest(replicas: u32, spec: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: \
         {replicas}\n{spec}  selector:\n    matchLabels: {{app: web}}\n  template:\n    metadata:\n      \
         labels: {{app: web}}\n    spec:\n      containers:\n      - name: web\n        image: \
         web:1.0\n{container}"
    )
}

fn strategy(surge: &str, unavailable: &str) -> String {
    format!("  strategy: {{rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}}}\n")
}

/// A session in which this was applied a minute ago.
fn session(world: &str, manifest: String) -> Session {
    let mut script = Script { world: serde_yaml::from_str(world).unwrap(), ..Script::default() };
    script.files.insert("web.yaml".to_owned(), manifest);
    let mut session = Session::new(&script);
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    pass(&mut session, 60);
    session
}

fn deployment(session: &Session) -> &Deployment {
    session.cluster().listers().deployment(&Key::new("default", "web")).expect("a Deployment")
}

fn is_complete(session: &Session) -> bool {
    let Deployment { metadata, spec, status, .. } = deployment(session);
    let wanted = [status.updated_replicas, status.replicas, status.available_replicas];
    status.observed_generation == metadata.generation
        && wanted.iter().all(|count| *count == spec.replicas)
}

fn is_terminating(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_some()
}

/// How many pods are there that nobody deleted, and how many are being terminated.
fn pods(session: &Session) -> (usize, usize) {
    let listers = session.cluster().listers();
    let terminating = listers.pods().filter(|(_, pod)| is_terminating(pod)).count();
    (listers.pods().count() - terminating, terminating)
}

fn ready_pods(session: &Session) -> usize {
    let ready = |pod: &Pod| {
        let mut conditions = pod.status.conditions.iter();
        conditions.any(|condition| &*condition.type_ == "Ready" && &*condition.status == "True")
    };
    let pods = session.cluster().listers().pods();
    pods.filter(|(_, pod)| !is_terminating(pod) && ready(pod)).count()
}

/// Looks at every twentieth of a second of a rollout, until it is complete.
fn watch(session: &mut Session, mut look: impl FnMut(&Session)) {
    for _ in 0..20 * 600 {
        session.run_until(session.now() + SimDuration::from_millis(50));
        look(session);
        if is_complete(session) {
            return;
        }
    }
    panic!("the rollout did not complete");
}

/// The revision that was undone to is no revision of its own any more: it became the newest.
#[test]
fn an_undone_revision_stays_in_the_history() {
    let mut session = session("{}", manifest(2, "", ""));
    kubectl(&mut session, "set image deployment/web web=web:2.0");
    pass(&mut session, 60);
    kubectl(&mut session, "rollout undo deployment/web");
    pass(&mut session, 60);
    check(
        &mut session,
        "rollout history deployment/web",
        expect![[r#"
        deployment.apps/web 
        REVISION  CHANGE-CAUSE
        2         <none>
        3         <none>

    "#]],
    );
}

/// Whatever differs in a template makes another ReplicaSet, and what is the same does not.
#[test]
fn a_hash_over_the_image_only() {
    let mut session = session("{}", manifest(1, "", ""));
    let lines = [
        "set env deployment/web A=1",
        "set resources deployment/web --limits=cpu=100m",
        "rollout restart deployment/web",
        r#"patch deployment/web -p '{"spec":{"template":{"metadata":{"labels":{"a":"b"}}}}}'"#,
        r#"patch deployment/web -p '{"spec":{"template":{"spec":{"priority":0}}}}'"#,
    ];
    let hashes = |session: &Session| -> BTreeSet<String> {
        let sets = session.cluster().listers().replica_sets();
        sets.map(|(_, set)| set.metadata.labels["pod-template-hash"].to_string()).collect()
    };
    for (done, line) in lines.into_iter().enumerate() {
        let printed = kubectl(&mut session, line);
        pass(&mut session, 60);
        assert_eq!(hashes(&session).len(), done + 2, "{line}: {printed}");
    }
    // The same image under the same everything is what was there.
    kubectl(&mut session, "rollout undo deployment/web --to-revision=1");
    pass(&mut session, 60);
    assert_eq!(hashes(&session).len(), lines.len() + 1);
    assert_eq!(deployment(&session).status.collision_count, None, "no two had the same hash");
}

#[test]
fn a_surge_ceiling_that_is_ignored() {
    // Surge is rounded up, what may be unavailable down.
    for (surge, unavailable, most, fewest) in
        [("25%", "25%", 13, 8), ("1", "0", 11, 10), ("0", "3", 10, 7), ("1%", "19%", 11, 9)]
    {
        let manifest = manifest(10, &strategy(surge, unavailable), "");
        let mut session = session("{}", manifest);
        assert!(is_complete(&session));
        kubectl(&mut session, "set image deployment/web web=web:2.0");
        let (mut highest, mut lowest) = (0, usize::MAX);
        watch(&mut session, |session| {
            highest = highest.max(pods(session).0);
            lowest = lowest.min(ready_pods(session));
        });
        assert_eq!((highest, lowest), (most, fewest), "surge {surge}, unavailable {unavailable}");
    }
}

/// A restart is a rollout: the strategy holds.
#[test]
fn a_restart_that_deletes_all_pods_at_once() {
    let mut session = session("{}", manifest(4, "", ""));
    let printed = kubectl(&mut session, "rollout restart deployment/web");
    assert_eq!(printed, "deployment.apps/web restarted\n");
    let mut fewest = usize::MAX;
    watch(&mut session, |session| fewest = fewest.min(ready_pods(session)));
    assert_eq!(fewest, 3);
    check(
        &mut session,
        "rollout history deployment/web",
        expect![[r#"
        deployment.apps/web 
        REVISION  CHANGE-CAUSE
        1         <none>
        2         <none>

    "#]],
    );
}

/// It is no lesson on deadlocks: the API refuses it.
#[test]
fn no_surge_with_nothing_unavailable() {
    let mut session = session("{}", manifest(4, "", ""));
    let file = "web.yaml".to_owned();
    let text = manifest(4, &strategy("0", "0"), "");
    session.input(&Input::EditFile { name: file.clone(), text });
    session.input(&Input::Apply { file });
    let entry = session.transcript().entries().last().unwrap();
    expect![[r#"
        The Deployment "web" is invalid: spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0
    "#]].assert_eq(&entry.printed(true));
    assert_eq!(entry.ended.map(|(_, exit)| exit), Some(1));
    // As percentages it is accepted where they round to none, and then one may be unavailable.
    let text = manifest(4, &strategy("0%", "1%"), "");
    session.input(&Input::EditFile { name: "web.yaml".to_owned(), text });
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    kubectl(&mut session, "set image deployment/web web=web:2.0");
    let mut fewest = usize::MAX;
    watch(&mut session, |session| fewest = fewest.min(ready_pods(session)));
    assert_eq!(fewest, 3);
}

/// Pods that take their time to end hold up nobody, and there are more than the ceiling of them.
#[test]
fn terminating_pods_that_count_toward_the_surge() {
    let world = "images:\n- {image: '*', pull_ms: 100, start_ms: 100, ready_ms: 100, stop_ms: \
                 25000}\n";
    let mut session = session(world, manifest(4, &strategy("1", "0"), ""));
    kubectl(&mut session, "set image deployment/web web=web:2.0");
    let (mut highest, mut in_all) = (0, 0);
    let start = session.now();
    watch(&mut session, |session| {
        let (wanted, terminating) = pods(session);
        highest = highest.max(wanted);
        in_all = in_all.max(wanted + terminating);
    });
    assert_eq!((highest, in_all), (5, 8));
    assert!(session.now() - start < SimDuration::from_secs(25), "no old pod has ended yet");
}

/// A rollout that fails stays as it is.
#[test]
fn an_automatic_rollback() {
    let world = "images:\n- {image: 'web:2.0', never_ready: true}\n";
    let probe = "        readinessProbe: {tcpSocket: {port: 80}}\n";
    let manifest = manifest(4, "  progressDeadlineSeconds: 30\n", probe);
    let mut session = session(world, manifest);
    kubectl(&mut session, "set image deployment/web web=web:2.0");
    pass(&mut session, 3_600);
    check(
        &mut session,
        "rollout status deployment/web",
        expect![[r#"
            error: deployment "web" exceeded its progress deadline
        "#]],
    );
    check(
        &mut session,
        "rollout history deployment/web",
        expect![[r#"
        deployment.apps/web 
        REVISION  CHANGE-CAUSE
        1         <none>
        2         <none>

    "#]],
    );
    check(
        &mut session,
        "get deployments,replicasets -o wide",
        expect![[r#"
            NAME                  READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES    SELECTOR
            deployment.apps/web   3/4     2            3           61m   web          web:2.0   app=web

            NAME                             DESIRED   CURRENT   READY   AGE   CONTAINERS   IMAGES    SELECTOR
            replicaset.apps/web-58bffbf8d7   3         3         3       61m   web          web:1.0   app=web,pod-template-hash=58bffbf8d7
            replicaset.apps/web-85b57d7c8    2         2         0       60m   web          web:2.0   app=web,pod-template-hash=85b57d7c8
        "#]],
    );
}

#[test]
fn a_deployment_without_generation_or_revision() {
    let mut session = session("{}", manifest(1, "", ""));
    let facts = |session: &mut Session| {
        let path = "jsonpath={.metadata.generation} {.status.observedGeneration} \
                    {.metadata.annotations.deployment\\.kubernetes\\.io/revision}";
        kubectl(session, &format!("get deployment web -o '{path}'"))
    };
    assert_eq!(facts(&mut session), "1 1 1");
    // A spec that is written is a generation, a template a revision.
    kubectl(&mut session, "scale deployment/web --replicas=2");
    assert_eq!(facts(&mut session).split(' ').next(), Some("2"), "at once");
    pass(&mut session, 60);
    assert_eq!(facts(&mut session), "2 2 1");
    kubectl(&mut session, "set image deployment/web web=web:2.0");
    pass(&mut session, 60);
    assert_eq!(facts(&mut session), "3 3 2");
    // What is no part of the spec is neither.
    kubectl(&mut session, "label deployment/web a=b");
    pass(&mut session, 60);
    assert_eq!(facts(&mut session), "3 3 2");
}

/// An apply has three sides: what the file no longer says is taken back, and so is what it says
/// differently; what it never said stays.
#[test]
fn an_apply_that_ignores_what_changed_live() {
    let env = "        env: [{name: A, value: a}]\n";
    let mut session = session("{}", manifest(2, "  minReadySeconds: 3\n", env));
    kubectl(&mut session, "set image deployment/web web=web:2.0");
    kubectl(&mut session, "set env deployment/web B=b");
    kubectl(&mut session, "scale deployment/web --replicas=5");
    kubectl(&mut session, "annotate deployment/web note=live");
    let file = "web.yaml".to_owned();
    let text = manifest(2, "", &env.replace('A', "C")).replace("  replicas: 2\n", "");
    session.input(&Input::EditFile { name: file.clone(), text });
    session.input(&Input::Apply { file });
    let path = "jsonpath={.spec.replicas} {.spec.minReadySeconds} {.metadata.annotations.note} \
                {.spec.template.spec.containers[0].image} \
                {.spec.template.spec.containers[0].env[*].name}";
    let line = format!("get deployment web -o '{path}'");
    check(&mut session, &line, expect!["1  live web:1.0 C B"]);
}

/// What an image listens on is its own affair: that a port is a small one, or that the container
/// lists none, keeps no probe from connecting.
#[test]
fn port_80_probes_that_never_connect() {
    for probe in [
        "readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1}",
        "readinessProbe: {httpGet: {port: 80, path: /}, periodSeconds: 1}",
        "livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 1}",
        "startupProbe: {httpGet: {port: 80}, periodSeconds: 1, failureThreshold: 3}",
    ] {
        let mut session = session("{}", manifest(2, "", &format!("        {probe}\n")));
        assert!(is_complete(&session), "{probe}");
        pass(&mut session, 600);
        let printed = kubectl(&mut session, "get pods --no-headers");
        assert_eq!(printed.matches("1/1   Running   0 ").count(), 2, "{probe}:\n{printed}");
    }
}
