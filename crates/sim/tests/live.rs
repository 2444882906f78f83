//! Live clusters: rollouts over the default world and over worlds in which something is wrong.

use expect_test::{Expect, expect};
use rollscope_api::object::{Event, Pod};
use rollscope_api::order;
use rollscope_api::{
    Api, PatchType, Resource, SimDuration, SimTime, Subresource, Value, WriteOptions,
};
use rollscope_sim::store::Key;
use rollscope_sim::{Cluster, ClusterOptions, Pace, PodAction, World};
use serde_json::json;

const NAMESPACE: &str = "default";

fn cluster(seed: u64, world: Value) -> Cluster {
    let world: World = serde_json::from_value(world).unwrap();
    world.validate().unwrap();
    let start = SimTime::from_micros(1_767_603_600_000_000);
    Cluster::new(ClusterOptions { seed, start, world, pace: Pace::Live })
}

fn apply(cluster: &mut Cluster, replicas: i32, container: Value) {
    let mut of = json!({"name": "web", "image": "my-app:1.0"});
    for (field, value) in container.as_object().unwrap() {
        of[field.as_str()] = value.clone();
    }
    let body = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": NAMESPACE},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [of]},
            },
        },
    });
    cluster.create(Resource::Deployments, NAMESPACE, body, &WriteOptions::default()).unwrap();
}

fn set_image(cluster: &mut Cluster, image: &str) {
    let patch = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "web", "image": image},
    ]}}}});
    let written = cluster.patch(
        Resource::Deployments,
        NAMESPACE,
        "web",
        Subresource::None,
        PatchType::StrategicMerge,
        patch,
        &WriteOptions::default(),
    );
    written.unwrap();
}

fn complete(cluster: &Cluster) -> bool {
    let key = Key::new(NAMESPACE, "web");
    let deployment = cluster.listers().deployment(&key).unwrap();
    let (spec, status) = (&deployment.spec, &deployment.status);
    status.observed_generation == deployment.metadata.generation
        && status.updated_replicas == spec.replicas
        && status.replicas == spec.replicas
        && status.available_replicas == spec.replicas
}

/// Seconds until the rollout is complete, or `None` after five minutes.
fn until_complete(cluster: &mut Cluster) -> Option<f64> {
    let start = cluster.now();
    let end = start + SimDuration::from_secs(300);
    while !complete(cluster) {
        if cluster.next_event_at().is_none_or(|at| at > end) {
            return None;
        }
        cluster.step();
    }
    Some((cluster.now() - start).as_millis() as f64 / 1_000.0)
}

fn pods(cluster: &Cluster) -> Vec<&Pod> {
    cluster.listers().pods().map(|(_, pod)| &**pod).collect()
}

fn is_ready(pod: &Pod) -> bool {
    let mut conditions = pod.status.conditions.iter();
    conditions.any(|condition| &*condition.type_ == "Ready" && &*condition.status == "True")
}

fn available(cluster: &Cluster) -> i32 {
    cluster.listers().deployment(&Key::new(NAMESPACE, "web")).unwrap().status.available_replicas
}

/// Every different Event about pods, with how often it came.
fn check_events(cluster: &Cluster, want: impl Fn(&Event) -> bool, expected: Expect) {
    let mut lines: Vec<String> = cluster
        .listers()
        .events()
        .filter(|(_, event)| &*event.involved_object.kind == "Pod" && want(event))
        .map(|(_, event)| {
            let message = event.message.replace(&*event.involved_object.name, "POD");
            let message = (0..3).fold(message, |text, node| {
                text.replace(&format!("10.244.{node}.2"), "IP")
                    .replace(&format!("10.244.{node}.3"), "IP")
            });
            format!("{} {}: {}\n", event.type_, event.reason, message)
        })
        .collect();
    order::sort(&mut lines);
    lines.dedup();
    expected.assert_eq(&lines.concat());
}

