//! The page without a browser: what it knows ([`Model`]), what can happen to it ([`Msg`]), what
//! follows ([`Model::update`]), and what it asks of the browser ([`Effect`]).

pub mod announce;
pub mod assist;
pub mod card;
pub mod chart;
pub mod clock;
pub mod compare;
pub mod diff;
pub mod drawer;
pub mod engine;
pub mod examples;
pub mod forecast;
pub mod forecasting;
pub mod hands;
pub mod job;
pub mod keys;
pub mod losses;
pub mod manifest;
pub mod msg;
pub mod nodes;
pub mod notice;
pub mod pod_state;
pub mod preferences;
pub mod pulling;
pub mod revisions;
pub mod rollout;
pub mod runs;
pub mod session;
pub mod share;
pub mod shared;
pub mod stage;
pub mod terminal;
pub mod traffic;
pub mod trials;
pub mod waits;
pub mod why;
pub mod world;
pub mod world_field;

mod derive;
mod update;

#[cfg(test)]
mod tests;

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use rollscope_api::SimDuration;
use rollscope_api::object::Deployment;
use rollscope_scenario::{Entry, RunId};

pub use msg::{Button, Effect, Msg};

use crate::texts::{Language, Texts};
use announce::Announcer;
use chart::Chart;
use clock::Clock;
use compare::{Compared, ComparedBy};
use drawer::{ConditionRow, EventRow, Tab};
use engine::Engine;
use forecasting::Forecasting;
use hands::{Hands, Spot, Target};
use manifest::Manifest;
use notice::Notice;
use preferences::Preferences;
use pulling::Pulling;
use revisions::{Differences, Revisions, UndoPlan};
use runs::{RunRow, RunsState};
use session::SetAside;
use share::{Panel, Sharing};
use shared::Shared;
use stage::{Grouping, Stage};
use terminal::Prompt;
use traffic::{LostRow, RequestId, ServiceRow};
use trials::Trials;
use why::{Reason, WhyNow};

/// A handle that has not moved for so long, in milliseconds of real time, has come to rest.
const DRAG_MS: i64 = 150;

/// Everything the page knows. What is shown is derived from the moment after every update, and
/// what looks the same stays the same value, so that it is not drawn again.
pub struct Model {
    /// The simulation.
    pub engine: Engine,
    /// Play and speed.
    pub clock: Clock,
    /// The files.
    pub manifest: Manifest,
    /// The place the editor was last asked to show: a number that counts, line and column.
    pub place: Option<(usize, usize, usize)>,
    /// The terminal's prompt.
    pub prompt: Prompt,
    /// The open tab of the drawer.
    pub tab: Tab,
    /// The chosen pod.
    pub pod: Option<String>,
    /// Whether the inspector shows YAML.
    pub inspect_yaml: bool,
    /// By what pods are put into rows.
    pub grouping: Grouping,
    /// The chosen Deployment, as namespace and name; the latest applied one if there is none.
    pub chosen: Option<(String, String)>,
    /// The open dialog.
    pub dialog: Option<Dialog>,
    /// Theme, size and language as kept.
    pub preferences: Preferences,
    /// The language spoken.
    pub language: Language,
    /// A line over the page.
    pub notice: Option<Notice>,
    /// The page's address, without query and fragment.
    pub address: String,
    /// The panels of a page that is embedded in another one.
    pub embedded: Option<Vec<Panel>>,
    /// A file is held over the page.
    pub is_file_over: bool,
    /// The lost request that is looked at.
    pub opened_request: Option<RequestId>,
    /// The world that is being written.
    pub draft: world::Draft,
    /// What hands are at on the stage.
    pub hands: Hands,
    /// What screen readers are told.
    pub announcer: Announcer,
    /// What is shown.
    pub shown: Shown,

