//! The line at the top.

use rollscope_playground::model::Msg;
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
            <button class="quiet" onclick={on(Msg::ToggleTheme(dark))}>{ theme }</button>
            <button
                class="quiet"
                aria-pressed={projector.to_string()}
                onclick={on(Msg::ToggleProjector)}
            >
                { texts.projector }
            </button>
            <button class="quiet" lang={language.other().code()} onclick={on(Msg::ToggleLanguage)}>
                { language.other().own_name() }
            </button>
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
