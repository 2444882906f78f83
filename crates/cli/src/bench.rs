//! `rollscope bench`: how long rollouts take. `cargo xtask bench` compares them with others'.

#![allow(clippy::disallowed_types, reason = "a benchmark is about real time")]

use std::time::Instant;

use rollscope_api::order;
use rollscope_scenario::measure;

use crate::Failure;

const HELP: &str = "\
Measure rollouts: a Deployment is created, given a new image, and followed to the end.

Usage:
  rollscope bench                  rollouts of 10 to 10,000 replicas, and seeking
  rollscope bench rollout N TIMES  one size, for other programs to read
  rollscope bench seek N           moments all over ten minutes of N replicas
  rollscope bench forecast N TAG   the forecast of a new image of N replicas
";

pub(crate) fn main(arguments: &[String]) -> Result<u8, Failure> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => {
            for (replicas, times) in [(10, 100), (100, 20), (1_000, 5), (10_000, 2)] {
                let (cpu_ms, events) = rollout(replicas, times)?;
                println!("native rollout {replicas}: {cpu_ms:.3} ms ({events} events)");
            }
            for replicas in [100, 1_000] {
                let (new_ms, median_ms, max_ms) = seek(replicas);
                println!("native ten minutes {replicas} computed: {new_ms:.3} ms");
                println!("native seek {replicas} median: {median_ms:.3} ms");
                println!("native seek {replicas} longest: {max_ms:.3} ms");
            }
            for tag in ["2.0", "missing", "crash"] {
                let ms = forecast(10, tag);
                println!("native forecast 10 of web:{tag}: {ms:.3} ms");
            }
            println!("native peak memory: {:.1} MB", peak_memory_mb());
        }
        ["rollout", replicas, times] => {
            let (cpu_ms, events) = rollout(number(replicas)?, number(times)?)?;
            println!("cpu_ms {cpu_ms:.3}\nevents {events}\nmemory_mb {:.1}", peak_memory_mb());
        }
        ["seek", replicas] => {
            let (new_ms, median_ms, max_ms) = seek(number(replicas)?);
            println!("new_ms {new_ms:.3}\nmedian_ms {median_ms:.3}\nmax_ms {max_ms:.3}");
        }
        ["forecast", replicas, tag] => {
            println!("cpu_ms {:.3}", forecast(number(replicas)?, tag));
        }
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

/// The mean of several runs with different seeds, and the events of the last one. The system
/// counts the processor's time in ticks, so short runs are measured together.
fn rollout(replicas: u32, times: u32) -> Result<(f64, u32), Failure> {
    let mut events = 0;
    let start = Since::now();
    for seed in 1..=times {
        let rollout = measure::rollout(replicas, u64::from(seed));
        events = rollout.events;
        if !rollout.complete {
            return Err(Failure::new(format!("the rollout of {replicas} replicas did not end")));
        }
    }
    Ok((start.elapsed_ms() / f64::from(times.max(1)), events))
}

/// What computing ten minutes takes, and going to moments all over them: median and longest.
///
/// A seek is shorter than the tick at which the system counts a thread's time, so real time is
/// taken, of every moment the shortest of several visits: what else the machine does is not
/// measured.
fn seek(replicas: u32) -> (f64, f64, f64) {
    let start = Since::now();
    let mut seeks = measure::Seeks::new(replicas);
    let new_ms = start.elapsed_ms();
    let mut times = vec![f64::INFINITY; seeks.count() as usize];
    for _ in 0..5 {
        for (number, shortest) in (0..).zip(&mut times) {
            let start = Instant::now();
            seeks.seek(number);
            *shortest = shortest.min(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    order::sort_by(&mut times, f64::total_cmp);
    (new_ms, times[times.len() / 2], times[times.len() - 1])
}

/// What a whole forecast takes, under all its seeds: the mean of several.
fn forecast(replicas: u32, tag: &str) -> f64 {
    const TIMES: u32 = 20;
    let forecasts = measure::Forecasts::new(replicas, tag);
    let start = Since::now();
    for _ in 0..TIMES {
        forecasts.ask();
    }
    start.elapsed_ms() / f64::from(TIMES)
}

/// The process's largest resident memory, where the system tells it (Linux).
fn peak_memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok());
    kilobytes.unwrap_or(0.0) / 1e3
}
