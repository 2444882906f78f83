//! Keys pressed anywhere on the page.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, window};
use rollscope_playground::model::keys::{KeyPress, Shortcut, shortcut};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::Callback;

/// Listens for shortcuts as long as it is kept.
pub fn listen(send: Callback<Shortcut>) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if event.default_prevented() || event.is_composing() {
            return;
        }
        if let Some(shortcut) = shortcut(&press(event)) {
            event.prevent_default();
            send.emit(shortcut);
        }
    })
}

fn press(event: &KeyboardEvent) -> KeyPress {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector: &str| {
        let found = target.as_ref().and_then(|target| target.closest(selector).ok().flatten());
        found.is_some()
    };
    KeyPress {
        key: event.key(),
        code: event.code(),
        shift: event.shift_key(),
        command: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        typing: within("input:not([type=range]), textarea, select, [contenteditable=true]"),
        on_control: within("button, summary, a, [role=tab], [role=listitem][tabindex]"),
        in_dialog: document().query_selector("dialog[open]").ok().flatten().is_some(),
    }
}
