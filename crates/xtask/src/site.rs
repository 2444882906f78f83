//! `cargo xtask serve` and `cargo xtask build`.

use std::path::Path;
use std::process::Command;

use crate::process::{Done, Failure, run, say};
use crate::{tools, weight};

/// `cargo xtask serve`
pub(crate) fn serve(arguments: &[&str]) -> Done {
    let tools = tools::all()?;
    say("building the page; the first time takes about two minutes");
    say("it will be on http://127.0.0.1:8080 (Ctrl-C ends it)");
    let mut trunk = Command::new(&tools.trunk);
    trunk.args(["serve", "--skip-version-check", "--dist"]);
    // Served pages contain what reloads them: they are kept apart from the site.
    trunk.arg(crate::target_dir().join("serve"));
    trunk.args(arguments).current_dir(crate::root()).env("PATH", tools::path_with(&tools)?);
    trunk.env_remove("NO_COLOR");
    run(&mut trunk)
}

/// `cargo xtask build`
pub(crate) fn build_command(arguments: &[&str]) -> Done {
    if let Some(argument) = arguments.first() {
        return Err(Failure::new(format!("build takes no argument {argument:?}")));
    }
    let dist = crate::root().join("dist");
    build(&dist)?;
    // The site is built all the same where nothing compresses.
    weight::report(&dist).map_or_else(|missing| say(format_args!("not weighed: {missing}")), drop);
    Ok(())
}

/// Builds the site into a folder. Its links are relative, so it works from any path.
pub(crate) fn build(dist: &Path) -> Done {
    let tools = tools::all()?;
    say(format_args!("building the site into {} (a few minutes at first)", dist.display()));
    let mut trunk = Command::new(&tools.trunk);
    trunk.args(["build", "--skip-version-check", "--public-url", "./"]);
    trunk.args(["--cargo-profile", "wasm-release", "--dist"]).arg(dist);
    if tools.wasm_opt.is_some() {
        trunk.arg("--release");
    }
    trunk.current_dir(crate::root()).env("PATH", tools::path_with(&tools)?);
    trunk.env_remove("NO_COLOR");
    run(&mut trunk)?;
    let page = std::fs::read_to_string(dist.join("index.html"))?;
    if page.contains("/_trunk/ws") {
        return Err(Failure::new("the built page contains trunk's reload script"));
    }
    // GitHub Pages would leave out folders that begin with an underscore.
    std::fs::write(dist.join(".nojekyll"), "")?;
    report_sizes(dist)
}

fn report_sizes(dist: &Path) -> Done {
    let mut total = 0;
    let mut wasm = 0;
    let mut folders = vec![dist.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_dir() {
                folders.push(entry.path());
                continue;
            }
            total += metadata.len();
            if entry.path().extension().is_some_and(|extension| extension == "wasm") {
                wasm += metadata.len();
            }
        }
    }
    say(format_args!(
        "the site is {} KB, of these {} KB wasm, before compression",
        total / 1_000,
        wasm / 1_000
    ));
    Ok(())
}
