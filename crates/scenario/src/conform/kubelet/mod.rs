//! `kubelet/*.txt`: the life of a Deployment's pods over a real kubelet, moment by moment.
//!
//! The same Deployment and the same commands run in a live cluster whose world is the recording's
//! scripted runtime. Compared is, pod by pod: the statuses, the Events and the rows of
//! `kubectl get pods`, each in their order, and when they came. What is chance in the recording is
//! told in [`compare`].

mod compare;
mod observe;
mod recording;
#[cfg(test)]
mod tests;
mod world;

use rollscope_api::Value;
use rollscope_sim::World;

use super::CaseResult;
use recording::{Moment, PodLife, Recording};

/// Seeds, and what the kubelet adds to a wait before a retry, in percent. Both are chance in a
/// recording: one of these runs has to agree with it in everything. The first is the likeliest.
const CHANCES: [(u64, u32); 11] = [
    (1, 25),
    (2, 35),
    (3, 15),
    (4, 40),
    (5, 10),
    (6, 45),
    (7, 30),
    (8, 20),
    (9, 5),
    (10, 50),
    (11, 0),
];

/// Replays a recording. `manifest` is the case's entry of `manifests.json`.
pub fn check(text: &str, manifest: &str) -> CaseResult {
    let mut result = CaseResult::default();
    let recording = match Recording::parse(text) {
        Ok(recording) => recording,
        Err(wrong) => {
            result.compare("the recording can be read", "", &format!("{wrong}\n"));
            return result;
        }
    };
    let case: Value = match serde_json::from_str(manifest) {
        Ok(case) => case,
        Err(wrong) => {
            result.compare("the manifest can be read", "", &format!("{wrong}\n"));
            return result;
        }
    };
    let world = world::scripted(&recording, &case);
    let attempts = CHANCES.iter().map(|chance| attempt(&recording, &case, &world, *chance));
    let mut first = None;
    for attempt in attempts {
        if attempt.passed() {
            return attempt;
        }
        first.get_or_insert(attempt);
    }
    first.unwrap_or_default()
}

/// One run of the recorded Deployment, compared.
fn attempt(recording: &Recording, case: &Value, world: &World, chance: (u64, u32)) -> CaseResult {
    let mut result = CaseResult::default();
    let (seed, jitter) = chance;
    let mut world = world.clone();
    world.kubelet.retry_jitter_percent = Some(jitter);
    match observe::run(recording, &case["manifest"], world, seed) {
        Ok(simulated) => compare::compare(recording, &simulated, &mut result),
        Err(wrong) => result.compare("the Deployment is created", "", &format!("{wrong}\n")),
    }
    result
}
