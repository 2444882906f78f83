//! The document, the storage, and what is fetched from events.

use gloo::utils::{document, window};
use rollscope_playground::model::preferences::Preferences;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement,
};
use yew::NodeRef;

/// Under this key the choices of theme, size and language are kept; `www/theme.js` reads it too.
const VIEW_KEY: &str = "rollscope.view";

/// An element by its id.
pub fn element(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// Gives an element the focus.
pub fn focus(id: &str) {
    if let Some(element) = element(id).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot have it is no reason to stop.
        let _ = element.focus();
    }
}

/// Whether the page is dark as it is shown now.
pub fn is_dark(preferences: &Preferences) -> bool {
    match preferences.theme.as_deref() {
        Some(theme) => theme == "dark",
        None => matches_media("(prefers-color-scheme: dark)"),
    }
}

/// Whether less motion is wanted.
pub fn wants_less_motion() -> bool {
    matches_media("(prefers-reduced-motion: reduce)")
}

fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// The browser's language: `ko-KR`.
pub fn language() -> String {
    window().navigator().language().unwrap_or_default()
}

/// The choices kept on an earlier visit. Storage may be forbidden.
pub fn preferences() -> Preferences {
    let storage = window().local_storage().ok().flatten();
    let kept = storage.and_then(|storage| storage.get_item(VIEW_KEY).ok().flatten());
    Preferences::from_json(&kept.unwrap_or_default())
}

/// Keeps the choices for the next visit, where that is allowed.
pub fn keep(preferences: &Preferences) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(VIEW_KEY, &preferences.to_json());
    }
}

/// Theme, size and language are attributes of the root element, which the styles read.
pub fn show(preferences: &Preferences, language: &str) {
    let Some(root) = document().document_element() else { return };
    for (name, value) in [
        ("data-theme", preferences.theme.as_deref()),
        ("data-size", preferences.size.as_deref()),
        ("lang", Some(language)),
    ] {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// The value of the field an event comes from.
pub fn value_of(event: &Event) -> String {
    let target = event.target();
    let Some(target) = target else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        return input.value();
    }
    if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        return select.value();
    }
    target.dyn_ref::<web_sys::HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default()
}

/// Chooses an option of a select again, for selects that only trigger something.
pub fn reset_select(event: &Event) {
    if let Some(select) =
        event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok())
    {
        select.set_selected_index(0);
    }
}

/// Opens a dialog over the page, with the focus on its main button.
pub fn show_dialog(dialog: &Element) {
    if let Some(dialog) = dialog.dyn_ref::<HtmlDialogElement>()
        && !dialog.open()
    {
        let _ = dialog.show_modal();
        let first = dialog.query_selector("button.primary").ok().flatten();
        if let Some(button) = first.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    }
}

/// Selects the whole text of the field an event comes from.
pub fn select_all(event: &Event) {
    let Some(target) = event.target() else { return };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.select();
    } else if let Some(area) = target.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        area.select();
    }
}

/// Opens an address in a tab of its own.
pub fn open_tab(address: &str) {
    // A browser may refuse to open a tab; there is nothing else to try.
    let _ = window().open_with_url_and_target_and_features(address, "_blank", "noopener");
}

/// The language the page is shown in.
pub fn spoken() -> String {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute("lang")).unwrap_or_default()
}

/// Moves an element to the right by so many CSS pixels, without moving anything else.
pub fn shift(node: &NodeRef, x: f32) {
    if let Some(element) = node.cast::<HtmlElement>() {
        // A name that is a constant is never refused.
        let _ = element.style().set_property("transform", &format!("translateX({x:.1}px)"));
    }
}

/// Scrolls an element to its end.
pub fn scroll_to_end(element: &Element) {
    element.set_scroll_top(element.scroll_height());
}

/// The text of a text area.
pub fn text_of_area(element: &Element) -> String {
    element.dyn_ref::<web_sys::HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default()
}
