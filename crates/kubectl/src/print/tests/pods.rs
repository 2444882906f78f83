//! Pods: by the state of their containers.

use super::*;

/// A pod of that many containers in a phase, with more of its status and init containers.
fn pod(name: &str, containers: usize, status: Value, init: Value) -> Value {
    let containers: Vec<Value> =
        (0..containers).map(|n| json!({"name": format!("c{n}")})).collect();
    json!({
        "metadata": {"name": name, "creationTimestamp": "2026-01-02T03:00:00Z"},
        "spec": {"containers": containers, "initContainers": init},
        "status": status,
    })
}

fn running() -> Value {
    json!({"ready": true, "restartCount": 3, "state": {"running": {}}})
}

fn ended(reason: &str, exit_code: i64) -> Value {
    json!({"restartCount": 3, "state": {"terminated": {"reason": reason, "exitCode": exit_code}}})
}

fn waiting(reason: &str) -> Value {
    json!({"restartCount": 3, "state": {"waiting": {"reason": reason}}})
}

#[test]
fn pods_by_the_state_of_their_containers() {
    let ready = json!([{"type": "Ready", "status": "True"}]);
    let not_ready = json!([{"type": "Ready", "status": "False"}]);
    let of = |name: &str, phase: &str, statuses: Value| {
        pod(name, 2, json!({"phase": phase, "containerStatuses": statuses}), json!([]))
    };
    let with = |name: &str, statuses: Value, conditions: &Value| {
        let status = json!({
            "phase": "Running", "containerStatuses": statuses, "conditions": conditions,
        });
        pod(name, 2, status, json!([]))
    };
    let pods = [
        of("running", "Running", json!([running(), {"restartCount": 3}])),
        of(
            "starting",
            "Pending",
            json!([waiting("ContainerCreating"), waiting("ContainerCreating")]),
        ),
        of("no-reason", "Pending", json!([waiting(""), waiting("")])),
        of("first-wins", "Running", json!([waiting("ErrImagePull"), waiting("CrashLoopBackOff")])),
        of("one-waits", "Running", json!([running(), waiting("CrashLoopBackOff")])),
        of("error", "Running", json!([ended("Error", 1), running()])),
        of(
            "signal",
            "Running",
            json!([
                {"restartCount": 1, "state": {"terminated": {"signal": 9, "exitCode": 137}}}, running(),
            ]),
        ),
        of("exit-code", "Running", json!([ended("", 10), running()])),
        of("completed", "Succeeded", json!([ended("Completed", 0), ended("Completed", 0)])),
        with("completed-ready", json!([ended("Completed", 0), running()]), &ready),
        with("completed-not-ready", json!([ended("Completed", 0), running()]), &not_ready),
        with("completed-error", json!([ended("Completed", 0), ended("Error", 1)]), &not_ready),
        with(
            "error-completed",
            json!([ended("OOMKilled", 137), ended("Completed", 0)]),
            &not_ready,
        ),
        pod("evicted", 1, json!({"phase": "Failed", "reason": "Evicted"}), json!([])),
        pod(
            "gated",
            1,
            json!({"phase": "Pending", "conditions": [
                {"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"},
            ]}),
            json!([]),
        ),
        pod("unknown", 1, json!({}), json!([])),
    ];
    check(
        Resource::Pods,
        &pods,
        TableOptions::default(),
        expect![[r#"
        NAME                  READY   STATUS              RESTARTS   AGE
        running               1/2     Running             6          4m5s
        starting              0/2     ContainerCreating   6          4m5s
        no-reason             0/2     Pending             6          4m5s
        first-wins            0/2     ErrImagePull        6          4m5s
        one-waits             1/2     CrashLoopBackOff    6          4m5s
        error                 1/2     Error               6          4m5s
        signal                1/2     Signal:9            4          4m5s
        exit-code             1/2     ExitCode:10         6          4m5s
        completed             0/2     Completed           6          4m5s
        completed-ready       1/2     Running             6          4m5s
        completed-not-ready   1/2     NotReady            6          4m5s
        completed-error       0/2     Error               6          4m5s
        error-completed       0/2     OOMKilled           6          4m5s
        evicted               0/1     Evicted             0          4m5s
        gated                 0/1     SchedulingGated     0          4m5s
        unknown               0/1                         0          4m5s
    "#]],
    );
}

#[test]
fn terminating_pods() {
    let deleted = |name: &str, status: Value| {
        let mut pod = pod(name, 1, status, json!([]));
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T03:04:30Z");
        pod
    };
    let pods = [
        deleted("running", json!({"phase": "Running", "containerStatuses": [running()]})),
        deleted("lost", json!({"phase": "Running", "reason": "NodeLost"})),
        deleted("failed", json!({"phase": "Failed", "reason": "Evicted"})),
        deleted(
            "succeeded",
            json!({"phase": "Succeeded", "containerStatuses": [ended("Completed", 0)]}),
        ),
    ];
    check(
        Resource::Pods,
        &pods,
        TableOptions::default(),
        expect![[r#"
        NAME        READY   STATUS        RESTARTS   AGE
        running     1/1     Terminating   3          4m5s
        lost        0/1     Unknown       0          4m5s
        failed      0/1     Evicted       0          4m5s
        succeeded   0/1     Completed     3          4m5s
    "#]],
    );
}

#[test]
fn pods_that_initialise() {
    let two = json!([{"name": "a"}, {"name": "b"}]);
    let side = json!([{"name": "a", "restartPolicy": "Always"}, {"name": "b"}]);
    let named = |name: &str, mut status: Value| {
        status["name"] = json!(name);
        status
    };
    let of = |name: &str, init: &Value, init_statuses: Value, statuses: Value| {
        let status = json!({
            "phase": "Pending", "initContainerStatuses": init_statuses, "containerStatuses": statuses,
        });
        pod(name, 1, status, init.clone())
    };
    let later =
        || json!([{"restartCount": 0, "state": {"waiting": {"reason": "PodInitializing"}}}]);
    let started = |ready: bool| {
        json!({"name": "a", "ready": ready, "started": true, "restartCount": 2, "state": {"running": {}},
            "lastState": {"terminated": {"finishedAt": "2026-01-02T03:03:35Z"}}})
    };
    let pods = [
        of(
            "waits",
            &two,
            json!([named("a", waiting("PodInitializing")), named("b", waiting("PodInitializing"))]),
            later(),
        ),
        of(
            "runs",
            &two,
            json!([
                named("a", ended("Completed", 0)),
                named("b", json!({"restartCount": 1, "state": {"running": {}}}))
            ]),
            later(),
        ),
        of("fails", &two, json!([named("a", ended("Error", 1))]), later()),
        of("fails-code", &two, json!([named("a", ended("", 7))]), later()),
        of(
            "fails-signal",
            &two,
            json!([named("a", json!({"state": {"terminated": {"signal": 6, "exitCode": 1}}}))]),
            later(),
        ),
        of("back-off", &two, json!([named("a", waiting("CrashLoopBackOff"))]), later()),
        of(
            "done",
            &two,
            json!([named("a", ended("Completed", 0)), named("b", ended("Completed", 0))]),
            json!([running()]),
        ),
        of(
            "sidecar-starts",
            &side,
            json!([named("a", json!({"started": false, "state": {"running": {}}}))]),
            later(),
        ),
        of("sidecar-runs", &side, json!([started(true), named("b", waiting(""))]), later()),
        of(
            "sidecar-ready",
            &side,
            json!([started(true), named("b", ended("Completed", 0))]),
            json!([running()]),
        ),
        of(
            "sidecar-unready",
            &side,
            json!([started(false), named("b", ended("Completed", 0))]),
            json!([running()]),
        ),
    ];
    check(
        Resource::Pods,
        &pods,
        TableOptions::default(),
        expect![[r#"
        NAME              READY   STATUS                  RESTARTS      AGE
        waits             0/1     Init:0/2                3             4m5s
        runs              0/1     Init:1/2                4             4m5s
        fails             0/1     Init:Error              3             4m5s
        fails-code        0/1     Init:ExitCode:7         3             4m5s
        fails-signal      0/1     Init:Signal:6           0             4m5s
        back-off          0/1     Init:CrashLoopBackOff   3             4m5s
        done              1/1     Pending                 3             4m5s
        sidecar-starts    0/2     Init:0/2                0             4m5s
        sidecar-runs      1/2     Init:1/2                5 (30s ago)   4m5s
        sidecar-ready     2/2     Pending                 5 (30s ago)   4m5s
        sidecar-unready   1/2     Pending                 5 (30s ago)   4m5s
    "#]],
    );
}

#[test]
fn restarts_and_wide_pods() {
    let mut one = pod(
        "one",
        2,
        json!({
            "phase": "Running", "podIPs": [{"ip": "10.1.0.1"}, {"ip": "fd::1"}],
            "nominatedNodeName": "n2",
            "conditions": [{"type": "gate", "status": "True"}, {"type": "other", "status": "False"}],
            "containerStatuses": [
                {"ready": true, "restartCount": 1, "state": {"running": {}},
                 "lastState": {"terminated": {"finishedAt": "2026-01-02T02:00:00Z"}}},
                {"ready": true, "restartCount": 2, "state": {"running": {}},
                 "lastState": {"terminated": {"finishedAt": "2026-01-02T03:03:20Z"}}},
            ],
        }),
        json!([]),
    );
    one["spec"]["nodeName"] = json!("n1");
    one["spec"]["readinessGates"] = json!([{"conditionType": "gate"}, {"conditionType": "other"}]);
    let two = pod("two", 1, json!({"phase": "Pending"}), json!([]));
    check(
        Resource::Pods,
        &[one, two],
        wide(),
        expect![[r#"
        NAME   READY   STATUS    RESTARTS      AGE    IP         NODE     NOMINATED NODE   READINESS GATES
        one    2/2     Running   3 (45s ago)   4m5s   10.1.0.1   n1       n2               1/2
        two    0/1     Pending   0             4m5s   <none>     <none>   <none>           <none>
    "#]],
    );
}
