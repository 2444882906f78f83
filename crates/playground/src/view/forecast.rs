//! The forecast under the editor.

use rollscope_playground::model::Msg;
use rollscope_playground::model::forecast::{Shown, Tile, Tone};
use rollscope_playground::model::shared::Shared;
use rollscope_playground::model::trials::TrialMsg;
use rollscope_playground::texts::Language;
use rollscope_playground::texts::forecast::ForecastTexts;
use yew::prelude::*;

/// What the strip shows.
#[derive(Properties, PartialEq)]
pub struct ForecastProps {
    pub language: Language,
    pub forecast: Shared<Option<Shown>>,
    pub send: Callback<Msg>,
}

/// What happens if the open file is applied.
#[component]
pub fn Forecast(props: &ForecastProps) -> Html {
    let texts = props.language.texts().forecast;
    let words = props.language.texts().trials;
    let button = |label: &'static str, title: &'static str, msg: TrialMsg| {
        let onclick = props.send.reform(move |_| Msg::Trial(msg.clone()));
        html! { <button type="button" class="quiet small" {title} {onclick}>{ label }</button> }
    };
    let Some(shown) = &*props.forecast else { return Html::default() };
    html! {
        <section
            class="forecast"
            aria-label={texts.title}
            data-tone={tone(shown.tone)}
            aria-busy={shown.computing.then_some("true")}
        >
            <p class="forecast-head">
                <span class="eyebrow">{ texts.title }</span>
                <span class="grow"></span>
                if shown.computing {
                    <span class="dim tiny">{ texts.computing }</span>
                }
            </p>
            <p class="forecast-line">
                <strong>{ &shown.headline }</strong>
                if !shown.change.is_empty() {
                    <code>{ &shown.change }</code>
                }
                if !shown.note.is_empty() {
                    <span class="dim">{ shown.note }</span>
                }
            </p>
            if !shown.posts.is_empty() {
                <p class="forecast-posts">
                    { for shown.posts.iter().enumerate().map(|(at, post)| html! {
                        <>
                            if at > 0 {
                                { " · " }
                            }
                            <span>{ post }</span>
                        </>
                    }) }
                </p>
            }
            if !shown.tiles.is_empty() {
                <dl class="tiles">{ for shown.tiles.iter().map(tile) }</dl>
            }
            { for shown.causes.iter().map(|cause| html! { <p class="forecast-cause">{ cause }</p> }) }
            <div class="forecast-foot">
                { details(shown, texts) }
                if !shown.tiles.is_empty() {
                    { button(words.open_explorer, words.open_explorer_title, TrialMsg::OpenExplorer) }
                }
                { button(words.open_sweep, words.open_sweep_title, TrialMsg::OpenSweep) }
            </div>
        </section>
    }
}

const fn tone(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Neutral => None,
        Tone::Good => Some("good"),
        Tone::Warning => Some("warning"),
        Tone::Bad => Some("bad"),
    }
}

fn tile(tile: &Tile) -> Html {
    html! {
        <div class="tile" data-tone={tone(tile.tone)} title={tile.title.clone()}>
            <dt>{ tile.label }</dt>
            <dd>{ &tile.value }</dd>
        </div>
    }
}

fn details(shown: &Shown, texts: &ForecastTexts) -> Html {
    if shown.details.is_empty() {
        return Html::default();
    }
    html! {
        <details class="forecast-more">
            <summary>{ texts.details }</summary>
            <dl>
                { for shown.details.iter().map(|(name, lines)| html! {
                    <>
                        <dt>{ *name }</dt>
                        <dd>{ for lines.iter().map(|line| html! { <span>{ line }</span> }) }</dd>
                    </>
                }) }
            </dl>
        </details>
    }
}
