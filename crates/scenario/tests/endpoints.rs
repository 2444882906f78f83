//! Services, and who answers for them: what `kubectl` says while pods come, go and change.

mod common;

use common::{check, kubectl, pass_ms};
use expect_test::expect;
use rollscope_api::order;
use rollscope_scenario::{Input, PodAction, Script, Session};

fn manifest(replicas: u32, pod: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: \
         {replicas}\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      \
         labels:\n        app: web\n    spec:\n      containers:\n      - name: web\n        image: \
         web:1.0\n        ports: [{{name: http, containerPort: 8080}}]\n{pod}"
    )
}

fn service(spec: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  labels: {{tier: front}}\nspec:\n{spec}"
    )
}

/// A session in which the times of a change are known, with these files applied a minute ago.
fn session(replicas: u32, pod: &str, spec: &str) -> Session {
    let mut script = Script::default();
    let world = "delays: {endpoint_slice_ms: 50, proxy_ms: 500}\nimages:\n- {image: '*', pull_ms: \
                 1000, start_ms: 500, ready_ms: 300, stop_ms: 200}\n";
    script.world = serde_yaml::from_str(world).unwrap();
    script.files.insert("web.yaml".to_owned(), manifest(replicas, pod));
    script.files.insert("service.yaml".to_owned(), service(spec));
    let mut session = Session::new(&script);
    session.input(&Input::Apply { file: "service.yaml".to_owned() });
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    session
}

const PORT: &str = "  selector: {app: web}\n  ports: [{port: 80, targetPort: http}]\n";

