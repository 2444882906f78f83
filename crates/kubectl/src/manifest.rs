//! Manifests: documents of a file, and the objects in them.
//!
//! Models the stream visitor and mapper of cli-runtime (`resource/visitor.go`, `mapper.go`) and
//! apimachinery's YAML reader.

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
        && value.get("items").is_some_and(Value::is_array);
    if !is_list {
        check_metadata(&value).map_err(decode)?;
        return Ok(vec![object(value, source)]);
    }
    let items = value["items"].as_array().cloned().unwrap_or_default();
    let mut infos = Vec::new();
    for item in items {
        check_kind(&item).map_err(decode)?;
        infos.push(match kind_of(&item) {
            Ok(kind) => Ok(info_of(kind, item, source)),
            Err(problem) => Err(Error::Text(format!("unable to recognize {problem}"))),
        });
    }
    Ok(infos)
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
        let found = json_type(value);
        return Err(format!(
            "json: cannot unmarshal {found} into Go value of type unstructured.detector"
        ));
    }
    match value["kind"].as_str() {
        Some(kind) if !kind.is_empty() => Ok(()),
        _ => Err(format!("Object 'Kind' is missing in '{value}'")),
    }
}

/// kubectl decodes the metadata itself before it sends anything.
fn check_metadata(value: &Value) -> Result<(), String> {
    let fail = |value: &Value, path: &str, wanted: &str| {
        Err(format!(
            "json: cannot unmarshal {} into Go struct field {path} of type {wanted}",
            json_type(value)
        ))
    };
    let metadata = match &value["metadata"] {
        Value::Null => return Ok(()),
        Value::Object(metadata) => metadata,
        other => return fail(other, "metadataOnlyObject.metadata", "v1.ObjectMeta"),
    };
    for (key, value) in metadata {
        let path = format!("ObjectMeta.metadata.{key}");
        match (key.as_str(), value) {
            (_, Value::Null) => {}
            ("name" | "generateName" | "namespace" | "selfLink" | "resourceVersion", value)
                if !value.is_string() =>
            {
                return fail(value, &path, "string");
            }
            ("uid", value) if !value.is_string() => return fail(value, &path, "types.UID"),
            ("generation" | "deletionGracePeriodSeconds", value) if !value.is_i64() => {
                return fail(value, &path, "int64");
            }
            ("labels" | "annotations", Value::Object(map)) => {
                let wrong = map.values().find(|value| !value.is_string() && !value.is_null());
                if let Some(value) = wrong {
                    return fail(value, &path, "string");
                }
            }
            ("labels" | "annotations", value) => return fail(value, &path, "map[string]string"),
            ("finalizers", value) if !value.is_array() => return fail(value, &path, "[]string"),
            ("ownerReferences", value) if !value.is_array() => {
                return fail(value, &path, "[]v1.OwnerReference");
            }
            _ => {}
        }
    }
    Ok(())
}

/// What Go's JSON decoder calls a value.
fn json_type(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "bool".into(),
        Value::Number(number) if number.is_f64() => format!("number {number}"),
        Value::Number(_) => "number".into(),
        Value::String(_) => "string".into(),
        Value::Array(_) => "array".into(),
        Value::Object(_) => "object".into(),
    }
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
