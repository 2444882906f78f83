//! The walk over a body along the schema.

use serde_json::{Map, Value};

use super::number_text;
use super::time_error::time_error;
use crate::quantity::{self, Quantity};
use crate::schema::{Field, Kind, Schema, Struct, TypeId};

/// Decoding that ended at once; the text is the whole error.
type Abort = String;

pub(super) struct Walk {
    schema: &'static Schema,
    pub(super) strict_errors: Vec<String>,
    /// Every type error with the path it was found at. The server tells the first alone; decoding
    /// goes on behind it.
    pub(super) type_errors: Vec<(String, String)>,
    /// The struct whose field is being decoded, without its package.
    structure: &'static str,
    /// JSON names of the fields on the way, without list indices, and Go names of the embedded
    /// structs between them: Go's error context.
    stack: Vec<&'static str>,
    /// The same with list indices and map keys: the path strict errors name.
    path: String,
}

impl Walk {
    pub(super) fn new(schema: &'static Schema) -> Self {
        Self {
            schema,
            strict_errors: Vec::new(),
            type_errors: Vec::new(),
            structure: "",
            stack: Vec::new(),
            path: String::new(),
        }
    }

    pub(super) fn root(&mut self, id: TypeId, body: &Value) -> Result<Value, String> {
        let Some(structure) = self.schema.as_struct(id) else { return Ok(Value::Null) };
        let empty = Map::new();
        let object = match body {
            Value::Object(object) => object,
            Value::Null => &empty,
            other => {
                let go = self.schema.ty(id).go;
                return Err(format!(
                    "json: cannot unmarshal {} into Go value of type {go}",
                    json_kind(other)
                ));
            }
        };
        let value = self.structure(structure, object, true);
        self.finish(value)
    }

    /// Decodes one field alone, for its errors.
    pub(super) fn field(
        &mut self,
        id: TypeId,
        name: &'static str,
        owner: &'static str,
        value: &Value,
    ) -> Result<(), String> {
        (self.structure, self.stack) = (owner, vec![name]);
        let value = self.value(id, value);
        self.finish(value.map(Option::unwrap_or_default)).map(|_| ())
    }

    fn finish(&mut self, value: Result<Value, Abort>) -> Result<Value, String> {
        // An error that ended decoding hides an earlier one that did not.
        match value {
            Err(abort) => {
                self.type_errors.push((self.path.clone(), abort.clone()));
                Err(abort)
            }
            Ok(value) => match self.type_errors.first() {
                Some((_, saved)) => Err(saved.clone()),
                None => Ok(value),
            },
        }
    }

    fn structure(
        &mut self,
        structure: &'static Struct,
        object: &Map<String, Value>,
        root: bool,
    ) -> Result<Value, Abort> {
        let mut out = Map::new();
        let outer = self.structure;
        for (key, value) in object {
            let Some(field) = self.schema.field(structure, key) else {
                if !(root && matches!(key.as_str(), "apiVersion" | "kind")) {
                    self.unknown(key);
                }
                continue;
            };
            self.structure = structure.name.rsplit('.').next().unwrap_or_default();
            let depth = self.stack.len();
            self.stack.extend(self.schema.embedding(structure, key));
            self.stack.push(field.json);
            let length = self.path.len();
            if length > 0 {
                self.path.push('.');
            }
            self.path.push_str(key);
            let decoded = self.value(field.ty, value)?;
            self.path.truncate(length);
            self.stack.truncate(depth);
            if let Some(decoded) = decoded
                && self.is_written(field, &decoded)
            {
                out.insert(key.clone(), decoded);
            }
        }
        self.structure = outer;
        self.fill(structure, &mut out);
        Ok(Value::Object(out))
    }

    fn unknown(&mut self, key: &str) {
        // Upstream stops collecting at a hundred.
        if self.strict_errors.len() < 100 {
            let dot = if self.path.is_empty() { "" } else { "." };
            self.strict_errors.push(format!("unknown field \"{}{dot}{key}\"", self.path));
        }
    }

