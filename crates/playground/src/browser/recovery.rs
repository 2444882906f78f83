//! What is shown after a panic: plain elements, without the application, which is not to be
//! trusted any more. It offers what was kept last as a file, and a restart.

use gloo::events::EventListener;
use gloo::utils::{body, document, window};
use rollscope_playground::texts::Language;
use rollscope_scenario::{View, autosave, share};
use wasm_bindgen::JsCast;
use web_sys::{Element, ErrorEvent};

use super::{files, page, storage};

/// The page after a crash.
const ID: &str = "recovery";

/// From now on, shows the page after a panic, and after the browser has stopped the module for
/// another reason, such as the end of the memory.
pub fn install() {
    yew::set_custom_panic_hook(Box::new(|info| {
        gloo::console::error!(info.to_string());
        show(&info.to_string());
    }));
    let traps = EventListener::new(&window(), "error", |event| {
        let Some(event) = event.dyn_ref::<ErrorEvent>() else { return };
        let error = event.error();
        let name = js_sys::Reflect::get(&error, &"name".into()).unwrap_or_default();
        if error.is_object() && name == "RuntimeError" {
            show(&event.message());
        }
    });
    traps.forget();
}

fn show(message: &str) {
    // One crash brings on others: the first one counts.
    if page::element(ID).is_some() {
        return;
    }
    let texts = Language::from_code(&page::spoken()).texts().recovery;
    let Some(main) = add(&body(), "main", "") else { return };
    // Nothing here can be told to somebody where it fails.
    let _ = main.set_attribute("id", ID);
    let _ = main.set_attribute("class", "recovery");
    if let Some(app) = page::element("app") {
        app.remove();
    }
    add(&main, "h1", texts.title);
    add(&main, "p", texts.explained);
    let list = add(&main, "p", "");
    let Some(list) = list else { return };
    let _ = list.set_attribute("class", "ways");
    let address = window().location().pathname().unwrap_or_default();
    link(&list, texts.restart, &address, None);
    link(&list, texts.afresh, &format!("{address}?fresh"), None);
    let record = storage::last_record();
    if let Some(record) = &record {
        download(&list, texts.save_all, "session.rollscope.txt", record);
    }
    add(&main, "pre", message);
    // Reading the record runs much of what may just have failed: it comes last.
    if let Some(loaded) = record.and_then(|text| autosave::read(&text).ok()) {
        let texts_kept: String = loaded
            .texts
            .iter()
            .map(|(name, text)| format!("# {name}\n{text}\n"))
            .collect::<Vec<_>>()
            .join("---\n");
        if !texts_kept.is_empty() {
            download(&list, texts.save_manifest, "manifest.yaml", &texts_kept);
        }
        if let Some(run) = loaded.runs.as_ref().map(|runs| runs.current()) {
            let view = View { at: loaded.moment, playing: false };
            let script = share::export(run.timeline().script(), Some(view));
            download(&list, texts.save_script, "session.rollscope.yaml", &script);
        }
    }
}

fn add(parent: &Element, name: &str, text: &str) -> Option<Element> {
    let element = document().create_element(name).ok()?;
    element.set_text_content(Some(text));
    parent.append_child(&element).ok()?;
    Some(element)
}

fn link(parent: &Element, text: &str, address: &str, file: Option<&str>) {
    if let Some(link) = add(parent, "a", text) {
        let _ = link.set_attribute("href", address);
        if let Some(file) = file {
            let _ = link.set_attribute("download", file);
        }
    }
}

fn download(parent: &Element, text: &str, file: &str, content: &str) {
    if let Some(address) = files::address_of(content) {
        link(parent, text, &address, Some(file));
    }
}
