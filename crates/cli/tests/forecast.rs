//! `rollscope forecast` in a terminal: what it prints, and its exit codes.

#![allow(missing_docs, reason = "a test says what it tests by its name")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const LIVE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: prod}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: 'web:1.0', resources: {requests: {cpu: '1'}}}
";

/// A folder of its own with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    folder
}

fn forecast(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollscope"));
    command.current_dir(folder).arg("forecast").args(arguments.split_whitespace());
    command.output().unwrap()
}

#[track_caller]
fn check(output: &Output, code: i32, parts: &[&str]) {
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{text}");
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
}

#[test]
fn a_rollout_that_completes_and_one_without_room() {
    let new = LIVE.replace("web:1.0", "web:2.0");
    let world = "nodes: [{count: 1, cpu: '3'}]\n";
    let folder = folder("forecast", &[("live.yaml", LIVE), ("new.yaml", &new), ("w.yaml", world)]);
    let arguments = "-f new.yaml --from live.yaml --seeds 3";
    check(
        &forecast(&folder, arguments),
        0,
        &[
            "web: new revision 2, ReplicaSet web-",
            "spec.template.spec.containers[name=web].image: web:1.0 → web:2.0",
            "(3 seeds)",
            "It completes.",
        ],
    );
    let full = forecast(&folder, &format!("{arguments} --world w.yaml"));
    check(&full, 1, &["0/1 nodes are available: 1 Insufficient cpu.", "It cannot complete."]);
    let json = forecast(&folder, &format!("{arguments} --json"));
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(value["verdict"], "completes");
    assert_eq!(value["subject"]["revision"]["kind"], "new");
    assert_eq!(value["outcome"]["peakPods"]["own"], 4);
    assert_eq!(value["outcome"]["lowestAvailable"]["own"], 3);
}

#[test]
fn what_is_wrong_is_said_and_the_code_is_2() {
    let invalid = LIVE.replace("replicas: 3", "replicas: -3");
    let world = "nodes: [{count: 1, cpus: '3'}]\n";
    let folder =
        folder("forecast-wrong", &[("live.yaml", LIVE), ("new.yaml", &invalid), ("w.yaml", world)]);
    let refused = forecast(&folder, "-f new.yaml --from live.yaml");
    check(&refused, 2, &["spec.replicas", "new.yaml:5:13: ", "-3"]);
    check(&forecast(&folder, "--from live.yaml"), 2, &["-f NEW.yaml is needed"]);
    check(&forecast(&folder, "-f live.yaml --from new.yaml"), 2, &["new.yaml: ", "spec.replicas"]);
    check(&forecast(&folder, "-f live.yaml --seeds 0"), 2, &["from 1 to 1000, not \"0\""]);
    check(&forecast(&folder, "-f live.yaml --world w.yaml"), 2, &["w.yaml:1: ", "cpus"]);
    check(&forecast(&folder, "-f nothing.yaml"), 2, &["nothing.yaml: "]);
}
