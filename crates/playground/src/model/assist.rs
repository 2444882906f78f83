//! Help while writing a manifest: which fields there may be at the cursor, and what a field is.
//!
//! The schema table says what exists. What the cursor is in is read from the indentation, since a
//! manifest that is being written can seldom be parsed.

use rollscope_api::Resource;
use rollscope_api::order;
use rollscope_api::schema::{Kind, Schema, Struct, TypeId};

/// A way to go on writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The field or value.
    pub label: String,
    /// What is put in, with what follows it.
    pub apply: String,
    /// Its Go type, shortened.
    pub type_: String,
    /// What `kubectl explain` says of it.
    pub text: String,
    /// Whether it is a field and not a value.
    pub is_field: bool,
}

/// What a word in a manifest is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// `spec.template.spec.containers`
    pub title: String,
    /// Its Go type, shortened.
    pub type_: String,
    /// What `kubectl explain` says of it.
    pub text: String,
    /// Columns of the word: the first, and the one after the last.
    pub columns: (usize, usize),
}

/// One line, as far as its shape matters.
struct Shape<'a> {
    /// Columns before the key, the dashes of list items included.
    indent: usize,
    /// The key, if there is one.
    key: Option<&'a str>,
    /// What stands behind the colon.
    value: &'a str,
    /// Whether an item begins on this line.
    item: bool,
}

fn shape(line: &str) -> Shape<'_> {
    let mut rest = line;
    let mut item = false;
    loop {
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        rest = &rest[spaces..];
        match rest.strip_prefix("- ").or(if rest == "-" { Some("") } else { None }) {
            Some(after) => {
                item = true;
                rest = after;
            }
            None => break,
        }
    }
    let indent = line.chars().count() - rest.chars().count();
    let (key, value) = match rest.split_once(':') {
        Some((key, value)) if !key.trim().is_empty() => (Some(key.trim()), value.trim()),
        _ => (None, rest),
    };
    Shape { indent, key, value, item }
}

/// The lines of the document that a line is in, and the number of that line among them.
fn document_around(text: &str, line: usize) -> (Vec<&str>, usize) {
    let all: Vec<&str> = text.lines().collect();
    let at = (line - 1).min(all.len());
    let is_end = |line: &&str| line.trim_end() == "---";
    let first = all[..at].iter().rposition(is_end).map_or(0, |end| end + 1);
    let last = all[at..].iter().position(is_end).map_or(all.len(), |end| at + end);
    (all[first..last.max(first)].to_vec(), at - first)
}

/// The keys above a line, outermost first, by indentation.
fn path_above(lines: &[&str], at: usize, indent: usize) -> Vec<String> {
    let mut path = Vec::new();
    let mut least = indent;
    for line in lines[..at.min(lines.len())].iter().rev() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let shape = shape(line);
        let outer = line.len() - line.trim_start_matches(' ').len();
        // An item's first key is a sibling of what follows at the same column; the list's own key
        // may stand at the column of the dash.
        if let Some(key) = shape.key.filter(|_| shape.indent < least) {
            path.push(key.to_owned());
            least = outer;
            if shape.item {
                least += 1;
            }
        } else if shape.item && outer < least {
            least = outer + 1;
        }
        if least == 0 {
            break;
        }
    }
    path.reverse();
    path
}

fn resource_of(lines: &[&str]) -> Option<Resource> {
    let value = |name: &str| {
        let found = lines.iter().find_map(|line| {
            let shape = shape(line);
            (shape.indent == 0 && shape.key == Some(name)).then_some(shape.value)
        });
        found.unwrap_or_default().trim_matches(['"', '\''])
    };
    Resource::from_gvk(value("apiVersion"), value("kind"))
}

/// The type at the end of a path of keys; list items and map values are looked through.
fn type_at(schema: &'static Schema, resource: Resource, path: &[String]) -> Option<TypeId> {
    let mut ty = schema.root(resource);
    for key in path {
        ty = element(schema, ty);
        ty = match schema.as_struct(ty) {
            Some(structure) => schema.field(structure, key)?.ty,
            None => return None,
        };
    }
    Some(ty)
}

/// What a list holds, or the type itself.
fn element(schema: &'static Schema, ty: TypeId) -> TypeId {
    match schema.ty(schema.resolve(ty)).kind {
        Kind::Slice(inner) => element(schema, inner),
        _ => ty,
    }
}

