//! Patches: JSON merge, JSON patch, and Kubernetes' strategic merge.

mod json;
mod json_patch;
mod strategic;

pub use json::json_merge;
pub use json_patch::json_patch;
pub use strategic::{strategic_merge, three_way, two_way};
