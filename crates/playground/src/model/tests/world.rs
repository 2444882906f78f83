//! The world panel: what is written, what is refused and where, and what comes of it.

use rollscope_scenario::{Input, NodeAction};

use super::super::session::SessionMsg;

use super::super::world::{Preset, Problem, WorldMsg};
use super::super::world_field::{Field, ImageField, NodeField, TimeField, TrafficField};
use super::*;

fn open(model: &mut Model) {
    world(model, WorldMsg::Open);
    assert_eq!(model.dialog, Some(Dialog::World));
}

fn world(model: &mut Model, msg: WorldMsg) {
    model.update(Msg::World(msg));
}

fn edit(model: &mut Model, field: Field, text: &str) {
    world(model, WorldMsg::Edit(field, text.to_owned()));
}

/// Every problem, by field, in words.
fn problems(model: &Model) -> String {
    let draft = &model.draft;
    let Some(first) = draft.first_wrong() else { return String::new() };
    let said = draft.problem(first).map(|problem| model.texts().world.problem(&problem));
    let said = said.unwrap_or_default();
    format!("{}: {said}", first.path())
}

#[test]
fn before_anything_is_done_the_scripts_world_is_written() {
    let mut model = page();
    open(&mut model);
    edit(&mut model, Field::Node(0, NodeField::Count), "1");
    edit(&mut model, Field::Node(0, NodeField::Pods), "3");
    world(&mut model, WorldMsg::AddImage);
    edit(&mut model, Field::Image(0, ImageField::Image), "my-app:*");
    edit(&mut model, Field::Image(0, ImageField::PullMs), "50");
    world(&mut model, WorldMsg::Use);
    assert_eq!(model.dialog, None);
    let script = model.engine.timeline().script();
    assert!(script.inputs.is_empty(), "it is the world itself, not a change of it");
    assert_eq!(script.world.nodes.0[0].pods, 3);
    assert_eq!(script.world.images[0].pull_ms.max_ms, 50);
    assert_eq!(model.engine.store().nodes().count(), 1);

    // One node with room for three: the surge finds none.
    model.update(Msg::Apply);
    rest(&mut model);
    assert_eq!(model.shown.stage.count, 3);
    model.update(Msg::LoadExample(1));
    model.update(Msg::Apply);
    play(&mut model, 20);
    let waits = model.shown.why_now.waits.join("\n");
    assert!(waits.contains("0/1 nodes are available: 1 Too many pods."), "{waits}");
}

#[test]
fn a_running_cluster_takes_a_changed_world_as_an_input() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    open(&mut model);
    world(&mut model, WorldMsg::AddImage);
    edit(&mut model, Field::Image(0, ImageField::Image), "my-app:2.0");
    edit(&mut model, Field::Image(0, ImageField::Missing), "true");
    edit(&mut model, Field::Traffic(TrafficField::RequestsPerSecond), "50");
    world(&mut model, WorldMsg::Use);
    let script = model.engine.timeline().script();
    let Some(Input::World { world: used }) = script.inputs.last().map(|timed| &timed.input) else {
        panic!("an input: {:?}", script.inputs)
    };
    assert_eq!(used.traffic.requests_per_second, 50);
    assert_eq!(script.world.images.len(), 0, "the world at the start is what it was");
    model.update(Msg::LoadExample(1));
    model.update(Msg::Apply);
    play(&mut model, 20);
    let waits = model.shown.why_now.waits.join("\n");
    assert!(waits.contains("ImagePull"), "{waits}");
}

#[test]
fn what_makes_no_sense_is_refused_at_its_place_and_nothing_is_touched() {
    for (field, text, said) in [
        (
            Field::Image(0, ImageField::PullMs),
            "900-200",
            "images[0].pull_ms: [900, 200] is reversed: the least comes first",
        ),
        (
            Field::Image(0, ImageField::ReadyMs),
            "-5",
            "images[0].ready_ms: It cannot be less than 0.",
        ),
        (
            Field::Image(0, ImageField::StartMs),
            "soon",
            "images[0].start_ms: Milliseconds are wanted: 500, or 200–900.",
        ),
        (
            Field::Image(0, ImageField::ErrorPercent),
            "101",
            "images[0].error_percent: 101 is more than 100",
        ),
        (
            Field::Image(0, ImageField::ExitCode),
            "256",
            "images[0].exit_code: 256 is not between 0 and 255",
        ),
        (
            Field::Image(0, ImageField::Image),
            "",
            "images[0].image: an empty pattern matches nothing: * matches everything",
        ),
        (
            Field::Image(0, ImageField::CrashAfterMs),
            "99999999",
            "images[0].crash_after_ms: 99999999 ms is absurdly long: at most a day",
        ),
        (
            Field::Traffic(TrafficField::RequestsPerSecond),
            "99999999999",
            "traffic.requests_per_second: That is absurdly much.",
        ),
        (
            Field::Time(TimeField::ProxyMs),
            "1-x",
            "delays.proxy_ms: Milliseconds are wanted: 500, or 200–900.",
        ),
    ] {
        let mut model = page();
        model.update(Msg::Apply);
        rest(&mut model);
        let (before, inputs) = (shown(&model), model.engine.timeline().script().inputs.len());
        open(&mut model);
        world(&mut model, WorldMsg::AddImage);
        edit(&mut model, field, text);
        assert_eq!(problems(&model), said);
        world(&mut model, WorldMsg::Use);
        assert_eq!(model.dialog, Some(Dialog::World), "{said}");
        assert_eq!(model.draft.refused, 1);
        assert_eq!(model.engine.timeline().script().inputs.len(), inputs, "{said}");
        // Nothing typed is lost, also not by closing the panel.
        model.update(Msg::CloseDialog);
        rest(&mut model);
        open(&mut model);
        assert_eq!(model.draft.text(field), text);
        assert_eq!(shown(&model), before);
        world(&mut model, WorldMsg::Revert);
        assert!(model.draft.is_sound() && !model.draft.touched);
    }
}