    /// The explorer and the sweep.
    pub trials: Trials,
    forecasting: Forecasting,
    /// Whether more of the forecast is known than is shown.
    forecast_went_on: bool,
    runs: RunsState,
    compared_by: ComparedBy,
    set_aside: Option<SetAside>,
    /// How many runs were not kept the last time, or why nothing was.
    keeping: Result<usize, String>,
    chart_size: (f64, f64),
    differences: Differences,
    pulling: Pulling,
    /// Real time since the page began, in milliseconds.
    real_ms: i64,
    /// Where the time's handle was dragged to since the last frame, and when it last moved, in
    /// milliseconds of real time.
    dragged_to: Option<SimDuration>,
    dragged_ms: i64,
    /// Until when images of pods that are gone fade.
    fading_until_ms: i64,
    /// When the drawer's tables and the chart were last derived, in milliseconds of real time, and
    /// whether something has changed since.
    drawer_ms: i64,
    chart_ms: i64,
    chart_is_stale: bool,
    drawer_is_stale: bool,
    /// This frame draws hundreds of pods anew.
    is_busy: bool,
    /// What the card was last derived of, when, and whether something has changed since.
    card_of: Option<(Target, Spot)>,
    card_ms: i64,
    card_is_stale: bool,
    /// When the stage was last derived, at which second of the session, and whether something has
    /// changed since.
    stage_ms: i64,
    stage_second: i64,
    stage_is_stale: bool,
    /// When requests were last counted, in milliseconds of real time, and how many there were.
    traffic_ms: i64,
    traffic_seen: (u64, u64, u64, Option<RequestId>),
    /// What the derived values were derived from.
    seen: Seen,
}

/// A dialog.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Asks before an undo.
    Undo(UndoPlan),
    /// Keys and a few words.
    Help,
    /// What manifests cannot say.
    World,
    /// The same rollout under other strategies.
    Explorer,
    /// The session under other seeds.
    Sweep,
    /// Asks before everything begins anew.
    StartOver,
    /// A link, a file, and HTML to embed.
    Share(Box<Sharing>),
}

/// Everything derived from the moment.
#[derive(Clone, Default)]
pub struct Shown {
    /// What applying the open file would do; `None` while that is not known.
    pub forecast: Shared<Option<forecast::Shown>>,
    /// The pods.
    pub stage: Shared<Stage>,
    /// The revisions.
    pub revisions: Shared<Revisions>,
    /// The time axis.
    pub chart: Shared<Chart>,
    /// The terminal's commands.
    pub transcript: Shared<Vec<Rc<Entry>>>,
    /// The Events, while their tab is open.
    pub events: Shared<Vec<EventRow>>,
    /// The conditions, while their tab is open.
    pub conditions: Shared<Vec<ConditionRow>>,
    /// The inspector's text, while its tab is open; `None` if the pod is not there.
    pub inspected: Shared<Option<String>>,
    /// The decisions, while their tab is open.
    pub reasons: Shared<Vec<Reason>>,
    /// All runs.
    pub runs: Shared<Vec<RunRow>>,
    /// The shown run compared with another.
    pub comparison: Shared<Option<Compared>>,
    /// What Step back would take back.
    pub take_back: Option<String>,
    /// Why things are as they are, in short.
    pub why_now: Shared<WhyNow>,
    /// The Services with their requests.
    pub services: Shared<Vec<ServiceRow>>,
    /// Lost requests, while their tab is open.
    pub lost: Shared<Vec<LostRow>>,
    /// The names of all Deployments.
    pub deployments: Shared<Vec<String>>,
    /// The numbers of the moment, for those who cannot see the chart.
    pub summary: String,
}

/// By these it is known whether something must be derived again.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    epoch: u64,
    version: u64,
    grouping: Grouping,
    second: i64,
    /// Sums of what changes with every new template.
    templates: (usize, i64),
    /// What the drawer shows.
    drawer: (Tab, Option<String>, bool),
    /// The run that is compared with, how much of it there is, and the first difference.
    overlay: (Option<RunId>, usize, Option<SimDuration>),
    /// Samples, marks and the axis' end decide what the chart looks like.
    chart: (usize, usize, SimDuration, (f64, f64), String),
    /// Requests that are lost on the whole axis.
    lost: u64,
}