fn short_type(go: &str) -> String {
    go.replace("v1.", "").replace("metav1.", "").replace('*', "")
}

/// The ways to go on at a cursor. The first number is the column the word begins at.
pub fn complete(text: &str, line: usize, column: usize) -> Option<(usize, Vec<Offer>)> {
    let (lines, at) = document_around(text, line);
    let current = lines.get(at).copied().unwrap_or_default();
    let before: String = current.chars().take(column - 1).collect();
    if before.contains('#') {
        return None;
    }
    let shape = shape(&before);
    match shape.key {
        Some(key) => values(&lines, at, &shape, key, column),
        None => fields(&lines, at, &shape, column),
    }
}

fn fields(
    lines: &[&str],
    at: usize,
    shape: &Shape<'_>,
    column: usize,
) -> Option<(usize, Vec<Offer>)> {
    let start = column - shape.value.chars().count();
    let Some(resource) = resource_of(lines) else {
        let offers = if shape.indent == 0 { first_fields() } else { Vec::new() };
        return Some((start, offers));
    };
    let schema = Schema::get();
    let mut above = path_above(lines, at, shape.indent);
    if shape.item {
        above = path_above(lines, at, lines.get(at)?.find('-')? + 1);
    }
    let ty = element(schema, type_at(schema, resource, &above)?);
    let structure = schema.as_struct(ty)?;
    let present = siblings(lines, at, shape.indent);
    let first = first_fields().into_iter().filter(|_| shape.indent == 0);
    let first = first.filter(|offer| !present.contains(&offer.label));
    let offers = schema
        .fields_by_json(structure)
        .filter(|field| !field.json.is_empty() && !present.iter().any(|key| key == field.json))
        .filter(|field| shape.indent > 0 || field.json != "status")
        .map(|field| Offer {
            label: field.json.to_owned(),
            apply: after_key(schema, field.json, field.ty, shape.indent),
            type_: short_type(schema.ty(field.ty).go),
            text: explain(structure, field.json),
            is_field: true,
        });
    Some((start, first.chain(offers).collect()))
}

fn first_fields() -> Vec<Offer> {
    let offer = |label: &str| Offer {
        label: label.to_owned(),
        apply: format!("{label}: "),
        type_: "string".to_owned(),
        text: String::new(),
        is_field: true,
    };
    ["apiVersion", "kind"].map(offer).to_vec()
}

/// What is put in for a key: a scalar waits for its value, a struct opens a line below.
fn after_key(schema: &'static Schema, json: &str, ty: TypeId, indent: usize) -> String {
    let inner = " ".repeat(indent + 2);
    match schema.ty(schema.resolve(ty)).kind {
        Kind::Slice(_) => format!("{json}:\n{}- ", " ".repeat(indent)),
        Kind::Struct(_) | Kind::Map(_) => format!("{json}:\n{inner}"),
        _ => format!("{json}: "),
    }
}

/// The keys that stand beside a line in the same map.
fn siblings(lines: &[&str], at: usize, indent: usize) -> Vec<String> {
    let mut keys = Vec::new();
    let beside = |line: &&str| line.trim().is_empty() || shape(line).indent >= indent;
    for line in lines[..at.min(lines.len())].iter().rev().take_while(|line| beside(line)) {
        let shape = shape(line);
        keys.extend(shape.key.filter(|_| shape.indent == indent).map(str::to_owned));
        if shape.item && shape.indent == indent {
            break;
        }
    }
    let below = lines.get(at + 1..).unwrap_or_default();
    for line in below.iter().take_while(|line| beside(line)) {
        let shape = shape(line);
        if shape.item && shape.indent == indent {
            break;
        }
        keys.extend(shape.key.filter(|_| shape.indent == indent).map(str::to_owned));
    }
    keys
}

