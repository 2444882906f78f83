//! The project's own commands: `cargo xtask help` lists them.
//!
//! It knows tools, processes and files, and nothing of Kubernetes. It has no dependencies, so that
//! the first command in a fresh clone starts in seconds.

mod bench;
mod browser;
mod fidelity;
mod packages;
mod process;
mod server;
mod site;
mod tests;
mod tools;
mod wasm;
mod weight;

use std::path::PathBuf;
use std::process::ExitCode;

use process::Failure;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  serve            build the page and serve it on http://127.0.0.1:8080, again after every change
  build            make the static site in dist/; it works from any path
  test [SET] [FILTER]
                   run the tests: native, wasm (the same bytes natively and in wasm) and browser;
                   SET is one of these, all without it
  bench            measure the engine, natively and in wasm, beside @ngrok/webernetes;
                   writes the table in docs/performance.md
  fidelity         write the generated part of docs/fidelity.md; with --check, only compare it
  tools            install what is missing of the tools, and say where they are

Tools are looked for on PATH first, then in a cache of yours ($XDG_CACHE_HOME or ~/.cache,
rollscope/tools); what is missing is installed there, once.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("serve") => site::serve(&rest),
        Some("build") => site::build_command(&rest),
        Some("test") => tests::main(&rest),
        Some("bench") => bench::main(&rest),
        Some("fidelity") => fidelity::main(&rest),
        Some("tools") => tools::main(),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(Failure::new(format!("unknown command {other:?}\n\n{HELP}"))),
        None => Err(Failure::new(format!("a command is needed\n\n{HELP}"))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the checkout.
fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).map(PathBuf::from).unwrap_or(manifest)
}

/// Cargo's target directory.
fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}
