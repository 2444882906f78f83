//! An object a command is about. Models `resource.Info` of cli-runtime.

use rollscope_api::Value;

use crate::context::Ctx;
use crate::error::Error;
use crate::go::quote;
use crate::kinds::Kind;

/// An object: what it is, where it comes from, and its content once it is known.
#[derive(Clone, Debug)]
pub(crate) struct Info {
    /// Its type.
    pub kind: &'static Kind,
    /// Empty for objects without a namespace.
    pub namespace: String,
    /// Its name; empty if the manifest has none.
    pub name: String,
    /// The file it was read from, `STDIN`, or empty.
    pub source: String,
    /// Its content; null until read from the server. For a list that was not taken apart, the list.
    pub object: Value,
}

impl Info {
    /// Reads the object from the server.
    pub(crate) fn get(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Error> {
        self.object = ctx.get(self.kind, &self.namespace, &self.name)?;
        Ok(())
    }

    /// `deployments/web`
    pub(crate) fn object_name(&self) -> String {
        format!("{}/{}", self.kind.plural, self.name)
    }

    /// The two lines that long errors quote.
    pub(crate) fn describe(&self) -> String {
        format!(
            "Resource: {}, GroupVersionKind: {}\nName: {}, Namespace: {}",
            quote(&self.kind.resource_text()),
            quote(&self.kind.kind_text()),
            quote(&self.name),
            quote(&self.namespace)
        )
    }

    /// Takes the server's answer for the object.
    pub(crate) fn refresh(&mut self, object: Value) {
        if let Some(name) = object["metadata"]["name"].as_str() {
            self.name = name.to_owned();
        }
        self.object = object;
    }
}

/// Sets `metadata.namespace`.
pub(crate) fn set_namespace(object: &mut Value, namespace: &str) {
    let Some(fields) = object.as_object_mut() else { return };
    let metadata = fields.entry("metadata").or_insert_with(|| serde_json::json!({}));
    let Some(metadata) = metadata.as_object_mut() else { return };
    if namespace.is_empty() {
        metadata.remove("namespace");
    } else {
        metadata.insert("namespace".into(), namespace.into());
    }
}

/// An annotation's value.
pub(crate) fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object["metadata"]["annotations"][key].as_str()
}

/// Sets an annotation.
pub(crate) fn set_annotation(object: &mut Value, key: &str, value: &str) {
    if !object["metadata"].is_object() {
        object["metadata"] = serde_json::json!({});
    }
    let annotations = &mut object["metadata"]["annotations"];
    if !annotations.is_object() {
        *annotations = serde_json::json!({});
    }
    annotations[key] = value.into();
}

/// `metadata.name`
pub(crate) fn name_of(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_default()
}
