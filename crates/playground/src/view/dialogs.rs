//! Dialogs.

use rollscope_playground::model::revisions::UndoPlan;
use rollscope_playground::model::{Dialog, Model, Msg};
use rollscope_playground::texts::Texts;
use yew::prelude::*;

use super::revisions::diff_line;
use super::share;
use super::{trials, world};
use crate::browser::page;
use crate::browser::storage::Earlier;

/// The open dialog, if one is.
pub fn dialog(
    model: &Model,
    earlier: &[Earlier],
    send: &Callback<Msg>,
    open_earlier: &Callback<String>,
) -> Html {
    let texts = model.texts();
    match &model.dialog {
        None => Html::default(),
        Some(Dialog::Undo(plan)) => {
            let title = (texts.undo_question)(plan.revision);
            html! { <Modal {title} {send}>{ undo(plan, texts, send) }</Modal> }
        }
        Some(Dialog::World) => {
            let title = texts.world.title.to_owned();
            html! { <Modal {title} {send}>{ world::world(model, send) }</Modal> }
        }
        Some(Dialog::Share(sharing)) => {
            let title = texts.session.share.to_owned();
            let content = share::share(sharing, earlier, texts, send, open_earlier);
            html! { <Modal {title} {send}>{ content }</Modal> }
        }
        Some(Dialog::StartOver) => {
            let title = texts.session.start_over_question.to_owned();
            html! { <Modal {title} {send}>{ share::start_over(texts, send) }</Modal> }
        }
        Some(Dialog::Explorer) => {
            let title = texts.trials.explorer.to_owned();
            html! { <Modal {title} {send}>{ trials::explorer(model, send) }</Modal> }
        }
        Some(Dialog::Sweep) => {
            let title = texts.trials.sweep.to_owned();
            html! { <Modal {title} {send}>{ trials::sweep(model, send) }</Modal> }
        }
        Some(Dialog::Help) => {
            let title = texts.help_title.to_owned();
            html! { <Modal {title} {send}>{ help(texts, send) }</Modal> }
        }
    }
}

/// A dialog over the page.
#[derive(Properties, PartialEq)]
pub struct ModalProps {
    title: String,
    send: Callback<Msg>,
    children: Html,
}

/// A dialog over the page: Escape closes it, and the page behind it rests.
#[component]
fn Modal(props: &ModalProps) -> Html {
    let ModalProps { title, send, children } = props;
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = node.cast::<web_sys::Element>() {
                page::show_dialog(&dialog);
            }
        });
    }
    html! {
        <dialog ref={node} aria-labelledby="dialog-title" onclose={send.reform(|_| Msg::CloseDialog)}>
            <div class="dialog-body">
                <h2 id="dialog-title">{ title }</h2>
                { children.clone() }
            </div>
        </dialog>
    }
}

fn undo(plan: &UndoPlan, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    html! {
        <>
            <p class="dim">{ (texts.undo_explained)(plan.revision, plan.next) }</p>
            if plan.paused {
                <p class="flag stuck">{ texts.undo_paused }</p>
            }
            if plan.changes.is_empty() {
                <p>{ texts.undo_same }</p>
            } else {
                <div>
                    <p class="dim tiny">{ texts.undo_changes }</p>
                    <div class="diff">{ for plan.changes.iter().map(|line| diff_line(line, texts)) }</div>
                </div>
            }
            <code class="command">{ plan.command() }</code>
            <div class="dialog-foot">
                <button onclick={send.reform(|_| Msg::CloseDialog)}>{ texts.cancel }</button>
                <button class="primary" onclick={send.reform(|_| Msg::ConfirmUndo)}>
                    { texts.undo }
                </button>
            </div>
        </>
    }
}

fn help(texts: &'static Texts, send: &Callback<Msg>) -> Html {
    html! {
        <>
            <p class="dim">{ texts.help_intro }</p>
            <dl class="keys">
                { for texts.help_keys.iter().map(|(keys, what)| html! {
                    <>
                        <dt>{ for keys.split(' ').map(|key| html! { <><kbd>{ key }</kbd>{ " " }</> }) }</dt>
                        <dd>{ *what }</dd>
                    </>
                }) }
            </dl>
            <div class="dialog-foot">
                <button class="primary" onclick={send.reform(|_| Msg::CloseDialog)}>
                    { texts.close }
                </button>
            </div>
        </>
    }
}
