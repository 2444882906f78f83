//! The drawer: terminal, Events, conditions, one pod looked at closely, and reasons.

use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_api::object::Deployment;
use rollscope_api::order;
use rollscope_sim::store::Store;

/// What the drawer shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// kubectl.
    #[default]
    Terminal,
    /// What components reported.
    Events,
    /// The Deployment's conditions.
    Conditions,
    /// The chosen pod.
    Inspector,
    /// The controller's decisions.
    Why,
    /// Lost requests.
    Requests,
    /// All runs, and two of them compared.
    Runs,
}

impl Tab {
    /// In their order.
    pub const ALL: [Self; 7] = [
        Self::Terminal,
        Self::Events,
        Self::Conditions,
        Self::Inspector,
        Self::Why,
        Self::Requests,
        Self::Runs,
    ];

    /// A word for ids.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Events => "events",
            Self::Conditions => "conditions",
            Self::Inspector => "inspector",
            Self::Why => "why",
            Self::Requests => "requests",
            Self::Runs => "runs",
        }
    }

    /// The tab so many places further on, around the end.
    pub fn next(self, step: isize) -> Self {
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0) as isize;
        Self::ALL[(at + step).rem_euclid(Self::ALL.len() as isize) as usize]
    }
}

/// One row of the Events table.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// A number that stays the same while the Event is counted up.
    pub key: String,
    /// Since the start, in seconds.
    pub at_seconds: i64,
    /// It is a Warning.
    pub warning: bool,
    /// `ScalingReplicaSet`
    pub reason: Rc<str>,
    /// `Pod/my-app-…`
    pub object: String,
    /// The message, with the count where it is not 1.
    pub message: String,
}

/// Most Events that are listed; older ones can be had with `kubectl events`.
const EVENTS_MAX: usize = 150;

/// The latest Events, newest first.
pub fn events(store: &Store, start: SimTime) -> Vec<EventRow> {
    let mut rows: Vec<(i64, EventRow)> = store
        .events()
        .map(|(_, event)| {
            let time =
                event.last_timestamp.or(event.event_time).or(event.metadata.creation_timestamp);
            let at_seconds = time.map_or(0, |time| time.as_secs() - start.timestamp().as_secs());
            let involved = &event.involved_object;
            let message = match event.count {
                0 | 1 => event.message.to_string(),
                count => format!("{} (x{count})", event.message),
            };
            let row = EventRow {
                key: event.metadata.name.to_string(),
                at_seconds,
                warning: &*event.type_ == "Warning",
                reason: event.reason.clone(),
                object: format!("{}/{}", involved.kind, involved.name),
                message,
            };
            (at_seconds, row)
        })
        .collect();
    // The order of creation decides where seconds are equal.
    order::sort_by_key(&mut rows, |(at, _)| *at);
    rows.into_iter().rev().take(EVENTS_MAX).map(|(_, row)| row).collect()
}

/// One condition of a Deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionRow {
    /// `Available`
    pub type_: String,
    /// `True`
    pub status: String,
    /// `MinimumReplicasAvailable`
    pub reason: String,
    /// In full.
    pub message: String,
    /// Last transition, since the start, in seconds.
    pub since_seconds: i64,
}

/// The conditions of a Deployment in kubectl's order.
pub fn conditions(deployment: &Deployment, start: SimTime) -> Vec<ConditionRow> {
    let conditions = deployment.status.conditions.iter();
    let rows = conditions.map(|condition| ConditionRow {
        type_: condition.type_.to_string(),
        status: condition.status.to_string(),
        reason: condition.reason.to_string(),
        message: condition.message.to_string(),
        since_seconds: condition.last_transition_time.as_secs() - start.timestamp().as_secs(),
    });
    rows.collect()
}
