//! Requests: counted, lost, and each loss explained.

use super::super::traffic::TrafficMsg;
use super::super::world::WorldMsg;
use super::super::world_field::{Field, TrafficField};
use super::*;

const SERVICE: &str = include_str!("../../../examples/service.yaml");
/// Ready is who answers: without it a pod counts as ready before it listens.
const PROBE: &str = "        readinessProbe:\n          tcpSocket:\n            port: 8080\n          periodSeconds: 1\n";
const PRE_STOP: &str =
    "        lifecycle:\n          preStop:\n            sleep:\n              seconds: 5\n";

/// The example with a Service, at 50 requests a second, rolled out once and then updated.
fn updated(change: &dyn Fn(&str) -> String) -> Model {
    let mut model = page();
    let field = Field::Traffic(TrafficField::RequestsPerSecond);
    model.update(Msg::World(WorldMsg::Open));
    model.update(Msg::World(WorldMsg::Edit(field, "50".into())));
    model.update(Msg::World(WorldMsg::Use));
    let ports = "        - containerPort: 8080\n";
    let text = change(&SERVICE.replace(ports, &format!("{ports}{PROBE}")));
    model.update(Msg::Edited(text.clone()));
    model.update(Msg::Apply);
    rest(&mut model);
    assert_eq!(model.shown.services[0].lost, 0, "nobody uses it before it is up");
    model.update(Msg::Edited(text.replace("web:1.0", "web:2.0")));
    model.update(Msg::Apply);
    rest(&mut model);
    model
}

fn with_pre_stop(text: &str) -> String {
    text.replace(PROBE, &format!("{PROBE}{PRE_STOP}"))
}

fn recreate(text: &str) -> String {
    text.replacen("  selector:\n", "  strategy:\n    type: Recreate\n  selector:\n", 1)
}

fn causes(model: &Model) -> Vec<&'static str> {
    model.shown.services[0].causes.iter().map(|(cause, _)| cause.as_str()).collect()
}

#[test]
fn a_rolling_update_without_pre_stop_loses_some_while_proxies_still_route() {
    let mut model = updated(&str::to_owned);
    let row = &model.shown.services[0];
    assert_eq!((row.name.as_str(), row.routes, row.rate), ("web", 3, 50));
    assert!(row.lost > 0 && row.lost < row.sent / 10, "{row:?}");
    assert!(row.sent - row.served - row.lost < 5, "few are under way: {row:?}");
    assert_eq!(causes(&model)[0], "still-routed");
    // The axis shows every one of them.
    let shown: i64 = model.shown.chart.losses.iter().map(|one| one.loss.lost).sum();
    let bursts: i64 = model.shown.chart.losses.iter().map(|one| one.loss.burst).sum();
    assert_eq!((shown as u64, bursts as u64), (row.lost, row.lost));

    model.update(Msg::Traffic(TrafficMsg::ShowLost));
    let row = model.shown.lost.iter().find(|row| row.cause == "proxies still routed to it");
    let id = row.expect("such a loss").id.clone();
    model.update(Msg::Traffic(TrafficMsg::Toggle(id.clone())));
    let opened = model.shown.lost.iter().find(|row| row.id == id).cloned().expect("it");
    let chain = opened.chain.expect("its chain");
    assert!(chain.gist.contains("preStop"), "{}", chain.gist);
    let facts: Vec<&str> = chain.facts.iter().map(|(_, fact)| fact.as_str()).collect();
    let at = |said: &str| {
        facts
            .iter()
            .position(|fact| fact.contains(said))
            .unwrap_or_else(|| panic!("{said}: {facts:#?}"))
    };
    assert!(at("is being deleted") < at("gets SIGTERM"));
    assert!(at("gets SIGTERM") < at("It is lost: proxies still routed to it"));
    assert!(at("It is lost") < at("has heard: it routes nothing more"));
    assert!(at("which enters at node-") < at("It is lost"));
    model.update(Msg::Traffic(TrafficMsg::Toggle(id)));
    assert!(model.shown.lost.iter().all(|row| row.chain.is_none()));
}