fn values(
    lines: &[&str],
    at: usize,
    shape: &Shape<'_>,
    key: &str,
    column: usize,
) -> Option<(usize, Vec<Offer>)> {
    let start = column - shape.value.chars().count();
    let offer = |value: &str| Offer {
        label: value.to_owned(),
        apply: value.to_owned(),
        type_: String::new(),
        text: String::new(),
        is_field: false,
    };
    if shape.indent == 0 && (key == "kind" || key == "apiVersion") {
        let mut words: Vec<String> = match key {
            "kind" => Resource::ALL.iter().map(|resource| resource.kind().to_owned()).collect(),
            _ => Resource::ALL.iter().map(|resource| resource.api_version()).collect(),
        };
        order::sort(&mut words);
        words.dedup();
        return Some((start, words.iter().map(|word| offer(word)).collect()));
    }
    let schema = Schema::get();
    let mut path = path_above(lines, at, shape.indent);
    path.push(key.to_owned());
    let ty = type_at(schema, resource_of(lines)?, &path)?;
    let words: Vec<&str> = match schema.ty(schema.resolve(ty)).kind {
        Kind::Bool => vec!["true", "false"],
        _ => schema.enum_values(ty).to_vec(),
    };
    Some((start, words.into_iter().map(offer).collect()))
}

/// What the word at a cursor is, if it is a field.
pub fn meaning(text: &str, line: usize, column: usize) -> Option<Meaning> {
    let (lines, at) = document_around(text, line);
    let shape = shape(lines.get(at)?);
    let key = shape.key?;
    let columns = (shape.indent + 1, shape.indent + 1 + key.chars().count());
    if !(columns.0..=columns.1).contains(&column) {
        return None;
    }
    let schema = Schema::get();
    let above =
        path_above(&lines, at, if shape.item { lines[at].find('-')? + 1 } else { shape.indent });
    let owner = element(schema, type_at(schema, resource_of(&lines)?, &above)?);
    let structure = schema.as_struct(owner)?;
    // `apiVersion` and `kind` are of every object, and in no type of the table.
    let first = above.is_empty() && first_fields().iter().any(|offer| offer.label == key);
    let type_ = match schema.field(structure, key) {
        Some(field) => short_type(schema.ty(field.ty).go),
        None if first => "string".to_owned(),
        None => return None,
    };
    let mut path = above;
    path.push(key.to_owned());
    Some(Meaning { title: path.join("."), type_, text: explain(structure, key), columns })
}

/// What `kubectl explain` says of a field.
fn explain(structure: &Struct, json: &str) -> String {
    rollscope_kubectl::explain::field_text(structure.name, json).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::examples::EXAMPLES;

    /// The labels offered at `|` in a manifest.
    #[track_caller]
    fn offered(text: &str) -> Vec<String> {
        let before = text.split('|').next().unwrap();
        let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        let found = complete(&text.replace('|', ""), line, column);
        found
            .map(|(_, offers)| offers.into_iter().map(|offer| offer.label).collect())
            .unwrap_or_default()
    }

    const HEAD: &str = "apiVersion: apps/v1\nkind: Deployment\n";

    #[test]
    fn fields_by_place() {
        let spec = offered(&format!("{HEAD}spec:\n  replicas: 3\n  min|"));
        assert!(spec.contains(&"minReadySeconds".to_owned()), "{spec:?}");
        assert!(!spec.contains(&"replicas".to_owned()), "it is there already");
        let container = offered(&format!(
            "{HEAD}spec:\n  template:\n    spec:\n      containers:\n      - name: a\n        im|"
        ));
        assert!(container.contains(&"imagePullPolicy".to_owned()), "{container:?}");
        let first = offered(&format!(
            "{HEAD}spec:\n  template:\n    spec:\n      containers:\n      - na|"
        ));
        assert!(first.contains(&"name".to_owned()), "{first:?}");
        assert_eq!(offered("|"), ["apiVersion", "kind"]);
    }

    #[test]
    fn values_where_there_are_few() {
        assert!(offered("kind: De|").contains(&"Deployment".to_owned()));
        let types = offered(&format!("{HEAD}spec:\n  strategy:\n    type: R|"));
        assert_eq!(types, ["Recreate", "RollingUpdate"]);
        assert_eq!(offered(&format!("{HEAD}spec:\n  paused: |")), ["true", "false"]);
    }

    #[test]
    fn every_key_of_the_examples_has_a_meaning() {
        for example in &EXAMPLES {
            for (at, line) in example.text.lines().enumerate() {
                let shape = shape(line);
                if shape.key.is_none() || line.contains("app: ") {
                    continue;
                }
                let found = meaning(example.text, at + 1, shape.indent + 1);
                assert!(found.is_some(), "{}: {line}", example.file);
            }
        }
    }
}
