//! `rollscope sweep` in a terminal.

#![allow(missing_docs, reason = "a test says what it tests by its name")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sweep(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollscope"));
    command.current_dir(root()).arg("sweep").args(arguments).output().unwrap()
}

#[track_caller]
fn check(arguments: &[&str], code: i32, parts: &[&str]) {
    let output = sweep(arguments);
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{text}");
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
    assert!(!text.contains("prove"), "{text}");
}

#[test]
fn what_goes_wrong_is_counted() {
    let good = "tests/scripts/rollout-and-undo.yaml";
    check(&[good, "--seeds", "5"], 0, &["5 seeds", "Nothing went wrong under these seeds."]);
    let text = std::fs::read_to_string(root().join(good)).unwrap();
    let (head, _) = text.split_once("inputs:").unwrap();
    let line = "kubectl create deployment web --image=web:missing";
    let text = format!("{head}inputs:\n- at: 0s\n  command: {line}\n");
    let bad = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad.yaml");
    std::fs::write(&bad, text).unwrap();
    check(
        &[bad.to_str().unwrap(), "--seeds=3"],
        1,
        &["did not complete            under 3", "worst under seed"],
    );
}

#[test]
fn the_summary_does_not_depend_on_threads() {
    let arguments = ["tests/scripts/recreate.yaml", "--seeds", "12", "--json"];
    let one = sweep(&arguments).stdout;
    let value: serde_json::Value = serde_json::from_slice(&one).unwrap();
    assert_eq!(value["tried"], 12);
    assert_eq!(one, sweep(&arguments).stdout);
}

#[test]
fn none_and_a_million_are_refused() {
    let script = "tests/scripts/recreate.yaml";
    check(&[script, "--seeds", "0"], 2, &["--seeds: ", "from 1 to 10000, not \"0\""]);
    check(&[script, "--seeds", "1000000"], 2, &["from 1 to 10000, not \"1000000\""]);
    check(&[], 2, &["a script is needed"]);
}
