//! The pod-template hash against a real controller's and against worked examples.

use rollscope_api::{FieldValidation, Resource, Value, decode, defaults, hash, validate};
use serde_json::json;

fn read(path: &str) -> Value {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).expect("recordings are JSON")
}

#[test]
fn recorded_templates_get_their_recorded_hash() {
    let cases = read("../../tests/conformance/recordings/hashes.json");
    let cases = cases.as_array().expect("a list of cases");
    assert!(cases.len() > 100);
    for case in cases {
        let labels = &case["template"]["metadata"]["labels"];
        let deployment = json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "h"},
            "spec": {"selector": {"matchLabels": labels}, "template": case["template"]},
        });
        let resource = Resource::Deployments;
        let decoded = decode::decode(resource, &deployment, FieldValidation::Strict);
        let mut stored = decoded.expect("recorded templates were accepted").value;
        defaults::set_defaults(resource, &mut stored);
        assert_eq!(validate::validate(resource, &stored, None), [], "{deployment}");
        let template = &stored["spec"]["template"];
        assert_eq!(*template, case["defaulted"]);
        assert_eq!(hash::pod_template_hash(template, None), case["hash"], "{template}");
    }
}

#[test]
fn worked_examples_hash_as_computed() {
    let cases = read("tests/data/hash-vectors.json");
    let cases = cases["vectors"].as_array().expect("a list of vectors");
    assert!(cases.len() > 20);
    for case in cases {
        let count = case["collisionCount"].as_i64().map(|count| count as i32);
        // The examples' quantities are in any spelling; stored ones are canonical.
        let mut template = case["template"].clone();
        defaults::set_template_defaults(&mut template);
        let found = hash::pod_template_hash(&template, count);
        assert_eq!(found, case["hash"], "{}", case["name"]);
    }
}

/// Random templates over the whole type table, with the hash that an independent implementation
/// of the text and its sum gives them. They are as stored, so nothing is defaulted.
#[test]
fn generated_templates_hash_as_computed_independently() {
    let path = format!("{}/tests/data/hash-generated.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(text.lines().count(), 80);
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).expect("a case a line");
        let count = case["collisionCount"].as_i64().map(|count| count as i32);
        let found = hash::pod_template_hash(&case["template"], count);
        assert_eq!(found, case["hash"], "{line}");
    }
}
