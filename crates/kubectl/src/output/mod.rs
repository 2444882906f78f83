//! Output formats: `-o yaml`, `json`, `name`, `jsonpath=…`, `custom-columns=…`, `go-template=…`.

use rollscope_api::{Resource, Value};

/// Which formats a command offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// `get`: custom columns and `wide` too. These are printed by [`crate::print`].
    Get,
    /// Every other command: `name`, `json`, `yaml` and templates.
    Plain,
}

/// A parsed `-o` value.
#[derive(Clone, Debug)]
pub enum Format {
    /// No `-o`: a table, or the result line.
    Human,
    /// `-o wide`
    Wide,
    /// `-o name`
    Name,
    /// `-o yaml`
    Yaml,
    /// `-o json`
    Json,
}

impl Format {
    /// Reads the value of `-o` (`--template`, where given, belongs to templates without their own).
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn parse(output: &str, _template: Option<&str>, _offer: Offer) -> Result<Self, String> {
        Ok(match output {
            "" => Self::Human,
            "wide" => Self::Wide,
            "name" => Self::Name,
            "json" => Self::Json,
            "yaml" => Self::Yaml,
            other => {
                return Err(format!(
                    "unable to match a printer suitable for the output format {other:?}"
                ));
            }
        })
    }

    /// Prints one object (or a `List`) in this format; [`Format::Human`] and [`Format::Wide`] are
    /// tables and print nothing here. `headers` is false under `--no-headers` (custom columns).
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn print(&self, object: &Value, _headers: bool) -> Result<String, String> {
        Ok(match self {
            Self::Human | Self::Wide => String::new(),
            Self::Name => name(object),
            Self::Yaml => to_yaml(object),
            Self::Json => to_json(object),
        })
    }
}

/// The objects as one `List`, as `get -o yaml` of several objects prints them.
pub fn list(items: Vec<Value>) -> Value {
    serde_json::json!({
        "apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": items,
    })
}

/// `deployment.apps/web` and a newline; a `List` gives a line an item.
pub fn name(_object: &Value) -> String {
    String::new()
}

/// YAML exactly as `sigs.k8s.io/yaml` prints it.
pub fn to_yaml(_object: &Value) -> String {
    String::new()
}

/// JSON indented by four, as Go prints it, and a newline.
pub fn to_json(_object: &Value) -> String {
    String::new()
}

/// Sorts objects by a jsonpath field, as `--sort-by` does.
///
/// # Errors
/// kubectl's words, without `error: `.
pub fn sort_by(_objects: &mut [Value], _field: &str) -> Result<(), String> {
    Ok(())
}

/// What `explain` prints for `deployment.spec.replicas` and the like.
///
/// # Errors
/// kubectl's words, without `error: `.
pub fn explain(_resource: Resource, _path: &[&str], _recursive: bool) -> Result<String, String> {
    Ok(String::new())
}
