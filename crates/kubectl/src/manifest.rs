//! Manifests: documents of a file, and the objects in them.
//!
//! Models the stream visitor and mapper of cli-runtime (`resource/visitor.go`, `mapper.go`) and
//! apimachinery's YAML reader.

use rollscope_api::decode::{check_metadata, json_kind};
use rollscope_api::{Value, yaml};

use crate::builder::info_of;
use crate::error::Error;
use crate::go::quote;
use crate::info::Info;
use crate::kinds;

/// The documents of a file, those that hold nothing left out.
///
/// Documents are separated before they are parsed, hence a broken one does not hurt those before it,
/// and its line numbers are its own.
pub(crate) fn documents(text: &str) -> Vec<Result<Value, String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut documents = Vec::new();
    for chunk in chunks(text) {
        match yaml::parse(&chunk) {
            Ok(parsed) => {
                let value = parsed.into_iter().next().map(|document| document.value);
                documents.extend(value.filter(|value| !value.is_null()).map(Ok));
            }
            Err(error) => {
                documents.push(Err(error.message));
                break;
            }
        }
    }
    documents
}

/// Splits at lines that are `---`, with nothing but blanks or a comment behind.
fn chunks(text: &str) -> Vec<String> {
    let mut chunks = Vec::new();
    let mut chunk = String::new();
    for line in text.split_inclusive('\n') {
        let separator = line.strip_prefix("---").is_some_and(|rest| {
            let rest = rest.trim();
            rest.is_empty() || rest.starts_with('#')
        });
        if separator && !chunk.is_empty() {
            chunks.push(std::mem::take(&mut chunk));
        } else {
            chunk.push_str(line);
        }
    }
    if !chunk.is_empty() {
        chunks.push(chunk);
    }
    chunks
}

/// Whether the document says what it is.
///
/// # Errors
/// kubectl's words for what is missing.
pub(crate) fn check_type(value: &Value) -> Result<(), String> {
    let Some(fields) = value.as_object() else { return Err("invalid object to validate".into()) };
    let mut problems = Vec::new();
    for field in ["apiVersion", "kind"] {
        match fields.get(field) {
            None | Some(Value::Null) => problems.push(format!("{field} not set")),
            Some(Value::String(_)) => {}
            Some(_) => problems.push(format!("{field} isn't string type")),
        }
    }
    match problems.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        several => Err(format!("[{}]", several.join(", "))),
    }
}

/// The objects of a document: itself, or the items of a list.
pub(crate) fn objects(value: Value, source: &str) -> Result<Vec<Result<Info, Error>>, Error> {
    let decode =
        |problem: String| Error::Text(format!("unable to decode {}: {problem}", quote(source)));
    check_kind(&value).map_err(decode)?;
    let is_list = value["kind"].as_str().is_some_and(|kind| kind.ends_with("List"))
        && value.get("items").is_some();
    let items = if is_list { Some(list_items(&value).map_err(decode)?) } else { None };
    check_metadata(&value).map_err(decode)?;
    let Some(items) = items else { return Ok(vec![object(value, source)]) };
    Ok(items.into_iter().map(|item| item_of_list(item, source)).collect())
}

/// What a list holds. Items that do not say what they are, are what the list is one of.
fn list_items(list: &Value) -> Result<Vec<Value>, String> {
    let mut items = match &list["items"] {
        Value::Null => Vec::new(),
        Value::Array(items) => items.clone(),
        other => {
            let found = json_kind(other);
            return Err(format!(
                "json: cannot unmarshal {found} into Go struct field decodeList.items of type \
                 []json.RawMessage"
            ));
        }
    };
    let kind = list["kind"].as_str().and_then(|kind| kind.strip_suffix("List")).unwrap_or("");
    for item in &mut items {
        if item.is_null() {
            *item = serde_json::json!({});
        }
        if !item.is_object() {
            let found = json_kind(item);
            return Err(format!(
                "json: cannot unmarshal {found} into Go value of type map[string]interface {{}}"
            ));
        }
        let says = |key: &str| item[key].as_str().is_some_and(|text| !text.is_empty());
        if !says("kind") && !says("apiVersion") && !kind.is_empty() {
            item["kind"] = kind.into();
            item["apiVersion"] = list["apiVersion"].clone();
        }
    }
    Ok(items)
}

/// What is wrong with items stands without `error: `, as one of possibly several.
fn item_of_list(item: Value, source: &str) -> Result<Info, Error> {
    let untyped = |what: &str, words: &str| {
        Error::Verbatim(format!(
            "unable to get type info from the object \"*unstructured.Unstructured\": Object \
             '{what}' is missing in 'object has no {words}'"
        ))
    };
    if kind_text(&item).is_empty() {
        return Err(untyped("Kind", "kind field "));
    }
    if item["apiVersion"].as_str().unwrap_or_default().is_empty() {
        return Err(untyped("apiVersion", "apiVersion field"));
    }
    match kind_of(&item) {
        Ok(kind) => Ok(info_of(kind, item, source)),
        Err(problem) => Err(Error::Verbatim(format!("unable to recognize {problem}"))),
    }
}

fn object(value: Value, source: &str) -> Result<Info, Error> {
    match kind_of(&value) {
        Ok(kind) => Ok(info_of(kind, value, source)),
        Err(problem) => {
            let text = |key: &str| value["metadata"][key].as_str().unwrap_or_default().to_owned();
            Err(Error::Text(format!(
                "resource mapping not found for name: {} namespace: {} from {}: {problem}\nensure \
                 CRDs are installed first",
                quote(&text("name")),
                quote(&text("namespace")),
                quote(source)
            )))
        }
    }
}

fn kind_of(value: &Value) -> Result<&'static kinds::Kind, String> {
    let api_version = value["apiVersion"].as_str().unwrap_or_default();
    let kind = value["kind"].as_str().unwrap_or_default();
    kinds::of_object(api_version, kind).ok_or_else(|| {
        format!("no matches for kind {} in version {}", quote(kind), quote(api_version))
    })
}

fn check_kind(value: &Value) -> Result<(), String> {
    if !value.is_object() {
        let found = json_kind(value);
        return Err(format!(
            "json: cannot unmarshal {found} into Go value of type unstructured.detector"
        ));
    }
    if kind_text(value).is_empty() {
        return Err(format!("Object 'Kind' is missing in '{value}'"));
    }
    Ok(())
}

/// The kind; nothing where the version beside it cannot be read.
fn kind_text(value: &Value) -> &str {
    let version = value["apiVersion"].as_str().unwrap_or_default();
    let readable = version.matches('/').count() <= 1;
    value["kind"].as_str().filter(|_| readable).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{check_type, chunks};

    #[test]
    fn documents_are_split_before_they_are_parsed() {
        assert_eq!(chunks("a: 1\n---\nb: 2\n"), ["a: 1\n", "b: 2\n"]);
        assert_eq!(chunks("---\na: 1\n--- # next\nb: 2"), ["---\na: 1\n", "b: 2"]);
        assert_eq!(chunks("a: 1\n---x\n"), ["a: 1\n---x\n"]);
        assert_eq!(chunks(""), Vec::<String>::new());
    }

    #[test]
    fn what_is_it() {
        let check = |value, expected: &str| {
            assert_eq!(check_type(&value).err().unwrap_or_default(), expected);
        };
        check(serde_json::json!({}), "[apiVersion not set, kind not set]");
        check(serde_json::json!({"kind": "Pod"}), "apiVersion not set");
        check(serde_json::json!([1]), "invalid object to validate");
        check(serde_json::json!({"kind": 1, "apiVersion": "v1"}), "kind isn't string type");
    }
}
