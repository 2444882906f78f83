//! What is shown, derived from the moment. Nothing is derived twice from the same.

use rollscope_api::SimDuration;
use rollscope_api::object::Deployment;
use rollscope_scenario::{MarkKind as Marked, Run, RunId, Sample, Timeline};

use super::chart::{self, Mark, MarkKind, Overlay, Point};
use super::drawer::{self, Tab};
use super::pulling::Pulling;
use super::rollout::Accent;
use super::{Model, Seen, clock, losses, revisions, stage, waits, why};

/// How long the image of a pod that is gone fades, in milliseconds of real time.
const FADE_MS: i64 = 230;
/// How often the chart follows while it grows, in milliseconds of real time.
const CHART_MS: i64 = 120;
/// How often the drawer's tables follow while time passes, in milliseconds of real time.
const DRAWER_MS: i64 = 250;
/// How often a stage of hundreds of pods follows while time passes, in milliseconds of real time.
const STAGE_MS: i64 = 45;
/// How far beyond the moment the axis shows what is known of the future.
const FUTURE_SHOWN: SimDuration = SimDuration::from_secs(60);
/// Room behind the last thing that happens.
const FUTURE_ROOM: SimDuration = SimDuration::from_secs(3);

impl Model {
    /// Derives what has changed; everything if `all`.
    pub(super) fn derive(&mut self, all: bool) {
        let version = self.engine.session().cluster().version();
        let second = self.engine.elapsed().as_secs();
        let seen = Seen {
            epoch: self.engine.epoch(),
            version,
            grouping: self.grouping,
            second,
            templates: self.templates_seen(),
            overlay: self.overlay_seen(),
            drawer: (self.tab, self.pod.clone(), self.inspect_yaml),
            chart: self.chart_seen(),
            lost: self.engine.timeline().traffic().totals().lost_in_all(),
        };
        let before = std::mem::replace(&mut self.seen, seen.clone());
        let is_elsewhere = before.epoch != seen.epoch;
        if is_elsewhere {
            self.pulling = Pulling::default();
            self.note_applied();
        }
        let all = all || is_elsewhere;
        let changed = all || before.version != version || before.grouping != self.grouping;
        let fading = self.fading_until_ms > 0;
        let faded = fading && self.real_ms >= self.fading_until_ms;
        // Where there are hundreds of pods, each a dot, the eye does not ask for every frame.
        self.stage_is_stale |= changed || faded || self.shown.stage.rings;
        let rests = self.real_ms - self.stage_ms < STAGE_MS;
        let is_crowd = self.shown.stage.size.is_crowd();
        let waits = is_crowd && rests && !all && self.is_moving();
        let draws_stage = self.stage_is_stale && !waits;
        // One frame has room for a crowd or for what is beside it.
        self.is_busy = draws_stage && is_crowd;
        if draws_stage {
            self.derive_stage(self.stage_second, is_elsewhere, faded);
            (self.stage_second, self.stage_ms, self.stage_is_stale) = (second, self.real_ms, false);
        }
        if changed {
            let names = self.engine.store().deployments();
            let names = names.map(|(key, _)| format!("{}/{}", key.namespace, key.name)).collect();
            self.shown.deployments.replace(names);
        }
        if all || before.templates != seen.templates {
            self.manifest.tint(self.engine.store());
        }
        self.derive_forecast(all);
        self.derive_revisions(changed || before.second != second);
        // A chart that grows with the future need not do so in every frame.
        self.chart_is_stale |= before.chart != seen.chart || before.overlay != seen.overlay;
        self.chart_is_stale |= before.lost != seen.lost;
        let resized = before.chart.3 != seen.chart.3 || before.chart.4 != seen.chart.4;
        let due = self.is_due(self.chart_ms, CHART_MS) || !self.wants_frame();
        if all || resized || self.chart_is_stale && due {
            self.derive_chart();
            (self.chart_ms, self.chart_is_stale) = (self.real_ms, false);
        }
        self.derive_transcript();
        self.derive_runs();
        self.derive_comparison();
        self.drawer_is_stale |= changed;
        let due = self.drawer_is_stale && self.is_due(self.drawer_ms, DRAWER_MS);
        if all || before.drawer != seen.drawer || due {
            self.derive_drawer();
            self.derive_why_now();
            (self.drawer_ms, self.drawer_is_stale) = (self.real_ms, false);
        }
        self.derive_summary();
        self.derive_traffic(all, before.drawer != seen.drawer);
        self.derive_card(changed);
    }