#[test]
fn the_course_rolls_out_in_ten_to_twenty_seconds() {
    for seed in 0..30 {
        let mut cluster = cluster(seed, json!({}));
        apply(&mut cluster, 3, json!({}));
        let first = until_complete(&mut cluster).unwrap();
        assert!((2.0..10.0).contains(&first), "seed {seed}: created in {first} s");
        cluster.run_for(SimDuration::from_secs(30));
        set_image(&mut cluster, "my-app:2.0");
        let mut least = i32::MAX;
        let start = cluster.now();
        while !complete(&cluster) {
            cluster.step();
            least = least.min(available(&cluster));
            assert!(
                pods(&cluster)
                    .iter()
                    .filter(|pod| rollscope_sim::store::is_pod_active(pod))
                    .count()
                    <= 4
            );
        }
        let seconds = (cluster.now() - start).as_millis() as f64 / 1_000.0;
        assert!((9.0..=20.5).contains(&seconds), "seed {seed}: rolled out in {seconds} s");
        assert_eq!(least, 3, "seed {seed}");
        // Old pods are gone in the end.
        cluster.run_for(SimDuration::from_secs(60));
        assert_eq!(cluster.listers().pod_count(), 3);
    }
}

#[test]
fn bad_images_stop_at_the_surge() {
    for image in ["my-app:bad", "my-app:missing", "my-app:broken"] {
        let mut cluster = cluster(1, json!({}));
        apply(&mut cluster, 3, json!({}));
        until_complete(&mut cluster).unwrap();
        set_image(&mut cluster, image);
        assert_eq!(until_complete(&mut cluster), None, "{image}");
        assert_eq!(available(&cluster), 3, "{image}");
        assert_eq!(cluster.listers().pod_count(), 4, "{image}");
        set_image(&mut cluster, "my-app:1.0");
        assert!(until_complete(&mut cluster).is_some(), "{image}");
    }
}

