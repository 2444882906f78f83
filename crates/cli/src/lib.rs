//! `rollscope`: the playground's engine in a terminal.
//!
//! It knows files, arguments and threads; everything it shows comes from the engine.

pub mod conform;

const USAGE: &str = "\
Rehearse Kubernetes rollouts: the playground's engine in a terminal.

Usage:
  rollscope conform PATH…        compare the simulation with recordings of a real cluster

Every command says more with --help.
";

/// Runs the program with its arguments. Returns its exit code.
pub fn main(arguments: &[String]) -> u8 {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", arguments),
    };
    let result = match command {
        "conform" => conform::main(rest),
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

    fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), show_usage: true }
    }
}
