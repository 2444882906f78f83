//! Which pods go first, pair by pair. Models `TestSortingActivePodsWithRanks`.

use rollscope_api::object::{Pod, PodPhase};
use rollscope_api::{Api, Resource, SimTime, Timestamp, WriteOptions};
use serde_json::json;

use super::victims;
use crate::controller::deployment::VictimRule;
use crate::store::{Key, PodId};
use crate::{Cluster, ClusterOptions, Pace, World};

/// A pod in the words of a case; what is left out is what favours it.
#[derive(Clone, Copy, Default)]
struct Case {
    unassigned: bool,
    phase: PodPhase,
    ready_at: Option<i64>,
    cost: &'static str,
    node: u32,
    restarts: i32,
    created_at: i64,
}

const NOW: i64 = 10_000;

/// Which of two pods goes when one has to: 0 or 1; and by which rule it goes before the other.
fn first_to_go(pods: [Case; 2], others_on_node_1: u32) -> (usize, VictimRule) {
    let mut cluster = Cluster::new(ClusterOptions {
        seed: 1,
        start: Timestamp::from_secs(NOW).start(),
        world: World::default(),
        pace: Pace::Still,
    });
    let template = json!({
        "metadata": { "labels": { "app": "web" } },
        "spec": { "containers": [{ "name": "web", "image": "web:1" }] },
    });
    let body = json!({
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": { "name": "web" },
        "spec": {
            "replicas": 2 + others_on_node_1,
            "selector": { "matchLabels": { "app": "web" } },
            "template": template,
        },
    });
    let options = WriteOptions::default();
    cluster.create(Resource::ReplicaSets, "default", body, &options).unwrap();
    cluster.settle();
    let ids: Vec<PodId> = cluster.listers().pods().map(|(id, _)| id).collect();
    let core = &mut cluster.core;
    let other = Case {
        phase: PodPhase::Running,
        ready_at: Some(1),
        node: 1,
        cost: "100",
        ..Case::default()
    };
    let cases = pods.into_iter().chain(std::iter::repeat_n(other, others_on_node_1 as usize));
    for (id, case) in ids.iter().zip(cases) {
        core.store.update_pod(*id, |pod| dress(pod, case));
    }
    core.now = SimTime::from_micros(NOW * 1_000_000);
    let set = core.store.replica_set(&Key::new("default", "web")).unwrap().clone();
    let chosen = victims::pods_to_delete(core, &set, 1);
    let victim = chosen.order[0];
    let first = ids.iter().position(|id| *id == victim).unwrap();
    (first, victims::rule(core, &chosen, victim, ids[1 - first]))
}

fn dress(pod: &mut Pod, case: Case) {
    pod.node_name = (!case.unassigned).then(|| format!("node-{}", case.node).as_str().into());
    pod.status.phase = case.phase;
    pod.metadata.creation_timestamp = Some(Timestamp::from_secs(case.created_at));
    if !case.cost.is_empty() {
        let cost = ("controller.kubernetes.io/pod-deletion-cost".to_owned(), case.cost.to_owned());
        pod.metadata.annotations = std::rc::Rc::new([cost].into());
    }
    let ready = case.ready_at.is_some();
    pod.status.conditions = serde_json::from_value(json!([{
        "type": "Ready",
        "status": if ready { "True" } else { "False" },
        "lastTransitionTime": Timestamp::from_secs(case.ready_at.unwrap_or(0)),
    }]))
    .unwrap();
    pod.status.container_statuses = serde_json::from_value(json!([{
        "name": "web", "restartCount": case.restarts,
    }]))
    .unwrap();
}

#[test]
fn pods_go_in_the_order_of_the_rules() {
    let pending = Case { phase: PodPhase::Pending, ..Case::default() };
    let running = Case { phase: PodPhase::Running, ..Case::default() };
    let ready = |at: i64| Case { ready_at: Some(at), ..running };
    let cases: [(VictimRule, &str, Case, Case); 9] = [
        (VictimRule::Unassigned, "without a node", Case { unassigned: true, ..ready(1) }, pending),
        (VictimRule::Phase, "pending", pending, Case { phase: PodPhase::Unknown, ..pending }),
        (VictimRule::Phase, "unknown", Case { phase: PodPhase::Unknown, ..pending }, running),
        (VictimRule::NotReady, "not ready", running, ready(9_999)),
        (VictimRule::DeletionCost, "costs less", Case { cost: "-5", ..ready(1) }, ready(9_999)),
        (
            VictimRule::DeletionCost,
            "costs less than one whose cost is no number",
            Case { cost: "-1", ..ready(1) },
            Case { cost: "+7", ..ready(1) },
        ),
        (VictimRule::ReadyLater, "ready since later", ready(9_990), ready(9_000)),
        (
            VictimRule::Restarts,
            "restarted more",
            Case { restarts: 3, ..ready(9_000) },
            Case { restarts: 1, ..ready(9_000) },
        ),
        (
            VictimRule::Younger,
            "created later",
            Case { created_at: 9_990, ..running },
            Case { created_at: 9_000, ..running },
        ),
    ];
    for (rule, why, first, second) in cases {
        assert_eq!(first_to_go([first, second], 0), (0, rule), "{why}");
        assert_eq!(first_to_go([second, first], 0), (1, rule), "{why}, the other way round");
    }
}

#[test]
fn pods_on_fuller_nodes_go_first() {
    let on =
        |node| Case { phase: PodPhase::Running, ready_at: Some(9_000), node, ..Case::default() };
    assert_eq!(first_to_go([on(1), on(2)], 2), (0, VictimRule::Crowded));
    assert_eq!(first_to_go([on(2), on(1)], 2), (1, VictimRule::Crowded));
    // Readiness comes before fullness, time of readiness after it.
    let late = Case { ready_at: Some(9_999), ..on(2) };
    assert_eq!(first_to_go([on(1), late], 2), (0, VictimRule::Crowded));
    // Of two that are alike the uid chooses.
    assert_eq!(first_to_go([on(3), on(3)], 0).1, VictimRule::Chance);
}
