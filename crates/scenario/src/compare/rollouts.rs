//! What every rollout of a run came to, read from the samples and marks of its timeline.

use std::fmt;
use std::rc::Rc;

use rollscope_api::object::PodTemplate;
use rollscope_api::order;
use rollscope_api::{SimDuration, SimTime};

use crate::span;
use crate::timeline::{DeploymentSample, MarkKind, Timeline};

/// How a rollout ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolloutEnd {
    /// Every pod is updated and available.
    Complete,
    /// Another template came before it was complete.
    Superseded,
    /// The Deployment was deleted before.
    Deleted,
    /// It is not complete as far as the run is known.
    Open,
}

/// One rollout: from the moment a Deployment has another template until it is complete and the
/// last old pod is gone, or until the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutStats {
    /// The Deployment's name.
    pub deployment: Rc<str>,
    /// Its first rollout, which creates it, is 1.
    pub number: usize,
    /// The revision it made, or moved; 0 where it made none.
    pub revision: i64,
    /// The images of the template.
    pub images: String,
    /// Since the start of the run.
    pub started: SimDuration,
    #[allow(missing_docs)]
    pub end: RolloutEnd,
    /// From the beginning until it was complete.
    pub complete_after: Option<SimDuration>,
    /// From the beginning until the last pod of other templates was gone, terminating ones
    /// included. `None` where there were none, or where they are still there.
    pub last_old_pod_gone_after: Option<SimDuration>,
    /// The fewest pods that were available.
    pub available_min: i32,
    /// The most pods that were not terminating.
    pub pods_peak: i32,
    /// The most pods, terminating ones included.
    pub pods_peak_with_terminating: i32,
    /// The floor of a rolling update, desired − maxUnavailable, at the beginning.
    pub floor: i32,
    /// How long fewer pods were available than the floor.
    pub below_floor: SimDuration,
}

impl fmt::Display for RolloutStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_never =
            |span: Option<SimDuration>| span.map_or_else(|| "-".to_owned(), span::format);
        let end = match self.end {
            RolloutEnd::Complete => "complete",
            RolloutEnd::Superseded => "superseded",
            RolloutEnd::Deleted => "deleted",
            RolloutEnd::Open => "open",
        };
        write!(
            f,
            "@ {} {} rollout={} revision={} images={} {end} complete={} lastOldPodGone={} \
             availableMin={} floor={} belowFloor={} podsPeak={} withTerminating={}",
            span::format(self.started),
            self.deployment,
            self.number,
            self.revision,
            self.images,
            or_never(self.complete_after),
            or_never(self.last_old_pod_gone_after),
            self.available_min,
            self.floor,
            span::format(self.below_floor),
            self.pods_peak,
            self.pods_peak_with_terminating,
        )
    }
}

/// A Deployment at one moment; `None` where there is none of its name.
type Look<'a> = (SimTime, Option<&'a DeploymentSample>);

/// Every rollout of a run, as far as it is computed, in order of time.
pub fn rollouts(timeline: &Timeline) -> Vec<RolloutStats> {
    let mut names: Vec<&Rc<str>> = timeline
        .samples()
        .iter()
        .flat_map(|sample| sample.deployments.iter().map(|deployment| &deployment.name))
        .collect();
    order::sort(&mut names);
    names.dedup();
    let mut found: Vec<RolloutStats> =
        names.into_iter().flat_map(|name| rollouts_of(timeline, name)).collect();
    order::sort_by(&mut found, |a, b| (a.started, &a.deployment).cmp(&(b.started, &b.deployment)));
    found
}

fn rollouts_of(timeline: &Timeline, name: &Rc<str>) -> Vec<RolloutStats> {
    let looks: Vec<Look<'_>> = timeline
        .samples()
        .iter()
        .map(|sample| (sample.at, sample.deployments.iter().find(|one| one.name == *name)))
        .collect();
    let mut starts: Vec<usize> = Vec::new();
    let mut template: Option<&PodTemplate> = None;
    for (index, (_, sample)) in looks.iter().enumerate() {
        let now = sample.map(|sample| &sample.template);
        if now.is_some() && now != template {
            starts.push(index);
        }
        template = now;
    }
    let mut found = Vec::new();
    for (number, &start) in starts.iter().enumerate() {
        let next = starts.get(number + 1).copied();
        let before = start.checked_sub(1).and_then(|index| looks[index].1);
        let looks = &looks[start..next.unwrap_or(looks.len())];
        let place = Place { number: number + 1, before, is_followed: next.is_some() };
        found.extend(stats(timeline, name, &place, looks));
    }
    found
}

