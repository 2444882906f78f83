//! Markup of the model. Nothing is decided here.

mod dialogs;
mod drawer;
mod editor;
mod forecast;
mod hands;
mod icons;
mod manifest;
pub mod pod;
mod pointing;
mod revisions;
mod runs;
mod share;
mod stage;
mod terminal;
mod timeline;
mod top;
mod traffic;
mod trials;
mod why;
mod world;

use gloo::events::EventListener;
use rollscope_playground::model::forecasting::ForecastMsg;
use rollscope_playground::model::hands::HandsMsg;
use rollscope_playground::model::session::SessionMsg;
use rollscope_playground::model::share::{Panel, ShareMsg};
use rollscope_playground::model::trials::TrialMsg;
use rollscope_playground::model::{Effect, Model, Msg};
use yew::prelude::*;

use crate::browser::dots::Dots;
use crate::browser::frame::Frames;
use crate::browser::glide::Glide;
use crate::browser::keeping::{self, Keeping};
use crate::browser::storage::Earlier;
use crate::browser::worker::{WorkerSays, Workers};
use crate::browser::{address, files, keyboard, page};

/// The whole page.
pub struct App {
    model: Model,
    frames: Frames,
    glide: Glide,
    dots: Dots,
    arrangement: u64,
    send: Callback<Msg>,
    came: Callback<f64>,
    open_earlier: Callback<String>,
    trials: Workers,
    forecasts: Workers,
    /// Nothing where the page is embedded: the page around it has its own storage.
    keeping: Option<Keeping>,
    earlier: Vec<Earlier>,
    _listeners: Vec<EventListener>,
}

/// What the page itself hears.
pub enum Heard {
    /// Something happened to the model.
    Msg(Msg),
    /// A frame has come, at this time in milliseconds.
    Frame(f64),
    /// What has changed is to be kept.
    Keep,
    /// Another session of this browser was chosen.
    OpenEarlier(String),
}

