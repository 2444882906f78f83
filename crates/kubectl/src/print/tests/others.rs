//! Kinds that have columns of their own.

use super::*;

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
