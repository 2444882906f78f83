use rollscope_api::SimDuration;

use super::*;
use crate::measure::manifest;

fn script(replicas: u32) -> Script {
    let mut script = Script::default();
    script.files.insert("web.yaml".to_owned(), manifest(replicas, "1.0"));
    let at = SimDuration::from_secs;
    script.inputs = vec![
        TimedInput { at: at(0), input: Input::Apply { file: "web.yaml".to_owned() } },
        TimedInput { at: at(60), input: command("set image deployment/web web=web:2.0") },
    ];
    script
}

fn command(line: &str) -> Input {
    Input::Command { line: format!("kubectl {line}") }
}

fn computed(script: Script) -> Timeline {
    let mut timeline = Timeline::new(script);
    while timeline.advance(100) {}
    timeline
}

/// Everything that can be seen of a session.
fn seen(session: &Session) -> String {
    format!("{:?} {:?}", session.cluster().listers(), session.transcript())
}

fn at(timeline: &Timeline, seconds: i64) -> SimTime {
    timeline.start() + SimDuration::from_secs(seconds)
}

#[test]
fn any_moment_is_the_same_however_it_is_reached() {
    let mut ahead = computed(script(5));
    let mut lazy = Timeline::new(script(5));
    for seconds in [70, 3, 61, 60, 59, 0, 120, 64, 64] {
        let moment = at(&ahead, seconds);
        let mut direct = Timeline::new(script(5));
        let expected = seen(direct.state_at(moment));
        assert_eq!(seen(ahead.state_at(moment)), expected, "{seconds} s");
        assert_eq!(seen(lazy.state_at(moment)), expected, "{seconds} s, computed when asked");
    }
}

#[test]
fn the_axis_shows_floor_ceiling_and_what_happened() {
    // A quarter of 3 is 1 up and 0 down: the last old pod goes when the last new one is there.
    let timeline = computed(script(3));
    let samples = timeline.samples();
    assert!(samples.windows(2).all(|pair| pair[0].at < pair[1].at), "samples are in order");
    let rollout: Vec<&DeploymentSample> = samples
        .iter()
        .filter(|sample| sample.at > at(&timeline, 60))
        .flat_map(|sample| sample.deployments.iter())
        .collect();
    assert!(rollout.len() > 10, "only {} samples", rollout.len());
    for sample in rollout {
        assert_eq!((sample.floor, sample.ceiling), (3, 4));
        assert!(sample.available() >= 3, "{sample:?}");
        assert!(sample.total() <= 4, "{sample:?}");
    }
    let after: Vec<MarkKind> = timeline
        .marks()
        .iter()
        .filter(|mark| mark.at >= at(&timeline, 60))
        .map(|mark| mark.kind)
        .collect();
    let place = |kind: MarkKind| after.iter().position(|&one| one == kind);
    let (input, complete) = (place(MarkKind::Input(1)), place(MarkKind::Complete));
    let gone = place(MarkKind::LastOldPodGone);
    assert!(input < complete && complete < gone && input.is_some(), "{after:?}");
    assert!(timeline.last_change() < at(&timeline, 200));
    // No status counts a pod whose containers have ended, but it is there until it is removed.
    let mut timeline = timeline;
    let gone = timeline.jump(at(&timeline, 60), Jump::LastOldPodGone).expect("they go");
    let pods = |session: &Session| session.cluster().listers().pod_count();
    assert_eq!(pods(timeline.state_at(gone)), 3);
    let before = SimTime::from_micros(gone.as_micros() - 1);
    assert_eq!(pods(timeline.state_at(before)), 4);
}

#[test]
fn an_input_changes_the_future_and_not_the_past() {
    let mut timeline = computed(script(3));
    let before = seen(timeline.state_at(at(&timeline, 61)));
    let moment = at(&timeline, 62);
    timeline.push_input(moment, command("rollout undo deployment/web")).unwrap();
    assert!(timeline.samples().iter().all(|sample| sample.at <= moment));
    while timeline.advance(100) {}
    assert_eq!(seen(timeline.state_at(at(&timeline, 61))), before);
    let expected = computed(timeline.script().clone());
    assert_eq!(timeline.samples(), expected.samples());
    assert_eq!(timeline.marks(), expected.marks());
    let past = timeline.push_input(at(&timeline, 61), command("get pods"));
    assert_eq!(past, Err(InThePast { last_input: moment }));
}

#[test]
fn a_fork_leaves_the_old_future_alone() {
    let timeline = computed(script(3));
    let mut fork = timeline.fork(at(&timeline, 30));
    assert_eq!(fork.script().inputs.len(), 1);
    fork.push_input(at(&timeline, 31), command("scale deployment/web --replicas=5")).unwrap();
    while fork.advance(1_000) {}
    assert_eq!(timeline.samples(), computed(script(3)).samples());
    assert_eq!(fork.samples(), computed(fork.script().clone()).samples());
    assert_ne!(fork.samples(), timeline.samples());
}

