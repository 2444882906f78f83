//! Why: what is waited for, and the decisions behind a ReplicaSet's size.

use super::super::card::Card;
use super::super::hands::{Deed, HandsMsg, Spot, Target};
use super::*;

fn apply(model: &mut Model, text: &str) {
    model.update(Msg::Edited(text.to_owned()));
    model.update(Msg::Apply);
}

fn my_app(image: &str, more: &str) -> String {
    let text = include_str!("../../../examples/my-app-1.yaml").replace("my-app:1.0", image);
    text.replace("  replicas: 3\n", &format!("  replicas: 3\n{more}"))
}

/// Waits until something is waited for that says this.
#[track_caller]
fn until(model: &mut Model, said: &str) -> String {
    for _ in 0..2_000 {
        play(model, 1);
        let waits = model.shown.why_now.waits.join("\n");
        if waits.contains(said) {
            return waits;
        }
        if !model.wants_frame() {
            break;
        }
    }
    panic!("never waits for {said:?}: {:?}", model.shown.why_now);
}

#[test]
fn what_keeps_pods_is_said_while_it_does() {
    let mut model = page();
    apply(&mut model, &my_app("my-app:1.0", "  minReadySeconds: 5\n"));
    until(&mut model, "pulling my-app:1.0");
    until(&mut model, "minReadySeconds are over in");
    until(&mut model, "The progress deadline of 600 s is over in");
    rest(&mut model);
    assert_eq!(model.shown.why_now.waits, [""; 0], "nothing is waited for once it is over");
}

#[test]
fn images_that_fail_say_so_in_the_kubelets_words() {
    for (image, said) in [
        ("my-app:missing", "ErrImagePull. "),
        ("my-app:missing", "ImagePullBackOff. Back-off pulling image \"my-app:missing\""),
        ("my-app:bad", "CrashLoopBackOff. back-off 10s restarting failed container"),
    ] {
        let mut model = page();
        apply(&mut model, &my_app("my-app:1.0", ""));
        rest(&mut model);
        apply(&mut model, &my_app(image, ""));
        until(&mut model, said);
    }
}

#[test]
fn a_probe_that_fails_is_quoted() {
    let probe = "        readinessProbe:\n          httpGet: { path: /ready, port: 80 }\n          periodSeconds: 2\n";
    let mut model = page();
    apply(&mut model, &(my_app("my-app:never-ready", "").trim_end().to_owned() + "\n" + probe));
    let waits = until(&mut model, "a probe fails since");
    assert!(waits.contains("Readiness probe failed:"), "{waits}");
}

#[test]
fn a_full_cluster_is_told_in_the_schedulers_words() {
    let mut model = page();
    let large = "        resources:\n          requests:\n            cpu: \"3\"\n";
    apply(&mut model, &(my_app("my-app:1.0", "").trim_end().to_owned() + "\n" + large));
    rest(&mut model);
    let two = my_app("my-app:2.0", "").trim_end().to_owned() + "\n" + large;
    apply(&mut model, &two);
    let waits = until(&mut model, "no node takes it");
    assert!(waits.contains("0/3 nodes are available: 3 Insufficient cpu."), "{waits}");
}

#[test]
fn a_quota_and_a_pause_are_told() {
    let mut model = page();
    model.update(Msg::PromptEdited("create quota small --hard=pods=3".to_owned()));
    model.update(Msg::PromptEntered);
    apply(&mut model, &my_app("my-app:1.0", ""));
    rest(&mut model);
    apply(&mut model, &my_app("my-app:2.0", ""));
    let waits = until(&mut model, "Pods cannot be created");
    assert!(waits.contains("exceeded quota: small"), "{waits}");
    model.update(Msg::Button(Button::Pause));
    until(&mut model, "Waits to be resumed");
}

#[test]
fn readiness_denied_by_hand_is_told_apart() {
    let mut model = page();
    apply(&mut model, &my_app("my-app:1.0", ""));
    rest(&mut model);
    let pod = model.shown.stage.pods().next().expect("a pod").name().to_owned();
    model.update(Msg::Hands(HandsMsg::OpenMenu(pod, Spot::default())));
    model.update(Msg::Hands(HandsMsg::Do(Deed::Unready)));
    until(&mut model, "is kept from ready by hand");
}

#[test]
fn a_lane_says_why_it_has_its_size() {
    let mut model = page();
    apply(&mut model, &my_app("my-app:1.0", ""));
    rest(&mut model);
    apply(&mut model, &my_app("my-app:missing", ""));
    play(&mut model, 30);
    let card = |model: &mut Model, lane: usize| {
        let name = model.shown.stage.owners[0].lanes[lane].name.clone();
        let at = Some((Target::ReplicaSet(name), Spot::default()));
        model.update(Msg::Hands(HandsMsg::Point(at)));
        let Some(Card::ReplicaSet(card)) = (*model.hands.card).clone() else { panic!("a card") };
        card
    };
    let new = card(&mut model, 0);
    assert_eq!((new.revision, new.wanted), (Some(2), 1));
    let numbers: Vec<&str> = new.reasons.iter().map(|one| one.numbers.as_str()).collect();
    assert!(numbers.contains(&"ceiling 4 − pods 4 = 0"), "{numbers:?}");
    assert!(new.waits[0].contains("ImagePull"), "{:?}", new.waits);
    let old = card(&mut model, 1);
    assert_eq!((old.revision, old.wanted), (Some(1), 3));
    assert_eq!(old.reasons[0].numbers, "pods 4 − floor 3 − new ones not available 1 = 0");
    assert_eq!(old.reasons[0].rule, "deployment-controller · reconcileOldReplicaSets");
}

#[test]
fn a_pod_that_went_first_is_named_with_the_rule() {
    let mut model = page();
    apply(&mut model, &my_app("my-app:1.0", ""));
    rest(&mut model);
    let pod = model.shown.stage.pods().next().expect("a pod").name().to_owned();
    model.update(Msg::Hands(HandsMsg::OpenMenu(pod.clone(), Spot::default())));
    model.update(Msg::Hands(HandsMsg::Do(Deed::Unready)));
    rest(&mut model);
    model.update(Msg::Button(Button::Scale(2)));
    rest(&mut model);
    model.update(Msg::ShowTab(Tab::Why));
    let told: Vec<&str> = model.shown.reasons.iter().map(|one| one.text.as_str()).collect();
    let wanted = format!("{pod}: it is not ready.");
    assert!(told.iter().any(|text| text.ends_with(&wanted)), "{told:#?}");
}
