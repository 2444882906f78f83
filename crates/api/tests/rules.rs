//! What the API server says to manifests beyond the recorded ones.
//!
//! `data/rules.txt` holds the cases: a line `> PLACE JSON` merges JSON into a good Deployment (or
//! another kind that PLACE names), and the lines below it are what comes back: `!` an error, `?` a
//! warning, nothing if all is well. They were derived from upstream's source. With UPDATE_EXPECT
//! in the environment the answers are written anew, to be read before they are committed.

use rollscope_api::{FieldValidation, Resource, Value, decode, defaults, validate};
use serde_json::json;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/rules.txt");

fn deployment() -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{"name": "web", "image": "web:1.0"}]},
            },
        },
    })
}

/// A good object of another kind.
fn other(place: &str) -> Option<Value> {
    Some(match place {
        "Pod" => json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},
            "spec": {"containers": [{"name": "web", "image": "web:1.0"}]},
        }),
        "ReplicaSet" => {
            let mut set = deployment();
            set["kind"] = "ReplicaSet".into();
            set
        }
        "Service" => json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
            "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
        }),
        "ConfigMap" => {
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}})
        }
        "ResourceQuota" => json!({
            "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "web"},
            "spec": {"hard": {}},
        }),
        "HorizontalPodAutoscaler" => json!({
            "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "web"},
            "spec": {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
                "maxReplicas": 5,
            },
        }),
        _ => return None,
    })
}

/// Fields of `patch` replace those of `target`, one level deep.
fn assign(target: &mut Value, patch: &Value) {
    for (key, value) in patch.as_object().into_iter().flatten() {
        target[key] = value.clone();
    }
}

fn manifest(place: &str, patch: &Value) -> Value {
    if let Some(mut object) = other(place) {
        for (key, value) in patch.as_object().into_iter().flatten() {
            if object[key].is_object() && value.is_object() {
                assign(&mut object[key], value);
            } else {
                object[key] = value.clone();
            }
        }
        return object;
    }
    let mut object = deployment();
    let template = "/spec/template";
    let pointer = match place {
        "top" => String::new(),
        "metadata" | "spec" => format!("/{place}"),
        "template" => template.to_owned(),
        "labels" => format!("{template}/metadata"),
        "pod" => format!("{template}/spec"),
        "container" => format!("{template}/spec/containers/0"),
        other => panic!("no such place: {other}"),
    };
    assign(object.pointer_mut(&pointer).expect("the place is there"), patch);
    object
}

fn answer(object: &Value) -> Vec<String> {
    let text = |field: &str| object[field].as_str().unwrap_or_default();
    let resource = Resource::from_gvk(text("apiVersion"), text("kind")).expect("a known kind");
    let mut object = match decode::decode(resource, object, FieldValidation::Strict) {
        Ok(decoded) => decoded.value,
        Err(status) => return vec![format!("! {}", status.message)],
    };
    defaults::set_defaults(resource, &mut object);
    let causes = validate::validate(resource, &object, None);
    if causes.is_empty() {
        let warnings = validate::warnings(resource, &object, None);
        return warnings.into_iter().map(|warning| format!("? {warning}")).collect();
    }
    causes.into_iter().map(|cause| format!("! {}: {}", cause.field, cause.message)).collect()
}

#[test]
fn rules_say_what_upstream_says() {
    let known = std::fs::read_to_string(FILE).expect("the cases are there");
    let mut found = String::new();
    let mut cases = 0;
    for line in known.lines() {
        match line.strip_prefix("> ") {
            Some(case) => {
                let (place, patch) = case.split_once(' ').expect("a place and JSON");
                let patch = serde_json::from_str(patch).unwrap_or_else(|e| panic!("{case}: {e}"));
                found.push_str(&format!("{line}\n"));
                for line in answer(&manifest(place, &patch)) {
                    found.push_str(&format!("{line}\n"));
                }
                cases += 1;
            }
            None if line.starts_with(['!', '?']) => {}
            None => found.push_str(&format!("{line}\n")),
        }
    }
    assert!(cases > 300, "only {cases} cases");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(FILE, &found).expect("the file can be written");
        return;
    }
    for (at, (known, found)) in known.lines().zip(found.lines()).enumerate() {
        assert_eq!(known, found, "line {}", at + 1);
    }
    assert_eq!(known.lines().count(), found.lines().count());
}
