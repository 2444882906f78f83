use super::*;
use crate::measure::manifest;
use crate::script::TimedInput;

/// A Deployment and a new image a minute later; with a Service, if that is asked for.
fn script(strategy: &str, tag: &str, has_service: bool) -> Script {
    let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n";
    let text =
        manifest(3, "1.0").replace("  selector:", &format!("  strategy: {strategy}\n  selector:"));
    let mut script = Script::default();
    let service = if has_service { service } else { "" };
    script.files.insert("web.yaml".to_owned(), text + service);
    let at = SimDuration::from_secs;
    let line = format!("kubectl set image deployment/web web=web:{tag}");
    script.inputs = vec![
        TimedInput { at: at(0), input: Input::Apply { file: "web.yaml".to_owned() } },
        TimedInput { at: at(60), input: Input::Command { line } },
    ];
    script
}

fn swept(script: Script, seeds: u32) -> Summary {
    let mut sweep = Sweep::new(script, seeds);
    while sweep.advance(1_000) {}
    sweep.summary().clone()
}

#[test]
fn a_rolling_update_keeps_its_floor_and_recreate_loses_requests() {
    let rolling = "{rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
    let summary = swept(script(rolling, "2.0", false), 8);
    assert_eq!((summary.tried, summary.broke_floor, summary.incomplete), (8, 0, 0));
    assert_eq!(summary.lowest_available, BTreeMap::from([(3, 8)]));
    assert!(summary.is_clean() && !summary.has_clients);
    assert!(summary.shortest_ms.unwrap() < summary.longest_ms);

    let summary = swept(script("{type: Recreate}", "2.0", true), 8);
    assert_eq!((summary.lost, summary.incomplete), (8, 0));
    assert_eq!(summary.lowest_available, BTreeMap::from([(0, 8)]));
    assert!(summary.lost_requests > 8 && !summary.is_clean());
}

#[test]
fn the_worst_seed_is_found_and_can_be_run_again() {
    let script = script("{type: Recreate}", "2.0", true);
    let all: Vec<SeedFacts> = (1..=8).map(|seed| SeedFacts::of(&script, seed)).collect();
    let summary = swept(script.clone(), 8);
    let worst = summary.worst.unwrap();
    assert_eq!(worst.lost, all.iter().map(|facts| facts.lost).max().unwrap());
    assert_eq!(SeedFacts::of(&script, worst.seed), worst);
    // The order in which seeds are tried is all the same.
    let mut backwards = Summary::default();
    all.into_iter().rev().for_each(|facts| backwards.add(facts));
    assert_eq!(backwards, summary);
}

#[test]
fn what_does_not_complete_is_counted() {
    let rolling = "{rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
    let summary = swept(script(rolling, "missing", false), 3);
    assert_eq!((summary.incomplete, summary.broke_floor), (3, 0));
}

#[test]
fn none_and_a_million_are_refused() {
    for text in ["0", "1000000", "1,000,000", "-1", "ten", "", "10001", "1.5"] {
        assert!(parse_seeds(text).unwrap_err().to_string().contains("from 1 to 10000"), "{text}");
    }
    assert_eq!(parse_seeds(" 1,000 "), Ok(1_000));
}
