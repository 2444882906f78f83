//! Machines that are lost, come back, are tainted or taken away, and what becomes of their pods.

mod common;

use common::{SERVICE, check, kubectl, node, pass};
use expect_test::expect;
use rollscope_api::SimDuration;
use rollscope_scenario::{Input, NodeAction, Script, Session};
use rollscope_sim::traffic::{LossCause, What};

/// Three pods, one a node, that have been up for a while.
fn session(pod: &str) -> Session {
    let manifest = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n  \
         selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      labels:\n        \
         app: web\n    spec:\n{pod}      containers:\n      - name: web\n        image: web:1.0\n        \
         readinessProbe: {{tcpSocket: {{port: 80}}, periodSeconds: 1}}\n"
    );
    let mut script = Script::default();
    script.files.insert("web.yaml".to_owned(), manifest);
    script.files.insert("service.yaml".to_owned(), SERVICE.to_owned());
    let mut session = Session::new(&script);
    session.input(&Input::Apply { file: "service.yaml".to_owned() });
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    pass(&mut session, 30);
    session
}

fn ready_nodes(session: &mut Session) -> usize {
    let nodes = kubectl(session, "get nodes --no-headers");
    nodes.lines().filter(|line| line.split_whitespace().nth(1) == Some("Ready")).count()
}

const PODS: &str = "get pods --no-headers -o \
                    custom-columns=N:.spec.nodeName,D:.metadata.deletionTimestamp,P:.status.phase \
                    --sort-by=.spec.nodeName";
const TAINTS: &str = "get node node-1 -o jsonpath={.spec.taints[*].key}:{.spec.taints[*].effect}";

