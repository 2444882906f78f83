//! `manifests.json`: one manifest each, applied to an empty namespace.

use rollscope_api::annotation::{LAST_APPLIED, REVISION};
use rollscope_api::{Resource, Value};
use serde_json::{Map, json};

use super::CaseResult;
use super::terminal::{Terminal, recorded};

/// Applies the manifest, and compares what is stored where it was accepted.
pub fn check(case: &Value) -> CaseResult {
    let mut result = CaseResult::default();
    let Some(manifest) = case["manifest"].as_str() else {
        result.compare("the case holds a manifest", "", "no manifest");
        return result;
    };
    let mut terminal = Terminal::new(&[("m.yaml", manifest)]);
    let printed = terminal.run("apply -f m.yaml");
    result.compare("$ kubectl apply -f m.yaml", &terminal.same(&recorded(case)), &printed);
    if let Some(live) = case["live"].as_array() {
        let stored = terminal.stored(Resource::Deployments);
        let stored: Vec<Value> =
            stored.iter().enumerate().map(|(at, object)| seen(object, live.get(at))).collect();
        result.compare("the Deployments as stored", &pretty(live), &pretty(&stored));
    }
    result
}

/// The parts of an object that were recorded.
fn seen(object: &Value, recorded: Option<&Value>) -> Value {
    let mut annotations: Map<String, Value> =
        object["metadata"]["annotations"].as_object().cloned().unwrap_or_default();
    annotations.remove(LAST_APPLIED);
    // The recorder looked before the controller did, or after.
    let controlled = recorded.is_some_and(|recorded| !recorded["annotations"][REVISION].is_null());
    if !controlled {
        annotations.remove(REVISION);
    }
    json!({
        "name": object["metadata"]["name"],
        "annotations": annotations,
        "spec": object["spec"],
    })
}

fn pretty(objects: &[Value]) -> String {
    serde_json::to_string_pretty(objects).unwrap_or_default()
}
