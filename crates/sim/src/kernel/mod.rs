//! The kernel of the simulation: a queue of what is going to happen, and keyed chance.
//!
//! It knows nothing of Kubernetes.

mod queue;
mod random;

pub use queue::Queue;
pub use random::{Draw, Random};