#[test]
fn changes_can_be_stepped_through() {
    let timeline = computed(script(3));
    let mut forward = vec![timeline.start()];
    while let Some(next) = timeline.next_change(forward[forward.len() - 1]) {
        forward.push(next);
    }
    // What changed last may be something that no sample and no mark speaks of.
    let end = timeline.last_change() + SimDuration::from_micros(1);
    let mut backward = vec![timeline.previous_change(end).unwrap()];
    while let Some(previous) = timeline.previous_change(backward[backward.len() - 1]) {
        backward.push(previous);
    }
    backward.reverse();
    assert_eq!(forward, backward);
    assert!(forward.len() > 20);
}

#[test]
fn jumps_lead_to_marks() {
    let mut timeline = Timeline::new(script(3));
    while timeline.advance(usize::MAX) {}
    let start = timeline.start();
    let kinds = |at: Option<SimTime>| -> Vec<MarkKind> {
        let at = at.expect("a moment");
        timeline.marks().iter().filter(|mark| mark.at == at).map(|mark| mark.kind).collect()
    };
    let complete = timeline.jump(start, Jump::RolloutComplete);
    assert!(kinds(complete).contains(&MarkKind::Complete));
    let gone = timeline.jump(start, Jump::LastOldPodGone);
    assert!(kinds(gone).contains(&MarkKind::LastOldPodGone));
    // Behind the last one the last one is meant.
    let end = timeline.computed_until();
    assert_eq!(timeline.jump(end, Jump::LastOldPodGone), gone);
    // There and back over every mark.
    let mut seen = vec![];
    let mut at = start;
    while let Some(next) = timeline.jump(at, Jump::NextEvent) {
        seen.push(at);
        at = next;
    }
    assert!(seen.len() > 10, "{}", seen.len());
    while let Some(before) = timeline.jump(at, Jump::PreviousEvent) {
        assert_eq!(seen.pop(), Some(before));
        at = before;
    }
    assert!(kinds(timeline.jump(start, Jump::NextInput)).contains(&MarkKind::Input(1)));
    assert_eq!(timeline.jump(start, Jump::PreviousInput), None);
}

#[test]
fn only_what_changed_something_is_marked() {
    let mut script = script(3);
    let more = [
        (90, command("get pods")),
        (91, command("scale deployment/web --replicas=3")),
        (92, command("set image deployment/nobody web=web:3.0")),
        (93, command("rollout status deployment/web")),
        (94, Input::EditFile { name: "web.yaml".to_owned(), text: String::new() }),
        (95, command("scale deployment/web --replicas=4")),
    ];
    let more = more.map(|(at, input)| TimedInput { at: SimDuration::from_secs(at), input });
    script.inputs.extend(more);
    let timeline = computed(script);
    let inputs: Vec<&str> = timeline
        .marks()
        .iter()
        .filter(|mark| matches!(mark.kind, MarkKind::Input(_)))
        .map(|mark| mark.text.as_str())
        .collect();
    let expected = [
        "apply -f web.yaml",
        "set image deployment/web web=web:2.0",
        "scale deployment/web --replicas=4",
    ];
    assert_eq!(inputs, expected);
}

/// What a question about a moment is answered, and when it ended.
fn answer(timeline: &mut Timeline, seconds: i64, line: &str) -> Option<(String, i64, i32)> {
    let asked = timeline.state_at(at(timeline, seconds)).clone();
    let before = (seen(&asked), timeline.script().clone());
    let entry = timeline.answer(&asked, line, asked.files())?;
    assert_eq!((seen(&asked), timeline.script().clone()), before, "nothing comes of it");
    let (ended, exit) = entry.ended.expect("an end");
    Some((entry.printed(false), (ended - timeline.start()).as_secs(), exit))
}

#[test]
fn a_command_that_waits_is_told_what_the_known_future_shows_it() {
    let mut timeline = computed(script(3));
    let status = "rollout status deployment/web";
    let (told, ended, exit) = answer(&mut timeline, 61, status).unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines.len() > 4 && lines[0].starts_with("Waiting for deployment \"web\" rollout"));
    assert_eq!(lines.last(), Some(&"deployment \"web\" successfully rolled out"));
    let complete = timeline.jump(at(&timeline, 61), Jump::RolloutComplete).unwrap();
    assert_eq!((ended, exit), ((complete - timeline.start()).as_secs(), 0));
    // The same that somebody would have seen who had typed it then.
    let mut typed = timeline.fork(at(&timeline, 61));
    typed.push_input(at(&typed, 61), command(status)).unwrap();
    let after = at(&typed, 200);
    let entry = typed.state_at(after).transcript().entries().last().unwrap().clone();
    assert_eq!(entry.printed(false), told);

    // It follows what the run does later, and ends where the run is at rest.
    let (told, ended, exit) = answer(&mut timeline, 30, "get deployment web -w").unwrap();
    assert!(told.ends_with("^C\n") && told.lines().count() > 10, "{told}");
    assert!(exit == 130 && ended > 60, "{ended} {exit}");

    // Its own time-out strikes as ever.
    let wait = "wait deployment/web --for=condition=Nothing --timeout=7s";
    assert_eq!(answer(&mut timeline, 30, wait), Some((String::new(), 37, 1)));

    // What would change something later is no question.
    let line = format!("{status} && kubectl scale deployment/web --replicas=9");
    assert_eq!(answer(&mut timeline, 61, &line), None);
    assert_eq!(answer(&mut timeline, 61, "delete deployment web"), None);
}
