//! The strategy explorer and the seed sweep, inside of their dialogs.

use rollscope_playground::model::forecast::{between, span};
use rollscope_playground::model::trials::{
    Exploration, SweepState, TrialMsg, TrialProblem, cell_tone,
};
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::Texts;
use rollscope_playground::texts::trials::TrialTexts;
use rollscope_scenario::explore::Cell;
use rollscope_scenario::forecast::Spread;
use rollscope_scenario::sweep::Summary;
use yew::prelude::*;

use crate::browser::page;

/// The grid of strategies.
pub fn explorer(model: &Model, send: &Callback<Msg>) -> Html {
    let all_texts = model.texts();
    let texts = all_texts.trials;
    let explorer = &model.trials.explorer;
    let (done, all) = (explorer.done(), explorer.cells.len());
    html! {
        <div class="trials">
            <p class="dim">{ texts.explorer_intro }</p>
            if explorer.restarts {
                <p class="dim">{ texts.explorer_restarts }</p>
            }
            <form class="trial-form" onsubmit={submit(send, TrialMsg::Explore)}>
                { field(texts.more_surges, &explorer.surges, texts.values_hint, send, TrialMsg::Surges) }
                { field(
                    texts.more_unavailables,
                    &explorer.unavailables,
                    texts.values_hint,
                    send,
                    TrialMsg::Unavailables,
                ) }
                <button type="submit">{ texts.try_again }</button>
            </form>
            { problem(explorer.problem.as_ref(), texts) }
            { progress(explorer.is_running, done, all, (texts.progress)(done, all), texts.cancel, send) }
            { grid(explorer, all_texts, send) }
            { foot(all_texts, send) }
        </div>
    }
}

fn submit(send: &Callback<Msg>, msg: TrialMsg) -> Callback<SubmitEvent> {
    send.reform(move |event: SubmitEvent| {
        event.prevent_default();
        Msg::Trial(msg.clone())
    })
}

fn field(
    label: &'static str,
    value: &str,
    hint: &'static str,
    send: &Callback<Msg>,
    msg: fn(String) -> TrialMsg,
) -> Html {
    html! {
        <label>
            <span>{ label }</span>
            <input
                class="field"
                value={value.to_owned()}
                placeholder={hint}
                oninput={send.reform(move |event: InputEvent| Msg::Trial(msg(page::value_of(&event))))}
            />
        </label>
    }
}

fn problem(problem: Option<&TrialProblem>, texts: &TrialTexts) -> Html {
    match problem {
        Some(problem) => html! {
            <p class="trial-problem" role="alert">{ (texts.problem)(problem) }</p>
        },
        None => Html::default(),
    }
}

fn progress(
    is_running: bool,
    done: usize,
    all: usize,
    text: String,
    cancel: &'static str,
    send: &Callback<Msg>,
) -> Html {
    if all == 0 {
        return Html::default();
    }
    html! {
        <div class="trial-progress">
            <progress aria-label={text.clone()} max={all.to_string()} value={done.to_string()} />
            <span class="dim" role="status">{ text }</span>
            if is_running {
                <button type="button" onclick={send.reform(|_| Msg::Trial(TrialMsg::Cancel))}>
                    { cancel }
                </button>
            }
        </div>
    }
}

