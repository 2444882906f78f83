//! The menu of a pod: what it offers and what comes of it.

use super::super::hands::{Deed, HandsMsg, Spot};
use super::*;

fn first_pod(model: &Model) -> String {
    model.shown.stage.pods().next().expect("a pod").name().to_owned()
}

fn running() -> (Model, String) {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    let pod = first_pod(&model);
    (model, pod)
}

fn open(model: &mut Model, pod: &str) {
    model.update(Msg::Hands(HandsMsg::OpenMenu(pod.to_owned(), Spot::default())));
}

/// Opens the menu of a pod and presses one of its lines.
fn press(model: &mut Model, pod: &str, deed: Deed) {
    open(model, pod);
    assert!(model.hands.menu.is_some());
    model.update(Msg::Hands(HandsMsg::Do(deed)));
    assert_eq!(model.hands.menu, None, "a choice closes the menu");
}

fn state(model: &Model, pod: &str) -> &'static str {
    let found = model.shown.stage.pods().find(|one| one.name() == pod && !one.gone);
    found.map_or("gone", |one| one.look.state.as_str())
}

/// What the menu offers: `+` can be done, `-` cannot; commands as they will be written.
fn offered(model: &Model) -> String {
    let items = &model.hands.menu.as_ref().expect("an open menu").items;
    let lines = items.iter().map(|item| {
        let sign = if item.enabled { '+' } else { '-' };
        format!("{sign}{:?} {}\n", item.deed, item.command.as_deref().unwrap_or(""))
    });
    lines.collect()
}

#[test]
fn what_has_a_command_is_written_as_that_command() {
    let (mut model, pod) = running();
    let node = model.shown.stage.pods().next().and_then(|pod| pod.pod.node_name.clone());
    let node = node.expect("it has a node");
    for deed in [Deed::Cordon, Deed::Uncordon, Deed::Drain] {
        press(&mut model, &pod, deed);
    }
    rest(&mut model);
    assert_eq!(state(&model, &pod), "gone", "the drain evicted it");
    let next = first_pod(&model);
    press(&mut model, &next, Deed::Delete);
    let lines: Vec<String> =
        model.shown.transcript.iter().skip(1).map(|entry| entry.line.clone()).collect();
    assert_eq!(
        lines,
        [
            format!("kubectl cordon {node}"),
            format!("kubectl uncordon {node}"),
            format!("kubectl drain {node} --ignore-daemonsets"),
            format!("kubectl delete pod {next} --wait=false"),
        ]
    );
    assert_eq!(state(&model, &next), "terminating");
    rest(&mut model);
    assert_eq!(model.shown.stage.count, 3, "its ReplicaSet makes another one");
}

#[test]
fn readiness_is_denied_and_given_back() {
    let (mut model, pod) = running();
    press(&mut model, &pod, Deed::Unready);
    assert_eq!(model.announcer.sentence, format!("{pod} is kept from ready."));
    rest(&mut model);
    assert_eq!(state(&model, &pod), "running");
    open(&mut model, &pod);
    assert!(offered(&model).contains("+Ready"), "{}", offered(&model));
    model.update(Msg::Hands(HandsMsg::Do(Deed::Ready)));
    rest(&mut model);
    assert_eq!(state(&model, &pod), "available");
    let inputs = &model.engine.timeline().script().inputs;
    let actions =
        inputs.iter().filter(|timed| matches!(timed.input, rollscope_scenario::Input::Pod { .. }));
    assert_eq!(actions.count(), 2, "both are in the script");
}

#[test]
fn a_crash_restarts_and_want_of_memory_fails() {
    let (mut model, pod) = running();
    press(&mut model, &pod, Deed::Crash);
    rest(&mut model);
    assert_eq!(state(&model, &pod), "available");
    assert!(model.engine.ask("get pods").contains("1 ("), "{}", model.engine.ask("get pods"));
    press(&mut model, &pod, Deed::Fail);
    rest(&mut model);
    assert_eq!(state(&model, &pod), "failed");
    assert_eq!(model.shown.stage.count, 4, "the failed pod stays, another one runs for it");
    open(&mut model, &pod);
    let offers = offered(&model);
    assert!(offers.contains("-Crash") && offers.contains("+Delete"), "{offers}");
    // An eviction through the API is a deletion.
    let other =
        model.shown.stage.pods().find(|one| one.name() != pod).map(|one| one.name().to_owned());
    let other = other.expect("another pod");
    press(&mut model, &other, Deed::Evict);
    assert_eq!(state(&model, &other), "terminating");
    rest(&mut model);
    assert_eq!(state(&model, &other), "gone");
}

#[test]
fn a_pod_that_leaves_cannot_be_left_again() {
    let (mut model, pod) = running();
    press(&mut model, &pod, Deed::Delete);
    open(&mut model, &pod);
    let offers = offered(&model);
    for deed in ["Delete", "Unready", "Crash", "Evict"] {
        assert!(offers.contains(&format!("-{deed}")), "{offers}");
    }
    let lines = model.shown.transcript.len();
    model.update(Msg::Hands(HandsMsg::Do(Deed::Delete)));
    assert_eq!(model.shown.transcript.len(), lines, "what is not offered is not done");
}

#[test]
fn a_pod_of_another_namespace_is_acted_upon_there() {
    let mut model = page();
    for line in ["create namespace shop", "run web --image=nginx -n shop"] {
        model.update(Msg::PromptEdited(line.to_owned()));
        model.update(Msg::PromptEntered);
    }
    rest(&mut model);
    assert_eq!(state(&model, "web"), "available", "time goes on until a lone pod is up, too");
    press(&mut model, "web", Deed::Unready);
    rest(&mut model);
    assert_eq!(state(&model, "web"), "running");
}

#[test]
fn a_node_is_cordoned_drained_lost_and_removed_from_the_stage() {
    let (mut model, pod) = running();
    let node = model.pod_on_stage(&pod).and_then(|pod| pod.node_name.clone()).expect("a node");
    model.update(Msg::Group(Grouping::Node));
    let press = |model: &mut Model, deed: Deed| {
        model.update(Msg::Hands(HandsMsg::OpenNodeMenu(node.to_string(), Spot::default())));
        model.update(Msg::Hands(HandsMsg::Do(deed)));
    };
    let facts = |model: &Model| {
        let lanes = model.shown.stage.owners[0].lanes.iter();
        let kinds = lanes.map(|lane| lane.kind.clone());
        kinds.into_iter().find_map(|kind| match kind {
            super::super::stage::LaneKind::Node(facts) if facts.name == *node => Some(facts),
            _ => None,
        })
    };
    let before = facts(&model).expect("its lane");
    assert!(before.ready && !before.cordoned && before.pods.used > 0, "{before:?}");
    press(&mut model, Deed::Cordon);
    assert!(facts(&model).is_some_and(|facts| facts.cordoned));
    press(&mut model, Deed::Drain);
    rest(&mut model);
    assert_eq!(facts(&model).map(|facts| facts.pods.used), Some(0));
    press(&mut model, Deed::Remove);
    assert_eq!(facts(&model), None);
    assert_eq!(model.engine.store().nodes().count(), 2);
}
