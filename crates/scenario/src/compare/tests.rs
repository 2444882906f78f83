use expect_test::{Expect, expect};
use rollscope_api::SimDuration;

use super::*;
use crate::input::Input;
use crate::measure::manifest;
use crate::script::{Script, TimedInput};

fn timeline(inputs: &[(i64, &str)]) -> Timeline {
    seeded(1, inputs)
}

fn seeded(seed: u64, inputs: &[(i64, &str)]) -> Timeline {
    let mut script = Script { seed, ..Script::default() };
    script.files.insert("web.yaml".to_owned(), manifest(4, "1.0"));
    script.inputs = inputs
        .iter()
        .map(|&(seconds, line)| TimedInput {
            at: SimDuration::from_secs(seconds),
            input: Input::Command { line: line.to_owned() },
        })
        .collect();
    let mut timeline = Timeline::new(script);
    while timeline.advance(usize::MAX) {}
    timeline
}

const APPLY: (i64, &str) = (0, "apply -f web.yaml");
const ROLLOUT: (i64, &str) = (30, "set image deployment/web web=web:2.0");

fn check(one: &[(i64, &str)], other: &[(i64, &str)], expected: Expect) {
    expected.assert_eq(&compare(&timeline(one), &timeline(other)).to_string());
}

#[test]
fn the_same_runs_do_not_differ() {
    check(
        &[APPLY, ROLLOUT],
        &[APPLY, ROLLOUT],
        expect![[r#"
        no difference
        - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8.244243s lastOldPodGone=6.914941s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
        + @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8.244243s lastOldPodGone=6.914941s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
    "#]],
    );
}

#[test]
fn a_pod_deleted_in_the_middle_is_the_first_difference() {
    let mut one = timeline(&[APPLY, ROLLOUT]);
    let start = one.start();
    let pod = {
        let session = one.state_at(start + SimDuration::from_secs(33));
        let pods = session.cluster().listers().pods();
        pods.map(|(_, pod)| pod).last().unwrap().metadata.name.clone()
    };
    let mut other = one.fork(start + SimDuration::from_secs(33));
    let line = format!("delete pod {pod} --wait=false");
    other.push_input(start + SimDuration::from_secs(33), Input::Command { line }).unwrap();
    while other.advance(usize::MAX) {}
    expect![[r#"
        @ 33s input
        - nothing
        + kubectl delete pod web-dd68f5c4b-47rj4 --wait=false
        @ 33s state Pod/web-dd68f5c4b-47rj4
        - pod web-dd68f5c4b-47rj4 Pending ready=0/1 restarts=0 node=node-1 web:ContainerCreating images=web:2.0
        + pod web-dd68f5c4b-47rj4 Pending ready=0/1 restarts=0 node=node-1 terminating web:ContainerCreating images=web:2.0
        @ 33.005006s event ReplicaSet/web-dd68f5c4b
        - nothing
        + Normal SuccessfulCreate: Created pod: web-dd68f5c4b-bvvxk
        - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8.244243s lastOldPodGone=6.914941s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
        + @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=7.743875s lastOldPodGone=7.489348s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=7
    "#]].assert_eq(&compare(&one, &other).to_string());
    // It does not depend on which is computed from which.
    let again = |timeline: &Timeline| {
        let mut again = Timeline::new(timeline.script().clone());
        again.state_at(timeline.computed_until());
        again
    };
    assert_eq!(
        compare(&again(&one), &again(&other)).differences,
        compare(&one, &other).differences
    );
}

#[test]
fn another_image_another_seed_another_moment() {
    check(
        &[APPLY, ROLLOUT],
        &[APPLY, (30, "set image deployment/web web=web:bad")],
        expect![[r#"
        @ 30s input
        - kubectl set image deployment/web web=web:2.0
        + kubectl set image deployment/web web=web:bad
        @ 30s state Deployment/web
        - deployment web generation=2 observed=1 revision=1 spec=4 replicas=4 updated=4 ready=4 available=4 unavailable=0 terminating=0 images=web:2.0
        + deployment web generation=2 observed=1 revision=1 spec=4 replicas=4 updated=4 ready=4 available=4 unavailable=0 terminating=0 images=web:bad
        @ 30.005047s event Deployment/web
        - Normal ScalingReplicaSet: Scaled up replica set web-dd68f5c4b from 0 to 1
        + Normal ScalingReplicaSet: Scaled up replica set web-667f548c99 from 0 to 1
        - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8.244243s lastOldPodGone=6.914941s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
        + @ 30s web rollout=2 revision=2 images=web:bad open complete=- lastOldPodGone=- availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
    "#]],
    );
    check(
        &[APPLY, ROLLOUT],
        &[APPLY, (32, ROLLOUT.1)],
        expect![[r#"
        @ 30s input
        - kubectl set image deployment/web web=web:2.0
        + nothing
        @ 30s state Deployment/web
        - deployment web generation=2 observed=1 revision=1 spec=4 replicas=4 updated=4 ready=4 available=4 unavailable=0 terminating=0 images=web:2.0
        + deployment web generation=1 observed=1 revision=1 spec=4 replicas=4 updated=4 ready=4 available=4 unavailable=0 terminating=0 images=web:1.0
        @ 30.005047s event Deployment/web
        - Normal ScalingReplicaSet: Scaled up replica set web-dd68f5c4b from 0 to 1
        + nothing
        - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8.244243s lastOldPodGone=6.914941s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
        + @ 32s web rollout=2 revision=2 images=web:2.0 complete complete=8.240943s lastOldPodGone=6.906414s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
    "#]],
    );
    expect![[r#"
        @ 0.00226s state Deployment/web
        - deployment web generation=1 observed=0 revision=- spec=4 replicas=0 updated=0 ready=0 available=0 unavailable=0 terminating=0 images=web:1.0
        + deployment web generation=1 observed=0 revision=1 spec=4 replicas=0 updated=0 ready=0 available=0 unavailable=0 terminating=0 images=web:1.0
        @ 0.00226s event Deployment/web
        - nothing
        + Normal ScalingReplicaSet: Scaled up replica set web-84c54799fc from 0 to 4
        - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.525061s lastOldPodGone=- availableMin=0 floor=3 belowFloor=4.819153s podsPeak=4 withTerminating=4
    "#]].assert_eq(&compare(&timeline(&[APPLY]), &seeded(2, &[APPLY])).to_string());
}

#[test]
fn inputs_that_change_nothing_are_told_as_such() {
    check(
        &[APPLY, (30, "get pods")],
        &[APPLY],
        expect![[r#"
        @ 30s input
        - kubectl get pods
        + nothing
        - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
    "#]],
    );
}

#[test]
fn rollouts_are_told_with_their_times() {
    check(
        &[APPLY, ROLLOUT, (33, "rollout undo deployment/web")],
        &[APPLY],
        expect![[r#"
        @ 30s input
        - kubectl set image deployment/web web=web:2.0
        + nothing
        @ 30s state Deployment/web
        - deployment web generation=2 observed=1 revision=1 spec=4 replicas=4 updated=4 ready=4 available=4 unavailable=0 terminating=0 images=web:2.0
        + deployment web generation=1 observed=1 revision=1 spec=4 replicas=4 updated=4 ready=4 available=4 unavailable=0 terminating=0 images=web:1.0
        @ 30.005047s event Deployment/web
        - Normal ScalingReplicaSet: Scaled up replica set web-dd68f5c4b from 0 to 1
        + nothing
        - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
        - @ 30s web rollout=2 revision=2 images=web:2.0 superseded complete=- lastOldPodGone=- availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
        + no such rollout
        - @ 33s web rollout=3 revision=3 images=web:1.0 complete complete=1.097441s lastOldPodGone=3.393679s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
        + no such rollout
    "#]],
    );
    let recreate = r#"patch deployment web -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'"#;
    check(
        &[APPLY, (20, recreate), ROLLOUT],
        &[APPLY, (20, recreate), ROLLOUT, (31, "delete deployment web --wait=false")],
        expect![[r#"
            @ 31s input
            - nothing
            + kubectl delete deployment web --wait=false
            @ 31s state Deployment/web
            - deployment web generation=3 observed=3 revision=2 spec=4 replicas=4 updated=4 ready=0 available=0 unavailable=4 terminating=0 images=web:2.0
            + nothing
            @ 35.783047s event Pod/web-dd68f5c4b-d46ps
            - nothing
            + Normal Killing: Stopping container web
            - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
            + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
            - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=6.604302s lastOldPodGone=0.737116s availableMin=0 floor=0 belowFloor=0s podsPeak=4 withTerminating=4
            + @ 30s web rollout=2 revision=2 images=web:2.0 deleted complete=- lastOldPodGone=0.737116s availableMin=0 floor=0 belowFloor=0s podsPeak=4 withTerminating=4
        "#]],
    );
    check(
        &[
            APPLY,
            (20, "scale deployment web --replicas=6"),
            (21, "rollout pause deployment web"),
            ROLLOUT,
        ],
        &[APPLY, (20, "scale deployment web --replicas=0"), ROLLOUT],
        expect![[r#"
            @ 20s input
            - kubectl scale deployment web --replicas=6
            + kubectl scale deployment web --replicas=0
            @ 20s state Deployment/web
            - deployment web generation=2 observed=1 revision=1 spec=6 replicas=4 updated=4 ready=4 available=4 unavailable=0 terminating=0 images=web:1.0
            + deployment web generation=2 observed=1 revision=1 spec=0 replicas=4 updated=4 ready=4 available=4 unavailable=0 terminating=0 images=web:1.0
            @ 20.002712s event Deployment/web
            - Normal ScalingReplicaSet: Scaled up replica set web-84c54799fc from 4 to 6
            + Normal ScalingReplicaSet: Scaled down replica set web-84c54799fc from 4 to 0
            - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
            + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5.234442s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5.048256s podsPeak=4 withTerminating=4
            - @ 30s web rollout=2 revision=0 images=web:2.0 open complete=- lastOldPodGone=- availableMin=6 floor=5 belowFloor=0s podsPeak=6 withTerminating=6
            + @ 30s web rollout=2 revision=0 images=web:2.0 complete complete=0.009291s lastOldPodGone=- availableMin=0 floor=0 belowFloor=0s podsPeak=0 withTerminating=0
        "#]],
    );
}
