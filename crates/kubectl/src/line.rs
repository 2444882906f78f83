//! A line of commands, run one after another as far as it goes.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use rollscope_api::{Api, SimTime};

use crate::command::{self, Found, Run};
use crate::commands::{ROOT, refused_global};
use crate::context::{Call, Ctx};
use crate::error::Error;
use crate::shell::{self, Joint, Step};
use crate::verb::edit::Edit;
use crate::waiting::{Flow, Progress, Waiter};
use crate::{Editing, Files, Outcome, Output, Waiting, flags, help, tools};

/// The commands of a line that are still to be run.
#[derive(Clone, Debug)]
pub(crate) struct Rest {
    steps: VecDeque<Step>,
    /// What was wrong with the line behind these.
    problem: Option<String>,
    /// The exit code of the command before.
    exit: i32,
    /// The standard output of the command before, if it goes to the next.
    piped: String,
}

/// A command that waits, and what comes after it.
#[derive(Clone, Debug)]
pub(crate) struct Waited {
    call: Call,
    waiter: Box<Waiter>,
    rest: Rest,
}

/// An edit, and what comes after it.
#[derive(Clone, Debug)]
pub(crate) struct Edited {
    call: Call,
    edit: Edit,
    rest: Rest,
}

/// kubectl's name, or what many call it.
pub(crate) fn is_kubectl(word: &str) -> bool {
    matches!(word, "kubectl" | "k")
}

/// Runs a line.
pub(crate) fn run(api: &mut dyn Api, files: &dyn Files, line: &str) -> Outcome {
    let line = shell::split(line);
    let rest =
        Rest { steps: line.steps.into(), problem: line.problem, exit: 0, piped: String::new() };
    rest.go_on(api, files, Output::default())
}

/// What becomes of one command.
enum Ended {
    /// It has ended.
    Done(Output),
    /// It waits.
    Wait(Output, Box<Call>, Box<Waiter>),
    /// It wants a text edited.
    Edit(Output, Box<Call>, Box<Edit>),
}

impl Rest {
    /// Runs the commands that are left. `out` is what has been printed so far.
    fn go_on(mut self, api: &mut dyn Api, files: &dyn Files, mut out: Output) -> Outcome {
        while let Some(step) = self.steps.pop_front() {
            let skipped = match step.joint {
                Joint::And => self.exit != 0,
                Joint::Or => self.exit == 0,
                Joint::Then | Joint::Pipe => false,
            };
            let piped = std::mem::take(&mut self.piped);
            if skipped {
                continue;
            }
            let words = step.words.into_iter().map(|word| word.text).collect();
            let stdin = (step.joint == Joint::Pipe).then(|| Rc::from(piped));
            match start(api, files, words, stdin) {
                Ended::Done(output) => self.take(&mut out, output),
                Ended::Wait(output, call, waiter) => {
                    self.take(&mut out, output);
                    let waited = Waited { call: *call, waiter, rest: self };
                    return Outcome::Waiting(out, Waiting { waited: Box::new(waited) });
                }
                Ended::Edit(output, call, edit) => {
                    self.take(&mut out, output);
                    let text = edit.text.clone();
                    let edited = Edited { call: *call, edit: *edit, rest: self };
                    let so_far = out;
                    return Outcome::Editing(Editing { text, so_far, edited: Box::new(edited) });
                }
            }
        }
        if let Some(problem) = self.problem {
            out.stderr.push_str(&format!("error: {problem}\n"));
            self.exit = 2;
        }
        out.exit = self.exit;
        Outcome::Done(out)
    }

    /// Takes what a command printed: its output may be the next one's input.
    fn take(&mut self, out: &mut Output, output: Output) {
        if self.steps.front().is_some_and(|next| next.joint == Joint::Pipe) {
            self.piped.push_str(&output.stdout);
        } else {
            out.stdout.push_str(&output.stdout);
        }
        out.stderr.push_str(&output.stderr);
        self.exit = output.exit;
    }
}

fn start(
    api: &mut dyn Api,
    files: &dyn Files,
    mut words: Vec<String>,
    stdin: Option<Rc<str>>,
) -> Ended {
    if let Some(output) = tools::run(&words, files, stdin.as_deref()) {
        return Ended::Done(output);
    }
    if words.first().is_some_and(|word| is_kubectl(word)) {
        words.remove(0);
    }
    let found = match command::find(&ROOT, &words) {
        Ok(found) => found,
        Err(problem) => return failed(Output::default(), &Error::Text(problem)),
    };
    if let Run::Absent(why) = found.command.run {
        let text = format!("{} is not part of the playground: {why}", found.path);
        return failed(Output::default(), &Error::Text(text));
    }
    let Found { command, path, words: own } = found;
    let mut out = Output::default();
    let given = match flags::parse(command.known_flags(), &own) {
        Ok(given) => given,
        Err(problem) => {
            let text = if command.name == "diff" {
                // `diff` keeps its exit code 1 for differences.
                out.exit = 1;
                format!("{problem}\nSee '{path} -h' for help and examples")
            } else {
                format!("{problem}\nSee '{path} --help' for usage.")
            };
            let more = out.exit;
            let mut ended = failed(out, &Error::Text(text));
            if let Ended::Done(output) = &mut ended {
                output.exit += more;
            }
            return ended;
        }
    };
    for notice in &given.notices {
        out.stderr.push_str(&format!("{notice}\n"));
    }
    if given.help {
        out.stdout.push_str(&help::command(command, &path));
        return Ended::Done(out);
    }
    if let Some(problem) = refused_global(&given) {
        let verbatim = problem.starts_with("Error in configuration: ");
        let error = if verbatim { Error::Verbatim(problem) } else { Error::Text(problem) };
        return failed(out, &error);
    }
    let missing = given.missing();
    if !missing.is_empty() {
        let text = format!("required flag(s) \"{}\" not set", missing.join("\", \""));
        return failed(out, &Error::Text(text));
    }
    let call = Call { command, path, given, line: words, stdin, warned: BTreeSet::new() };
    let mut ctx = Ctx { api, files, call, out };
    let flow = match command.run {
        Run::Verb(run) => run(&mut ctx),
        Run::Group | Run::Absent(_) => group(&mut ctx),
    };
    end(ctx, flow)
}

