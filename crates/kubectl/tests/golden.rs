//! Outputs of a real kubectl (v1.36.3, over a server that held these objects) against ours.

use std::path::{Path, PathBuf};

use rollscope_kubectl::output::{Format, Offer, list, sort_by, to_json, to_yaml};
use serde_json::Value;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(golden(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn check(name: &str, print: fn(&Value) -> String, expected: &str) {
    let object: Value = serde_json::from_str(&read(&format!("{name}.json"))).expect("JSON");
    expect_test::expect_file![golden(expected)].assert_eq(&print(&object));
}

#[test]
fn strings_as_yaml() {
    check("strings", to_yaml, "strings.yaml");
}

#[test]
fn strings_as_json() {
    check("strings", to_json, "strings.out.json");
}

#[test]
fn empty_lists_and_numbers_as_yaml() {
    check("empty", to_yaml, "empty.yaml");
}

#[test]
fn empty_lists_and_numbers_as_json() {
    check("empty", to_json, "empty.out.json");
}

/// Prints the recorded pods as `kubectl get pods ARGS` does; stderr is what follows the tilde.
fn get_pods(pods: &[Value], args: &[&str]) -> String {
    let mut pods = pods.to_vec();
    let mut output = "";
    let mut headers = true;
    let mut args = args.iter();
    let mut error = None;
    while let Some(arg) = args.next() {
        match *arg {
            "-o" => output = args.next().expect("a value of -o"),
            "--no-headers" => headers = false,
            arg => {
                let field = arg.strip_prefix("--sort-by=").expect("a known flag");
                error = sort_by(&mut pods, field).err().map(|error| error.to_string());
            }
        }
    }
    let mut stdout = String::new();
    let result = match error {
        Some(error) => Err(error),
        None => Format::parse(output, None, Offer::Get)
            .and_then(|format| format.print_into(&list(pods), headers, &mut stdout)),
    };
    match result {
        Ok(()) => format!("{stdout}~"),
        Err(error) => {
            let end = if error.ends_with('\n') { "" } else { "\n" };
            format!("{stdout}~error: {error}{end}")
        }
    }
}

#[test]
fn templates_columns_and_sorting() {
    let recorded: Value = serde_json::from_str(&read("outputs.json")).expect("JSON");
    let pods = recorded["pods"].as_array().expect("pods");
    let cases = recorded["cases"].as_array().expect("cases");
    assert!(cases.len() > 100, "{} cases", cases.len());
    for case in cases {
        let args: Vec<&str> =
            case["args"].as_array().expect("args").iter().filter_map(Value::as_str).collect();
        let text = |field: &str| case[field].as_str().expect("text");
        let expected = format!("{}~{}", text("stdout"), text("stderr"));
        assert_eq!(get_pods(pods, &args), expected, "get pods {args:?}");
    }
}
