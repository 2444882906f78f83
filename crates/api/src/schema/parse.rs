//! Reads `table.txt`. The table is part of the program, so a mistake in it is a bug and panics;
//! a test parses it.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::{Field, Kind, Merge, Schema, Struct, Type, TypeId};
use crate::Resource;
use crate::defaults::Hook;
use crate::order;

struct Builder {
    types: Vec<Type>,
    structs: Vec<Struct>,
    by_go: BTreeMap<&'static str, TypeId>,
}

pub(super) fn parse(text: &'static str) -> Schema {
    let mut builder = Builder { types: Vec::new(), structs: Vec::new(), by_go: BTreeMap::new() };
    builder.declare(text);
    let mut enums = BTreeMap::new();
    let mut current = 0;
    for line in text.lines() {
        if let Some(field) = line.strip_prefix(' ') {
            let field = builder.field(field);
            builder.structs[current].fields.push(field);
        } else if let Some((name, definition)) = line.split_once('=') {
            let mut words = definition.split(' ');
            let underlying = builder.type_id(words.next().unwrap_or_default());
            let id = builder.by_go[qualified(name)];
            builder.types[id.0 as usize].kind = Kind::Named(underlying);
            let values: Vec<&'static str> = words.collect();
            if !values.is_empty() {
                enums.insert(id, values);
            }
        } else {
            let id = builder.by_go[qualified(line)];
            let Kind::Struct(index) = builder.types[id.0 as usize].kind else {
                unreachable!("{line} is declared as a struct")
            };
            current = index;
        }
    }
    builder.index_json_names();
    let roots = order::gather(Resource::ALL.into_iter().map(|resource| {
        let name = match resource.version() {
            "v1" => format!("v1.{}", resource.kind()),
            version => format!("{version}.{}", resource.kind()),
        };
        (resource, builder.by_go[name.as_str()])
    }));
    let template = builder.by_go["v1.PodTemplateSpec"];
    let Builder { types, structs, by_go } = builder;
    Schema { types, structs, by_go, enums, roots, template }
}

/// `PodSpec` → `v1.PodSpec`; names that carry their package stay.
fn qualified(name: &'static str) -> &'static str {
    if name.contains('.') { name } else { Box::leak(format!("v1.{name}").into_boxed_str()) }
}

impl Builder {
    /// Gives every struct and named type its place, so that fields may refer to later ones.
    fn declare(&mut self, text: &'static str) {
        for line in text.lines().filter(|line| !line.starts_with(' ')) {
            match line.split_once('=') {
                Some((name, _)) => {
                    // The underlying type is filled in once everything is declared.
                    self.add(qualified(name), Kind::String);
                }
                None => {
                    self.add(qualified(line), Kind::Struct(self.structs.len()));
                    self.structs.push(Struct {
                        name: line,
                        fields: Vec::new(),
                        by_json: Vec::new(),
                        hook: Hook::of(line),
                    });
                }
            }
        }
    }

    fn add(&mut self, go: &'static str, kind: Kind) -> TypeId {
        let index = u16::try_from(self.types.len()).expect("the table has fewer than 65536 types");
        self.types.push(Type { kind, go, zero_dump: OnceCell::new() });
        self.by_go.insert(go, TypeId(index));
        TypeId(index)
    }

    fn type_id(&mut self, text: &'static str) -> TypeId {
        let go: &'static str = go_text(text);
        if let Some(&id) = self.by_go.get(go) {
            return id;
        }
        let kind = if let Some(inner) = text.strip_prefix('*') {
            Kind::Pointer(self.type_id(inner))
        } else if text == "[]byte" {
            Kind::Bytes
        } else if let Some(inner) = text.strip_prefix("[]") {
            Kind::Slice(self.type_id(inner))
        } else if let Some(map) = text.strip_prefix("map[") {
            let (_, value) = map.split_once(']').expect("a map type has a closing bracket");
            Kind::Map(self.type_id(value))
        } else {
            match text {
                "string" | "types.UID" => Kind::String,
                "bool" => Kind::Bool,
                "int32" => Kind::Int32,
                "int64" => Kind::Int64,
                "resource.Quantity" => Kind::Quantity,
                "intstr.IntOrString" => Kind::IntOrString,
                "Time" => Kind::Time,
                "MicroTime" => Kind::MicroTime,
                "FieldsV1" => Kind::Raw,
                _ => unreachable!("unknown type {text}"),
            }
        };
        self.add(go, kind)
    }

    fn field(&mut self, line: &'static str) -> Field {
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let (go, json, ty) = (word(), word(), word());
        let ty = self.type_id(ty);
        let mut field = Field {
            go,
            json: match json {
                "." => lower_first(go),
                "+" => "",
                name => name,
            },
            ty,
            inline: json == "+",
            always: false,
            omit_zero: false,
            required: false,
            retain_keys: false,
            merge: Merge::None,
            default: None,
        };
        for token in words {
            match token {
                "!" => (field.always, field.required) = (true, true),
                "?" => field.required = false,
                "*" => field.required = true,
                "m" => field.merge = Merge::Set,
                "r" => field.retain_keys = true,
                "z" => field.omit_zero = true,
                token => match token.split_once('=') {
                    Some(("k", key)) => field.merge = Merge::Key(key),
                    Some(("d", value)) => field.default = Some(value),
                    _ => unreachable!("unknown token {token} in {line}"),
                },
            }
        }
        field
    }

    fn index_json_names(&mut self) {
        for index in 0..self.structs.len() {
            let mut names = Vec::new();
            self.collect_json_names(index, &mut names);
            order::sort(&mut names);
            self.structs[index].by_json = names;
        }
    }

    fn collect_json_names(&self, owner: usize, names: &mut Vec<(&'static str, usize, usize)>) {
        for (at, field) in self.structs[owner].fields.iter().enumerate() {
            match self.types[field.ty.0 as usize].kind {
                Kind::Struct(embedded) if field.inline => {
                    self.collect_json_names(embedded, names);
                }
                _ => names.push((field.json, owner, at)),
            }
        }
    }
}

/// `*[]Container` → `*[]v1.Container`.
fn go_text(text: &'static str) -> &'static str {
    let (prefix, rest) = if let Some(inner) = text.strip_prefix('*') {
        ("*", go_text(inner).to_owned())
    } else if let Some(inner) = text.strip_prefix("[]") {
        let inner = if inner == "byte" { "uint8" } else { inner };
        ("[]", go_text(inner).to_owned())
    } else if let Some(map) = text.strip_prefix("map[") {
        let (key, value) = map.split_once(']').expect("a map type has a closing bracket");
        ("map[", format!("{}]{}", go_text(key), go_text(value)))
    } else if text.contains('.') || text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return text;
    } else {
        ("v1.", text.to_owned())
    };
    Box::leak(format!("{prefix}{rest}").into_boxed_str())
}

fn lower_first(go: &str) -> &'static str {
    let mut name = go.to_owned();
    name[..1].make_ascii_lowercase();
    Box::leak(name.into_boxed_str())
}
