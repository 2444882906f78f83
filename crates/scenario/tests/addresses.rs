//! The addresses of nodes and pods, as commands show them.

mod common;

use common::{kubectl, pass};
use std::collections::BTreeSet;

use rollscope_scenario::{Input, NodeAction, Script, Session};
use rollscope_sim::Cluster;

fn session(world: &str, commands: &[&str]) -> Session {
    let script = Script { world: serde_yaml::from_str(world).unwrap(), ..Script::default() };
    script.world.validate().unwrap();
    let mut session = Session::new(&script);
    for command in commands {
        kubectl(&mut session, command);
        pass(&mut session, 60);
    }
    session
}

/// Every pod that has not ended has another address. Returns how many have one.
fn assert_unique(cluster: &Cluster) -> usize {
    let mut taken = BTreeSet::new();
    for (_, pod) in cluster.listers().pods() {
        let ip = &pod.status.pod_ip;
        if !ip.is_empty() && !pod.status.phase.is_terminal() {
            assert!(taken.insert(ip.clone()), "{ip} is taken twice");
        }
    }
    taken.len()
}

const ADDRESSES: &str = "get pods -o jsonpath='{range .items[*]}{.spec.nodeName} {.status.hostIP} \
    {.status.hostIPs} {.status.podIP} {.status.podIPs}{\"\\n\"}{end}'";

#[test]
fn kubelets_report_the_addresses_of_node_and_pod() {
    let mut session = session("nodes: 1", &["create deployment web --image=web:1.0"]);
    assert_eq!(
        kubectl(&mut session, ADDRESSES),
        "node-0 172.18.0.2 [{\"ip\":\"172.18.0.2\"}] 10.244.0.2 [{\"ip\":\"10.244.0.2\"}]\n"
    );
    let wide = kubectl(&mut session, "get pods -o wide --no-headers");
    assert!(wide.contains("   10.244.0.2   node-0   <none>"), "{wide}");
    let described = kubectl(&mut session, "describe pods");
    assert!(described.contains("\nNode:         node-0/172.18.0.2\n"), "{described}");
    assert!(described.contains("\nIP:           10.244.0.2\nIPs:\n  IP:           10.244.0.2\n"));
    let yaml = kubectl(&mut session, "get pods -o yaml");
    let addresses = "    hostIP: 172.18.0.2\n    hostIPs:\n    - ip: 172.18.0.2\n";
    assert!(yaml.contains(addresses), "{yaml}");
    let node = kubectl(&mut session, "describe node node-0");
    assert!(node.contains("\nPodCIDR:                      10.244.0.0/24\n"), "{node}");
}

#[test]
fn a_pod_that_waits_for_its_image_knows_its_node_alone() {
    let world = "images:\n- image: '*'\n  missing: true";
    let mut session = session(world, &["run web --image=web:1.0"]);
    let addresses = kubectl(&mut session, "get pods -o jsonpath={.items[*].status.hostIPs}");
    assert!(addresses.starts_with("[{\"ip\":\"172.18.0."), "{addresses}");
}

#[test]
fn pods_of_the_hosts_network_have_its_address_from_the_beginning() {
    let overrides = "--overrides='{\"spec\":{\"hostNetwork\":true}}'";
    let mut session = session(
        "nodes: 1\nimages:\n- image: '*'\n  missing: true",
        &[&format!("run web --image=web:1.0 {overrides}")],
    );
    let status = kubectl(&mut session, "get pods -o jsonpath={.items[*].status.podIPs}");
    assert_eq!(status, "[{\"ip\":\"172.18.0.2\"}]");
}

#[test]
fn five_hundred_pods_of_a_node_have_five_hundred_addresses() {
    let create = "create deployment web --image=web:1.0 --replicas=500";
    let mut session = session("nodes: {count: 1, cpu: '64', pods: 500}", &[create]);
    pass(&mut session, 120);
    assert_eq!(assert_unique(session.cluster()), 500);
    for _ in 0..3 {
        session.input(&Input::Command { line: "rollout restart deployment web".to_owned() });
        for _ in 0..12 {
            pass(&mut session, 5);
            assert_unique(session.cluster());
        }
    }
    let blocks = kubectl(&mut session, "get nodes -o jsonpath={.items[*].spec.podCIDR}");
    assert_eq!(blocks, "10.244.0.0/22");
}

#[test]
fn machines_that_join_have_addresses_of_their_own() {
    let create = "create deployment web --image=web:1.0 --replicas=4";
    let mut session = session("nodes:\n- name: a\n- name: c", &[create]);
    let join = |node: &str, action| Input::Node { node: node.to_owned(), action, machine: None };
    session.input(&join("b", NodeAction::Add));
    kubectl(&mut session, "scale deployment web --replicas=12");
    pass(&mut session, 60);
    assert_eq!(assert_unique(session.cluster()), 12);
    // The machine is replaced by another of that name: what was bound to it is begun anew.
    session.input(&join("b", NodeAction::Remove));
    session.input(&join("b", NodeAction::Add));
    pass(&mut session, 400);
    assert_eq!(assert_unique(session.cluster()), 12);
    let hosts = "get nodes -o jsonpath='{range .items[*]}{.metadata.name} \
                 {.status.addresses[0].address} {.spec.podCIDR}{\"\\n\"}{end}'";
    assert_eq!(
        kubectl(&mut session, hosts),
        "a 172.18.0.2 10.244.0.0/24\nb 172.18.0.5 10.244.3.0/24\nc 172.18.0.3 10.244.1.0/24\n"
    );
    for line in kubectl(&mut session, ADDRESSES).lines() {
        let (node, subnet) = (&line[..1], &line[line.find("10.244.").unwrap()..][..9]);
        let expected = [("a", "10.244.0."), ("b", "10.244.3."), ("c", "10.244.1.")];
        assert!(expected.contains(&(node, subnet)), "{line}");
    }
}

#[test]
fn nothing_runs_on_a_machine_that_was_never_there() {
    let overrides = "--overrides='{\"spec\":{\"nodeName\":\"nowhere\"}}'";
    let mut session = session("nodes: 1", &[]);
    kubectl(&mut session, &format!("run web --image=web:1.0 {overrides}"));
    pass(&mut session, 15);
    let wide = kubectl(&mut session, "get pods -o wide --no-headers");
    assert_eq!(wide, "web   0/1   Pending   0     15s   <none>   nowhere   <none>   <none>\n");
}
