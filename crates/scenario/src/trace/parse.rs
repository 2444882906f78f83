//! Reads trace files, strictly: a line that is not understood names itself.

use std::fmt;

use crate::files::FileSet;

/// A recorded trace.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Its first two lines.
    pub header: Header,
    /// The files that commands may name: path and text, in the recording's order.
    pub files: Vec<(String, String)>,
    /// What was done, and what came of it.
    pub steps: Vec<Step>,
}

/// What the first two lines of a trace say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The trace's name.
    pub name: String,
    /// `v1.36.2`
    pub version: String,
    /// Whether deleted pods stay until they are told to go.
    pub manual_termination: bool,
}

/// One step of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its line in the file, counted from 1.
    pub line: usize,
    #[allow(missing_docs)]
    pub kind: StepKind,
    /// Everything recorded below the step's own line, each line with its newline. A node action's
    /// comment with the number of pods is the first line here.
    pub recorded: String,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// `$ kubectl …`
    Command(String),
    /// `@ ready revision=new count=1`, without its comment.
    Nodes(String),
}

impl Step {
    /// The step's own line, without the comment of a node action.
    pub fn title(&self) -> String {
        match &self.kind {
            StepKind::Command(line) => format!("$ {line}"),
            StepKind::Nodes(action) => format!("@ {action}"),
        }
    }
}

/// Why a trace could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceError {
    /// Counted from 1.
    pub line: usize,
    #[allow(missing_docs)]
    pub message: String,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for TraceError {}

fn error<T>(line: usize, message: impl Into<String>) -> Result<T, TraceError> {
    Err(TraceError { line, message: message.into() })
}

impl Trace {
    /// The trace's files as a session holds them.
    pub fn file_set(&self) -> FileSet {
        let mut files = FileSet::default();
        for (path, text) in &self.files {
            files.set(path, text);
        }
        files
    }

    /// Reads a trace.
    ///
    /// # Errors
    /// The first line that is no part of the format, and traces that stop too early.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        if !text.is_empty() && !text.ends_with('\n') {
            return error(
                text.lines().count(),
                "the file ends in the middle of a line: it is truncated",
            );
        }
        let lines: Vec<&str> = text.lines().collect();
        let mut trace = Self { header: header(&lines)?, ..Self::default() };
        let mut at = 2;
        while let Some(path) = lines.get(at).and_then(|line| line.strip_prefix("--- ")) {
            let (file, next) = indented(&lines, at + 1);
            if path.is_empty() || file.is_empty() {
                return error(at + 1, "a file needs a name and content");
            }
            trace.files.push((path.to_owned(), file));
            at = next;
        }
        while at < lines.len() {
            if !lines[at].is_empty() {
                return error(at + 1, format!("expected a blank line, found {:?}", lines[at]));
            }
            let (step, next) = step(&lines, at + 1)?;
            trace.steps.push(step);
            at = next;
        }
        if trace.steps.is_empty() {
            return error(lines.len().max(1), "the trace has no steps: it is truncated");
        }
        Ok(trace)
    }
}

fn header(lines: &[&str]) -> Result<Header, TraceError> {
    let Some(name) = lines.first().and_then(|line| line.strip_prefix("# ")) else {
        return error(1, "not a trace: the first line must be `# NAME`");
    };
    let second = lines.get(1).copied().unwrap_or_default();
    let Some((version, termination)) =
        second.strip_prefix("# kubernetes ").and_then(|rest| rest.split_once("; termination "))
    else {
        return error(2, "expected `# kubernetes VERSION; termination auto|manual`");
    };
    let manual_termination = match termination {
        "auto" => false,
        "manual" => true,
        other => return error(2, format!("unknown termination {other:?}: auto or manual")),
    };
    Ok(Header { name: name.to_owned(), version: version.to_owned(), manual_termination })
}

/// The lines indented by four from `at` on, and the first line that is not.
/// A blank line belongs to the file where an indented one follows.
fn indented(lines: &[&str], mut at: usize) -> (String, usize) {
    let mut text = String::new();
    while at < lines.len() {
        if let Some(content) = lines[at].strip_prefix("    ") {
            text.push_str(content);
        } else if !lines[at].is_empty()
            || !lines.get(at + 1).is_some_and(|next| next.starts_with("    "))
        {
            break;
        }
        text.push('\n');
        at += 1;
    }
    (text, at)
}

