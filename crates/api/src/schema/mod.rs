//! The one table of API types: every field with its Go name, JSON name, type, list keys and
//! default. Decoding, defaulting, semantic equality, the pod-template hash, patches, `explain` and
//! the editor's completion all read it.
//!
//! `table.txt` holds the facts of the v1.36.2 API types (`k8s.io/api`, `k8s.io/apimachinery`):
//! a struct's name, then one indented line a field:
//! `GoName jsonName type tokens…`, where a JSON name `.` is the Go name with a small first letter
//! and `+` embeds the struct. Tokens: `!` always written, `?` optional though always written,
//! `*` required though left out when empty, `k=KEY` merged by key, `m` merged as a set,
//! `r` retainKeys, `z` left out when zero, `d=VALUE` default. `Name=type VALUE…` names a type and
//! its enum values. `v1.` is left out in front of type names.

mod json;
mod parse;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::Resource;
use crate::defaults::Hook;

/// Index of a type in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeId(u16);

/// What a type is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Struct(usize),
    Pointer(TypeId),
    Slice(TypeId),
    /// A map from strings (or a named string type).
    Map(TypeId),
    /// A named type: its underlying type.
    Named(TypeId),
    String,
    Bool,
    Int32,
    Int64,
    /// `[]byte`, base64 on the wire.
    Bytes,
    Quantity,
    IntOrString,
    /// `metav1.Time`
    Time,
    /// `metav1.MicroTime`
    MicroTime,
    /// Anything, kept as it is.
    Raw,
}

/// A type of the table.
#[derive(Debug)]
pub struct Type {
    /// What it is made of.
    pub kind: Kind,
    /// As Go prints it: `[]v1.Container`, `*int32`.
    pub go: &'static str,
    /// The value the hash dump prints for a zero value, filled on first use.
    pub(crate) zero_dump: OnceCell<&'static str>,
}

/// A struct of the table.
#[derive(Debug)]
pub struct Struct {
    /// The name without `v1.`: `PodSpec`.
    pub name: &'static str,
    /// Its fields in Go's order.
    pub fields: Vec<Field>,
    /// Fields by JSON name, those of embedded structs included, sorted by JSON name: the struct
    /// that declares the field and the field's place in it.
    by_json: Vec<(&'static str, usize, usize)>,
    /// What defaulting does beyond the table's defaults.
    pub(crate) hook: Hook,
}

/// How lists and maps are patched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Merge {
    /// The whole value is replaced (lists), or merged key by key (maps).
    #[default]
    None,
    /// A list merged by the values themselves.
    Set,
    /// A list of objects merged by this key.
    Key(&'static str),
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// `ContainerPort`
    pub go: &'static str,
    /// `containerPort`; empty for an embedded struct.
    pub json: &'static str,
    #[allow(missing_docs)]
    pub ty: TypeId,
    /// An embedded struct: its fields are written beside the others.
    pub inline: bool,
    /// Written even when zero.
    pub always: bool,
    /// Left out when zero although it is a struct.
    pub omit_zero: bool,
    /// `explain` calls it required.
    pub required: bool,
    /// A patch that names some of its keys drops all others.
    pub retain_keys: bool,
    #[allow(missing_docs)]
    pub merge: Merge,
    /// What the API server fills in, as text: a number, a word, `{}`.
    pub default: Option<&'static str>,
}

/// The parsed table.
#[derive(Debug)]
pub struct Schema {
    types: Vec<Type>,
    structs: Vec<Struct>,
    by_go: BTreeMap<&'static str, TypeId>,
    enums: BTreeMap<TypeId, Vec<&'static str>>,
    roots: BTreeMap<Resource, TypeId>,
    template: TypeId,
}

thread_local! {
    static SCHEMA: &'static Schema = Box::leak(Box::new(parse::parse(include_str!("table.txt"))));
}

impl Schema {
    /// The table, parsed on first use.
    pub fn get() -> &'static Self {
        SCHEMA.with(|schema| *schema)
    }

    /// The type of a resource's objects.
    pub fn root(&self, resource: Resource) -> TypeId {
        self.roots[&resource]
    }

    /// The type of pod templates.
    pub fn pod_template(&self) -> TypeId {
        self.template
    }

    #[allow(missing_docs)]
    pub fn ty(&'static self, id: TypeId) -> &'static Type {
        &self.types[id.0 as usize]
    }

    /// What a type is made of once pointers and names are looked through.
    pub fn resolve(&'static self, mut id: TypeId) -> TypeId {
        while let Kind::Pointer(inner) | Kind::Named(inner) = self.ty(id).kind {
            id = inner;
        }
        id
    }

    /// The type behind a pointer; the type itself if it is none.
    pub fn pointee(&'static self, id: TypeId) -> TypeId {
        match self.ty(id).kind {
            Kind::Pointer(inner) => inner,
            _ => id,
        }
    }

    /// The struct a type is or points to.
    pub fn as_struct(&'static self, id: TypeId) -> Option<&'static Struct> {
        match self.ty(self.resolve(id)).kind {
            Kind::Struct(index) => Some(&self.structs[index]),
            _ => None,
        }
    }

    /// The struct at an index of [`Kind::Struct`].
    pub fn struct_at(&'static self, index: usize) -> &'static Struct {
        &self.structs[index]
    }

    /// The type of that Go name: `v1.PodSpec`.
    pub fn by_name(&self, go: &str) -> Option<TypeId> {
        self.by_go.get(go).copied()
    }

    /// The values a named string type may have, where the list is closed.
    pub fn enum_values(&'static self, id: TypeId) -> &'static [&'static str] {
        self.enums.get(&self.pointee(id)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The field of that JSON name, also one of an embedded struct.
    pub fn field(&'static self, structure: &Struct, json: &str) -> Option<&'static Field> {
        let at = structure.by_json.binary_search_by(|(name, _, _)| (*name).cmp(json)).ok()?;
        let (_, owner, index) = structure.by_json[at];
        Some(&self.structs[owner].fields[index])
    }

    /// The embedded structs on the way to the field of that JSON name, by their Go names.
    pub fn embedding(&'static self, structure: &'static Struct, json: &str) -> Vec<&'static str> {
        let mut way = Vec::new();
        let mut structure = structure;
        while !structure.fields.iter().any(|field| !field.inline && field.json == json) {
            let inner = structure.fields.iter().filter(|field| field.inline).find_map(|field| {
                let inner = self.as_struct(field.ty)?;
                self.field(inner, json).map(|_| (field.go, inner))
            });
            let Some((go, inner)) = inner else { break };
            way.push(go);
            structure = inner;
        }
        way
    }

    /// The fields of a struct sorted by JSON name, those of embedded structs included.
    pub fn fields_by_json(
        &'static self,
        structure: &Struct,
    ) -> impl Iterator<Item = &'static Field> {
        structure.by_json.iter().map(|(_, owner, index)| &self.structs[*owner].fields[*index])
    }
}
