use expect_test::{Expect, expect};
use rollscope_api::{SimDuration, SimTime};

use super::*;
use crate::measure::manifest;
use crate::trace::script_trace;

fn script() -> Script {
    let mut script = Script::default();
    script.files.insert("web.yaml".to_owned(), manifest(3, "1.0"));
    script
}

fn apply() -> Input {
    Input::Apply { file: "web.yaml".to_owned() }
}

fn command(line: &str) -> Input {
    Input::Command { line: format!("kubectl {line}") }
}

fn set_image(tag: &str) -> Input {
    command(&format!("set image deployment/web web=web:{tag}"))
}

fn at(runs: &Runs, seconds: i64) -> SimTime {
    runs.timeline().start() + SimDuration::from_secs(seconds)
}

/// Shows every moment until this one, as the page does, and acts there.
fn act(runs: &mut Runs, seconds: i64, input: Input) -> Result<ActOutcome, ActError> {
    let time = at(runs, seconds);
    runs.seek(time);
    runs.act(time, input)
}

/// The course's rollout, seen to its end.
fn rolled_out() -> Runs {
    let mut runs = Runs::new(script());
    act(&mut runs, 0, apply()).unwrap();
    act(&mut runs, 60, set_image("2.0")).unwrap();
    let end = at(&runs, 120);
    runs.seek(end);
    runs
}

fn trace(run: &Run) -> String {
    script_trace(run.timeline().script(), None)
}

fn check(runs: &Runs, expected: Expect) {
    expected.assert_eq(&describe(runs));
}

fn describe(runs: &Runs) -> String {
    let mut text = String::new();
    for run in runs.iter() {
        let sign = if run.id() == runs.current().id() { "*" } else { " " };
        let from = run.from().map_or(String::new(), |fork| {
            format!(" from {} at {}", fork.run.0, span::format(fork.at))
        });
        text.push_str(&format!("{sign} {} {:?}{from}\n", run.id().0, run.name()));
        for timed in &run.timeline().script().inputs {
            text.push_str(&format!("    {} {}\n", span::format(timed.at), timed.input.summary()));
        }
    }
    text
}

