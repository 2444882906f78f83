//! `rollscope conform`: reads recordings, runs their cases on all cores, reports.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rollscope_api::order;
use rollscope_scenario::conform::{
    self, Case, CaseResult, Difference, KnownFailures, LoadError, Report, Source, StepResult,
};

use crate::Failure;

const HELP: &str = "\
Compare the simulation with recordings of a real cluster.

Usage:
  rollscope conform [OPTIONS] PATH…

Paths are recordings (.trace, .json, kubelet .txt) or folders of them. The first difference of
every failing case is shown (- is what the real cluster did, + what the simulation did).

Options:
  --case TEXT     run only cases whose kind/name contains TEXT
  --known FILE    a list of known failures, `KIND NAME: REASON` a line
                  (default: the list this program was built with)
  --write         write traces as the simulation runs them, instead of comparing
  --list          name the cases, run nothing
  --markdown      the result as a table for docs/fidelity.md

Exit codes: 0 all agree, 1 something differs, 2 something could not be read.
";

/// The project's own list of known failures.
pub const KNOWN: &str = include_str!("../../../tests/conformance/known-failures.txt");

struct Options {
    paths: Vec<String>,
    filter: Option<String>,
    known: KnownFailures,
    write: bool,
    list: bool,
    markdown: bool,
}

/// `rollscope conform ARGUMENTS…`
///
/// # Errors
/// Wrong arguments, and paths that hold no recordings.
pub fn main(arguments: &[String]) -> Result<u8, Failure> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{HELP}");
        return Ok(0);
    }
    let options = options(arguments)?;
    let (mut cases, errors) = read(&options.paths)?;
    if let Some(filter) = &options.filter {
        cases.retain(|case| format!("{}/{}", case.kind, case.name).contains(filter.as_str()));
        if cases.is_empty() && errors.is_empty() {
            return Err(Failure::new(format!("no case contains {filter:?}")));
        }
    }
    if options.list || options.write {
        for case in &cases {
            match &case.body {
                _ if options.list => println!("{}/{}", case.kind, case.name),
                conform::Body::Trace(trace) => {
                    print!("{}", rollscope_scenario::trace::run_to_text(trace));
                }
                _ => {}
            }
        }
        return Ok(unread(&errors));
    }
    let mut report = Report::default();
    for error in &errors {
        report.add_error(error);
    }
    for (case, result) in cases.iter().zip(run_all(&cases)) {
        report.add(case, &result, &options.known);
    }
    if options.markdown {
        print!("{}", report.markdown(&options.known));
        return Ok(unread(&errors));
    }
    print!("{}", report.text());
    Ok(u8::try_from(report.exit()).unwrap_or(2))
}

/// Says on the side what could not be read, and gives the exit code for it.
fn unread(errors: &[LoadError]) -> u8 {
    for error in errors {
        eprintln!("rollscope: {error}");
    }
    if errors.is_empty() { 0 } else { 2 }
}

fn options(arguments: &[String]) -> Result<Options, Failure> {
    let (mut paths, mut filter, mut known_file) = (Vec::new(), None, None);
    let (mut write, mut list, mut markdown) = (false, false, false);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let (name, mut value) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (argument.as_str(), None),
        };
        let mut take = || {
            value
                .take()
                .or_else(|| arguments.next().cloned())
                .ok_or_else(|| Failure::new(format!("{name} needs a value")))
        };
        match name {
            "--case" => filter = Some(take()?),
            "--known" => known_file = Some(take()?),
            "--write" => write = true,
            "--list" => list = true,
            "--markdown" => markdown = true,
            _ if name.starts_with('-') && name.len() > 1 => {
                return Err(Failure::new(format!("unknown option {name}")));
            }
            _ => paths.push(argument.clone()),
        }
    }
    if paths.is_empty() {
        return Err(Failure::new("a path is needed: a recording or a folder of recordings"));
    }
    let known = match &known_file {
        Some(file) => {
            let text = std::fs::read_to_string(file)
                .map_err(|error| Failure::new(format!("{file}: {error}")))?;
            KnownFailures::parse(&text)
                .map_err(|message| Failure::new(format!("{file}: {message}")))?
        }
        None => KnownFailures::parse(KNOWN)
            .map_err(|message| Failure::new(format!("known-failures.txt: {message}")))?,
    };
    Ok(Options { paths, filter, known, write, list, markdown })
}