#[test]
fn nodes_are_refused_where_they_are_written() {
    for (field, text, said) in [
        (NodeField::Cpu, "many", "nodes[1].cpu: \"many\""),
        (NodeField::Memory, "-1Gi", "nodes[1].memory: \"-1Gi\" is negative"),
        (NodeField::Name, "No Name", "nodes[1].name: \"No Name\" is no name"),
        (NodeField::Count, "-3", "nodes[1].count: It cannot be less than 0."),
    ] {
        let mut model = page();
        open(&mut model);
        world(&mut model, WorldMsg::AddNodes);
        edit(&mut model, Field::Node(1, field), text);
        assert!(problems(&model).starts_with(said), "{}", problems(&model));
        // The group above goes: what is written stays with its own group.
        world(&mut model, WorldMsg::RemoveNodes(0));
        assert_eq!(model.draft.text(Field::Node(0, field)), text);
        assert!(problems(&model).starts_with(&said.replace("[1]", "[0]")), "{}", problems(&model));
        world(&mut model, WorldMsg::Use);
        assert_eq!(model.engine.store().nodes().count(), 3);
    }
    let mut model = page();
    open(&mut model);
    edit(&mut model, Field::Node(0, NodeField::Count), "6000");
    let (path, problem) = model.draft.problem_elsewhere().expect("it is told");
    assert_eq!(format!("{path}: {problem}"), "nodes: 6000 nodes are more than 5000");
    let problem = Problem::Invalid(problem.clone());
    let korean = crate::texts::Language::Korean.texts().world.problem(&problem);
    assert_eq!(korean, "노드 6000개는 너무 많습니다. 5000개까지입니다");
}

#[test]
fn rules_are_told_when_no_image_is_like_them() {
    let mut model = page();
    open(&mut model);
    world(&mut model, WorldMsg::AddImage);
    world(&mut model, WorldMsg::AddImage);
    edit(&mut model, Field::Image(0, ImageField::Image), "my-app:*");
    edit(&mut model, Field::Image(1, ImageField::Image), "your-app:*");
    assert!(model.draft.is_sound(), "it may come later");
    assert_eq!(model.draft.idle.iter().copied().collect::<Vec<_>>(), [1]);
    world(&mut model, WorldMsg::RaiseImage(1));
    assert_eq!(model.draft.text(Field::Image(0, ImageField::Image)), "your-app:*");
    assert_eq!(model.draft.idle.iter().copied().collect::<Vec<_>>(), [0]);
}

#[test]
fn machines_join_and_leave_a_running_cluster() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    open(&mut model);
    world(&mut model, WorldMsg::EditMachine(NodeField::Cpu, "lots".into()));
    world(&mut model, WorldMsg::AddMachine);
    let problem = model.draft.machine.problem.clone();
    assert_eq!(problem.map(|(field, _)| field), Some(NodeField::Cpu));
    assert_eq!(model.engine.store().nodes().count(), 3);
    world(&mut model, WorldMsg::EditMachine(NodeField::Cpu, "16".into()));
    world(&mut model, WorldMsg::AddMachine);
    let names = |model: &Model| -> Vec<String> {
        let nodes = super::super::nodes::all(model.engine.store());
        nodes.into_iter().map(|node| format!("{} {}", node.name, node.cpu.of)).collect()
    };
    assert_eq!(names(&model)[3], "node-3 16000");
    world(&mut model, WorldMsg::EditMachine(NodeField::Name, "node-3".into()));
    world(&mut model, WorldMsg::AddMachine);
    let problem = model.draft.machine.problem.clone();
    assert_eq!(problem.map(|(field, _)| field), Some(NodeField::Name), "the name is taken");
    world(&mut model, WorldMsg::Act("node-3".into(), NodeAction::Remove));
    assert_eq!(names(&model).len(), 3);
    world(&mut model, WorldMsg::Cordon("node-0".into(), true));
    assert!(super::super::nodes::all(model.engine.store())[0].cordoned);
    let lines: Vec<&str> = model.shown.transcript.iter().map(|entry| entry.line.as_str()).collect();
    assert_eq!(lines.last(), Some(&"kubectl cordon node-0"));
}

