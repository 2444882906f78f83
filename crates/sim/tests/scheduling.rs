//! Where pods go, and what is said of those that go nowhere: cases beyond the recorded ones.

use expect_test::{Expect, expect};
use rollscope_api::{Api, Resource, SimDuration, SimTime, Value, WriteOptions};
use rollscope_sim::{Cluster, ClusterOptions, Pace, World};
use serde_json::json;

/// Creates the pods (`web-0`, `web-1` …) one after another and lists where each is in the end, or
/// why it has no node.
fn check(nodes: Value, specs: &[Value], expected: Expect) {
    let cluster = run(nodes, specs);
    let line = |(_, pod): (_, &std::rc::Rc<rollscope_api::object::Pod>)| {
        let name = &pod.metadata.name;
        let mut conditions = pod.status.conditions.iter();
        let scheduled = conditions.find(|condition| &*condition.type_ == "PodScheduled");
        match (&pod.node_name, scheduled) {
            (Some(node), _) => format!("{name} on {node}\n"),
            (None, Some(condition)) => format!("{name} {}\n", condition.message),
            (None, None) => format!("{name} not looked at\n"),
        }
    };
    let lines: String = cluster.listers().pods_by_name().map(line).collect();
    expected.assert_eq(&lines);
}

fn run(nodes: Value, specs: &[Value]) -> Cluster {
    let world: World = serde_json::from_value(json!({"nodes": nodes})).unwrap();
    world.validate().unwrap();
    let start = SimTime::from_micros(1_767_603_600_000_000);
    let mut cluster = Cluster::new(ClusterOptions { seed: 3, start, world, pace: Pace::Live });
    for (number, spec) in specs.iter().enumerate() {
        let mut spec = spec.clone();
        let container = json!({"name": "web", "image": "web:1.0", "resources": {
            "requests": spec.as_object_mut().unwrap().remove("requests").unwrap_or(json!({})),
        }});
        spec["containers"] = json!([container]);
        let body = json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": format!("web-{number}"), "labels": {"app": "web"}},
            "spec": spec,
        });
        cluster.create(Resource::Pods, "default", body, &WriteOptions::default()).unwrap();
        cluster.run_for(SimDuration::from_secs(1));
    }
    cluster.run_for(SimDuration::from_secs(60));
    cluster
}

fn spread(when: &str) -> Value {
    json!({"topologySpreadConstraints": [{
        "maxSkew": 1,
        "topologyKey": "zone",
        "whenUnsatisfiable": when,
        "labelSelector": {"matchLabels": {"app": "web"}},
    }]})
}

fn zones() -> Value {
    json!([
        {"name": "a-0", "labels": {"zone": "a"}, "cpu": "1"},
        {"name": "b-0", "labels": {"zone": "b"}},
    ])
}