#[test]
fn pre_stop_loses_none_on_the_same_traffic() {
    let model = updated(&with_pre_stop);
    let row = &model.shown.services[0];
    assert!(row.sent > 500, "{row:?}");
    assert_eq!((row.lost, model.shown.chart.losses.len()), (0, 0));
}

#[test]
fn recreate_loses_as_long_as_nothing_is_ready() {
    let model = updated(&recreate);
    let row = &model.shown.services[0];
    assert_eq!(causes(&model)[0], "no-endpoints");
    let longest = model.shown.chart.losses.iter().filter(|one| one.loss.lost == one.loss.sent);
    assert!(longest.count() >= 3, "whole seconds of nothing: {row:?}");
}

#[test]
fn going_back_takes_losses_back_and_the_axis_keeps_them() {
    let mut model = updated(&recreate);
    let losses = model.shown.chart.losses.len();
    model.update(Msg::Seek(SimDuration::from_secs(6)));
    assert_eq!(model.shown.services[0].lost, 0);
    assert_eq!(model.shown.chart.losses.len(), losses, "the future is known");
}

/// The example is up; then it is updated, at so much of the usual speed. What is said meanwhile.
fn said_during_an_update(change: &dyn Fn(&str) -> String, speed: u32) -> Vec<String> {
    let mut model = updated(change);
    model.update(Msg::Edited(model.manifest.file().text.replace("web:2.0", "web:3.0")));
    play(&mut model, 6);
    model.clock.speed = speed;
    let mut said = Vec::new();
    let mut number = model.announcer.number;
    model.update(Msg::Apply);
    for _ in 0..60 * 90 {
        model.update(Msg::Frame { elapsed_us: 16_667, work_us: 1_000 });
        if std::mem::replace(&mut number, model.announcer.number) != model.announcer.number {
            said.push(model.announcer.sentence.clone());
        }
    }
    let of_requests = |sentence: &String| sentence.contains(" lost");
    said.retain(of_requests);
    let lost = model.shown.services[0].lost;
    assert!(lost > 0 || said.is_empty(), "{said:?}");
    said
}

#[test]
fn lost_requests_are_announced_when_they_begin_and_counted_when_it_is_over() {
    for speed in [100, 1_000] {
        let said = said_during_an_update(&recreate, speed);
        let [first, last] = said.as_slice() else { panic!("two sentences: {said:#?}") };
        assert_eq!(first, "Requests are being lost: proxies still routed to it.");
        let (count, causes) = last.split_once(" requests were lost: ").expect("a count");
        let parts = causes.trim_end_matches('.').split("; ");
        let parts: Vec<(u64, &str)> = parts
            .map(|part| part.split_once(" × ").expect("a cause"))
            .map(|(count, cause)| (count.parse().unwrap(), cause))
            .collect();
        assert!(parts.is_sorted_by_key(|(count, _)| std::cmp::Reverse(*count)), "{last}");
        let sum: u64 = parts.iter().map(|(count, _)| count).sum();
        assert_eq!(count.parse(), Ok(sum), "{last}");
        assert!(parts.iter().any(|(_, cause)| *cause == "no endpoints"), "{last}");
    }
    assert_eq!(said_during_an_update(&with_pre_stop, 100), Vec::<String>::new());
}

#[test]
fn going_through_time_announces_no_losses() {
    let mut model = updated(&recreate);
    let number = model.announcer.number;
    for seconds in (0..80).rev().chain(0..80) {
        model.update(Msg::Seek(SimDuration::from_secs(seconds * 2)));
        model.update(Msg::Frame { elapsed_us: 300_000, work_us: 1_000 });
    }
    let sentence = &model.announcer.sentence;
    assert!(model.announcer.number == number || !sentence.contains(" lost"), "{sentence}");
}
