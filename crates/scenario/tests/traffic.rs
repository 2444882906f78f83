//! Requests to a Service while its pods come, go and change: what is lost, and why.

mod common;

use common::{SERVICE, kubectl, pass_ms};
use rollscope_api::{SimDuration, SimTime};
use rollscope_scenario::{Input, NodeAction, PodAction, Script, Session, Timeline};
use rollscope_sim::traffic::{LossCause, LostRequest, What};
use rollscope_sim::{Cluster, World};

fn manifest(replicas: u32, strategy: &str, pod: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: \
         {replicas}\n  strategy: {{type: {strategy}}}\n  selector:\n    matchLabels:\n      app: \
         web\n  template:\n    metadata:\n      labels:\n        app: web\n    spec:\n      \
         containers:\n      - name: web\n        image: web:1.0\n{pod}"
    )
}

const PRE_STOP: &str = "        lifecycle: {preStop: {sleep: {seconds: 5}}}\n";
const PROBE: &str = "        readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1}\n";

fn script(seed: u64, strategy: &str, pod: &str, world: &str) -> Script {
    let world: World = serde_yaml::from_str(world).unwrap();
    world.validate().unwrap();
    let mut script = Script { seed, world, ..Script::default() };
    script.files.insert("web.yaml".to_owned(), manifest(4, strategy, pod));
    script.files.insert("service.yaml".to_owned(), SERVICE.to_owned());
    script
}

/// A session of which the Deployment is there, before anything is done to it.
fn session(seed: u64, strategy: &str, pod: &str, world: &str) -> Session {
    let mut session = Session::new(&script(seed, strategy, pod, world));
    session.input(&Input::Apply { file: "service.yaml".to_owned() });
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    pass_ms(&mut session, 30_000);
    session
}

fn roll_out(session: &mut Session) {
    kubectl(session, "set image deployment/web web=web:2.0");
    pass_ms(session, 60_000);
    let status = kubectl(session, "rollout status deployment/web");
    assert!(status.contains("successfully rolled out"), "{status}");
}

fn lost(cluster: &Cluster) -> Vec<LostRequest> {
    let mut all: Vec<LostRequest> = cluster.traffic().history().lost().cloned().collect();
    all.reverse();
    all
}

/// At any time: what was sent is served, lost or under way, in the totals and second by second.
fn check_sums(cluster: &Cluster) {
    let traffic = cluster.traffic();
    let totals = traffic.totals();
    assert_eq!(totals.sent, totals.served + totals.lost_in_all() + traffic.in_flight());
    let (mut sent, mut served, mut lost) = (0, 0, 0);
    for (_, bucket) in traffic.history().buckets() {
        sent += u64::from(bucket.sent);
        served += u64::from(bucket.served);
        lost += u64::from(bucket.lost);
    }
    assert_eq!((sent, served, lost), (totals.sent, totals.served, totals.lost_in_all()));
}

#[test]
fn a_rate_is_kept_and_nothing_is_lost_while_nothing_happens() {
    let mut session = session(1, "RollingUpdate", PROBE, "traffic: {requests_per_second: 50}");
    let before = *session.cluster().traffic().totals();
    pass_ms(&mut session, 100_000);
    let after = session.cluster().traffic().totals();
    assert!((4_999..=5_001).contains(&(after.sent - before.sent)), "{after:?}");
    assert_eq!(after.lost_in_all(), 0);
    check_sums(session.cluster());
}

#[test]
fn without_a_service_or_a_rate_nothing_is_sent() {
    let mut quiet = session(1, "RollingUpdate", PROBE, "traffic: {requests_per_second: 0}");
    pass_ms(&mut quiet, 100_000);
    assert_eq!(quiet.cluster().traffic().totals().sent, 0);
    let script = script(1, "RollingUpdate", PROBE, "{}");
    let mut alone = Session::new(&script);
    alone.input(&Input::Apply { file: "web.yaml".to_owned() });
    pass_ms(&mut alone, 100_000);
    assert_eq!(alone.cluster().traffic().totals().sent, 0);
}

