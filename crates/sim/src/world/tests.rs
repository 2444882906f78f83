use serde_json::json;

use super::{World, matches_pattern};

fn world(value: serde_json::Value) -> Result<World, String> {
    let world: World = serde_json::from_value(value).map_err(|error| error.to_string())?;
    world.validate().map_err(|error| error.to_string())?;
    Ok(world)
}

fn check(value: serde_json::Value, wanted: &str) {
    let error = world(value).expect_err("this world cannot be");
    assert!(error.contains(wanted), "{error:?} does not say {wanted:?}");
}

#[test]
fn patterns_match() {
    for (pattern, text, matches) in [
        ("*", "", true),
        ("*:bad*", "my-app:bad", true),
        ("*:bad*", "bad:1.0", false),
        ("a*b*c", "axxbyyc", true),
        ("a*b*c", "axxbyy", false),
        ("web:?.0", "web:1.0", true),
        ("web:?.0", "web:10.0", false),
        ("", "", true),
        ("", "a", false),
    ] {
        assert_eq!(matches_pattern(pattern, text), matches, "{pattern} and {text}");
    }
}

#[test]
fn nodes_are_a_number_a_group_or_groups() {
    let names = |value| -> Vec<String> {
        world(json!({ "nodes": value })).unwrap().nodes.named().map(|(name, _)| name).collect()
    };
    assert_eq!(names(json!(2)), ["node-0", "node-1"]);
    assert_eq!(names(json!({"count": 2, "cpu": "1"})), ["node-0", "node-1"]);
    let groups = json!([{"name": "big"}, {"count": 2}, {"name": "gpu", "count": 2}, {}]);
    assert_eq!(names(groups), ["big", "node-0", "node-1", "gpu-0", "gpu-1", "node-2"]);
    assert_eq!(names(json!([])), [""; 0]);
}

#[test]
fn worlds_survive_being_written() {
    let value = json!({
        "nodes": [{"count": 2, "taints": [{"key": "a", "effect": "NoSchedule"}]}],
        "images": [{"image": "web:*", "pull_ms": [10, 20], "crash_after_ms": 5}],
        "probes": [{"asks": "cat never", "fails": true, "output": "not yet"}],
        "traffic": {"requests_per_second": 500, "service": "web*", "begins": "service"},
        "delays": {"proxy_ms": 500},
    });
    let read = world(value).unwrap();
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(world(written).unwrap(), read);
    assert_eq!(World::default(), world(json!({})).unwrap());
}

#[test]
fn senseless_worlds_name_their_field() {
    check(json!({"node": 3}), "unknown field `node`");
    check(json!({"nodes": -1}), "less than none");
    check(json!({"nodes": 1_000_000}), "world.nodes: 1000000 nodes");
    check(json!({"nodes": {"cpu": "lots"}}), "world.nodes[0].cpu");
    check(json!({"nodes": {"memory": "-1Gi"}}), "world.nodes[0].memory");
    check(json!({"nodes": [{"name": "a"}, {"name": "a"}]}), "two nodes are named \"a\"");
    check(json!({"nodes": {"name": "A b"}}), "world.nodes[0].name");
    check(json!({"nodes": {"taints": [{"key": "a", "effect": "Never"}]}}), "taints[0].effect");
    check(json!({"images": [{"image": "a", "pull_ms": [5, 3]}]}), "reversed");
    check(json!({"images": [{"image": "a", "pull_ms": -5}]}), "negative");
    check(json!({"images": [{"image": "a", "pul_ms": 5}]}), "unknown field `pul_ms`");
    check(json!({"images": [{"image": ""}]}), "world.images[0].image");
    check(json!({"images": [{"start_ms": 100_000_000}]}), "world.images[0].start_ms");
    check(json!({"images": [{"exit_code": 999}]}), "world.images[0].exit_code");
    check(json!({"images": [{"error_percent": 101}]}), "world.images[0].error_percent");
    check(json!({"probes": [{"status_code": 200}]}), "world.probes[0].status_code");
    check(json!({"kubelet": {"relist_ms": 0}}), "world.kubelet.relist_ms");
    check(
        json!({"traffic": {"requests_per_second": -5}}),
        "requests_per_second: -5 is less than none",
    );
    check(json!({"traffic": {"requests_per_second": 5_001}}), "world.traffic.requests_per_second");
    check(json!({"traffic": {"requests_per_second": 1e300}}), "floating point");
    check(json!({"traffic": {"service": ""}}), "world.traffic.service");
    check(json!({"traffic": {"timeout_ms": 0}}), "world.traffic.timeout_ms");
    check(json!({"traffic": {"begins": "never"}}), "`first-endpoint` or `service`");
    check(json!({"traffic": {"rate": 5}}), "unknown field `rate`");
    check(json!({"delays": {"proxy_ms": [9, 3]}}), "reversed");
    check(json!({"delays": {"proxy_ms": -3}}), "negative");
    check(json!({"delays": {"endpoint_slice_ms": 100_000_000}}), "world.delays.endpoint_slice_ms");
}

#[test]
fn telling_tags_do_what_they_say() {
    let world = World::default();
    assert!(world.image("my-app:missing").missing);
    assert!(world.image("my-app:bad").crash_after_ms.is_some());
    assert!(world.image("my-app:never-ready").never_ready);
    assert!(world.image("my-app:slow").pull_ms.min_ms > world.image("my-app:1.0").pull_ms.max_ms);
    let error = world.image("my-app:missing").registry_error("my-app:missing").unwrap();
    assert!(error.ends_with("docker.io/library/my-app:missing: not found"), "{error}");
}
