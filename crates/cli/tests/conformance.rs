//! Every recorded case as a test of its own, named `KIND/NAME`.
//!
//! The tests are made from the recordings when this program runs, so a recording that is added is
//! a test that is added. The usual arguments work: a filter, `--exact`, `--list`, `--skip`.

use std::process::ExitCode;

use rollscope::conform::{KNOWN, read, run_all};
use rollscope_scenario::conform::{Case, KnownFailures, describe_failure};

/// Fewer cases than this would mean that recordings are missing, not that there is less to test.
const CASES_MIN: usize = 500;
const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/recordings");

struct Arguments {
    filters: Vec<String>,
    skips: Vec<String>,
    exact: bool,
    list: bool,
}

impl Arguments {
    fn read() -> Self {
        let mut read = Self { filters: Vec::new(), skips: Vec::new(), exact: false, list: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--exact" => read.exact = true,
                "--list" => read.list = true,
                "--skip" => read.skips.extend(arguments.next()),
                "--test-threads" | "--format" | "--color" | "-Z" => {
                    arguments.next();
                }
                other if other.starts_with('-') => {}
                _ => read.filters.push(argument),
            }
        }
        read
    }

    fn wants(&self, name: &str) -> bool {
        let matches = |pattern: &String| {
            if self.exact { name == pattern } else { name.contains(pattern.as_str()) }
        };
        (self.filters.is_empty() || self.filters.iter().any(matches))
            && !self.skips.iter().any(matches)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::read();
    let known = KnownFailures::parse(KNOWN).expect("the list of known failures can be read");
    let (all, errors) = read(&[RECORDINGS.to_owned()]).expect("there are recordings");
    assert!(errors.is_empty(), "unreadable recordings: {errors:?}");
    assert!(all.len() >= CASES_MIN, "only {} recorded cases were found", all.len());
    let name = |case: &Case| format!("{}/{}", case.kind, case.name);
    let total = all.len();
    let mut all = all;
    all.retain(|case| arguments.wants(&name(case)));
    if arguments.list {
        all.iter().for_each(|case| println!("{}: test", name(case)));
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} tests", all.len());
    let (mut passed, mut failures) = (0, Vec::new());
    for (case, result) in all.iter().zip(run_all(&all)) {
        let verdict = match (result.passed(), known.reason(case)) {
            (true, None) => Ok("ok".to_owned()),
            (false, Some(reason)) => Ok(format!("ok (known failure: {reason})")),
            (true, Some(_)) => Err(format!(
                "{} passes, but is listed as a known failure: take it off the list\n",
                name(case)
            )),
            (false, None) => Err(describe_failure(case, &result)),
        };
        match verdict {
            Ok(word) => {
                passed += 1;
                println!("test {} ... {word}", name(case));
            }
            Err(why) => {
                println!("test {} ... FAILED", name(case));
                failures.push(why);
            }
        }
    }
    for why in &failures {
        print!("\n{why}");
    }
    let (word, failed) = (if failures.is_empty() { "ok" } else { "FAILED" }, failures.len());
    let filtered = total - all.len();
    println!(
        "\ntest result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; \
         {filtered} filtered out\n"
    );
    ExitCode::from(u8::from(failed > 0) * 101)
}
