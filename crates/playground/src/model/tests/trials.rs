//! The strategy explorer and the seed sweep as the page uses them, without a worker.

use super::*;
use crate::model::job::{Bench, Job};
use crate::model::trials::{TrialMsg, TrialProblem};

/// Lets frames pass until the work is done, as where no worker can be begun.
fn finish(model: &mut Model) {
    for _ in 0..20_000 {
        if !model.works_in_frames() {
            return;
        }
        model.update(Msg::Frame { elapsed_us: 0, work_us: 1_000 });
    }
    panic!("it never ends");
}

/// The request of an effect, which the test does instead of a worker.
fn request(effects: &[Effect]) -> Option<String> {
    effects.iter().find_map(|effect| match effect {
        Effect::StartJob(request) => Some(request.clone()),
        _ => None,
    })
}

fn rolled_out() -> Model {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    model
}

fn edited(model: &mut Model, old: &str, new: &str) {
    let text = model.manifest.file().text.replace(old, new);
    model.update(Msg::Edited(text));
}

#[test]
fn a_worker_and_the_page_itself_find_the_same() {
    let mut model = rolled_out();
    edited(&mut model, "my-app:1.0", "my-app:2.0");
    let effects = model.update(Msg::Trial(TrialMsg::OpenExplorer));
    let mut job = Job::from_json(&mut Bench::default(), &request(&effects).expect("a request"));
    while job.advance(2_000) {}
    let report = serde_json::to_string(&job.report()).unwrap();
    model.update(Msg::Trial(TrialMsg::Report(report)));
    let by_worker = model.trials.explorer.cells.clone();
    assert_eq!(by_worker.len(), 25);
    assert!(!model.trials.explorer.is_running);

    model.update(Msg::Trial(TrialMsg::Explore));
    model.update(Msg::Trial(TrialMsg::WorkerFailed));
    finish(&mut model);
    assert_eq!(model.trials.explorer.cells, by_worker);
    // From now on no worker is asked.
    assert_eq!(request(&model.update(Msg::Trial(TrialMsg::Explore))), None);
}

#[test]
fn a_pressed_cell_is_written_into_the_manifest() {
    let mut model = rolled_out();
    edited(&mut model, "  replicas: 3", "  replicas: 3 # three");
    model.update(Msg::Trial(TrialMsg::OpenExplorer));
    model.update(Msg::Trial(TrialMsg::WorkerFailed));
    finish(&mut model);
    assert_eq!(model.trials.explorer.now, ("25%".to_owned(), "25%".to_owned()));
    assert!(model.trials.explorer.restarts);
    model.update(Msg::Trial(TrialMsg::Try("100%".to_owned(), "0".to_owned())));
    assert_eq!(model.dialog, None);
    let text = &model.manifest.file().text;
    assert!(text.contains("      maxSurge: 100%\n      maxUnavailable: 0\n"));
    assert!(text.contains("  replicas: 3 # three\n"), "{text}");
}

#[test]
fn wrong_values_are_told_and_nothing_is_begun() {
    let mut model = rolled_out();
    model.update(Msg::Trial(TrialMsg::OpenExplorer));
    model.update(Msg::Trial(TrialMsg::Surges("many".to_owned())));
    let effects = model.update(Msg::Trial(TrialMsg::Explore));
    assert_eq!(request(&effects), None);
    let korean = crate::texts::Language::Korean.texts().trials;
    let said = |problem: &Option<TrialProblem>| {
        let problem = problem.as_ref().expect("a problem");
        [(page().texts().trials.problem)(problem), (korean.problem)(problem)].join("\n")
    };
    assert_eq!(
        said(&model.trials.explorer.problem),
        "\"many\" is neither a number of pods nor a percentage\n\
         \"many\"은(는) 파드 수도 백분율도 아닙니다"
    );
    model.update(Msg::Trial(TrialMsg::Surges("2 3 4 5 6 7 8 9".to_owned())));
    model.update(Msg::Trial(TrialMsg::Explore));
    assert!(said(&model.trials.explorer.problem).ends_with("값은 항목마다 8개까지 쓸 수 있습니다"));
    for seeds in ["0", "1000000", "some"] {
        model.update(Msg::Trial(TrialMsg::Seeds(seeds.to_owned())));
        assert_eq!(request(&model.update(Msg::Trial(TrialMsg::Sweep))), None);
        let said = said(&model.trials.sweep.problem);
        assert!(said.contains("from 1 to 10000") && said.contains("1에서 10000까지"), "{said}");
    }
}

#[test]
fn the_worst_seed_opens_as_a_session_and_the_old_one_comes_back() {
    let mut model = rolled_out();
    model.update(Msg::Trial(TrialMsg::OpenSweep));
    model.update(Msg::Trial(TrialMsg::Seeds("5".to_owned())));
    model.update(Msg::Trial(TrialMsg::Sweep));
    model.update(Msg::Trial(TrialMsg::WorkerFailed));
    finish(&mut model);
    let summary = model.trials.sweep.summary.clone().unwrap();
    assert_eq!(summary.tried, 5);
    let seed = summary.worst.unwrap().seed;
    let effects = model.update(Msg::Trial(TrialMsg::OpenWorst(seed)));
    assert!(effects.contains(&Effect::BeginSession));
    assert_eq!(model.engine.timeline().script().seed, seed);
    assert_eq!(model.engine.timeline().script().inputs.len(), 2);
    rest(&mut model);
    assert_eq!(model.shown.revisions.cards.len(), 1);
    model.update(Msg::Session(super::super::session::SessionMsg::BringBack));
    assert_eq!(model.engine.timeline().script().seed, 1);
}

#[test]
fn what_was_cancelled_is_not_heard_of_any_more() {
    let mut model = rolled_out();
    model.update(Msg::Trial(TrialMsg::OpenSweep));
    let effects = model.update(Msg::Trial(TrialMsg::Sweep));
    let mut job = Job::from_json(&mut Bench::default(), &request(&effects).unwrap());
    job.advance(100_000);
    let report = serde_json::to_string(&job.report()).unwrap();
    let effects = model.update(Msg::CloseDialog);
    assert_eq!(effects, [Effect::StopJob]);
    model.update(Msg::Trial(TrialMsg::Report(report)));
    assert_eq!(model.trials.sweep.summary, None);
}
