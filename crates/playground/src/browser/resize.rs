//! The size of an element, as it changes.

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};
use yew::Callback;

/// Watches an element as long as it is kept.
pub struct Watch {
    observer: ResizeObserver,
    _closure: Closure<dyn FnMut(Array)>,
}

impl Watch {
    /// Reports width and height, now and whenever they change.
    pub fn new(element: &Element, send: Callback<(f64, f64)>) -> Option<Self> {
        let closure = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let last = entries.get(entries.length().saturating_sub(1));
            if let Some(entry) = last.dyn_ref::<ResizeObserverEntry>() {
                let rect = entry.content_rect();
                send.emit((rect.width(), rect.height()));
            }
        });
        let callback: &JsValue = closure.as_ref();
        let observer = ResizeObserver::new(callback.unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _closure: closure })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
