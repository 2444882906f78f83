//! When the session is kept: what was done at once, what is being written shortly after, the
//! moment every few seconds while time passes, and everything when the page is left.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use rollscope_api::SimDuration;
use rollscope_playground::model::session::{Arrival, SessionMsg};
use rollscope_playground::model::{Effect, Model, Msg, share};
use yew::Callback;

use super::address;
use super::storage::{Earlier, Keeper};

/// What is being written is kept after so long, in milliseconds.
const SOON_MS: u32 = 250;
/// While time passes, the moment is kept so often, in milliseconds.
const MOMENT_MS: f64 = 2_000.0;
/// Keeping takes at most this part of the time.
const SHARE_MAX: f64 = 0.01;

/// Keeps a session.
pub struct Keeping {
    keeper: Keeper,
    send: Callback<()>,
    /// What had been done when it was kept last, and the moment that was shown.
    deeds: (u64, usize, usize),
    moment: SimDuration,
    /// Something else has changed since.
    is_stale: bool,
    /// When that was, and how long it took, in milliseconds.
    kept_ms: f64,
    took_ms: f64,
    soon: Option<Timeout>,
}

/// What the page is opened with, and where its session is kept.
pub fn open() -> (Arrival, Option<Keeper>) {
    let arrival = address::arrival();
    if share::embedded(&arrival.query).is_some() {
        return (arrival, None);
    }
    let (mut keeper, record) = Keeper::open();
    if address::take_fresh() {
        keeper.begin();
        return (arrival, Some(keeper));
    }
    (Arrival { record, ..arrival }, Some(keeper))
}

/// Reports that the page is being left, as long as this is kept. Phones say nothing but that it
/// is hidden.
pub fn listen_for_the_end(send: &Callback<()>) -> [EventListener; 2] {
    let (hidden, left) = (send.clone(), send.clone());
    [
        EventListener::new(&document(), "visibilitychange", move |_| hidden.emit(())),
        EventListener::new(&window(), "pagehide", move |_| left.emit(())),
    ]
}

impl Keeping {
    /// Begins to keep what the page has just been opened with; a session that was there already,
    /// or is untouched, is not written before something happens in it. `send` reports that it is
    /// time.
    pub fn new(keeper: Keeper, model: &Model, send: Callback<()>) -> Self {
        let (deeds, moment) = (model.deeds(), model.engine.moment_wanted());
        Self {
            keeper,
            send,
            deeds,
            moment,
            is_stale: false,
            kept_ms: 0.0,
            took_ms: 0.0,
            soon: None,
        }
    }

    /// Another session begins, or the one before goes on.
    pub fn heed(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::BeginSession => self.keeper.begin(),
                Effect::FormerSession => self.keeper.back(),
                _ => continue,
            }
            self.is_stale = true;
        }
    }

    /// Something has happened: keeps at once what was done, and soon what is being written. Frames
    /// and pointers that pass by change nothing but the moment.
    pub fn follow(&mut self, model: &mut Model, is_passing: bool) {
        if model.deeds() != self.deeds {
            self.keep(model);
        } else if !is_passing || self.is_stale && self.soon.is_none() {
            self.is_stale = true;
            let send = self.send.clone();
            self.soon.get_or_insert_with(|| Timeout::new(SOON_MS, move || send.emit(())));
        } else if model.is_running() {
            let pause_ms = (self.took_ms / SHARE_MAX).max(MOMENT_MS);
            if now_ms() - self.kept_ms > pause_ms {
                self.keep(model);
            }
        }
    }

    /// Keeps the session now if anything is new, and tells where that fails.
    pub fn keep(&mut self, model: &mut Model) {
        self.soon = None;
        let new = (model.deeds(), model.engine.moment_wanted());
        if !std::mem::take(&mut self.is_stale) && new == (self.deeds, self.moment) {
            return;
        }
        let began_ms = now_ms();
        (self.deeds, self.moment) = new;
        let outcome = self.keeper.keep(&model.record(), &model.title());
        model.update(Msg::Session(SessionMsg::Kept(outcome)));
        self.kept_ms = now_ms();
        self.took_ms = self.kept_ms - began_ms;
    }

    /// The other sessions of this browser.
    pub fn earlier(&self) -> Vec<Earlier> {
        self.keeper.earlier()
    }

    /// What was kept of another session.
    pub fn record_of(&self, session: &str) -> Option<String> {
        self.keeper.record_of(session)
    }
}

fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