impl Component for App {
    type Message = Heard;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        let preferences = page::preferences();
        let mut model = Model::new(preferences, &page::language());
        page::show(&model.preferences, model.language.code());
        let (arrival, keeper) = keeping::open();
        let effects = model.arrive(&arrival);
        let mut keeping =
            keeper.map(|keeper| Keeping::new(keeper, &model, link.callback(|()| Heard::Keep)));
        if let Some(keeping) = &mut keeping {
            address::forget_link();
            keeping.heed(&effects);
        }
        let mut listeners = vec![
            keyboard::listen(link.callback(|shortcut| Heard::Msg(Msg::Shortcut(shortcut)))),
            address::listen(link.callback(|link| Heard::Msg(Msg::Share(ShareMsg::Fragment(link))))),
        ];
        let share = link.callback(|msg| Heard::Msg(Msg::Share(msg)));
        listeners.extend(files::listen_for_drops(&share));
        listeners.extend(keeping::listen_for_the_end(&link.callback(|()| Heard::Keep)));
        Self {
            model,
            frames: Frames::default(),
            glide: Glide::default(),
            dots: Dots::default(),
            arrangement: 0,
            send: ctx.link().callback(Heard::Msg),
            came: ctx.link().callback(Heard::Frame),
            open_earlier: link.callback(Heard::OpenEarlier),
            trials: Workers::new(|heard| {
                Msg::Trial(match heard {
                    WorkerSays::Report(report) => TrialMsg::Report(report),
                    WorkerSays::Failed => TrialMsg::WorkerFailed,
                })
            }),
            forecasts: Workers::new(|heard| {
                Msg::Forecast(match heard {
                    WorkerSays::Report(report) => ForecastMsg::Report(report),
                    WorkerSays::Failed => ForecastMsg::WorkerFailed,
                })
            }),
            keeping,
            earlier: Vec::new(),
            _listeners: listeners,
        }
    }

    fn update(&mut self, _ctx: &Context<Self>, heard: Heard) -> bool {
        let msg = match heard {
            Heard::Msg(msg) => msg,
            Heard::Frame(at_ms) => self.frames.come(at_ms),
            Heard::Keep => {
                if let Some(keeping) = &mut self.keeping {
                    keeping.keep(&mut self.model);
                }
                return self.model.notice.is_some();
            }
            Heard::OpenEarlier(session) => {
                let record = self.keeping.as_ref().and_then(|keeping| keeping.record_of(&session));
                match record {
                    Some(record) => Msg::Session(SessionMsg::OpenRecord(record)),
                    None => return false,
                }
            }
        };
        // Pointers move all the time, mostly over nothing.
        if matches!(&msg, Msg::Hands(HandsMsg::Point(at)) if *at == self.model.hands.at) {
            return false;
        }
        let opens_share = msg == Msg::Share(ShareMsg::Open);
        let is_passing = matches!(
            msg,
            Msg::Frame { .. } | Msg::ChartResized(..) | Msg::Hands(HandsMsg::Point(_))
        );
        let is_shown_later = msg.is_shown_later();
        let effects = self.model.update(msg);
        if is_shown_later {
            self.frames.ask(true, &self.came);
            return false;
        }
        if let Some(keeping) = &mut self.keeping {
            if opens_share {
                self.earlier = keeping.earlier();
            }
            keeping.heed(&effects);
            keeping.follow(&mut self.model, is_passing);
        }
        for effect in effects {
            self.perform(effect);
        }
        true
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        let arrangement = self.model.arrangement();
        if self.model.is_dragging() {
            self.glide.forget();
            self.arrangement = 0;
        } else if std::mem::replace(&mut self.arrangement, arrangement) != arrangement {
            self.glide.settle();
        }
        self.dots.draw(&self.model);
        self.frames.drawn();
        self.frames.ask(self.model.wants_frame(), &self.came);
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        let Self { model, send, .. } = self;
        let language = model.language;
        let embedded = model.embedded.as_deref();
        let shows = |panel: Panel| embedded.is_none_or(|panels| panels.contains(&panel));
        html! {
            <div
                class="app"
                data-embedded={embedded.map(|_| "")}
                data-dragging={model.is_dragging().then_some("")}
            >
                if embedded.is_some() {
                    { top::embedded(model, send) }
                } else {
                    <top::Top
                        {language}
                        {send}
                        dark={page::is_dark(&model.preferences)}
                        projector={model.preferences.size.is_some()}
                    />
                }
                <main class="work">
                    if shows(Panel::Manifest) {
                        { manifest::manifest(model, send) }
                    }
                    if shows(Panel::Stage) {
                        <stage::StagePanel
                            {language}
                            {send}
                            stage={model.shown.stage.clone()}
                            grouping={model.grouping}
                            chosen={model.pod.clone()}
                            services={model.shown.services.clone()}
                        />
                    }
                    if shows(Panel::Revisions) {
                        <revisions::RevisionsPanel
                            {language}
                            {send}
                            revisions={model.shown.revisions.clone()}
                            deployments={model.shown.deployments.clone()}
                            why={model.shown.why_now.clone()}
                        />
                    }
                    if shows(Panel::Drawer) {
                        { drawer::drawer(model, send) }
                    }
                </main>
                if shows(Panel::Timeline) {
                    { timeline::timeline(model, send) }
                }
                { hands::hands(model, send) }
                { dialogs::dialog(model, &self.earlier, send, &self.open_earlier) }
                { share::notice(model, send) }
                { share::drop_target(model) }
                <p class="sr-only" aria-live="polite" role="status" key={model.announcer.number}>
                    { &model.announcer.sentence }
                </p>
            </div>
        }
    }
}

impl App {
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::FocusPrompt => page::focus(terminal::PROMPT_ID),
            Effect::StartJob(request) => self.trials.start(&request, &self.send),
            Effect::StopJob => self.trials.stop(),
            Effect::StartForecast(request) => self.forecasts.start(&request, &self.send),
            Effect::KeepView => {
                page::keep(&self.model.preferences);
                page::show(&self.model.preferences, self.model.language.code());
            }
            Effect::Copy(what, text) => {
                let send = self.send.clone();
                files::copy(text, move |done| {
                    send.emit(Msg::Share(ShareMsg::HasCopied(what, done)));
                });
            }
            Effect::SaveFile { name, text } => files::save(&name, &text),
            Effect::OpenPage(address) => page::open_tab(&address),
            Effect::PickFile => files::pick(self.send.reform(Msg::Share)),
            // See `Keeping::heed`.
            Effect::BeginSession | Effect::FormerSession => {}
        }
    }
}
