//! The manifest: tabs, editor, problems, and Apply.

use rollscope_api::diagnose::Diagnostic;
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::Texts;
use yew::prelude::*;

use super::editor::Editor;
use super::forecast::Forecast;
use crate::browser::page;

/// The panel on the left.
pub fn manifest(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    let manifest = &model.manifest;
    let file = manifest.file();
    html! {
        <section class="panel manifest" aria-labelledby="manifest-title">
            <div class="panel-head">
                <h2 id="manifest-title">{ texts.manifest }</h2>
                <span class="grow"></span>
                { examples(texts, send) }
                <button
                    class="primary apply"
                    aria-label={texts.apply}
                    title={texts.apply_title}
                    onclick={send.reform(|_| Msg::Apply)}
                >
                    { texts.apply }
                </button>
            </div>
            <div class="panel-head files">{ tabs(model, send) }</div>
            <Editor
                language={model.language}
                {send}
                name={file.name.clone()}
                text={file.text.clone()}
                problems={manifest.problems.clone()}
                tint={manifest.tint.clone()}
                place={model.place}
            />
            { problems(&manifest.problems, texts, send) }
            <Forecast
                language={model.language}
                forecast={model.shown.forecast.clone()}
                {send}
            />
        </section>
    }
}

fn examples(texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            if let Ok(number) = page::value_of(&event).parse() {
                send.emit(Msg::LoadExample(number));
            }
            page::reset_select(&event);
        })
    };
    html! {
        <select class="select examples" aria-label={texts.examples} {onchange}>
            <option value="" selected=true>{ texts.examples }</option>
            { for texts.example_names.iter().enumerate().map(|(number, name)| html! {
                <option value={number.to_string()}>{ *name }</option>
            }) }
        </select>
    }
}

fn tabs(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    let files = &model.manifest.files;
    let tab = |(at, file): (usize, &rollscope_playground::model::manifest::File)| {
        let active = at == model.manifest.active;
        let unsaved = file.applied.as_ref() != Some(&file.text);
        html! {
            <span class="file" key={file.name.clone()} data-active={active.then_some("")}>
                <button
                    aria-current={active.then_some("true")}
                    onclick={send.reform(move |_| Msg::OpenFile(at))}
                >
                    { &file.name }
                </button>
                if unsaved {
                    <span class="unsaved" title={texts.unapplied}>{ "●" }</span>
                }
                if files.len() > 1 {
                    <button
                        class="close"
                        aria-label={(texts.close_file)(&file.name)}
                        onclick={send.reform(move |_| Msg::CloseFile(at))}
                    >
                        { "×" }
                    </button>
                }
            </span>
        }
    };
    html! {
        <>
            <div class="tabs-row">{ for files.iter().enumerate().map(tab) }</div>
            <button
                class="quiet small"
                aria-label={texts.new_file}
                title={texts.new_file}
                onclick={send.reform(|_| Msg::NewFile)}
            >
                { "+" }
            </button>
        </>
    }
}

fn problems(problems: &[Diagnostic], texts: &'static Texts, send: &Callback<Msg>) -> Html {
    if problems.is_empty() {
        return Html::default();
    }
    let only_warnings = problems.iter().all(|problem| problem.warning);
    let row = |problem: &Diagnostic| {
        let (line, column) = (problem.span.line, problem.span.column);
        html! {
            <li>
                <button class="problem" onclick={send.reform(move |_| Msg::GoTo(line, column))}>
                    <span class="where">{ (texts.problem_at)(line, column) }</span>
                    <span class="what">{ &problem.message }</span>
                    if !problem.hint.is_empty() {
                        <span class="hint">{ &problem.hint }</span>
                    }
                </button>
            </li>
        }
    };
    html! {
        <ul class="problems" data-warnings={only_warnings.then_some("")}>
            { for problems.iter().take(20).map(row) }
        </ul>
    }
}
