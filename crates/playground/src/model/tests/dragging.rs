//! The time's handle is dragged: the stage follows frame by frame, the rest when it has come to rest.

use super::*;

fn frame(model: &mut Model) {
    model.update(Msg::Frame { elapsed_us: 16_667, work_us: 1_000 });
}

fn at(seconds: i64) -> SimDuration {
    SimDuration::from_secs(seconds)
}

#[test]
fn between_two_frames_only_the_last_position_counts() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    let before = shown(&model);
    for seconds in [1, 2, 0] {
        model.update(Msg::Drag(at(seconds)));
        assert_eq!(shown(&model), before, "shown before its frame");
    }
    assert!(model.wants_frame());
    frame(&mut model);
    assert_eq!(model.engine.elapsed(), SimDuration::ZERO);
    assert!(model.is_dragging() && model.clock.play == Play::Held);
}

#[test]
fn what_is_done_next_is_done_where_the_handle_is() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    model.update(Msg::Drag(at(2)));
    let line = "kubectl scale deployment/my-app --replicas=1";
    model.update(Msg::PromptEdited(line.to_owned()));
    model.update(Msg::PromptEntered);
    let inputs = &model.engine.timeline().script().inputs;
    assert_eq!(inputs.last().unwrap().at, at(2));
    assert_eq!(model.shown.runs.len(), 2, "the run parts at that moment");
}

#[test]
fn a_handle_at_rest_shows_its_moment_whole() {
    let mut model = page();
    model.update(Msg::Apply);
    model.update(Msg::ShowTab(Tab::Events));
    rest(&mut model);
    let forecast = model.shown.forecast.clone();
    model.update(Msg::Drag(at(5)));
    frame(&mut model);
    let events = model.shown.events.clone();
    model.update(Msg::Drag(at(1)));
    frame(&mut model);
    // Nobody reads a table or a forecast while it flies by.
    assert!(model.shown.events == events && model.shown.forecast == forecast);
    let dragged = shown(&model);
    rest(&mut model);
    assert!(!model.is_dragging());
    assert!(model.shown.events != events, "the table did not follow");
    assert!(model.shown.forecast != forecast, "the forecast did not follow");
    assert_eq!(shown(&model), dragged);

    let mut other = page();
    other.update(Msg::Apply);
    other.update(Msg::ShowTab(Tab::Events));
    rest(&mut other);
    other.update(Msg::Seek(at(1)));
    rest(&mut other);
    assert_eq!(shown(&model), shown(&other));
    assert_eq!(*model.shown.events, *other.shown.events);
    assert_eq!(*model.shown.forecast, *other.shown.forecast);
}

#[test]
fn time_passes_although_little_of_it_is_computed_ahead() {
    let mut model = page();
    let many = model.manifest.file().text.replace("replicas: 3", "replicas: 400");
    model.update(Msg::Edited(many));
    model.update(Msg::Apply);
    model.clock.speed = 400;
    let before = model.engine.elapsed();
    // Frames that take long leave little room to compute ahead.
    for _ in 0..60 {
        model.update(Msg::Frame { elapsed_us: 16_667, work_us: 30_000 });
    }
    let passed = model.engine.elapsed() - before;
    assert!(passed >= SimDuration::from_millis(3_900), "only {passed:?} of four seconds");
}
