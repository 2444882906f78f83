//! The page played through without a browser: messages in, what is shown out.

mod dragging;
mod forecast;
mod hands;
mod traffic;
mod trials;
mod why;
mod world;

use std::fmt::Write;

use expect_test::{Expect, expect};
use rollscope_api::order;

use super::clock::Play;
use super::drawer::Tab;
use super::keys::Shortcut;
use super::preferences::Preferences;
use super::stage::Heading;
use super::*;

mod session;

fn page() -> Model {
    Model::new(Preferences::default(), "en-US")
}

/// Lets so many seconds pass, in frames of a sixtieth.
fn play(model: &mut Model, seconds: i64) {
    for _ in 0..seconds * 60 {
        model.update(Msg::Frame { elapsed_us: 16_667, work_us: 1_000 });
    }
}

/// Lets time pass until nothing is left to do.
fn rest(model: &mut Model) {
    let speed = std::mem::replace(&mut model.clock.speed, 1_000);
    for _ in 0..20_000 {
        model.update(Msg::Frame { elapsed_us: 16_667, work_us: 1_000 });
        if !model.wants_frame() {
            model.clock.speed = speed;
            return;
        }
    }
    panic!("it never comes to rest");
}

/// The stage and the revisions as text. Pods are counted by their states.
fn shown(model: &Model) -> String {
    let mut text = String::new();
    for owner in &model.shown.stage.owners {
        if let Heading::Deployment { name, facts, going } = &owner.heading {
            let Facts { wanted, available, up, .. } = facts;
            let _ = writeln!(
                text,
                "{name}: {wanted} wanted, {available} available, {up} up, {going:?}"
            );
        }
        for lane in &owner.lanes {
            let mut states: Vec<&str> =
                lane.pods.iter().map(|pod| pod.look.state.as_str()).collect();
            order::sort(&mut states);
            let _ = writeln!(text, "  {} {}: {}", lane.name, lane.accent.class(), states.join(" "));
        }
    }
    for card in &model.shown.revisions.cards {
        let Card { revision, images, was, ghosts, changes, .. } = card;
        let was = was.map_or(String::new(), |was| format!(" (was {was})"));
        let ghosts: Vec<String> =
            ghosts.iter().map(|g| format!(" ghost {}→{}", g.was, g.now)).collect();
        let changes = changes.as_ref().map_or(0, |changes| changes.len());
        let _ = writeln!(
            text,
            "revision {revision}{was} {images} {changes} changes{}",
            ghosts.concat()
        );
    }
    text
}

use super::revisions::Card;
use super::stage::Facts;

#[track_caller]
fn check(model: &Model, expected: &Expect) {
    expected.assert_eq(&shown(model));
}

