//! Programs that come from the system's package manager: the browser, and Node.js.

use std::process::{Command, Stdio};

use crate::process::{Done, Failure, on_path, output_of, run, say};

/// Installs packages of a Debian system, as root or through a `sudo` that asks nothing.
/// Returns whether that could be tried and went well; otherwise the caller says what to install.
pub(crate) fn install(packages: &[&str], takes: &str) -> bool {
    if on_path("apt-get").is_none() {
        return false;
    }
    let Some(prefix) = authority() else { return false };
    say(format_args!("installing {} with apt-get ({takes})", packages.join(" and ")));
    let apt = |arguments: &[&str]| {
        let words =
            prefix.iter().copied().chain(["apt-get", "-q"]).chain(arguments.iter().copied());
        let words: Vec<&str> = words.collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        run(&mut command)
    };
    // A fresh machine has no list of packages, and an old one names files that are gone.
    let done = apt(&["update"]).and_then(|()| {
        let mut arguments = vec!["install", "-y", "--no-install-recommends"];
        arguments.extend(packages);
        apt(&arguments)
    });
    done.map_err(say).is_ok()
}

/// What stands before a command that only root may run; nothing where this is root.
fn authority() -> Option<Vec<&'static str>> {
    let is_root = output_of(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if is_root {
        return Some(Vec::new());
    }
    on_path("sudo")?;
    let silent = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
    silent.is_ok_and(|status| status.success()).then(|| vec!["sudo", "-n"])
}

/// Node.js, installed where it is missing and may be.
///
/// # Errors
/// What somebody has to install.
pub(crate) fn node() -> Done<std::path::PathBuf> {
    if let Some(node) = on_path("node") {
        return Ok(node);
    }
    if install(&["nodejs"], "half a minute")
        && let Some(node) = on_path("node")
    {
        return Ok(node);
    }
    Err(Failure::new("install Node.js 18 or later (Debian: apt-get install nodejs)"))
}
