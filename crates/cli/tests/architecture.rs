//! What the structure promises: dependency arrows go one way, files stay small.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// From the top down: a crate may depend on crates further down, never on its own level or above.
const LEVELS: [&[&str]; 6] = [
    &["rollscope-playground", "rollscope"],
    &["rollscope-scenario"],
    &["rollscope-kubectl"],
    &["rollscope-sim"],
    &["rollscope-api"],
    &["rollscope-memory"],
];

/// Crates that know nothing of the others.
const APART: [&str; 2] = ["xtask", "rollscope-browser-tests"];

/// What the crates below the page must not contain, even indirectly: they know no browser.
const NO_BROWSER: [&str; 4] = ["yew", "web-sys", "gloo", "js-sys"];

fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(ROOT)
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}

fn level(name: &str) -> Option<usize> {
    LEVELS.iter().position(|level| level.contains(&name))
}

#[test]
fn arrows_go_one_way() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let mut seen = 0;
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let own = level(name);
        assert!(
            own.is_some() || APART.contains(&name),
            "{name} is a new crate: say in this test where it belongs"
        );
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let other = dependency["name"].as_str().expect("a name");
            // Tests may look at anything.
            if dependency["kind"] == "dev" {
                continue;
            }
            if own.is_some_and(|own| own > 0) {
                assert!(!NO_BROWSER.contains(&other), "{name} must not know the browser ({other})");
            }
            let is_ours = level(other).is_some() || APART.contains(&other);
            if is_ours {
                let allowed =
                    matches!((own, level(other)), (Some(own), Some(other)) if other > own);
                assert!(allowed, "{name} must not depend on {other}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 10, "only {seen} arrows were found: the test does not see the crates");
}

/// Tests and tables may be long; everything else has one subject and fits on a few screens.
const LINES_MAX: usize = 500;

#[test]
fn files_stay_small() {
    let mut files = Vec::new();
    source_files(&Path::new(ROOT).join("crates"), &mut files);
    assert!(files.len() > 60, "only {} source files were found", files.len());
    let long: Vec<String> = files
        .iter()
        .filter(|file| {
            let path = file.to_string_lossy();
            !path.contains("/tests/") && !path.ends_with("tests.rs") && !path.contains("table")
        })
        .filter_map(|file| {
            let lines = std::fs::read_to_string(file).ok()?.lines().count();
            (lines > LINES_MAX).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "above {LINES_MAX} lines:\n{}", long.join("\n"));
}

fn source_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}
