//! `rollscope sweep`: a script under many seeds.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use rollscope_api::SimDuration;
use rollscope_scenario::sweep::{SEEDS_MAX, SeedFacts, Summary, inputs_of_one_seed, parse_seeds};
use rollscope_scenario::{Script, span};

use crate::arguments::Arguments;
use crate::{Failure, files};

const HELP: &str = "\
Run a script under many seeds and tell how often something goes wrong.

Usage:
  rollscope sweep SCRIPT [--seeds N] [--json]

Options:
  --seeds N  the seeds from 1 to N (default 1000, at most 10000)
  --json     the summary as one JSON object

Rollouts that create a Deployment do not count for the floor and the lowest availability.
Exit code: 0 if nothing went wrong under these seeds, 1 if under any of them the floor was broken,
a request was lost or a rollout did not complete, 2 if something cannot be read. What went well
under some thousand seeds may still go wrong under another.
";

pub(crate) fn main(arguments: &[String]) -> Result<u8, Failure> {
    let (mut path, mut seeds, mut json) = (None, 1_000, false);
    let mut arguments = Arguments::new(arguments);
    while let Some((name, argument)) = arguments.advance() {
        match name {
            "--help" | "-h" => {
                print!("{HELP}");
                return Ok(0);
            }
            "--seeds" => {
                let wrong = |message| Failure::new(format!("--seeds: {message}"));
                seeds = parse_seeds(&arguments.value()?).map_err(wrong)?;
            }
            "--json" => json = true,
            _ if name.starts_with('-') => {
                return Err(Failure::new(format!("unknown option {name}")));
            }
            _ if path.is_none() => path = Some(argument.clone()),
            _ => {
                return Err(Failure::new(format!(
                    "one script at a time: {argument:?} is too much"
                )));
            }
        }
    }
    let path = path.ok_or_else(|| Failure::new("a script is needed"))?;
    let script = files::script(&path)?;
    let summary = sweep(&script, seeds.min(SEEDS_MAX));
    if json {
        let json = serde_json::to_string_pretty(&summary);
        println!("{}", json.map_err(|error| Failure::new(error.to_string()))?);
    } else {
        print!("{}", tell(&summary, &script, &path));
    }
    Ok(u8::from(!summary.is_clean()))
}

/// Every processor takes the next seed. The summary does not depend on who took which.
fn sweep(script: &Script, seeds: u32) -> Summary {
    let shows_progress = std::io::stderr().is_terminal();
    let next = AtomicU32::new(1);
    let summary = Mutex::new(Summary::default());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > seeds {
                        return;
                    }
                    let facts = SeedFacts::of(script, u64::from(seed));
                    let mut summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
                    summary.add(facts);
                    if shows_progress {
                        eprint!("\r{} of {seeds} seeds", summary.tried);
                    }
                }
            });
        }
    });
    if shows_progress {
        eprintln!();
    }
    summary.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn tell(summary: &Summary, script: &Script, path: &str) -> String {
    let Summary { tried, broke_floor, incomplete, lost, .. } = summary;
    let time = |ms: i64| span::format(SimDuration::from_millis(ms));
    let mut told = String::new();
    let _ = writeln!(told, "{tried} seeds");
    let _ = writeln!(told, "  fewer pods available than the floor   under {broke_floor}");
    if summary.has_clients {
        let all = summary.lost_requests;
        let _ =
            writeln!(told, "  requests lost                         under {lost}, {all} in all");
    }
    let _ = writeln!(told, "  a rollout did not complete            under {incomplete}");
    for (lowest, count) in &summary.lowest_available {
        let _ = writeln!(told, "  at least {lowest:<3} available at all times    under {count}");
    }
    if let Some(shortest) = summary.shortest_ms {
        let (shortest, longest) = (time(shortest), time(summary.longest_ms));
        let _ = writeln!(told, "  the longest rollout took              {shortest}–{longest}");
    }
    let bound = inputs_of_one_seed(script);
    if bound > 0 {
        let _ = writeln!(
            told,
            "  note: {bound} inputs name pods, whose names are drawn from the seed: under other \
             seeds they do nothing"
        );
    }
    if let Some(worst) = summary.worst.filter(|_| !summary.is_clean()) {
        let seed = worst.seed;
        let _ =
            writeln!(told, "It went worst under seed {seed}: rollscope run --seed {seed} {path}");
    } else {
        told.push_str("Nothing went wrong under these seeds.\n");
    }
    told
}
