//! `commands.json`: one command each, run against a Deployment that was just created.

use rollscope_api::{SimDuration, Value};

use super::CaseResult;
use super::terminal::{Terminal, recorded};

/// The file every recorded command finds.
const MANIFEST: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: web:1.0
";

/// Commands were run so long after the manifest was applied.
const PAUSE: SimDuration = SimDuration::from_millis(700);

/// Applies the manifest and runs the command.
pub fn check(case: &Value) -> CaseResult {
    let mut result = CaseResult::default();
    let Some(command) = case["command"].as_str() else {
        result.compare("the case names a command", "", "no command");
        return result;
    };
    let mut terminal = Terminal::new(&[("m.yaml", MANIFEST)]);
    terminal.run("apply -f m.yaml");
    terminal.pass(PAUSE);
    let printed = terminal.run(command);
    let recorded = recorded(case);
    result.compare(format!("$ kubectl {command}"), &terminal.same(&recorded), &printed);
    result
}