    /// The forecast follows what is typed and done, and what the frames have worked out of it.
    fn derive_forecast(&mut self, all: bool) {
        // It is of the moment shown, and while that is being looked for nobody reads it.
        if self.is_dragging() {
            return;
        }
        let is_running = self.is_running();
        let asked = self.forecasting.follow(&self.engine, self.manifest.file(), is_running);
        if !(all || asked || self.forecast_went_on) {
            return;
        }
        self.forecast_went_on = false;
        let Some(forecast) = self.forecasting.forecast() else { return };
        let is_explained = self.manifest.problems.iter().any(|problem| !problem.warning);
        match super::forecast::shown(forecast, is_explained, self.language.texts()) {
            Some(shown) => self.shown.forecast.replace(Some(shown)),
            // Until something new is known what was known stays, and says that it is old.
            None => {
                let before = (*self.shown.forecast).clone();
                let stale = before.map(|shown| super::forecast::Shown { computing: true, ..shown });
                self.shown.forecast.replace(stale);
            }
        }
    }

    fn templates_seen(&self) -> (usize, i64) {
        let deployments = self.engine.store().deployments();
        deployments.fold((0, 0), |(count, generations), (_, deployment)| {
            (count + 1, generations + deployment.metadata.generation)
        })
    }

    /// Whether something that was derived at `since_ms`, and need not follow every frame while time
    /// passes, is to follow now. A crowd that is drawn puts it off, but not for ever.
    fn is_due(&self, since_ms: i64, period_ms: i64) -> bool {
        let ago_ms = self.real_ms - since_ms;
        !self.is_moving() || ago_ms >= 2 * period_ms || ago_ms >= period_ms && !self.is_busy
    }

    fn derive_stage(&mut self, second_before: i64, is_elsewhere: bool, faded: bool) {
        let engine = &self.engine;
        self.pulling.follow(engine.session().cluster());
        let pulling = &self.pulling;
        let mut next = stage::stage(
            engine.store(),
            engine.now(),
            self.grouping,
            &|pod| pulling.waits(pod),
            self.language.texts(),
        );
        let second = engine.elapsed().as_secs();
        let leapt = second < second_before || second > second_before + 10;
        let jumped = is_elsewhere || leapt || self.is_dragging();
        self.announcer.listen(&next, jumped, self.language.texts());
        if jumped || faded {
            self.fading_until_ms = 0;
        } else if next.keep_gone(&self.shown.stage) > 0 {
            if self.fading_until_ms == 0 {
                self.fading_until_ms = self.real_ms + FADE_MS;
            }
        } else {
            self.fading_until_ms = 0;
        }
        self.shown.stage.replace(next);
    }

    fn derive_revisions(&mut self, changed: bool) {
        let Some(deployment) = self.deployment() else {
            self.shown.revisions.replace(Default::default());
            return;
        };
        if !changed && self.shown.revisions.deployment == *deployment.metadata.name {
            return;
        }
        let now = self.engine.now();
        let next =
            revisions::revisions(self.engine.store(), &deployment, now, &mut self.differences);
        self.shown.revisions.replace(next);
    }

    /// The end of the axis follows the future that is known, but not all too far.
    fn chart_until(&self) -> SimDuration {
        let since = |run: &Run| run.reached() - run.timeline().start();
        let reached = self.engine.present().max(self.engine.elapsed());
        let reached = self.compared_run().map_or(reached, |run| reached.max(since(run)));
        let inputs = &self.engine.timeline().script().inputs;
        let given = inputs.last().map_or(reached, |timed| reached.max(timed.at));
        let known = self.engine.last_change() + FUTURE_ROOM;
        given.max(known.min(given + FUTURE_SHOWN))
    }

    fn chart_seen(&self) -> (usize, usize, SimDuration, (f64, f64), String) {
        let timeline = self.engine.timeline();
        let until = self.chart_until();
        // A whole second is fine enough for the end of lines that go on.
        let until = match self.engine.is_at_rest() {
            true => until,
            false => SimDuration::from_millis(until.as_millis() / 200 * 200),
        };
        let deployment = self.deployment().map(|one| one.metadata.name.to_string());
        let counts = (timeline.samples().len(), timeline.marks().len());
        (counts.0, counts.1, until, self.chart_size, deployment.unwrap_or_default())
    }

