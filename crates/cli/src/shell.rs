//! `rollscope shell`: a cluster to type at.

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use rollscope_api::{SimDuration, SimTime};
use rollscope_scenario::script::SPAN_MAX;
use rollscope_scenario::{Input, NodeAction, PodAction, Script, Session, Timeline, share, span};
use rollscope_sim::world::NodeGroup;

use crate::{Failure, files};

const HELP: &str = "\
A simulated cluster to type kubectl commands at.

Usage:
  rollscope shell [--seed N] [SCRIPT | MANIFEST…]

Begins with a script's end, or with manifests that `-f` can name. Commands of the shell itself:
  wait [SPAN]     let time pass: 5s, 1m30s; without a span until nothing more happens
  open FILE       read a file of yours, for `apply -f FILE`
  pods ACTION POD ready, unready, crash, fail, evict or delete: something happens to one pod
  node ACTION NAME add, lose, recover or remove: something happens to one machine
  save FILE       write the session as a script
  help, exit
While a command waits, time passes by itself until it ends.
";

/// The longest that `wait` without a span lets pass.
const REST_MAX: SimDuration = SimDuration::from_secs(3_600);

pub(crate) fn main(arguments: &[String]) -> Result<u8, Failure> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{HELP}");
        return Ok(0);
    }
    let mut shell = Shell::begin(arguments)?;
    let interactive = std::io::stdin().is_terminal();
    let mut lines = std::io::stdin().lock().lines();
    loop {
        if interactive {
            print!("[{}] $ ", span::format(shell.now - shell.timeline.start()));
            std::io::stdout().flush().ok();
        }
        let Some(line) = lines.next() else { break };
        let line = line.map_err(|error| Failure::new(error.to_string()))?;
        if !interactive {
            println!("[{}] $ {line}", span::format(shell.now - shell.timeline.start()));
        }
        match shell.line(line.trim()) {
            Ok(true) => {}
            Ok(false) => break,
            Err(failure) => eprintln!("error: {}", failure.message()),
        }
    }
    Ok(0)
}

struct Shell {
    timeline: Timeline,
    now: SimTime,
    /// Chunks already shown of each command.
    shown: BTreeMap<usize, usize>,
}

