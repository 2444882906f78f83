//! The stage: owners, lanes, pods.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_playground::model::Msg;
use rollscope_playground::model::nodes::{self, Filled, NodeFacts};
use rollscope_playground::model::pod_state::{Look, PodState};
use rollscope_playground::model::rollout::Going;
use rollscope_playground::model::shared::Shared;
use rollscope_playground::model::stage::{
    Facts, Grouping, Heading, Lane, LaneKind, Owner, PodItem, PodSize, Stage,
};
use rollscope_playground::model::traffic::ServiceRow;
use rollscope_playground::model::world::WorldMsg;
use rollscope_playground::texts::{Language, Texts};
use yew::prelude::*;

use super::pod::{dot, pod, shape};
use super::pointing;
use super::traffic::{Dots, Services};

/// What the stage shows.
#[derive(Properties, PartialEq)]
pub struct StageProps {
    /// The language spoken.
    pub language: Language,
    /// Where presses go.
    pub send: Callback<Msg>,
    /// The pods.
    pub stage: Shared<Stage>,
    /// By what they are put into rows.
    pub grouping: Grouping,
    /// The chosen pod.
    pub chosen: Option<String>,
    /// The Services with their requests.
    pub services: Shared<Vec<ServiceRow>>,
}

/// Above so many pods keyboards stop only at the first of each lane.
const STOPS_MAX: usize = 120;

/// The panel in the middle.
#[component]
pub fn StagePanel(props: &StageProps) -> Html {
    let StageProps { language, send, stage, grouping, .. } = props;
    let texts = language.texts();
    let segment = |to: Grouping, label: &'static str| {
        html! {
            <button
                aria-pressed={(to == *grouping).to_string()}
                onclick={send.reform(move |_| Msg::Group(to))}
            >
                { label }
            </button>
        }
    };
    html! {
        <section class="panel stage" aria-labelledby="stage-title">
            <div class="panel-head">
                <h2 id="stage-title">{ texts.stage }</h2>
                <span class="grow"></span>
                <button class="small" onclick={send.reform(|_| Msg::World(WorldMsg::Open))}>
                    { texts.world.title }
                </button>
                <details class="legend-pop">
                    <summary>{ texts.legend }</summary>
                    { legend(texts) }
                </details>
                <span class="segments">
                    { segment(Grouping::ReplicaSet, texts.by_replica_set) }
                    { segment(Grouping::Node, texts.by_node) }
                </span>
            </div>
            <div class="stage-view">
                <div
                    class={classes!("stage-body", stage.size.class())}
                    onclick={pointing::clicked(send)}
                    onkeydown={pointing::keyed(send)}
                    oncontextmenu={pointing::asked(send)}
                    onmouseover={pointing::over(send)}
                    onfocusin={pointing::focused(send)}
                    onmouseleave={pointing::left(send)}
                    onscroll={pointing::scrolled(send)}
                >
                    if stage.owners.is_empty() {
                        { empty(texts) }
                    }
                    <div class="owners" role="list" aria-label={texts.pods}>
                        { for stage.owners.iter().map(|owner| owner_view(owner, props, texts)) }
                    </div>
                    <Services services={props.services.clone()} language={*language} {send} />
                </div>
                if !props.services.is_empty() {
                    <Dots />
                }
            </div>
            { legend(texts) }
        </section>
    }
}

fn empty(texts: &'static Texts) -> Html {
    html! {
        <div class="stage-empty">
            <strong>{ texts.stage_empty }</strong>
            <span>{ texts.stage_empty_more }</span>
        </div>
    }
}