    fn derive_chart(&mut self) {
        let until = self.chart_until();
        let name = self.deployment().map(|deployment| deployment.metadata.name.clone());
        let shown = points(self.engine.timeline(), name.as_deref(), until);
        let marks = self.marks(until);
        let difference = self.first_difference();
        let ghost = self.compared_run().zip(difference);
        let ghost = ghost.map_or_else(Vec::new, |(run, from)| {
            since(points(run.timeline(), name.as_deref(), until), from)
        });
        let overlay = Overlay { points: ghost, difference };
        let mut plot = chart::chart(&shown, &marks, until, self.chart_size, &overlay);
        plot.losses = losses::losses(&plot.scale, &self.losses(), until);
        self.shown.chart.replace(plot);
    }

    fn compared_run(&self) -> Option<&Run> {
        self.engine.runs().get(self.runs.comparing?)
    }

    fn first_difference(&self) -> Option<SimDuration> {
        self.shown.comparison.as_ref().and_then(|compared| compared.at)
    }

    fn overlay_seen(&self) -> (Option<RunId>, usize, Option<SimDuration>) {
        let samples = self.compared_run().map_or(0, |run| run.timeline().samples().len());
        (self.runs.comparing, samples, self.first_difference())
    }

    fn marks(&self, until: SimDuration) -> Vec<Mark> {
        let timeline = self.engine.timeline();
        let (start, texts) = (timeline.start(), self.texts());
        let inputs = &timeline.script().inputs;
        let in_view = timeline.marks().iter().take_while(|mark| mark.at - start <= until);
        let marks = in_view.filter_map(|mark| {
            let (kind, label) = match mark.kind {
                Marked::Input(number) => {
                    if !inputs.get(number)?.input.concerns_cluster() {
                        return None;
                    }
                    (MarkKind::Input, short(&mark.text))
                }
                Marked::Complete => (MarkKind::Done, texts.mark_complete.to_owned()),
                Marked::LastOldPodGone => (MarkKind::Done, texts.mark_last_gone.to_owned()),
                Marked::Condition if mark.text.contains("ProgressDeadlineExceeded") => {
                    (MarkKind::Warning, texts.mark_stuck.to_owned())
                }
                Marked::Loss => return None,
                Marked::Warning | Marked::Event | Marked::Condition => {
                    (MarkKind::Minor, format!("{}: {}", mark.object, mark.text))
                }
            };
            Some(Mark { at: mark.at - start, label, kind })
        });
        marks.collect()
    }

    fn derive_transcript(&mut self) {
        let entries = self.transcript();
        let shown = &self.shown.transcript;
        let same = shown.len() == entries.len()
            && shown.iter().zip(&entries).all(|(a, b)| std::rc::Rc::ptr_eq(a, b));
        if !same {
            self.shown.transcript = super::Shared::new(entries);
        }
    }

    fn derive_drawer(&mut self) {
        let start = self.engine.timeline().start();
        match self.tab {
            Tab::Terminal | Tab::Requests | Tab::Runs => {}
            Tab::Events => {
                let rows = drawer::events(self.engine.store(), start);
                self.shown.events.replace(rows);
            }
            Tab::Conditions => {
                let rows = self.deployment().map(|one| drawer::conditions(&one, start));
                self.shown.conditions.replace(rows.unwrap_or_default());
            }
            Tab::Inspector => {
                let text = self.inspect();
                self.shown.inspected.replace(text);
            }
            Tab::Why => {
                let deployment = self.deployment();
                let rows = deployment.map(|one| self.teller(&one).reasons());
                self.shown.reasons.replace(rows.unwrap_or_default());
            }
        }
    }

    /// Says why things are as they are with a Deployment.
    pub(super) fn teller<'a>(&'a self, deployment: &'a Deployment) -> why::Teller<'a> {
        why::Teller {
            cluster: self.engine.session().cluster(),
            deployment,
            start: self.engine.timeline().start(),
            texts: self.language.texts(),
        }
    }

    /// Looks at what pods wait for, and says it.
    pub(super) fn waits_of<'a>(
        &self,
        look: impl FnOnce(&waits::Eye<'_>) -> Vec<waits::Wait> + 'a,
    ) -> Vec<String> {
        let cluster = self.engine.session().cluster();
        let eye = waits::Eye { cluster, pulling: &|pod| self.pulling.waits(pod) };
        look(&eye).iter().map(self.language.texts().wait).collect()
    }

    fn derive_why_now(&mut self) {
        let deployment = self.deployment();
        let now = deployment.map(|one| why::WhyNow {
            reason: self.teller(&one).latest(),
            waits: self.waits_of(|eye| eye.waits(&one)),
        });
        self.shown.why_now.replace(now.unwrap_or_default());
    }