impl Shell {
    fn begin(arguments: &[String]) -> Result<Self, Failure> {
        let mut script = Script::default();
        let mut seed = None;
        let mut paths = Vec::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.strip_prefix("--seed") {
                Some(rest) => {
                    let text = rest.strip_prefix('=').map(str::to_owned);
                    let text = text.or_else(|| arguments.next().cloned()).unwrap_or_default();
                    let number = text.parse().map_err(|_| {
                        Failure::new(format!("--seed takes a whole number, not {text:?}"))
                    })?;
                    seed = Some(number);
                }
                None if argument.starts_with('-') => {
                    return Err(Failure::new(format!("unknown option {argument}")));
                }
                None => paths.push(argument.clone()),
            }
        }
        for path in &paths {
            let text = files::read(path)?;
            if text.lines().any(|line| line.starts_with("rollscope:")) {
                if paths.len() > 1 {
                    return Err(Failure::new("a script is given alone"));
                }
                script = files::script(path)?;
            } else {
                script.files.insert(name_of(path), text);
            }
        }
        script.seed = seed.unwrap_or(script.seed);
        let mut timeline = Timeline::new(script);
        let now = timeline.last_input().unwrap_or(timeline.start());
        timeline.state_at(now);
        let mut shell = Self { timeline, now, shown: BTreeMap::new() };
        shell.show();
        Ok(shell)
    }

    /// Does one line. Returns whether to go on.
    fn line(&mut self, line: &str) -> Result<bool, Failure> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "" => {}
            "exit" | "quit" => return Ok(false),
            "help" => print!("{HELP}"),
            "wait" if rest.is_empty() => self.rest(),
            "wait" => {
                let span = span::parse(rest).map_err(Failure::new)?;
                let left = SPAN_MAX - (self.now - self.timeline.start());
                if span > left {
                    let max = span::format(SPAN_MAX);
                    return Err(Failure::new(format!("a session lasts at most {max}")));
                }
                self.now += span;
            }
            "open" => {
                let text = files::read(rest)?;
                self.input(Input::EditFile { name: name_of(rest), text })?;
            }
            "save" => self.save(rest)?,
            "pods" => self.pods(rest)?,
            "node" => self.node(rest)?,
            _ => {
                self.input(Input::Command { line: line.to_owned() })?;
                self.wait_for_foreground();
            }
        }
        self.show();
        Ok(true)
    }

    /// Writes the session as a script that `rollscope run` replays.
    fn save(&self, path: &str) -> Result<(), Failure> {
        if path.is_empty() {
            return Err(Failure::new("save FILE"));
        }
        let text = share::export(self.timeline.script(), None);
        // A file that cannot be read again is worse than none.
        share::import(text.as_bytes()).map_err(|error| Failure::new(error.to_string()))?;
        std::fs::write(path, text).map_err(|error| Failure::new(format!("{path}: {error}")))
    }

    fn input(&mut self, input: Input) -> Result<(), Failure> {
        self.timeline.push_input(self.now, input).map_err(|error| Failure::new(error.to_string()))
    }

    fn pods(&mut self, rest: &str) -> Result<(), Failure> {
        let usage = || Failure::new("pods ready|unready|crash|fail|evict|delete POD");
        let (action, pod) = rest.split_once(' ').ok_or_else(usage)?;
        let action =
            PodAction::ALL.into_iter().find(|one| one.as_str() == action).ok_or_else(usage)?;
        self.input(Input::Pod { pod: pod.trim().to_owned(), action })
    }

    fn node(&mut self, rest: &str) -> Result<(), Failure> {
        let usage = || Failure::new("node add|lose|recover|remove NAME");
        let (action, node) = rest.split_once(' ').ok_or_else(usage)?;
        let action = NodeAction::ALL.into_iter().find(|one| one.as_str() == action);
        let (action, node) = (action.ok_or_else(usage)?, node.trim().to_owned());
        NodeGroup::default()
            .validate_as(&node)
            .map_err(|error| Failure::new(format!("node {}: {}", error.field, error.problem)))?;
        self.input(Input::Node { node, action, machine: None })
    }

    fn session(&mut self) -> &Session {
        self.timeline.state_at(self.now)
    }

    /// Lets time pass until the command in the foreground has ended.
    fn wait_for_foreground(&mut self) {
        let until = self.now + REST_MAX;
        while self.session().foreground().is_some() && self.session().editing().is_none() {
            self.show();
            match self.session().next_event_at() {
                Some(next) if next <= until => self.now = next,
                _ => {
                    eprintln!("(it still waits after {}: interrupted)", span::format(REST_MAX));
                    // The moment is the last one, so this cannot be in the past.
                    let _ = self.timeline.push_input(self.now, Input::Interrupt);
                    return;
                }
            }
        }
        if self.session().editing().is_some() {
            eprintln!("(there is no editor here: `open` a file and apply it)");
            let _ = self.timeline.push_input(self.now, Input::Interrupt);
        }
    }

    /// Lets time pass until nothing changes any more.
    fn rest(&mut self) {
        let until = self.now + REST_MAX;
        self.timeline.state_at(until);
        self.now = self.timeline.last_change().max(self.now);
    }

    /// Shows what commands have printed and has not been shown.
    fn show(&mut self) {
        let transcript = self.session().transcript().clone();
        for (index, entry) in transcript.entries().iter().enumerate() {
            let shown = self.shown.entry(transcript.first() + index).or_default();
            for chunk in &entry.chunks[(*shown).min(entry.chunks.len())..] {
                if chunk.stderr {
                    eprint!("{}", chunk.text);
                } else {
                    print!("{}", chunk.text);
                }
            }
            *shown = entry.chunks.len();
        }
        std::io::stdout().flush().ok();
    }
}

fn name_of(path: &str) -> String {
    let name = Path::new(path).file_name().and_then(|name| name.to_str());
    name.unwrap_or(path).to_owned()
}
