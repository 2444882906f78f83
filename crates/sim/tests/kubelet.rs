//! A kubelet at work on single pods: what it makes of probes and restart policies.

use rollscope_api::object::{ContainerState, Pod};
use rollscope_api::{Api, Resource, SimDuration, SimTime, Value, WriteOptions};
use rollscope_sim::{Cluster, ClusterOptions, Pace, PodAction, World};
use serde_json::json;

fn cluster(spec: Value) -> Cluster {
    cluster_whose_probes(json!([]), spec)
}

fn cluster_whose_probes(probes: Value, spec: Value) -> Cluster {
    let world = json!({"probes": probes, "images": [
        {"image": "*:crash", "crash_after_ms": 1000, "exit_code": 1, "present": true, "ready_ms": 0},
        {"image": "*:far", "pull_ms": 10000},
        {"image": "*", "present": true},
    ]});
    let world: World = serde_json::from_value(world).unwrap();
    let start = SimTime::from_micros(1_767_603_600_000_000);
    let mut cluster = Cluster::new(ClusterOptions { seed: 1, start, world, pace: Pace::Live });
    let body = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": spec,
    });
    cluster.create(Resource::Pods, "default", body, &WriteOptions::default()).unwrap();
    cluster
}

fn pod(cluster: &Cluster) -> &Pod {
    cluster.listers().pods().next().unwrap().1
}

/// Milliseconds from a second crash being seen to the status's saying that it is waited for.
fn until_back_off_is_seen(probe: &str) -> i64 {
    let mut container = json!({"name": "web", "image": "web:crash"});
    if !probe.is_empty() {
        container[probe] = json!({"exec": {"command": ["true"]}, "periodSeconds": 2});
    }
    let mut cluster = cluster(json!({"containers": [container]}));
    let mut crashed = None;
    for _ in 0..60_000 {
        cluster.step();
        let Some(status) = pod(&cluster).status.container_statuses.first() else { continue };
        match (&status.state, crashed) {
            (ContainerState::Terminated { .. }, None) if status.restart_count == 1 => {
                crashed = Some(cluster.now());
            }
            (ContainerState::Waiting { reason, .. }, Some(at))
                if &**reason == "CrashLoopBackOff" =>
            {
                return (cluster.now() - at).as_millis();
            }
            _ => {}
        }
    }
    panic!("there was no back-off");
}

/// A worker that finds its container ended calls that a failure, and a changed result is a reason
/// to sync.
#[test]
fn probes_hear_of_a_containers_end() {
    assert!(until_back_off_is_seen("") >= 10_000);
    for probe in ["livenessProbe", "readinessProbe"] {
        let waited = until_back_off_is_seen(probe);
        assert!(waited <= 3_000, "{probe}: {waited} ms");
    }
}

#[test]
fn containers_may_say_when_they_are_restarted() {
    let check = |pod_policy: &str, container: Value, wanted: (&str, bool)| {
        let mut of = json!({"name": "web", "image": "web:crash"});
        for (field, value) in container.as_object().unwrap() {
            of[field.as_str()] = value.clone();
        }
        let mut cluster = cluster(json!({"restartPolicy": pod_policy, "containers": [of]}));
        cluster.run_for(SimDuration::from_secs(60));
        let pod = pod(&cluster);
        let restarted = pod.status.container_statuses[0].restart_count > 0;
        assert_eq!((pod.status.phase.as_str(), restarted), wanted, "{pod_policy} {container}");
    };
    let rule = |operator: &str, code: i32| {
        json!({
            "restartPolicy": "Never",
            "restartPolicyRules": [
                {"action": "Restart", "exitCodes": {"operator": operator, "values": [code]}},
            ],
        })
    };
    check("Always", json!({"restartPolicy": "Never"}), ("Failed", false));
    check("Always", json!({"restartPolicy": "OnFailure"}), ("Running", true));
    check("Never", json!({"restartPolicy": "Always"}), ("Running", true));
    check("Never", rule("In", 1), ("Running", true));
    check("Never", rule("In", 2), ("Failed", false));
    check("Never", rule("NotIn", 2), ("Running", true));
}

#[test]
fn an_init_container_that_is_not_restarted_fails_the_pod() {
    let phase = |policy: Value| {
        let mut cluster = cluster(json!({
            "initContainers": [{"name": "init", "image": "init:crash", "restartPolicy": policy}],
            "containers": [{"name": "web", "image": "web:1"}],
        }));
        cluster.run_for(SimDuration::from_secs(60));
        pod(&cluster).status.phase
    };
    assert_eq!(phase(json!("Never")).as_str(), "Failed");
    assert_eq!(phase(json!("OnFailure")).as_str(), "Pending");
    assert_eq!(phase(json!("Always")).as_str(), "Running");
}