    fn inspect(&self) -> Option<String> {
        let name = self.pod.as_ref()?;
        let mut pods = self.engine.store().pods();
        let (_, pod) = pods.find(|(_, pod)| *pod.metadata.name == **name)?;
        let namespace = &pod.metadata.namespace;
        Some(self.engine.ask(&match self.inspect_yaml {
            true => format!("get pod {name} -n {namespace} -o yaml"),
            false => format!("describe pod {name} -n {namespace}"),
        }))
    }

    /// Requests flow without any object changing.
    fn derive_traffic(&mut self, all: bool, turned: bool) {
        let totals = *self.engine.session().cluster().traffic().totals();
        let opened = self.opened_request.clone();
        let now = (totals.sent, totals.served, totals.lost_in_all(), opened);
        let due = self.is_due(self.traffic_ms, DRAWER_MS);
        if !(all || turned || due && now != self.traffic_seen) {
            return;
        }
        (self.traffic_ms, self.traffic_seen) = (self.real_ms, now);
        self.derive_services();
        if self.tab == Tab::Requests {
            self.derive_lost();
        }
    }

    /// The card follows as the drawer's tables do: it is read, not watched.
    fn derive_card(&mut self, changed: bool) {
        let at = self.hands.at.clone();
        let moved = self.card_of != at || self.hands.menu.is_some();
        self.card_is_stale |= changed;
        let due = self.is_due(self.card_ms, DRAWER_MS);
        if moved || at.is_some() && self.card_is_stale && due {
            let card = self.card();
            self.hands.card.replace(card);
            (self.card_of, self.card_ms, self.card_is_stale) = (at, self.real_ms, false);
        }
    }

    fn derive_summary(&mut self) {
        let facts = self.shown.stage.owners.iter().find_map(|owner| match &owner.heading {
            stage::Heading::Deployment { facts, .. } => Some(*facts),
            _ => None,
        });
        let facts = facts.unwrap_or_default();
        let time = clock::clock_text(self.engine.elapsed());
        let total = facts.up + facts.terminating;
        self.shown.summary =
            (self.texts().chart_summary)(&time, facts.available, total, facts.wanted);
    }
}

/// The points from a moment on: what is the same before it is drawn once.
fn since(mut points: Vec<Point>, from: SimDuration) -> Vec<Point> {
    let first = points.partition_point(|point| point.at <= from).saturating_sub(1);
    points.drain(..first.min(points.len()));
    if let Some(first) = points.first_mut() {
        first.at = first.at.max(from);
    }
    points
}

/// The numbers of a Deployment, or of the newest one, until a moment.
fn points(timeline: &Timeline, name: Option<&str>, until: SimDuration) -> Vec<Point> {
    let samples = timeline.samples();
    // After a jump back a Deployment that was created later still is the one of the axis.
    let newest = || samples.last().and_then(|sample| sample.deployments.last());
    let name = name.map(str::to_owned).or_else(|| newest().map(|one| one.name.to_string()));
    let Some(name) = name else { return Vec::new() };
    let accents = accents(samples, &name);
    let start = timeline.start();
    let in_view = samples.iter().take_while(|sample| sample.at - start <= until);
    in_view
        .map(|sample| {
            let found = sample.deployments.iter().find(|one| *one.name == *name);
            let Some(found) = found else {
                return Point { at: sample.at - start, ..Point::default() };
            };
            let available = found.revisions.iter().filter(|set| set.available > 0).map(|set| {
                let known = accents.iter().find(|(name, _)| **name == *set.replica_set);
                (known.map_or(Accent::None, |(_, accent)| *accent), set.available)
            });
            Point {
                at: sample.at - start,
                available: available.collect(),
                total: found.total(),
                limits: Some((found.floor, found.ceiling)),
            }
        })
        .collect()
}

/// A command without the Deployment that the axis is about anyway.
fn short(command: &str) -> String {
    let said = |word: &&str| !["deployment/", "deploy/"].iter().any(|kind| word.starts_with(kind));
    command.split_whitespace().filter(said).collect::<Vec<_>>().join(" ")
}

/// The colour of every ReplicaSet of a Deployment, by the first revision it was seen to be.
fn accents<'a>(samples: &'a [Sample], name: &str) -> Vec<(&'a str, Accent)> {
    let mut found: Vec<(&str, Accent)> = Vec::new();
    for sample in samples {
        let Some(one) = sample.deployments.iter().find(|one| *one.name == *name) else { continue };
        for set in one.revisions.iter().filter(|set| set.revision > 0) {
            if !found.iter().any(|(known, _)| *known == &*set.replica_set) {
                found.push((&set.replica_set, Accent::of_first(set.revision)));
            }
        }
    }
    found
}