#[test]
fn a_lost_node_is_found_out_and_emptied() {
    let mut session = session("");
    node(&mut session, "node-1", NodeAction::Lose);
    // A lease of ten seconds, fifty of grace, a look every five.
    pass(&mut session, 39);
    assert_eq!(ready_nodes(&mut session), 3);
    check(
        &mut session,
        "get endpoints web --no-headers",
        expect![[r#"
        web   10.244.0.2:80,10.244.1.2:80,10.244.2.2:80   69s
        Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
    "#]],
    );
    pass(&mut session, 17);
    assert_eq!(ready_nodes(&mut session), 2);
    check(
        &mut session,
        "get nodes",
        expect![[r#"
        NAME     STATUS     ROLES    AGE   VERSION
        node-0   Ready      <none>   86s   v1.36.2
        node-1   NotReady   <none>   86s   v1.36.2
        node-2   Ready      <none>   86s   v1.36.2
    "#]],
    );
    check(
        &mut session,
        TAINTS,
        expect![
            "node.kubernetes.io/unreachable node.kubernetes.io/unreachable:NoSchedule NoExecute"
        ],
    );
    let conditions =
        "get node node-1 -o jsonpath={.status.conditions[*].status}:{.status.conditions[3].reason}";
    check(&mut session, conditions, expect!["Unknown Unknown Unknown Unknown:NodeStatusUnknown"]);
    check(
        &mut session,
        "get deployment web",
        expect![[r#"
        NAME   READY   UP-TO-DATE   AVAILABLE   AGE
        web    2/3     3            2           86s
    "#]],
    );
    check(
        &mut session,
        "get endpoints web --no-headers",
        expect![[r#"
        web   10.244.0.2:80,10.244.2.2:80   86s
        Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
    "#]],
    );
    let events = "get events --no-headers -o custom-columns=T:.type,R:.reason,M:.message,S:.source.component \
                  --field-selector reason=NodeNotReady";
    check(
        &mut session,
        events,
        expect![[r#"
        Normal    NodeNotReady   Node node-1 status is now: NodeNotReady   node-controller
        Warning   NodeNotReady   Node is not ready                         node-controller
    "#]],
    );
    // Five minutes of toleration later the pod is given up and replaced; its kubelet cannot end it.
    pass(&mut session, 290);
    check(
        &mut session,
        PODS,
        expect![[r#"
        node-0   <none>   Running
        node-1   <none>   Running
        node-2   <none>   Running
    "#]],
    );
    pass(&mut session, 30);
    let pods = kubectl(&mut session, "get pods --no-headers");
    assert_eq!(pods.lines().count(), 4, "{pods}");
    assert_eq!(pods.matches("Terminating").count(), 1, "{pods}");
    let evicted = "get events --no-headers -o custom-columns=T:.type,R:.reason,M:.message,S:.source.component \
                   --field-selector reason=TaintManagerEviction";
    let told = kubectl(&mut session, evicted);
    assert!(
        told.starts_with("Normal   TaintManagerEviction   Marking for deletion Pod default/web-"),
        "{told}"
    );
    check(
        &mut session,
        "get deployment web --no-headers",
        expect![[r#"
        web   3/3   3     3     6m46s
    "#]],
    );
    pass(&mut session, 600);
    assert_eq!(kubectl(&mut session, "get pods --no-headers").lines().count(), 4);
    // The network is back: the kubelet hears of the deletion, and the node is Ready again.
    node(&mut session, "node-1", NodeAction::Recover);
    pass(&mut session, 60);
    assert_eq!(kubectl(&mut session, "get pods --no-headers").lines().count(), 3);
    assert_eq!(ready_nodes(&mut session), 3);
    check(&mut session, TAINTS, expect![":"]);
}

#[test]
fn a_node_that_is_back_in_time_keeps_its_pods() {
    let mut session = session("");
    let names = kubectl(&mut session, "get pods -o name");
    node(&mut session, "node-1", NodeAction::Lose);
    pass(&mut session, 20);
    node(&mut session, "node-1", NodeAction::Recover);
    pass(&mut session, 400);
    assert_eq!(kubectl(&mut session, "get pods -o name"), names);
    assert_eq!(
        kubectl(&mut session, "get events --field-selector reason=NodeNotReady -o name"),
        ""
    );
    // Longer than the grace, shorter than the toleration.
    node(&mut session, "node-1", NodeAction::Lose);
    pass(&mut session, 120);
    let ready = "get deployment web -o jsonpath={.status.readyReplicas}";
    assert_eq!(kubectl(&mut session, ready), "2");
    node(&mut session, "node-1", NodeAction::Recover);
    pass(&mut session, 30);
    assert_eq!(kubectl(&mut session, ready), "3");
    let events = "get events --no-headers -o custom-columns=M:.message --field-selector reason=TaintManagerEviction";
    let told = kubectl(&mut session, events);
    assert!(told.starts_with("Cancelling deletion of Pod default/web-"), "{told}");
    assert_eq!(kubectl(&mut session, "get pods -o name"), names);
    let restarts = kubectl(
        &mut session,
        "get pods -o jsonpath={.items[*].status.containerStatuses[0].restartCount}",
    );
    assert_eq!(restarts, "0 0 0");
}

#[test]
fn nobody_is_evicted_where_every_node_is_lost() {
    let mut session = session("");
    for name in ["node-0", "node-1", "node-2"] {
        node(&mut session, name, NodeAction::Lose);
    }
    pass(&mut session, 600);
    assert_eq!(ready_nodes(&mut session), 0);
    assert!(!kubectl(&mut session, TAINTS).contains("NoExecute"));
    let pods = kubectl(&mut session, "get pods --no-headers");
    assert_eq!(pods.matches("0/1").count() + pods.matches("1/1").count(), 3, "{pods}");
    assert!(!pods.contains("Terminating"), "{pods}");
}

#[test]
fn taints_evict_those_who_do_not_tolerate_them() {
    let mut bare = session("");
    kubectl(&mut bare, "taint nodes node-1 a=b:NoExecute");
    pass(&mut bare, 30);
    let pods = kubectl(&mut bare, PODS);
    assert!(!pods.contains("node-1") && pods.lines().count() == 3, "{pods}");
    // For a while.
    let mut patient = session(
        "      tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 60}]\n",
    );
    kubectl(&mut patient, "taint nodes node-1 a=b:NoExecute");
    pass(&mut patient, 59);
    assert!(kubectl(&mut patient, PODS).contains("node-1"));
    pass(&mut patient, 30);
    // Replacements may come to the node, since they tolerate it for a while too.
    let reasons = "get events -o jsonpath={.items[*].reason}";
    assert!(kubectl(&mut patient, reasons).contains("TaintManagerEviction"));
    // For ever.
    let mut stoic = session("      tolerations: [{operator: Exists}]\n");
    let names = kubectl(&mut stoic, "get pods -o name");
    kubectl(&mut stoic, "taint nodes node-1 a=b:NoExecute");
    pass(&mut stoic, 1_000);
    assert_eq!(kubectl(&mut stoic, "get pods -o name"), names);
}

#[test]
fn pods_of_a_machine_that_is_taken_away_are_collected() {
    let mut session = session("");
    node(&mut session, "node-1", NodeAction::Remove);
    assert_eq!(kubectl(&mut session, "get nodes -o name"), "node/node-0\nnode/node-2\n");
    pass(&mut session, 59);
    assert!(kubectl(&mut session, PODS).contains("node-1"));
    pass(&mut session, 22);
    assert!(!kubectl(&mut session, PODS).contains("node-1"));
    pass(&mut session, 30);
    check(
        &mut session,
        "get deployment web --no-headers",
        expect![[r#"
        web   3/3   3     3     2m21s
    "#]],
    );
    // Another machine of that name knows nothing of the old one.
    node(&mut session, "node-1", NodeAction::Add);
    kubectl(&mut session, "scale deployment web --replicas=6");
    pass(&mut session, 60);
    assert_eq!(kubectl(&mut session, PODS).matches("Running").count(), 6);
}

#[test]
fn a_machine_that_comes_back_at_once_starts_its_pods_anew() {
    let mut session = session("");
    node(&mut session, "node-1", NodeAction::Remove);
    node(&mut session, "node-1", NodeAction::Add);
    pass(&mut session, 120);
    assert_eq!(kubectl(&mut session, PODS).matches("Running").count(), 3);
    let ready = "get deployment web -o jsonpath={.status.readyReplicas}";
    assert_eq!(kubectl(&mut session, ready), "3");
}

#[test]
fn cordons_are_taints_too() {
    let mut session = session("");
    kubectl(&mut session, "cordon node-1");
    pass(&mut session, 1);
    assert_eq!(kubectl(&mut session, TAINTS), "node.kubernetes.io/unschedulable:NoSchedule");
    kubectl(&mut session, "uncordon node-1");
    pass(&mut session, 1);
    assert_eq!(kubectl(&mut session, TAINTS), ":");
}

#[test]
fn requests_to_a_lost_node_get_no_answer_until_it_is_found_out() {
    let mut session = session("");
    node(&mut session, "node-1", NodeAction::Lose);
    pass(&mut session, 120);
    let cluster = session.cluster();
    let totals = *cluster.traffic().totals();
    let causes: Vec<LossCause> = totals.causes().map(|(cause, _)| cause).collect();
    assert_eq!(causes, [LossCause::NodeLost]);
    // A third of ten a second, for about fifty seconds.
    assert!((100..=230).contains(&totals.lost_in_all()), "{totals:?}");
    let last = cluster.traffic().history().lost().next().unwrap().clone();
    assert_eq!(last.lost - last.sent, SimDuration::from_secs(2));
    let facts = cluster.explain_loss(&last);
    let order: Vec<What> = facts.iter().map(|fact| fact.what).collect();
    let place = |what| order.iter().position(|known| *known == what);
    assert!(place(What::NodeLost) < place(What::Sent), "{facts:?}");
    assert!(place(What::Unlisted) < place(What::Unrouted), "{facts:?}");
    assert!(place(What::Unready).is_some(), "{facts:?}");
    // Back again, the pod is routed to again.
    node(&mut session, "node-1", NodeAction::Recover);
    pass(&mut session, 30);
    let before = session.cluster().traffic().totals().lost_in_all();
    pass(&mut session, 60);
    assert_eq!(session.cluster().traffic().totals().lost_in_all(), before);
    let key = rollscope_sim::store::Key::new("default", "web");
    assert_eq!(session.cluster().traffic().routes(&key).count(), 3);
}
