//! Objects as one sees them: what two runs are told apart by, without versions, uids and clocks.

use std::collections::BTreeSet;

use rollscope_api::Value;
use rollscope_api::object::{ContainerState, Pod};
use rollscope_sim::store::{Key, Store};

use crate::trace::write_state;

/// What is compared of a cluster: kinds in the order in which a cause shows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Deployment,
    ReplicaSet,
    Pod,
}

/// One object's name in both runs.
pub(super) type Named = (Kind, Key);

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::ReplicaSet => "ReplicaSet",
            Self::Pod => "Pod",
        }
    }
}

/// The objects written after a version, in no order that matters.
pub(super) fn written_since(store: &Store, version: u64) -> Vec<Named> {
    let is_new = |written: u64| written > version;
    let deployments = store
        .deployments()
        .filter(|(_, one)| is_new(one.metadata.resource_version))
        .map(|(key, _)| (Kind::Deployment, key.clone()));
    let sets = store
        .replica_sets()
        .filter(|(_, one)| is_new(one.metadata.resource_version))
        .map(|(key, _)| (Kind::ReplicaSet, key.clone()));
    let pods = store
        .pods()
        .filter(|(_, pod)| is_new(pod.metadata.resource_version))
        .map(|(_, pod)| (Kind::Pod, Key::of(&pod.metadata)));
    deployments.chain(sets).chain(pods).collect()
}

/// The names of all Deployments and ReplicaSets: there are few of them.
pub(super) fn owners(store: &Store) -> BTreeSet<Named> {
    let deployments = store.deployments().map(|(key, _)| (Kind::Deployment, key.clone()));
    let sets = store.replica_sets().map(|(key, _)| (Kind::ReplicaSet, key.clone()));
    deployments.chain(sets).collect()
}

/// The names of all pods.
pub(super) fn pods(store: &Store) -> BTreeSet<Named> {
    store.pods().map(|(_, pod)| (Kind::Pod, Key::of(&pod.metadata))).collect()
}

/// The lines an object is seen as; `None` where it is not there.
pub(super) fn face(store: &Store, named: &Named) -> Option<Vec<String>> {
    let (kind, key) = named;
    let text = match kind {
        Kind::Deployment => write_state(&[store.deployment(key)?.to_value()], &[], &[], true),
        Kind::ReplicaSet => {
            // Pods are looked at one by one, not as a ReplicaSet's count.
            let set = store.replica_set(key)?.to_value();
            write_state(&[], &[set], &[], true).replace(" pods=none", "")
        }
        Kind::Pod => pod_face(store.pod(store.pod_id(key)?)?),
    };
    Some(text.lines().map(|line| line.trim().to_owned()).collect())
}

fn pod_face(pod: &Pod) -> String {
    let statuses = &pod.status.container_statuses;
    let ready = statuses.iter().filter(|status| status.ready).count();
    let containers = pod.spec["containers"].as_array().map_or(0, Vec::len);
    let restarts: i32 = statuses.iter().map(|status| status.restart_count).sum();
    let node = pod.node_name.as_deref().unwrap_or("-");
    let mut text = format!(
        "pod {} {} ready={ready}/{containers} restarts={restarts} node={node}",
        pod.metadata.name,
        pod.status.phase.as_str(),
    );
    if pod.metadata.deletion_timestamp.is_some() {
        text.push_str(" terminating");
    }
    if !pod.status.reason.is_empty() {
        text.push_str(&format!(" {}", pod.status.reason));
    }
    let states = pod.status.init_container_statuses.iter().chain(statuses);
    for status in states {
        match &status.state {
            ContainerState::Waiting { reason, .. } => {
                text.push_str(&format!(" {}:{reason}", status.name));
            }
            ContainerState::Terminated { reason, exit_code, .. } => {
                text.push_str(&format!(" {}:{reason}({exit_code})", status.name));
            }
            ContainerState::Running { .. } | ContainerState::None => {}
        }
    }
    let images = pod.spec["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let image = |container: &Value| container["image"].as_str().unwrap_or_default().to_owned();
    let images: Vec<String> = images.iter().map(image).collect();
    text.push_str(&format!(" images={}", images.join(",")));
    text
}
