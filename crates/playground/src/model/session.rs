//! What a session of the page is besides its runs, so that it can be kept, set aside and taken in
//! again: the editor's files, the moment, and where one was.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::SimDuration;
use rollscope_scenario::autosave::{self, Record};
use rollscope_scenario::{Input, Runs, Script};
use serde::{Deserialize, Serialize};

use super::clock::{Clock, Play, SPEEDS};
use super::drawer::Tab;
use super::engine::Engine;
use super::manifest::{File, Manifest};
use super::notice::{Notice, Offer};
use super::runs::RunsState;
use super::stage::Grouping;
use super::terminal::Prompt;
use super::world::{self, Draft, WorldMsg};
use super::{Dialog, Effect, Model};

/// The longest command line in the prompt that is kept.
const LINE_CHARS_MAX: usize = 4_000;

/// What happened to the session as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionMsg {
    /// Start over was pressed: the dialog asks.
    AskStartOver,
    /// The dialog's Start over was pressed.
    StartOver,
    /// The session that gave way is wanted back.
    BringBack,
    /// The notice was dismissed.
    DismissNotice,
    /// Another session of this browser was chosen: what was kept of it.
    OpenRecord(String),
    /// Keeping failed, for this reason; or works again.
    Kept(Result<usize, String>),
}

/// Where one was in a session. It is kept as JSON; what is missing or unknown counts as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    /// The files in the order of their tabs, and what was last applied of each, where that is not
    /// what the editor holds.
    files: Vec<(String, Applied)>,
    /// The open tab.
    active: usize,
    /// In hundredths.
    speed: u32,
    play: KeptPlay,
    tab: String,
    by_node: bool,
    chosen: Option<(String, String)>,
    pod: Option<String>,
    /// What stands in the prompt.
    line: String,
    history: Vec<String>,
    comparing: Option<u32>,
    /// The world that is being written, and whether its panel is open.
    draft: Option<world::Kept>,
    is_world_open: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Applied {
    #[default]
    Nothing,
    Same,
    Other(String),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KeptPlay {
    #[default]
    Playing,
    Paused,
    Held,
}

/// A session that gave way to another one, so that it can be brought back.
pub(super) struct SetAside {
    runs: Runs,
    moment: SimDuration,
    place: Place,
    texts: BTreeMap<String, String>,
}

impl SetAside {
    /// Whether anything was done or written in it.
    pub(super) fn is_worth_it(&self) -> bool {
        let first = Manifest::default();
        let is_untouched = self.texts.len() == 1
            && self.texts.get(&first.file().name).is_some_and(|text| **text == *first.file().text);
        let is_fresh = self.runs.iter().all(|run| {
            let timeline = run.timeline();
            timeline.last_input().is_none() && timeline.script().world == Engine::usual_world()
        });
        !(is_untouched && is_fresh)
    }
}

/// What a page is opened with.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// The page's address, without query and fragment.
    pub address: String,
    /// Behind the question mark.
    pub query: String,
    /// Behind the hash sign.
    pub fragment: String,
    /// What was kept of the session.
    pub record: Option<String>,
}

impl Model {
    /// Opens what the page is opened with: a link, or else what was kept.
    pub fn arrive(&mut self, arrival: &Arrival) -> Vec<Effect> {
        self.address = arrival.address.clone();
        self.embedded = super::share::embedded(&arrival.query);
        let effects = self.open_link(&arrival.fragment);
        // Who follows a link sees that it is opened.
        let is_plain = |notice: &Notice| notice.text == self.texts().session.opened_link;
        if self.notice.as_ref().is_some_and(is_plain) {
            self.notice = None;
        }
        if effects.is_empty()
            && let Some(record) = &arrival.record
        {
            // What is wrong with the link is told before what is wrong with the record.
            let told = self.notice.take();
            let outcome = self.open_record(record);
            let problem = outcome.err().map(Notice::problem);
            self.notice = told.or(self.notice.take()).or(problem);
        }
        self.set_aside = None;
        self.derive(true);
        effects
    }