    /// Whether Go writes a decoded field: zero values are left out unless the type forbids it.
    fn is_written(&self, field: &Field, value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::Object(map) if field.omit_zero => !map.is_empty(),
            // Pointers and structs are written however empty they are.
            _ if matches!(self.schema.ty(field.ty).kind, Kind::Pointer(_)) => true,
            Value::Array(items) => !items.is_empty(),
            Value::Object(map) => {
                !map.is_empty() || matches!(self.schema.ty(field.ty).kind, Kind::Struct(_))
            }
            Value::String(text) => field.always || !text.is_empty() || self.writes_itself(field.ty),
            Value::Number(number) => {
                field.always || number.as_i64() != Some(0) || self.writes_itself(field.ty)
            }
            Value::Bool(flag) => field.always || *flag,
        }
    }

    fn writes_itself(&self, id: TypeId) -> bool {
        matches!(self.schema.ty(id).kind, Kind::Quantity | Kind::IntOrString)
    }

    /// Adds what Go writes although nothing was given.
    fn fill(&self, structure: &'static Struct, out: &mut Map<String, Value>) {
        for field in self.schema.fields_by_json(structure) {
            if out.contains_key(field.json) {
                continue;
            }
            if let Some(zero) = self.zero(field) {
                out.insert(field.json.to_owned(), zero);
            }
        }
    }

    fn zero(&self, field: &Field) -> Option<Value> {
        match self.schema.ty(field.ty).kind {
            Kind::Struct(index) => {
                let mut inner = Map::new();
                self.fill(self.schema.struct_at(index), &mut inner);
                Some(Value::Object(inner))
            }
            Kind::Quantity => Some("0".into()),
            Kind::IntOrString => Some(0.into()),
            _ if !field.always => None,
            _ => self.zero_scalar(field.ty),
        }
    }

    fn zero_scalar(&self, id: TypeId) -> Option<Value> {
        match self.schema.ty(id).kind {
            Kind::Named(inner) => self.zero_scalar(inner),
            Kind::String => Some("".into()),
            Kind::Bool => Some(false.into()),
            Kind::Int32 | Kind::Int64 => Some(0.into()),
            _ => None,
        }
    }

    /// The zero value of a list element or map value that is null.
    fn zero_element(&self, id: TypeId) -> Value {
        match self.schema.ty(id).kind {
            Kind::Struct(index) => {
                let mut inner = Map::new();
                self.fill(self.schema.struct_at(index), &mut inner);
                Value::Object(inner)
            }
            Kind::Quantity => "0".into(),
            Kind::IntOrString => 0.into(),
            _ => self.zero_scalar(id).unwrap_or_default(),
        }
    }

    /// Decodes a value. Nothing means the zero value.
    fn value(&mut self, id: TypeId, value: &Value) -> Result<Option<Value>, Abort> {
        if value.is_null() {
            return Ok(None);
        }
        // Errors name the type that the field is declared with: `v1.PullPolicy`, not `string`.
        let declared = self.schema.pointee(id);
        let id = self.schema.resolve(id);
        Ok(match (&self.schema.ty(id).kind, value) {
            (Kind::Struct(index), Value::Object(object)) => {
                Some(self.structure(self.schema.struct_at(*index), object, false)?)
            }
            (Kind::Slice(element), Value::Array(items)) => Some(self.slice(*element, items)?),
            (Kind::Map(element), Value::Object(map)) => Some(self.map(*element, map)?),
            (Kind::String, Value::String(_)) | (Kind::Bool, Value::Bool(_)) | (Kind::Raw, _) => {
                Some(value.clone())
            }
            (Kind::Int32 | Kind::Int64, Value::Number(number)) => {
                let range = |number: i64| {
                    matches!(self.schema.ty(id).kind, Kind::Int64) || i32::try_from(number).is_ok()
                };
                match number.as_i64().filter(|number| range(*number)) {
                    Some(number) => Some(number.into()),
                    None => {
                        self.save(&format!("number {}", number_text(number)), id);
                        None
                    }
                }
            }
            (Kind::Quantity, value) => Some(self.quantity(value)?),
            (Kind::IntOrString, value) => Some(self.int_or_string(value)?),
            (Kind::Time | Kind::MicroTime, value) => Some(self.time(value, id)?),
            (Kind::Bytes, Value::String(text)) => match base64_error_at(text) {
                None => Some(value.clone()),
                Some(at) => {
                    let text = format!("illegal base64 data at input byte {at}");
                    self.type_errors.push((self.path.clone(), text));
                    None
                }
            },
            (_, other) => {
                self.save(json_kind(other), declared);
                None
            }
        })
    }

    fn slice(&mut self, element: TypeId, items: &[Value]) -> Result<Value, Abort> {
        let mut out = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let length = self.path.len();
            self.path.push_str(&format!("[{at}]"));
            let decoded = self.value(element, item)?;
            self.path.truncate(length);
            out.push(decoded.unwrap_or_else(|| self.zero_element(element)));
        }
        Ok(Value::Array(out))
    }

    fn map(&mut self, element: TypeId, map: &Map<String, Value>) -> Result<Value, Abort> {
        let mut out = Map::new();
        for (key, item) in map {
            let length = self.path.len();
            self.path.push('.');
            self.path.push_str(key);
            let decoded = self.value(element, item)?;
            self.path.truncate(length);
            out.insert(key.clone(), decoded.unwrap_or_else(|| self.zero_element(element)));
        }
        Ok(Value::Object(out))
    }

    fn quantity(&self, value: &Value) -> Result<Value, Abort> {
        let text = match value {
            Value::String(_) | Value::Number(_) => quantity::wire_text(value),
            other => other.to_string(),
        };
        Quantity::parse(&text)
            .map(|quantity| quantity.canonical().into())
            .map_err(|error| error.to_string())
    }

    fn int_or_string(&self, value: &Value) -> Result<Value, Abort> {
        match value {
            Value::String(_) => Ok(value.clone()),
            Value::Number(number) => {
                let fits = number.as_i64().filter(|number| i32::try_from(*number).is_ok());
                fits.map(Value::from).ok_or_else(|| {
                    self.type_error(&format!("number {}", number_text(number)), "int32")
                })
            }
            other => Err(self.type_error(json_kind(other), "int32")),
        }
    }

    fn time(&self, value: &Value, id: TypeId) -> Result<Value, Abort> {
        let Value::String(text) = value else {
            return Err(self.type_error(json_kind(value), "string"));
        };
        let micro = matches!(self.schema.ty(id).kind, Kind::MicroTime);
        match time_error(text).filter(|_| !micro) {
            None => Ok(value.clone()),
            Some(error) => Err(error),
        }
    }

    fn save(&mut self, found: &str, id: TypeId) {
        let error = self.type_error(found, self.schema.ty(id).go);
        self.type_errors.push((self.path.clone(), error));
    }

    fn type_error(&self, found: &str, go: &str) -> String {
        let path = self.stack.join(".");
        format!(
            "json: cannot unmarshal {found} into Go struct field {}.{path} of type {go}",
            self.structure
        )
    }
}

/// What Go calls a JSON value in a type error.
pub fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Where a text stops being base64 with padding; line breaks are skipped, as Go does.
fn base64_error_at(text: &str) -> Option<usize> {
    let mut group = 0;
    let mut padding = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\r' | b'\n' => continue,
            b'=' if group >= 2 => {
                padding += 1;
                group += 1;
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => group += 1,
            _ => return Some(at),
        }
        if group == 4 && padding == 0 {
            group = 0;
        } else if group > 4 {
            return Some(at);
        }
    }
    (group % 4 != 0).then_some(text.len() - group % 4)
}
