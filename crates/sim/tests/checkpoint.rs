//! A clone is a checkpoint: it goes on exactly as the original does, and neither disturbs the other.

#![allow(missing_docs, reason = "a test says what it tests by its name")]

use std::fmt::Write as _;

use rollscope_api::{
    Api, ListOptions, PatchType, Resource, SimDuration, Subresource, Timestamp, WriteOptions,
};
use rollscope_sim::{Cluster, ClusterOptions, Pace, World};
use serde_json::json;

fn cluster(seed: u64) -> Cluster {
    Cluster::new(ClusterOptions {
        seed,
        start: Timestamp::from_secs(1_767_603_600).start(),
        world: World::default(),
        pace: Pace::Live,
    })
}

fn apply(cluster: &mut Cluster, replicas: i32) {
    let body = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "web" },
        "spec": {
            "replicas": replicas,
            "selector": { "matchLabels": { "app": "web" } },
            "template": {
                "metadata": { "labels": { "app": "web" } },
                "spec": { "containers": [{ "name": "web", "image": "web:1.0" }] },
            },
        },
    });
    cluster.create(Resource::Deployments, "default", body, &WriteOptions::default()).unwrap();
}

fn set_image(cluster: &mut Cluster, image: &str) {
    let containers = json!([{ "name": "web", "image": image }]);
    let body = json!({ "spec": { "template": { "spec": { "containers": containers } } } });
    let (none, kind) = (Subresource::None, PatchType::StrategicMerge);
    let options = WriteOptions::default();
    cluster.patch(Resource::Deployments, "default", "web", none, kind, body, &options).unwrap();
}

/// Every object in wire form.
fn dump(cluster: &mut Cluster) -> String {
    let mut text = format!("{} {}\n", cluster.now().as_micros(), cluster.version());
    for resource in Resource::ALL {
        for object in cluster.list(resource, None, &ListOptions::default()).unwrap() {
            let _ = writeln!(text, "{object}");
        }
    }
    text
}

#[test]
fn a_checkpoint_goes_on_as_the_original_does() {
    let mut original = cluster(7);
    apply(&mut original, 20);
    original.run_for(SimDuration::from_secs(30));
    set_image(&mut original, "web:2.0");
    let mut checkpoints = Vec::new();
    for _ in 0..40 {
        checkpoints.push((original.clone(), dump(&mut original)));
        original.run_for(SimDuration::from_millis(333));
    }
    let end = original.now() + SimDuration::from_secs(30);
    original.run_until(end);
    let expected = dump(&mut original);
    assert!(expected.contains("has successfully progressed"));
    for (number, (mut checkpoint, then)) in checkpoints.into_iter().enumerate() {
        assert_eq!(dump(&mut checkpoint), then, "checkpoint {number} was disturbed");
        checkpoint.run_until(end);
        assert!(dump(&mut checkpoint) == expected, "checkpoint {number} went another way");
    }
}

#[test]
fn a_run_can_be_repeated_and_a_seed_makes_a_difference() {
    let run = |seed| {
        let mut cluster = cluster(seed);
        apply(&mut cluster, 10);
        cluster.run_for(SimDuration::from_secs(12));
        set_image(&mut cluster, "web:bad");
        cluster.run_for(SimDuration::from_secs(60));
        dump(&mut cluster)
    };
    let first = run(1);
    assert!(first == run(1));
    assert!(first != run(2));
}

#[test]
fn a_fork_differs_only_in_what_it_does() {
    let mut original = cluster(3);
    apply(&mut original, 5);
    original.run_for(SimDuration::from_secs(30));
    let before = dump(&mut original);
    let mut fork = original.clone();
    set_image(&mut fork, "web:2.0");
    fork.run_for(SimDuration::from_secs(60));
    assert_eq!(dump(&mut original), before);
    original.run_for(SimDuration::from_secs(60));
    assert!(!dump(&mut original).contains("web:2.0"));
    assert!(dump(&mut fork).contains("web:2.0"));
}

#[test]
fn another_seed_changes_what_is_drawn_from_then_on() {
    let mut original = cluster(3);
    apply(&mut original, 5);
    original.run_for(SimDuration::from_secs(30));
    let at_rest = dump(&mut original);
    let then = |seed: Option<u64>| {
        let mut clone = original.clone();
        if let Some(seed) = seed {
            clone.reseed(seed);
        }
        let mut now = clone.clone();
        assert!(dump(&mut now) == at_rest, "what has happened stays");
        set_image(&mut clone, "web:2.0");
        clone.run_for(SimDuration::from_secs(60));
        dump(&mut clone)
    };
    assert!(then(Some(3)) == then(None), "its own seed changes nothing");
    assert!(then(Some(4)) == then(Some(4)));
    assert!(then(Some(4)) != then(None));
}
