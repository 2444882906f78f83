//! The memory of our wasm modules: the page's and the engine's alone. Natively nothing is installed.
//!
//! It is a crate of its own so that it is compiled for speed, as the simulation is, wherever it is
//! used (the profile says so by package), and so that all unsafe code of the workspace stands in one
//! place. It knows no other crate.

mod bytes;
mod small;

pub use small::Small;

/// Quicker than the standard allocator with the many small objects of a simulation, and smaller.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: Small<talc::wasm::WasmDynamicTalc> =
    Small::new(talc::wasm::new_wasm_dynamic_allocator());
