//! Which pods wait for an image: the kubelet says so in Events and nowhere else.

use std::collections::BTreeSet;

use rollscope_api::SimTime;
use rollscope_api::object::{Pod, Uid};
use rollscope_sim::Cluster;

/// The pods whose image is being pulled, kept up to date from one moment to the next.
#[derive(Clone, Debug, Default)]
pub struct Pulling {
    seen_until: SimTime,
    writes: u64,
    pods: BTreeSet<Uid>,
}

impl Pulling {
    /// Reads the Events written since the last look; all of them after a step back in time.
    pub fn follow(&mut self, cluster: &Cluster) {
        if cluster.now() < self.seen_until || cluster.event_writes() < self.writes {
            *self = Self::default();
        }
        for event in cluster.events_written_since(self.writes) {
            let uid = &event.involved_object.uid;
            match &*event.reason {
                "Pulling" => {
                    self.pods.insert(uid.clone());
                }
                "Pulled" | "Failed" | "BackOff" | "Killing" => {
                    self.pods.remove(uid);
                }
                _ => {}
            }
        }
        self.seen_until = cluster.now();
        self.writes = cluster.event_writes();
    }

    /// Whether an image is being pulled for a pod.
    pub fn waits(&self, pod: &Pod) -> bool {
        self.pods.contains(&pod.metadata.uid)
    }
}
