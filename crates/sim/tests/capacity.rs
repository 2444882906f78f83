//! More than any machine holds: the cluster refuses with the real words, and comes back.

use rollscope_api::{Api, Resource, SimDuration, SimTime, WriteOptions};
use rollscope_sim::store::Key;
use rollscope_sim::{Cluster, ClusterOptions, PODS_MAX, Pace, World};
use serde_json::json;

#[test]
fn absurdly_many_replicas_fill_the_database_and_no_more() {
    let start = SimTime::from_micros(1_767_603_600_000_000);
    let options = ClusterOptions { seed: 1, start, world: World::default(), pace: Pace::Live };
    let mut cluster = Cluster::new(options);
    let deployment = |replicas: i32| {
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "web", "namespace": "default"},
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": {"app": "web"}},
                "template": {
                    "metadata": {"labels": {"app": "web"}},
                    "spec": {"containers": [{"name": "web", "image": "web:1.0"}]},
                },
            },
        })
    };
    let options = WriteOptions::default();
    cluster.create(Resource::Deployments, "default", deployment(i32::MAX), &options).unwrap();
    cluster.run_for(SimDuration::from_secs(60));
    assert_eq!(cluster.listers().pod_count(), PODS_MAX);
    let refusals: Vec<_> = cluster
        .listers()
        .events()
        .filter(|(_, event)| &*event.reason == "FailedCreate")
        .map(|(_, event)| event.message.to_string())
        .collect();
    assert!(
        refusals.iter().any(|message| message
            .ends_with("Error creating: etcdserver: mvcc: database space exceeded")),
        "{refusals:?}"
    );

    cluster.update(Resource::Deployments, "default", "web", deployment(2), &options).unwrap();
    cluster.run_for(SimDuration::from_secs(120));
    assert_eq!(cluster.listers().pod_count(), 2);
    let web = cluster.listers().deployment(&Key::new("default", "web")).unwrap();
    assert_eq!(web.status.available_replicas, 2);
}
