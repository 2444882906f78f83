//! The verbs against a simulated cluster: scripts in, transcripts out.
//!
//! A script's lines: `$ command`, `+ 30s` (time passes), `edit OLD -> NEW` (in the open editor),
//! `tab LINE` (what completion offers), `file NAME` with its text on the indented lines below.
//! Lines of standard error are marked `! `, exit codes other than 0 `exit N`.

mod anything;
mod applying;
mod chains;
mod completing;
mod creating;
mod deleting;
mod editing;
mod reading;
mod rollouts;
mod setting;
mod usage;
mod waits;

use std::collections::BTreeMap;

use expect_test::Expect;
use rollscope_api::{SimDuration, SimTime, Timestamp};
use rollscope_kubectl::{Completion, Editing, Files, Outcome, Output, Waiting, complete, run};
use rollscope_sim::{Cluster, ClusterOptions, Pace, World};

/// Three pods of web:1.0.
const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
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
      terminationGracePeriodSeconds: 5
      containers:
        - name: web
          image: web:1.0
          ports:
            - containerPort: 8080
";

/// Runs a script in a cluster of its own and compares what the terminal shows.
fn check(script: &str, expected: Expect) {
    let mut terminal = Terminal::new();
    terminal.script(script);
    expected.assert_eq(&terminal.text);
}

/// The same, with `web.yaml` applied and rolled out before.
fn check_web(script: &str, expected: Expect) {
    let mut terminal = Terminal::new();
    terminal.script("$ apply -f web.yaml\n+ 60s");
    terminal.text.clear();
    terminal.script(script);
    expected.assert_eq(&terminal.text);
}

#[derive(Default)]
struct Desk(BTreeMap<String, String>);

impl Files for Desk {
    fn read(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    fn paths(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

struct Terminal {
    cluster: Cluster,
    files: Desk,
    waiting: Option<Waiting>,
    editing: Option<Editing>,
    text: String,
}

impl Terminal {
    fn new() -> Self {
        let start = Timestamp::parse_rfc3339("2026-01-05T09:00:00Z").expect("a time").start();
        let options = ClusterOptions { seed: 7, start, world: World::default(), pace: Pace::Live };
        let mut files = Desk::default();
        files.0.insert("web.yaml".into(), WEB.into());
        files.0.insert("web2.yaml".into(), WEB.replace("web:1.0", "web:2.0"));
        Self {
            cluster: Cluster::new(options),
            files,
            waiting: None,
            editing: None,
            text: String::new(),
        }
    }

    fn script(&mut self, script: &str) {
        let mut lines = script.lines().peekable();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("file ") {
                let mut text = String::new();
                while let Some(line) = lines.next_if(|line| line.starts_with("  ")) {
                    text.push_str(&line[2..]);
                    text.push('\n');
                }
                self.files.0.insert(name.to_owned(), text);
                continue;
            }
            if !line.trim().is_empty() {
                self.line(line);
            }
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        if let Some(command) = line.strip_prefix("$ ") {
            self.waiting = None;
            let outcome = run(&mut self.cluster, &self.files, command);
            self.take(outcome);
        } else if let Some(span) = line.strip_prefix("+ ") {
            let seconds = span.trim_end_matches('s').parse().expect("seconds");
            self.pass(SimDuration::from_secs(seconds));
        } else if let Some(change) = line.strip_prefix("edit ") {
            let editing = self.editing.take().expect("an open editor");
            let (old, new) = change.split_once(" -> ").expect("OLD -> NEW");
            assert!(editing.text.contains(old), "{}", editing.text);
            let edited = editing.text.replace(old, new);
            let outcome = editing.finish(&mut self.cluster, &self.files, &edited);
            self.take(outcome);
        } else if let Some(line) = line.strip_prefix("tab ") {
            let line = line.trim_end_matches('|');
            for Completion { text, start, note } in
                complete(&mut self.cluster, &self.files, line, line.len())
            {
                self.text.push_str(&format!("{}{text}  ({note})\n", " ".repeat(start + 4)));
            }
        } else {
            panic!("{line}");
        }
    }

    fn take(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Done(output) => self.print(&output, Some(output.exit)),
            Outcome::Waiting(output, waiting) => {
                self.print(&output, None);
                self.waiting = Some(waiting);
            }
            Outcome::Editing(editing) => {
                self.print(&editing.so_far, None);
                for line in editing.text.lines().filter(|line| line.starts_with("# ")) {
                    self.text.push_str(&format!("  {line}\n"));
                }
                self.editing = Some(editing);
            }
        }
    }

    fn print(&mut self, output: &Output, exit: Option<i32>) {
        self.text.push_str(&output.stdout);
        for line in output.stderr.lines() {
            self.text.push_str(&format!("! {line}\n"));
        }
        if let Some(exit) = exit.filter(|exit| *exit != 0) {
            self.text.push_str(&format!("exit {exit}\n"));
        }
    }

    /// Time passes; the command that waits looks at everything that happens.
    fn pass(&mut self, span: SimDuration) {
        let end: SimTime = self.cluster.now() + span;
        loop {
            let deadline = self.waiting.as_ref().and_then(Waiting::deadline);
            let next = match (self.cluster.next_event_at(), deadline) {
                (Some(event), Some(deadline)) => Some(event.min(deadline)),
                (event, deadline) => event.or(deadline),
            };
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.cluster.run_until(next);
            let Some(mut waiting) = self.waiting.take() else { continue };
            let (output, exit) = waiting.poll(&mut self.cluster, &self.files);
            self.print(&output, exit);
            if exit.is_none() {
                self.waiting = Some(waiting);
            }
        }
        self.cluster.run_until(end);
    }
}
