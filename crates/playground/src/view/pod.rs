//! A pod as a shape: one element, drawn by its style alone, so that hundreds are cheap.

use rollscope_playground::model::pod_state::Look;
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
            <div
                class={classes!("pod", "shape", "leaving", state.as_str(), pod.accent.class())}
                aria-hidden="true"
            />
        };
    }
    let class = match dot {
        true => classes!("dot", state.as_str(), pod.accent.class()),
        false => classes!("pod", "shape", "arriving", state.as_str(), pod.accent.class()),
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
            data-part={part(pod.look).filter(|_| !dot)}
            data-glide={(!dot).then_some(name)}
            tabindex={stop.then_some("0")}
        />
    }
}
