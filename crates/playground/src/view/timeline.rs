//! The time axis and what moves along it.

use rollscope_api::SimDuration;
use rollscope_playground::model::chart::{self, Chart, MarkKind, PlacedMark, Scale};
use rollscope_playground::model::clock::{SPEEDS, clock_text, speed_label, speed_of, speed_value};
use rollscope_playground::model::losses::PlacedLoss;
use rollscope_playground::model::runs::RunsMsg;
use rollscope_playground::model::shared::Shared;
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::{Language, Texts};
use rollscope_scenario::Jump;
use yew::prelude::*;

use super::{icons, runs};
use crate::browser::page;
use crate::browser::resize::Watch;

/// The panel at the bottom.
pub fn timeline(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    html! {
        <section class="panel timeline" aria-label={texts.timeline}>
            { transport(model, send) }
            { runs::row(model, send) }
            <div class="chart">
                <Measure {send} />
                <svg aria-hidden="true" width="100%" height="100%">
                    <Plot chart={model.shown.chart.clone()} language={model.language} />
                </svg>
                <Playhead x={model.shown.chart.scale.x(model.engine.elapsed()) as f32} />
                { scrub(model, send) }
            </div>
        </section>
    }
}

fn transport(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    let playing = model.clock.is_playing();
    let state = if model.engine.is_seeking() {
        texts.computing
    } else if model.engine.would_fork() {
        texts.session.here_forks
    } else if model.is_behind() {
        texts.in_past
    } else if playing && !model.engine.is_fresh() && model.engine.is_at_rest() {
        texts.at_rest
    } else {
        ""
    };
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            if let Some(speed) = speed_of(&page::value_of(&event)) {
                send.emit(Msg::SetSpeed(speed));
            }
        })
    };
    html! {
        <div class="transport">
            <button class="primary play" onclick={send.reform(|_| Msg::TogglePlay)}>
                if playing {
                    { icons::pause() }{ texts.hold }
                } else {
                    { icons::play() }{ texts.play }
                }
            </button>
            <button
                class="icon-button"
                aria-label={texts.step_back}
                title={texts.step_back}
                onclick={send.reform(|_| Msg::StepBack)}
            >
                { icons::step_back() }
            </button>
            <button title={texts.step_title} onclick={send.reform(|_| Msg::StepForward)}>
                { texts.step }{ " " }{ icons::step() }
            </button>
            <select class="select" aria-label={texts.speed} {onchange}>
                { for SPEEDS.into_iter().map(|speed| html! {
                    <option value={speed_value(speed)} selected={speed == model.clock.speed}>
                        { speed_label(speed) }
                    </option>
                }) }
            </select>
            { places(texts, send) }
            <span class="clock">{ clock_text(model.engine.elapsed()) }</span>
            <span class="state" title={model.engine.would_fork().then_some(texts.session.here_forks_title)}>
                { state }
            </span>
            if model.is_behind() {
                <button class="small" onclick={send.reform(|_| Msg::ToPresent)}>{ texts.to_now }</button>
            }
            <span class="grow"></span>
            { taking_back(model, send) }
            if let Some(run) = model.shown.runs.iter().find(|run| run.is_compared) {
                <span class="key"><i class="ghost"></i>{ &run.name }</span>
            }
            <span class="key"><i class="total"></i>{ texts.total }</span>
            <span class="key"><i class="floor"></i>{ texts.floor }</span>
            <span class="key"><i></i>{ texts.ceiling }</span>
        </div>
    }
}

/// The places one can go to, as a select that only triggers something.
fn places(texts: &'static Texts, send: &Callback<Msg>) -> Html {
    const JUMPS: [Jump; 6] = [
        Jump::PreviousEvent,
        Jump::NextEvent,
        Jump::PreviousInput,
        Jump::NextInput,
        Jump::RolloutComplete,
        Jump::LastOldPodGone,
    ];
    let names = texts.session.places;
    let last = names.len() - 1;
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            let chosen = page::value_of(&event).parse::<usize>().ok();
            page::reset_select(&event);
            let msg = match chosen {
                Some(0) => Msg::Seek(SimDuration::ZERO),
                Some(at) if at == last => Msg::ToPresent,
                Some(at) => match JUMPS.get(at - 1) {
                    Some(jump) => Msg::Runs(RunsMsg::Jump(*jump)),
                    None => return,
                },
                None => return,
            };
            send.emit(msg);
        })
    };
    html! {
        <select class="select places" aria-label={texts.session.go_to} {onchange}>
            <option value="" selected=true>{ texts.session.go_to }</option>
            { for names.iter().enumerate().map(|(at, name)| html! {
                <option value={at.to_string()}>{ *name }</option>
            }) }
        </select>
    }
}

