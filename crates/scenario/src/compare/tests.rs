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
    check_runs(&timeline(one), &timeline(other), expected);
}

/// Times are rounded to seconds and pods have no names of their own: what is drawn from the seed
/// is not what these tests are about.
fn check_runs(one: &Timeline, other: &Timeline, expected: Expect) {
    let text = compare(one, other).to_string();
    let lines = text.lines().map(|line| {
        let words: Vec<String> = line.split(' ').map(rounded).collect();
        words.join(" ") + "\n"
    });
    expected.assert_eq(&lines.collect::<String>());
}

fn rounded(word: &str) -> String {
    let (name, value) = word.split_once('=').unwrap_or(("", word));
    if let Some(span) = value.strip_suffix('s').filter(|_| value.contains('.'))
        && let Ok(span) = span::parse(&format!("{span}s"))
    {
        let whole = SimDuration::from_secs((span + SimDuration::from_millis(500)).as_secs());
        let equals = if name.is_empty() { "" } else { "=" };
        return format!("{name}{equals}{}", span::format(whole));
    }
    match word.rsplit_once('-') {
        Some((set, pod)) if set.matches('-').count() == 1 && pod.len() == 5 => format!("{set}-*"),
        _ if name == "node" => "node=*".to_owned(),
        _ => word.to_owned(),
    }
}

#[test]
fn the_same_runs_do_not_differ() {
    check(
        &[APPLY, ROLLOUT],
        &[APPLY, ROLLOUT],
        expect![[r#"
        no difference
        - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
        + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
        - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8s lastOldPodGone=7s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
        + @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8s lastOldPodGone=7s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
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
    check_runs(
        &one,
        &other,
        expect![[r#"
            @ 33s input
            - nothing
            + kubectl delete pod web-dd68f5c4b-* --wait=false
            @ 33s state Pod/web-dd68f5c4b-*
            - pod web-dd68f5c4b-* Pending ready=0/1 restarts=0 node=* web:ContainerCreating images=web:2.0
            + pod web-dd68f5c4b-* Pending ready=0/1 restarts=0 node=* terminating web:ContainerCreating images=web:2.0
            @ 33s event ReplicaSet/web-dd68f5c4b
            - nothing
            + Normal SuccessfulCreate: Created pod: web-dd68f5c4b-*
            - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8s lastOldPodGone=7s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
            + @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8s lastOldPodGone=7s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
        "#]],
    );
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
            @ 30s event Deployment/web
            - Normal ScalingReplicaSet: Scaled up replica set web-dd68f5c4b from 0 to 1
            + Normal ScalingReplicaSet: Scaled up replica set web-667f548c99 from 0 to 1
            - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8s lastOldPodGone=7s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
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
            @ 30s event Deployment/web
            - Normal ScalingReplicaSet: Scaled up replica set web-dd68f5c4b from 0 to 1
            + nothing
            - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=8s lastOldPodGone=7s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
            + @ 32s web rollout=2 revision=2 images=web:2.0 complete complete=8s lastOldPodGone=7s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
        "#]],
    );
    check_runs(
        &timeline(&[APPLY]),
        &seeded(2, &[APPLY]),
        expect![[r#"
        @ 0s state Deployment/web
        - deployment web generation=1 observed=0 revision=- spec=4 replicas=0 updated=0 ready=0 available=0 unavailable=0 terminating=0 images=web:1.0
        + deployment web generation=1 observed=0 revision=1 spec=4 replicas=0 updated=0 ready=0 available=0 unavailable=0 terminating=0 images=web:1.0
        @ 0s event Deployment/web
        - nothing
        + Normal ScalingReplicaSet: Scaled up replica set web-84c54799fc from 0 to 4
        - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
        + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=6s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
    "#]],
    );
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
            - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
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
            @ 30s event Deployment/web
            - Normal ScalingReplicaSet: Scaled up replica set web-dd68f5c4b from 0 to 1
            + nothing
            - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            - @ 30s web rollout=2 revision=2 images=web:2.0 superseded complete=- lastOldPodGone=- availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
            + no such rollout
            - @ 33s web rollout=3 revision=3 images=web:1.0 complete complete=1s lastOldPodGone=3s availableMin=3 floor=3 belowFloor=0s podsPeak=5 withTerminating=6
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
            @ 36s event Pod/web-dd68f5c4b-*
            - nothing
            + Normal Killing: Stopping container web
            - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            - @ 30s web rollout=2 revision=2 images=web:2.0 complete complete=7s lastOldPodGone=1s availableMin=0 floor=0 belowFloor=0s podsPeak=4 withTerminating=4
            + @ 30s web rollout=2 revision=2 images=web:2.0 deleted complete=- lastOldPodGone=1s availableMin=0 floor=0 belowFloor=0s podsPeak=4 withTerminating=4
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
            @ 20s event Deployment/web
            - Normal ScalingReplicaSet: Scaled up replica set web-84c54799fc from 4 to 6
            + Normal ScalingReplicaSet: Scaled down replica set web-84c54799fc from 4 to 0
            - @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            + @ 0s web rollout=1 revision=1 images=web:1.0 complete complete=5s lastOldPodGone=- availableMin=0 floor=3 belowFloor=5s podsPeak=4 withTerminating=4
            - @ 30s web rollout=2 revision=0 images=web:2.0 open complete=- lastOldPodGone=- availableMin=6 floor=5 belowFloor=0s podsPeak=6 withTerminating=6
            + @ 30s web rollout=2 revision=0 images=web:2.0 complete complete=0s lastOldPodGone=- availableMin=0 floor=0 belowFloor=0s podsPeak=0 withTerminating=0
        "#]],
    );
}
