//! Running other programs, and saying so.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Why a command of xtask could not be done.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

pub(crate) type Done<T = ()> = Result<T, Failure>;

/// What xtask is doing, for people.
pub(crate) fn say(message: impl fmt::Display) {
    eprintln!("xtask: {message}");
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(crate::root());
    // What `cargo xtask` set for itself is not meant for the cargo that it calls.
    cargo.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_PKG_NAME");
    cargo
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    let first = words[0].rsplit('/').next().unwrap_or_default().to_owned();
    words[0] = first;
    words.join(" ")
}

/// Runs a program to its end, its output shown.
pub(crate) fn run(command: &mut Command) -> Done {
    let text = shown(command);
    let status = command.status().map_err(|error| Failure::new(format!("{text}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{text}: {status}"))) }
}

/// Runs a program to its end and returns what it printed to its standard output.
pub(crate) fn output_of(command: &mut Command) -> Done<String> {
    let text = shown(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("{text}: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!("{text}: {}", output.status)));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::new(format!("{text}: not a text")))
}

/// Runs a program, shows its standard output line by line and gives each line to `look`.
/// Returns whether it succeeded.
pub(crate) fn run_and_look(command: &mut Command, mut look: impl FnMut(&str)) -> Done<bool> {
    let text = shown(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("{text}: {error}")))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            println!("{line}");
            look(&line);
        }
    }
    Ok(child.wait()?.success())
}

/// The first program of that name on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let with_extension = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path)
        .flat_map(|folder| [folder.join(&with_extension), folder.join(format!("{name}.cmd"))])
        .find(|file| file.is_file())
}
