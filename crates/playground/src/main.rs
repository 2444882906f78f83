//! The page: a Yew application over the simulated cluster.
//!
//! `browser` is the only place that touches web-sys; `view` makes markup of the model.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
use rollscope_memory as _;

#[cfg(target_arch = "wasm32")]
fn main() {
    browser::start::<view::App>();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The page runs in a browser: cargo xtask serve");
}
