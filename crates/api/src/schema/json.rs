//! Values as Go's `json.Marshal` writes them: fields in the order the struct declares them.

use serde_json::{Map, Value};

use super::{Kind, Schema, Struct, TypeId};
use crate::gojson;

impl Schema {
    /// A value of a v1 type as JSON, as field errors quote it: `{"matchLabels":{"app":"b"}}`.
    pub fn go_json(&'static self, id: TypeId, value: &Value) -> String {
        let resolved = self.resolve(id);
        match (&self.ty(resolved).kind, value) {
            (Kind::Struct(index), Value::Object(object)) => {
                let mut parts = Vec::new();
                self.go_json_fields(self.struct_at(*index), object, &mut parts);
                format!("{{{}}}", parts.join(","))
            }
            (Kind::Slice(element), Value::Array(items)) => {
                let items: Vec<String> =
                    items.iter().map(|item| self.go_json(*element, item)).collect();
                format!("[{}]", items.join(","))
            }
            _ => gojson::to_string(value),
        }
    }

    fn go_json_fields(
        &'static self,
        structure: &'static Struct,
        object: &Map<String, Value>,
        parts: &mut Vec<String>,
    ) {
        for field in &structure.fields {
            if let Some(embedded) = self.as_struct(field.ty).filter(|_| field.inline) {
                self.go_json_fields(embedded, object, parts);
            } else if let Some(value) = object.get(field.json) {
                parts.push(format!("\"{}\":{}", field.json, self.go_json(field.ty, value)));
            }
        }
    }

    /// A value of an internal type as JSON. Internal types have no JSON names, so Go's are
    /// written, and every field is: `{"Type":"X","RollingUpdate":null}`.
    pub fn internal_json(&'static self, id: TypeId, value: Option<&Value>) -> String {
        let value = value.filter(|value| !value.is_null());
        let kind = &self.ty(id).kind;
        match (kind, value) {
            (Kind::Named(inner), value) => self.internal_json(*inner, value),
            // Internal types hold these by value.
            (Kind::Pointer(inner), value) if matches!(self.ty(*inner).kind, Kind::IntOrString) => {
                self.internal_json(*inner, value)
            }
            (Kind::Pointer(_) | Kind::Slice(_) | Kind::Map(_) | Kind::Bytes, None) => {
                "null".to_owned()
            }
            (Kind::Pointer(inner), value) => self.internal_json(*inner, value),
            (Kind::Struct(index), value) => {
                let mut parts = Vec::new();
                self.internal_json_fields(self.struct_at(*index), value, &mut parts);
                format!("{{{}}}", parts.join(","))
            }
            (Kind::Slice(element), Some(Value::Array(items))) => {
                let items: Vec<String> =
                    items.iter().map(|item| self.internal_json(*element, Some(item))).collect();
                format!("[{}]", items.join(","))
            }
            (_, Some(value)) => gojson::to_string(value),
            (Kind::String, None) => "\"\"".to_owned(),
            (Kind::Bool, None) => "false".to_owned(),
            (Kind::Int32 | Kind::Int64 | Kind::IntOrString, None) => "0".to_owned(),
            (Kind::Quantity, None) => "\"0\"".to_owned(),
            (_, None) => "null".to_owned(),
        }
    }

    fn internal_json_fields(
        &'static self,
        structure: &'static Struct,
        value: Option<&Value>,
        parts: &mut Vec<String>,
    ) {
        for field in &structure.fields {
            if let Some(embedded) = self.as_struct(field.ty).filter(|_| field.inline) {
                self.internal_json_fields(embedded, value, parts);
            } else {
                let inner = value.and_then(|value| value.get(field.json));
                parts.push(format!("\"{}\":{}", field.go, self.internal_json(field.ty, inner)));
            }
        }
    }
}
