//! Words that go to the browser all the time are handed over once: making a text of the browser's of
//! each anew costs more than what is done with it.

use rollscope_playground::model::pod_state::PodState;
use rollscope_playground::model::rollout::Accent;
use wasm_bindgen::intern;

use crate::view::pod::{dot_class, pod_class};

/// Names of elements, and names and values of attributes that hundreds of pods have.
const WORDS: [&str; 30] = [
    "div",
    "span",
    "i",
    "b",
    "td",
    "tr",
    "li",
    "path",
    "text",
    "g",
    "button",
    "role",
    "class",
    "aria-label",
    "aria-current",
    "aria-hidden",
    "data-pod",
    "data-state",
    "data-revision",
    "data-part",
    "data-glide",
    "tabindex",
    "listitem",
    "none",
    "0",
    "-1",
    "true",
    "false",
    "1",
    "2",
];

/// Hands them over.
pub fn prepare() {
    for word in WORDS {
        intern(word);
    }
    for state in PodState::ALL {
        intern(state.as_str());
        for accent in Accent::all() {
            intern(&dot_class(state, accent));
            intern(&pod_class(state, accent));
        }
    }
}
