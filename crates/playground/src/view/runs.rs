//! Runs: a row above the time axis, and the tab with all of them and the comparison.

use rollscope_playground::model::clock::clock_text;
use rollscope_playground::model::compare::{Compared, Numbers};
use rollscope_playground::model::drawer::Tab;
use rollscope_playground::model::runs::{RunRow, RunsMsg};
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::{SessionTexts, Texts};
use rollscope_scenario::RunId;
use yew::prelude::*;

use crate::browser::page;

/// The row above the axis, as soon as there is more than one run.
pub fn row(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts().session;
    let runs = &*model.shown.runs;
    if runs.len() < 2 {
        return Html::default();
    }
    let chip = |run: &RunRow| {
        let id = run.id;
        html! {
            <button
                class="chip"
                key={id.0}
                aria-pressed={run.is_current.to_string()}
                aria-label={(texts.switch_to)(&run.name)}
                title={origin(run, texts)}
                data-compared={run.is_compared.then_some("")}
                onclick={send.reform(move |_| Msg::Runs(RunsMsg::Switch(id)))}
            >
                <span class="clip">{ &run.name }</span>
            </button>
        }
    };
    let difference = match &*model.shown.comparison {
        Some(compared) => html! {
            <button
                class="difference"
                disabled={compared.at.is_none()}
                title={texts.go_there}
                onclick={send.reform(|_| Msg::Runs(RunsMsg::ToDifference))}
            >
                <span class="clip">{ &compared.sentence }</span>
            </button>
        },
        None if runs.iter().any(|run| run.is_compared) => html! {
            <span class="faint tiny">{ texts.comparing }</span>
        },
        None => Html::default(),
    };
    html! {
        <div class="runs-row">
            <span class="label">{ texts.runs }</span>
            <div class="chips" role="group" aria-label={texts.runs}>{ for runs.iter().map(chip) }</div>
            { difference }
            <span class="grow"></span>
            <button
                class="small"
                aria-pressed={(model.tab == Tab::Runs).to_string()}
                onclick={send.reform(|_| Msg::ShowTab(Tab::Runs))}
            >
                { texts.compare }
            </button>
        </div>
    }
}

/// Where a run comes from.
fn origin(run: &RunRow, texts: &SessionTexts) -> String {
    match &run.parted {
        Some((from, at)) => (texts.parted)(from, &clock_text(*at)),
        None => texts.from_start.to_owned(),
    }
}

/// The tab.
pub fn panel(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts().session;
    let runs = &*model.shown.runs;
    html! {
        <div class="runs">
            if runs.len() < 2 {
                <p class="tab-empty">{ texts.runs_empty }</p>
            }
            if let Some(compared) = &*model.shown.comparison {
                { comparison(compared, model.texts()) }
            }
            <ul class="run-list" aria-label={texts.runs}>
                { for runs.iter().map(|run| item(run, runs.len(), texts, send)) }
            </ul>
        </div>
    }
}