#[test]
fn images_that_are_never_ready_stall_without_restarts() {
    let mut cluster = cluster(1, json!({}));
    let probe = json!({"readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}}});
    apply(&mut cluster, 2, probe);
    assert!(until_complete(&mut cluster).is_some());
    set_image(&mut cluster, "my-app:never-ready");
    assert_eq!(until_complete(&mut cluster), None);
    let restarts = |pod: &&Pod| pod.status.container_statuses.iter().all(|c| c.restart_count == 0);
    assert!(pods(&cluster).iter().all(restarts));
    check_events(
        &cluster,
        |event| &*event.type_ == "Warning",
        expect![[r#"
            Warning Unhealthy: Readiness probe failed: Get "http://IP:8080/ready": dial tcp IP:8080: connect: connection refused
            Warning Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503
        "#]],
    );
}

#[test]
fn slow_starters_are_killed_by_an_impatient_liveness_probe() {
    let mut cluster = cluster(1, json!({}));
    let probe = json!({
        "image": "my-app:slow",
        "livenessProbe": {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 3},
    });
    apply(&mut cluster, 1, probe);
    cluster.run_for(SimDuration::from_secs(120));
    let pod = pods(&cluster)[0];
    assert!(pod.status.container_statuses[0].restart_count >= 2);
    check_events(
        &cluster,
        |event| &*event.reason == "Killing",
        expect![[r#"
            Normal Killing: Container web failed liveness probe, will be restarted
        "#]],
    );
}

#[test]
fn a_full_node_stalls_the_surge() {
    let mut cluster = cluster(1, json!({"nodes": {"count": 1, "cpu": "3"}}));
    apply(&mut cluster, 3, json!({"resources": {"requests": {"cpu": "1"}}}));
    until_complete(&mut cluster).unwrap();
    set_image(&mut cluster, "my-app:2.0");
    assert_eq!(until_complete(&mut cluster), None);
    assert_eq!(available(&cluster), 3);
    check_events(
        &cluster,
        |event| &*event.reason == "FailedScheduling",
        expect![[r#"
            Warning FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.
        "#]],
    );
    // The place of a pod that leaves goes to the one that has waited longest.
    let id = cluster.listers().pods().find(|(_, pod)| is_ready(pod)).map(|(id, _)| id).unwrap();
    cluster.act_on_pod(id, PodAction::Delete).unwrap();
    cluster.run_for(SimDuration::from_secs(60));
    let updated = |pod: &&Pod| pod.spec["containers"][0]["image"] == "my-app:2.0" && is_ready(pod);
    assert_eq!(pods(&cluster).into_iter().filter(updated).count(), 1);
}

#[test]
fn pods_can_be_acted_upon() {
    let mut cluster = cluster(1, json!({}));
    apply(&mut cluster, 3, json!({}));
    until_complete(&mut cluster).unwrap();
    cluster.run_for(SimDuration::from_secs(10));
    let ids: Vec<_> = cluster.listers().pods().map(|(id, _)| id).collect();
    let ready = |cluster: &Cluster, id| cluster.listers().pod(id).is_some_and(|pod| is_ready(pod));
    let step = SimDuration::from_secs(2);

    assert!(cluster.act_on_pod(ids[0], PodAction::Unready).unwrap());
    cluster.run_for(step);
    assert!(!ready(&cluster, ids[0]));
    assert!(cluster.act_on_pod(ids[0], PodAction::Ready).unwrap());
    assert!(!cluster.act_on_pod(ids[0], PodAction::Ready).unwrap());
    cluster.run_for(step);
    assert!(ready(&cluster, ids[0]));

    assert!(cluster.act_on_pod(ids[1], PodAction::Crash).unwrap());
    cluster.run_for(SimDuration::from_secs(5));
    let pod = cluster.listers().pod(ids[1]).unwrap();
    assert_eq!(pod.status.container_statuses[0].restart_count, 1);
    assert!(is_ready(pod));

    assert!(cluster.act_on_pod(ids[2], PodAction::Fail).unwrap());
    cluster.run_for(SimDuration::from_secs(5));
    let pod = cluster.listers().pod(ids[2]).unwrap();
    assert_eq!((pod.status.phase.as_str(), &*pod.status.reason), ("Failed", "Evicted"));
    assert_eq!(cluster.listers().pod_count(), 4);
    assert!(until_complete(&mut cluster).is_some());

    assert!(cluster.act_on_pod(ids[0], PodAction::Delete).unwrap());
    cluster.run_for(SimDuration::from_secs(5));
    assert!(cluster.listers().pod(ids[0]).is_none());
    assert!(cluster.act_on_pod(ids[0], PodAction::Delete).is_err());
    assert!(!cluster.act_on_pod(ids[0], PodAction::Crash).unwrap());
}

/// The Events of one pod's containers in order, as `container reason`.
fn lives(cluster: &Cluster) -> String {
    let line = |event: &Event| {
        let path = &event.involved_object.field_path;
        let (_, container) = path.split_once('{')?;
        Some(format!("{} {}\n", container.trim_end_matches('}'), event.reason))
    };
    cluster.events_written_since(0).filter_map(|event| line(event)).collect()
}

fn create_pod(cluster: &mut Cluster, spec: Value) {
    let body = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": spec,
    });
    cluster.create(Resource::Pods, NAMESPACE, body, &WriteOptions::default()).unwrap();
}

#[test]
fn sidecars_start_first_and_stop_last() {
    let mut cluster = cluster(1, json!({"images": [{"image": "*", "present": true}]}));
    let spec = json!({
        "initContainers": [
            {"name": "setup", "image": "setup:1"},
            {"name": "proxy", "image": "proxy:1", "restartPolicy": "Always"},
        ],
        "containers": [{"name": "web", "image": "web:1"}],
    });
    create_pod(&mut cluster, spec);
    cluster.run_for(SimDuration::from_secs(30));
    let (id, pod) = cluster.listers().pods().next().unwrap();
    assert!(is_ready(pod));
    cluster.act_on_pod(id, PodAction::Delete).unwrap();
    cluster.run_for(SimDuration::from_secs(60));
    assert_eq!(cluster.listers().pod_count(), 0);
    expect![[r#"
        setup Pulled
        setup Created
        setup Started
        proxy Pulled
        proxy Created
        proxy Started
        web Pulled
        web Created
        web Started
        web Killing
        proxy Killing
    "#]]
    .assert_eq(&lives(&cluster));
}

#[test]
fn pods_that_are_to_end_do() {
    for (policy, image, phase) in [
        ("Never", "job:done", "Succeeded"),
        ("OnFailure", "job:done", "Succeeded"),
        ("Never", "job:crash", "Failed"),
        ("OnFailure", "job:crash", "Running"),
    ] {
        let mut cluster = cluster(1, json!({}));
        let containers = json!([{"name": "job", "image": image}]);
        create_pod(&mut cluster, json!({"restartPolicy": policy, "containers": containers}));
        cluster.run_for(SimDuration::from_secs(60));
        assert_eq!(pods(&cluster)[0].status.phase.as_str(), phase, "{policy} {image}");
    }
}

#[test]
fn a_config_map_that_comes_late_is_waited_for() {
    let mut cluster = cluster(1, json!({}));
    let source = json!({"configMapKeyRef": {"name": "settings", "key": "a"}});
    let volumes = json!([{"name": "files", "configMap": {"name": "settings"}}]);
    let container =
        json!({"name": "web", "image": "web:1", "env": [{"name": "A", "valueFrom": source}]});
    create_pod(&mut cluster, json!({"containers": [container], "volumes": volumes}));
    cluster.run_for(SimDuration::from_secs(20));
    assert_eq!(pods(&cluster)[0].status.phase.as_str(), "Pending");
    check_events(
        &cluster,
        |event| &*event.type_ == "Warning",
        expect![[r#"
            Warning FailedMount: MountVolume.SetUp failed for volume "files" : configmap "settings" not found
        "#]],
    );
    let settings = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "1"}});
    cluster.create(Resource::ConfigMaps, NAMESPACE, settings, &WriteOptions::default()).unwrap();
    cluster.run_for(SimDuration::from_secs(60));
    assert_eq!(pods(&cluster)[0].status.phase.as_str(), "Running");
}

#[test]
fn a_clone_goes_on_as_the_original() {
    let mut original = cluster(7, json!({}));
    apply(&mut original, 5, json!({}));
    original.run_for(SimDuration::from_secs(3));
    let mut copy = original.clone();
    for cluster in [&mut original, &mut copy] {
        set_image(cluster, "my-app:2.0");
        cluster.run_for(SimDuration::from_secs(60));
    }
    let state = |cluster: &Cluster| format!("{:?}", pods(cluster));
    assert_eq!(state(&original), state(&copy));
    assert_eq!(original.version(), copy.version());
}

#[test]
fn pods_that_name_their_node_are_not_scheduled() {
    let mut cluster = cluster(1, json!({"nodes": 3}));
    let body = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {
                    "nodeName": "node-1",
                    "containers": [{"name": "web", "image": "my-app:1.0"}],
                },
            },
        },
    });
    cluster.create(Resource::Deployments, NAMESPACE, body, &WriteOptions::default()).unwrap();
    assert!(until_complete(&mut cluster).is_some());
    assert_eq!(cluster.listers().pods_on_node("node-1").count(), 3);
    let of_scheduler = |event: &Event| &*event.reporting_component == "default-scheduler";
    assert!(!cluster.listers().events().any(|(_, event)| of_scheduler(event)));
}

#[test]
fn a_start_hook_that_fails_says_what_it_ran() {
    let waits_for = |handler: Value| {
        let probes = json!([{"asks": "cat never", "fails": true, "output": "no such file"}]);
        let mut cluster = cluster(1, json!({"probes": probes}));
        apply(&mut cluster, 1, json!({"lifecycle": {"postStart": handler}}));
        let mut texts = std::collections::BTreeSet::new();
        for _ in 0..300 {
            cluster.run_for(SimDuration::from_millis(100));
            let pods = cluster.list(Resource::Pods, Some(NAMESPACE), &Default::default()).unwrap();
            for pod in pods {
                let waiting = &pod["status"]["containerStatuses"][0]["state"]["waiting"];
                if waiting["reason"] == "PostStartHookError" {
                    let uid = pod["metadata"]["uid"].as_str().unwrap();
                    let name = pod["metadata"]["name"].as_str().unwrap();
                    let text = waiting["message"].as_str().unwrap();
                    texts.insert(text.replace(uid, "UID").replace(name, "POD"));
                }
            }
        }
        texts.into_iter().collect::<Vec<_>>().join("\n")
    };
    expect![[r#"Exec lifecycle hook ([cat never]) for Container "web" in Pod "POD_default(UID)" failed - error: command 'cat never' exited with 1: no such file, message: "no such file""#]]
        .assert_eq(&waits_for(json!({"exec": {"command": ["cat", "never"]}})));
    expect![[r#"Cannot run handler: invalid handler: &LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{Port:{0 80 },Host:,},Sleep:nil,}"#]]
        .assert_eq(&waits_for(json!({"tcpSocket": {"port": 80}})));
    assert_eq!(waits_for(json!({"sleep": {"seconds": 1}})), "");
}