/// Issue 5, "It must show" 1, at the engine.
#[test]
fn recreate_loses_requests_for_as_long_as_nothing_is_ready() {
    for seed in 1..=10 {
        let pod = format!("{PRE_STOP}{PROBE}");
        let mut session = session(seed, "Recreate", &pod, "{delays: {proxy_ms: 100}}");
        assert_eq!(session.cluster().traffic().totals().lost_in_all(), 0);
        kubectl(&mut session, "set image deployment/web web=web:2.0");
        // Which moments the proxies had nobody to route to, looked at from outside.
        let key = rollscope_sim::store::Key::new("default", "web");
        let mut empty: Vec<SimTime> = Vec::new();
        for _ in 0..60_000 {
            pass_ms(&mut session, 1);
            if session.cluster().traffic().routes(&key).next().is_none() {
                empty.push(session.now());
            }
        }
        let (first, last) = (*empty.first().unwrap(), *empty.last().unwrap());
        assert_eq!((last - first).as_millis() as usize, empty.len() - 1, "one outage");
        let nobody: Vec<LostRequest> = lost(session.cluster())
            .into_iter()
            .filter(|one| one.cause == LossCause::NoEndpoints)
            .collect();
        // Ten a second: all that were sent while nobody was there, and no others.
        let expected = (last - first).as_millis() / 100;
        assert!((nobody.len() as i64 - expected).abs() <= 2, "{} of {expected}", nobody.len());
        assert!(expected > 10, "an outage of {expected} requests");
        let ms = SimDuration::from_millis(1);
        assert!(nobody.iter().all(|one| one.sent > first - ms && one.sent < last + ms));
        assert!(nobody.iter().all(|one| one.pod.is_none() && one.sent == one.lost));
        check_sums(session.cluster());
    }
}

#[test]
fn a_rolling_update_with_pre_stop_loses_nothing() {
    let pod = format!("{PRE_STOP}{PROBE}");
    for seed in 1..=20 {
        let world = "traffic: {requests_per_second: 100}";
        let mut session = session(seed, "RollingUpdate", &pod, world);
        roll_out(&mut session);
        let totals = session.cluster().traffic().totals();
        assert_eq!(
            totals.lost_in_all(),
            0,
            "seed {seed}: {:?}",
            totals.causes().collect::<Vec<_>>()
        );
        assert!(totals.sent > 5_000);
        check_sums(session.cluster());
    }
}

#[test]
fn without_pre_stop_proxies_still_route_to_what_has_stopped() {
    let mut late = 0;
    for seed in 1..=20 {
        let world = "traffic: {requests_per_second: 100}";
        let mut session = session(seed, "RollingUpdate", PROBE, world);
        roll_out(&mut session);
        let cluster = session.cluster();
        let totals = cluster.traffic().totals();
        late += totals.lost_by(LossCause::StillRouted);
        let causes = [LossCause::StillRouted, LossCause::PodGone, LossCause::Cut];
        assert!(totals.causes().all(|(cause, _)| causes.contains(&cause)), "{totals:?}");
        check_sums(cluster);
        for one in lost(cluster).iter().filter(|one| one.cause == LossCause::StillRouted) {
            explained(cluster, one);
        }
    }
    assert!(late > 100, "only {late} were lost in twenty rollouts");
}

/// The chain of causes: the deletion, SIGTERM, the loss, and the proxies that hear too late.
fn explained(cluster: &Cluster, request: &LostRequest) {
    let facts = cluster.explain_loss(request);
    let at = |what: What| facts.iter().find(|fact| fact.what == what).map(|fact| fact.at);
    let order = [
        at(What::Listed),
        at(What::Routed),
        at(What::Terminating),
        at(What::Sigterm),
        at(What::Sent),
        at(What::Lost),
        at(What::Unrouted),
    ];
    assert!(order.iter().all(Option::is_some), "{facts:?}");
    assert!(order.is_sorted(), "{facts:?}");
    let (slices, proxies) = (at(What::Unlisted).unwrap(), at(What::Unrouted).unwrap());
    assert!(at(What::Terminating).unwrap() < slices && slices < proxies, "{facts:?}");
}