    pub(super) fn take_session(&mut self, msg: SessionMsg) -> Vec<Effect> {
        match msg {
            SessionMsg::AskStartOver => self.dialog = Some(Dialog::StartOver),
            SessionMsg::StartOver => {
                let before = self.take_in(Engine::fresh_runs(), SimDuration::ZERO);
                self.set_aside = Some(before);
                let text = self.texts().session.started_over.to_owned();
                self.notice = Some(Notice::told(text).offering(Offer::BringBack));
                return vec![Effect::BeginSession];
            }
            SessionMsg::BringBack => {
                let Some(before) = self.set_aside.take() else { return Vec::new() };
                // What gives way now was not worth keeping, or it would not have been left so soon.
                let _ = self.take_in(before.runs, before.moment);
                self.put_place(before.place, before.texts);
                let text = self.texts().session.is_back.to_owned();
                self.announcer.say(text);
                self.notice = None;
                return vec![Effect::FormerSession];
            }
            SessionMsg::OpenRecord(record) => {
                self.dialog = None;
                match self.open_record(&record) {
                    Ok(()) if self.set_aside.is_some() => {
                        let text = self.texts().session.opened_session.to_owned();
                        self.notice = Some(Notice::told(text).offering(Offer::BringBack));
                    }
                    Ok(()) => {}
                    Err(error) => self.notice = Some(Notice::problem(error)),
                }
                return vec![Effect::BeginSession];
            }
            SessionMsg::DismissNotice => self.notice = None,
            SessionMsg::Kept(outcome) => self.hear_of_keeping(outcome),
        }
        Vec::new()
    }

    fn hear_of_keeping(&mut self, outcome: Result<usize, String>) {
        let texts = self.texts().session;
        if outcome == self.keeping {
            return;
        }
        self.notice = Some(match &outcome {
            Ok(0) => Notice::told(texts.saved_again.to_owned()),
            Ok(left_out) => Notice::problem((texts.runs_left_out)(*left_out)),
            Err(why) => Notice::problem((texts.not_saved)(why)).offering(Offer::SaveFile),
        });
        self.keeping = outcome;
    }

    /// Everything, to be kept.
    pub fn record(&self) -> Record {
        let (place, texts) = (self.place_now(), self.texts_now());
        Record {
            runs: self.engine.runs().save(),
            moment: self.engine.moment_wanted(),
            playing: self.clock.is_playing(),
            texts,
            preferences: serde_json::to_string(&place).unwrap_or_default(),
        }
    }

    /// What the session is about, for lists of sessions: the first Deployment, or else a file.
    pub fn title(&self) -> String {
        match self.deployment() {
            Some(deployment) => deployment.metadata.name.to_string(),
            None => self.manifest.file().name.clone(),
        }
    }

    /// A number that changes whenever something was done that must be kept at once.
    pub fn deeds(&self) -> (u64, usize, usize) {
        let runs = self.engine.runs();
        let inputs = runs.timeline().script().inputs.len();
        (self.engine.epoch(), runs.iter().count(), inputs)
    }

    /// Takes in what was kept. What is damaged is told, and the rest is there.
    pub(super) fn open_record(&mut self, text: &str) -> Result<(), String> {
        match autosave::read(text) {
            Err(error) => Err(error.to_string()),
            Ok(loaded) => {
                let runs = loaded.runs.unwrap_or_else(Engine::fresh_runs);
                let before = self.take_in(runs, loaded.moment);
                self.set_aside = Some(before).filter(SetAside::is_worth_it);
                let place = serde_json::from_str(&loaded.preferences).unwrap_or_default();
                self.put_place(place, loaded.texts);
                if let Some(problem) = loaded.problems.first() {
                    let text = (self.texts().session.damaged)(problem);
                    self.notice = Some(Notice::problem(text));
                }
                Ok(())
            }
        }
    }

    /// Opens a script in place of the session, which can be brought back.
    pub(super) fn open_script(&mut self, script: Script, moment: SimDuration, playing: bool) {
        let (texts, applied) = texts_of(&script);
        let before = self.take_in(Runs::new(script), moment);
        self.set_aside = Some(before);
        if !texts.is_empty() {
            let files = texts.into_iter().map(|(name, text)| File {
                applied: applied.get(&name).map(|text| Rc::from(text.as_str())),
                text: text.into(),
                name,
            });
            self.manifest = Manifest::of(files.collect(), 0);
        }
        self.clock.play = if playing { Play::Playing } else { Play::Paused };
    }

    /// Takes in runs, and forgets what the page knew of others. Returns what gave way.
    fn take_in(&mut self, runs: Runs, moment: SimDuration) -> SetAside {
        let (place, texts) = (self.place_now(), self.texts_now());
        let moment_before = self.engine.moment_wanted();
        let before = self.engine.replace(runs);
        self.engine.seek(moment);
        self.runs = RunsState::default();
        self.clock = Clock::default();
        self.manifest = Manifest::default();
        self.prompt = Prompt::default();
        (self.tab, self.grouping) = (Tab::default(), Grouping::default());
        (self.pod, self.chosen, self.dialog) = (None, None, None);
        self.draft = Draft::default();
        SetAside { runs: before, moment: moment_before, place, texts }
    }

