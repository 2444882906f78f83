//! The worker's side: what `www/worker.js` calls of this module.

use rollscope_playground::model::job::{Bench, Job};
use wasm_bindgen::prelude::*;

/// Where a worker works on one request after the other.
#[wasm_bindgen]
#[derive(Default)]
pub struct WorkerBench {
    bench: Bench,
    job: Option<Job>,
}

#[wasm_bindgen]
impl WorkerBench {
    /// Nothing has been worked on yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up a request, which is JSON, in place of the one before.
    pub fn begin(&mut self, request: &str) {
        self.job = Some(Job::from_json(&mut self.bench, request));
    }

    /// Leaves the request.
    pub fn stop(&mut self) {
        self.job = None;
    }

    /// Goes on by about so many simulation events. Returns whether there is more to do.
    pub fn advance(&mut self, budget_events: usize) -> bool {
        self.job.as_mut().is_some_and(|job| job.advance(budget_events))
    }

    /// What is known so far, as JSON.
    pub fn report(&self) -> String {
        let report = self.job.as_ref().map(|job| serde_json::to_string(&job.report()));
        report.and_then(Result::ok).unwrap_or_default()
    }
}
