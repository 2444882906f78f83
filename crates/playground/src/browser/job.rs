//! The worker's side: what `www/worker.js` calls of this module.

use rollscope_playground::model::job::Job;
use wasm_bindgen::prelude::*;

/// A request being worked on in a worker.
#[wasm_bindgen]
pub struct WorkerJob(Job);

#[wasm_bindgen]
impl WorkerJob {
    /// Takes up a request, which is JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(request: &str) -> Self {
        Self(Job::from_json(request))
    }

    /// Goes on by about so many simulation events. Returns whether there is more to do.
    pub fn advance(&mut self, budget_events: usize) -> bool {
        self.0.advance(budget_events)
    }

    /// What is known so far, as JSON.
    pub fn report(&self) -> String {
        serde_json::to_string(&self.0.report()).unwrap_or_default()
    }
}
