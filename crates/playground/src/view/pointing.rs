//! Pointer and keys on the stage. One listener for all pods: there may be thousands.

use rollscope_playground::model::Msg;
use rollscope_playground::model::hands::{HandsMsg, Spot, Target};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::place;

const POD: &str = "[data-pod]";

fn pod_of(event: &Event) -> Option<(String, HtmlElement)> {
    let element = place::closest(event.target(), POD)?;
    Some((element.get_attribute("data-pod")?, element))
}

/// A press on a pod opens the inspector.
pub fn clicked(send: &Callback<Msg>) -> Callback<MouseEvent> {
    let send = send.clone();
    Callback::from(move |event: MouseEvent| {
        if let Some((pod, _)) = pod_of(&event) {
            send.emit(Msg::ChoosePod(pod));
        } else if let Some(button) = place::closest(event.target(), "button[data-node]") {
            let node = button.get_attribute("data-node").unwrap_or_default();
            let spot = place::spot_of(&button);
            send.emit(Msg::Hands(HandsMsg::OpenNodeMenu(node, spot)));
        }
    })
}

/// Enter and Space open the inspector, the menu key the menu; arrows go from pod to pod.
pub fn keyed(send: &Callback<Msg>) -> Callback<KeyboardEvent> {
    let send = send.clone();
    Callback::from(move |event: KeyboardEvent| {
        let Some((pod, element)) = pod_of(&event) else { return };
        match event.key().as_str() {
            "Enter" | " " => send.emit(Msg::ChoosePod(pod)),
            "ContextMenu" => send.emit(menu(pod, place::spot_of(&element))),
            "F10" if event.shift_key() => send.emit(menu(pod, place::spot_of(&element))),
            "ArrowRight" | "ArrowDown" => go(&element, 1),
            "ArrowLeft" | "ArrowUp" => go(&element, -1),
            "Escape" => send.emit(Msg::Hands(HandsMsg::Point(None))),
            _ => return,
        }
        event.prevent_default();
    })
}

fn go(from: &HtmlElement, step: i32) {
    if let Some(next) = place::neighbour(from, POD, step) {
        place::focus_on(&next);
    }
}

fn menu(pod: String, spot: Spot) -> Msg {
    Msg::Hands(HandsMsg::OpenMenu(pod, spot))
}

/// The right button, or what the system takes for it, opens the menu.
pub fn asked(send: &Callback<Msg>) -> Callback<MouseEvent> {
    let send = send.clone();
    Callback::from(move |event: MouseEvent| {
        let Some((pod, element)) = pod_of(&event) else { return };
        event.prevent_default();
        // Keyboards give no place.
        let spot = match (event.client_x(), event.client_y()) {
            (0, 0) => place::spot_of(&element),
            (x, y) => place::spot_at(x, y),
        };
        send.emit(menu(pod, spot));
    })
}

fn target_of(event: &Event) -> Option<(Target, Spot)> {
    if let Some((pod, element)) = pod_of(event) {
        return Some((Target::Pod(pod), place::spot_of(&element)));
    }
    let lane = place::closest(event.target(), "[data-lane]")?;
    Some((Target::ReplicaSet(lane.get_attribute("data-lane")?), place::spot_of(&lane)))
}

/// The pointer is over a pod or a lane's head.
pub fn over(send: &Callback<Msg>) -> Callback<MouseEvent> {
    send.reform(|event: MouseEvent| Msg::Hands(HandsMsg::Point(target_of(&event))))
}

/// The focus came to a pod by the keyboard.
pub fn focused(send: &Callback<Msg>) -> Callback<FocusEvent> {
    let send = send.clone();
    Callback::from(move |event: FocusEvent| {
        let by_keyboard = pod_of(&event)
            .is_some_and(|(_, element)| element.matches(":focus-visible").unwrap_or(false));
        if by_keyboard {
            send.emit(Msg::Hands(HandsMsg::Point(target_of(&event))));
        }
    })
}

/// The pointer left the stage; the button over a pod is no part of it and not elsewhere either.
pub fn left(send: &Callback<Msg>) -> Callback<MouseEvent> {
    let send = send.clone();
    Callback::from(move |event: MouseEvent| {
        if place::closest(event.related_target(), ".more-over").is_none() {
            send.emit(Msg::Hands(HandsMsg::Point(None)));
        }
    })
}

/// What was pointed at is elsewhere now.
pub fn scrolled(send: &Callback<Msg>) -> Callback<Event> {
    send.reform(|_| Msg::Hands(HandsMsg::Point(None)))
}
