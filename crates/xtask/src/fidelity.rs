//! `cargo xtask fidelity`: the generated part of docs/fidelity.md.

use crate::bench::replaced;
use crate::process::{Done, Failure, cargo, output_of};

const BEGIN: &str = "<!-- written by cargo xtask fidelity: begin -->";
const END: &str = "<!-- written by cargo xtask fidelity: end -->";

/// `cargo xtask fidelity [--check]`
pub(crate) fn main(arguments: &[&str]) -> Done {
    let check = match arguments {
        [] => false,
        ["--check"] => true,
        other => return Err(Failure::new(format!("fidelity takes only --check, not {other:?}"))),
    };
    let text = output_of(
        cargo()
            .args(["run", "--quiet", "--package", "rollscope", "--", "conform", "--markdown"])
            .arg("tests/conformance/recordings"),
    )?;
    let file = crate::root().join("docs/fidelity.md");
    let whole = std::fs::read_to_string(&file)?;
    let fresh = replaced(&whole, BEGIN, END, &text)?;
    match (check, fresh == whole) {
        (_, true) => Ok(()),
        (true, false) => {
            Err(Failure::new("docs/fidelity.md is out of date: run `cargo xtask fidelity`"))
        }
        (false, false) => Ok(std::fs::write(&file, fresh)?),
    }
}
