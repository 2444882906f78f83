//! Everything that only a browser has. Nothing else touches web-sys.

pub mod address;
pub mod dots;
pub mod editor;
pub mod files;
pub mod frame;
pub mod glide;
mod intern;
mod job;
pub mod keeping;
pub mod keyboard;
pub mod page;
pub mod place;
pub mod recovery;
pub mod resize;
pub mod storage;
pub mod worker;

use wasm_bindgen::JsCast;
use yew::BaseComponent;

/// Puts the application in its place on the page. A worker has no page: there it does nothing.
pub fn start<A: BaseComponent<Properties = ()>>() {
    if js_sys::global().dyn_ref::<web_sys::Window>().is_none() {
        return;
    }
    recovery::install();
    intern::prepare();
    if let Some(root) = page::element("app") {
        root.set_inner_html("");
        yew::Renderer::<A>::with_root(root).render();
    }
}
