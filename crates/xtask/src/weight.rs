//! How much has to be downloaded before the page can be used, and how much that may be.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::packages;
use crate::process::{Done, Failure, output_of, say};

/// What the first load may weigh, compressed with brotli: a little more than it does.
///
/// The aim is 400 KB. Whoever makes the page lighter lowers this; whoever needs more has to say why.
const FIRST_LOAD_BYTES_MAX: u64 = 1_360_000;

/// Prints for each file its size, and its size with brotli at its best.
const COMPRESS: &str = r#"
const { brotliCompressSync, constants } = require("node:zlib");
const { readFileSync } = require("node:fs");
for (const file of process.argv.slice(1)) {
  const bytes = readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  console.log(bytes.length, brotliCompressSync(bytes, { params }).length);
}
"#;

/// The size of files as they are and as they travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Weight {
    bytes: u64,
    brotli_bytes: u64,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.brotli_bytes += other.brotli_bytes;
    }
}

/// Says what the first load of a built site weighs, by kind of file.
///
/// # Errors
/// Where there is no Node.js, which compresses.
pub(crate) fn report(dist: &Path) -> Done<Weight> {
    let files = first_load(dist)?;
    let mut command = Command::new(packages::node()?);
    command.args(["-e", COMPRESS, "--"]).args(&files);
    let output = output_of(&mut command)?;
    let weights: Vec<Weight> = output.lines().filter_map(weight_of).collect();
    if weights.len() != files.len() {
        return Err(Failure::new(format!("{output:?} are no sizes of {} files", files.len())));
    }
    let mut total = Weight::default();
    let mut kinds: Vec<(&str, Weight)> = Vec::new();
    for (file, weight) in files.iter().zip(weights) {
        total.add(weight);
        let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => sum.add(weight),
            None => kinds.push((kind, weight)),
        }
    }
    let kinds: Vec<String> =
        kinds.iter().map(|(kind, sum)| format!("{kind} {}", kilobytes(sum.brotli_bytes))).collect();
    say(format_args!(
        "the first load is {} KB in {} files; brotli: {} KB ({})",
        kilobytes(total.bytes),
        files.len(),
        kilobytes(total.brotli_bytes),
        kinds.join(", ")
    ));
    Ok(total)
}

/// Whether the first load is within its budget.
pub(crate) fn is_within_budget(weight: Weight) -> bool {
    let within = weight.brotli_bytes <= FIRST_LOAD_BYTES_MAX;
    if !within {
        say(format_args!(
            "FAILED: the first load may weigh {} KB with brotli",
            kilobytes(FIRST_LOAD_BYTES_MAX)
        ));
    }
    within
}

fn kilobytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000)
}

fn weight_of(line: &str) -> Option<Weight> {
    let (bytes, brotli_bytes) = line.split_once(' ')?;
    Some(Weight { bytes: bytes.parse().ok()?, brotli_bytes: brotli_bytes.parse().ok()? })
}

/// The page and every file of the site that it names.
fn first_load(dist: &Path) -> Done<Vec<PathBuf>> {
    let index = dist.join("index.html");
    let page = std::fs::read_to_string(&index)?;
    let mut files = vec![index];
    for named in page.split('"').filter(|text| !text.is_empty()) {
        let file = dist.join(named.trim_start_matches("./"));
        if file.is_file() && !files.contains(&file) {
            files.push(file);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_load_is_what_the_page_names() {
        let dist = std::env::temp_dir().join(format!("rollscope-weight-{}", std::process::id()));
        std::fs::create_dir_all(&dist).unwrap();
        for name in ["a.js", "a.wasm", "unnamed.js"] {
            std::fs::write(dist.join(name), "x".repeat(1_000)).unwrap();
        }
        let page =
            r#"<link href="./a.js"><script src="./boot.js" data-js="./a.js" data-wasm="./a.wasm">"#;
        std::fs::write(dist.join("index.html"), page).unwrap();
        let files = first_load(&dist).unwrap();
        let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
        std::fs::remove_dir_all(&dist).unwrap();
        assert_eq!(names, ["index.html", "a.js", "a.wasm"]);
    }

    #[test]
    fn a_page_that_grew_beyond_its_budget_fails() {
        let of = |brotli_bytes| Weight { bytes: 0, brotli_bytes };
        assert!(is_within_budget(of(FIRST_LOAD_BYTES_MAX)));
        assert!(!is_within_budget(of(FIRST_LOAD_BYTES_MAX + 1)));
        assert_eq!(weight_of("12 7"), Some(Weight { bytes: 12, brotli_bytes: 7 }));
        assert_eq!(weight_of("12"), None);
    }
}
