//! Kinds without a description of their own: every field in turn.
//! Models `genericDescriber`, `printUnstructuredContent` and `smartLabelFor`.

use rollscope_api::Value;
use serde_json::Map;

use super::writer::Writer;
use crate::value::plain;

const SKIPPED: [&str; 5] = [
    ".metadata.managedFields",
    ".metadata.name",
    ".metadata.namespace",
    ".metadata.labels",
    ".metadata.annotations",
];

pub(super) fn write(w: &mut Writer, object: &Value) {
    w.metadata(object);
    if let Some(fields) = object.as_object() {
        write_fields(w, 0, fields, "");
    }
}

fn write_fields(w: &mut Writer, level: usize, fields: &Map<String, Value>, path: &str) {
    for (field, value) in fields {
        let path = format!("{path}.{field}");
        if SKIPPED.contains(&path.as_str()) {
            continue;
        }
        let label = label(field);
        match value {
            Value::Object(inner) => {
                w.put(level, &format!("{label}:\n"));
                write_fields(w, level + 1, inner, &path);
            }
            Value::Array(items) => {
                w.put(level, &format!("{label}:\n"));
                for item in items {
                    match item {
                        Value::Object(inner) => write_fields(w, level + 1, inner, &path),
                        other => w.put(level + 1, &format!("{}\n", plain(other))),
                    }
                }
            }
            scalar => w.field(level, &label, plain(scalar)),
        }
    }
}

/// `lastTimestamp` as `Last Timestamp`, `uid` as `UID`.
fn label(field: &str) -> String {
    if !field.chars().all(|c| c.is_alphabetic() || c == '-') {
        return field.to_owned();
    }
    let mut merged: Vec<String> = Vec::new();
    let mut words = words(field).into_iter().peekable();
    while let Some(word) = words.next() {
        let upper = word.chars().count() >= 2
            && word.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
        let joins = |next: &String| next.chars().next().is_some_and(char::is_uppercase);
        match words.next_if(|next| upper && joins(next)) {
            Some(next) => merged.push(word + &next),
            None => merged.push(word),
        }
    }
    let labels: Vec<String> = merged.into_iter().map(title).collect();
    labels.join(" ")
}

fn title(word: String) -> String {
    let upper = word.to_uppercase();
    if ["API", "URL", "UID", "GUID"].contains(&upper.as_str()) {
        return upper;
    }
    if word != word.to_lowercase() {
        return word;
    }
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => word,
    }
}

/// Splits camel case; of a run of capitals the last one belongs to the word that follows.
fn words(field: &str) -> Vec<String> {
    #[derive(Clone, Copy, PartialEq)]
    enum Class {
        Lower,
        Upper,
        Other,
    }
    let class = |c: char| match c {
        c if c.is_lowercase() => Class::Lower,
        c if c.is_uppercase() => Class::Upper,
        _ => Class::Other,
    };
    let mut runs: Vec<(Class, String)> = Vec::new();
    for c in field.chars() {
        match runs.last_mut() {
            Some((last, run)) if *last == class(c) => run.push(c),
            _ => runs.push((class(c), c.to_string())),
        }
    }
    for index in 1..runs.len() {
        let capitals_end = runs[index - 1].0 == Class::Upper && runs[index].0 == Class::Lower;
        let capital = if capitals_end { runs[index - 1].1.pop() } else { None };
        if let Some(capital) = capital {
            runs[index].1.insert(0, capital);
        }
    }
    runs.into_iter().map(|(_, run)| run).filter(|run| !run.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn fields_become_labels() {
        let labels = ["lastTimestamp", "uid", "apiVersion", "podIP", "clusterIPs", "x-y", "a1"];
        let labels: Vec<String> = labels.into_iter().map(label).collect();
        assert_eq!(
            labels,
            ["Last Timestamp", "UID", "API Version", "Pod IP", "Cluster I Ps", "X - Y", "a1"]
        );
    }
}
