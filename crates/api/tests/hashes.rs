//! The pod-template hash against a real controller's and against worked examples.

use rollscope_api::{Value, defaults, hash};

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
        let mut template = case["template"].clone();
        defaults::set_template_defaults(&mut template);
        let found = hash::pod_template_hash(&template, None);
        assert_eq!(found, case["hash"], "{template}\n{}", case["defaulted"]);
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
