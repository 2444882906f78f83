//! The drawer: terminal, Events, conditions, inspector, reasons.

use rollscope_api::SimDuration;
use rollscope_playground::model::clock::clock_text;
use rollscope_playground::model::drawer::{ConditionRow, EventRow, Tab};
use rollscope_playground::model::hands::HandsMsg;
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::Texts;
use yew::prelude::*;

use super::pod::shape;
use super::runs;
use super::terminal::{self, Log};
use super::{traffic, why};
use crate::browser::{page, place};

/// The panel below the stage.
pub fn drawer(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    let label = |tab: Tab| match tab {
        Tab::Terminal => texts.terminal,
        Tab::Events => texts.events,
        Tab::Conditions => texts.conditions,
        Tab::Inspector => texts.inspector,
        Tab::Why => texts.why,
        Tab::Requests => texts.traffic.requests,
        Tab::Runs => texts.session.runs,
    };
    let onkeydown = {
        let (send, now) = (send.clone(), model.tab);
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => now.next(1),
                "ArrowLeft" => now.next(-1),
                _ => return,
            };
            event.prevent_default();
            send.emit(Msg::ShowTab(next));
            page::focus(&format!("tab-{}", next.id()));
        })
    };
    let tab = |tab: Tab| {
        let selected = tab == model.tab;
        html! {
            <button
                role="tab"
                id={format!("tab-{}", tab.id())}
                aria-selected={selected.to_string()}
                aria-controls={format!("panel-{}", tab.id())}
                tabindex={if selected { "0" } else { "-1" }}
                onclick={send.reform(move |_| Msg::ShowTab(tab))}
            >
                { label(tab) }
            </button>
        }
    };
    let panel = |tab: Tab, content: Html| {
        html! {
            <div
                class="tab-panel"
                role="tabpanel"
                tabindex={scrolls(tab).then_some("0")}
                id={format!("panel-{}", tab.id())}
                aria-labelledby={format!("tab-{}", tab.id())}
                hidden={tab != model.tab}
            >
                { content }
            </div>
        }
    };
    // The terminal is a log: it is heard, and can be read, whatever stands in front of it.
    let log = |content: Html| match model.tab {
        Tab::Terminal => panel(Tab::Terminal, content),
        _ => html! { <div class="tab-panel behind" id="panel-terminal">{ content }</div> },
    };
    let open = |tab: Tab, content: &dyn Fn() -> Html| {
        panel(tab, if tab == model.tab { content() } else { Html::default() })
    };
    html! {
        <section class="panel drawer">
            <div class="panel-head">
                <div class="tabs" role="tablist" {onkeydown}>
                    { for Tab::ALL.into_iter().map(tab) }
                </div>
            </div>
            { log(html! {
                <Log
                    language={model.language}
                    {send}
                    transcript={model.shown.transcript.clone()}
                    editing={model.engine.session().editing().map(str::to_owned)}
                    flies={model.is_dragging()}
                />
            }) }
            { open(Tab::Events, &|| events(&model.shown.events, texts)) }
            { open(Tab::Conditions, &|| conditions(&model.shown.conditions, texts)) }
            { open(Tab::Inspector, &|| inspector(model, send)) }
            { open(Tab::Why, &|| why::tab(&model.shown.reasons, &model.shown.why_now, texts)) }
            { open(Tab::Requests, &|| traffic::lost(model, send)) }
            { open(Tab::Runs, &|| runs::panel(model, send)) }
            { terminal::prompt(model, send) }
        </section>
    }
}

/// Whether there is nothing in a panel that keyboards stop at, so that they scroll it by itself.
fn scrolls(tab: Tab) -> bool {
    matches!(tab, Tab::Terminal | Tab::Events | Tab::Conditions | Tab::Why)
}

fn seconds(seconds: i64) -> String {
    clock_text(SimDuration::from_secs(seconds)).trim_end_matches(".0").to_owned()
}

fn events(rows: &[EventRow], texts: &'static Texts) -> Html {
    if rows.is_empty() {
        return html! { <p class="tab-empty">{ texts.events_empty }</p> };
    }
    html! {
        <table class="table" aria-label={texts.events}>
            <thead>
                <tr>
                    <th>{ texts.column_when }</th>
                    <th>{ texts.column_reason }</th>
                    <th>{ texts.column_object }</th>
                    <th>{ texts.column_message }</th>
                </tr>
            </thead>
            <tbody>
                { for rows.iter().map(|row| html! {
                    <tr key={row.key.clone()}>
                        <td class="when">{ seconds(row.at_seconds) }</td>
                        <td class={classes!("reason", row.warning.then_some("warning"))}>{ &*row.reason }</td>
                        <td class="object">{ &row.object }</td>
                        <td>{ &row.message }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn conditions(rows: &[ConditionRow], texts: &'static Texts) -> Html {
    if rows.is_empty() {
        return html! { <p class="tab-empty">{ texts.conditions_empty }</p> };
    }
    html! {
        <table class="table" aria-label={texts.conditions}>
            <thead>
                <tr>
                    <th>{ texts.column_type }</th>
                    <th>{ texts.column_status }</th>
                    <th>{ texts.column_reason }</th>
                    <th>{ texts.column_message }</th>
                    <th>{ texts.column_since }</th>
                </tr>
            </thead>
            <tbody>
                { for rows.iter().map(|row| html! {
                    <tr key={row.type_.clone()}>
                        <td>{ &row.type_ }</td>
                        <td class={if row.status == "True" { "yes" } else { "no" }}>{ &row.status }</td>
                        <td class="reason">{ &row.reason }</td>
                        <td>{ &row.message }</td>
                        <td class="when">{ seconds(row.since_seconds) }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn inspector(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    let Some(name) = &model.pod else {
        return html! { <p class="tab-empty">{ texts.inspector_empty }</p> };
    };
    let lanes = model.shown.stage.owners.iter().flat_map(|owner| &owner.lanes);
    let item = lanes.flat_map(|lane| &lane.pods).find(|pod| pod.name() == name && !pod.gone);
    let segment = |yaml: bool, label: &'static str| {
        html! {
            <button
                aria-pressed={(yaml == model.inspect_yaml).to_string()}
                onclick={send.reform(move |_| Msg::InspectYaml(yaml))}
            >
                { label }
            </button>
        }
    };
    html! {
        <div class="inspector">
            <div class="inspector-head">
                if let Some(item) = item {
                    <span class={item.accent.class()}>{ shape(item.look) }</span>
                }
                <code>{ name }</code>
                if let Some(item) = item {
                    <span class="dim">{ (texts.states)(item.look.state) }</span>
                }
                <span class="grow"></span>
                if item.is_some() {
                    <button class="small" aria-haspopup="menu" onclick={open_menu(name, send)}>
                        { texts.hands.actions }
                    </button>
                }
                <span class="segments">
                    { segment(false, texts.describe) }
                    { segment(true, texts.yaml) }
                </span>
            </div>
            if let Some(text) = &*model.shown.inspected {
                <pre tabindex="0">{ text }</pre>
            } else {
                <p class="dim">{ (texts.inspector_gone)(name) }</p>
            }
        </div>
    }
}

/// The menu of a pod, beside the button that was pressed.
fn open_menu(pod: &str, send: &Callback<Msg>) -> Callback<MouseEvent> {
    let (pod, send) = (pod.to_owned(), send.clone());
    Callback::from(move |event: MouseEvent| {
        if let Some(button) = place::closest(event.target(), "button") {
            let spot = place::spot_of(&button);
            send.emit(Msg::Hands(HandsMsg::OpenMenu(pod.clone(), spot)));
        }
    })
}