#[test]
fn an_explanation_knows_nothing_of_the_future() {
    let world = "{traffic: {requests_per_second: 200}, delays: {proxy_ms: 1000}}";
    let mut session = session(1, "RollingUpdate", PROBE, world);
    kubectl(&mut session, "delete pods -l app=web --wait=false");
    while lost(session.cluster()).is_empty() {
        pass_ms(&mut session, 1);
    }
    let one = lost(session.cluster())[0].clone();
    assert_eq!(one.cause, LossCause::StillRouted);
    let facts = session.cluster().explain_loss(&one);
    assert!(facts.iter().all(|fact| fact.at <= session.now()), "{facts:?}");
    assert!(!facts.iter().any(|fact| fact.what == What::Unrouted));
    pass_ms(&mut session, 5_000);
    let facts = session.cluster().explain_loss(&one);
    assert!(facts.iter().any(|fact| fact.what == What::Unrouted), "{facts:?}");
}

fn causes(session: &Session) -> Vec<LossCause> {
    session.cluster().traffic().totals().causes().map(|(cause, _)| cause).collect()
}

#[test]
fn every_loss_has_its_cause() {
    // The application's own errors, a tenth of all.
    let world = "images: [{image: '*', error_percent: 10}]";
    let mut session_of = session(1, "RollingUpdate", PROBE, world);
    pass_ms(&mut session_of, 100_000);
    let totals = *session_of.cluster().traffic().totals();
    let errors = totals.lost_by(LossCause::ApplicationError);
    assert!(errors * 20 > totals.sent && errors * 5 < totals.sent, "{totals:?}");
    assert_eq!(causes(&session_of), [LossCause::ApplicationError]);

    // Answers that take longer than clients wait.
    let world = "{images: [{image: '*', latency_ms: [900, 1100]}], traffic: {timeout_ms: 1000}}";
    let mut session_of = session(1, "RollingUpdate", PROBE, world);
    pass_ms(&mut session_of, 100_000);
    assert_eq!(causes(&session_of), [LossCause::Timeout]);
    let totals = *session_of.cluster().traffic().totals();
    assert!(totals.served > totals.sent / 4 && totals.lost_in_all() > totals.sent / 4);

    // A process that hangs answers nobody.
    let world = "images: [{image: '*', hangs_after_ms: 20000}]";
    let mut session_of = session(1, "RollingUpdate", PROBE, world);
    pass_ms(&mut session_of, 100_000);
    assert_eq!(causes(&session_of), [LossCause::Timeout]);

    // A pod that crashes is routed to until its kubelet and the slices say otherwise.
    let mut session_of = session(1, "RollingUpdate", PROBE, "traffic: {requests_per_second: 200}");
    let pod = kubectl(&mut session_of, "get pods -o jsonpath={.items[0].metadata.name}");
    session_of.input(&Input::Pod { pod, action: PodAction::Crash });
    pass_ms(&mut session_of, 30_000);
    let found = causes(&session_of);
    assert!(found.contains(&LossCause::NotRunning) && found.contains(&LossCause::Cut), "{found:?}");

    // Without a readiness probe a pod is Ready as soon as its container runs.
    let world = "{traffic: {requests_per_second: 200}, images: [{image: '*', ready_ms: 4000}]}";
    let mut session_of = session(1, "RollingUpdate", PRE_STOP, world);
    roll_out(&mut session_of);
    assert_eq!(causes(&session_of), [LossCause::NotListening]);

    // The process does not heed SIGTERM: what it takes just before SIGKILL is cut.
    let world = "{traffic: {requests_per_second: 200}, images: [{image: '*', ignores_sigterm: \
                 true, latency_ms: 300}], delays: {proxy_ms: 3000}}";
    let mut session_of = session(1, "RollingUpdate", "", world);
    kubectl(&mut session_of, "delete pods -l app=web --grace-period=1 --wait=false");
    pass_ms(&mut session_of, 30_000);
    let found = causes(&session_of);
    assert!(found.contains(&LossCause::Cut), "{found:?}");

    // Nobody listens on the target port.
    let ports = "        ports: [{containerPort: 8080}]\n";
    let session_of = session(1, "RollingUpdate", ports, "{}");
    assert_eq!(causes(&session_of), [LossCause::NoSuchPort]);
}