#[test]
fn endpoints_follow_readiness() {
    let mut session = session(3, "", PORT);
    pass_ms(&mut session, 100);
    check(
        &mut session,
        "get endpointslices",
        expect![[r#"
        NAME        ADDRESSTYPE   PORTS     ENDPOINTS   AGE
        web-9mnpp   IPv4          <unset>   <unset>     0s
    "#]],
    );
    check(
        &mut session,
        "describe service web",
        expect![[r#"
        Name:                     web
        Namespace:                default
        Labels:                   tier=front
        Annotations:              <none>
        Selector:                 app=web
        Type:                     ClusterIP
        IP Family Policy:         SingleStack
        IP Families:              IPv4
        IP:                       10.0.194.114
        IPs:                      10.0.194.114
        Port:                     <unset>  80/TCP
        TargetPort:               http/TCP
        Endpoints:                
        Session Affinity:         None
        Internal Traffic Policy:  Cluster
        Events:                   <none>
    "#]],
    );
    pass_ms(&mut session, 20_000);
    check(
        &mut session,
        "get endpointslices",
        expect![[r#"
        NAME        ADDRESSTYPE   PORTS   ENDPOINTS                          AGE
        web-9mnpp   IPv4          8080    10.244.0.2,10.244.1.2,10.244.2.2   20s
    "#]],
    );
    check(
        &mut session,
        "get endpoints",
        expect![[r#"
        NAME   ENDPOINTS                                         AGE
        web    10.244.0.2:8080,10.244.1.2:8080,10.244.2.2:8080   20s
        Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
    "#]],
    );
    check(
        &mut session,
        "get ep web -o yaml",
        expect![[r#"
        apiVersion: v1
        kind: Endpoints
        metadata:
          annotations:
            endpoints.kubernetes.io/last-change-trigger-time: "2026-01-05T09:00:01Z"
          creationTimestamp: "2026-01-05T09:00:00Z"
          labels:
            endpoints.kubernetes.io/managed-by: endpoint-controller
            tier: front
          name: web
          namespace: default
          resourceVersion: "59"
          uid: 87d89439-c333-4c77-9c5a-6cd2c9cb5b11
        subsets:
        - addresses:
          - ip: 10.244.0.2
            nodeName: node-0
            targetRef:
              kind: Pod
              name: web-86dbb6f598-d7fz9
              namespace: default
              uid: 78f22a1d-10b6-42a9-9ebd-09ccc4adbbd6
          - ip: 10.244.1.2
            nodeName: node-1
            targetRef:
              kind: Pod
              name: web-86dbb6f598-vfxfg
              namespace: default
              uid: 14711c08-0b3d-4942-a085-6d08b78cb6b9
          - ip: 10.244.2.2
            nodeName: node-2
            targetRef:
              kind: Pod
              name: web-86dbb6f598-bmtkl
              namespace: default
              uid: f197aa0f-1ca0-4f91-a31d-2c59184a76f7
          ports:
          - port: 8080
            protocol: TCP
        Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
    "#]],
    );
    check(
        &mut session,
        "get endpointslices -o yaml",
        expect![[r#"
        apiVersion: v1
        items:
        - addressType: IPv4
          apiVersion: discovery.k8s.io/v1
          endpoints:
          - addresses:
            - 10.244.0.2
            conditions:
              ready: true
              serving: true
              terminating: false
            nodeName: node-0
            targetRef:
              kind: Pod
              name: web-86dbb6f598-d7fz9
              namespace: default
              uid: 78f22a1d-10b6-42a9-9ebd-09ccc4adbbd6
          - addresses:
            - 10.244.1.2
            conditions:
              ready: true
              serving: true
              terminating: false
            nodeName: node-1
            targetRef:
              kind: Pod
              name: web-86dbb6f598-vfxfg
              namespace: default
              uid: 14711c08-0b3d-4942-a085-6d08b78cb6b9
          - addresses:
            - 10.244.2.2
            conditions:
              ready: true
              serving: true
              terminating: false
            nodeName: node-2
            targetRef:
              kind: Pod
              name: web-86dbb6f598-bmtkl
              namespace: default
              uid: f197aa0f-1ca0-4f91-a31d-2c59184a76f7
          kind: EndpointSlice
          metadata:
            annotations:
              endpoints.kubernetes.io/last-change-trigger-time: "2026-01-05T09:00:01Z"
            creationTimestamp: "2026-01-05T09:00:00Z"
            generateName: web-
            generation: 3
            labels:
              endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io
              kubernetes.io/service-name: web
              tier: front
            name: web-9mnpp
            namespace: default
            ownerReferences:
            - apiVersion: v1
              blockOwnerDeletion: true
              controller: true
              kind: Service
              name: web
              uid: 9ffc4159-8465-47eb-88ca-9ffe68a0a8b5
            resourceVersion: "58"
            uid: 77774ba3-7d60-4419-b4f2-c49898763322
          ports:
          - name: ""
            port: 8080
            protocol: TCP
        kind: List
        metadata:
          resourceVersion: ""
    "#]],
    );
    check(
        &mut session,
        "describe endpoints web",
        expect![[r#"
        Name:         web
        Namespace:    default
        Labels:       endpoints.kubernetes.io/managed-by=endpoint-controller
                      tier=front
        Annotations:  endpoints.kubernetes.io/last-change-trigger-time: 2026-01-05T09:00:01Z
        Subsets:
          Addresses:          10.244.0.2,10.244.1.2,10.244.2.2
          NotReadyAddresses:  <none>
          Ports:
            Name     Port  Protocol
            ----     ----  --------
            <unset>  8080  TCP

        Events:  <none>
        Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
    "#]],
    );
    let pods = kubectl(&mut session, "get pods -o jsonpath={.items[*].metadata.name}");
    let mut pods = pods.split(' ').map(str::to_owned);
    session.input(&Input::Pod { pod: pods.next().unwrap(), action: PodAction::Unready });
    session.input(&Input::Pod { pod: pods.next().unwrap(), action: PodAction::Delete });
    pass_ms(&mut session, 100);
    let conditions = "get endpointslices -o jsonpath={.items[0].endpoints[*].conditions}";
    check(
        &mut session,
        conditions,
        expect![[
            r#"{"ready":false,"serving":true,"terminating":true} {"ready":true,"serving":true,"terminating":false} {"ready":false,"serving":false,"terminating":false}"#
        ]],
    );
    check(
        &mut session,
        "get endpoints --no-headers",
        expect![[r#"
        web   10.244.1.2:8080   20s
        Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
    "#]],
    );
    kubectl(&mut session, "delete service web");
    pass_ms(&mut session, 100);
    check(
        &mut session,
        "get endpointslices,endpoints",
        expect![[r#"
        Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
        No resources found in default namespace.
    "#]],
    );
}

#[test]
fn a_pods_change_takes_the_worlds_time() {
    let mut session = session(1, "", PORT);
    pass_ms(&mut session, 20_000);
    let ready = "get endpointslices -o jsonpath={.items[0].endpoints[0].conditions.ready}";
    let pod = kubectl(&mut session, "get pods -o jsonpath={.items[0].metadata.name}");
    session.input(&Input::Pod { pod, action: PodAction::Delete });
    pass_ms(&mut session, 49);
    assert_eq!(kubectl(&mut session, ready), "true");
    pass_ms(&mut session, 1);
    assert_eq!(kubectl(&mut session, ready), "false");
}

#[test]
fn ports_are_each_pods_own() {
    // A port that no container names is left out; a Service without a selector has no slices.
    let mut session = session(
        1,
        "",
        "  selector: {app: web}\n  ports:\n  - {name: a, port: 80, targetPort: http}\n  - {name: b, \
         port: 81, targetPort: nobody}\n  - {name: c, port: 82, protocol: UDP, targetPort: 53}\n",
    );
    kubectl(&mut session, "create service externalname elsewhere --external-name=example.com");
    pass_ms(&mut session, 20_000);
    check(
        &mut session,
        "get endpointslices --no-headers",
        expect![[r#"
        web-9mnpp   IPv4   8080,53   10.244.1.2   20s
    "#]],
    );
    check(
        &mut session,
        "get endpoints --no-headers",
        expect![[r#"
        web   10.244.1.2:8080,10.244.1.2:53   20s
        Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
    "#]],
    );
}

#[test]
fn unready_addresses_are_published_where_that_is_asked_for() {
    let probe = "        readinessProbe: {exec: {command: [cat, never]}}\n";
    for publish in ["true", "false"] {
        let spec = format!("{PORT}  publishNotReadyAddresses: {publish}\n  clusterIP: None\n");
        let mut session = session(1, probe, &spec);
        session.input(&Input::World {
            world: Box::new(
                serde_yaml::from_str("probes: [{asks: 'cat never', fails: true}]").unwrap(),
            ),
        });
        pass_ms(&mut session, 20_000);
        let addresses = kubectl(&mut session, "get endpoints --no-headers");
        assert_eq!(addresses.contains("10.244.0.2:8080"), publish == "true", "{addresses}");
        let label = "get endpointslices -l service.kubernetes.io/headless= --no-headers";
        assert_eq!(kubectl(&mut session, label).lines().count(), 1);
    }
}

#[test]
fn a_slice_holds_a_hundred_endpoints() {
    let mut session = session(150, "", PORT);
    pass_ms(&mut session, 120_000);
    let count = |session: &mut Session| -> Vec<usize> {
        let names = kubectl(session, "get endpointslices -o name");
        let names: Vec<String> = names.lines().map(str::to_owned).collect();
        let addresses = "-o jsonpath={.endpoints[*].addresses[0]}";
        let sizes = names.iter().map(|name| {
            kubectl(session, &format!("get {name} {addresses}")).split_whitespace().count()
        });
        let mut sizes: Vec<usize> = sizes.collect();
        order::sort(&mut sizes);
        sizes
    };
    assert_eq!(count(&mut session), [50, 100]);
    check(
        &mut session,
        "get endpoints --no-headers",
        expect![[r#"
        web   10.244.0.10:8080,10.244.0.11:8080,10.244.0.12:8080 + 147 more...   2m
        Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
    "#]],
    );
    kubectl(&mut session, "scale deployment web --replicas=0");
    pass_ms(&mut session, 60_000);
    check(
        &mut session,
        "get endpointslices --no-headers",
        expect![[r#"
        web-9mnpp   IPv4   <unset>   <unset>   3m
    "#]],
    );
    check(
        &mut session,
        "describe service web",
        expect![[r#"
        Name:                     web
        Namespace:                default
        Labels:                   tier=front
        Annotations:              <none>
        Selector:                 app=web
        Type:                     ClusterIP
        IP Family Policy:         SingleStack
        IP Families:              IPv4
        IP:                       10.0.194.114
        IPs:                      10.0.194.114
        Port:                     <unset>  80/TCP
        TargetPort:               http/TCP
        Endpoints:                
        Session Affinity:         None
        Internal Traffic Policy:  Cluster
        Events:                   <none>
    "#]],
    );
}