/// Step back and Redo: never called undo, which is the rollout's.
fn taking_back(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts().session;
    let what = model.shown.take_back.as_deref();
    html! {
        <>
            <button
                class="take-back"
                aria-label={texts.take_back}
                title={what.map_or_else(|| texts.nothing_to_take_back.to_owned(), texts.take_back_title)}
                disabled={what.is_none()}
                onclick={send.reform(|_| Msg::Runs(RunsMsg::TakeBack))}
            >
                { icons::take_back() }<span>{ texts.take_back }</span>
            </button>
            <button
                class="take-back"
                aria-label={texts.redo}
                title={texts.redo_title}
                disabled={!model.engine.runs().can_redo()}
                onclick={send.reform(|_| Msg::Runs(RunsMsg::Redo))}
            >
                { icons::redo() }<span>{ texts.redo }</span>
            </button>
        </>
    }
}

/// The slider lies over the plot. Its value is in milliseconds since the start.
fn scrub(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    let end = (model.shown.chart.scale.end * 1e3) as i64;
    let now = model.engine.elapsed().as_millis();
    let oninput = {
        let send = send.clone();
        Callback::from(move |event: InputEvent| {
            if let Ok(millis) = page::value_of(&event).parse::<f64>() {
                send.emit(Msg::Drag(SimDuration::from_millis(millis as i64)));
            }
        })
    };
    html! {
        <input
            class="scrub"
            type="range"
            aria-label={texts.time}
            aria-valuetext={model.shown.summary.clone()}
            min="0"
            max={end.to_string()}
            step="100"
            value={now.to_string()}
            {oninput}
        />
    }
}

#[derive(Properties, PartialEq)]
struct PlayheadProps {
    /// How far from the left edge of the chart, in CSS pixels.
    x: f32,
}

