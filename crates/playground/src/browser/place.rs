//! Where something stands on the page, and putting something else beside it.

use gloo::utils::window;
use rollscope_playground::model::hands::Spot;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

/// Room that is left to the window's edges, in CSS pixels.
const EDGE: i32 = 8;

/// The nearest element around an event's target that a selector finds, the target included.
pub fn closest(target: Option<EventTarget>, selector: &str) -> Option<HtmlElement> {
    let element = target?.dyn_into::<Element>().ok()?;
    element.closest(selector).ok().flatten()?.dyn_into().ok()
}

/// Where an element stands in the window.
pub fn spot_of(element: &Element) -> Spot {
    let rect = element.get_bounding_client_rect();
    let whole = |pixels: f64| pixels.round() as i32;
    Spot {
        left: whole(rect.left()),
        top: whole(rect.top()),
        right: whole(rect.right()),
        bottom: whole(rect.bottom()),
    }
}

/// A single point of the window.
pub fn spot_at(x: i32, y: i32) -> Spot {
    Spot { left: x, top: y, right: x, bottom: y }
}

/// Puts an element below a spot, or above it where there is no room, within the window.
pub fn put_beside(element: &HtmlElement, spot: Spot) {
    let side = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0) as i32
    };
    let (width, height) = (side(window().inner_width()), side(window().inner_height()));
    let (own_width, own_height) = (element.offset_width(), element.offset_height());
    let left = spot.left.min(width - own_width - EDGE).max(EDGE);
    let below = spot.bottom + 6;
    let above = spot.top - 6 - own_height;
    let top = match below + own_height + EDGE <= height || above < EDGE {
        true => below.min(height - own_height - EDGE).max(EDGE),
        false => above,
    };
    put_at(element, left, top);
}

/// Puts an element at the upper right corner of a spot.
pub fn put_on_corner(element: &HtmlElement, spot: Spot) {
    let (width, height) = (element.offset_width(), element.offset_height());
    put_at(element, spot.right - width / 2, spot.top - height / 2);
}

fn put_at(element: &HtmlElement, left: i32, top: i32) {
    let style = element.style();
    for (name, value) in [("left", left), ("top", top)] {
        // A name that is a constant is never refused.
        let _ = style.set_property(name, &format!("{value}px"));
    }
}

/// The element that has the focus, to give it back later.
pub fn focused() -> Option<HtmlElement> {
    gloo::utils::document().active_element()?.dyn_into().ok()
}

/// Gives an element the focus, also one that keyboards do not stop at by themselves.
pub fn focus_on(element: &HtmlElement) {
    if !element.has_attribute("tabindex") && element.tab_index() < 0 {
        let _ = element.set_attribute("tabindex", "-1");
    }
    let _ = element.focus();
}

/// The element so many places further on among those that a selector finds; it ends at the ends.
pub fn neighbour(of: &HtmlElement, selector: &str, step: i32) -> Option<HtmlElement> {
    let all = gloo::utils::document().query_selector_all(selector).ok()?;
    let at = (0..all.length()).find(|at| of.is_same_node(all.get(*at).as_ref()))?;
    let next = (at as i32 + step).clamp(0, all.length() as i32 - 1);
    all.get(next as u32)?.dyn_into().ok()
}

/// The first element that a selector finds.
pub fn find(selector: &str) -> Option<HtmlElement> {
    gloo::utils::document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
