//! Tables as the server's printers and kubectl make them. The pods' states are those of upstream's
//! `TestPrintPod` and `TestPrintPodWithRestartableInitContainer`.

use expect_test::{Expect, expect};
use rollscope_api::{Resource, SimTime, Value};
use serde_json::json;

use super::{TableOptions, TablePrinter, events_table, table};
use crate::duration::parse_time;

fn now() -> SimTime {
    parse_time("2026-01-02T03:04:05Z").expect("a time")
}

fn check(resource: Resource, objects: &[Value], options: TableOptions, expected: Expect) {
    expected.assert_eq(&table(resource, objects, &options, now()));
}

fn wide() -> TableOptions {
    TableOptions { wide: true, ..TableOptions::default() }
}

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

fn deployment(name: &str) -> Value {
    json!({
        "metadata": {
            "name": name, "namespace": "shop", "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"app": name, "example.com/tier": "front"},
        },
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"b": "2", "a": "1"}, "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["y", "x"]},
                {"key": "old", "operator": "DoesNotExist"},
            ]},
            "template": {"spec": {"containers": [
                {"name": "web", "image": "web:1"}, {"name": "side", "image": "side:2"},
            ]}},
        },
        "status": {"readyReplicas": 1, "updatedReplicas": 2, "availableReplicas": 1},
    })
}

