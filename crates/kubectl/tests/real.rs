//! What a real kubectl v1.36.3 printed over a server that was the simulated cluster: the words of
//! kubectl are the real ones, those of the server are compared elsewhere.
//!
//! The files in `tests/real` hold commands and their outputs. Each command runs in a cluster of its
//! own in which [`FIXTURE`] was applied, where no scheduler and no node acts. Outputs that would
//! show names, times or versions drawn by the cluster are not among them.

use std::collections::BTreeMap;
use std::path::Path;

use rollscope_api::{SimDuration, Timestamp};
use rollscope_kubectl::{Files, Outcome, Output, run};
use rollscope_sim::{Cluster, ClusterOptions, Pace, World};

/// What is applied before each command.
const FIXTURE: [&str; 3] = ["m.yaml", "cm.yaml", "svc.yaml"];
/// As long after the manifests as the recorded commands ran.
const PAUSE: SimDuration = SimDuration::from_millis(700);

struct Folder(BTreeMap<String, String>);

impl Files for Folder {
    fn read(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    fn paths(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

/// A command and what was recorded of it.
struct Case {
    command: String,
    recorded: String,
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Lines `$ command`, then its standard output after `| `, standard error after `! `, and `exit N`.
fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), cases.last_mut()) {
            (Some(command), _) => {
                cases.push(Case { command: command.to_owned(), recorded: String::new() });
            }
            (None, Some(case)) if !line.starts_with('#') => {
                case.recorded += line;
                case.recorded.push('\n');
            }
            _ => {}
        }
    }
    cases
}

/// `--- NAME` and the file's lines, indented by four.
fn files(text: &str) -> Folder {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut name = String::new();
    for line in text.lines() {
        if let Some(next) = line.strip_prefix("--- ") {
            name = next.to_owned();
            files.insert(name.clone(), String::new());
        } else if let (Some(line), Some(file)) = (line.strip_prefix("    "), files.get_mut(&name)) {
            *file += line;
            file.push('\n');
        }
    }
    Folder(files)
}

fn terminal(output: &Output) -> String {
    let mut text = String::new();
    for (mark, stream) in [("|", &output.stdout), ("!", &output.stderr)] {
        for line in stream.split_inclusive('\n') {
            let (line, open) = match line.strip_suffix('\n') {
                Some(line) => (line, ""),
                None => (line, "~"),
            };
            text += &format!("{mark} {line}{open}\n");
        }
    }
    if output.exit != 0 {
        text += &format!("exit {}\n", output.exit);
    }
    text
}

/// Runs a command to its end.
fn output(cluster: &mut Cluster, files: &Folder, command: &str) -> Output {
    let (mut all, mut waiting) = match run(cluster, files, command) {
        Outcome::Done(output) => return output,
        Outcome::Editing(editing) => return editing.so_far,
        Outcome::Waiting(output, waiting) => (output, waiting),
    };
    let until = cluster.now() + SimDuration::from_secs(60);
    while cluster.now() < until {
        cluster.settle();
        let (more, exit) = waiting.poll(cluster, files);
        all.stdout += &more.stdout;
        all.stderr += &more.stderr;
        if let Some(exit) = exit {
            all.exit = exit;
            return all;
        }
        let deadline = waiting.deadline().unwrap_or(until);
        let next = cluster.next_event_at().unwrap_or(deadline).min(deadline).min(until);
        cluster.run_until(next);
    }
    panic!("{command} does not end")
}

#[test]
fn commands_print_what_a_real_kubectl_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real");
    let files = files(&read(&folder.join("files.txt")));
    let start = Timestamp::parse_rfc3339("2026-01-05T09:00:00Z").expect("a time").start();
    let options = ClusterOptions { seed: 1, start, world: World::default(), pace: Pace::Still };
    let mut cluster = Cluster::new(options);
    for name in FIXTURE {
        output(&mut cluster, &files, &format!("apply -f {name}"));
    }
    cluster.settle();
    cluster.run_until(cluster.now() + PAUSE);
    cluster.settle();

    let mut tried = 0;
    let mut wrong = String::new();
    for name in [
        "apply",
        "create",
        "delete",
        "flags",
        "get",
        "label",
        "manifests",
        "other",
        "patch",
        "rollout",
        "scale",
        "set",
        "templates",
        "wait",
    ] {
        let text = read(&folder.join(format!("{name}.txt")));
        let own = self::files(&text);
        let files = if own.0.is_empty() { &files } else { &own };
        for case in cases(&text) {
            let printed = terminal(&output(&mut cluster.clone(), files, &case.command));
            tried += 1;
            if printed != case.recorded {
                wrong += &format!(
                    "{name}.txt: $ {}\nrecorded:\n{}printed:\n{printed}\n",
                    case.command, case.recorded
                );
            }
        }
    }
    assert!(tried > 2_500, "only {tried} commands were tried");
    assert!(wrong.is_empty(), "{wrong}");
}
