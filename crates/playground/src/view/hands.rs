//! What appears where hands are: the card of a pod, its button, its menu.

use gloo::events::EventListener;
use gloo::utils::window;
use rollscope_playground::model::card::{Card, PodCard, SetCard};
use rollscope_playground::model::hands::{Hands, HandsMsg, Menu, MenuItem, Spot, Target};
use rollscope_playground::model::shared::Shared;
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::{Language, Texts};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::pod::shape;
use super::why;
use crate::browser::place;

/// Everything that appears over the page where hands are.
pub fn hands(model: &Model, send: &Callback<Msg>) -> Html {
    let Hands { at, card, menu } = &model.hands;
    let language = model.language;
    html! {
        <>
            if let Some((target, spot)) = at {
                if card.is_some() {
                    <Floating card={card.clone()} spot={*spot} {language} />
                }
                if let Target::Pod(pod) = target {
                    <More pod={pod.clone()} spot={*spot} {language} {send} />
                }
            }
            if let Some(menu) = menu {
                <MenuOver key={menu.name.clone()} menu={menu.clone()} {language} {send} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct FloatingProps {
    card: Shared<Option<Card>>,
    spot: Spot,
    language: Language,
}

/// A card beside what it tells of. It is no help to screen readers, who have the inspector.
#[component]
fn Floating(props: &FloatingProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.spot, props.card.clone()), move |(spot, _)| {
            if let Some(element) = node.cast::<HtmlElement>() {
                place::put_beside(&element, *spot);
            }
        });
    }
    let texts = props.language.texts();
    html! {
        <div ref={node} class="card-over" aria-hidden="true">
            { match &*props.card {
                Some(Card::Pod(card)) => pod_card(card, texts),
                Some(Card::ReplicaSet(card)) => set_card(card, texts),
                None => Html::default(),
            } }
        </div>
    }
}

fn pod_card(card: &PodCard, texts: &'static Texts) -> Html {
    html! {
        <>
            <div class={classes!("card-head", card.accent.class())}>
                { shape(card.look) }
                <code>{ &card.name }</code>
                <span class="dim">{ (texts.states)(card.look.state) }</span>
            </div>
            <dl class="facts">
                { for card.lines.iter().map(|(what, value)| html! {
                    <><dt>{ *what }</dt><dd>{ value }</dd></>
                }) }
            </dl>
            if let Some((report, warning)) = &card.report {
                <p class={classes!("report", warning.then_some("warning"))}>{ report }</p>
            }
        </>
    }
}

