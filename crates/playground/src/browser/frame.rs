//! Frames: asked for while something moves, and measured.

use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::utils::window;
use rollscope_playground::model::Msg;
use yew::Callback;

/// The frames of the page.
#[derive(Default)]
pub struct Frames {
    /// The one that is asked for.
    pending: Option<AnimationFrame>,
    /// When the last one was, in milliseconds; nothing after a rest.
    last_ms: Option<f64>,
    /// When the work on the last one began.
    began_ms: f64,
    /// What the work on the last one took, in microseconds.
    work_us: i64,
}

impl Frames {
    /// Asks for a frame, if one is wanted and none is asked for.
    pub fn ask(&mut self, wanted: bool, send: &Callback<f64>) {
        match (wanted, &self.pending) {
            (true, None) => {
                let send = send.clone();
                self.pending = Some(request_animation_frame(move |at_ms| send.emit(at_ms)));
            }
            (false, None) => self.last_ms = None,
            (_, Some(_)) => {}
        }
    }

    /// The frame has come: what the model is told.
    pub fn come(&mut self, at_ms: f64) -> Msg {
        self.pending = None;
        let before = self.last_ms.replace(at_ms).unwrap_or(at_ms - 16.0);
        self.began_ms = now_ms();
        Msg::Frame { elapsed_us: ((at_ms - before) * 1e3) as i64, work_us: self.work_us }
    }

    /// The frame has been drawn.
    pub fn drawn(&mut self) {
        self.work_us = ((now_ms() - self.began_ms) * 1e3) as i64;
    }
}

fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
