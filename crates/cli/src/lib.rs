//! `rollscope`: the playground's engine in a terminal.
//!
//! It knows files, arguments and threads; everything it shows comes from the engine.

mod arguments;
mod bench;
pub mod conform;
mod files;
mod forecast;
mod run;
mod shell;
mod sweep;

const USAGE: &str = "\
Rehearse Kubernetes rollouts: the playground's engine in a terminal.

Usage:
  rollscope run SCRIPT           run a script and tell what happens
  rollscope shell [FILE…]        a simulated cluster to type kubectl commands at
  rollscope forecast -f FILE     what a manifest would do if it were applied
  rollscope sweep SCRIPT         a script under many seeds: how often something goes wrong
  rollscope conform PATH…        compare the simulation with recordings of a real cluster
  rollscope trace FILE…          scripts and recorded traces as the simulation runs them
  rollscope bench                measure rollouts

Every command says more with --help.
";

/// Runs the program with its arguments. Returns its exit code.
pub fn main(arguments: &[String]) -> u8 {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", arguments),
    };
    let result = match command {
        "run" => run::main(rest),
        "shell" => shell::main(rest),
        "forecast" => forecast::main(rest),
        "sweep" => sweep::main(rest),
        "conform" => conform::main(rest),
        "trace" => run::trace(rest),
        "bench" => bench::main(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(0)
        }
        "--version" | "-V" | "version" => {
            println!("rollscope {}", env!("CARGO_PKG_VERSION"));
            Ok(0)
        }
        "" => Err(Failure::usage("a command is needed")),
        other => Err(Failure::usage(format!("unknown command {other:?}"))),
    };
    match result {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {}", failure.message);
            if failure.show_usage {
                eprint!("\n{USAGE}");
            }
            2
        }
    }
}

/// Why a command could not do its work. The exit code is 2.
#[derive(Debug)]
pub struct Failure {
    message: String,
    show_usage: bool,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), show_usage: false }
    }

    /// The message.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), show_usage: true }
    }
}
