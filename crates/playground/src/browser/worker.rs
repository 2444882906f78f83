//! The page's side of a worker: it is begun when it is first needed, and what it cannot do the page
//! does itself.

use gloo::utils::document;
use js_sys::{Object, Reflect};
use rollscope_playground::model::Msg;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// A worker, if it has been needed.
pub struct Workers {
    worker: Option<Running>,
    heard: fn(WorkerSays) -> Msg,
}

/// What is heard of a worker.
pub enum WorkerSays {
    /// A report, as JSON.
    Report(String),
    /// It cannot work.
    Failed,
}

struct Running {
    worker: Worker,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _failed: Closure<dyn FnMut(Event)>,
}

impl Workers {
    /// A worker of which this is told.
    pub fn new(heard: fn(WorkerSays) -> Msg) -> Self {
        Self { worker: None, heard }
    }

    /// Hands a request to the worker. Whether and what it finds is told later.
    pub fn start(&mut self, request: &str, send: &Callback<Msg>) {
        if self.worker.is_none() {
            self.worker = begin(send, self.heard).ok();
        }
        let posted =
            self.worker.as_ref().map(|running| running.worker.post_message(&request.into()));
        if !matches!(posted, Some(Ok(()))) {
            self.worker = None;
            send.emit((self.heard)(WorkerSays::Failed));
        }
    }

    /// The worker drops what it does. It stays for the next time.
    pub fn stop(&self) {
        if let Some(running) = &self.worker {
            let _ = running.worker.post_message(&JsValue::NULL);
        }
    }
}

/// Begins the worker and tells it where the page's module is: the names carry hashes.
fn begin(send: &Callback<Msg>, told: fn(WorkerSays) -> Msg) -> Result<Running, JsValue> {
    let script = document().query_selector("script[data-wasm]")?.ok_or("no module")?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&address("worker.js")?, &options)?;
    let heard = {
        let send = send.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            send.emit(told(
                event.data().as_string().map_or(WorkerSays::Failed, WorkerSays::Report),
            ));
        })
    };
    let failed = {
        let send = send.clone();
        Closure::<dyn FnMut(Event)>::new(move |_| send.emit(told(WorkerSays::Failed)))
    };
    worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
    let files = Object::new();
    for name in ["js", "wasm"] {
        Reflect::set(&files, &name.into(), &file_of(&script, name)?.into())?;
    }
    worker.post_message(&files)?;
    Ok(Running { worker, _heard: heard, _failed: failed })
}

fn file_of(script: &Element, name: &str) -> Result<String, JsValue> {
    let file = script.get_attribute(&format!("data-{name}"));
    address(&file.ok_or("no such file")?)
}

/// A file's whole address: a worker has no base of its own.
fn address(file: &str) -> Result<String, JsValue> {
    let base = document().base_uri()?.unwrap_or_default();
    Ok(web_sys::Url::new_with_base(file, &base)?.href())
}