#[test]
fn acting_in_the_past_forks_and_keeps_the_old_future() {
    let mut runs = rolled_out();
    let before = trace(runs.current());
    let seen = runs.seek(at(&runs, 120)).cluster().listers().clone();
    let pod = {
        let time = at(&runs, 64);
        let store = runs.seek(time).cluster().listers();
        store.pods().next().unwrap().1.metadata.name.clone()
    };
    let outcome = act(&mut runs, 64, command(&format!("delete pod {pod} --wait=false")));
    assert_eq!(outcome, Ok(ActOutcome::Forked { from: RunId(1), to: RunId(2) }));
    // In the fork time goes on without another fork.
    assert_eq!(act(&mut runs, 70, command("get pods")), Ok(ActOutcome::Continued));
    runs.rename(RunId(1), " as it\nwas ");
    // The name of the pod follows from the seed.
    expect![[r#"
          1 "as itwas"
            0s apply -f web.yaml
            1m set image deployment/web web=web:2.0
        * 2 "" from 1 at 1m4s
            0s apply -f web.yaml
            1m set image deployment/web web=web:2.0
            1m4s delete pod POD --wait=false
            1m10s get pods
    "#]]
    .assert_eq(&describe(&runs).replace(&*pod, "POD"));
    assert_ne!(trace(runs.current()), before);
    assert!(runs.switch(RunId(1)));
    assert_eq!(trace(runs.current()), before);
    let again = runs.seek(at(&runs, 120)).cluster().listers().clone();
    assert_eq!(format!("{seen:?}"), format!("{again:?}"));
}

#[test]
fn where_nothing_would_be_lost_nothing_forks() {
    let mut runs = rolled_out();
    // All has been quiet for a while: going back a little loses nothing.
    let quiet = runs.timeline().last_change();
    let after = SimTime::from_micros(quiet.as_micros() + 1);
    assert_eq!(runs.act(after, command("get pods")), Ok(ActOutcome::Continued));
    let before = SimTime::from_micros(quiet.as_micros() - 1);
    assert!(matches!(runs.act(before, command("get pods")), Ok(ActOutcome::Forked { .. })));
}

#[test]
fn the_last_input_is_taken_back_and_brought_back() {
    let mut runs = rolled_out();
    let whole = trace(runs.current());
    let edit = Input::EditFile { name: "web.yaml".to_owned(), text: manifest(5, "2.0") };
    act(&mut runs, 130, edit).unwrap();
    act(&mut runs, 130, apply()).unwrap();
    let with_apply = trace(runs.current());
    // The edit and its application are one deed.
    let stepped = runs.step_back().unwrap();
    assert_eq!((stepped.at, stepped.inputs.len()), (SimDuration::from_secs(130), 2));
    assert_eq!(trace(runs.current()), whole);
    assert!(runs.can_redo());
    runs.redo().unwrap();
    assert_eq!(trace(runs.current()), with_apply);
    // All the way back, and all the way forth.
    while runs.can_step_back() {
        runs.step_back().unwrap();
    }
    assert!(runs.timeline().script().inputs.is_empty());
    assert_eq!(runs.seek(at(&runs, 200)).cluster().listers().pod_count(), 0);
    while runs.can_redo() {
        runs.redo().unwrap();
    }
    assert_eq!(trace(runs.current()), with_apply);
    assert_eq!(runs.iter().count(), 1);
    // Doing something else ends that.
    runs.step_back().unwrap();
    let time = at(&runs, 131);
    assert_eq!(runs.act(time, command("get pods")), Ok(ActOutcome::Continued));
    assert!(!runs.can_redo());
}

#[test]
fn a_timeline_without_its_last_inputs_is_the_one_that_never_had_them() {
    let mut runs = rolled_out();
    while runs.advance(usize::MAX) {}
    runs.step_back().unwrap();
    while runs.advance(usize::MAX) {}
    let mut fresh = Timeline::new(runs.timeline().script().clone());
    let horizon = runs.timeline().computed_until();
    fresh.state_at(horizon);
    let until = |timeline: &Timeline| {
        let samples: Vec<_> =
            timeline.samples().iter().filter(|one| one.at <= horizon).cloned().collect();
        let marks: Vec<_> =
            timeline.marks().iter().filter(|one| one.at <= horizon).cloned().collect();
        (samples, marks)
    };
    assert_eq!(until(runs.timeline()), until(&fresh));
}

#[test]
fn runs_are_deleted_and_put_back() {
    let mut runs = rolled_out();
    act_at(&mut runs, 62, set_image("3.0"));
    act_at(&mut runs, 61, set_image("4.0"));
    check(
        &runs,
        expect![[r#"
          1 ""
            0s apply -f web.yaml
            1m set image deployment/web web=web:2.0
          2 "" from 1 at 1m2s
            0s apply -f web.yaml
            1m set image deployment/web web=web:2.0
            1m2s set image deployment/web web=web:3.0
        * 3 "" from 2 at 1m1s
            0s apply -f web.yaml
            1m set image deployment/web web=web:2.0
            1m1s set image deployment/web web=web:4.0
    "#]],
    );
    let deleted = runs.delete(RunId(2)).unwrap();
    check(
        &runs,
        expect![[r#"
          1 ""
            0s apply -f web.yaml
            1m set image deployment/web web=web:2.0
        * 3 "" from 1 at 1m1s
            0s apply -f web.yaml
            1m set image deployment/web web=web:2.0
            1m1s set image deployment/web web=web:4.0
    "#]],
    );
    runs.restore(deleted).unwrap();
    assert!(runs.delete(RunId(3)).is_some());
    assert!(runs.delete(RunId(2)).is_some());
    assert!(runs.delete(RunId(1)).is_none(), "the last run stays");
    assert!(
        !runs.switch(RunId(9)) && !runs.rename(RunId(9), "") && runs.delete(RunId(9)).is_none()
    );
}

fn act_at(runs: &mut Runs, seconds: i64, input: Input) {
    let time = at(runs, seconds);
    runs.act(time, input).unwrap();
}

#[test]
fn there_is_a_limit_and_it_says_so() {
    let mut runs = rolled_out();
    for _ in 1..RUNS_MAX {
        act_at(&mut runs, 61, set_image("3.0"));
        assert!(runs.switch(RunId(1)));
    }
    let time = at(&runs, 61);
    let refused = runs.act(time, set_image("3.0")).unwrap_err();
    expect!["there are 12 runs already: delete one, then act in the past again"]
        .assert_eq(&refused.to_string());
    assert_eq!(runs.iter().count(), RUNS_MAX);
    let late = at(&runs, 8 * 24 * 3_600);
    expect!["a session lasts at most 168h"]
        .assert_eq(&runs.act(late, set_image("3.0")).unwrap_err().to_string());
    let long = Input::EditFile { name: "a".to_owned(), text: "x".repeat(2_000_000) };
    let end = at(&runs, 200);
    expect!["the session's texts have become too long to be saved (at most 2000000 bytes a run, 4000000 in all runs): delete a run or start over"].assert_eq(&runs.act(end, long).unwrap_err().to_string());
}

#[test]
fn runs_are_values() {
    let mut runs = rolled_out();
    act_at(&mut runs, 62, set_image("3.0"));
    runs.step_back().unwrap();
    let copy = runs.clone();
    let json = serde_json::to_string(&runs).unwrap();
    let mut read: Runs = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    assert_eq!(read.current().id(), RunId(2));
    assert_eq!(read.get(RunId(1)).map(trace), runs.get(RunId(1)).map(trace));
    assert!(read.can_redo());
    read.redo().unwrap();
    assert_ne!(trace(read.current()), trace(copy.current()));
    for wrong in ["[]", "[{}]", "7"] {
        assert!(serde_json::from_str::<Runs>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_million_replicas_do_not_hang() {
    let mut script = script();
    script.files.insert("web.yaml".to_owned(), manifest(1_000_000, "1.0"));
    let mut runs = Runs::new(script);
    act_at(&mut runs, 0, apply());
    // The cluster's database is full before this machine's memory is.
    let later = at(&runs, 60);
    while !runs.approach(later, 1_000) {}
    let shown = runs.seek(later);
    assert_eq!(shown.cluster().listers().pod_count(), rollscope_sim::PODS_MAX);
}
