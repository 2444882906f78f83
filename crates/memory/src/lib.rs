//! The memory of our wasm modules: the page's and the engine's alone. Natively there is nothing here.
//!
//! It is a crate of its own so that it is compiled for speed, as the simulation is, wherever it is
//! used: the profile says so by package. It knows no other crate.

/// Quicker than the standard allocator with the many small objects of a simulation, and smaller.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
