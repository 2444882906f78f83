//! What the dialogs about sharing and starting over hold, and the notice over the page.

use rollscope_playground::model::clock::clock_text;
use rollscope_playground::model::notice::{Notice, Offer};
use rollscope_playground::model::runs::RunsMsg;
use rollscope_playground::model::session::SessionMsg;
use rollscope_playground::model::share::{Copied, Panel, ShareMsg, Sharing};
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::Texts;
use yew::prelude::*;

use crate::browser::page;
use crate::browser::storage::Earlier;

/// The Share dialog.
pub fn share(
    sharing: &Sharing,
    earlier: &[Earlier],
    texts: &'static Texts,
    send: &Callback<Msg>,
    open: &Callback<String>,
) -> Html {
    let session = texts.session;
    html! {
        <>
            { link(sharing, texts, send) }
            if sharing.link.is_ok() {
                { embed(sharing, texts, send) }
            }
            <section>
                <h3>{ session.files }</h3>
                <div class="row">
                    <button
                        class={sharing.link.is_err().then_some("primary")}
                        onclick={send.reform(|_| Msg::Share(ShareMsg::Save))}
                    >
                        { session.save_file }
                    </button>
                    <button onclick={send.reform(|_| Msg::Share(ShareMsg::Pick))}>
                        { session.open_file }
                    </button>
                    <span class="faint tiny">{ session.drop_hint }</span>
                </div>
            </section>
            if !earlier.is_empty() {
                <details>
                    <summary>{ session.earlier }</summary>
                    <ul class="earlier">
                        { for earlier.iter().map(|one| earlier_row(one, texts, open)) }
                    </ul>
                </details>
            }
            <div class="dialog-foot">
                <button onclick={send.reform(|_| Msg::CloseDialog)}>{ texts.close }</button>
            </div>
        </>
    }
}

fn earlier_row(one: &Earlier, texts: &'static Texts, open: &Callback<String>) -> Html {
    let title = if one.title.is_empty() { texts.manifest } else { one.title.as_str() };
    let id = one.session.clone();
    html! {
        <li key={one.session.clone()}>
            <button
                class="small"
                aria-label={(texts.session.earlier_open)(title, &one.saved)}
                onclick={open.reform(move |_| id.clone())}
            >
                { title }
            </button>
            <span class="faint tiny num">{ &one.saved }</span>
        </li>
    }
}

fn link(sharing: &Sharing, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let session = texts.session;
    let link = match &sharing.link {
        Ok(link) => link,
        Err(error) => {
            let (chars, most) = (grouped(error.chars), grouped(error.chars_max));
            return html! { <p class="flag stuck">{ (session.too_long)(&chars, &most) }</p> };
        }
    };
    let set_playing = {
        let (send, playing) = (send.clone(), sharing.playing);
        Callback::from(move |_: Event| {
            send.emit(Msg::Share(ShareMsg::SetPlaying(!playing)));
        })
    };
    html! {
        <section>
            <p class="dim">{ session.share_intro }</p>
            <div class="row">
                <input class="link" readonly=true aria-label={session.link} value={link.clone()} onfocus={select()} />
                <button
                    class="primary"
                    onclick={send.reform(|_| Msg::Share(ShareMsg::Copy(Copied::Link)))}
                >
                    { copy_word(sharing, Copied::Link, session.copy_link, session.copied) }
                </button>
            </div>
            <p class="row tiny dim">
                <span>{ (session.opens_at)(&clock_text(sharing.moment)) }</span>
                <label class="check">
                    <input type="checkbox" checked={sharing.playing} onchange={set_playing} />
                    { session.opens_playing }
                </label>
                <span class="grow"></span>
                <span class="num">{ (session.chars)(&grouped(link.chars().count())) }</span>
            </p>
            if matches!(sharing.copied, Some((_, false))) {
                <p class="flag stuck">{ session.copy_failed }</p>
            }
        </section>
    }
}

fn embed(sharing: &Sharing, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let session = texts.session;
    let name = |panel: Panel| match panel {
        Panel::Manifest => texts.manifest,
        Panel::Stage => texts.stage,
        Panel::Revisions => texts.revisions,
        Panel::Drawer => texts.terminal,
        Panel::Timeline => texts.timeline,
    };
    let choice = |panel: Panel| {
        html! {
            <label class="check">
                <input
                    type="checkbox"
                    checked={sharing.panels.contains(&panel)}
                    onchange={send.reform(move |_| Msg::Share(ShareMsg::TogglePanel(panel)))}
                />
                { name(panel) }
            </label>
        }
    };
    html! {
        <details>
            <summary>{ session.embed }</summary>
            <p class="dim tiny">{ session.embed_intro }</p>
            <div class="row" role="group" aria-label={session.panels}>{ for Panel::ALL.map(choice) }</div>
            <div class="row">
                <textarea
                    class="link"
                    readonly=true
                    rows="3"
                    aria-label={session.embed_code}
                    value={sharing.embed.clone()}
                    onfocus={select()}
                />
                <button onclick={send.reform(|_| Msg::Share(ShareMsg::Copy(Copied::Embed)))}>
                    { copy_word(sharing, Copied::Embed, session.copy_embed, session.copied) }
                </button>
            </div>
        </details>
    }
}

/// The text of a field is selected as a whole, so that it can be copied by hand as well.
fn select() -> Callback<FocusEvent> {
    Callback::from(|event: FocusEvent| page::select_all(&event))
}

fn copy_word(
    sharing: &Sharing,
    what: Copied,
    copy: &'static str,
    copied: &'static str,
) -> &'static str {
    if sharing.copied == Some((what, true)) { copied } else { copy }
}

/// `1,234`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The dialog that asks before everything begins anew.
pub fn start_over(texts: &'static Texts, send: &Callback<Msg>) -> Html {
    html! {
        <>
            <p class="dim">{ texts.session.start_over_explained }</p>
            <div class="dialog-foot">
                <button onclick={send.reform(|_| Msg::CloseDialog)}>{ texts.cancel }</button>
                <button
                    class="primary"
                    onclick={send.reform(|_| Msg::Session(SessionMsg::StartOver))}
                >
                    { texts.session.start_over }
                </button>
            </div>
        </>
    }
}

/// The line over the page.
pub fn notice(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts().session;
    let Some(Notice { text, is_problem, offer }) = &model.notice else { return Html::default() };
    let offered = offer.map(|offer| match offer {
        Offer::PutBack => (texts.put_back, Msg::Runs(RunsMsg::PutBack)),
        Offer::BringBack => (texts.bring_back, Msg::Session(SessionMsg::BringBack)),
        Offer::SaveFile => (texts.save_file, Msg::Share(ShareMsg::Save)),
    });
    html! {
        <div class={classes!("notice", is_problem.then_some("problem"))} role="status">
            <span>{ text }</span>
            if let Some((label, msg)) = offered {
                <button class="small" onclick={send.reform(move |_| msg.clone())}>{ label }</button>
            }
            <button
                class="quiet small"
                aria-label={texts.dismiss}
                title={texts.dismiss}
                onclick={send.reform(|_| Msg::Session(SessionMsg::DismissNotice))}
            >
                { "×" }
            </button>
        </div>
    }
}

/// What is shown while a file is held over the page.
pub fn drop_target(model: &Model) -> Html {
    if !model.is_file_over {
        return Html::default();
    }
    html! { <div class="drop-target" aria-hidden="true"><p>{ model.texts().session.drop_here }</p></div> }
}