#[test]
fn a_rollout_and_its_undo() {
    let mut model = page();
    assert!(!model.wants_frame() || model.engine.is_computing(), "an empty page rests");
    model.update(Msg::Apply);
    rest(&mut model);
    check(
        &model,
        &expect![[r#"
        my-app: 3 wanted, 3 available, 3 up, Complete
          my-app-66d6dffc99 rev-0: available available available
        revision 1 my-app:1.0 0 changes
    "#]],
    );
    model.update(Msg::LoadExample(1));
    assert_eq!(model.manifest.tint.changed, [17], "the image differs from what runs");
    model.update(Msg::Apply);
    rest(&mut model);
    check(
        &model,
        &expect![[r#"
        my-app: 3 wanted, 3 available, 3 up, Complete
          my-app-5556894bd8 rev-1: available available available
        revision 2 my-app:2.0 2 changes
        revision 1 my-app:1.0 0 changes
    "#]],
    );

    model.update(Msg::AskUndo(1));
    let Some(Dialog::Undo(plan)) = &model.dialog else { panic!("the dialog asks") };
    assert_eq!(plan.command(), "kubectl rollout undo deployment/my-app --to-revision=1");
    assert_eq!(plan.next, 3);
    model.update(Msg::ConfirmUndo);
    assert_eq!(model.dialog, None);
    rest(&mut model);
    check(
        &model,
        &expect![[r#"
        my-app: 3 wanted, 3 available, 3 up, Complete
          my-app-66d6dffc99 rev-0: available available available
        revision 3 (was 1) my-app:1.0 2 changes
        revision 2 my-app:2.0 0 changes ghost 1→3
    "#]],
    );
    assert_eq!(model.announcer.sentence, "Revision 3 is rolled out.");
}

#[test]
fn buttons_are_written_as_commands() {
    let mut model = page();
    model.update(Msg::Apply);
    for button in [Button::Pause, Button::Resume, Button::Restart, Button::Scale(4)] {
        model.update(Msg::Button(button));
    }
    let lines: Vec<&str> = model.shown.transcript.iter().map(|entry| entry.line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "kubectl apply -f deployment.yaml",
            "kubectl rollout pause deployment/my-app",
            "kubectl rollout resume deployment/my-app",
            "kubectl rollout restart deployment/my-app",
            "kubectl scale deployment/my-app --replicas=4",
        ]
    );
}

#[test]
fn every_command_is_remembered_once() {
    let mut model = page();
    model.update(Msg::Apply);
    for line in ["kubectl get pods", "get rs", "kubectl get pods"] {
        model.update(Msg::PromptEdited(line.to_owned()));
        model.update(Msg::PromptEntered);
    }
    let known =
        ["kubectl apply -f deployment.yaml", "kubectl get pods", "get rs", "kubectl get pods"];
    assert_eq!(model.prompt.history(), known);
}

#[test]
fn the_clock_plays_pauses_and_rests() {
    let mut model = page();
    play(&mut model, 2);
    assert_eq!(model.engine.elapsed(), SimDuration::ZERO, "nothing has been done yet");
    model.update(Msg::Apply);
    play(&mut model, 2);
    let passed = model.engine.elapsed().as_millis();
    assert!((1_900..=2_100).contains(&passed), "{passed} ms in two seconds");
    model.update(Msg::TogglePlay);
    play(&mut model, 1);
    assert_eq!(model.engine.elapsed().as_millis(), passed);
    // Pause stays pause when something is done.
    model.update(Msg::Button(Button::Scale(2)));
    assert_eq!(model.clock.play, Play::Paused);
    model.update(Msg::TogglePlay);
    rest(&mut model);
    let end = model.engine.elapsed();
    play(&mut model, 1);
    assert_eq!(model.engine.elapsed(), end, "a cluster at rest takes no time");
    assert!(model.clock.is_playing());
}

#[test]
fn the_past_is_looked_at_and_left() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    let present = model.engine.elapsed();
    model.update(Msg::Seek(SimDuration::from_secs(1)));
    assert_eq!(model.clock.play, Play::Held);
    assert!(model.is_behind());
    model.update(Msg::Shortcut(Shortcut::ToStart));
    assert_eq!(model.shown.stage.count, 0);
    // The axis does not shrink meanwhile.
    assert!(model.shown.chart.scale.end >= present.as_secs() as f64);
    model.update(Msg::Shortcut(Shortcut::ToPresent));
    assert_eq!(model.engine.elapsed(), present);
    // Acting while looking at a moment before the last input forks there.
    model.update(Msg::Button(Button::Scale(5)));
    rest(&mut model);
    let old = model.engine.runs().current().id();
    model.update(Msg::Seek(SimDuration::from_secs(2)));
    model.update(Msg::Button(Button::Scale(1)));
    assert!(!model.is_behind());
    assert!(model.clock.is_playing(), "it plays on");
    rest(&mut model);
    assert_eq!(model.shown.stage.count, 1);
    // The old future is still there.
    assert_eq!(model.engine.runs().iter().count(), 2);
    assert!(model.engine.switch(old));
    rest(&mut model);
    model.update(Msg::Shortcut(Shortcut::ToPresent));
    assert_eq!(model.shown.stage.count, 5);
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    let before = shown(&model);
    for bad in ["", "replicas: [", "kind: Nonsense\napiVersion: v1\nmetadata:\n  name: a\n"] {
        model.update(Msg::Edited(bad.to_owned()));
        model.update(Msg::Apply);
        let last = model.shown.transcript.last().cloned();
        let (_, exit) = last.and_then(|entry| entry.ended).unwrap_or_default();
        assert_eq!(exit, 1, "{bad:?}");
        assert!(
            model.announcer.sentence.starts_with("Refused: error"),
            "{}",
            model.announcer.sentence
        );
        assert_eq!(shown(&model), before);
    }
}

#[test]
fn the_drawer_follows_the_moment() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    model.update(Msg::ShowTab(Tab::Events));
    let all = model.shown.events.len();
    assert!(all > 10, "{all} Events");
    model.update(Msg::ShowTab(Tab::Why));
    assert!(!model.shown.reasons.is_empty());
    let pod = model.shown.stage.owners[0].lanes[0].pods[0].name().to_owned();
    model.update(Msg::ChoosePod(pod.clone()));
    let inspected = (*model.shown.inspected).clone().unwrap_or_default();
    assert!(inspected.starts_with(&format!("Name:         {pod}\n")), "{inspected}");
    model.update(Msg::Seek(SimDuration::ZERO));
    assert_eq!(*model.shown.inspected, None, "it did not exist then");
    model.update(Msg::ShowTab(Tab::Events));
    assert!(model.shown.events.len() < all);
}

#[test]
fn what_looks_the_same_is_the_same_value() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    let before = model.shown.clone();
    model.update(Msg::PromptEdited("get p".to_owned()));
    model.update(Msg::Frame { elapsed_us: 16_667, work_us: 0 });
    assert!(before.stage == model.shown.stage);
    assert!(before.chart == model.shown.chart);
    assert!(before.revisions == model.shown.revisions);
    assert!(before.transcript == model.shown.transcript);
}

#[test]
fn a_hundred_pods_roll_out() {
    let mut model = page();
    for example in [0, 1] {
        model.update(Msg::LoadExample(example));
        let text = model.manifest.file().text.replace("replicas: 3", "replicas: 100");
        model.update(Msg::Edited(text));
        model.update(Msg::Apply);
        rest(&mut model);
        assert_eq!(model.shown.stage.count, 100);
    }
    assert_eq!(model.shown.revisions.cards.len(), 2);
}

#[test]
fn a_thousand_pods_come_up() {
    let mut model = page();
    let text = model.manifest.file().text.replace("replicas: 3", "replicas: 1000");
    model.update(Msg::Edited(text));
    model.update(Msg::Apply);
    rest(&mut model);
    assert_eq!(model.shown.stage.count, 1_000);
}