#[test]
fn what_options_add() {
    let options = TableOptions {
        wide: true,
        show_labels: true,
        label_columns: vec!["app".into(), "example.com/tier".into(), "none".into()],
        with_namespace: true,
        with_kind: true,
        no_headers: false,
        ..TableOptions::default()
    };
    check(
        Resource::Deployments,
        &[deployment("web")],
        options,
        expect![[r#"
        NAMESPACE   NAME                  READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES         SELECTOR                     APP   TIER    NONE   LABELS
        shop        deployment.apps/web   1/3     2            1           27h   web,side     web:1,side:2   a=1,b=2,!old,tier in (x,y)   web   front          app=web,example.com/tier=front
    "#]],
    );
}

#[test]
fn no_headers_and_no_objects() {
    let options = TableOptions { no_headers: true, ..TableOptions::default() };
    check(
        Resource::Deployments,
        &[deployment("web")],
        options.clone(),
        expect![[r#"
        web   1/3   2     1     27h
    "#]],
    );
    check(Resource::Deployments, &[], options, expect![[""]]);
}

#[test]
fn a_table_goes_on_with_its_widths() {
    let mut printer = TablePrinter::new(Resource::Deployments, TableOptions::default());
    let mut text = printer.print(&[deployment("a-long-name")], now());
    text += &printer.print(&[deployment("b")], now());
    text += &printer.print(&[deployment("an-even-longer-name")], now());
    text += &printer.print(&[deployment("c")], now());
    expect![[r#"
        NAME          READY   UP-TO-DATE   AVAILABLE   AGE
        a-long-name   1/3     2            1           27h
        b             1/3     2            1           27h
        an-even-longer-name   1/3     2            1           27h
        c                     1/3     2            1           27h
    "#]]
    .assert_eq(&text);
}

#[test]
fn nodes() {
    let node = |name: &str, conditions: Value, spec: Value, labels: Value| {
        json!({
            "metadata": {"name": name, "labels": labels, "creationTimestamp": "2025-12-01T00:00:00Z"},
            "spec": spec,
            "status": {"conditions": conditions, "nodeInfo": {"kubeletVersion": "v1.36.2"}},
        })
    };
    let mut full = node(
        "full",
        json!([{"type": "Ready", "status": "True"}]),
        json!({"unschedulable": true}),
        json!({"node-role.kubernetes.io/worker": "", "kubernetes.io/role": "edge"}),
    );
    full["status"]["addresses"] = json!([{"type": "InternalIP", "address": "10.0.0.1"}, {"type": "ExternalIP", "address": "1.2.3.4"}]);
    full["status"]["nodeInfo"] = json!({
        "kubeletVersion": "v1.36.2", "osImage": "Debian 12", "kernelVersion": "6.1.0",
        "architecture": "amd64", "containerRuntimeVersion": "containerd://2.1",
    });
    let nodes = [
        full,
        node("down", json!([{"type": "Ready", "status": "Unknown"}]), json!({}), json!({})),
        node("new", json!([]), json!({}), json!({})),
    ];
    check(
        Resource::Nodes,
        &nodes,
        TableOptions::default(),
        expect![[r#"
        NAME   STATUS                     ROLES         AGE   VERSION
        full   Ready,SchedulingDisabled   edge,worker   32d   v1.36.2
        down   NotReady                   <none>        32d   v1.36.2
        new    Unknown                    <none>        32d   v1.36.2
    "#]],
    );
    check(
        Resource::Nodes,
        &nodes,
        wide(),
        expect![[r#"
        NAME   STATUS                     ROLES         AGE   VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE    KERNEL-VERSION   CONTAINER-RUNTIME
        full   Ready,SchedulingDisabled   edge,worker   32d   v1.36.2   10.0.0.1      1.2.3.4       Debian 12   6.1.0 (amd64)    containerd://2.1
        down   NotReady                   <none>        32d   v1.36.2   <none>        <none>        <unknown>   <unknown>        <unknown>
        new    Unknown                    <none>        32d   v1.36.2   <none>        <none>        <unknown>   <unknown>        <unknown>
    "#]],
    );
}

#[test]
fn services_and_their_endpoints() {
    let service = |name: &str, spec: Value, status: Value| {
        let meta = json!({"name": name, "creationTimestamp": "2026-01-02T03:00:00Z"});
        json!({"metadata": meta, "spec": spec, "status": status})
    };
    let ports = json!([{"port": 80, "protocol": "TCP", "nodePort": 30080}, {"port": 53, "protocol": "UDP"}]);
    let balanced = json!({"loadBalancer": {"ingress": [{"ip": "9.9.9.9"}, {"hostname": "a.example"}, {"ip": "9.9.9.9"}]}});
    let services = [
        service(
            "cluster",
            json!({"type": "ClusterIP", "clusterIPs": ["10.0.0.1"], "ports": [{"port": 80, "protocol": "TCP"}], "selector": {"b": "2", "a": "1"}}),
            json!({}),
        ),
        service(
            "headless",
            json!({"type": "ClusterIP", "clusterIPs": ["None"], "externalIPs": ["1.1.1.1", "2.2.2.2"]}),
            json!({}),
        ),
        service(
            "node-port",
            json!({"type": "NodePort", "clusterIPs": ["10.0.0.2"], "ports": ports}),
            json!({}),
        ),
        service(
            "pending",
            json!({"type": "LoadBalancer", "clusterIPs": ["10.0.0.3"], "ports": ports}),
            json!({}),
        ),
        service(
            "balanced",
            json!({"type": "LoadBalancer", "clusterIPs": ["10.0.0.4"], "ports": ports, "externalIPs": ["3.3.3.3"]}),
            balanced,
        ),
        service(
            "external",
            json!({"type": "ExternalName", "externalName": "x.example"}),
            json!({}),
        ),
    ];
    check(
        Resource::Services,
        &services,
        wide(),
        expect![[r#"
        NAME        TYPE           CLUSTER-IP   EXTERNAL-IP                 PORT(S)               AGE    SELECTOR
        cluster     ClusterIP      10.0.0.1     <none>                      80/TCP                4m5s   a=1,b=2
        headless    ClusterIP      None         1.1.1.1,2.2.2.2             <none>                4m5s   <none>
        node-port   NodePort       10.0.0.2     <none>                      80:30080/TCP,53/UDP   4m5s   <none>
        pending     LoadBalancer   10.0.0.3     <pending>                   80:30080/TCP,53/UDP   4m5s   <none>
        balanced    LoadBalancer   10.0.0.4     9.9.9.9,a.example,3.3.3.3   80:30080/TCP,53/UDP   4m5s   <none>
        external    ExternalName   <none>       x.example                   <none>                4m5s   <none>
    "#]],
    );
    let slices = [
        json!({"metadata": {"name": "many", "creationTimestamp": "2026-01-02T03:00:00Z"}, "addressType": "IPv4",
            "ports": [{"port": 80}, {"name": "named"}, {"name": ""}, {"port": 81}],
            "endpoints": [{"addresses": ["10.1.0.1", "10.1.0.2"]}, {"addresses": ["10.1.0.3"]}, {"addresses": ["10.1.0.4"]}, {"addresses": ["10.1.0.5"]}]}),
        json!({"metadata": {"name": "none"}, "addressType": "IPv6"}),
    ];
    check(
        Resource::EndpointSlices,
        &slices,
        TableOptions::default(),
        expect![[r#"
        NAME   ADDRESSTYPE   PORTS                    ENDPOINTS                                AGE
        many   IPv4          80,named,* + 1 more...   10.1.0.1,10.1.0.2,10.1.0.3 + 2 more...   4m5s
        none   IPv6          <unset>                  <unset>                                  <unknown>
    "#]],
    );
}

#[test]
fn autoscalers() {
    let resource = |name: &str, target: Value| json!({"type": "Resource", "resource": {"name": name, "target": target}});
    let hpa = |name: &str, metrics: Value, current: Value| {
        json!({
            "metadata": {"name": name, "creationTimestamp": "2026-01-02T03:00:00Z"},
            "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "minReplicas": 1, "maxReplicas": 4, "metrics": metrics},
            "status": {"currentReplicas": 2, "currentMetrics": current},
        })
    };
    let mut without_minimum = hpa("none", json!([]), json!([]));
    without_minimum["spec"]["minReplicas"].take();
    let hpas = [
        hpa("unknown", json!([resource("cpu", json!({"averageUtilization": 50}))]), json!([])),
        hpa(
            "two",
            json!([
                resource("cpu", json!({"averageUtilization": 50})),
                resource("memory", json!({"averageValue": "1Gi"}))
            ]),
            json!([{"resource": {"current": {"averageUtilization": 10}}}, {"resource": {"current": {"averageValue": "512Mi"}}}]),
        ),
        hpa(
            "many",
            json!([
                {"type": "Pods", "pods": {"target": {"averageValue": "10"}}},
                {"type": "External", "external": {"target": {"averageValue": "5"}}},
                {"type": "Object", "object": {"target": {"value": "7"}}},
                {"type": "Other"},
            ]),
            json!([{"pods": {"current": {"averageValue": "3"}}}]),
        ),
        without_minimum,
    ];
    check(
        Resource::HorizontalPodAutoscalers,
        &hpas,
        TableOptions::default(),
        expect![[r#"
        NAME      REFERENCE        TARGETS                               MINPODS   MAXPODS   REPLICAS   AGE
        unknown   Deployment/web   cpu: <unknown>/50%                    1         4         2          4m5s
        two       Deployment/web   cpu: 10%/50%, memory: 512Mi/1Gi       1         4         2          4m5s
        many      Deployment/web   3/10, <unknown>/5 (avg) + 2 more...   1         4         2          4m5s
        none      Deployment/web   <none>                                <unset>   4         2          4m5s
    "#]],
    );
}

#[test]
fn other_kinds() {
    let meta = |name: &str| json!({"name": name, "creationTimestamp": "2026-01-02T03:00:00Z"});
    check(
        Resource::Namespaces,
        &[json!({"metadata": meta("default"), "status": {"phase": "Active"}})],
        TableOptions::default(),
        expect![[r#"
            NAME      STATUS   AGE
            default   Active   4m5s
        "#]],
    );
    check(
        Resource::ConfigMaps,
        &[json!({"metadata": meta("cm"), "data": {"a": "1"}, "binaryData": {"b": "AA=="}})],
        TableOptions::default(),
        expect![[r#"
            NAME   DATA   AGE
            cm     2      4m5s
        "#]],
    );
    check(
        Resource::Secrets,
        &[json!({"metadata": meta("s"), "type": "Opaque", "data": {"a": "MQ=="}})],
        TableOptions::default(),
        expect![[r#"
            NAME   TYPE     DATA   AGE
            s      Opaque   1      4m5s
        "#]],
    );
    let quota = json!({"metadata": meta("q"), "status": {
        "hard": {"pods": "5", "limits.cpu": "2", "requests.cpu": "1"},
        "used": {"pods": "2", "limits.cpu": "500m"},
    }});
    check(
        Resource::ResourceQuotas,
        &[quota],
        TableOptions::default(),
        expect![[r#"
        NAME   REQUEST                        LIMIT                AGE
        q      pods: 2/5, requests.cpu: 0/1   limits.cpu: 500m/2   4m5s
    "#]],
    );
}

fn events() -> Vec<Value> {
    let event = |name: &str, more: Value| {
        let mut event = json!({
            "metadata": {"name": name, "namespace": "default"}, "type": "Normal", "reason": "R",
            "involvedObject": {"kind": "Pod", "name": "web-x", "fieldPath": "spec.containers{web}"},
            "source": {"component": "kubelet", "host": "n1"}, "message": format!(" {name} \n"),
        });
        for (key, value) in more.as_object().expect("fields") {
            event[key] = value.clone();
        }
        event
    };
    vec![
        event(
            "b-twice",
            json!({"count": 2, "firstTimestamp": "2026-01-02T02:00:00Z", "lastTimestamp": "2026-01-02T03:03:00Z"}),
        ),
        event(
            "a-once",
            json!({"count": 1, "firstTimestamp": "2026-01-02T03:00:00Z", "lastTimestamp": "2026-01-02T03:00:00Z"}),
        ),
        event(
            "c-new-api",
            json!({"eventTime": "2026-01-02T03:03:05.500000Z", "source": {}, "reportingComponent": "scheduler", "reportingInstance": "s-1"}),
        ),
        event(
            "d-series",
            json!({"eventTime": "2026-01-02T03:00:05.000000Z", "series": {"count": 7, "lastObservedTime": "2026-01-02T03:04:00.000000Z"}}),
        ),
        event(
            "e-lines",
            json!({"count": 1, "lastTimestamp": "2026-01-02T03:04:01Z", "message": "one\ntwo", "involvedObject": {"kind": "Node", "name": ""}}),
        ),
    ]
}

#[test]
fn events_as_get_prints_them() {
    check(
        Resource::Events,
        &events(),
        TableOptions::default(),
        expect![[r#"
        LAST SEEN   TYPE     REASON   OBJECT      MESSAGE
        65s         Normal   R        pod/web-x   b-twice
        4m5s        Normal   R        pod/web-x   a-once
        59s         Normal   R        pod/web-x   c-new-api
        5s          Normal   R        pod/web-x   d-series
        4s          Normal   R        node        one...
    "#]],
    );
    check(
        Resource::Events,
        &events(),
        wide(),
        expect![[r#"
        LAST SEEN   TYPE     REASON   OBJECT      SUBOBJECT              SOURCE           MESSAGE     FIRST SEEN   COUNT   NAME
        65s         Normal   R        pod/web-x   spec.containers{web}   kubelet, n1      b-twice     64m          2       b-twice
        4m5s        Normal   R        pod/web-x   spec.containers{web}   kubelet, n1      a-once      4m5s         1       a-once
        59s         Normal   R        pod/web-x   spec.containers{web}   scheduler, s-1   c-new-api   59s          1       c-new-api
        5s          Normal   R        pod/web-x   spec.containers{web}   kubelet, n1      d-series    4m           7       d-series
        4s          Normal   R        node                               kubelet, n1      one...      <unknown>    1       e-lines
    "#]],
    );
}

#[test]
fn events_as_their_own_command_prints_them() {
    let options = TableOptions { with_namespace: true, ..TableOptions::default() };
    expect![[r#"
        NAMESPACE   LAST SEEN           TYPE     REASON   OBJECT      MESSAGE
        default     4m5s                Normal   R        Pod/web-x   a-once
        default     65s (x2 over 64m)   Normal   R        Pod/web-x   b-twice
        default     59s                 Normal   R        Pod/web-x   c-new-api
        default     5s (x7 over 4m)     Normal   R        Pod/web-x   d-series
        default     <unknown>           Normal   R        Node/       one
        two
    "#]]
    .assert_eq(&events_table(&events(), &options, now()));
}

/// The line that a message goes on in has no cells; the rows below keep their columns all the same.
#[test]
fn events_keep_their_columns_across_a_message_of_several_lines() {
    let mut events = events();
    for event in &mut events {
        event["lastTimestamp"] = json!("2026-01-02T03:04:00Z");
    }
    events[0]["message"] = json!("one\ntwo");
    events.truncate(2);
    events[1]["reason"] = json!("ScalingReplicaSet");
    events.swap(0, 1);
    let again = events[0].clone();
    events.push(again);
    events[2]["reason"] = json!("R");
    expect![[r#"
        LAST SEEN          TYPE     REASON              OBJECT      MESSAGE
        4m5s               Normal   ScalingReplicaSet   Pod/web-x   a-once
        5s (x2 over 64m)   Normal   R                   Pod/web-x   one
        two
        4m5s               Normal   R                   Pod/web-x   a-once
    "#]]
    .assert_eq(&events_table(&events, &TableOptions::default(), now()));
}