fn owner_view(owner: &Owner, props: &StageProps, texts: &'static Texts) -> Html {
    let heading = match &owner.heading {
        Heading::Deployment { name, facts, going } => html! {
            <>
                <span class="owner-name">{ name }</span>
                { going_view(*going, texts) }
                { facts_view(facts, texts) }
            </>
        },
        Heading::Loose => html! { <span class="owner-facts">{ texts.loose_pods }</span> },
        Heading::Nodes => html! { <span class="owner-name">{ texts.nodes }</span> },
    };
    html! {
        <div class="owner" role="none" key={owner.key.clone()}>
            <div class="owner-head" role="none">{ heading }</div>
            { for owner.lanes.iter().map(|lane| html! {
                <LaneView
                    key={lane.name.clone()}
                    lane={lane.clone()}
                    size={props.stage.size}
                    stops={props.stage.count <= STOPS_MAX}
                    chosen={props.chosen.clone().filter(|name| {
                        lane.pods.iter().any(|pod| pod.name() == name)
                    })}
                    language={props.language}
                />
            }) }
        </div>
    }
}

fn facts_view(facts: &Facts, texts: &'static Texts) -> Html {
    let limits = match facts.limits.recreate {
        true => texts.recreate.to_owned(),
        false => (texts.surge)(facts.limits.max_surge, facts.limits.max_unavailable),
    };
    html! {
        <span class="owner-facts">
            { fact(facts.wanted, texts.wanted, "", texts) }{ " · " }
            { fact(facts.available, texts.available, if facts.is_below_floor { "below" } else { "" }, texts) }
            { " · " }{ fact(facts.up, texts.up, "", texts) }
            if facts.terminating > 0 {
                { " · " }{ fact(facts.terminating, texts.terminating, "", texts) }
            }
            { " · " }{ limits }
        </span>
    }
}

/// A number and what it counts, in the order of the language.
fn fact(number: i32, word: &'static str, class: &'static str, texts: &'static Texts) -> Html {
    let number = html! { <b {class}>{ number }</b> };
    match texts.word_before_number {
        true => html! { <>{ word }{ " " }{ number }</> },
        false => html! { <>{ number }{ " " }{ word }</> },
    }
}

fn going_view(going: Going, texts: &'static Texts) -> Html {
    let (class, label) = match going {
        Going::Progressing => ("progress", texts.going_progressing),
        Going::Complete => ("done", texts.going_complete),
        Going::Stuck => ("stuck", texts.going_stuck),
        Going::Paused => ("paused", texts.going_paused),
    };
    html! { <span class={classes!("flag", class)}>{ label }</span> }
}

/// What a lane shows.
#[derive(Properties, PartialEq)]
pub struct LaneProps {
    lane: Lane,
    size: PodSize,
    stops: bool,
    chosen: Option<String>,
    language: Language,
}

/// One row of pods.
#[component]
pub fn LaneView(props: &LaneProps) -> Html {
    let LaneProps { lane, size, stops, chosen, language } = props;
    let texts = language.texts();
    let is_crowd = size.is_crowd();
    let node = matches!(lane.kind, LaneKind::Node(_)).then_some("node");
    html! {
        <div
            class={classes!("lane", node, lane.accent.class())}
            role="none"
            data-empty={lane.is_empty().then_some("")}
            data-glide={format!("lane {}", lane.name)}
        >
            <div class="lane-head" role="none" data-lane={lane.name.clone()}>
                { lane_head(lane, texts) }
            </div>
            <div class="pods" role="none">
                if is_crowd {
                    { for groups(&lane.pods).into_iter().map(|(number, pods)| html! {
                        <PodGroup
                            key={number}
                            first={pods.first().map(|pod| pod.id) == lane.pods.first().map(|pod| pod.id)}
                            chosen={chosen.clone().filter(|name| pods.iter().any(|pod| pod.name() == name))}
                            {pods}
                            language={*language}
                        />
                    }) }
                } else {
                    { for lane.pods.iter().enumerate().map(|(at, item)| {
                        let chosen = chosen.as_deref() == Some(item.name());
                        pod(item, *language, chosen, *stops || at == 0)
                    }) }
                }
            </div>
        </div>
    }
}

/// So many pods, by their numbers, stand in one block where there are hundreds.
const GROUP: u32 = 100;

/// Pods by groups of numbers. A group changes only where one of its pods does, so that of a
/// thousand pods only those near a change are compared, laid out and painted again.
fn groups(pods: &[PodItem]) -> BTreeMap<u32, Rc<Vec<PodItem>>> {
    let mut groups: BTreeMap<u32, Rc<Vec<PodItem>>> = BTreeMap::new();
    for pod in pods {
        let group = groups.entry(pod.id.number() / GROUP).or_default();
        Rc::make_mut(group).push(pod.clone());
    }
    groups
}