/// A rollout's place among those of its Deployment.
struct Place<'a> {
    number: usize,
    /// The Deployment before it began.
    before: Option<&'a DeploymentSample>,
    /// Whether another rollout follows.
    is_followed: bool,
}

/// `looks` begins with the new template and ends before the next.
fn stats(
    timeline: &Timeline,
    name: &Rc<str>,
    place: &Place<'_>,
    looks: &[Look<'_>],
) -> Option<RolloutStats> {
    let is_followed = place.is_followed;
    let &(started, first) = looks.first()?;
    let first = first?;
    let gone = looks.iter().position(|(_, sample)| sample.is_none());
    let looks = &looks[..gone.unwrap_or(looks.len())];
    // What followed the last look is the same until the next one, or until the end of what is known.
    let after_last = timeline.samples().partition_point(|s| s.at <= looks[looks.len() - 1].0);
    let known_until = timeline
        .samples()
        .get(after_last)
        .map_or_else(|| timeline.computed_until().max(started), |sample| sample.at);

    let complete = mark(timeline, MarkKind::Complete, name, started, known_until, is_followed);
    let newest = newest(looks, place.before);
    let old_pods = |sample: &DeploymentSample| -> i32 {
        let old = sample.revisions.iter().filter(|one| Some(&one.replica_set) != newest);
        old.map(|one| one.total + one.terminating).sum()
    };
    let samples = || looks.iter().filter_map(|&(at, sample)| Some((at, sample?)));
    let had_old = samples().position(|(_, sample)| old_pods(sample) > 0);
    let last_old_gone = had_old.and_then(|from| {
        let mut later = samples().skip(from);
        later.find(|(_, sample)| old_pods(sample) == 0).map(|(at, _)| at)
    });
    let old_remain = had_old.is_some() && last_old_gone.is_none();
    let until = match complete {
        Some(complete) if !old_remain => last_old_gone.unwrap_or(complete).max(complete),
        _ => known_until,
    };

    let within: Vec<(SimTime, &DeploymentSample)> =
        samples().take_while(|&(at, _)| at <= until).collect();
    let mut below_floor = SimDuration::ZERO;
    for (index, (at, sample)) in within.iter().enumerate() {
        let end = within.get(index + 1).map_or(until, |(next, _)| *next);
        if sample.available() < sample.floor {
            below_floor = below_floor + (end - *at);
        }
    }
    let revision = looks.iter().rev().filter_map(|(_, sample)| *sample).find_map(|sample| {
        sample.revisions.iter().find(|one| Some(&one.replica_set) == newest).map(|one| one.revision)
    });
    let end = match complete {
        Some(_) => RolloutEnd::Complete,
        None if gone.is_some() => RolloutEnd::Deleted,
        None if is_followed => RolloutEnd::Superseded,
        None => RolloutEnd::Open,
    };
    Some(RolloutStats {
        deployment: name.clone(),
        number: place.number,
        revision: revision.unwrap_or_default(),
        images: first.template.images().join(","),
        started: started - timeline.start(),
        end,
        complete_after: complete.map(|at| at - started),
        last_old_pod_gone_after: last_old_gone.map(|at| at - started),
        available_min: within.iter().map(|(_, s)| s.available()).min().unwrap_or_default(),
        pods_peak: within.iter().map(|(_, s)| s.total()).max().unwrap_or_default(),
        pods_peak_with_terminating: within
            .iter()
            .map(|(_, s)| s.total() + s.terminating())
            .max()
            .unwrap_or_default(),
        floor: first.floor,
        below_floor,
    })
}

/// The ReplicaSet that a rollout leads to, if it came so far: made or found again, it is given a
/// higher revision than there was before.
fn newest<'a>(looks: &[Look<'a>], before: Option<&DeploymentSample>) -> Option<&'a Rc<str>> {
    let known = before.into_iter().flat_map(|sample| &sample.revisions);
    let known = known.map(|one| one.revision).max().unwrap_or_default();
    let samples = looks.iter().filter_map(|(_, sample)| *sample);
    let highest = samples.flat_map(|sample| &sample.revisions).max_by_key(|one| one.revision);
    highest.filter(|one| one.revision > known).map(|one| &one.replica_set)
}

fn mark(
    timeline: &Timeline,
    kind: MarkKind,
    name: &str,
    from: SimTime,
    until: SimTime,
    is_followed: bool,
) -> Option<SimTime> {
    let object = format!("Deployment/{name}");
    let marks = timeline.marks();
    let later = &marks[marks.partition_point(|mark| mark.at <= from)..];
    let found = later.iter().find(|mark| mark.kind == kind && mark.object == object)?;
    let is_within = if is_followed { found.at < until } else { found.at <= until };
    is_within.then_some(found.at)
}
