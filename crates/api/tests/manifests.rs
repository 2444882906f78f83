//! What a real API server made of manifests: `manifests.json` and `updates.json`.
//!
//! Only the server's part is checked here, formatted as kubectl prints it; kubectl's own answers
//! are kubectl's tests.

use rollscope_api::status::Cause;
use rollscope_api::{FieldValidation, Resource, Value, decode, defaults, merge, validate, yaml};

fn read(name: &str) -> Vec<Value> {
    let path = format!("{}/../../tests/conformance/recordings/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let cases: Value = serde_json::from_str(&text).expect("recordings are JSON");
    cases.as_array().expect("a list of cases").clone()
}

/// What kubectl prints of a refusal by validation.
fn invalid(kind: &str, name: &str, causes: &[Cause]) -> String {
    let lines: Vec<String> =
        causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
    match lines.as_slice() {
        [one] => format!("The {kind} \"{name}\" is invalid: {one}\n"),
        several => {
            let lines: Vec<String> = several.iter().map(|line| format!("* {line}\n")).collect();
            format!("The {kind} \"{name}\" is invalid: \n{}", lines.concat())
        }
    }
}

/// Sends a document to the server: what it stores, and what is printed on standard error.
fn create(document: &Value) -> (Option<Value>, String) {
    let api_version = document["apiVersion"].as_str().unwrap_or_default();
    let kind = document["kind"].as_str().unwrap_or_default();
    let Some(resource) = Resource::from_gvk(api_version, kind) else {
        return (None, String::new());
    };
    let decoded = match decode::decode(resource, document, FieldValidation::Strict) {
        Ok(decoded) => decoded,
        Err(status) => {
            let reason = status.reason.as_str();
            let message = status.message;
            return (
                None,
                format!(
                    "Error from server ({reason}): error when creating \"m.yaml\": {message}\n"
                ),
            );
        }
    };
    let mut object = decoded.value;
    defaults::set_defaults(resource, &mut object);
    let causes = validate::validate(resource, &object, None);
    if !causes.is_empty() {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        return (None, invalid(kind, name, &causes));
    }
    let warnings = validate::warnings(resource, &object, None);
    let warnings: Vec<String> =
        warnings.iter().map(|warning| format!("Warning: {warning}\n")).collect();
    (Some(object), warnings.concat())
}

/// Answers that kubectl gives without or before asking the server.
fn is_kubectls_own(stderr: &str) -> bool {
    [
        "error: no objects",
        "error: error validating",
        "error: resource mapping not found",
        "error: error when retrieving",
        "error: from ",
        "error: unable to decode",
    ]
    .iter()
    .any(|start| stderr.starts_with(start))
}

fn documents(manifest: &str) -> Result<Vec<Value>, String> {
    let documents = yaml::parse(manifest)
        .map_err(|error| format!("error: error parsing m.yaml: {}\n", error.message))?
        .into_iter()
        .flat_map(|document| match document.value["kind"].as_str() {
            Some("List") => document.value["items"].as_array().cloned().unwrap_or_default(),
            _ => vec![document.value],
        });
    Ok(documents.collect())
}

#[test]
fn manifests_are_answered_as_by_the_server() {
    let mut failures = Vec::new();
    let mut checked = 0;
    for case in read("manifests.json") {
        let name = case["name"].as_str().unwrap_or_default();
        let stderr = case["stderr"].as_str().unwrap_or_default();
        if is_kubectls_own(stderr) {
            continue;
        }
        checked += 1;
        let (mut stored, mut printed) = (Vec::new(), String::new());
        match documents(case["manifest"].as_str().unwrap_or_default()) {
            Ok(documents) => {
                for document in documents {
                    let (object, text) = create(&document);
                    stored.extend(object);
                    printed.push_str(&text);
                }
            }
            Err(text) => printed = text,
        }
        if printed != stderr {
            failures.push(format!("{name}\n  expected {stderr}\n  found    {printed}"));
        }
        for live in case["live"].as_array().into_iter().flatten() {
            let found = stored.iter().find(|object| object["metadata"]["name"] == live["name"]);
            let found = found.map(|object| &object["spec"]).unwrap_or(&Value::Null);
            if *found != live["spec"] {
                let live = &live["spec"];
                failures.push(format!("{name}\n  expected {live}\n  found    {found}"));
            }
        }
    }
    assert!(checked > 80, "{checked}");
    assert!(failures.is_empty(), "{} of {checked}\n{}", failures.len(), failures.join("\n"));
}

/// Applies a manifest over the stored object as client-side apply does, and answers as the server.
fn update(stored: &Value, first: &Value, second: &Value) -> String {
    let resource = Resource::Deployments;
    let patch = merge::three_way(resource, Some(first), second, stored).expect("a patch");
    let patched = merge::strategic_merge(resource, stored, &patch).expect("a patch that applies");
    let mut object = decode::decode_raw(resource, &patched).expect("a decodable object").value;
    defaults::set_defaults(resource, &mut object);
    let causes = validate::validate(resource, &object, Some(stored));
    if causes.is_empty() {
        return String::new();
    }
    invalid(resource.kind(), object["metadata"]["name"].as_str().unwrap_or_default(), &causes)
}

#[test]
fn updates_are_answered_as_by_the_server() {
    let mut checked = 0;
    for case in read("updates.json") {
        let text = |field: &str| case[field].as_str().unwrap_or_default();
        let first = documents(text("first")).expect("YAML").remove(0);
        let second = documents(text("manifest")).expect("YAML").remove(0);
        if first["kind"] != "Deployment" || second["kind"] != "Deployment" {
            continue;
        }
        checked += 1;
        let (stored, warnings) = create(&first);
        assert_eq!(warnings, "");
        let found = update(&stored.expect("the first is accepted"), &first, &second);
        assert_eq!(found, text("stderr"), "{}", case["name"]);
    }
    assert!(checked > 3, "{checked}");
}