    /// Notes what the current run has last applied of each file.
    pub(super) fn note_applied(&mut self) {
        let applied = texts_of(self.engine.timeline().script()).1;
        for file in &mut self.manifest.files {
            file.applied = applied.get(&file.name).map(|text| Rc::from(text.as_str()));
        }
    }

    fn texts_now(&self) -> BTreeMap<String, String> {
        let files = self.manifest.files.iter();
        files.map(|file| (file.name.clone(), file.text.to_string())).collect()
    }

    fn place_now(&self) -> Place {
        let applied = |file: &File| match &file.applied {
            None => Applied::Nothing,
            Some(text) if *text == file.text => Applied::Same,
            Some(text) => Applied::Other(text.to_string()),
        };
        let files = self.manifest.files.iter();
        Place {
            files: files.map(|file| (file.name.clone(), applied(file))).collect(),
            active: self.manifest.active,
            speed: self.clock.speed,
            play: match self.clock.play {
                Play::Playing => KeptPlay::Playing,
                Play::Paused => KeptPlay::Paused,
                Play::Held => KeptPlay::Held,
            },
            tab: self.tab.id().to_owned(),
            by_node: self.grouping == Grouping::Node,
            chosen: self.chosen.clone(),
            pod: self.pod.clone(),
            line: self.prompt.line.chars().take(LINE_CHARS_MAX).collect(),
            history: self.prompt.history().to_vec(),
            comparing: self.runs.comparing.map(|run| run.0),
            draft: self.draft.keep(),
            is_world_open: self.dialog == Some(Dialog::World),
        }
    }

    fn put_place(&mut self, place: Place, mut texts: BTreeMap<String, String>) {
        let mut files = Vec::new();
        for (name, applied) in place.files {
            let Some(text) = texts.remove(&name) else { continue };
            let text: Rc<str> = text.into();
            let applied = match applied {
                Applied::Nothing => None,
                Applied::Same => Some(text.clone()),
                Applied::Other(text) => Some(text.into()),
            };
            files.push(File { name, text, applied });
        }
        // Texts that are in no tab are somebody's work as well.
        files.extend(texts.into_iter().map(|(name, text)| File {
            name,
            text: text.into(),
            applied: None,
        }));
        if !files.is_empty() {
            self.manifest = Manifest::of(files, place.active);
        }
        if SPEEDS.contains(&place.speed) {
            self.clock.speed = place.speed;
        }
        self.clock.play = match place.play {
            KeptPlay::Playing => Play::Playing,
            KeptPlay::Paused => Play::Paused,
            KeptPlay::Held => Play::Held,
        };
        self.tab = Tab::ALL.into_iter().find(|tab| tab.id() == place.tab).unwrap_or_default();
        self.grouping = if place.by_node { Grouping::Node } else { Grouping::ReplicaSet };
        (self.chosen, self.pod) = (place.chosen, place.pod);
        self.prompt.remember_all(place.history);
        self.prompt.line = place.line;
        self.runs.comparing = place.comparing.map(rollscope_scenario::RunId);
        if let Some(draft) = place.draft.and_then(Draft::kept) {
            self.draft = draft;
        }
        if place.is_world_open {
            self.world(WorldMsg::Open);
        }
    }
}

/// The files that a command applies.
fn applied_by(line: &str) -> Vec<&str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    if !words.contains(&"apply") {
        return Vec::new();
    }
    let pairs = words.windows(2).filter(|pair| matches!(pair[0], "-f" | "--filename"));
    pairs.flat_map(|pair| pair[1].split(',')).collect()
}

/// What the files of a script hold in the end, and what was last applied of each.
pub(super) fn texts_of(script: &Script) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let mut texts = script.files.clone();
    let mut applied = BTreeMap::new();
    for timed in &script.inputs {
        match &timed.input {
            Input::EditFile { name, text } => {
                texts.insert(name.clone(), text.clone());
            }
            Input::RemoveFile { name } => {
                texts.remove(name);
            }
            Input::Apply { file } => {
                if let Some(text) = texts.get(file) {
                    applied.insert(file.clone(), text.clone());
                }
            }
            Input::Command { line } => {
                for file in applied_by(line) {
                    if let Some(text) = texts.get(file) {
                        applied.insert(file.to_owned(), text.clone());
                    }
                }
            }
            _ => {}
        }
    }
    (texts, applied)
}
