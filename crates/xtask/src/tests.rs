//! `cargo xtask test`: every set of tests, their counts added up.

use crate::browser::{self, Found};
use crate::packages;
use crate::process::{Done, Failure, cargo, run_and_look, say};
use crate::{server, site, wasm, weight};

/// The sub-path that the site is tested under.
const PREFIX: &str = "/rollscope/";

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Adds what a line `test result: ok. 12 passed; 0 failed; …` says.
    fn look(&mut self, line: &str) {
        let Some(rest) = line.trim().strip_prefix("test result: ") else { return };
        let number = |unit: &str| {
            rest.split([';', '.'])
                .find_map(|part| part.trim().strip_suffix(unit)?.trim().parse::<usize>().ok())
                .unwrap_or_default()
        };
        self.passed += number("passed");
        self.failed += number("failed");
    }
}

/// `cargo xtask test [SET] [FILTER]`
pub(crate) fn main(arguments: &[&str]) -> Done {
    let (sets, filter) = match arguments {
        [] => (["native", "wasm", "browser"].as_slice(), None),
        [set @ ("native" | "wasm" | "browser"), rest @ ..] => {
            (std::slice::from_ref(set), rest.first().copied())
        }
        [other, ..] => {
            let message = format!("unknown set of tests {other:?}: native, wasm or browser");
            return Err(Failure::new(message));
        }
    };
    let mut counts = Counts::default();
    let mut not_run = Vec::new();
    for set in sets {
        say(format_args!("{set} tests"));
        match *set {
            "native" => counts.add(native(filter)?),
            "wasm" => match packages::node() {
                Ok(node) => counts.add(wasm::compare(node)?),
                Err(missing) => not_run.push(format!("wasm tests were not run: {missing}")),
            },
            _ => match browser::find() {
                Some(found) => counts.add(in_browser(&found, filter)?),
                None => not_run.push(format!("browser tests were not run: {}", browser::INSTALL)),
            },
        }
    }
    println!();
    for line in &not_run {
        println!("NOT RUN: {line}");
    }
    println!("{} passed, {} failed", counts.passed, counts.failed);
    if counts.failed > 0 {
        return Err(Failure::new("tests failed"));
    }
    // Nobody reads what a machine was told: there, a set that was left out is a failure.
    if !not_run.is_empty() && std::env::var_os("CI").is_some() {
        return Err(Failure::new("some sets of tests were not run"));
    }
    Ok(())
}

/// Runs `cargo test` and counts. A run that fails without a failed test (it did not compile, or a
/// test program crashed) counts as one failure.
fn cargo_test(arguments: &[&str], environment: &[(&str, &str)]) -> Done<Counts> {
    let mut counts = Counts::default();
    let mut command = cargo();
    command.args(["test", "--no-fail-fast"]).args(arguments);
    command.envs(environment.iter().copied());
    let succeeded = run_and_look(&mut command, |line| counts.look(line))?;
    if !succeeded && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}

/// Everything below the page, and the page's own logic. The random scripts run once more, all of
/// them: with the usual settings they are too slow for more than a few.
fn native(filter: Option<&str>) -> Done<Counts> {
    let mut arguments = vec!["--workspace", "--exclude", "rollscope-browser-tests"];
    arguments.extend(filter);
    let mut counts = cargo_test(&arguments, &[])?;
    let mut arguments = vec!["--profile", "checked", "--package", "rollscope-scenario"];
    arguments.extend(["--test", "properties"]);
    arguments.extend(filter);
    let scripts = std::env::var("ROLLSCOPE_PROPERTIES").unwrap_or("2000".to_owned());
    counts.add(cargo_test(&arguments, &[("ROLLSCOPE_PROPERTIES", &scripts)])?);
    Ok(counts)
}

fn in_browser(found: &Found, filter: Option<&str>) -> Done<Counts> {
    let dist = crate::target_dir().join("browser-dist");
    site::build(&dist)?;
    let mut counts = Counts::default();
    if filter.is_none_or(|filter| "weight".contains(filter)) {
        match weight::is_within_budget(weight::report(&dist)?) {
            true => counts.passed += 1,
            false => counts.failed += 1,
        }
    }
    let address = server::start(dist, PREFIX)?;
    let driver = found.start()?;
    let shots = crate::target_dir().join("screenshots");
    std::fs::create_dir_all(&shots)?;
    say(format_args!("screenshots go to {}", shots.display()));
    let shots = shots.display().to_string();
    let binary = found.browser.as_ref().map(|path| path.display().to_string());
    let mut environment = vec![
        ("ROLLSCOPE_SITE", address.as_str()),
        ("ROLLSCOPE_DRIVER", driver.address.as_str()),
        ("ROLLSCOPE_SHOTS", shots.as_str()),
    ];
    environment.extend(binary.as_deref().map(|binary| ("ROLLSCOPE_BROWSER", binary)));
    let mut arguments = vec!["-p", "rollscope-browser-tests"];
    arguments.extend(filter);
    // Two browsers at once are as many as two cores bear.
    // What they measured is shown also where it was good enough.
    arguments.extend(["--", "--test-threads=2", "--show-output"]);
    counts.add(cargo_test(&arguments, &environment)?);
    Ok(counts)
}