#[derive(Properties, PartialEq)]
struct PodGroupProps {
    pods: Rc<Vec<PodItem>>,
    /// The lane begins with it: keyboards stop at its first pod.
    first: bool,
    chosen: Option<String>,
    language: Language,
}

/// Some of the hundreds of pods of a lane.
#[component]
fn PodGroup(props: &PodGroupProps) -> Html {
    let PodGroupProps { pods, first, chosen, language } = props;
    html! {
        <div class="pod-group" role="none">
            { for pods.iter().enumerate().map(|(at, pod)| {
                dot(pod, *language, chosen.as_deref() == Some(pod.name()), *first && at == 0)
            }) }
        </div>
    }
}

fn lane_head(lane: &Lane, texts: &'static Texts) -> Html {
    match &lane.kind {
        LaneKind::ReplicaSet { revision, was, images, wanted, available } => html! {
            <>
                <div class="lane-title clip">
                    { revision.map_or_else(|| lane.name.clone(), |number| (texts.revision)(number)) }
                    if let Some(was) = was {
                        <span class="was">{ (texts.was_revision)(*was) }</span>
                    }
                </div>
                <code class="dim clip" title={lane.name.clone()}>{ &lane.name }</code>
                <code class="image clip" title={images.clone()}>{ images }</code>
                <div class="lane-counts">{ (texts.lane_counts)(*wanted, *available) }</div>
            </>
        },
        LaneKind::Node(facts) => node_head(facts, texts),
        LaneKind::Loose => html! {
            <>
                <div class="node-name clip" title={lane.name.clone()}>{ &lane.name }</div>
                <div class="lane-counts">{ (texts.pods_now)(lane.pods.len() as i32) }</div>
            </>
        },
    }
}

/// A node: its name, which opens its menu, how it is, and how full.
fn node_head(facts: &NodeFacts, texts: &'static Texts) -> Html {
    let said = &texts.world;
    let bar = |what: &'static str, filled: Filled, text: String| {
        let full = (filled.used >= filled.of).then_some("full");
        html! {
            <>
                <span>{ what }</span>
                <svg viewBox="0 0 12 1" preserveAspectRatio="none" role="presentation">
                    <title>{ text }</title>
                    <rect class="track" width="12" height="1" />
                    <rect class={classes!("fill", full)} width={filled.twelfths().to_string()} height="1" />
                </svg>
            </>
        }
    };
    let of = |used: String, of: String| format!("{used} / {of}");
    html! {
        <>
            <button
                class="node-name quiet clip"
                data-node={facts.name.clone()}
                aria-haspopup="menu"
                aria-label={(texts.hands.menu)(&facts.name)}
            >
                { &facts.name }
            </button>
            <div class="node-state">
                <span class={(!facts.ready).then_some("no")}>
                    { if facts.ready { said.ready } else { said.not_ready } }
                </span>
                if facts.cordoned {
                    { " · " }<span class="warn">{ said.cordoned }</span>
                }
                <span class="dim">{ " · " }{ (said.node_pods)(facts.pods.used, facts.pods.of) }</span>
            </div>
            <div class="bars">
                { bar("CPU", facts.cpu, of(nodes::cpu_text(facts.cpu.used), nodes::cpu_text(facts.cpu.of))) }
                { bar("Mem", facts.memory, of(nodes::memory_text(facts.memory.used), nodes::memory_text(facts.memory.of))) }
            </div>
        </>
    }
}

fn legend(texts: &'static Texts) -> Html {
    let item = |state: PodState| {
        let progress = matches!(state, PodState::Ready | PodState::Terminating).then_some(15);
        html! { <span>{ shape(Look { state, progress }) }{ (texts.states)(state) }</span> }
    };
    html! {
        <div class="legend rev-2">{ for PodState::ALL.into_iter().map(item) }</div>
    }
}
