//! How a cluster is set up.

use rollscope_api::SimTime;

use crate::World;

/// What a new cluster needs to know.
#[derive(Clone, Debug)]
pub struct ClusterOptions {
    /// All chance follows from it.
    pub seed: u64,
    /// The moment the simulation begins.
    pub start: SimTime,
    /// Nodes, images, times.
    pub world: World,
    /// How the nodes act.
    pub pace: Pace,
}

/// How the nodes act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// A scheduler and kubelets act, with times drawn from the seed.
    Live,
    /// As traces are recorded: pods are bound when they appear and change only when told to.
    Stepped {
        /// What becomes of pods that are being deleted.
        termination: Termination,
    },
    /// Neither scheduler nor nodes: pods stay Pending.
    Still,
}

/// What becomes of a pod that is being deleted where nodes are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Termination {
    /// It goes at once.
    Auto,
    /// It stays until it is told to terminate.
    Manual,
}
