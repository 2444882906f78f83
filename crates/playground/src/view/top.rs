//! The line at the top.

use rollscope_playground::model::session::SessionMsg;
use rollscope_playground::model::share::ShareMsg;
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::Language;
use yew::prelude::*;

/// What the line at the top shows.
#[derive(Properties, PartialEq)]
pub struct TopProps {
    /// The language spoken.
    pub language: Language,
    /// Where presses go.
    pub send: Callback<Msg>,
    /// Whether the page is dark.
    pub dark: bool,
    /// Whether the type is large.
    pub projector: bool,
}

/// The line at the top.
#[component]
pub fn Top(props: &TopProps) -> Html {
    let TopProps { language, send, dark, projector } = props;
    let (texts, dark) = (language.texts(), *dark);
    let session = texts.session;
    let on = |msg: Msg| {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send.emit(msg.clone()))
    };
    let theme = if dark { texts.theme_light } else { texts.theme_dark };
    html! {
        <header class="top">
            <span class="brand">
                <img src="icons/rollscope.svg" alt="" width="22" height="22" />
                <h1>{ "Rollscope" }</h1>
            </span>
            <span class="version">{ texts.subtitle }</span>
            <span class="grow"></span>
            <button onclick={on(Msg::Share(ShareMsg::Open))}>{ session.share }</button>
            <More label={session.more}>
                <button
                    class="quiet"
                    title={session.start_over_title}
                    onclick={on(Msg::Session(SessionMsg::AskStartOver))}
                >
                    { session.start_over }
                </button>
                <button class="quiet" onclick={on(Msg::ToggleTheme(dark))}>{ theme }</button>
                <button
                    class="quiet"
                    aria-pressed={projector.to_string()}
                    onclick={on(Msg::ToggleProjector)}
                >
                    { texts.projector }
                </button>
                <button
                    class="quiet"
                    lang={language.other().code()}
                    onclick={on(Msg::ToggleLanguage)}
                >
                    { language.other().own_name() }
                </button>
            </More>
            <button
                class="quiet"
                aria-label={texts.help}
                title={format!("{} (?)", texts.help)}
                onclick={on(Msg::ShowHelp)}
            >
                { "?" }
            </button>
        </header>
    }
}

/// The line at the top of an embedded page: what it is, and the way to a page of its own.
pub fn embedded(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts().session;
    html! {
        <header class="top">
            <span class="brand">
                <img src="icons/rollscope.svg" alt="" width="18" height="18" />
                <h1>{ "Rollscope" }</h1>
            </span>
            <span class="grow"></span>
            <button class="quiet" onclick={send.reform(|_| Msg::Share(ShareMsg::OpenPage))}>
                { texts.open_page }{ " ↗" }
            </button>
        </header>
    }
}

#[derive(Properties, PartialEq)]
struct MoreProps {
    label: &'static str,
    children: Html,
}

/// Side by side where there is room, and behind a button where there is not.
#[component]
fn More(props: &MoreProps) -> Html {
    let MoreProps { label, children } = props;
    let open = use_state(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    // A choice closes the menu again, and so does leaving it.
    let close = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(false))
    };
    html! {
        <div class="more">
            <button
                class="quiet more-button"
                aria-label={*label}
                aria-expanded={open.to_string()}
                onclick={toggle}
            >
                { "⋯" }
            </button>
            <div class="more-items" data-open={open.then_some("")} onclick={close}>
                { children.clone() }
            </div>
        </div>
    }
}
