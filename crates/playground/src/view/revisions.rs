//! The revisions, and what can be done with a Deployment.

use rollscope_api::SimDuration;
use rollscope_playground::model::diff::Line;
use rollscope_playground::model::revisions::{Card, Revisions};
use rollscope_playground::model::shared::Shared;
use rollscope_playground::model::why::WhyNow;
use rollscope_playground::model::{Button, Msg, clock};
use rollscope_playground::texts::{Language, Texts};
use yew::prelude::*;

use super::why;
use crate::browser::page;

/// Changed lines that a card shows.
const CHANGES_SHOWN: usize = 6;

/// What the panel shows.
#[derive(Properties, PartialEq)]
pub struct RevisionsProps {
    /// The language spoken.
    pub language: Language,
    /// Where presses go.
    pub send: Callback<Msg>,
    /// The revisions.
    pub revisions: Shared<Revisions>,
    /// All Deployments, as namespace and name.
    pub deployments: Shared<Vec<String>>,
    /// Why things are as they are.
    pub why: Shared<WhyNow>,
}

/// The panel on the right.
#[component]
pub fn RevisionsPanel(props: &RevisionsProps) -> Html {
    let RevisionsProps { language, send, revisions, deployments, why } = props;
    let texts = language.texts();
    let there = !revisions.deployment.is_empty();
    html! {
        <section class="panel revisions" aria-labelledby="revisions-title">
            <div class="panel-head">
                <h2 id="revisions-title">{ texts.revisions }</h2>
                <span class="grow"></span>
                if deployments.len() > 1 {
                    { chooser(revisions, deployments, texts, send) }
                } else {
                    <code class="dim clip">{ &revisions.deployment }</code>
                }
            </div>
            if there {
                { actions(revisions, texts, send) }
            }
            <ul class="revision-list" role="list" aria-label={texts.revisions}>
                { for revisions.cards.iter().map(|card| card_view(card, texts, send)) }
            </ul>
            if revisions.cards.is_empty() {
                <p class="revisions-empty">{ texts.revisions_empty }</p>
            }
            <why::Now now={why.clone()} language={*language} />
        </section>
    }
}

fn chooser(
    revisions: &Revisions,
    deployments: &[String],
    texts: &'static Texts,
    send: &Callback<Msg>,
) -> Html {
    let onchange = send.reform(|event: Event| Msg::ChooseDeployment(page::value_of(&event)));
    let option = |key: &String| {
        let name = key.rsplit('/').next().unwrap_or(key).to_owned();
        let selected = name == revisions.deployment;
        html! { <option value={key.clone()} {selected}>{ name }</option> }
    };
    html! {
        <select class="select" aria-label={texts.deployment} {onchange}>
            { for deployments.iter().map(option) }
        </select>
    }
}

fn actions(revisions: &Revisions, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let button = |button: Button, label: &'static str, title: &'static str| {
        html! {
            <button class="small" {title} onclick={send.reform(move |_| Msg::Button(button))}>
                { label }
            </button>
        }
    };
    let scale = |label: &'static str, sign: &'static str, to: i32| {
        html! {
            <button
                class="small"
                aria-label={label}
                disabled={to < 0}
                onclick={send.reform(move |_| Msg::Button(Button::Scale(to)))}
            >
                { sign }
            </button>
        }
    };
    html! {
        <div class="actions">
            if revisions.paused {
                { button(Button::Resume, texts.resume, texts.pause_title) }
            } else {
                { button(Button::Pause, texts.pause, texts.pause_title) }
            }
            { button(Button::Restart, texts.restart, texts.restart_title) }
            <span class="grow"></span>
            <span class="scale" title={texts.scale}>
                { scale(texts.scale_down, "−", revisions.replicas - 1) }
                <output aria-label={texts.scale}>{ revisions.replicas }</output>
                { scale(texts.scale_up, "+", revisions.replicas + 1) }
            </span>
        </div>
    }
}

fn card_view(card: &Card, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let revision = card.revision;
    html! {
        <li
            key={card.replica_set.clone()}
            class={classes!("revision", card.accent.class())}
            data-revision={revision.to_string()}
            aria-labelledby={format!("revision-{revision}")}
            data-current={card.current.then_some("")}
            data-glide={format!("revision {}", card.replica_set)}
        >
            <div class="card">
                <div class="row">
                    <h3 class="title" id={format!("revision-{revision}")}>
                        { (texts.revision)(revision) }
                        if let Some(was) = card.was {
                            { " " }<span class="was">{ (texts.was_revision)(was) }</span>
                        }
                    </h3>
                    <span class="dim tiny num" title={texts.age_title}>
                        { clock::age_text(SimDuration::from_secs(card.age_seconds)) }
                    </span>
                </div>
                <div class="image">{ &card.images }</div>
                { changes(card, texts) }
                <div class="row">
                    <span class="cause clip" title={card.cause.clone()}>
                        { card.cause.as_deref().unwrap_or(texts.no_cause) }
                    </span>
                    <span class="pods-now">{ (texts.pods_now)(card.pods) }</span>
                </div>
                <div class="row">
                    <code class="faint tiny clip" title={card.replica_set.clone()}>
                        { &card.replica_set }
                    </code>
                    if card.current {
                        <span class="badge">{ texts.current }</span>
                    } else {
                        <button
                            class="small"
                            onclick={send.reform(move |_| Msg::AskUndo(revision))}
                        >
                            { (texts.undo_to)(revision) }
                        </button>
                    }
                </div>
            </div>
            { for card.ghosts.iter().map(|ghost| html! {
                <p class={classes!("ghost", ghost.accent.class())} key={ghost.was}>
                    { (texts.ghost)(ghost.was, ghost.now) }
                </p>
            }) }
        </li>
    }
}

fn changes(card: &Card, texts: &'static Texts) -> Html {
    let Some(changes) = &card.changes else {
        return html! { <div class="dim tiny">{ texts.first_revision }</div> };
    };
    let more = changes.len().saturating_sub(CHANGES_SHOWN);
    html! {
        <div class="diff">
            { for changes.iter().take(CHANGES_SHOWN).map(|line| diff_line(line, texts)) }
            if more > 0 {
                <span class="gap">{ (texts.more_changes)(more) }</span>
            }
        </div>
    }
}

/// One line of a comparison.
pub fn diff_line(line: &Line, texts: &'static Texts) -> Html {
    let (class, text) = match line {
        Line::Same(text) => ("same", format!("  {text}")),
        Line::Add(text) => ("add", format!("+ {text}")),
        Line::Del(text) => ("del", format!("− {text}")),
        Line::Gap(count) => ("gap", (texts.gap)(*count)),
    };
    html! { <span {class}>{ text }</span> }
}
