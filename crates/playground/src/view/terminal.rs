//! The terminal: what was entered and printed, and the prompt.

use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_playground::model::shared::Shared;
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::{Language, Texts};
use rollscope_scenario::Entry;
use yew::prelude::*;

use crate::browser::page;

/// The id of the prompt's field.
pub const PROMPT_ID: &str = "prompt";

/// What the terminal shows.
#[derive(Properties, PartialEq)]
pub struct LogProps {
    /// The language spoken.
    pub language: Language,
    /// Where presses go.
    pub send: Callback<Msg>,
    /// The commands.
    pub transcript: Shared<Vec<Rc<Entry>>>,
    /// The text that `kubectl edit` wants edited.
    pub editing: Option<String>,
    /// The moment flies by: the end is scrolled to when it rests, as asking the browser for heights
    /// is dear.
    pub flies: bool,
}

/// Everything entered and printed.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let LogProps { language, send, transcript, editing, flies } = props;
    let texts = language.texts();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((transcript.clone(), *flies), move |(_, flies)| {
            let panel = node.cast::<web_sys::Element>().and_then(|log| log.parent_element());
            if let Some(panel) = panel.filter(|_| !flies) {
                page::scroll_to_end(&panel);
            }
        });
    }
    let last = transcript.len().saturating_sub(1);
    html! {
        <div class="terminal" role="log" aria-label={texts.terminal} ref={node}>
            if transcript.is_empty() {
                <p class="faint">{ texts.terminal_empty }</p>
            }
            { for transcript.iter().enumerate().map(|(at, entry)| html! {
                <EntryView
                    key={format!("{at} {}", entry.at.as_micros())}
                    entry={SameEntry(entry.clone())}
                    waiting={at == last && entry.ended.is_none() && editing.is_none()}
                    language={*language}
                />
            }) }
            if let Some(text) = editing {
                { edit(text, texts, send) }
            }
        </div>
    }
}

/// An entry that is equal only to itself.
#[derive(Clone)]
struct SameEntry(Rc<Entry>);

impl PartialEq for SameEntry {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, PartialEq)]
struct EntryProps {
    entry: SameEntry,
    waiting: bool,
    language: Language,
}

#[component]
fn EntryView(props: &EntryProps) -> Html {
    let entry = &props.entry.0;
    let texts = props.language.texts();
    html! {
        <div class="entry">
            <div class="typed">{ &entry.line }</div>
            { for entry.chunks.iter().map(|chunk| html! {
                <div class={class_of(chunk.stderr, entry.ended)}>
                    { chunk.text.trim_end_matches('\n') }
                </div>
            }) }
            if props.waiting {
                <div class="waiting">{ texts.terminal_waiting }</div>
            }
        </div>
    }
}

/// Errors are red; warnings of a command that succeeded are not.
fn class_of(stderr: bool, ended: Option<(SimTime, i32)>) -> &'static str {
    match (stderr, ended) {
        (false, _) => "out",
        (true, Some((_, 0))) => "warn",
        (true, _) => "err",
    }
}

fn edit(text: &str, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    const EDIT_ID: &str = "edited-object";
    let onclick = send.reform(|_| {
        let area = page::element(EDIT_ID);
        Msg::SaveEdit(area.map(|area| page::text_of_area(&area)).unwrap_or_default())
    });
    html! {
        <div class="edit">
            <textarea
                id={EDIT_ID}
                aria-label={texts.edit_object}
                rows="14"
                spellcheck="false"
                value={text.to_owned()}
            />
            <div class="dialog-foot">
                <button class="small" onclick={send.reform(|_| Msg::Interrupt)}>{ texts.cancel }</button>
                <button class="small primary" {onclick}>{ texts.save_edit }</button>
            </div>
        </div>
    }
}

/// The prompt, which is always there.
pub fn prompt(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    let prompt = &model.prompt;
    let offering = !prompt.offers.is_empty();
    let waiting = model.engine.session().foreground().is_some();
    let onkeydown = {
        let (send, empty) = (send.clone(), prompt.line.is_empty());
        Callback::from(move |event: KeyboardEvent| {
            let msg = match event.key().as_str() {
                _ if event.is_composing() => return,
                "Enter" if !event.ctrl_key() && !event.meta_key() => Msg::PromptEntered,
                "ArrowUp" => Msg::PromptHistory(true),
                "ArrowDown" => Msg::PromptHistory(false),
                // With nothing typed Tab goes on to the next control, as everywhere.
                "Tab" if !event.shift_key() && !empty => Msg::PromptComplete,
                "Escape" if offering => Msg::PromptDismiss,
                "c" if event.ctrl_key() && waiting => Msg::Interrupt,
                "l" if event.ctrl_key() => Msg::ClearTerminal,
                _ => return,
            };
            event.prevent_default();
            send.emit(msg);
        })
    };
    let oninput = send.reform(|event: InputEvent| Msg::PromptEdited(page::value_of(&event)));
    html! {
        <div class="prompt">
            <label for={PROMPT_ID} aria-hidden="true">{ "$" }</label>
            <input
                id={PROMPT_ID}
                type="text"
                aria-label="kubectl"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder={texts.terminal_hint}
                aria-autocomplete="list"
                aria-controls={offering.then_some("offers")}
                aria-activedescendant={offering.then(|| format!("offer-{}", prompt.chosen))}
                value={prompt.line.clone()}
                {oninput}
                {onkeydown}
            />
            if waiting {
                <button class="small quiet" onclick={send.reform(|_| Msg::Interrupt)}>
                    { texts.interrupt }
                </button>
            }
            if offering {
                { offers(model, send) }
            }
        </div>
    }
}

fn offers(model: &Model, send: &Callback<Msg>) -> Html {
    let prompt = &model.prompt;
    html! {
        <ul class="offers" id="offers" role="listbox">
            { for prompt.offers.iter().enumerate().map(|(at, offer)| html! {
                <li
                    id={format!("offer-{at}")}
                    role="option"
                    aria-selected={(at == prompt.chosen).to_string()}
                    onclick={send.reform(move |_| Msg::PromptAccept(at))}
                >
                    <span>{ &offer.text }</span>
                    <span class="what">{ &offer.note }</span>
                </li>
            }) }
        </ul>
    }
}