#[test]
fn only_pods_that_terminate_are_routed_to_where_nobody_else_is() {
    // They still serve: with all pods in their preStop, nothing is lost until they are told to end.
    let world =
        "{traffic: {requests_per_second: 100}, delays: {endpoint_slice_ms: 10, proxy_ms: 10}}";
    let mut session = session(1, "RollingUpdate", &format!("{PRE_STOP}{PROBE}"), world);
    kubectl(&mut session, "scale deployment web --replicas=0");
    pass_ms(&mut session, 4_900);
    assert_eq!(session.cluster().traffic().totals().lost_in_all(), 0);
    pass_ms(&mut session, 10_000);
    let found = causes(&session);
    assert!(found.contains(&LossCause::NoEndpoints), "{found:?}");
    let nobody = lost(session.cluster()).into_iter().find(|one| one.pod.is_none()).unwrap();
    let facts = session.cluster().explain_loss(&nobody);
    let found: Vec<What> = facts.iter().map(|fact| fact.what).collect();
    assert_eq!(found, [What::NobodyListed, What::NobodyRouted, What::Sent, What::Lost]);
}

/// Everything there is to see of the traffic.
fn seen(cluster: &Cluster) -> String {
    let traffic = cluster.traffic();
    let lost = lost(cluster);
    let explained: Vec<_> = lost.iter().map(|one| cluster.explain_loss(one)).collect();
    let buckets: Vec<_> = traffic.history().buckets().collect();
    let recent: Vec<_> = traffic.recent().collect();
    format!("{:?}\n{buckets:?}\n{recent:?}\n{lost:?}\n{explained:?}", traffic.totals())
}

#[test]
fn how_time_is_cut_makes_no_difference() {
    let world = "{traffic: {requests_per_second: 150}, images: [{image: '*', error_percent: 3}]}";
    let script = script(3, "RollingUpdate", "", world);
    let run = |cut_ms: i64, cloned: bool| {
        let mut session = Session::new(&script);
        kubectl(&mut session, "create service clusterip other --tcp=80");
        session.input(&Input::Apply { file: "service.yaml".to_owned() });
        session.input(&Input::Apply { file: "web.yaml".to_owned() });
        let start = session.now();
        let mut found = Vec::new();
        for second in 1..=90 {
            let until = start + SimDuration::from_secs(second);
            while session.now() < until {
                let next = session.now() + SimDuration::from_millis(cut_ms);
                session.run_until(next.min(until));
                if cloned {
                    let copy = session.clone();
                    session = copy;
                }
            }
            match second {
                30 => drop(kubectl(&mut session, "set image deployment/web web=web:2.0")),
                70 => drop(kubectl(&mut session, "delete pods --all --force")),
                _ => {}
            }
            if second % 10 == 0 {
                found.push(seen(session.cluster()));
            }
        }
        check_sums(session.cluster());
        found
    };
    let whole = run(1_000_000, false);
    assert!(whole.last().unwrap().contains("StillRouted"));
    assert_eq!(whole, run(7, false));
    assert_eq!(whole, run(333, true));
}

