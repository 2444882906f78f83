//! `kubectl explain`: fields, their types and what they mean.
//!
//! The layout models `kubectl/pkg/explain/v2/templates/plaintext.tmpl`; fields and types come from the
//! API's schema table; the descriptions are our own (`table.txt`: a struct and what it is, then a line
//! a field; the struct `*` stands for what all objects have).

use std::collections::BTreeMap;

use rollscope_api::Resource;
use rollscope_api::order;
use rollscope_api::schema::{Field, Kind, Schema, Struct, TypeId};

/// Explains `RESOURCE.PATH…`: the object itself where the path is empty.
///
/// # Errors
/// `field "x" does not exist`, without `error: `.
pub fn explain(resource: Resource, path: &[&str], recursive: bool) -> Result<String, String> {
    let schema = Schema::get();
    let mut out = String::new();
    if !resource.group().is_empty() {
        out += &format!("GROUP:      {}\n", resource.group());
    }
    out += &format!("KIND:       {}\nVERSION:    {}\n\n", resource.kind(), resource.version());

    let mut here = Place { ty: Type::Of(schema.root(resource)), text: None };
    for (index, name) in path.iter().enumerate() {
        let is_root = index == 0;
        let missing = || format!("field {:?} does not exist", path[path.len() - 1]);
        here = fields(schema, here.ty, is_root)
            .into_iter()
            .find(|field| field.name == *name)
            .map(|field| Place { ty: field.ty, text: field.text })
            .ok_or_else(missing)?;
    }
    if let Some(name) = path.last() {
        out += &format!("FIELD: {name} <{}>\n", type_name(schema, here.ty));
        let values = enum_values(schema, here.ty);
        if !values.is_empty() {
            out += &format!("ENUM:\n    {}", values.join("\n    "));
        }
        out += "\n\n";
    }
    out += "DESCRIPTION:\n";
    out += &indented(&wrapped(&description(schema, &here), 76), 4);
    // The description ends in a line break, which is indented as well.
    out += "\n    \n";
    let mut list = String::new();
    let mut seen = Vec::new();
    write_fields(schema, here.ty, path.is_empty(), 1, recursive, &mut seen, &mut list);
    if !list.is_empty() {
        out += "FIELDS:\n";
        out += &list;
    }
    out.push('\n');
    Ok(out)
}

/// What a field means, in one or two sentences; `structure` as the schema names it (`PodSpec`).
pub fn field_text(structure: &str, field: &str) -> Option<&'static str> {
    let texts = texts();
    texts.get(&(structure, field)).or_else(|| texts.get(&("*", field))).copied()
}

#[derive(Clone, Copy)]
enum Type {
    Of(TypeId),
    /// `apiVersion` and `kind`, which no struct of the table has.
    Text,
}

struct Place {
    ty: Type,
    text: Option<&'static str>,
}

struct Entry {
    name: &'static str,
    ty: Type,
    required: bool,
    text: Option<&'static str>,
}

/// The fields of a type by name: those of a struct, of a list's items or of a map's values.
fn fields(schema: &'static Schema, ty: Type, is_root: bool) -> Vec<Entry> {
    let Some(structure) = structure_of(schema, ty) else { return Vec::new() };
    let mut fields: Vec<Entry> = schema
        .fields_by_json(structure)
        .map(|field| Entry {
            name: field.json,
            ty: Type::Of(field.ty),
            required: is_required(field),
            text: field_text(structure.name, field.json),
        })
        .collect();
    if is_root {
        for name in ["apiVersion", "kind"] {
            let text = field_text("*", name);
            fields.push(Entry { name, ty: Type::Text, required: false, text });
        }
        order::sort_by_key(&mut fields, |field| field.name);
    }
    fields
}

fn is_required(field: &Field) -> bool {
    field.required
}