#[test]
fn ready_made_worlds_are_sound() {
    for preset in Preset::ALL {
        let mut model = page();
        open(&mut model);
        world(&mut model, WorldMsg::Preset(preset));
        assert!(model.draft.is_sound(), "{preset:?}: {}", problems(&model));
        assert_eq!(model.draft.touched, preset != Preset::Usual, "{preset:?}");
        world(&mut model, WorldMsg::Use);
        model.update(Msg::Apply);
        play(&mut model, 100);
        assert_eq!(model.shown.stage.count, 3, "{preset:?}");
    }
}

#[test]
fn a_world_that_was_written_is_worth_bringing_back() {
    use super::super::session::SessionMsg;
    let mut model = page();
    open(&mut model);
    edit(&mut model, Field::Node(0, NodeField::Count), "7");
    world(&mut model, WorldMsg::Use);
    model.update(Msg::Session(SessionMsg::StartOver));
    assert_eq!(model.engine.store().nodes().count(), 3);
    model.update(Msg::Session(SessionMsg::BringBack));
    assert_eq!(model.engine.store().nodes().count(), 7);
}

/// The page as it is after a reload.
fn reloaded(model: &Model) -> Model {
    use rollscope_scenario::autosave::{self, Identity};
    let identity = Identity { session: "s".into(), writer: "w".into(), based_on: None };
    let text = autosave::write(&model.record(), &identity, 1, 1_000_000).text;
    let mut other = page();
    other.arrive(&super::super::session::Arrival { record: Some(text), ..Default::default() });
    assert_eq!(other.notice, None);
    while other.engine.is_computing() {
        other.update(Msg::Frame { elapsed_us: 16_667, work_us: 1_000 });
    }
    other
}

#[test]
fn what_is_being_written_is_kept_over_a_reload() {
    let mut model = page();
    open(&mut model);
    assert_eq!(reloaded(&model).dialog, Some(Dialog::World), "an open panel stays open");
    world(&mut model, WorldMsg::AddNodes);
    edit(&mut model, Field::Node(1, NodeField::Name), "Big Node");
    edit(&mut model, Field::Node(0, NodeField::Count), "4");
    world(&mut model, WorldMsg::AddImage);
    edit(&mut model, Field::Image(0, ImageField::PullMs), "400–200");
    edit(&mut model, Field::Image(0, ImageField::CrashAfterMs), "soon");
    edit(&mut model, Field::Image(0, ImageField::ErrorPercent), "120");
    edit(&mut model, Field::Traffic(TrafficField::Service), "web");
    world(&mut model, WorldMsg::EditMachine(NodeField::Cpu, "64".into()));
    let other = reloaded(&model);
    assert_eq!(other.draft.world, model.draft.world);
    let shown = |model: &Model| {
        let fields = [
            Field::Node(1, NodeField::Name),
            Field::Node(0, NodeField::Count),
            Field::Image(0, ImageField::PullMs),
            Field::Image(0, ImageField::CrashAfterMs),
            Field::Image(0, ImageField::ErrorPercent),
            Field::Traffic(TrafficField::Service),
        ];
        fields.map(|field| (model.draft.text(field), model.draft.problem(field)))
    };
    assert_eq!(shown(&other), shown(&model));
    assert_eq!(other.draft.machine, model.draft.machine);
    assert!(other.draft.touched && problems(&other) == problems(&model));
    assert_eq!(other.engine.timeline().script().world, model.engine.timeline().script().world);

    // What no field is to blame for is kept as well.
    edit(&mut model, Field::Node(1, NodeField::Name), "node-0");
    for (field, text) in [(ImageField::PullMs, "9"), (ImageField::CrashAfterMs, "")] {
        edit(&mut model, Field::Image(0, field), text);
    }
    edit(&mut model, Field::Image(0, ImageField::ErrorPercent), "1");
    assert!(model.draft.problem_elsewhere().is_some());
    let other = reloaded(&model);
    assert_eq!(other.draft.world, model.draft.world);
    assert_eq!(other.draft.problem_elsewhere(), model.draft.problem_elsewhere());

    // A closed panel stays closed, and a draft in use is none any more.
    edit(&mut model, Field::Node(1, NodeField::Name), "big");
    model.update(Msg::CloseDialog);
    let other = reloaded(&model);
    assert_eq!((other.dialog.clone(), other.draft.touched), (None, true));
    world(&mut model, WorldMsg::Use);
    assert_eq!(model.dialog, None, "{}", problems(&model));
    let mut other = reloaded(&model);
    world(&mut other, WorldMsg::Open);
    assert!(!other.draft.touched);
    assert_eq!(other.draft.world.nodes.0.len(), 2);

    // Starting over leaves it behind, and it can be brought back.
    edit(&mut other, Field::Node(0, NodeField::Count), "2");
    other.update(Msg::Session(SessionMsg::StartOver));
    world(&mut other, WorldMsg::Open);
    assert!(!other.draft.touched);
    other.update(Msg::Session(SessionMsg::BringBack));
    assert_eq!(other.draft.text(Field::Node(0, NodeField::Count)), "2");
}
