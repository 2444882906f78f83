//! The `rollscope` program; see the library of the same name.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    ExitCode::from(rollscope::main(&arguments))
}
