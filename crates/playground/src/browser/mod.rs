//! Everything that only a browser has. Nothing else touches web-sys.

pub mod address;
pub mod dots;
pub mod editor;
pub mod files;
pub mod frame;
pub mod glide;
pub mod keeping;
pub mod keyboard;
pub mod page;
pub mod place;
pub mod recovery;
pub mod resize;
pub mod storage;

use yew::BaseComponent;

/// Puts the application in its place on the page.
pub fn start<A: BaseComponent<Properties = ()>>() {
    recovery::install();
    if let Some(root) = page::element("app") {
        root.set_inner_html("");
        yew::Renderer::<A>::with_root(root).render();
    }
}
