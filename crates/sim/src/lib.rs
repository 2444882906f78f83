//! The simulated cluster: a deterministic discrete-event simulation of a Kubernetes v1.36 control
//! plane and its nodes.
//!
//! It knows no browser, no command line, no clock and no chance but the seeded one.
//! The same seed and the same requests at the same moments give the same bytes.

#[macro_use]
mod words;

mod addresses;
mod apiserver;
mod client;
mod cluster;
pub mod controller;
mod core;
mod ctx;
mod event_log;
pub mod kernel;
pub mod kubelet;
mod machine;
mod node_action;
mod options;
mod pod_client;
mod recorder;
pub mod scheduler;
mod sim_event;
pub mod store;
pub mod traffic;
mod watch;
mod work_queue;
pub mod world;

pub use cluster::Cluster;
pub use ctx::{Ctx, pod_key, pod_reference};
pub use kubelet::PodAction;
pub use machine::MachineAction;
pub use node_action::{ActionKind, NodeAction, RevisionChoice};
pub use options::{ClusterOptions, Pace, Termination};
pub use pod_client::PODS_MAX;
pub use recorder::Report;
pub use sim_event::{SimEvent, Work};
pub use world::World;
