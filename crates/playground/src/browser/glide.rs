//! Elements that have moved glide to their new place instead of jumping.

use std::collections::BTreeMap;

use gloo::utils::document;
use js_sys::{Array, Function, Object, Reflect};
use rollscope_api::order;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use super::page;

/// Above so many elements nothing glides: measuring them would cost more than it tells.
const GLIDING_MAX: u32 = 170;
/// How long it takes, in milliseconds.
const GLIDE_MS: f64 = 220.0;

/// Where the elements with `data-glide` were.
#[derive(Default)]
pub struct Glide {
    places: BTreeMap<String, (i32, i32)>,
}

impl Glide {
    /// Nothing is known of where the elements are: those that move next do not glide.
    pub fn forget(&mut self) {
        self.places.clear();
    }

    /// Looks where the elements are now, and lets those glide that have moved.
    pub fn settle(&mut self) {
        let Ok(elements) = document().query_selector_all("[data-glide]") else { return };
        if elements.length() > GLIDING_MAX || page::wants_less_motion() {
            self.places.clear();
            return;
        }
        let found: Vec<(String, HtmlElement)> = (0..elements.length())
            .filter_map(|at| elements.get(at)?.dyn_into::<HtmlElement>().ok())
            .filter_map(|element| Some((element.get_attribute("data-glide")?, element)))
            .collect();
        // All are measured before any is animated, so that the layout is computed once.
        let places: Vec<(i32, i32)> = found
            .iter()
            .map(|(_, element)| (element.offset_left(), element.offset_top()))
            .collect();
        for ((key, element), place) in found.iter().zip(&places) {
            if let Some(before) = self.places.get(key).filter(|before| *before != place) {
                glide(element, before.0 - place.0, before.1 - place.1);
            }
        }
        self.places = order::gather(found.into_iter().map(|(key, _)| key).zip(places));
    }
}

/// `element.animate` from where it was; a browser without it lets it jump.
fn glide(element: &HtmlElement, x: i32, y: i32) {
    let frame = |transform: &str| {
        let frame = Object::new();
        let _ = Reflect::set(&frame, &"transform".into(), &transform.into());
        frame
    };
    let frames = Array::of2(&frame(&format!("translate({x}px,{y}px)")), &frame("none"));
    let options = Object::new();
    let _ = Reflect::set(&options, &"duration".into(), &GLIDE_MS.into());
    let _ = Reflect::set(&options, &"easing".into(), &"cubic-bezier(0.2, 0, 0, 1)".into());
    let animate = Reflect::get(element, &"animate".into()).unwrap_or(JsValue::UNDEFINED);
    if let Some(animate) = animate.dyn_ref::<Function>() {
        let _ = animate.call2(element, &frames, &options);
    }
}