/// A command that only holds others: its help, or a complaint about what follows it.
fn group(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let args = ctx.args();
    if !args.is_empty() {
        let args = crate::go::quote(&args.join(" "));
        return Err(ctx.usage_error(&format!("unknown command {args}")));
    }
    let text = help::command(ctx.call.command, &ctx.call.path);
    if std::ptr::eq(ctx.call.command, &ROOT) {
        ctx.print(&text);
        return Ok(Flow::Done);
    }
    if ctx.call.command.name == "rollout" {
        ctx.print(&text);
    } else {
        ctx.out.stderr.push_str(&text);
    }
    Err(Error::Exit(1))
}

fn failed(mut out: Output, error: &Error) -> Ended {
    let (text, code) = error.report();
    out.stderr.push_str(&text);
    out.exit = code;
    Ended::Done(out)
}

/// What a command came to.
fn end(ctx: Ctx<'_>, flow: Result<Flow, Error>) -> Ended {
    let Ctx { api, files, call, out, .. } = ctx;
    match flow {
        Ok(Flow::Done) => Ended::Done(warnings_as_errors(&call, out)),
        Ok(Flow::Edit(edit)) => Ended::Edit(out, Box::new(call), edit),
        Err(error) => failed(out, &error),
        Ok(Flow::Wait(waiter)) => {
            // A first look: most waits have ended before they begin.
            let mut waited = Waited {
                call,
                waiter,
                rest: Rest { steps: VecDeque::new(), problem: None, exit: 0, piped: String::new() },
            };
            let (more, ended) = waited.look(api, files);
            let mut out = out;
            out.stdout.push_str(&more.stdout);
            out.stderr.push_str(&more.stderr);
            if ended {
                out.exit = more.exit;
                return Ended::Done(warnings_as_errors(&waited.call, out));
            }
            Ended::Wait(out, Box::new(waited.call), waited.waiter)
        }
    }
}

/// `--warnings-as-errors`
fn warnings_as_errors(call: &Call, mut out: Output) -> Output {
    let count = call.warned.len();
    if out.exit == 0 && count > 0 && call.given.on("warnings-as-errors") {
        let plural = if count == 1 { "" } else { "s" };
        out.stderr.push_str(&format!("error: {count} warning{plural} received\n"));
        out.exit = 1;
    }
    out
}

impl Waited {
    /// Looks at the cluster. The flag tells whether the command has ended.
    fn look(&mut self, api: &mut dyn Api, files: &dyn Files) -> (Output, bool) {
        let mut ctx = Ctx { api, files, call: self.call.clone(), out: Output::default() };
        let progress = self.waiter.poll(&mut ctx);
        self.call = ctx.call;
        let mut out = ctx.out;
        match progress {
            Ok(Progress::Pending) => (out, false),
            Ok(Progress::Done) => (out, true),
            Err(error) => {
                let (text, code) = error.report();
                out.stderr.push_str(&text);
                out.exit = code;
                (out, true)
            }
        }
    }

    /// Looks at the cluster, and goes on with the line once the command has ended.
    pub(crate) fn poll(&mut self, api: &mut dyn Api, files: &dyn Files) -> (Output, Option<i32>) {
        let (output, ended) = self.look(api, files);
        let mut out = Output::default();
        let mut rest = self.rest.clone();
        rest.take(&mut out, output);
        if !ended {
            self.rest = rest;
            return (out, None);
        }
        match rest.go_on(api, files, out) {
            Outcome::Done(out) => {
                let exit = out.exit;
                (out, Some(exit))
            }
            Outcome::Waiting(out, waiting) => {
                *self = *waiting.waited;
                (out, None)
            }
            Outcome::Editing(editing) => {
                let mut out = editing.so_far;
                out.stderr.push_str("error: edit cannot follow a command that waits\n");
                out.exit = 1;
                (out, Some(1))
            }
        }
    }

    /// When the command's own time-out strikes.
    pub(crate) fn deadline(&self) -> Option<SimTime> {
        self.waiter.deadline()
    }
}

impl Edited {
    /// Goes on with the edited text.
    pub(crate) fn finish(self, api: &mut dyn Api, files: &dyn Files, text: &str) -> Outcome {
        let Self { call, edit, mut rest } = self;
        let mut ctx = Ctx { api, files, call, out: Output::default() };
        let flow = edit.finish(&mut ctx, text);
        // The context is taken apart by `end`, the server is needed behind it.
        let (api, files, call, out) = {
            let Ctx { api, files, call, out } = ctx;
            (api, files, call, out)
        };
        let mut all = Output::default();
        match flow {
            Ok(Flow::Edit(edit)) => {
                rest.take(&mut all, out);
                let text = edit.text.clone();
                let edited = Self { call, edit: *edit, rest };
                Outcome::Editing(Editing { text, so_far: all, edited: Box::new(edited) })
            }
            Ok(_) => {
                rest.take(&mut all, out);
                rest.go_on(api, files, all)
            }
            Err(error) => {
                let (text, code) = error.report();
                let mut out = out;
                out.stderr.push_str(&text);
                out.exit = code;
                rest.take(&mut all, out);
                rest.go_on(api, files, all)
            }
        }
    }
}