impl Model {
    /// The page as it opens.
    pub fn new(preferences: Preferences, browser_language: &str) -> Self {
        let language = preferences.language(browser_language);
        let mut model = Self {
            engine: Engine::default(),
            clock: Clock::default(),
            manifest: Manifest::default(),
            place: None,
            prompt: Prompt::default(),
            tab: Tab::default(),
            pod: None,
            inspect_yaml: false,
            grouping: Grouping::default(),
            chosen: None,
            dialog: None,
            preferences,
            language,
            notice: None,
            address: String::new(),
            embedded: None,
            is_file_over: false,
            opened_request: None,
            draft: world::Draft::default(),
            trials: Trials::default(),
            forecasting: Forecasting::default(),
            forecast_went_on: false,
            hands: Hands::default(),
            announcer: Announcer::default(),
            runs: RunsState::default(),
            compared_by: ComparedBy::default(),
            set_aside: None,
            keeping: Ok(0),
            shown: Shown::default(),
            chart_size: (1_000.0, 130.0),
            differences: Differences::new(),
            pulling: Pulling::default(),
            real_ms: 0,
            dragged_to: None,
            dragged_ms: -DRAG_MS,
            fading_until_ms: 0,
            drawer_ms: 0,
            chart_ms: 0,
            chart_is_stale: false,
            drawer_is_stale: false,
            is_busy: false,
            card_of: None,
            card_ms: 0,
            card_is_stale: false,
            stage_ms: 0,
            stage_second: 0,
            stage_is_stale: false,
            traffic_ms: 0,
            traffic_seen: Default::default(),
            seen: Seen::default(),
        };
        model.derive(true);
        model
    }

    /// What the page says.
    pub fn texts(&self) -> &'static Texts {
        self.language.texts()
    }

    /// The Deployment that revisions, conditions and reasons are of.
    pub fn deployment(&self) -> Option<Rc<Deployment>> {
        let store = self.engine.store();
        let chosen = self.chosen.as_ref().and_then(|(namespace, name)| {
            store.deployment(&rollscope_sim::store::Key::new(namespace, name))
        });
        chosen.or_else(|| store.deployments().next().map(|(_, first)| first)).cloned()
    }

    /// Whether time should pass now.
    pub fn is_running(&self) -> bool {
        self.clock.is_playing()
            && !self.engine.is_seeking()
            && !self.engine.is_fresh()
            && !self.engine.is_at_rest()
    }

    /// Whether the page needs another frame although nobody does anything.
    pub fn wants_frame(&self) -> bool {
        self.is_running()
            || self.engine.is_computing()
            || self.forecasting.is_computing()
            || self.works_in_frames()
            || self.fading_until_ms > 0
            || self.dragged_to.is_some()
            || self.is_dragging()
    }

    /// Whether the time's handle is being dragged: the stage follows at once, the rest a little
    /// later, and nothing is animated.
    pub fn is_dragging(&self) -> bool {
        self.real_ms - self.dragged_ms < DRAG_MS
    }

    /// Whether the moment shown changes with every frame.
    fn is_moving(&self) -> bool {
        self.is_running() || self.is_dragging()
    }

    /// Changes whenever lanes, pods or cards may have moved: asking the browser where they are is
    /// dear. Among hundreds of pods none is followed.
    pub fn arrangement(&self) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        let stage = &self.shown.stage;
        for lane in stage.owners.iter().flat_map(|owner| &owner.lanes) {
            lane.name.hash(&mut hasher);
            if !stage.size.is_crowd() {
                lane.pods.iter().for_each(|pod| (pod.id, pod.gone).hash(&mut hasher));
            }
        }
        for card in &self.shown.revisions.cards {
            (&card.replica_set, card.revision).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Whether the moment shown lies before the present.
    pub fn is_behind(&self) -> bool {
        self.engine.elapsed() < self.engine.present()
    }
}
