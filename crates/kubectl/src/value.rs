//! Reading wire-form objects: paths, and the zero value where nothing is there, as Go's types give.

use rollscope_api::Value;
use rollscope_api::order;
use serde_json::Map;

/// Reads fields by dotted paths (`status.phase`). JSON `null` counts as absent.
pub(crate) trait Peek {
    /// The value at a path.
    fn at(&self, path: &str) -> Option<&Value>;

    /// The string at a path, or the empty string.
    fn text(&self, path: &str) -> &str {
        self.at(path).and_then(Value::as_str).unwrap_or("")
    }

    /// The integer at a path, or 0.
    fn int(&self, path: &str) -> i64 {
        self.at(path).and_then(Value::as_i64).unwrap_or(0)
    }

    /// The boolean at a path, or false.
    fn flag(&self, path: &str) -> bool {
        self.at(path).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The list at a path, or none.
    fn items(&self, path: &str) -> &[Value] {
        self.at(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The map at a path, if it is there and not empty.
    fn fields(&self, path: &str) -> Option<&Map<String, Value>> {
        self.at(path).and_then(Value::as_object).filter(|fields| !fields.is_empty())
    }

    /// Whether there is something at a path.
    fn has(&self, path: &str) -> bool {
        self.at(path).is_some()
    }

    /// The strings of a list, joined.
    fn joined(&self, path: &str, separator: &str) -> String {
        self.items(path).iter().map(plain).collect::<Vec<_>>().join(separator)
    }
}

impl Peek for Value {
    fn at(&self, path: &str) -> Option<&Value> {
        let (mut value, mut path) = (self, path);
        // Not `split`: this is most of what printing a thousand pods does.
        while let Some(dot) = path.as_bytes().iter().position(|byte| *byte == b'.') {
            value = value.as_object()?.get(&path[..dot])?;
            path = &path[dot + 1..];
        }
        value.as_object()?.get(path).filter(|found| !found.is_null())
    }
}

/// A scalar as Go's `%v` prints it: strings bare, numbers and booleans as they are.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "<nil>".into(),
        other => other.to_string(),
    }
}

/// `text`, or `fallback` where it is empty.
pub(crate) fn or<'a>(text: &'a str, fallback: &'a str) -> &'a str {
    if text.is_empty() { fallback } else { text }
}

/// `a=b,c=d`, sorted; `<none>` for nothing. Models `labels.FormatLabels`.
pub(crate) fn format_labels(labels: Option<&Map<String, Value>>) -> String {
    let pairs: Vec<String> = labels
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", plain(value)))
        .collect();
    or(&pairs.join(","), "<none>").to_owned()
}

/// A label selector as kubectl prints it, `<none>` where it selects by nothing.
/// Models `metav1.FormatLabelSelector`.
pub(crate) fn format_label_selector(selector: Option<&Value>) -> String {
    or(&label_selector(selector), "<none>").to_owned()
}

/// A label selector in one line, its requirements sorted by key: `app=web,tier in (a,b),!old`.
/// Models `LabelSelectorAsSelector(…).String()`.
pub(crate) fn label_selector(selector: Option<&Value>) -> String {
    let Some(selector) = selector else { return String::new() };
    let mut requirements: Vec<(&str, String)> = Vec::new();
    for (key, value) in selector.fields("matchLabels").into_iter().flatten() {
        requirements.push((key, format!("{key}={}", plain(value))));
    }
    for expression in selector.items("matchExpressions") {
        let key = expression.text("key");
        let mut values: Vec<String> = expression.items("values").iter().map(plain).collect();
        order::sort(&mut values);
        let values = values.join(",");
        let text = match expression.text("operator") {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "DoesNotExist" => format!("!{key}"),
            _ => key.to_owned(),
        };
        requirements.push((key, text));
    }
    order::sort_by_key(&mut requirements, |(key, _)| *key);
    requirements.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(",")
}

/// The controller among an object's owners: `ReplicaSet/web-5d4f`.
pub(crate) fn controller_of(object: &Value) -> Option<&Value> {
    object.items("metadata.ownerReferences").iter().find(|owner| owner.flag("controller"))
}

/// What a terminal would obey is made visible. Models cli-runtime's `EscapeTerminal`.
pub(crate) fn escape_terminal(text: String) -> String {
    if text.contains(['\u{1b}', '\r']) {
        text.replace('\u{1b}', "^[").replace('\r', "\\r")
    } else {
        text
    }
}
