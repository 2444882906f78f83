//! The page's address: what it is opened with, and links that are followed while it is open.

use gloo::events::EventListener;
use gloo::utils::window;
use rollscope_playground::model::session::Arrival;
use rollscope_scenario::share;
use wasm_bindgen::JsValue;
use yew::Callback;

/// What the page is opened with. A link is taken out of the address once it is read: whoever
/// loads the page again is to find what they did since.
pub fn arrival() -> Arrival {
    let location = window().location();
    let part = |part: Result<String, _>| part.unwrap_or_default();
    let (origin, path) = (part(location.origin()), part(location.pathname()));
    let (query, fragment) = (part(location.search()), part(location.hash()));
    Arrival { address: format!("{origin}{path}"), query, fragment, record: None }
}

/// Takes the link out of the address.
pub fn forget_link() {
    let location = window().location();
    if !location.hash().is_ok_and(|hash| share::has_link(&hash)) {
        return;
    }
    let query = location.search().unwrap_or_default();
    replace(&(location.pathname().unwrap_or_default() + &query));
}

/// Whether the page is to begin with an empty cluster: `?fresh`, which is taken out of the address.
pub fn take_fresh() -> bool {
    let location = window().location();
    let is_fresh = location.search().is_ok_and(|query| query == "?fresh");
    if is_fresh {
        replace(&location.pathname().unwrap_or_default());
    }
    is_fresh
}

fn replace(address: &str) {
    if let Ok(history) = window().history() {
        // Where it cannot be replaced, loading the page again does the same once more.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Reports links that are followed in the open page, as long as this is kept.
pub fn listen(send: Callback<String>) -> EventListener {
    EventListener::new(&window(), "hashchange", move |_| {
        let hash = window().location().hash().unwrap_or_default();
        if share::has_link(&hash) {
            forget_link();
            send.emit(hash);
        }
    })
}