/// The moment shown, over the plot, and a veil over what comes after. Both are moved by style alone:
/// nothing is laid out or painted again for it.
#[component]
fn Playhead(props: &PlayheadProps) -> Html {
    let (veil, head) = (use_node_ref(), use_node_ref());
    {
        let moved = [veil.clone(), head.clone()];
        use_effect_with(props.x, move |x| {
            for node in moved {
                page::shift(&node, *x);
            }
        });
    }
    html! {
        <>
            <div class="veil" aria-hidden="true"><i ref={veil}></i></div>
            <div class="playhead" aria-hidden="true" ref={head}>
                <svg width="12" height="12">
                    <path d="M.5 2a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v3.5L6 11 .5 5.5z" />
                </svg>
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PlotProps {
    chart: Shared<Chart>,
    language: Language,
}

/// Everything but the playhead.
#[component]
fn Plot(props: &PlotProps) -> Html {
    let plot = &*props.chart;
    let texts = props.language.texts();
    let Scale { width, .. } = plot.scale;
    let bottom = plot.scale.bottom();
    let right = width - chart::RIGHT;
    let left = chart::LEFT;
    html! {
        <g>
            { for plot.y_ticks.iter().map(|(y, value)| html! {
                <g key={*value}>
                    <path class="grid" d={format!("M{left} {y:.1}H{right:.1}")} />
                    <text x={format!("{:.0}", left - 8.0)} y={format!("{:.1}", y + 4.0)} text-anchor="end">
                        { value }
                    </text>
                </g>
            }) }
            { for plot.x_ticks.iter().map(|(x, label)| html! {
                <g key={label.clone()}>
                    <path class="grid" d={format!("M{x:.1} {bottom:.1}v4")} />
                    <text x={format!("{x:.1}")} y={format!("{:.1}", bottom + 15.0)} text-anchor="middle">
                        { label }
                    </text>
                </g>
            }) }
            { for plot.areas.iter().map(|(accent, path)| html! {
                <path class={classes!("area", accent.class())} d={path.clone()} />
            }) }
            <path class="ghost" d={plot.ghost.1.clone()} />
            <path class="ghost available" d={plot.ghost.0.clone()} />
            <path class="total" d={plot.total.clone()} />
            <path class="ceiling" d={plot.ceiling.clone()} />
            <path class="floor" d={plot.floor.clone()} />
            if let Some((floor, ceiling)) = plot.limits_y {
                { limit("floor-label", right, floor, texts.floor) }
                if (floor - ceiling).abs() > 11.0 {
                    { limit("", right, ceiling, texts.ceiling) }
                }
            }
            { for plot.losses.iter().map(|loss| loss_view(loss, bottom, texts)) }
            if let Some(x) = plot.difference {
                <g class="first-difference">
                    <path d={format!("M{x:.1} 25V{bottom:.1}")} />
                    <path class="diamond" d={format!("M{x:.1} {:.1}l4.5 4.5-4.5 4.5-4.5-4.5z", bottom - 4.5)}>
                        <title>{ texts.session.first_difference }</title>
                    </path>
                </g>
            }
            { for plot.marks.iter().enumerate().map(|(at, mark)| mark_view(at, mark, bottom, texts)) }
        </g>
    }
}

fn limit(class: &'static str, right: f64, y: f64, label: &'static str) -> Html {
    html! {
        <text class={classes!("edge", class)} x={format!("{:.1}", right + 6.0)} y={format!("{:.1}", y + 3.5)}>
            { label }
        </text>
    }
}

/// Lost requests stand on the axis, as high as their part, with the count of each burst above.
fn loss_view(placed: &PlacedLoss, bottom: f64, texts: &'static Texts) -> Html {
    let PlacedLoss { x, width, height, loss } = placed;
    let top = bottom - height;
    html! {
        <g key={format!("loss {}", loss.from.as_micros())}>
            <rect
                class="loss"
                x={format!("{x:.1}")}
                y={format!("{top:.1}")}
                width={format!("{width:.1}")}
                height={format!("{height:.1}")}
            >
                <title>{ (texts.traffic.lost_title)(loss.lost, loss.sent) }</title>
            </rect>
            if loss.burst > 0 {
                <text class="loss-count" x={format!("{x:.1}")} y={format!("{:.1}", top - 3.0)}>
                    { (texts.traffic.lost_mark)(loss.burst) }
                </text>
            }
        </g>
    }
}

fn mark_view(at: usize, mark: &PlacedMark, bottom: f64, _texts: &'static Texts) -> Html {
    let (class, radius) = match mark.kind {
        MarkKind::Input => ("", 3.4),
        MarkKind::Done => ("done", 3.4),
        MarkKind::Warning => ("warning", 3.4),
        MarkKind::Minor => ("minor", 1.6),
    };
    let x = format!("{:.1}", mark.x);
    let (label_x, anchor) = match mark.before {
        true => (mark.x - 7.0, "end"),
        false => (mark.x + 7.0, "start"),
    };
    html! {
        <g class={classes!("mark", class)} key={at}>
            if mark.kind != MarkKind::Minor {
                <line x1={x.clone()} x2={x.clone()} y1="20" y2={format!("{bottom:.0}")} />
            }
            <circle cx={x} cy={if mark.kind == MarkKind::Minor { "27" } else { "19" }} r={radius.to_string()}>
                <title>{ &mark.title }</title>
            </circle>
            if let Some(label) = &mark.label {
                <text x={format!("{label_x:.1}")} y="22.5" text-anchor={anchor}>{ label }</text>
            }
        </g>
    }
}

#[derive(Properties, PartialEq)]
struct MeasureProps {
    send: Callback<Msg>,
}

/// Reports the size of the chart.
#[component]
fn Measure(props: &MeasureProps) -> Html {
    let node = use_node_ref();
    {
        let (node, send) = (node.clone(), props.send.clone());
        use_effect_with((), move |()| {
            let report = send.reform(|(width, height)| Msg::ChartResized(width, height));
            let watch = node
                .cast::<web_sys::Element>()
                .and_then(|element| element.parent_element())
                .and_then(|chart| Watch::new(&chart, report));
            move || drop(watch)
        });
    }
    html! { <span ref={node} hidden=true></span> }
}