/// The runtime's error holds what the command printed on standard error, the hook's adds all it
/// printed.
#[test]
fn a_failed_hook_tells_where_its_command_printed() {
    let waits_for = |on_stdout: bool| {
        let rule = json!([{"asks": "*", "fails": true, "output": "oh", "on_stdout": on_stdout}]);
        let hook = json!({"postStart": {"exec": {"command": ["run", "it"]}}});
        let container = json!({"name": "web", "image": "web:1", "lifecycle": hook});
        let mut cluster = cluster_whose_probes(rule, json!({"containers": [container]}));
        loop {
            cluster.step();
            let Some(status) = pod(&cluster).status.container_statuses.first() else { continue };
            match &status.state {
                ContainerState::Waiting { reason, message }
                    if &**reason == "PostStartHookError" =>
                {
                    return message.split_once(" failed - ").unwrap().1.to_owned();
                }
                _ => {}
            }
        }
    };
    let error = |printed: &str| {
        format!("error: command 'run it' exited with 1: {printed}, message: \"oh\"")
    };
    assert_eq!(waits_for(false), error("oh"));
    assert_eq!(waits_for(true), error(""));
}

#[test]
fn a_pod_that_is_active_for_too_long_fails() {
    let containers = json!([{"name": "web", "image": "web:1"}]);
    let mut cluster = cluster(json!({"activeDeadlineSeconds": 20, "containers": containers}));
    cluster.run_for(SimDuration::from_secs(19));
    assert_eq!(pod(&cluster).status.phase.as_str(), "Running");
    cluster.run_for(SimDuration::from_secs(10));
    let status = &pod(&cluster).status;
    assert_eq!((status.phase.as_str(), &*status.reason), ("Failed", "DeadlineExceeded"));
    assert_eq!(status.message, "Pod was active on the node longer than the specified deadline");
    assert!(matches!(status.container_statuses[0].state, ContainerState::Terminated { .. }));
    let told: Vec<String> = cluster
        .events_written_since(0)
        .filter(|event| !event.reason.starts_with(['S', 'P', 'C']))
        .map(|event| format!("{} {}: {}", event.type_, event.reason, event.message))
        .collect();
    let deadline = format!("Normal DeadlineExceeded: {}", status.message);
    let stop = "Normal Killing: Stopping container web".to_owned();
    assert_eq!(told, [&deadline, &deadline, &stop, &deadline, &deadline].map(String::clone));
}

/// A sync is not given up when its pod is deleted: upstream calls the runtime with a context that
/// is not cancelled.
#[test]
fn deletion_waits_for_pulls_and_hooks() {
    let hook = json!({"postStart": {"exec": {"command": ["sleep", "10"]}}});
    let container = json!({"name": "web", "image": "web:far", "lifecycle": hook});
    let mut cluster = cluster(json!({"containers": [container]}));
    cluster.run_for(SimDuration::from_secs(5));
    let (id, _) = cluster.listers().pods().next().unwrap();
    cluster.act_on_pod(id, PodAction::Delete).unwrap();
    let deleted = cluster.event_writes();
    cluster.run_for(SimDuration::from_secs(14));
    assert_eq!(cluster.listers().pod_count(), 1);
    cluster.run_for(SimDuration::from_secs(8));
    assert_eq!(cluster.listers().pod_count(), 0);
    let reasons = cluster.events_written_since(deleted).map(|event| format!("{} ", event.reason));
    assert_eq!(reasons.collect::<String>(), "Pulled Created Started Killing ");
}

/// Once no regular container runs, the pod counts as initialized only with its sidecars up.
#[test]
fn crashed_containers_wait_for_crashed_sidecars() {
    let mut cluster = cluster(json!({
        "initContainers": [{"name": "side", "image": "side:crash", "restartPolicy": "Always"}],
        "containers": [{"name": "web", "image": "web:crash"}],
    }));
    let mut told = 0;
    let mut waited = false;
    let end = cluster.now() + SimDuration::from_secs(120);
    while cluster.now() < end {
        let status = &pod(&cluster).status;
        let side_waits = status.init_container_statuses.first().is_some_and(|side| {
            matches!(&side.state, ContainerState::Waiting { reason, .. } if &**reason == "CrashLoopBackOff")
        });
        waited |= side_waits;
        told = cluster.event_writes();
        cluster.step();
        let started = cluster.events_written_since(told).any(|event| {
            &*event.reason == "Started" && event.involved_object.field_path.contains("{web}")
        });
        assert!(!(side_waits && started), "{:?}", pod(&cluster).status);
    }
    assert!(waited && told > 0);
}