fn set_card(card: &SetCard, texts: &'static Texts) -> Html {
    let name = card.revision.map_or_else(|| card.name.clone(), texts.revision);
    html! {
        <>
            <div class={classes!("card-head", card.accent.class())}>
                <i class="swatch"></i>
                <b>{ (texts.why_at)(&name, card.wanted) }</b>
            </div>
            <ol class="card-why">
                { for card.reasons.iter().map(|reason| html! { <li>{ why::reason(reason) }</li> }) }
            </ol>
            if !card.waits.is_empty() {
                <div class="report">
                    <span class="faint">{ texts.why_waits }</span>
                    { for card.waits.iter().map(|wait| html! { <p>{ wait }</p> }) }
                </div>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct MoreProps {
    pod: String,
    spot: Spot,
    language: Language,
    send: Callback<Msg>,
}

/// The button at the corner of the pod under the pointer. Keyboards have the menu key.
#[component]
fn More(props: &MoreProps) -> Html {
    let MoreProps { pod, spot, language, send } = props;
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(*spot, move |spot| {
            if let Some(element) = node.cast::<HtmlElement>() {
                place::put_on_corner(&element, *spot);
            }
        });
    }
    let label = (language.texts().hands.menu)(pod);
    let open = Msg::Hands(HandsMsg::OpenMenu(pod.clone(), *spot));
    let leave = send.reform(|_: MouseEvent| Msg::Hands(HandsMsg::Point(None)));
    html! {
        <button
            ref={node}
            class="more-over"
            tabindex="-1"
            aria-label={label}
            aria-haspopup="menu"
            onclick={send.reform(move |_| open.clone())}
            onmouseleave={leave}
        >
            { "⋯" }
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct MenuProps {
    menu: Menu,
    language: Language,
    send: Callback<Msg>,
}

/// The menu of a pod or a node. It has the focus while it is open and gives it back.
#[component]
fn MenuOver(props: &MenuProps) -> Html {
    let MenuProps { menu, language, send } = props;
    let texts = language.texts();
    let node = use_node_ref();
    {
        let (node, send, pod) = (node.clone(), send.clone(), menu.name.clone());
        use_effect_with(menu.spot, move |spot| {
            let before = place::focused();
            let element = node.cast::<HtmlElement>();
            if let Some(element) = &element {
                place::put_beside(element, *spot);
                focus_item(element, Step::First);
            }
            // A press anywhere else closes it.
            let outside = EventListener::new(&window(), "pointerdown", move |event| {
                if place::closest(event.target(), "[role=menu]").is_none() {
                    send.emit(Msg::Hands(HandsMsg::CloseMenu));
                }
            });
            move || {
                drop(outside);
                give_focus_back(before.as_ref(), &pod);
            }
        });
    }
    let onkeydown = {
        let (send, node) = (send.clone(), node.clone());
        Callback::from(move |event: KeyboardEvent| {
            // Keys of the menu are no shortcuts of the page.
            event.stop_propagation();
            let step = match event.key().as_str() {
                "ArrowDown" => Step::By(1),
                "ArrowUp" => Step::By(-1),
                "Home" => Step::First,
                "End" => Step::Last,
                "Escape" | "Tab" => {
                    event.prevent_default();
                    return send.emit(Msg::Hands(HandsMsg::CloseMenu));
                }
                _ => return,
            };
            event.prevent_default();
            if let Some(element) = node.cast::<HtmlElement>() {
                focus_item(&element, step);
            }
        })
    };
    html! {
        <div
            ref={node}
            class="menu-over"
            role="menu"
            aria-label={(texts.hands.menu)(&menu.name)}
            {onkeydown}
        >
            <code class="menu-title" role="presentation">{ &menu.name }</code>
            { for menu.items.iter().map(|item| menu_item(item, send, texts)) }
        </div>
    }
}

fn menu_item(item: &MenuItem, send: &Callback<Msg>, texts: &'static Texts) -> Html {
    let deed = item.deed;
    let how = match &item.command {
        Some(command) => html! { <code class="how">{ command }</code> },
        None => html! { <span class="how">{ (texts.hands.how)(deed) }</span> },
    };
    html! {
        <button
            role="menuitem"
            tabindex="-1"
            disabled={!item.enabled}
            onclick={send.reform(move |_| Msg::Hands(HandsMsg::Do(deed)))}
        >
            <span>{ (texts.hands.label)(deed) }</span>
            { how }
        </button>
    }
}

#[derive(Clone, Copy)]
enum Step {
    First,
    Last,
    By(i32),
}

/// Moves the focus among the items that can be chosen, around the ends.
fn focus_item(menu: &HtmlElement, step: Step) {
    let Ok(items) = menu.query_selector_all("[role=menuitem]:not(:disabled)") else { return };
    let count = items.length() as i32;
    if count == 0 {
        return;
    }
    let now = place::focused();
    let at = (0..count).find(|at| {
        let item = items.get(*at as u32);
        now.as_ref().is_some_and(|now| now.is_same_node(item.as_ref()))
    });
    let next = match (step, at) {
        (Step::First, _) | (Step::By(1), None) => 0,
        (Step::Last, _) | (Step::By(_), None) => count - 1,
        (Step::By(step), Some(at)) => (at + step).rem_euclid(count),
    };
    if let Some(Ok(item)) = items.get(next as u32).map(|item| item.dyn_into::<HtmlElement>()) {
        let _ = item.focus();
    }
}

/// To what had the focus before, or to the pod, or to where it can be found again.
fn give_focus_back(before: Option<&HtmlElement>, pod: &str) {
    let pod = place::find(&format!("[data-pod=\"{pod}\"], [data-node=\"{pod}\"]"));
    let there = before.filter(|element| element.is_connected() && element.tag_name() != "BODY");
    if let Some(element) = there.cloned().or(pod) {
        place::focus_on(&element);
    }
}
