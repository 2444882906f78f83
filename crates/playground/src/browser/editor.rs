//! The door to the editor's bundle (`www/editor`), which may be missing: then a plain field does.

use js_sys::{Function, JSON, Object, Reflect};
use rollscope_api::diagnose::Diagnostic;
use rollscope_api::order;
use rollscope_playground::model::assist::{self, Meaning, Offer};
use rollscope_playground::model::manifest::Tint;
use rollscope_playground::texts::Texts;
use serde_json::{Value, json};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;
use yew::Callback;

/// An editor on the page.
pub struct Editor {
    handle: JsValue,
    _closures: Closures,
}

struct Closures {
    _change: Closure<dyn Fn(String)>,
    _apply: Closure<dyn Fn()>,
    _complete: Closure<dyn Fn(String, usize, usize, bool) -> JsValue>,
    _hover: Closure<dyn Fn(String, usize, usize) -> JsValue>,
}

fn to_js(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap_or(JsValue::NULL)
}

fn words(texts: &Texts) -> Value {
    let phrases: serde_json::Map<String, Value> = order::gather(
        texts.search_phrases.iter().map(|(key, text)| ((*key).to_owned(), json!(text))),
    );
    json!({ "label": texts.manifest, "empty": texts.editor_empty, "phrases": phrases })
}

fn offer(offer: &Offer) -> Value {
    json!({
        "label": offer.label,
        "apply": offer.apply,
        "type": offer.type_,
        "text": offer.text,
        "kind": if offer.is_field { "property" } else { "constant" },
    })
}

fn complete(text: &str, line: usize, column: usize) -> Value {
    match assist::complete(text, line, column) {
        Some((column, offers)) => {
            json!({ "column": column, "options": offers.iter().map(offer).collect::<Vec<_>>() })
        }
        None => Value::Null,
    }
}

fn hover(text: &str, line: usize, column: usize) -> Value {
    match assist::meaning(text, line, column) {
        Some(Meaning { title, type_, text, columns: (first, end) }) => {
            json!({ "title": title, "type": type_, "text": text, "column": first, "end": end })
        }
        None => Value::Null,
    }
}

impl Editor {
    /// Opens an editor in an element. `None` if the bundle is not there.
    pub fn open(
        parent: &Element,
        texts: &Texts,
        change: Callback<String>,
        apply: Callback<()>,
    ) -> Option<Self> {
        let bundle = Reflect::get(&js_sys::global(), &"rollscopeEditor".into()).ok()?;
        let create: Function = Reflect::get(&bundle, &"create".into()).ok()?.dyn_into().ok()?;
        let closures = Closures {
            _change: Closure::new(move |text| change.emit(text)),
            _apply: Closure::new(move || apply.emit(())),
            _complete: Closure::new(|text: String, line, column, _explicit| {
                to_js(&complete(&text, line, column))
            }),
            _hover: Closure::new(|text: String, line, column| to_js(&hover(&text, line, column))),
        };
        let callbacks = Object::new();
        for (name, function) in [
            ("change", closures._change.as_ref()),
            ("apply", closures._apply.as_ref()),
            ("complete", closures._complete.as_ref()),
            ("hover", closures._hover.as_ref()),
        ] {
            Reflect::set(&callbacks, &name.into(), function).ok()?;
        }
        let options = to_js(&words(texts));
        let handle = create.call3(&JsValue::NULL, parent, &options, &callbacks).ok()?;
        Some(Self { handle, _closures: closures })
    }

    fn call(&self, method: &str, arguments: &[JsValue]) {
        let function = Reflect::get(&self.handle, &method.into()).unwrap_or(JsValue::UNDEFINED);
        if let Some(function) = function.dyn_ref::<Function>() {
            let arguments = arguments.iter().collect::<js_sys::Array>();
            if let Err(error) = function.apply(&self.handle, &arguments) {
                gloo::console::error!(error);
            }
        }
    }

    /// Shows a document with this text.
    pub fn show(&self, name: &str, text: &str) {
        self.call("open", &[name.into(), text.into()]);
    }

    /// Marks what is wrong.
    pub fn set_problems(&self, problems: &[Diagnostic]) {
        let list: Vec<Value> = problems
            .iter()
            .map(|one| {
                json!({
                    "line": one.span.line, "column": one.span.column,
                    "endLine": one.span.end_line, "endColumn": one.span.end_column,
                    "message": one.message, "hint": one.hint, "warning": one.warning,
                })
            })
            .collect();
        self.call("setDiagnostics", &[to_js(&list.into())]);
    }

    /// Tints the lines that matter.
    pub fn set_tint(&self, tint: &Tint) {
        let value = json!({ "template": tint.template, "changed": tint.changed });
        self.call("setTint", &[to_js(&value)]);
    }

    /// Speaks another language.
    pub fn set_words(&self, texts: &Texts) {
        self.call("setWords", &[to_js(&words(texts))]);
    }

    /// Shows a place and takes the focus.
    pub fn go_to(&self, line: usize, column: usize) {
        self.call("goto", &[(line as u32).into(), (column as u32).into()]);
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.call("destroy", &[]);
    }
}