fn item(run: &RunRow, count: usize, texts: &'static SessionTexts, send: &Callback<Msg>) -> Html {
    let id = run.id;
    let on = |msg: RunsMsg| {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send.emit(Msg::Runs(msg.clone())))
    };
    let with = if run.is_compared { None } else { Some(id) };
    html! {
        <li key={id.0} data-current={run.is_current.then_some("")}>
            if run.is_being_named {
                <Name {id} name={run.name.clone()} label={texts.name_of_run} {send} />
            } else {
                <button
                    class="quiet name"
                    aria-pressed={run.is_current.to_string()}
                    aria-label={(texts.switch_to)(&run.name)}
                    onclick={on(RunsMsg::Switch(id))}
                >
                    <span class="clip">{ &run.name }</span>
                </button>
            }
            <span class="faint tiny clip">
                { origin(run, texts) }{ " · " }{ (texts.inputs)(run.actions) }
                if run.is_current {
                    { " · " }{ texts.current }
                }
            </span>
            <span class="grow"></span>
            if !run.is_current {
                <button
                    class="small"
                    aria-pressed={run.is_compared.to_string()}
                    aria-label={(texts.compare_with)(&run.name)}
                    onclick={on(RunsMsg::Compare(with))}
                >
                    { texts.compare }
                </button>
            }
            <button
                class="small"
                aria-label={(texts.rename)(&run.name)}
                onclick={on(RunsMsg::AskName(Some(id)))}
            >
                { texts.rename_word }
            </button>
            if count > 1 {
                <button
                    class="small"
                    aria-label={(texts.delete)(&run.name)}
                    onclick={on(RunsMsg::Delete(id))}
                >
                    { texts.delete_word }
                </button>
            }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct NameProps {
    id: RunId,
    name: String,
    label: &'static str,
    send: Callback<Msg>,
}

/// A run's name being written: Enter and leaving the field keep it, Escape does not.
#[component]
fn Name(props: &NameProps) -> Html {
    let NameProps { id, name, label, send } = props;
    let id = *id;
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(field) = node.cast::<web_sys::HtmlInputElement>() {
                // A field that cannot have the focus can still be clicked.
                let _ = field.focus();
                field.select();
            }
        });
    }
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if !event.is_composing() => {
                send.emit(Msg::Runs(RunsMsg::Name(id, page::value_of(&event))));
            }
            "Escape" => send.emit(Msg::Runs(RunsMsg::AskName(None))),
            _ => {}
        })
    };
    let onblur =
        send.reform(move |event: FocusEvent| Msg::Runs(RunsMsg::Name(id, page::value_of(&event))));
    html! {
        <input
            ref={node}
            class="name"
            aria-label={*label}
            maxlength="80"
            value={name.clone()}
            {onkeydown}
            {onblur}
        />
    }
}

fn comparison(compared: &Compared, texts: &'static Texts) -> Html {
    let session = texts.session;
    let columns = [
        session.column_duration,
        session.column_last_gone,
        session.column_available_min,
        session.column_pods_peak,
        session.column_below_floor,
        session.column_lost,
    ];
    html! {
        <>
            if !compared.rollouts.is_empty() {
                <table class="table numbers" aria-label={session.compare}>
                    <thead>
                        <tr>
                            <td></td>
                            <th>{ session.column_run }</th>
                            { for columns.iter().map(|name| html! { <th class="num">{ *name }</th> }) }
                        </tr>
                    </thead>
                    <tbody>
                        { for compared.rollouts.iter().flat_map(|rollout| [0, 1].map(|side| {
                            let [this, that] = [&rollout.sides[side], &rollout.sides[1 - side]];
                            html! {
                                <tr>
                                    if side == 0 {
                                        <th rowspan="2" scope="rowgroup">{ &rollout.title }</th>
                                    }
                                    <td>{ &compared.names[side] }</td>
                                    { numbers(this.as_ref(), that.as_ref(), session) }
                                </tr>
                            }
                        })) }
                    </tbody>
                </table>
            }
            if !compared.differences.is_empty() {
                <table class="table" aria-label={session.first_difference}>
                    <thead>
                        <tr>
                            <th>{ texts.column_when }</th>
                            <th>{ session.column_what }</th>
                            <th>{ &compared.names[0] }</th>
                            <th>{ &compared.names[1] }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { for compared.differences.iter().map(|row| html! {
                            <tr>
                                <td class="num">{ clock_text(row.at) }</td>
                                <td>{ row.kind }{ " " }{ &row.object }</td>
                                <td>{ &row.sides[0] }</td>
                                <td>{ &row.sides[1] }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            }
        </>
    }
}

/// Numbers in which the runs differ stand out.
fn numbers(this: Option<&Numbers>, that: Option<&Numbers>, texts: &SessionTexts) -> Html {
    let Some(this) = this else {
        return html! { <td colspan="6" class="faint">{ texts.no_rollout }</td> };
    };
    let cell = |(at, number): (usize, &String)| {
        let differs = that.is_some_and(|that| that[at] != *number);
        html! { <td class={classes!("num", differs.then_some("differs"))}>{ number }</td> }
    };
    html! { <>{ for this.iter().enumerate().map(cell) }</> }
}