/// Reads every recording below the paths, in order.
///
/// # Errors
/// Paths that do not exist, and folders without any recording.
pub fn read(paths: &[String]) -> Result<(Vec<Case>, Vec<LoadError>), Failure> {
    let (mut cases, mut errors) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for path in paths {
        let given = Path::new(path);
        let metadata =
            std::fs::metadata(given).map_err(|error| Failure::new(format!("{path}: {error}")))?;
        let files = if metadata.is_dir() { files_below(given)? } else { vec![given.to_owned()] };
        if files.is_empty() {
            return Err(Failure::new(format!("{path}: there is no recording in this folder")));
        }
        for file in files {
            if !seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                continue;
            }
            let (found, wrong) = read_file(&file);
            cases.extend(found);
            errors.extend(wrong);
        }
    }
    Ok((cases, errors))
}

/// Every file below a folder but documents (`*.md`), hidden files, and the manifests that belong
/// to kubelet recordings.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| Failure::new(format!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(unreadable)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(unreadable)?;
    order::sort(&mut entries);
    let mut files = Vec::new();
    for entry in &entries {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let extension = entry.extension().and_then(|extension| extension.to_str());
        if name.starts_with('.') || extension == Some("md") {
            continue;
        }
        if entry.is_dir() {
            files.extend(files_below(entry)?);
        } else if !(name == "manifests.json" && belongs_to_kubelet_recordings(entry, &entries)) {
            files.push(entry.clone());
        }
    }
    Ok(files)
}

/// Whether a `manifests.json` holds what kubelet recordings beside it ran, by name, rather than a
/// list of recorded cases, which must not be passed over.
fn belongs_to_kubelet_recordings(file: &Path, beside: &[PathBuf]) -> bool {
    let is_text = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "txt");
    let is_map = || {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.trim_start().starts_with('{')
    };
    beside.iter().any(is_text) && is_map()
}

fn read_file(file: &Path) -> (Vec<Case>, Vec<LoadError>) {
    let name = file.display().to_string();
    let text = match std::fs::read(file) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(wrong) => {
                let line = 1 + wrong.as_bytes()[..wrong.utf8_error().valid_up_to()]
                    .iter()
                    .filter(|&&byte| byte == b'\n')
                    .count();
                let message = "not a text in UTF-8".to_owned();
                return (Vec::new(), vec![LoadError { file: name, line, message }]);
            }
        },
        Err(error) => {
            let message = error.to_string();
            return (Vec::new(), vec![LoadError { file: name, line: 0, message }]);
        }
    };
    let manifests = (file.extension().is_some_and(|extension| extension == "txt"))
        .then(|| std::fs::read_to_string(file.with_file_name("manifests.json")).ok())
        .flatten();
    conform::load(Source { file: &name, text: &text, manifests: manifests.as_deref() })
}

/// Runs every case, each in a cluster of its own, on as many threads as there are cores.
pub fn run_all(cases: &[Case]) -> Vec<CaseResult> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(vec![CaseResult::default(); cases.len()]);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(cases.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((index, case)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(index).map(|case| (index, case))
                } {
                    let result = run_one(case);
                    if let Ok(mut results) = results.lock() {
                        results[index] = result;
                    }
                }
            });
        }
    });
    results.into_inner().unwrap_or_default()
}

/// Runs a case. A panic of the engine fails its case and no other.
pub fn run_one(case: &Case) -> CaseResult {
    catch_unwind(AssertUnwindSafe(|| conform::run(case))).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_default();
        let difference =
            Difference { recorded: String::new(), simulated: format!("panic: {message}\n") };
        let step = StepResult { name: String::new(), line: 0, difference: Some(difference) };
        CaseResult { steps: vec![step] }
    })
}