fn structure_of(schema: &'static Schema, ty: Type) -> Option<&'static Struct> {
    let Type::Of(id) = ty else { return None };
    let resolved = schema.resolve(id);
    match schema.ty(resolved).kind {
        Kind::Struct(index) => Some(schema.struct_at(index)),
        Kind::Slice(inner) | Kind::Map(inner) => structure_of(schema, Type::Of(inner)),
        _ => None,
    }
}

fn write_fields(
    schema: &'static Schema,
    ty: Type,
    is_root: bool,
    level: usize,
    recursive: bool,
    seen: &mut Vec<&'static str>,
    out: &mut String,
) {
    let Some(structure) = structure_of(schema, ty) else { return };
    if seen.contains(&structure.name) {
        return;
    }
    seen.push(structure.name);
    let indent = level * 2;
    for field in fields(schema, ty, is_root) {
        *out += &format!(
            "{:indent$}{}\t<{}>{}\n",
            "",
            field.name,
            type_name(schema, field.ty),
            if field.required { " -required-" } else { "" },
        );
        let values = enum_values(schema, field.ty);
        if !values.is_empty() {
            *out += &format!("{:indent$}enum: {}\n", "", shown_values(values));
        }
        if recursive {
            write_fields(schema, field.ty, false, level + 1, true, seen, out);
        } else {
            let text = wrapped(field.text.unwrap_or("<no description>"), 78 - indent);
            *out += &indented(&text, indent + 2);
            *out += "\n\n";
        }
    }
    seen.pop();
}

/// At most four values are shown beside a field.
fn shown_values(values: &[&str]) -> String {
    const SHOWN: usize = 4;
    let text = values[..values.len().min(SHOWN)].join(", ");
    if values.len() > SHOWN { text + ", ...." } else { text }
}

fn enum_values(schema: &'static Schema, ty: Type) -> &'static [&'static str] {
    match ty {
        Type::Of(id) => schema.enum_values(id),
        Type::Text => &[],
    }
}

/// `integer`, `[]Container`, `map[string]string`.
fn type_name(schema: &'static Schema, ty: Type) -> String {
    let Type::Of(id) = ty else { return "string".into() };
    match schema.ty(schema.resolve(id)).kind {
        Kind::Struct(index) => schema.struct_at(index).name.to_owned(),
        Kind::Slice(inner) => format!("[]{}", type_name(schema, Type::Of(inner))),
        Kind::Map(inner) => format!("map[string]{}", type_name(schema, Type::Of(inner))),
        Kind::Bool => "boolean".into(),
        Kind::Int32 | Kind::Int64 => "integer".into(),
        Kind::Quantity => "Quantity".into(),
        Kind::IntOrString => "IntOrString".into(),
        Kind::Raw => "Object".into(),
        Kind::String | Kind::Bytes | Kind::Time | Kind::MicroTime => "string".into(),
        // `resolve` looks through these.
        Kind::Pointer(_) | Kind::Named(_) => String::new(),
    }
}

/// A field's own words, then what its type is.
fn description(schema: &'static Schema, place: &Place) -> String {
    let of_type = structure_of(schema, place.ty)
        .and_then(|structure| texts().get(&(structure.name, "")).copied());
    let parts: Vec<&str> = place.text.into_iter().chain(of_type).collect();
    if parts.is_empty() { "<empty>".into() } else { parts.join("\n") }
}

/// Breaks lines at blanks so that they are no longer than `width`.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let length = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && length > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.join("\n")
}

fn indented(text: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    format!("{pad}{}", text.replace('\n', &format!("\n{pad}")))
}

type Texts = BTreeMap<(&'static str, &'static str), &'static str>;

/// The descriptions by struct and field; a struct's own under the empty field.
fn texts() -> &'static Texts {
    thread_local! {
        static TEXTS: &'static Texts = Box::leak(Box::new(parse(include_str!("table.txt"))));
    }
    TEXTS.with(|texts| *texts)
}

fn parse(table: &'static str) -> Texts {
    let mut texts = Texts::new();
    let mut structure = "";
    for line in table.lines() {
        let (name, text) = line.split_once(": ").unwrap_or((line, ""));
        match name.strip_prefix(' ') {
            Some(field) => {
                texts.insert((structure, field), text);
            }
            None => {
                structure = name;
                if !text.is_empty() {
                    texts.insert((structure, ""), text);
                }
            }
        }
    }
    texts
}

#[cfg(test)]
mod tests;
