//! What `rollscope conform` says to recordings it cannot read: the file, the line, an exit code,
//! and never a case that counts as passed.

use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::{Expect, expect};

/// A folder of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conform-input").join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn with(self, file: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, content).expect("it can be written");
        self
    }

    /// Runs `conform` over the folder with these options.
    fn check(&self, options: &[&str], exit: i32, expected: Expect) {
        let output = Command::new(env!("CARGO_BIN_EXE_rollscope"))
            .arg("conform")
            .args(options)
            .arg(&self.0)
            .output()
            .expect("rollscope runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).expect("UTF-8");
        let folder = self.0.display().to_string();
        expected.assert_eq(&text.replace(&folder, "DIR"));
        assert_eq!(output.status.code(), Some(exit));
    }
}

fn recording(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/recordings");
    std::fs::read_to_string(folder.join(name)).expect("a recording")
}

/// The first `lines` lines of a recorded trace.
fn cut(lines: usize) -> String {
    recording("traces/restart.trace").lines().take(lines).map(|line| format!("{line}\n")).collect()
}

const COMMAND: &str = r#"{"command": "get rs -l a=b", "stdout": "", "stderr": "No resources found in default namespace.\n", "exit": 0}"#;

#[test]
fn a_whole_recording_passes() {
    Folder::new("whole").with("a.trace", recording("traces/restart.trace")).check(
        &[],
        0,
        expect![[r#"
            traces: 1/1  steps: 7/7
        "#]],
    );
}

#[test]
fn a_trace_that_stops_in_a_line() {
    let text = cut(40);
    let text = &text[..text.len() - 5];
    Folder::new("in-a-line").with("a.trace", text).check(
        &[],
        2,
        expect![[r#"
        error: DIR/a.trace:40: the file ends in the middle of a line: it is truncated

        traces: 0/1  steps: 0/0
        unreadable: 1
    "#]],
    );
}

#[test]
fn a_trace_that_stops_before_its_first_step() {
    Folder::new("no-step").with("a.trace", cut(8)).check(
        &[],
        2,
        expect![[r#"
        error: DIR/a.trace:8: the trace has no steps: it is truncated

        traces: 0/1  steps: 0/0
        unreadable: 1
    "#]],
    );
}

#[test]
fn a_trace_that_stops_behind_a_blank_line() {
    let text = cut(60);
    let end = text.rfind("\n\n").expect("a step") + 2;
    Folder::new("blank").with("a.trace", &text[..end]).check(
        &[],
        2,
        expect![[r#"
        error: DIR/a.trace:57: expected a step after the blank line: the trace is truncated

        traces: 0/1  steps: 0/0
        unreadable: 1
    "#]],
    );
}

#[test]
fn a_trace_that_stops_in_a_state_differs() {
    let text = cut(200);
    let end = text.find("\nreplicaset ").expect("a state") + 1;
    Folder::new("state").with("a.trace", &text[..end]).check(&[], 1, expect![[r#"
        FAILED traces a (DIR/a.trace:22)
          $ kubectl apply -f web.yaml
              …
                condition Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.
                condition Progressing=True ReplicaSetUpdated: ReplicaSet "web-84c54799fc" is progressing.
            + replicaset web-84c54799fc revision=1 desired=3 max=4 spec=3 replicas=3 ready=0 available=0 terminating=0 pods=pending:3 images=web:1.0
            + event Deployment/web Normal ScalingReplicaSet: Scaled up replica set web-84c54799fc from 0 to 3
            + event ReplicaSet/web-84c54799fc Normal SuccessfulCreate: Created pod: web-84c54799fc-* (x3)

        traces: 0/1  steps: 0/1
    "#]]);
}

#[test]
fn an_unknown_step() {
    let whole = recording("traces/restart.trace");
    let at = whole.find("@ ready").expect("a step");
    let text = format!("{}@ explode{}", &whole[..at], &whole[at + 7..]);
    Folder::new("step").with("a.trace", text).check(&[], 2, expect![[r#"
        error: DIR/a.trace:31: unknown action "explode": ready, unready, crash, fail, delete-pods, terminate or wait

        traces: 0/1  steps: 0/0
        unreadable: 1
    "#]]);
    let text = whole.replacen("$ kubectl rollout", "$ helm rollout", 1);
    Folder::new("step-command").with("a.trace", text).check(&[], 2, expect![[r#"
        error: DIR/a.trace:37: unknown command "helm rollout restart deployment/web": only kubectl is run

        traces: 0/1  steps: 0/0
        unreadable: 1
    "#]]);
    let text = whole.replacen("$ kubectl rollout", "% kubectl rollout", 1);
    Folder::new("step-sign").with("a.trace", text).check(&[], 2, expect![[r#"
        error: DIR/a.trace:37: unknown step "% kubectl rollout restart deployment/web": a step begins with `$` or `@`

        traces: 0/1  steps: 0/0
        unreadable: 1
    "#]]);
}

#[test]
fn files_of_the_wrong_kind() {
    Folder::new("kind")
        .with("a.trace", "[]\n")
        .with("b.json", "# a\n")
        .with("c.txt", "hello\n")
        .with("d.yaml", "a: b\n")
        .with("e.json", format!("[{COMMAND},\n{{\"surprise\": 1}}]\n"))
        .with("f.json", "{}\n")
        .check(&[], 2, expect![[r#"
            error: DIR/a.trace:1: not a trace: the first line must be `# NAME`
            error: DIR/b.json:1: not a recording: a list of cases must begin with `[`
            error: DIR/c.txt:1: not a kubelet recording: the first line must be `# NAME; Kubernetes … kubelet, …`
            error: DIR/d.yaml: not a recording: .trace, .json and .txt files are read
            error: DIR/e.json:2: no known kind of case has the fields surprise
            error: DIR/f.json:1: not a recording: a list of cases must begin with `[`

            traces: 0/1  steps: 0/0
            commands: 1/1
            unreadable: 6
        "#]]);
}

#[test]
fn json_is_told_by_its_fields_whatever_its_name() {
    Folder::new("name").with("whatever.json", format!("[{COMMAND}]\n")).check(
        &[],
        0,
        expect![[r#"
            commands: 1/1
        "#]],
    );
    let wrong = COMMAND.replace("\"exit\": 0", "\"exit\": 0, \"extra\": 1");
    Folder::new("field").with("commands.json", format!("[{wrong}]\n")).check(
        &[],
        2,
        expect![[r#"
        error: DIR/commands.json:1: a case of kind commands has no field "extra"

        unreadable: 1
    "#]],
    );
}

#[test]
fn a_truncated_list() {
    Folder::new("list").with("a.json", format!("[\n{COMMAND},\n{{\"comm")).check(
        &[],
        2,
        expect![[r#"
            error: DIR/a.json:3: the list does not end: the file is truncated

            unreadable: 1
        "#]],
    );
}

#[test]
fn an_empty_folder_and_one_that_is_not_there() {
    Folder::new("empty").check(
        &[],
        2,
        expect![[r#"
        error: DIR: there is no recording in this folder
    "#]],
    );
    Folder::new("documents").with("README.md", "nothing\n").check(
        &[],
        2,
        expect![[r#"
        error: DIR: there is no recording in this folder
    "#]],
    );
    let folder = Folder::new("gone");
    std::fs::remove_dir(&folder.0).expect("it is empty");
    folder.check(
        &[],
        2,
        expect![[r#"
        error: DIR: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn files_that_cannot_be_read() {
    let folder = Folder::new("unreadable").with("a.trace", b"# a\n# kubernetes \xff\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", folder.0.join("b.trace")).expect("a link");
    folder.check(
        &[],
        2,
        expect![[r#"
        error: DIR/a.trace:2: not a text in UTF-8
        error: DIR/b.trace: No such file or directory (os error 2)

        traces: 0/2  steps: 0/0
        unreadable: 2
    "#]],
    );
}

#[test]
fn a_kubelet_recording_needs_its_manifest() {
    let life = recording("kubelet/start.txt");
    Folder::new("kubelet").with("kubelet/start.txt", &life).check(
        &[],
        2,
        expect![[r#"
        error: DIR/kubelet/start.txt:1: there is no manifests.json beside it, which it needs

        unreadable: 1
    "#]],
    );
    Folder::new("kubelet-other")
        .with("kubelet/start.txt", &life)
        .with("kubelet/manifests.json", "{\"other\": {}}\n")
        .check(
            &[],
            2,
            expect![[r#"
            error: DIR/kubelet/start.txt:1: manifests.json holds no manifest "start"

            unreadable: 1
        "#]],
        );
    let manifests = recording("kubelet/manifests.json");
    let broken = life.replacen(" pod web", " cat web", 1);
    Folder::new("kubelet-line")
        .with("kubelet/start.txt", broken)
        .with("kubelet/manifests.json", &manifests)
        .check(
            &[],
            1,
            expect![[r#"
            FAILED kubelet start (DIR/kubelet/start.txt:1)
              the recording can be read
                + line 2 cannot be read:     0.0 cat web-84c54799fc-a phase=Pending | conditions 

            kubelet: 0/1
        "#]],
        );
    Folder::new("kubelet-cut")
        .with("kubelet/start.txt", &life[..life.len() - 30])
        .with("kubelet/manifests.json", manifests)
        .check(
            &[],
            2,
            expect![[r#"
            error: DIR/kubelet/start.txt:13: the recording is truncated

            unreadable: 1
        "#]],
        );
}

/// A list of cases is read even where kubelet recordings lie beside it.
#[test]
fn no_list_of_manifests_is_passed_over() {
    Folder::new("beside")
        .with("manifests.json", "[{\"name\": \"a\"}]\n")
        .with("start.txt", recording("kubelet/start.txt"))
        .check(
            &[],
            2,
            expect![[r#"
            error: DIR/manifests.json:1: no known kind of case has the fields name
            error: DIR/start.txt:1: manifests.json holds no manifest "start"

            unreadable: 2
        "#]],
        );
}

#[test]
fn what_was_read_is_run_all_the_same() {
    Folder::new("both")
        .with("a.trace", recording("traces/restart.trace"))
        .with("b.trace", "# b\n")
        .check(
            &[],
            2,
            expect![[r#"
            error: DIR/b.trace:2: expected `# kubernetes VERSION; termination auto|manual`

            traces: 1/2  steps: 7/7
            unreadable: 1
        "#]],
        );
}

#[test]
fn lists_and_tables_tell_what_could_not_be_read() {
    let folder = Folder::new("list-errors")
        .with("a.json", format!("[{COMMAND}]\n"))
        .with("b.trace", "# b\n");
    folder.check(
        &["--list"],
        2,
        expect![[r#"
        commands/get rs -l a=b
        rollscope: DIR/b.trace:2: expected `# kubernetes VERSION; termination auto|manual`
    "#]],
    );
    folder.check(
        &["--markdown", "--known", "/dev/null"],
        2,
        expect![[r#"
        | recordings | agree | of |
        |---|---:|---:|
        | traces | 0 | 1 |
        | their steps | 0 | 0 |
        | commands | 1 | 1 |

        Known failures:

        * none
        rollscope: DIR/b.trace:2: expected `# kubernetes VERSION; termination auto|manual`
    "#]],
    );
    folder.check(
        &["--case", "nowhere"],
        2,
        expect![[r#"
        error: DIR/b.trace:2: expected `# kubernetes VERSION; termination auto|manual`

        traces: 0/1  steps: 0/0
        unreadable: 1
    "#]],
    );
}
