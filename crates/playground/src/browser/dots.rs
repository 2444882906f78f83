//! Requests as moving dots, drawn on one canvas over the stage.
//!
//! Where a dot is follows from the simulation's time alone: paused, it stands still, and going back
//! in time it goes back. What is drawn is thinned by the simulation; what is counted is not.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use gloo::utils::{document, window};
use rollscope_api::SimTime;
use rollscope_playground::model::Model;
use rollscope_sim::traffic::{RecentRequest, Traffic};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};

use super::{page, place};

/// How long a dot is under way at normal speed, in seconds of the simulation; faster clocks let it
/// take longer there, as far as the simulation remembers requests.
const TRAVEL: f64 = 0.55;
const TRAVEL_MOST: f64 = 1.2;
/// Where a lost one ended a cross stays for so long, as a part of the travel.
const CROSS: f64 = 0.9;
/// Places are looked up again after so many frames.
const PLACES_FRAMES: u32 = 15;

/// The dots, and what is remembered from frame to frame.
#[derive(Default)]
pub struct Dots {
    /// Colours by revision, and last the one of losses; for this theme.
    tints: Vec<String>,
    theme: Option<String>,
    places: BTreeMap<String, Option<Stop>>,
    /// The canvas as it was when places were last looked up: asking the browser for sizes is dear.
    canvas: Option<Canvas>,
    age: u32,
    /// Less motion is wanted.
    is_still: bool,
}

struct Canvas {
    context: CanvasRenderingContext2d,
    corner: (f64, f64),
    size: (f64, f64),
}

/// Where a dot can start or end, on the canvas.
#[derive(Clone, Copy)]
struct Stop {
    x: f64,
    y: f64,
    tint: usize,
}

impl Dots {
    /// Draws the requests of the moment.
    pub fn draw(&mut self, model: &Model) {
        let traffic = model.engine.session().cluster().traffic();
        // Without Services there is no canvas.
        if model.shown.services.is_empty() {
            self.canvas = None;
            return;
        }
        self.age += 1;
        if self.age > PLACES_FRAMES || self.canvas.is_none() {
            (self.age, self.places) = (0, BTreeMap::new());
            self.canvas = find_canvas();
            self.read_tints(model);
            self.is_still = page::wants_less_motion();
        }
        let Some(Canvas { context, corner, size }) = self.canvas.take() else { return };
        context.clear_rect(0.0, 0.0, size.0, size.1);
        if !self.is_still {
            self.draw_requests(model, traffic, &context, corner);
        }
        self.canvas = Some(Canvas { context, corner, size });
    }

    fn draw_requests(
        &mut self,
        model: &Model,
        traffic: &Traffic,
        context: &CanvasRenderingContext2d,
        corner: (f64, f64),
    ) {
        let speed = f64::from(model.clock.speed) / 100.0;
        let travel = (TRAVEL * speed).clamp(0.15, TRAVEL_MOST);
        let now = model.engine.now();
        for request in traffic.recent() {
            let part = seconds(now, request.sent) / travel;
            if (0.0..1.0 + CROSS).contains(&part) {
                self.dot(context, corner, request, part);
            }
        }
        context.set_global_alpha(1.0);
    }

    fn dot(
        &mut self,
        context: &CanvasRenderingContext2d,
        corner: (f64, f64),
        request: &RecentRequest,
        part: f64,
    ) {
        let service = format!("{}/{}", request.service.namespace, request.service.name);
        let selector = format!("[data-service=\"{service}\"]");
        let Some(from) = self.stop(&selector, corner, false) else { return };
        let to = match &request.pod {
            Some((_, name)) => self.stop(&format!("[data-pod=\"{name}\"]"), corner, true),
            None => Some(Stop { x: from.x + 130.0, ..from }),
        };
        // A pod that has left the stage is where it was last seen: nowhere.
        let Some(to) = to else { return };
        // Every other one takes a slightly other way, so that they can be told apart.
        let sway = (request.number * 7 % 9) as f64 - 4.0;
        if part < 1.0 {
            let at = on_curve(from, to, ease(part), sway);
            context.set_global_alpha((part * 8.0).min((1.0 - part) * 6.0 + 0.25).min(1.0));
            self.fill(context, to.tint);
            context.begin_path();
            let _ = context.arc(at.0, at.1, 2.7, 0.0, TAU);
            context.fill();
        } else if request.lost.is_some() {
            context.set_global_alpha(1.0 - (part - 1.0) / CROSS);
            if let Some(tint) = self.tints.last() {
                context.set_stroke_style_str(tint);
            }
            context.set_line_width(1.8);
            context.begin_path();
            let (x, y) = (to.x + sway, to.y + (part - 1.0) * 10.0);
            for (dx, dy) in [(3.2, 3.2), (3.2, -3.2)] {
                context.move_to(x - dx, y - dy);
                context.line_to(x + dx, y + dy);
            }
            context.stroke();
        }
    }

