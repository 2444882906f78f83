//! What a manifest cannot say: nodes, images and their times.

use rollscope_api::SimTime;
use rollscope_api::object::{Node, NodeSpec, ObjectMeta};
use serde::{Deserialize, Serialize};

/// The world a script runs in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct World {}

impl World {
    /// The nodes the cluster starts with.
    pub fn nodes(&self, _start: SimTime) -> Vec<Node> {
        (0..3)
            .map(|number| Node {
                metadata: ObjectMeta { name: format!("node-{number}"), ..ObjectMeta::default() },
                spec: NodeSpec::default(),
                status: serde_json::json!({}),
            })
            .collect()
    }
}
