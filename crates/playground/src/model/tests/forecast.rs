//! The forecast as the page follows what is typed and done.

use super::*;
use crate::model::forecast::Shown;
use crate::model::forecasting::ForecastMsg;

/// Lets frames pass until the forecast is worked out.
fn forecast(model: &mut Model) -> String {
    for _ in 0..5_000 {
        if !model.forecasting.is_computing() {
            break;
        }
        model.update(Msg::Frame { elapsed_us: 0, work_us: 1_000 });
    }
    let Some(shown) = &*model.shown.forecast else { return "nothing".to_owned() };
    let Shown { tone, headline, change, note, .. } = shown;
    let mut lines = vec![format!("{tone:?} {headline} | {change}{note}")];
    lines.push(shown.posts.join(" · "));
    let tiles = shown.tiles.iter().map(|tile| format!("{} {}", tile.label, tile.value));
    lines.push(tiles.collect::<Vec<_>>().join(", "));
    lines.extend(shown.causes.iter().cloned());
    lines.join("\n").trim_end().to_owned()
}

fn edited(model: &mut Model, old: &str, new: &str) {
    let text = model.manifest.file().text.replace(old, new);
    model.update(Msg::Edited(text));
}

#[test]
fn the_forecast_follows_what_is_typed() {
    let mut model = page();
    expect![[r#"
        Good New revision 1 | the Deployment is created
        surge 25% × 3 = 0.75 → 1 · unavailable 25% × 3 = 0.75 → 0
        duration 5.1–6.4 s, peak pods 3, lowest 0, lost –"#]]
    .assert_eq(&forecast(&mut model));
    model.update(Msg::Apply);
    rest(&mut model);
    expect![[r#"
        Good No new revision: still revision 1 | nothing changes
        surge 25% × 3 = 0.75 → 1 · unavailable 25% × 3 = 0.75 → 0
        duration 0.0 s, peak pods 3, lowest 3, lost –"#]]
    .assert_eq(&forecast(&mut model));
    edited(&mut model, "my-app:1.0", "my-app:2.0");
    expect![[r#"
        Good New revision 2 | image my-app:1.0 → my-app:2.0
        surge 25% × 3 = 0.75 → 1 · unavailable 25% × 3 = 0.75 → 0
        duration 13–18 s, peak pods 4, lowest 3, lost –"#]]
    .assert_eq(&forecast(&mut model));
    edited(&mut model, "my-app:2.0", "my-app:missing");
    expect![[r#"
        Bad New revision 2 | image my-app:1.0 → my-app:missing
        surge 25% × 3 = 0.75 → 1 · unavailable 25% × 3 = 0.75 → 0
        duration never, peak pods 4, lowest 3, lost –
        my-app:missing cannot be pulled: ImagePullBackOff, 1 pod
        ProgressDeadlineExceeded: ReplicaSet "my-app-7b46c777d4" has timed out progressing."#]]
    .assert_eq(&forecast(&mut model));
    edited(&mut model, "replicas: 3", "replicas: three");
    expect!["Bad The manifest would be refused. Nothing would change. |"]
        .assert_eq(&forecast(&mut model));
    edited(&mut model, "replicas: three", "replicas: 3");
    edited(&mut model, "app: my-app", "app: other");
    expect![[r#"
        Bad The manifest would be refused. Nothing would change. | 


        The Deployment "my-app" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable"#]].assert_eq(&forecast(&mut model));
    model.update(Msg::Edited("kind: Service".to_owned()));
    assert_eq!(model.shown.forecast.as_ref().unwrap().tone, crate::model::forecast::Tone::Bad);
}

#[test]
fn the_forecast_follows_a_rollout_of_few_pods() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    model.command("kubectl set image deployment/my-app my-app-container=my-app:2.0");
    model.update(Msg::Frame { elapsed_us: 300_000, work_us: 1_000 });
    let duration = |model: &mut Model| {
        let text = forecast(model);
        let tiles = text.lines().find(|line| line.starts_with("duration")).unwrap_or_default();
        tiles.split(',').next().unwrap_or_default().to_owned()
    };
    assert_eq!(duration(&mut model), "duration 0.0–0.1 s", "all pods have the template still");
    // Two of three old pods are gone: to go back is to start two.
    while model.engine.store().deployments().all(|(_, one)| one.status.updated_replicas < 3) {
        model.update(Msg::Frame { elapsed_us: 100_000, work_us: 1_000 });
    }
    assert_ne!(duration(&mut model), "duration 0.0–0.1 s");
}

#[test]
fn what_was_forecast_is_what_the_page_then_shows() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    edited(&mut model, "my-app:1.0", "my-app:2.0");
    forecast(&mut model);
    let outcome = model.forecasting.forecast().unwrap().outcome.clone().unwrap();
    model.update(Msg::Apply);
    let applied = model.engine.elapsed();
    rest(&mut model);
    let complete = model
        .engine
        .timeline()
        .marks()
        .iter()
        .rfind(|mark| mark.kind == rollscope_scenario::MarkKind::Complete);
    let took = complete.unwrap().at - model.engine.timeline().start() - applied;
    assert_eq!(outcome.duration_ms.unwrap().own, Some(took.as_millis()));
    let newest = &model.shown.revisions.cards[0];
    assert_eq!((newest.revision, &*newest.replica_set), (2, outcome.replica_set.as_str()));
}

#[test]
fn while_time_passes_the_forecast_stays_that_of_its_moment() {
    let mut model = page();
    model.update(Msg::Apply);
    play(&mut model, 1);
    forecast(&mut model);
    let asked = model.shown.forecast.clone();
    play(&mut model, 2);
    assert!(model.is_running());
    assert!(asked == model.shown.forecast, "it was asked again");
    edited(&mut model, "my-app:1.0", "my-app:2.0");
    assert!(forecast(&mut model).contains("New revision 2"));
}

#[test]
fn a_rollout_that_began_by_command_is_what_the_forecast_compares_with() {
    let mut model = page();
    model.update(Msg::Apply);
    rest(&mut model);
    let line = "kubectl set image deployment/my-app my-app-container=my-app:2.0";
    model.update(Msg::PromptEdited(line.to_owned()));
    model.update(Msg::PromptEntered);
    play(&mut model, 2);
    assert!(model.is_running());
    let said = forecast(&mut model);
    assert!(said.contains("Revision 1 becomes revision 3"), "{said}");
}

/// A worker: takes up what the page asks of it and tells what it finds, all at once.
fn worked_out(bench: &mut job::Bench, effects: &[Effect]) -> Option<String> {
    let request = effects.iter().find_map(|effect| match effect {
        Effect::StartForecast(request) => Some(request.clone()),
        _ => None,
    })?;
    let mut job = job::Job::from_json(bench, &request);
    while job.advance(10_000) {}
    serde_json::to_string(&job.report()).ok()
}

#[test]
fn hundreds_of_pods_are_forecast_by_a_worker() {
    let mut bench = job::Bench::default();
    let mut model = page();
    let text = model.manifest.file().text.replace("replicas: 3", "replicas: 400");
    let effects = model.update(Msg::Edited(text.clone()));
    let told = worked_out(&mut bench, &effects).expect("the worker is asked");
    assert!(!model.forecasting.is_computing(), "no frames are needed for it");
    assert!(model.shown.forecast.as_ref().unwrap().computing, "what was known stays, as old");
    model.update(Msg::Forecast(ForecastMsg::Report(told)));
    let said = forecast(&mut model);
    assert!(said.starts_with("Good New revision 1") && said.contains("peak pods 400"), "{said}");
    model.update(Msg::Apply);
    rest(&mut model);

    // Every keystroke asks anew, and an answer about an older text is none.
    let first = model.update(Msg::Edited(text.replace("my-app:1.0", "my-app:2")));
    let second = model.update(Msg::Edited(text.replace("my-app:1.0", "my-app:2.0")));
    let older = worked_out(&mut bench, &first).unwrap();
    model.update(Msg::Forecast(ForecastMsg::Report(older)));
    assert!(model.shown.forecast.as_ref().unwrap().computing);
    assert!(!forecast(&mut model).contains("my-app:2"), "{}", forecast(&mut model));
    let newer = worked_out(&mut bench, &second).unwrap();
    model.update(Msg::Forecast(ForecastMsg::Report(newer)));
    let said = forecast(&mut model);
    assert!(said.contains("image my-app:1.0 → my-app:2.0"), "{said}");
    assert!(!model.shown.forecast.as_ref().unwrap().computing);

    // The page does it itself where there is no worker, and comes to the same.
    let effects = model.update(Msg::Edited(text.replace("my-app:1.0", "my-app:3.0")));
    let told = worked_out(&mut bench, &effects).unwrap();
    model.update(Msg::Forecast(ForecastMsg::WorkerFailed));
    let here = forecast(&mut model);
    assert!(here.contains("my-app:3.0"), "{here}");
    let mut other = page();
    other.update(Msg::Forecast(ForecastMsg::Report(told.clone())));
    let report: job::Report = serde_json::from_str(&told).unwrap();
    let job::Findings::Forecast(there) = report.findings else { panic!("a forecast: {told}") };
    assert_eq!(Some(&*there), model.forecasting.forecast());
    assert_eq!(worked_out(&mut bench, &model.update(Msg::Edited(text))), None);

    // Few pods are worked out at once, on the page.
    assert_eq!(worked_out(&mut bench, &other.update(Msg::Apply)), None);
}