    fn fill(&self, context: &CanvasRenderingContext2d, tint: usize) {
        if let Some(tint) = self.tints.get(tint) {
            context.set_fill_style_str(tint);
        }
    }

    /// Where an element is on the canvas: the middle of a pod, above the left end of a Service.
    fn stop(&mut self, selector: &str, corner: (f64, f64), middle: bool) -> Option<Stop> {
        if let Some(known) = self.places.get(selector) {
            return *known;
        }
        let found = place::find(selector).map(|element| {
            let spot = place::spot_of(&element);
            let (left, right) = (f64::from(spot.left), f64::from(spot.right));
            let (x, y) = match middle {
                true => ((left + right) / 2.0, f64::from(spot.top + spot.bottom) / 2.0),
                // Above the words: nothing flies through what is read.
                false => (left + 4.0, f64::from(spot.top) - 9.0),
            };
            Stop { x: x - corner.0, y: y - corner.1, tint: tint_of(&element) }
        });
        self.places.insert(selector.to_owned(), found);
        found
    }

    /// Colours are the styles' business: they are read from elements that have them.
    fn read_tints(&mut self, model: &Model) {
        let theme = Some(format!("{}", page::is_dark(&model.preferences)));
        if self.theme == theme && !self.tints.is_empty() {
            return;
        }
        let Ok(swatches) = document().query_selector_all("#tints > i") else { return };
        let swatches = (0..swatches.length()).filter_map(|at| swatches.get(at));
        let elements = swatches.filter_map(|node| node.dyn_into::<Element>().ok());
        let colours = elements.filter_map(|element| {
            let style = window().get_computed_style(&element).ok().flatten()?;
            style.get_property_value("color").ok()
        });
        self.tints = colours.collect();
        self.theme = theme;
    }
}

fn tint_of(element: &Element) -> usize {
    let classes = element.class_name();
    let accent = classes.split(' ').find_map(|class| class.strip_prefix("rev-")?.parse().ok());
    accent.unwrap_or(0)
}

fn seconds(now: SimTime, since: SimTime) -> f64 {
    (now - since).as_micros() as f64 / 1e6
}

fn ease(part: f64) -> f64 {
    part * part * (3.0 - 2.0 * part)
}

/// First along the Service, then up to the pod.
fn on_curve(from: Stop, to: Stop, part: f64, sway: f64) -> (f64, f64) {
    let back = 1.0 - part;
    let (bend_x, bend_y) = (to.x, from.y + sway);
    let along = |a: f64, b: f64, c: f64| back * back * a + 2.0 * back * part * b + part * part * c;
    (along(from.x, bend_x, to.x), along(from.y + sway, bend_y, to.y))
}

/// The canvas, made as large as it is shown.
fn find_canvas() -> Option<Canvas> {
    let canvas: HtmlCanvasElement = page::element("dots")?.dyn_into().ok()?;
    let spot = place::spot_of(&canvas);
    let size = ((spot.right - spot.left).max(1), (spot.bottom - spot.top).max(1));
    if (canvas.width(), canvas.height()) != (size.0 as u32, size.1 as u32) {
        canvas.set_width(size.0 as u32);
        canvas.set_height(size.1 as u32);
    }
    let context = canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
    Some(Canvas {
        context,
        corner: (f64::from(spot.left), f64::from(spot.top)),
        size: (f64::from(size.0), f64::from(size.1)),
    })
}
