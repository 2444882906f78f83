//! A pod as a shape.

use rollscope_playground::model::pod_state::{Look, PodState};
use rollscope_playground::model::stage::PodItem;
use rollscope_playground::texts::Language;
use yew::prelude::*;

const SQUARE: &str = "M11 3h14a8 8 0 0 1 8 8v14a8 8 0 0 1-8 8H11a8 8 0 0 1-8-8V11a8 8 0 0 1 8-8z";
const OCTAGON: &str = "M12 3h12l9 9v12l-9 9H12l-9-9V12z";
const CIRCLE: &str = "M18 3a15 15 0 1 1 0 30a15 15 0 1 1 0-30z";
/// A circle of radius 7.5 from the top, for rings inside of the shape.
const RING: &str = "M18 10.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15z";
/// A circle of radius 16.5 from the top, for the grace ring around the shape.
const OUTER_RING: &str = "M18 1.5a16.5 16.5 0 1 1 0 33a16.5 16.5 0 1 1 0-33z";

fn glyph(state: PodState) -> &'static str {
    match state {
        PodState::Pending | PodState::Running | PodState::Ready => "",
        PodState::Pulling => "M18 13.4v8M14.8 18.4l3.2 3.2 3.2-3.2",
        PodState::Starting => "M12 16h.01M18 16h.01M24 16h.01",
        PodState::Available => "M11.4 18.6l4.6 4.7 8.7-10",
        PodState::Crashing => "M18 10.5v9M18 25h.01",
        PodState::Terminating | PodState::Failed => "M12.8 12.8l10.4 10.4M23.2 12.8L12.8 23.2",
        PodState::Succeeded => "M12.5 18.5l4 4 7.2-8.6",
    }
}

/// The shape of a state.
pub fn shape(look: Look) -> Html {
    let Look { state, progress } = look;
    let body = match state {
        PodState::Crashing => OCTAGON,
        PodState::Succeeded => CIRCLE,
        _ => SQUARE,
    };
    // Rings are measured in twenty-fourths; what is left is a gap.
    let part = i32::from(progress.unwrap_or(0));
    let dashes = format!("{part} 24");
    let left = format!("{} 24", 24 - part);
    html! {
        <svg class={classes!("shape", state.as_str())} viewBox="0 0 36 36" aria-hidden="true">
            <path class="body" d={body} />
            if !matches!(state, PodState::Crashing | PodState::Failed | PodState::Succeeded) {
                <path class="level" d={SQUARE} />
            }
            if state == PodState::Pulling {
                <path class="ring" d={RING} />
            }
            if state == PodState::Ready {
                <path class="track" d={RING} />
                <path class="ring" d={RING} pathLength="24" stroke-dasharray={dashes} />
            }
            if state == PodState::Terminating && progress.is_some() {
                <path class="ring" d={OUTER_RING} pathLength="24" stroke-dasharray={left} />
            }
            if !glyph(state).is_empty() {
                <path class="glyph" d={glyph(state)} />
            }
        </svg>
    }
}

/// One pod on the stage.
#[derive(Properties, PartialEq)]
pub struct PodProps {
    /// The pod.
    pub pod: PodItem,
    /// The language spoken.
    pub language: Language,
    /// It is the chosen one.
    pub chosen: bool,
    /// Shapes are drawn by style alone.
    pub dot: bool,
    /// Keyboards stop at it.
    pub stop: bool,
}

/// One pod on the stage: an item of the list of pods.
#[component]
pub fn Pod(props: &PodProps) -> Html {
    let PodProps { pod, language, chosen, dot, stop } = props;
    let state = pod.look.state;
    if pod.gone {
        return html! {
            <div class={classes!("pod", "leaving", pod.accent.class())} aria-hidden="true">
                { shape(pod.look) }
            </div>
        };
    }
    let class = match dot {
        true => classes!("dot", state.as_str(), pod.accent.class()),
        false => classes!("pod", "arriving", pod.accent.class()),
    };
    let name = pod.name().to_owned();
    let label = (language.texts().pod_label)(&name, state, pod.revision);
    html! {
        <div
            role="listitem"
            {class}
            aria-label={label}
            aria-current={chosen.then_some("true")}
            data-pod={name.clone()}
            data-state={state.as_str()}
            data-revision={pod.revision.map(|revision| revision.to_string())}
            data-glide={(!dot).then_some(name)}
            tabindex={stop.then_some("0")}
        >
            if !dot {
                { shape(pod.look) }
            }
        </div>
    }
}
