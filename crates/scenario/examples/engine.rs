//! The engine as a wasm module without a page: for the test that wasm and native runs are the
//! same, and for the benchmark. `cargo xtask test wasm` builds it.

#![cfg(target_arch = "wasm32")]

use rollscope_scenario::trace::{Trace, run_to_text, script_trace};
use rollscope_scenario::{Script, measure};
use wasm_bindgen::prelude::*;

/// As in the page.
use rollscope_memory as _;

/// The trace of a script, or the error that its text gives.
#[wasm_bindgen]
pub fn script(text: &str) -> String {
    match Script::from_yaml(text) {
        Ok(script) => script_trace(&script, None),
        Err(error) => format!("error: {error}\n"),
    }
}

/// A recorded trace as the simulation runs it, or the error that its text gives.
#[wasm_bindgen]
pub fn recording(text: &str) -> String {
    match Trace::parse(text) {
        Ok(trace) => run_to_text(&trace),
        Err(error) => format!("error: {error}\n"),
    }
}

/// Runs the benchmark's rollout. Returns the number of simulation events.
#[wasm_bindgen]
pub fn rollout(replicas: u32, seed: u32) -> u32 {
    measure::rollout(replicas, u64::from(seed)).events
}

/// The same with pods that have a readiness probe.
#[wasm_bindgen]
pub fn probed_rollout(replicas: u32, seed: u32) -> u32 {
    measure::probed_rollout(replicas, u64::from(seed)).events
}

/// How large the module's memory has grown: it never shrinks.
#[wasm_bindgen]
pub fn memory_bytes() -> f64 {
    const PAGE: f64 = 65_536.0;
    core::arch::wasm32::memory_size::<0>() as f64 * PAGE
}

/// Prepares ten minutes of a rollout for [`Seeks::seek`].
#[wasm_bindgen]
pub struct Seeks(measure::Seeks);

#[wasm_bindgen]
impl Seeks {
    /// Computes the ten minutes.
    #[wasm_bindgen(constructor)]
    pub fn new(replicas: u32) -> Self {
        Self(measure::Seeks::new(replicas))
    }

    /// Goes to one of many moments all over the ten minutes.
    pub fn seek(&mut self, number: u32) -> u32 {
        self.0.seek(number)
    }
}

/// A Deployment that has come up, for [`Forecasts::ask`].
#[wasm_bindgen]
pub struct Forecasts(measure::Forecasts);

#[wasm_bindgen]
impl Forecasts {
    /// Lets it come up.
    #[wasm_bindgen(constructor)]
    pub fn new(replicas: u32, tag: &str) -> Self {
        Self(measure::Forecasts::new(replicas, tag))
    }

    /// The whole forecast of a new image.
    pub fn ask(&self) -> bool {
        self.0.ask()
    }
}