/// What the lines below a step begin with.
const RECORDED: [&str; 8] =
    ["| ", "! ", "exit ", "deployment ", "replicaset ", "event ", "  condition ", "  annotation "];

fn step(lines: &[&str], start: usize) -> Result<(Step, usize), TraceError> {
    let Some(first) = lines.get(start) else {
        return error(start, "expected a step after the blank line: the trace is truncated");
    };
    let mut recorded = String::new();
    let kind = if let Some(command) = first.strip_prefix("$ ") {
        if command != "kubectl" && !command.starts_with("kubectl ") {
            return error(start + 1, format!("unknown command {command:?}: only kubectl is run"));
        }
        StepKind::Command(command.to_owned())
    } else if let Some(action) = first.strip_prefix("@ ") {
        let (action, comment) = action.split_once('#').unwrap_or((action, ""));
        if !comment.is_empty() {
            recorded.push_str(&format!("#{comment}\n"));
        }
        let action = action.trim_end();
        if let Err(message) = super::parse_action(action, "") {
            return error(start + 1, message);
        }
        StepKind::Nodes(action.to_owned())
    } else {
        return error(start + 1, format!("unknown step {first:?}: a step begins with `$` or `@`"));
    };
    let mut at = start + 1;
    while at < lines.len() && !lines[at].is_empty() {
        let line = lines[at];
        let known = RECORDED.iter().any(|prefix| line.starts_with(prefix));
        if !known && !matches!(line, "|" | "!" | "nothing left") {
            return error(at + 1, format!("{line:?} is no part of the trace format"));
        }
        recorded.push_str(line);
        recorded.push('\n');
        at += 1;
    }
    Ok((Step { line: start + 1, kind, recorded }, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    const HEADER: &str = "# t\n# kubernetes v1.36.2; termination auto\n";

    fn check(text: &str, expected: Expect) {
        let found = match Trace::parse(text) {
            Ok(trace) => format!("{trace:#?}\n"),
            Err(error) => format!("{error}\n"),
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn a_trace_is_read() {
        let body = "--- a.yaml\n    a: 1\n\n    b: 2\n\n$ kubectl get rs\n| NAME\nexit 1\n\n@ ready count=1  # 1 pods\n";
        check(
            &format!("{HEADER}{body}"),
            expect![[r##"
                Trace {
                    header: Header {
                        name: "t",
                        version: "v1.36.2",
                        manual_termination: false,
                    },
                    files: [
                        (
                            "a.yaml",
                            "a: 1\n\nb: 2\n",
                        ),
                    ],
                    steps: [
                        Step {
                            line: 8,
                            kind: Command(
                                "kubectl get rs",
                            ),
                            recorded: "| NAME\nexit 1\n",
                        },
                        Step {
                            line: 12,
                            kind: Nodes(
                                "ready count=1",
                            ),
                            recorded: "# 1 pods\n",
                        },
                    ],
                }
            "##]],
        );
    }

    #[test]
    fn wrong_traces_name_their_line() {
        check("", expect![["line 1: not a trace: the first line must be `# NAME`\n"]]);
        check(HEADER, expect![["line 2: the trace has no steps: it is truncated\n"]]);
        check(
            &format!("{HEADER}\n$ kubectl get rs\n| NA"),
            expect![["line 5: the file ends in the middle of a line: it is truncated\n"]],
        );
        check(
            &format!("{HEADER}\n@ dance\n"),
            expect![[
                "line 4: unknown action \"dance\": ready, unready, crash, fail, delete-pods, terminate or wait\n"
            ]],
        );
        check(
            &format!("{HEADER}\n$ rm -rf /\n"),
            expect![["line 4: unknown command \"rm -rf /\": only kubectl is run\n"]],
        );
        check(
            &format!("{HEADER}\n$ kubectl get rs\nNAME\n"),
            expect![["line 5: \"NAME\" is no part of the trace format\n"]],
        );
    }
}
