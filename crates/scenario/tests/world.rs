//! What scripts do to the world around a Deployment: machines, images, single pods.

mod common;

use common::{kubectl, pass};
use rollscope_scenario::{Input, NodeAction, PodAction, Script, Session};
use rollscope_sim::World;

/// A session that has run for a minute with this manifest applied.
fn session(replicas: u32, container: &str, world: &str) -> Session {
    let manifest = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: \
         {replicas}\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      \
         labels:\n        app: web\n    spec:\n      containers:\n      - name: web\n        image: \
         web:1.0\n{container}"
    );
    let mut script = Script { world: serde_yaml::from_str(world).unwrap(), ..Script::default() };
    script.world.validate().unwrap();
    script.files.insert("web.yaml".to_owned(), manifest);
    let mut session = Session::new(&script);
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    pass(&mut session, 60);
    session
}

fn world(yaml: &str) -> Input {
    Input::World { world: Box::new(serde_yaml::from_str(yaml).unwrap()) }
}

fn node(node: &str, action: NodeAction) -> Input {
    Input::Node { node: node.to_owned(), action, machine: None }
}

const READY: &str = "get deployment web -o jsonpath={.status.readyReplicas}";

#[test]
fn a_machine_that_joins_gives_a_waiting_pod_its_place() {
    let request = "        resources: {requests: {cpu: '1'}}\n";
    let mut session = session(3, request, "nodes: {count: 1, cpu: '2'}");
    assert_eq!(kubectl(&mut session, READY), "2");
    session.input(&node("extra", NodeAction::Add));
    pass(&mut session, 30);
    assert_eq!(kubectl(&mut session, READY), "3");
    let addresses = "get nodes -o jsonpath={.items[*].status.addresses[0].address}";
    assert_eq!(kubectl(&mut session, addresses), "172.18.0.3 172.18.0.2");
    // The name is taken: the machine that is there stays as it is.
    let before = session.cluster().version();
    session.input(&node("extra", NodeAction::Add));
    session.input(&node("nowhere", NodeAction::Remove));
    assert_eq!(session.cluster().version(), before);
}

#[test]
fn a_new_world_counts_for_what_begins_after_it() {
    let mut session = session(2, "", "{}");
    session.input(&world("images: [{image: 'web:*', missing: true}]"));
    pass(&mut session, 10);
    assert_eq!(kubectl(&mut session, READY), "2");
    kubectl(&mut session, "set image deployment/web web=web:2.0");
    pass(&mut session, 10);
    let pods = kubectl(&mut session, "get pods");
    assert!(pods.contains("ImagePull"), "{pods}");
    // The nodes are those of the start, whatever the new world says.
    session.input(&world("nodes: 1"));
    assert_eq!(kubectl(&mut session, "get nodes -o name").lines().count(), 3);
    kubectl(&mut session, "set image deployment/web web=web:3.0");
    pass(&mut session, 60);
    assert!(kubectl(&mut session, "rollout status deployment/web").contains("successfully"));
}

#[test]
fn a_world_that_cannot_be_changes_nothing() {
    let mut session = session(1, "", "{}");
    let before = format!("{:?}", session.cluster());
    let mut wrong = World::default();
    wrong.images.push(Default::default());
    wrong.images[0].exit_code = 999;
    session.input(&Input::World { world: Box::new(wrong) });
    assert_eq!(format!("{:?}", session.cluster()), before);
}

#[test]
fn evicted_pods_say_so_and_are_replaced() {
    let mut session = session(2, "", "{}");
    let name = "get pods -o jsonpath={.items[0].metadata.name}";
    let pod = kubectl(&mut session, name);
    session.input(&Input::Pod { pod: pod.clone(), action: PodAction::Evict });
    let reasons = "-o jsonpath={.status.conditions[*].reason}";
    let reasons = kubectl(&mut session, &format!("get pod {pod} {reasons}"));
    assert_eq!(reasons, "EvictionByEvictionAPI");
    pass(&mut session, 30);
    assert!(kubectl(&mut session, &format!("get pod {pod}")).contains("NotFound"));
    assert_eq!(kubectl(&mut session, READY), "2");
}

#[test]
fn draining_evicts() {
    let mut session = session(3, "", "{}");
    session.input(&Input::Command { line: "drain node-1".to_owned() });
    let reasons = "get pods -o jsonpath={.items[*].status.conditions[*].reason}";
    assert!(kubectl(&mut session, reasons).contains("EvictionByEvictionAPI"));
}
