//! `cargo xtask bench`: the engine's speed, natively and as wasm, beside another playground's.

use std::process::Command;

use crate::packages;
use crate::process::{Done, Failure, cargo, output_of, run, say};
use crate::tools;
use crate::wasm::Engine;

/// The other playground, from the npm registry.
const OTHER: (&str, &str) = ("@ngrok/webernetes", "0.3.5");
const SIZES: [u32; 4] = [10, 100, 1_000, 10_000];
const OTHER_SIZES: [u32; 2] = [10, 100];
const SEEK_SIZES: [u32; 2] = [100, 1_000];
const FORECAST_REPLICAS: &str = "10";
/// An image that comes up, and one that does not.
const FORECAST_TAGS: [&str; 2] = ["2.0", "missing"];
const BEGIN: &str = "<!-- written by cargo xtask bench: begin -->";
const END: &str = "<!-- written by cargo xtask bench: end -->";

/// One measured rollout.
#[derive(Clone, Debug, Default)]
struct Measured {
    cpu_ms: f64,
    memory_mb: f64,
    events: f64,
}

/// `cargo xtask bench`
pub(crate) fn main(arguments: &[&str]) -> Done {
    let write = match arguments {
        [] => true,
        ["--no-write"] => false,
        other => return Err(Failure::new(format!("bench takes only --no-write, not {other:?}"))),
    };
    say("building the engine, optimised (a few minutes at first)");
    run(cargo().args(["build", "--release", "--quiet", "--package", "rollscope"]))?;
    let program = crate::target_dir().join("release").join("rollscope");
    let engine = Engine::build(packages::node()?)?;

    let mut native = Vec::new();
    let mut wasm = Vec::new();
    for size in SIZES {
        // Large ones take long, and small ones are only measured well together.
        let times = 20_000 / size.clamp(100, 10_000);
        let arguments = ["rollout".to_owned(), size.to_string(), times.to_string()];
        // Every size in a process of its own, so that its peak memory is its own.
        let text = output_of(Command::new(&program).arg("bench").args(&arguments))?;
        native.push(print("native", size, &measured(&text)?));
        let text = output_of(&mut engine.call(&arguments))?;
        wasm.push(print("wasm", size, &measured(&text)?));
    }
    let mut seeks = Vec::new();
    for size in SEEK_SIZES {
        let text = output_of(&mut engine.call(&["seek".to_owned(), size.to_string()]))?;
        let (median, max) = (value(&text, "median_ms")?, value(&text, "max_ms")?);
        println!("wasm seek {size} median: {median:.3} ms");
        println!("wasm seek {size} longest: {max:.3} ms");
        seeks.push((size, median, max));
    }
    let mut forecasts = Vec::new();
    for tag in FORECAST_TAGS {
        let arguments = ["forecast", FORECAST_REPLICAS, tag].map(str::to_owned);
        let ms = value(&output_of(&mut engine.call(&arguments))?, "cpu_ms")?;
        let note = if tag == FORECAST_TAGS[0] { "" } else { " of a missing image" };
        println!("forecast {FORECAST_REPLICAS}{note}: {ms:.3} ms");
        forecasts.push(ms);
    }
    // The other playground's pods would be ready at once: both get a probe to wait for.
    let mut probed = Vec::new();
    let mut other = Vec::new();
    for size in OTHER_SIZES {
        let arguments = ["probed".to_owned(), size.to_string(), "100".to_owned()];
        let text = output_of(&mut engine.call(&arguments))?;
        probed.push(print("wasm with a readiness probe", size, &measured(&text)?));
        other.push(print(OTHER.0, size, &other_rollout(&engine, size)?));
    }
    for (index, size) in OTHER_SIZES.iter().enumerate() {
        println!("ratio {size}: {:.1} times", other[index].cpu_ms / probed[index].cpu_ms);
    }
    for (name, runs) in [("native", &native), ("wasm", &wasm)] {
        println!("{name} growth exponent 100 to 10000: {:.2}", growth(&runs[1], &runs[3], 100.0));
    }
    println!("{} growth exponent 10 to 100: {:.2}", OTHER.0, growth(&other[0], &other[1], 10.0));
    if write {
        let table =
            table(&native, &wasm, (&probed, &other), &seeks, &forecasts, engine_versions(&engine)?);
        write_between(&crate::root().join("docs/performance.md"), BEGIN, END, &table)?;
        say("docs/performance.md is written");
    }
    Ok(())
}

/// The value of a line `NAME VALUE`.
fn value(text: &str, name: &str) -> Done<f64> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
        .ok_or_else(|| Failure::new(format!("no {name} in the measurement:\n{text}")))
}

fn measured(text: &str) -> Done<Measured> {
    Ok(Measured {
        cpu_ms: value(text, "cpu_ms")?,
        memory_mb: value(text, "memory_mb")?,
        events: value(text, "events").unwrap_or_default(),
    })
}