#[test]
fn a_clone_goes_on_as_the_original() {
    let mut session = session(2, "RollingUpdate", "", "traffic: {requests_per_second: 100}");
    kubectl(&mut session, "set image deployment/web web=web:2.0");
    pass_ms(&mut session, 4_000);
    let mut copy = session.clone();
    pass_ms(&mut session, 60_000);
    let wanted = seen(session.cluster());
    assert_ne!(wanted, seen(copy.cluster()));
    pass_ms(&mut copy, 60_000);
    assert_eq!(wanted, seen(copy.cluster()));
}

#[test]
fn a_new_world_changes_the_rate() {
    let mut session = session(1, "RollingUpdate", PROBE, "{}");
    let count = |session: &mut Session| {
        let before = session.cluster().traffic().totals().sent;
        pass_ms(session, 10_000);
        session.cluster().traffic().totals().sent - before
    };
    assert!((99..=101).contains(&count(&mut session)));
    let world = |text: &str| Input::World { world: Box::new(serde_yaml::from_str(text).unwrap()) };
    session.input(&world("traffic: {requests_per_second: 70}"));
    assert!((699..=701).contains(&count(&mut session)));
    session.input(&world("traffic: {service: other}"));
    assert_eq!(count(&mut session), 0);
    session.input(&world("traffic: {service: w?b, requests_per_second: 1}"));
    assert!((9..=11).contains(&count(&mut session)));
    kubectl(&mut session, "delete service web");
    assert_eq!(count(&mut session), 0);
    assert_eq!(session.cluster().traffic().in_flight(), 0);
    check_sums(session.cluster());
}

#[test]
fn traffic_keeps_no_cluster_awake() {
    let mut script = script(1, "RollingUpdate", PROBE, "traffic: {requests_per_second: 500}");
    script.inputs = ["service.yaml", "web.yaml"]
        .map(|file| rollscope_scenario::TimedInput {
            at: SimDuration::ZERO,
            input: Input::Apply { file: file.to_owned() },
        })
        .into();
    let start = script.start_time();
    let mut timeline = Timeline::new(script);
    while timeline.advance(1_000) {}
    assert!(timeline.is_complete());
    assert!(timeline.last_change() < start + SimDuration::from_secs(60));
    let later = start + SimDuration::from_secs(300);
    let sent = timeline.state_at(later).cluster().traffic().totals().sent;
    assert!(sent > 140_000, "{sent}");
    // There and back: the same again.
    let there = seen(timeline.state_at(later).cluster());
    timeline.state_at(start);
    assert_eq!(there, seen(timeline.state_at(later).cluster()));
}

#[test]
fn bursts_of_losses_are_marked_where_they_begin() {
    let mut script = script(3, "Recreate", PROBE, "traffic: {requests_per_second: 50}");
    let at = |seconds, input| rollscope_scenario::TimedInput {
        at: SimDuration::from_secs(seconds),
        input,
    };
    let set = |tag| Input::Command { line: format!("kubectl set image deploy/web web=web:{tag}") };
    script.inputs = vec![
        at(0, Input::Apply { file: "service.yaml".to_owned() }),
        at(0, Input::Apply { file: "web.yaml".to_owned() }),
        at(30, set(2)),
        at(90, set(3)),
    ];
    let start = script.start_time();
    let mut timeline = Timeline::new(script);
    while timeline.advance(1_000) {}
    let marks = timeline.marks();
    assert!(marks.is_sorted_by_key(|mark| mark.at));
    let of_losses: Vec<SimTime> = marks
        .iter()
        .filter(|mark| mark.kind == rollscope_scenario::MarkKind::Loss)
        .inspect(|mark| assert_eq!(mark.object, "Service/web"))
        .map(|mark| mark.at)
        .collect();
    // One for each outage, at its first lost request.
    let seconds: Vec<i64> = of_losses.iter().map(|at| (*at - start).as_secs()).collect();
    assert_eq!(seconds, [30, 90]);
    let mut all = lost(timeline.state_at(start + SimDuration::from_secs(200)).cluster());
    all.retain(|one| of_losses.contains(&one.lost));
    assert_eq!(all.len(), 2);
    let totals = timeline.traffic().totals();
    assert!(totals.lost_in_all() > 200, "{totals:?}");
}

