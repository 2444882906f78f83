//! Output formats: `-o yaml`, `json`, `name`, `jsonpath=…`, `custom-columns=…`.
//!
//! Models the printers of cli-runtime and how kubectl chooses one by the value of `-o`.

pub mod custom_columns;
pub mod go_template;
mod json;
pub mod jsonpath;
mod kyaml;
mod sort;
mod yaml;
mod yaml_scalar;

use rollscope_api::Value;

use crate::value::{Peek, or};

pub use json::{to_json, to_typed_json, to_typed_line};
pub use kyaml::to_kyaml;
pub use sort::{SortError, sort_by, sort_rows};
pub use yaml::to_yaml;

/// Which formats a command offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// `get`: custom columns and `wide` too. Tables are printed by [`crate::print`].
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
    /// `-o kyaml`
    Kyaml,
    /// `-o json`
    Json,
    /// `-o json` of a command that knows the type of what it prints: see [`Format::typed`].
    TypedJson,
    /// `-o jsonpath=…`, `-o jsonpath-as-json=…`
    JsonPath(jsonpath::Template),
    /// `-o go-template=…`
    GoTemplate(go_template::GoTemplate),
    /// `-o custom-columns=…`
    CustomColumns(custom_columns::Columns),
}

const JSONPATH_FORMATS: [&str; 3] = ["jsonpath-as-json", "jsonpath-file", "jsonpath"];
const TEMPLATE_FORMATS: [&str; 4] = ["go-template-file", "go-template", "templatefile", "template"];
const COLUMN_FORMATS: [&str; 2] = ["custom-columns-file", "custom-columns"];

impl Format {
    /// Reads the value of `-o` (`--template`, where given, belongs to templates without their own).
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn parse(output: &str, template: Option<&str>, offer: Offer) -> Result<Self, String> {
        let template = template.filter(|template| !template.is_empty());
        // These names are read in any case, the others only as they are written.
        match output.to_lowercase().as_str() {
            "" if template.is_none() => return Ok(Self::Human),
            "name" => return Ok(Self::Name),
            "json" => return Ok(Self::Json),
            "yaml" => return Ok(Self::Yaml),
            "kyaml" => return Ok(Self::Kyaml),
            _ if output == "wide" && offer == Offer::Get => return Ok(Self::Wide),
            _ => {}
        }
        let output = or(output, "go-template");
        if let Some((format, text)) = split(output, template, &JSONPATH_FORMATS) {
            if text.is_empty() {
                return Err("template format specified but no template given".into());
            }
            if format == "jsonpath-file" {
                return Err(no_such_file("error reading --template", text));
            }
            let template = jsonpath::Template::parse(text)
                .map_err(|error| format!("error parsing jsonpath {text}, {error}"))?;
            let as_json = format == "jsonpath-as-json";
            return Ok(Self::JsonPath(if as_json { template.as_json() } else { template }));
        }
        if let Some((format, text)) = split(output, template, &TEMPLATE_FORMATS) {
            if text.is_empty() {
                return Err("template format specified but no template given".into());
            }
            if format.ends_with("file") {
                return Err(no_such_file("error reading --template", text));
            }
            let template = go_template::GoTemplate::parse(text)
                .map_err(|error| format!("error parsing template {text}, {error}"))?;
            return Ok(Self::GoTemplate(template));
        }
        if let Some((format, text)) =
            split(output, template, &COLUMN_FORMATS).filter(|_| offer == Offer::Get)
        {
            if text.is_empty() {
                return Err("custom-columns format specified but no custom columns given".into());
            }
            if format == "custom-columns-file" {
                return Err(no_such_file("error reading template", text));
            }
            return Ok(Self::CustomColumns(custom_columns::Columns::parse(text)?));
        }
        Err(unknown(output, offer))
    }

    /// For commands that print Go's typed objects: JSON fields come in the order of their
    /// declaration.
    #[must_use]
    pub fn typed(self) -> Self {
        match self {
            Self::Json => Self::TypedJson,
            other => other,
        }
    }

    /// Missing keys in templates become errors (`--allow-missing-template-keys=false`).
    #[must_use]
    pub fn strict(self, strict: bool) -> Self {
        match self {
            Self::JsonPath(template) => Self::JsonPath(template.strict(strict)),
            Self::GoTemplate(template) => Self::GoTemplate(template.strict(strict)),
            other => other,
        }
    }

    /// Prints one object (or a `List`) in this format; [`Format::Human`] and [`Format::Wide`] are
    /// tables and print nothing here. `headers` is false under `--no-headers` (custom columns).
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn print(&self, object: &Value, headers: bool) -> Result<String, String> {
        let mut out = String::new();
        self.print_into(object, headers, &mut out).map(|()| out)
    }

    /// As [`Format::print`], but keeps what was printed before an error.
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn print_into(
        &self,
        object: &Value,
        headers: bool,
        out: &mut String,
    ) -> Result<(), String> {
        match self {
            Self::Human | Self::Wide => {}
            Self::Name => out.push_str(&name(object)),
            Self::Yaml => out.push_str(&to_yaml(object)),
            Self::Kyaml => out.push_str(&to_kyaml(object)),
            Self::Json => out.push_str(&to_json(object)),
            Self::TypedJson => out.push_str(&to_typed_json(object)),
            Self::JsonPath(template) => out.push_str(&template.print(object)?),
            Self::GoTemplate(template) => template.print(object, out)?,
            Self::CustomColumns(columns) => {
                let objects = items(object).unwrap_or(std::slice::from_ref(object));
                columns.print(objects, headers, out)?;
            }
        }
        Ok(())
    }
}

/// The format's name and its text: what follows the `=`, or `--template`.
fn split<'a>(
    output: &'a str,
    template: Option<&'a str>,
    formats: &[&'static str],
) -> Option<(&'static str, &'a str)> {
    formats.iter().find_map(|format| {
        let rest = output.strip_prefix(format)?;
        match (template, rest.strip_prefix('=')) {
            (Some(template), _) if rest.is_empty() => Some((*format, template)),
            (None, Some(text)) => Some((*format, text)),
            (None, None) if rest.is_empty() => Some((*format, "")),
            _ => None,
        }
    })
}

fn no_such_file(what: &str, path: &str) -> String {
    format!("{what} {path}, open {path}: no such file or directory")
}

fn unknown(output: &str, offer: Offer) -> String {
    let formats = match offer {
        Offer::Get => {
            "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,\
             jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml"
        }
        Offer::Plain => {
            "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,\
             template,templatefile,yaml"
        }
    };
    format!(
        "unable to match a printer suitable for the output format {}, allowed formats are: \
         {formats}",
        crate::gofmt::quote(output)
    )
}

/// The objects as one `List`, as `get -o yaml` of several objects prints them.
pub fn list(items: Vec<Value>) -> Value {
    serde_json::json!({
        "apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": items,
    })
}

fn items(object: &Value) -> Option<&[Value]> {
    let is_list = object.text("kind").ends_with("List");
    is_list.then(|| object.get("items")?.as_array().map(Vec::as_slice))?
}

/// `deployment.apps/web` and a newline; a `List` gives a line an item.
pub fn name(object: &Value) -> String {
    if let Some(items) = items(object) {
        return items.iter().map(name).collect();
    }
    let kind = object.text("kind").to_lowercase();
    let name = or(object.text("metadata.name"), "<unknown>");
    match object.text("apiVersion").split_once('/') {
        Some((group, _)) => format!("{kind}.{group}/{name}\n"),
        None => format!("{kind}/{name}\n"),
    }
}

#[cfg(test)]
mod tests;