fn grid(explorer: &Exploration, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let words = texts.trials;
    if explorer.cells.is_empty() {
        return Html::default();
    }
    html! {
        <div class="grid-scroll">
            <table class="strategies" aria-label={words.explorer}>
                <thead>
                    <tr>
                        <th scope="col" class="corner">
                            { words.surge }{ " ↓ · " }{ words.unavailable }{ " →" }
                        </th>
                        { for explorer.grid.unavailables.iter().map(|one| html! {
                            <th scope="col">{ one }</th>
                        }) }
                    </tr>
                </thead>
                <tbody>
                    { for explorer.grid.surges.iter().map(|surge| html! {
                        <tr>
                            <th scope="row">{ surge }</th>
                            { for explorer.grid.unavailables.iter().map(|unavailable| {
                                let found = explorer.cell(surge, unavailable);
                                found.map(|found| cell(explorer, found, texts, send)).unwrap_or_default()
                            }) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn cell(explorer: &Exploration, cell: &Cell, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let words = texts.trials;
    let is_now = (&cell.surge, &cell.unavailable) == (&explorer.now.0, &explorer.now.1);
    let tone = cell_tone(cell);
    let Some(forecast) = &cell.forecast else {
        return html! { <td data-tone={tone}><span class="dim">{ "…" }</span></td> };
    };
    let Some(outcome) = &forecast.outcome else {
        let why = forecast.complaint.trim().to_owned();
        return html! {
            <td data-tone={tone} title={why.clone()}>
                <strong>{ words.refused }</strong>
                <span class="why-not">{ why.rsplit(": ").next().unwrap_or_default().to_owned() }</span>
            </td>
        };
    };
    let duration = match outcome.duration_ms {
        Some(spread) => span(spread, texts),
        None => words.never.to_owned(),
    };
    let try_it = TrialMsg::Try(cell.surge.clone(), cell.unavailable.clone());
    let peak = between(outcome.peak_pods);
    let lowest = between(outcome.lowest_available);
    let is_lossy = outcome.lost_requests.is_some_and(|lost| lost.max > 0);
    let lost = outcome.lost_requests.map(|lost| (words.cell_lost)(&between(lost)));
    let numbers = (words.cell_numbers)(&peak, &lowest);
    let result = [Some(duration.clone()), Some(numbers.clone()), lost.clone()];
    let result = result.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let said = (words.cell)(&cell.surge, &cell.unavailable, &result);
    html! {
        <td data-tone={tone} data-now={is_now.then_some("")}>
            <button
                type="button"
                aria-label={(words.cell_label)(&cell.surge, &cell.unavailable)}
                aria-description={said.clone()}
                title={said}
                onclick={send.reform(move |_| Msg::Trial(try_it.clone()))}
            >
                <strong>{ duration }</strong>
                <span>{ numbers }</span>
                if let Some(lost) = lost {
                    <span class={is_lossy.then_some("lossy")}>{ lost }</span>
                }
                if is_now {
                    <span class="now">{ words.now }</span>
                }
            </button>
        </td>
    }
}

/// The sweep.
pub fn sweep(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    let words = texts.trials;
    let sweep = &model.trials.sweep;
    if model.engine.is_fresh() {
        return html! {
            <div class="trials">
                <p>{ words.nothing_yet }</p>
                { foot(texts, send) }
            </div>
        };
    }
    let tried = sweep.summary.as_ref().map_or(0, |summary| summary.tried);
    let all = if sweep.is_running || sweep.summary.is_some() { sweep.wanted } else { 0 };
    let told = (words.tried)(tried, sweep.wanted);
    html! {
        <div class="trials">
            <p class="dim">{ words.sweep_intro }</p>
            <form class="trial-form" onsubmit={submit(send, TrialMsg::Sweep)}>
                { field(words.seeds, &sweep.seeds, "200", send, TrialMsg::Seeds) }
                <button type="submit" class="primary">{ words.start }</button>
            </form>
            { problem(sweep.problem.as_ref(), words) }
            { progress(sweep.is_running, tried as usize, all as usize, told, words.cancel, send) }
            if let Some(summary) = &sweep.summary {
                { results(sweep, summary, texts, send) }
            }
            { foot(texts, send) }
        </div>
    }
}

fn results(
    sweep: &SweepState,
    summary: &Summary,
    texts: &'static Texts,
    send: &Callback<Msg>,
) -> Html {
    let words = texts.trials;
    let tried = summary.tried;
    let row = |name: &'static str, count: u32, note: String| {
        html! {
            <>
                <dt>{ name }</dt>
                <dd class={(count > 0).then_some("bad")}>
                    { (words.of_seeds)(count, tried) }
                    if !note.is_empty() {
                        <span class="dim">{ note }</span>
                    }
                </dd>
            </>
        }
    };
    let lost_note = match summary.lost_requests {
        0 => String::new(),
        lost => (words.lost_in_all)(lost),
    };
    let longest = summary
        .shortest_ms
        .map(|shortest| span(Spread { min: shortest, max: summary.longest_ms, own: None }, texts));
    let worst = summary.worst.filter(|_| !sweep.is_running);
    html! {
        <>
            <dl class="sweep-results">
                { row(words.broke_floor, summary.broke_floor, String::new()) }
                if summary.has_clients {
                    { row(words.lost, summary.lost, lost_note) }
                } else {
                    <dt>{ words.lost }</dt>
                    <dd class="dim">{ words.no_clients }</dd>
                }
                { row(words.incomplete, summary.incomplete, String::new()) }
                if !summary.lowest_available.is_empty() {
                    <dt>{ words.lowest_title }</dt>
                    <dd>
                    <ul class="levels">
                        { for summary.lowest_available.iter().map(|(lowest, count)| html! {
                            <li>
                                <span>{ (words.lowest)(*lowest) }</span>
                                <meter min="0" max={tried.to_string()} value={count.to_string()} />
                                <span class="dim">{ (words.of_seeds)(*count, tried) }</span>
                            </li>
                        }) }
                    </ul>
                    </dd>
                }
                <dt>{ words.longest }</dt>
                <dd>{ longest.unwrap_or_default() }</dd>
            </dl>
            if sweep.bound_inputs > 0 {
                <p class="dim">{ (words.bound)(sweep.bound_inputs) }</p>
            }
            if let Some(worst) = worst {
                <p class="worst">
                    if summary.is_clean() {
                        { words.clean }{ " " }{ words.no_promise }
                    } else {
                        { (words.worst)(worst.seed) }
                    }
                    <button
                        type="button"
                        onclick={send.reform(move |_| Msg::Trial(TrialMsg::OpenWorst(worst.seed)))}
                    >
                        { (words.open_worst)(worst.seed) }
                    </button>
                </p>
            }
        </>
    }
}

fn foot(texts: &'static Texts, send: &Callback<Msg>) -> Html {
    html! {
        <div class="dialog-foot">
            <button type="button" onclick={send.reform(|_| Msg::CloseDialog)}>{ texts.close }</button>
        </div>
    }
}
