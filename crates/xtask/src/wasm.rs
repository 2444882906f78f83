//! The engine as wasm under Node: that it gives the same bytes as natively, and how fast it is.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Done, Failure, cargo, output_of, run, say};
use crate::tests::Counts;
use crate::tools;

/// The engine's module for Node, and the program that calls it.
#[derive(Debug)]
pub(crate) struct Engine {
    node: PathBuf,
    module: PathBuf,
}

impl Engine {
    /// Builds the module, to be run by that Node.
    pub(crate) fn build(node: PathBuf) -> Done<Self> {
        tools::target()?;
        let wasm_bindgen = tools::wasm_bindgen()?;
        say("building the engine as wasm (about a minute at first)");
        let target = crate::target_dir();
        run(cargo()
            .args(["build", "--package", "rollscope-scenario", "--example", "engine"])
            .args(["--target", "wasm32-unknown-unknown", "--profile", "wasm-release"])
            .arg("--target-dir")
            .arg(&target))?;
        let folder = target.join("wasm-engine");
        let wasm = target.join("wasm32-unknown-unknown/wasm-release/examples/engine.wasm");
        run(Command::new(wasm_bindgen)
            .args(["--target", "nodejs", "--no-typescript", "--out-dir"])
            .arg(&folder)
            .arg(wasm))?;
        Ok(Self { node, module: folder.join("engine.js") })
    }

    /// A call of the program beside the module.
    pub(crate) fn call(&self, arguments: &[String]) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(crate::root().join("tests/wasm/engine.cjs")).arg(&self.module);
        command.args(arguments).current_dir(crate::root());
        command
    }

    pub(crate) fn node(&self) -> &Path {
        &self.node
    }
}

/// Files of a folder with that extension, sorted, relative to the root.
fn files(folder: &str, extension: &str) -> Done<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(crate::root().join(folder))? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension)
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            found.push(format!("{folder}/{name}"));
        }
    }
    #[expect(clippy::disallowed_methods, reason = "no page is made of this crate")]
    found.sort();
    Ok(found)
}

/// Runs every script and every recorded trace natively and as wasm, and compares the bytes.
/// One test a file.
pub(crate) fn compare(node: PathBuf) -> Done<Counts> {
    let engine = Engine::build(node)?;
    let mut paths = files("tests/scripts", "yaml")?;
    let scripts = paths.len();
    paths.extend(files("tests/conformance/recordings/traces", "trace")?);
    if scripts < 3 || paths.len() < scripts + 100 {
        return Err(Failure::new(format!("only {} scripts and traces to compare", paths.len())));
    }
    let native = output_of(
        cargo().args(["run", "--quiet", "--package", "rollscope", "--", "trace"]).args(&paths),
    )?;
    let arguments: Vec<String> = std::iter::once("trace".to_owned()).chain(paths.clone()).collect();
    let wasm = output_of(&mut engine.call(&arguments))?;
    let (native, wasm) = (sections(&native), sections(&wasm));
    let mut counts = Counts::default();
    for path in &paths {
        let one = native.iter().find(|(name, _)| name == path).map(|(_, text)| *text);
        let other = wasm.iter().find(|(name, _)| name == path).map(|(_, text)| *text);
        match (one, other) {
            (Some(one), Some(other)) if one == other && one.lines().count() > 3 => {
                counts.passed += 1;
                println!("test wasm/{path} ... ok");
            }
            (one, other) => {
                counts.failed += 1;
                println!("test wasm/{path} ... FAILED");
                print!("{}", first_difference(one.unwrap_or(""), other.unwrap_or("")));
            }
        }
    }
    Ok(counts)
}

/// `=== NAME` and what follows it.
fn sections(text: &str) -> Vec<(&str, &str)> {
    let parts = text.split("=== ").skip(1);
    parts.filter_map(|part| part.split_once('\n')).collect()
}

fn first_difference(native: &str, wasm: &str) -> String {
    let (native, wasm): (Vec<&str>, Vec<&str>) = (native.lines().collect(), wasm.lines().collect());
    let differs = (0..native.len().max(wasm.len())).find(|&at| native.get(at) != wasm.get(at));
    match differs {
        Some(at) => format!(
            "  line {}:\n  native: {}\n  wasm:   {}\n",
            at + 1,
            native.get(at).unwrap_or(&"(the end)"),
            wasm.get(at).unwrap_or(&"(the end)")
        ),
        None => "  hardly anything was written\n".to_owned(),
    }
}
