//! Markup of the model. Nothing is decided here.

mod dialogs;
mod drawer;
mod editor;
mod forecast;
mod hands;
mod icons;
mod manifest;
mod pod;
mod pointing;
mod revisions;
mod stage;
mod terminal;
mod timeline;
mod top;
mod traffic;
mod why;
mod world;

use gloo::events::EventListener;
use rollscope_playground::model::hands::HandsMsg;
use rollscope_playground::model::{Effect, Model, Msg};
use yew::prelude::*;

use crate::browser::dots::Dots;
use crate::browser::frame::Frames;
use crate::browser::glide::Glide;
use crate::browser::{keyboard, page};

/// The whole page.
pub struct App {
    model: Model,
    frames: Frames,
    glide: Glide,
    dots: Dots,
    arrangement: u64,
    send: Callback<Msg>,
    came: Callback<f64>,
    _keyboard: EventListener,
}

/// What the page itself hears.
pub enum Heard {
    /// Something happened to the model.
    Msg(Msg),
    /// A frame has come, at this time in milliseconds.
    Frame(f64),
}

impl Component for App {
    type Message = Heard;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let preferences = page::preferences();
        let model = Model::new(preferences, &page::language());
        page::show(&model.preferences, model.language.code());
        Self {
            model,
            frames: Frames::default(),
            glide: Glide::default(),
            dots: Dots::default(),
            arrangement: 0,
            send: ctx.link().callback(Heard::Msg),
            came: ctx.link().callback(Heard::Frame),
            _keyboard: keyboard::listen(
                ctx.link().callback(|shortcut| Heard::Msg(Msg::Shortcut(shortcut))),
            ),
        }
    }

    fn update(&mut self, _ctx: &Context<Self>, heard: Heard) -> bool {
        let msg = match heard {
            Heard::Msg(msg) => msg,
            Heard::Frame(at_ms) => self.frames.come(at_ms),
        };
        // Pointers move all the time, mostly over nothing.
        if matches!(&msg, Msg::Hands(HandsMsg::Point(at)) if *at == self.model.hands.at) {
            return false;
        }
        for effect in self.model.update(msg) {
            match effect {
                Effect::FocusPrompt => page::focus(terminal::PROMPT_ID),
                Effect::KeepView => {
                    page::keep(&self.model.preferences);
                    page::show(&self.model.preferences, self.model.language.code());
                }
            }
        }
        true
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        let arrangement = self.model.arrangement();
        if std::mem::replace(&mut self.arrangement, arrangement) != arrangement {
            self.glide.settle();
        }
        self.dots.draw(&self.model);
        self.frames.drawn();
        self.frames.ask(self.model.wants_frame(), &self.came);
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        let Self { model, send, .. } = self;
        let language = model.language;
        html! {
            <div class="app">
                <top::Top
                    {language}
                    {send}
                    dark={page::is_dark(&model.preferences)}
                    projector={model.preferences.size.is_some()}
                />
                <main class="work">
                    { manifest::manifest(model, send) }
                    <stage::StagePanel
                        {language}
                        {send}
                        stage={model.shown.stage.clone()}
                        grouping={model.grouping}
                        chosen={model.pod.clone()}
                        services={model.shown.services.clone()}
                    />
                    <revisions::RevisionsPanel
                        {language}
                        {send}
                        revisions={model.shown.revisions.clone()}
                        deployments={model.shown.deployments.clone()}
                        why={model.shown.why_now.clone()}
                    />
                    { drawer::drawer(model, send) }
                </main>
                { timeline::timeline(model, send) }
                { hands::hands(model, send) }
                { dialogs::dialog(model, send) }
                <p class="sr-only" aria-live="polite" role="status" key={model.announcer.number}>
                    { &model.announcer.sentence }
                </p>
            </div>
        }
    }
}