/// A session in which these Services and one pod that names its port `http` are.
fn with_service(spec: &str) -> Session {
    let ports = format!("        ports: [{{name: http, containerPort: 8080}}]\n{PROBE}");
    let ports = ports.replace("port: 80}", "port: 8080}");
    let mut script = script(1, "RollingUpdate", &ports, "{}");
    let service = format!("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n{spec}");
    script.files.insert("service.yaml".to_owned(), service);
    let mut session = Session::new(&script);
    session.input(&Input::Apply { file: "service.yaml".to_owned() });
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    pass_ms(&mut session, 60_000);
    session
}

#[test]
fn clients_ask_for_the_first_port() {
    let first = "  selector: {app: web}\n  ports:\n  - {name: a, port: 80, targetPort: http}\n  - \
                 {name: b, port: 81, targetPort: nobody}\n";
    let session = with_service(first);
    let totals = session.cluster().traffic().totals();
    assert!(totals.served > 400 && totals.lost_in_all() == 0, "{totals:?}");
    // No pod has the first one: nobody is routed to, though the second is there.
    let second = "  selector: {app: web}\n  ports:\n  - {name: b, port: 81, targetPort: nobody}\n  - \
                  {name: a, port: 80, targetPort: http}\n";
    assert_eq!(with_service(second).cluster().traffic().totals().sent, 0);
}

#[test]
fn a_service_without_an_address_has_no_clients_until_it_has_one_again() {
    let mut session =
        with_service("  selector: {app: web}\n  ports: [{port: 80, targetPort: http}]\n");
    let sent = |session: &Session| session.cluster().traffic().totals().sent;
    let external = r#"patch service web -p '{"spec":{"type":"ExternalName","externalName":"example.com","clusterIP":null,"clusterIPs":null,"ipFamilies":null,"ipFamilyPolicy":null}}'"#;
    let printed = kubectl(&mut session, external);
    assert!(printed.contains("patched"), "{printed}");
    let before = sent(&session);
    pass_ms(&mut session, 10_000);
    assert_eq!(sent(&session), before);
    let internal = r#"patch service web -p '{"spec":{"type":"ClusterIP","externalName":null}}'"#;
    let printed = kubectl(&mut session, internal);
    assert!(printed.contains("patched"), "{printed}");
    pass_ms(&mut session, 10_000);
    let more = sent(&session) - before;
    assert!((80..=100).contains(&more), "{more}");
    check_sums(session.cluster());
}

#[test]
fn every_node_has_a_proxy_that_hears_at_its_own_time() {
    let mut several = 0;
    for seed in 1..=5 {
        let world = "{nodes: 3, traffic: {requests_per_second: 500}}";
        let mut session = session(seed, "RollingUpdate", PROBE, world);
        let pod = kubectl(&mut session, "get pods -o jsonpath={.items[0].metadata.name}");
        kubectl(&mut session, &format!("delete pod {pod} --wait=false"));
        pass_ms(&mut session, 10_000);
        let cluster = session.cluster();
        let mut heard = std::collections::BTreeMap::new();
        for one in lost(cluster) {
            let late = [LossCause::StillRouted, LossCause::PodGone, LossCause::Cut];
            assert!(late.contains(&one.cause), "{one:?}");
            let node = one.via.clone().unwrap();
            let facts = cluster.explain_loss(&one);
            let unrouted: Vec<_> =
                facts.iter().filter(|fact| fact.what == What::Unrouted).collect();
            assert_eq!(unrouted.len(), 1, "{facts:?}");
            // Once the proxy has heard, nothing is lost at its node.
            assert!(one.sent < unrouted[0].at, "{facts:?}");
            assert_eq!(*heard.entry(node).or_insert(unrouted[0].at), unrouted[0].at);
        }
        assert!(heard.keys().all(|node| node.starts_with("node-")));
        let times: std::collections::BTreeSet<_> = heard.values().collect();
        assert_eq!(times.len(), heard.len(), "each at its own time: {heard:?}");
        several += usize::from(heard.len() == 3);
    }
    assert!(several > 2, "requests enter at all nodes: {several}");
}

