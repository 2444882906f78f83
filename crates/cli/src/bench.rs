//! `rollscope bench`: how long rollouts take. `cargo xtask bench` compares them with others'.

#![allow(clippy::disallowed_types, reason = "a benchmark is about real time")]

use std::time::Instant;

use rollscope_scenario::measure;

use crate::Failure;

const HELP: &str = "\
Measure rollouts: a Deployment is created, given a new image, and followed to the end.

Usage:
  rollscope bench                  rollouts of 10, 100, 1,000 and 10,000 replicas
  rollscope bench rollout N TIMES  one size, for other programs to read
  rollscope bench seek N           moments all over ten minutes of N replicas
";

pub(crate) fn main(arguments: &[String]) -> Result<u8, Failure> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => {
            for (replicas, times) in [(10, 9), (100, 9), (1_000, 5), (10_000, 3)] {
                let (cpu_ms, events) = rollout(replicas, times)?;
                println!("native rollout {replicas}: {cpu_ms:.3} ms ({events} events)");
            }
            println!("native peak memory: {:.1} MB", peak_memory_mb());
        }
        ["rollout", replicas, times] => {
            let (cpu_ms, events) = rollout(number(replicas)?, number(times)?)?;
            println!("cpu_ms {cpu_ms:.3}\nevents {events}\nmemory_mb {:.1}", peak_memory_mb());
        }
        ["seek", replicas] => seek(number(replicas)?),
        ["--help" | "-h"] => print!("{HELP}"),
        _ => {
            return Err(Failure::new(format!("bench does not know {}\n\n{HELP}", words.join(" "))));
        }
    }
    Ok(0)
}

fn number(text: &str) -> Result<u32, Failure> {
    let number = text.parse::<u32>().ok().filter(|number| (1..=100_000).contains(number));
    number.ok_or_else(|| Failure::new(format!("a number from 1 to 100000 is needed, not {text:?}")))
}

/// A moment to measure from: the processor's time of this thread where the system tells it
/// (Linux), otherwise the time that passes.
struct Since {
    cpu_ns: Option<u64>,
    real: Instant,
}

impl Since {
    fn now() -> Self {
        Self { cpu_ns: thread_cpu_ns(), real: Instant::now() }
    }

    fn elapsed_ms(&self) -> f64 {
        match (self.cpu_ns, thread_cpu_ns()) {
            (Some(before), Some(after)) => (after - before) as f64 / 1e6,
            _ => self.real.elapsed().as_secs_f64() * 1e3,
        }
    }
}

fn thread_cpu_ns() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

/// The median of several runs with different seeds, and the events of the last one.
fn rollout(replicas: u32, times: u32) -> Result<(f64, u32), Failure> {
    let mut runs = Vec::new();
    let mut events = 0;
    for seed in 1..=times {
        let start = Since::now();
        let rollout = measure::rollout(replicas, u64::from(seed));
        runs.push(start.elapsed_ms());
        events = rollout.events;
        if !rollout.complete {
            return Err(Failure::new(format!("the rollout of {replicas} replicas did not end")));
        }
    }
    runs.sort_by(f64::total_cmp);
    Ok((runs[runs.len() / 2], events))
}

fn seek(replicas: u32) {
    let mut seeks = measure::Seeks::new(replicas);
    let mut times: Vec<f64> = (0..seeks.count())
        .map(|number| {
            let start = Since::now();
            seeks.seek(number);
            start.elapsed_ms()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("median_ms {:.3}\nmax_ms {:.3}", times[times.len() / 2], times[times.len() - 1]);
}

/// The process's largest resident memory, where the system tells it (Linux).
fn peak_memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok());
    kilobytes.unwrap_or(0.0) / 1e3
}