#[test]
fn a_node_holds_so_many_pods() {
    check(
        json!([{"pods": 2}]),
        &[json!({}), json!({}), json!({})],
        expect![[r#"
            web-0 on node-0
            web-1 on node-0
            web-2 0/1 nodes are available: 1 Too many pods. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.
        "#]],
    );
}

#[test]
fn hard_spread_keeps_the_skew() {
    let mut spec = spread("DoNotSchedule");
    spec["requests"] = json!({"cpu": "1"});
    let specs = [spec.clone(), spec.clone(), spec.clone(), spec];
    let text = run(zones(), &specs);
    let placed = text.listers().pods().filter(|(_, pod)| pod.node_name.is_some()).count();
    assert_eq!(placed, 3);
    check(
        zones(),
        &specs[..1],
        expect![[r#"
            web-0 on b-0
        "#]],
    );
    check(
        json!([{}]),
        &[spread("DoNotSchedule")],
        expect![[r#"
            web-0 0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label). no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.
        "#]],
    );
}

#[test]
fn soft_spread_alternates_between_domains() {
    let specs = vec![spread("ScheduleAnyway"); 6];
    let nodes = json!([
        {"name": "a-0", "labels": {"zone": "a"}},
        {"name": "a-1", "labels": {"zone": "a"}},
        {"name": "b-0", "labels": {"zone": "b"}},
    ]);
    let cluster = run(nodes, &specs);
    let on = |name: &str| cluster.listers().pods_on_node(name).count();
    assert_eq!((on("a-0") + on("a-1"), on("b-0")), (3, 3));
}

#[test]
fn pods_attract_and_repel_each_other() {
    let term = |app: &str| json!([{"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": "kubernetes.io/hostname"}]);
    let field = "requiredDuringSchedulingIgnoredDuringExecution";
    let affinity = |kind: &str, app: &str| json!({"affinity": {kind: {field: term(app)}}});
    check(
        json!(2),
        &[affinity("podAffinity", "db")],
        expect![[r#"
            web-0 0/2 nodes are available: 2 node(s) didn't match pod affinity rules. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
        "#]],
    );
    check(
        json!(1),
        &[affinity("podAntiAffinity", "web"), json!({})],
        expect![[r#"
            web-0 on node-0
            web-1 0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.
        "#]],
    );
    let together = run(json!(3), &vec![affinity("podAffinity", "web"); 3]);
    let nodes: std::collections::BTreeSet<_> =
        together.listers().pods().map(|(_, pod)| pod.node_name.clone()).collect();
    assert_eq!(nodes.len(), 1);
}

#[test]
fn named_nodes_are_the_only_ones() {
    let fields = json!([{"matchFields": [
        {"key": "metadata.name", "operator": "In", "values": ["node-9"]},
    ]}]);
    let spec = json!({"affinity": {"nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": fields},
    }}});
    check(
        json!(2),
        &[spec],
        expect![[r#"
            web-0 0/2 nodes are available: 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
        "#]],
    );
}

#[test]
fn important_pods_drive_out_others() {
    let specs = [
        json!({"requests": {"cpu": "1"}}),
        json!({"requests": {"cpu": "1"}, "priorityClassName": "system-cluster-critical"}),
        json!({"requests": {"cpu": "1"}, "priorityClassName": "system-cluster-critical"}),
    ];
    let nodes = json!([{"cpu": "1"}]);
    let cluster = run(nodes.clone(), &specs[..2]);
    let reasons = |name: &str| -> Vec<String> {
        let events = cluster.listers().events().map(|(_, event)| event);
        events
            .filter(|event| {
                &*event.involved_object.name == name
                    && &*event.reporting_component == "default-scheduler"
            })
            .map(|event| event.reason.to_string())
            .collect()
    };
    assert_eq!(reasons("web-0"), ["Scheduled", "Preempted"]);
    assert_eq!(reasons("web-1"), ["FailedScheduling", "Scheduled"]);
    check(
        nodes,
        &specs,
        expect![[r#"
            web-1 on node-0
            web-2 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.
        "#]],
    );
}

#[test]
fn constraints_without_a_selector_count_no_pods() {
    let mut spec = spread("DoNotSchedule");
    let constraint = &mut spec["topologySpreadConstraints"][0];
    constraint.as_object_mut().unwrap().remove("labelSelector");
    let cluster = run(json!([{"labels": {"zone": "a"}}, {}]), &vec![spec; 3]);
    assert_eq!(cluster.listers().pods_on_node("node-0").count(), 3);
}

#[test]
fn affinity_reaches_the_namespaces_it_selects() {
    let term = |namespaces: Value| {
        let mut term = json!({
            "labelSelector": {"matchLabels": {"app": "web"}},
            "topologyKey": "kubernetes.io/hostname",
        });
        term["namespaceSelector"] = namespaces;
        let field = "requiredDuringSchedulingIgnoredDuringExecution";
        json!({"affinity": {"podAntiAffinity": {field: [term]}}})
    };
    let selects = |name: &str| json!({"matchLabels": {"kubernetes.io/metadata.name": name}});
    for (namespaces, apart) in [
        (json!({}), true),
        (selects("default"), true),
        (selects("other"), false),
        (json!({"matchLabels": {"team": "a"}}), false),
    ] {
        let cluster = run(json!(1), &vec![term(namespaces.clone()); 2]);
        let placed = cluster.listers().pods_on_node("node-0").count();
        assert_eq!(placed == 1, apart, "{namespaces}");
    }
}

#[test]
fn an_unready_node_is_left_out() {
    check(
        json!([{"ready": false}, {"unschedulable": true}]),
        &[json!({})],
        expect![[r#"
            web-0 0/2 nodes are available: 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
        "#]],
    );
}

/// There is no storage and there are no devices, so what a pod claims of them is never there.
#[test]
fn what_is_claimed_and_not_there_keeps_pods_from_all_nodes() {
    let claim = json!({"name": "data", "persistentVolumeClaim": {"claimName": "disk"}});
    let template = json!({"spec": {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
    }});
    let own = json!({"name": "tmp", "ephemeral": {"volumeClaimTemplate": template}});
    check(
        json!([{}, {}]),
        &[
            json!({"volumes": [claim.clone()]}),
            json!({"volumes": [own.clone()]}),
            json!({"volumes": [own, claim]}),
            json!({"resourceClaims": [{"name": "gpu", "resourceClaimName": "gpu"}]}),
            json!({"volumes": [{"name": "tmp", "emptyDir": {}}]}),
        ],
        expect![[r#"
            web-0 0/2 nodes are available: persistentvolumeclaim "disk" not found. not found
            web-1 0/2 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "web-1-tmp". not found
            web-2 0/2 nodes are available: persistentvolumeclaim "disk" not found. not found
            web-3 not looked at
            web-4 on node-1
        "#]],
    );
}

#[test]
fn contradictory_names_of_nodes_are_refused_at_once() {
    let named = |name: &str| json!({"key": "metadata.name", "operator": "In", "values": [name]});
    let terms = json!([{"matchFields": [named("node-0"), named("node-1")]}]);
    check(
        json!([{}, {}]),
        &[json!({"affinity": {"nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms},
        }}})],
        expect![[r#"
            web-0 0/2 nodes are available: pod affinity terms conflict. not found
        "#]],
    );
}

/// Room is being made for a pod on the node that its status names, and until its victims have gone
/// no others are looked for.
#[test]
fn a_pod_waits_for_its_victims() {
    let world: World = serde_json::from_value(json!({"nodes": [{"cpu": "1"}]})).unwrap();
    let start = SimTime::from_micros(1_767_603_600_000_000);
    let mut cluster = Cluster::new(ClusterOptions { seed: 3, start, world, pace: Pace::Live });
    let create = |cluster: &mut Cluster, name: &str, cpu: &str, mut spec: Value| {
        let hook = spec.as_object_mut().unwrap().remove("hook").unwrap_or(json!({}));
        let resources = json!({"requests": {"cpu": cpu}});
        let container =
            json!({"name": "web", "image": "web:1", "resources": resources, "lifecycle": hook});
        spec["containers"] = json!([container]);
        let body =
            json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name}, "spec": spec});
        cluster.create(Resource::Pods, "default", body, &WriteOptions::default()).unwrap();
        cluster.run_for(SimDuration::from_secs(10));
    };
    let slow = json!({"hook": {"preStop": {"sleep": {"seconds": 20}}}});
    create(&mut cluster, "slow", "500m", slow);
    create(&mut cluster, "quick", "400m", json!({}));
    let critical = json!({"priorityClassName": "system-cluster-critical"});
    create(&mut cluster, "critical", "900m", critical);
    let nominated = |cluster: &Cluster| {
        let mut pods = cluster.listers().pods();
        let (_, pod) = pods.find(|(_, pod)| &*pod.metadata.name == "critical").unwrap();
        (pod.status.nominated_node_name.clone(), pod.node_name.clone())
    };
    assert_eq!(nominated(&cluster), (Some("node-0".into()), None));
    cluster.run_for(SimDuration::from_secs(60));
    assert_eq!(nominated(&cluster), (None, Some("node-0".into())));
    let told: String = cluster
        .events_written_since(0)
        .filter(|event| &*event.involved_object.name == "critical" && &*event.type_ == "Warning")
        .map(|event| format!("{}\n", event.message))
        .collect();
    expect![[r#"
        0/1 nodes are available: 1 Insufficient cpu.
        0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.
    "#]].assert_eq(&told);
}
