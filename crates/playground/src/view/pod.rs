//! A pod as a shape: one element, drawn by its style alone, so that hundreds are cheap.

use rollscope_playground::model::pod_state::{Look, PodState};
use rollscope_playground::model::rollout::Accent;
use rollscope_playground::model::stage::PodItem;
use rollscope_playground::texts::Language;
use yew::prelude::*;

/// The shape of a state, where it is no pod of the stage.
pub fn shape(look: Look) -> Html {
    html! {
        <i
            class={classes!("shape", look.state.as_str())}
            data-part={part(look)}
            aria-hidden="true"
        />
    }
}

/// How full the ring is, in twenty-fourths, for the style to read.
fn part(look: Look) -> Option<String> {
    look.progress.map(|part| part.to_string())
}

/// One pod on the stage: an item of the list of pods. No component of its own: that would cost more
/// than comparing what it shows.
pub fn pod(pod: &PodItem, language: Language, chosen: bool, stop: bool) -> Html {
    let state = pod.look.state;
    if pod.gone {
        return html! {
            <div
                key={pod.id.number()}
                class={classes!("pod", "shape", "leaving", state.as_str(), pod.accent.class())}
                aria-hidden="true"
            />
        };
    }
    html! {
        <div
            key={pod.id.number()}
            role="listitem"
            class={pod_class(state, pod.accent)}
            aria-label={label(pod, language)}
            aria-current={chosen.then_some("true")}
            data-pod={pod.name().to_owned()}
            data-state={state.as_str()}
            data-revision={pod.revision.map(|revision| revision.to_string())}
            data-part={part(pod.look)}
            data-glide={pod.name().to_owned()}
            tabindex={stop.then_some("0")}
        />
    }
}

/// The same where there are hundreds: nothing moves.
pub fn dot(pod: &PodItem, language: Language, chosen: bool, stop: bool) -> Html {
    let state = pod.look.state;
    html! {
        <div
            key={pod.id.number()}
            role="listitem"
            class={dot_class(state, pod.accent)}
            aria-label={label(pod, language)}
            aria-current={chosen.then_some("true")}
            data-pod={pod.name().to_owned()}
            data-state={state.as_str()}
            data-revision={pod.revision.map(|revision| revision.to_string())}
            tabindex={stop.then_some("0")}
        />
    }
}

/// The classes of one pod.
pub fn pod_class(state: PodState, accent: Accent) -> String {
    format!("pod shape arriving {} {}", state.as_str(), accent.class())
}

/// The classes of one of hundreds.
pub fn dot_class(state: PodState, accent: Accent) -> String {
    format!("dot {} {}", state.as_str(), accent.class())
}

fn label(pod: &PodItem, language: Language) -> String {
    (language.texts().pod_label)(pod.name(), pod.look.state, pod.revision)
}
