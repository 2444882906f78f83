//! Deployments' strategies, Services and autoscalers.

use serde_json::{Map, Value, json};

pub(super) fn default_deployment_strategy(strategy: &mut Map<String, Value>) {
    let type_ = strategy.get("type").and_then(Value::as_str).unwrap_or_default();
    if !matches!(type_, "" | "RollingUpdate") {
        return;
    }
    let rolling = strategy.entry("rollingUpdate").or_insert_with(|| json!({}));
    if rolling.is_null() {
        *rolling = json!({});
    }
    let Some(rolling) = rolling.as_object_mut() else { return };
    for field in ["maxUnavailable", "maxSurge"] {
        let value = rolling.entry(field).or_insert(Value::Null);
        if value.is_null() {
            *value = "25%".into();
        }
    }
}

pub(super) fn default_service_spec(spec: &mut Map<String, Value>) {
    let type_ = spec.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(port) = port.as_object_mut() else { continue };
        let unset = match port.get("targetPort") {
            None | Some(Value::Null) => true,
            Some(Value::String(name)) => name.is_empty(),
            Some(number) => number.as_i64() == Some(0),
        };
        if let Some(number) = port.get("port").cloned().filter(|_| unset) {
            port.insert("targetPort".to_owned(), number);
        }
    }
    if spec.get("sessionAffinity").and_then(Value::as_str) == Some("ClientIP") {
        let config = spec.entry("sessionAffinityConfig").or_insert_with(|| json!({}));
        if config["clientIP"]["timeoutSeconds"].is_null() {
            config["clientIP"] = json!({"timeoutSeconds": 10800});
        }
    }
    if matches!(type_.as_str(), "NodePort" | "LoadBalancer") {
        let policy = spec.entry("externalTrafficPolicy").or_insert(Value::Null);
        if policy.as_str().unwrap_or_default().is_empty() {
            *policy = "Cluster".into();
        }
    }
    if matches!(type_.as_str(), "" | "ClusterIP" | "NodePort" | "LoadBalancer") {
        spec.entry("internalTrafficPolicy").or_insert_with(|| "Cluster".into());
    }
    if type_ == "LoadBalancer" {
        spec.entry("allocateLoadBalancerNodePorts").or_insert(Value::Bool(true));
    }
}

/// An autoscaler without metrics watches CPU at 80 %.
pub(super) fn default_hpa_spec(spec: &mut Map<String, Value>) {
    let empty = spec.get("metrics").and_then(Value::as_array).is_none_or(Vec::is_empty);
    if empty {
        let target = json!({"type": "Utilization", "averageUtilization": 80});
        let metric = json!({"type": "Resource", "resource": {"name": "cpu", "target": target}});
        spec.insert("metrics".to_owned(), json!([metric]));
    }
}

pub(super) fn default_hpa_metric(_metric: &mut Map<String, Value>) {}

/// Where a behaviour is given, the rules it leaves out are the built-in ones.
pub(super) fn default_hpa_behavior(behavior: &mut Map<String, Value>) {
    let pods = json!({"type": "Pods", "value": 4, "periodSeconds": 15});
    let percent = json!({"type": "Percent", "value": 100, "periodSeconds": 15});
    fill_rules(behavior, "scaleUp", Some(0), vec![pods, percent.clone()]);
    fill_rules(behavior, "scaleDown", None, vec![percent]);
}

fn fill_rules(
    behavior: &mut Map<String, Value>,
    direction: &str,
    window: Option<i32>,
    policies: Vec<Value>,
) {
    let rules = behavior.entry(direction).or_insert_with(|| json!({}));
    let Some(rules) = rules.as_object_mut() else { return };
    if let Some(window) = window {
        rules.entry("stabilizationWindowSeconds").or_insert_with(|| window.into());
    }
    rules.entry("selectPolicy").or_insert_with(|| "Max".into());
    rules.entry("policies").or_insert_with(|| policies.into());
}
