//! A session typed into the shell and saved is a script that runs to the same bytes.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn rollscope(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rollscope"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rollscope runs");
    child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

const MANIFEST: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: web:1.0
";

#[test]
fn a_saved_session_runs_to_the_same_bytes() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (manifest, saved) = (folder.join("web.yaml"), folder.join("saved.yaml"));
    std::fs::write(&manifest, MANIFEST).expect("it can be written");
    let (manifest, saved) = (manifest.display().to_string(), saved.display().to_string());
    let typed = format!(
        "apply -f web.yaml\nrollout status deployment/web\nset image deployment/web web=web:2.0\n\
         rollout status deployment/web\nopen {manifest}\napply -f web.yaml\nwait 5s\nget pods\n\
         edit deployment web\nnode lose node-1\nwait 70s\nget nodes\nnode recover node-1\n\
         node lose Node-1\nnode dance node-1\nwait 9999h\nget deployments\nsave {saved}\nexit\n"
    );
    let shell = rollscope(&["shell", &manifest], &typed);
    let shown = stdout(&shell);
    let errors = String::from_utf8_lossy(&shell.stderr).into_owned();
    assert!(errors.contains("a session lasts at most"), "{errors}");
    assert!(errors.contains("no editor"), "{errors}");
    assert!(errors.contains("node name: \"Node-1\" is no name"), "{errors}");
    assert!(errors.contains("node add|lose|recover|remove NAME"), "{errors}");
    assert_eq!(shown.matches("NotReady").count(), 1, "{shown}");

    // What the shell showed is what the script shows, but for the prompts and the times.
    let ran = rollscope(&["run", &saved], "");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let printed = |text: &str| -> Vec<String> {
        let lines = text.lines().take_while(|line| !line.ends_with("] the end"));
        lines.filter(|line| !line.starts_with('[')).map(str::to_owned).collect()
    };
    let ran = stdout(&ran);
    let (ran, shown) = (printed(&ran), printed(&shown));
    assert!(shown.iter().any(|line| line.contains("successfully rolled out")), "{shown:?}");
    assert_eq!(shown, ran);

    let trace = || stdout(&rollscope(&["run", "--trace", &saved], ""));
    let first = trace();
    assert!(first.contains("> set image"), "{first}");
    assert_eq!(first, trace());
    // Opened in the shell again, it goes on and is saved as the same script.
    let again = folder.join("again.yaml").display().to_string();
    rollscope(&["shell", &saved], &format!("save {again}\n"));
    let read = |path: &str| std::fs::read_to_string(path).expect("it was saved");
    assert_eq!(read(&saved), read(&again));
}

#[test]
fn mistakes_in_a_script_name_file_and_line() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join("wrong.yaml").display().to_string();
    std::fs::write(&path, "rollscope: 1\ninputs:\n- command: get pods\n  at: soon\n")
        .expect("it can be written");
    let output = rollscope(&["run", &path], "");
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.contains("wrong.yaml:4: "), "{errors}");
}
