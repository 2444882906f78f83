//! What a run of many cases came to: differences, closing lines, exit code.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Case, CaseResult, Kind, KnownFailures, LoadError, diff};

/// Gathers results and words them. Cases are to be added in the order of their files.
#[derive(Clone, Debug, Default)]
pub struct Report {
    text: String,
    tallies: BTreeMap<Kind, Tally>,
    errors: usize,
    failures: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    passed: usize,
    total: usize,
    steps_passed: usize,
    steps: usize,
    known: usize,
}

impl Report {
    /// Adds a file or case that could not be read.
    pub fn add_error(&mut self, error: &LoadError) {
        self.errors += 1;
        // A trace file is one case: it is counted, though it cannot have passed.
        if error.file.ends_with(".trace") {
            self.tallies.entry(Kind::Traces).or_default().total += 1;
        }
        let _ = writeln!(self.text, "error: {error}");
    }

    /// Adds a case that was run.
    pub fn add(&mut self, case: &Case, result: &CaseResult, known: &KnownFailures) {
        let tally = self.tallies.entry(case.kind).or_default();
        tally.steps += result.steps.len();
        tally.steps_passed += result.steps_passed();
        // A case of the printers holds many outputs, each a thing of its own.
        let each_step = case.kind == Kind::Printers && !result.steps.is_empty();
        tally.total += if each_step { result.steps.len() } else { 1 };
        tally.passed +=
            if each_step { result.steps_passed() } else { usize::from(result.passed()) };
        match (result.passed(), known.reason(case)) {
            (true, None) => {}
            (true, Some(reason)) => {
                self.failures += 1;
                let _ = writeln!(
                    self.text,
                    "UNEXPECTED PASS {} {} ({}:{})\n  it is listed as a known failure ({reason}): \
                     take it off the list",
                    case.kind, case.name, case.file, case.line
                );
            }
            (false, Some(reason)) => {
                tally.known += 1;
                let _ = writeln!(self.text, "known failure {} {}: {reason}", case.kind, case.name);
            }
            (false, None) => {
                self.failures += 1;
                self.text.push_str(&describe_failure(case, result));
            }
        }
    }

    /// Everything that went wrong, then the closing lines.
    pub fn text(&self) -> String {
        let mut text = self.text.clone();
        if !text.is_empty() {
            text.push('\n');
        }
        for (kind, tally) in &self.tallies {
            let _ = match kind {
                Kind::Traces => write!(
                    text,
                    "traces: {}/{}  steps: {}/{}",
                    tally.passed, tally.total, tally.steps_passed, tally.steps
                ),
                kind => write!(text, "{kind}: {}/{}", tally.passed, tally.total),
            };
            let _ = match tally.known {
                0 => writeln!(text),
                known => writeln!(text, "  ({known} known)"),
            };
        }
        if self.errors > 0 {
            let _ = writeln!(text, "unreadable: {}", self.errors);
        }
        text
    }

    /// The result as Markdown: a table by kind, and the known failures with their reasons.
    pub fn markdown(&self, known: &KnownFailures) -> String {
        let mut text = String::from("| recordings | agree | of |\n|---|---:|---:|\n");
        for (kind, tally) in &self.tallies {
            let _ = writeln!(text, "| {kind} | {} | {} |", tally.passed, tally.total);
            if *kind == Kind::Traces {
                let _ =
                    writeln!(text, "| their steps | {} | {} |", tally.steps_passed, tally.steps);
            }
        }
        text.push_str("\nKnown failures:\n\n");
        let mut none = true;
        for (kind, name, reason) in known.iter() {
            none = false;
            let _ = writeln!(text, "* `{kind}/{name}`: {reason}");
        }
        if none {
            text.push_str("* none\n");
        }
        text
    }

    /// Cases of this kind that passed, and all of them.
    pub fn tally(&self, kind: Kind) -> (usize, usize) {
        self.tallies.get(&kind).map_or((0, 0), |tally| (tally.passed, tally.total))
    }

    /// 0 where everything read agreed, 1 where something differed, 2 where something could not be
    /// read or nothing was there.
    pub fn exit(&self) -> i32 {
        let cases: usize = self.tallies.values().map(|tally| tally.total).sum();
        match (self.errors, self.failures, cases) {
            (0, 0, 1..) => 0,
            (0, 1.., _) => 1,
            _ => 2,
        }
    }
}

/// The first difference of a failed case: where it is, the step it belongs to, and a small diff.
pub fn describe_failure(case: &Case, result: &CaseResult) -> String {
    let Some(step) = result.first_difference() else {
        return format!(
            "FAILED {} {} ({}:{})\n  it was not run\n",
            case.kind, case.name, case.file, case.line
        );
    };
    let line = if step.line > 0 { step.line } else { case.line };
    let mut text = format!("FAILED {} {} ({}:{line})\n", case.kind, case.name, case.file);
    let differing = result.steps.len() - result.steps_passed();
    if result.steps.len() > 1 {
        let _ = writeln!(text, "  {differing} of {} steps differ; the first:", result.steps.len());
    }
    if !step.name.is_empty() {
        let _ = writeln!(text, "  {}", step.name);
    }
    if let Some(difference) = &step.difference {
        for line in diff::render(difference).lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}