#[test]
fn proxies_that_have_heard_refuse_while_others_still_route() {
    let world = "{nodes: 3, traffic: {requests_per_second: 500}, images: [{image: '*', \
                 ignores_sigterm: true}]}";
    let mut session = session(1, "RollingUpdate", PROBE, world);
    kubectl(&mut session, "scale deployment web --replicas=0");
    pass_ms(&mut session, 60_000);
    let cluster = session.cluster();
    for one in lost(cluster).into_iter().filter(|one| one.cause == LossCause::NoEndpoints) {
        let facts: Vec<What> = cluster.explain_loss(&one).iter().map(|fact| fact.what).collect();
        assert_eq!(facts, [What::NobodyListed, What::NobodyRouted, What::Sent, What::Lost]);
    }
    check_sums(cluster);
}

#[test]
fn requests_enter_at_nodes_that_can_be_reached() {
    let world = "{nodes: 3, traffic: {requests_per_second: 200}, delays: {proxy_ms: 10}}";
    let mut session = session(1, "RollingUpdate", PROBE, world);
    let node = |session: &mut Session, node: &str, action| {
        let node = node.to_owned();
        session.input(&Input::Node { node, action, machine: None });
        pass_ms(session, 100);
    };
    let kept = kubectl(&mut session, "get pods -o jsonpath={.items[0].spec.nodeName}");
    // One that joins knows whom to route to.
    node(&mut session, "node-3", NodeAction::Add);
    pass_ms(&mut session, 10_000);
    assert_eq!(session.cluster().traffic().totals().lost_in_all(), 0);
    for number in 0..4 {
        let name = format!("node-{number}");
        if name != kept {
            node(&mut session, &name, NodeAction::Remove);
        }
    }
    pass_ms(&mut session, 60_000);
    let since = session.now();
    kubectl(&mut session, "delete pods --all --wait=false");
    pass_ms(&mut session, 10_000);
    let after: Vec<LostRequest> =
        lost(session.cluster()).into_iter().filter(|one| one.sent > since).collect();
    assert!(!after.is_empty());
    assert!(after.iter().all(|one| one.via.as_deref() == Some(&*kept)), "{after:?}");
    // Where none can be reached, requests are sent all the same.
    node(&mut session, &kept, NodeAction::Lose);
    pass_ms(&mut session, 1_000);
    let since = session.now();
    pass_ms(&mut session, 10_000);
    let after = lost(session.cluster()).into_iter().filter(|one| one.sent > since);
    assert!(after.map(|one| one.cause).all(|cause| cause == LossCause::NodeLost));
    node(&mut session, &kept, NodeAction::Recover);
    pass_ms(&mut session, 60_000);
    let before = session.cluster().traffic().totals().lost_in_all();
    pass_ms(&mut session, 10_000);
    assert_eq!(session.cluster().traffic().totals().lost_in_all(), before);
    check_sums(session.cluster());
}

#[test]
fn clients_follow_when_another_port_comes_first() {
    let ports = "  selector: {app: web}\n  ports:\n  - {name: a, port: 80, targetPort: http}\n  - \
                 {name: b, port: 81, targetPort: 9}\n";
    let mut session = with_service(ports);
    assert_eq!(session.cluster().traffic().totals().lost_in_all(), 0);
    let patch = "patch service web --type=json -p \
                 '[{\"op\":\"move\",\"from\":\"/spec/ports/0\",\"path\":\"/spec/ports/1\"}]'";
    let printed = kubectl(&mut session, patch);
    assert!(printed.contains("patched"), "{printed}");
    pass_ms(&mut session, 10_000);
    assert_eq!(causes(&session), [LossCause::NoSuchPort]);
}
