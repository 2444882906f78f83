//! The clipboard, files that are saved, and files that are opened or dropped.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{body, document, window};
use js_sys::{Array, Uint8Array};
use rollscope_playground::model::share::{Dropped, ShareMsg};
use rollscope_scenario::autosave::READ_BYTES_MAX;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, DragEvent, File, HtmlAnchorElement, HtmlInputElement, Url};
use yew::Callback;
use yew::platform::spawn_local;

/// Copies a text and reports whether the browser did.
pub fn copy(text: String, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        // The clipboard is missing where the page is not served securely.
        let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
        let is_there = clipboard.is_ok_and(|clipboard| !clipboard.is_undefined());
        let outcome = match is_there {
            true => {
                let promise = window().navigator().clipboard().write_text(&text);
                wasm_bindgen_futures::JsFuture::from(promise).await.is_ok()
            }
            false => false,
        };
        done(outcome);
    });
}

/// The address of a text as a file.
pub fn address_of(text: &str) -> Option<String> {
    let parts = Array::of1(&JsValue::from_str(text));
    let kind = BlobPropertyBag::new();
    kind.set_type("text/yaml;charset=utf-8");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Lets the browser save a file.
pub fn save(name: &str, text: &str) {
    let Some(address) = address_of(text) else { return };
    let Ok(link) = document().create_element("a") else { return };
    if let Some(link) = link.dyn_ref::<HtmlAnchorElement>() {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The download has begun by then.
    let _ = Url::revoke_object_url(&address);
}

/// Lets somebody choose a file, and reports it.
pub fn pick(send: Callback<ShareMsg>) {
    let Ok(field) = document().create_element("input") else { return };
    let Ok(field) = field.dyn_into::<HtmlInputElement>() else { return };
    field.set_type("file");
    field.set_accept(".yaml,.yml,.txt,text/yaml,application/yaml");
    let chosen = field.clone();
    let listener = EventListener::once(&field, "change", move |_| {
        if let Some(file) = chosen.files().and_then(|files| files.get(0)) {
            read(file, send);
        }
    });
    // It fires at most once, and where nothing is chosen the field is simply forgotten.
    listener.forget();
    field.click();
}

/// Reads a file and reports it.
fn read(file: File, send: Callback<ShareMsg>) {
    let (name, size) = (file.name(), file.size());
    if size > READ_BYTES_MAX as f64 {
        send.emit(ShareMsg::File(Dropped { name, bytes: Err(size as usize) }));
        return;
    }
    spawn_local(async move {
        let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await;
        // A folder, or a file that is gone by now.
        let bytes = buffer.map(|buffer| Uint8Array::new(&buffer).to_vec()).unwrap_or_default();
        send.emit(ShareMsg::File(Dropped { name, bytes: Ok(bytes.into()) }));
    });
}

/// Files dropped anywhere on the page are opened, as long as this is kept.
pub fn listen_for_drops(send: &Callback<ShareMsg>) -> [EventListener; 3] {
    let listen = |kind: &'static str, send: Callback<ShareMsg>| {
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&body(), kind, options, move |event| {
            let Some(drag) = event.dyn_ref::<DragEvent>() else { return };
            let Some(data) = drag.data_transfer() else { return };
            // Text that is dragged within the page is the editor's business.
            if !data.types().iter().any(|kind| kind == "Files") {
                return;
            }
            event.prevent_default();
            match kind {
                "dragover" => send.emit(ShareMsg::Hover(true)),
                "drop" => match data.files().and_then(|files| files.get(0)) {
                    Some(file) => read(file, send.clone()),
                    None => send.emit(ShareMsg::Hover(false)),
                },
                // Leaving one element for another within the page is not leaving.
                _ if drag.related_target().is_none() => send.emit(ShareMsg::Hover(false)),
                _ => {}
            }
        })
    };
    ["dragover", "drop", "dragleave"].map(|kind| listen(kind, send.clone()))
}
