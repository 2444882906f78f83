//! What is forecast of random manifests then happens.

use super::*;

struct Dice(Draw);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0.below(end)
    }
    fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize].clone()
    }

    fn plan(&mut self) -> Plan {
        let surge = self.one_of(&["0", "1", "2", "25%", "50%", "100%"]);
        let unavailable = self.one_of(&["1", "25%", "10%", "50%", "100%"]);
        let zero = self.below(3) == 0 && surge != "0";
        let unavailable = if zero { "0" } else { unavailable };
        let rolling = format!(
            "{{type: RollingUpdate, rollingUpdate: {{maxSurge: {surge}, maxUnavailable: \
             {unavailable}}}}}"
        );
        let good = ["web:1.0", "web:2.0", "web:3.0", "web:slow"];
        let bad = ["web:bad", "web:missing", "web:never-ready", "web:crash"];
        let image = if self.below(6) == 0 { self.one_of(&bad) } else { self.one_of(&good) };
        Plan {
            replicas: self.below(11),
            strategy: if self.below(6) == 0 { "{type: Recreate}".to_owned() } else { rolling },
            image,
            min_ready_seconds: self.one_of(&[0, 0, 0, 3]),
            deadline_seconds: self.one_of(&[600, 600, 20]),
            env: self.below(2),
            cpu: self.one_of(&["100m", "100m", "900m"]),
            paused: self.below(12) == 0,
        }
    }
}

/// A session in which a random manifest is applied first, and others at random moments, perhaps
/// while the rollout before is still going on; and the moment of the next one.
fn random_timeline(dice: &mut Dice, seed: u64) -> (Timeline, SimTime) {
    let node = NodeGroup { count: 2, cpu: "4".to_owned(), ..NodeGroup::default() };
    let world = World { nodes: Nodes(vec![node]), ..World::default() };
    let mut script = Script { seed, world, ..Script::default() };
    let mut first = dice.plan();
    (first.image, first.paused) = ("web:1.0", false);
    script.files.insert(FILE.to_owned(), first.text());
    let mut at = SimDuration::ZERO;
    script.inputs.push(TimedInput { at, input: Input::Apply { file: FILE.to_owned() } });
    for _ in 0..dice.below(3) {
        at = at + SimDuration::from_millis(dice.one_of(&[1, 3_000, 20_000, 90_000]));
        let edit = Input::EditFile { name: FILE.to_owned(), text: dice.plan().text() };
        script.inputs.push(TimedInput { at, input: edit });
        script.inputs.push(TimedInput { at, input: Input::Apply { file: FILE.to_owned() } });
    }
    at = at + SimDuration::from_millis(dice.one_of(&[0, 7, 4_000, 15_000, 60_000, 900_000]));
    let timeline = Timeline::new(script);
    let now = timeline.start() + at;
    (timeline, now)
}

/// Lets happen what was forecast, and compares.
fn check_random(number: u64) -> Result<(), String> {
    let mut dice = Dice(Random::new(0xf0_4eca).draw_nth("forecast", number));
    let (mut timeline, now) = random_timeline(&mut dice, number);
    let text = dice.plan().text();
    let question = Question { seeds: 3, ..Question::new(FILE, &text) };
    let forecast = Forecaster::new(timeline.state_at(now), &question).finish();
    let outcome = forecast.outcome.clone().ok_or_else(|| format!("no outcome: {forecast:?}"))?;

    let edit = Input::EditFile { name: FILE.to_owned(), text };
    timeline.push_input(now, edit).map_err(|error| error.to_string())?;
    let was_complete = is_complete(&timeline.state_at(now).clone());
    let apply = Input::Apply { file: FILE.to_owned() };
    timeline.push_input(now, apply).map_err(|error| error.to_string())?;
    let is_complete = was_complete && is_complete(timeline.state_at(now));
    while timeline.advance(usize::MAX) {}
    let end = timeline.computed_until();
    let store = timeline.state_at(end).cluster().listers().clone();

    let complete =
        timeline.marks().iter().find(|mark| mark.at >= now && mark.kind == MarkKind::Complete);
    let complete = if is_complete { Some(now) } else { complete.map(|mark| mark.at) };
    let looks = || {
        let first = timeline.samples().partition_point(|sample| sample.at <= now) - 1;
        timeline.samples()[first..].iter().map(|sample| (sample.at, &sample.deployments[0]))
    };
    let until = complete.and_then(|complete| {
        // What was seen last before it was complete is still so when it is.
        let first = looks().filter(|(at, _)| *at <= complete).count() - 1;
        let settled = looks()
            .skip(first)
            .find(|(_, sample)| sample.total() == sample.desired && sample.terminating() == 0);
        settled.map(|(at, _)| at)
    });
    let until = until.unwrap_or(timeline.computed_until());
    let within = || looks().filter(move |(at, _)| *at <= until).map(|(_, sample)| sample);
    let (_, deployment) = store.deployments().next().ok_or("no Deployment")?;
    let set = store
        .replica_sets_of(&deployment.metadata.uid)
        .find(|set| equal_ignore_hash(&set.spec.template.0, &deployment.spec.template.0));
    let revision = set.map_or(0, |set| {
        set.metadata.annotations["deployment.kubernetes.io/revision"].parse().unwrap()
    });
    let found = (
        revision,
        set.map(|set| set.metadata.name.to_string()).unwrap_or_default(),
        complete.map(|at| (at - now).as_millis()),
        within().map(|sample| i64::from(sample.total())).max(),
        within().map(|sample| i64::from(sample.total() + sample.terminating())).max(),
        within().map(|sample| i64::from(sample.available())).min(),
    );
    let duration = outcome.duration_ms;
    let foreseen = (
        outcome.revision,
        outcome.replica_set.clone(),
        duration.and_then(|spread| spread.own),
        outcome.peak_pods.own,
        outcome.peak_pods_with_terminating.own,
        outcome.lowest_available.own,
    );
    if found != foreseen {
        return Err(format!("foreseen {foreseen:?}, found {found:?}: {forecast:#?}"));
    }
    let in_range = |ms| duration.is_some_and(|spread| spread.min <= ms && ms <= spread.max);
    if found.2.is_some_and(|ms| !in_range(ms)) {
        return Err(format!("{:?} ms are not in {duration:?}", found.2));
    }
    Ok(())
}

fn is_complete(session: &Session) -> bool {
    let mut deployments = session.cluster().listers().deployments();
    deployments.next().is_some_and(|(_, one)| {
        rollscope_sim::controller::deployment::conditions::deployment_complete(one, &one.status)
    })
}

#[test]
fn what_is_forecast_then_happens() {
    let only = std::env::var("ROLLSCOPE_FORECAST").ok();
    if let Some(number) = only {
        check_random(number.parse().expect("a number")).unwrap();
        return;
    }
    let failures: Vec<String> = (0..200)
        .filter_map(|number| Some(format!("{number}: {}", check_random(number).err()?)))
        .collect();
    assert!(failures.is_empty(), "{} of 200 differ\n{}", failures.len(), failures.join("\n"));
}