fn print(name: &str, size: u32, measured: &Measured) -> Measured {
    println!("{name} rollout {size}: {:.3} ms", measured.cpu_ms);
    println!("{name} memory {size}: {:.1} MB", measured.memory_mb);
    // A rollout is a script being replayed.
    if measured.events > 0.0 {
        let per_second = measured.events / measured.cpu_ms * 1e3;
        println!("{name} replay {size}: {per_second:.0} events/s");
    }
    measured.clone()
}

/// n in time ∝ replicas^n.
fn growth(small: &Measured, large: &Measured, factor: f64) -> f64 {
    (large.cpu_ms / small.cpu_ms).ln() / factor.ln()
}

/// The same work in the other playground. It runs in real time, so this takes as long.
fn other_rollout(engine: &Engine, size: u32) -> Done<Measured> {
    let folder = tools::npm_package(OTHER.0, OTHER.1)?;
    say(format_args!("{} with {size} replicas, in real time", OTHER.0));
    let script = crate::root().join("tests/wasm/webernetes.mjs");
    let package = folder.join("node_modules").join(OTHER.0).join("dist").join("index.js");
    let text =
        output_of(Command::new(engine.node()).arg(script).arg(package).arg(size.to_string()))?;
    measured(&text)
}

fn engine_versions(engine: &Engine) -> Done<String> {
    let rustc = output_of(Command::new("rustc").arg("--version"))?;
    let node = output_of(Command::new(engine.node()).arg("--version"))?;
    let rustc: Vec<&str> = rustc.split_whitespace().take(2).collect();
    Ok(format!("{}, Node {}, {} {}", rustc.join(" "), node.trim(), OTHER.0, OTHER.1))
}

fn table(
    native: &[Measured],
    wasm: &[Measured],
    (probed, other): (&[Measured], &[Measured]),
    seeks: &[(u32, f64, f64)],
    forecasts: &[f64],
    versions: String,
) -> String {
    let mut text = format!(
        "Measured with {versions}.\n\n\
         | replicas | events | native CPU | native peak memory | wasm CPU | wasm peak memory |\n\
         |---:|---:|---:|---:|---:|---:|\n"
    );
    for (index, size) in SIZES.iter().enumerate() {
        let (one, two) = (&native[index], &wasm[index]);
        text.push_str(&format!(
            "| {size} | {:.0} | {:.2} ms | {:.1} MB | {:.2} ms | {:.1} MB |\n",
            one.events, one.cpu_ms, one.memory_mb, two.cpu_ms, two.memory_mb
        ));
    }
    text.push_str(&format!(
        "\nGrowth exponent from 100 to 10,000 replicas (1 is linear): native {:.2}, wasm {:.2}; {} from 10 to 100: {:.2}.\n"
        , growth(&native[1], &native[3], 100.0),
        growth(&wasm[1], &wasm[3], 100.0),
        OTHER.0,
        growth(&other[0], &other[1], 10.0),
    ));
    text.push_str(&format!(
        "\n| replicas, pods with a readiness probe | wasm CPU | wasm peak memory | {} CPU | its peak memory | ratio |\n\
         |---:|---:|---:|---:|---:|---:|\n",
        OTHER.0
    ));
    for (index, size) in OTHER_SIZES.iter().enumerate() {
        let (ours, theirs) = (&probed[index], &other[index]);
        text.push_str(&format!(
            "| {size} | {:.2} ms | {:.1} MB | {:.0} ms | {:.0} MB | {:.0} |\n",
            ours.cpu_ms,
            ours.memory_mb,
            theirs.cpu_ms,
            theirs.memory_mb,
            theirs.cpu_ms / ours.cpu_ms
        ));
    }
    text.push_str(
        "\n| seek within ten minutes (wasm) | median | longest of 600 |\n|---|---:|---:|\n",
    );
    for (size, median, max) in seeks {
        text.push_str(&format!("| {size} replicas | {median:.2} ms | {max:.2} ms |\n"));
    }
    text.push_str("\n| forecast of 10 replicas under 12 seeds (wasm) | CPU |\n|---|---:|\n");
    for (what, ms) in ["a new image", "an image that is missing"].iter().zip(forecasts) {
        text.push_str(&format!("| {what} | {ms:.1} ms |\n"));
    }
    text
}

/// Replaces what stands between two marks of a file.
pub(crate) fn write_between(file: &std::path::Path, begin: &str, end: &str, text: &str) -> Done {
    let whole = std::fs::read_to_string(file)?;
    std::fs::write(file, replaced(&whole, begin, end, text)?)?;
    Ok(())
}

/// A text with what stands between two marks replaced.
pub(crate) fn replaced(whole: &str, begin: &str, end: &str, text: &str) -> Done<String> {
    let parts = whole.split_once(begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(end)?;
        Some((before, after))
    });
    let (before, after) =
        parts.ok_or_else(|| Failure::new(format!("the marks {begin} and {end} are missing")))?;
    Ok(format!("{before}{begin}\n{}\n{end}{after}", text.trim_end()))
}
