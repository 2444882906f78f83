//! Events, as `get` and as their own command print them.

use super::*;

fn events() -> Vec<Value> {
    let event = |name: &str, more: Value| {
        let mut event = json!({
            "metadata": {"name": name, "namespace": "default"}, "type": "Normal", "reason": "R",
            "involvedObject": {"kind": "Pod", "name": "web-x", "fieldPath": "spec.containers{web}"},
            "source": {"component": "kubelet", "host": "n1"}, "message": format!(" {name} \n"),
        });
        for (key, value) in more.as_object().expect("fields") {
            event[key] = value.clone();
        }
        event
    };
    vec![
        event(
            "b-twice",
            json!({"count": 2, "firstTimestamp": "2026-01-02T02:00:00Z", "lastTimestamp": "2026-01-02T03:03:00Z"}),
        ),
        event(
            "a-once",
            json!({"count": 1, "firstTimestamp": "2026-01-02T03:00:00Z", "lastTimestamp": "2026-01-02T03:00:00Z"}),
        ),
        event(
            "c-new-api",
            json!({"eventTime": "2026-01-02T03:03:05.500000Z", "source": {}, "reportingComponent": "scheduler", "reportingInstance": "s-1"}),
        ),
        event(
            "d-series",
            json!({"eventTime": "2026-01-02T03:00:05.000000Z", "series": {"count": 7, "lastObservedTime": "2026-01-02T03:04:00.000000Z"}}),
        ),
        event(
            "e-lines",
            json!({"count": 1, "lastTimestamp": "2026-01-02T03:04:01Z", "message": "one\ntwo", "involvedObject": {"kind": "Node", "name": ""}}),
        ),
    ]
}

#[test]
fn events_as_get_prints_them() {
    check(
        Resource::Events,
        &events(),
        TableOptions::default(),
        expect![[r#"
        LAST SEEN   TYPE     REASON   OBJECT      MESSAGE
        65s         Normal   R        pod/web-x   b-twice
        4m5s        Normal   R        pod/web-x   a-once
        59s         Normal   R        pod/web-x   c-new-api
        5s          Normal   R        pod/web-x   d-series
        4s          Normal   R        node        one...
    "#]],
    );
    check(
        Resource::Events,
        &events(),
        wide(),
        expect![[r#"
        LAST SEEN   TYPE     REASON   OBJECT      SUBOBJECT              SOURCE           MESSAGE     FIRST SEEN   COUNT   NAME
        65s         Normal   R        pod/web-x   spec.containers{web}   kubelet, n1      b-twice     64m          2       b-twice
        4m5s        Normal   R        pod/web-x   spec.containers{web}   kubelet, n1      a-once      4m5s         1       a-once
        59s         Normal   R        pod/web-x   spec.containers{web}   scheduler, s-1   c-new-api   59s          1       c-new-api
        5s          Normal   R        pod/web-x   spec.containers{web}   kubelet, n1      d-series    4m           7       d-series
        4s          Normal   R        node                               kubelet, n1      one...      <unknown>    1       e-lines
    "#]],
    );
}

#[test]
fn events_as_their_own_command_prints_them() {
    let options = TableOptions { with_namespace: true, ..TableOptions::default() };
    expect![[r#"
        NAMESPACE   LAST SEEN           TYPE     REASON   OBJECT      MESSAGE
        default     4m5s                Normal   R        Pod/web-x   a-once
        default     65s (x2 over 64m)   Normal   R        Pod/web-x   b-twice
        default     59s                 Normal   R        Pod/web-x   c-new-api
        default     5s (x7 over 4m)     Normal   R        Pod/web-x   d-series
        default     <unknown>           Normal   R        Node/       one
        two
    "#]]
    .assert_eq(&events_table(&events(), &options, now()));
}

/// The line that a message goes on in has no cells; the rows below keep their columns all the same.
#[test]
fn events_keep_their_columns_across_a_message_of_several_lines() {
    let mut events = events();
    for event in &mut events {
        event["lastTimestamp"] = json!("2026-01-02T03:04:00Z");
    }
    events[0]["message"] = json!("one\ntwo");
    events.truncate(2);
    events[1]["reason"] = json!("ScalingReplicaSet");
    events.swap(0, 1);
    let again = events[0].clone();
    events.push(again);
    events[2]["reason"] = json!("R");
    expect![[r#"
        LAST SEEN          TYPE     REASON              OBJECT      MESSAGE
        4m5s               Normal   ScalingReplicaSet   Pod/web-x   a-once
        5s (x2 over 64m)   Normal   R                   Pod/web-x   one
        two
        4m5s               Normal   R                   Pod/web-x   a-once
    "#]]
    .assert_eq(&events_table(&events, &TableOptions::default(), now()));
}
