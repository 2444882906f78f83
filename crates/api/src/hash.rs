//! The pod-template hash that names ReplicaSets.
//!
//! Models `ComputeHash` of pkg/controller/controller_utils.go and the text its deep hash is taken
//! of: the template printed as a Go value, every field with its type. The text is never built; its
//! bytes go straight into the 32-bit FNV-1a sum.

use crate::Value;
use crate::quantity::{self, Quantity};
use crate::schema::{Kind, Schema, TypeId};

/// The hash a Deployment gives the ReplicaSet of this template.
///
/// `template` is a PodTemplateSpec as stored, that is defaulted, and without the
/// `pod-template-hash` label. `collision_count` is the Deployment's `status.collisionCount`.
pub fn pod_template_hash(template: &Value, collision_count: Option<i32>) -> String {
    let mut sum = Fnv(2_166_136_261);
    dump_template(template, &mut sum);
    if let Some(count) = collision_count {
        sum.bytes(&count.to_le_bytes());
        sum.bytes(&[0; 4]);
    }
    safe_encode(&sum.0.to_string())
}

/// The Go text of a template whose hash is taken: for tests and for those who want to see it.
pub fn pod_template_text(template: &Value) -> String {
    let mut text = String::new();
    dump_template(template, &mut text);
    text
}

/// Writes text in the alphabet of generated names. Models `SafeEncodeString` of
/// k8s.io/apimachinery/pkg/util/rand.
pub fn safe_encode(text: &str) -> String {
    const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
    text.bytes().map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()])).collect()
}

/// Where the text goes.
trait Sink {
    fn text(&mut self, text: &str);
}

struct Fnv(u32);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        self.0 = bytes
            .iter()
            .fold(self.0, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(16_777_619));
    }
}

impl Sink for Fnv {
    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }
}

impl Sink for String {
    fn text(&mut self, text: &str) {
        self.push_str(text);
    }
}

fn dump_template(template: &Value, sink: &mut impl Sink) {
    let schema = Schema::get();
    let template = match template {
        Value::Null => None,
        value => Some(value),
    };
    dump(schema, schema.pod_template(), template, true, sink);
}

/// Prints one value. `typed` puts its type in front, as fields have it and elements have not.
fn dump(
    schema: &'static Schema,
    id: TypeId,
    value: Option<&Value>,
    typed: bool,
    sink: &mut impl Sink,
) {
    let value = value.filter(|value| !value.is_null());
    let Some(value) = value else { return sink.text(zero(schema, id, typed)) };
    let ty = schema.ty(id);
    if typed {
        sink.text("(");
        sink.text(ty.go);
        sink.text(")");
    }
    let mut kind = &ty.kind;
    if let Kind::Pointer(inner) = kind {
        kind = &schema.ty(*inner).kind;
    }
    while let Kind::Named(inner) = kind {
        kind = &schema.ty(*inner).kind;
    }
    match kind {
        Kind::Struct(index) => {
            sink.text("{");
            for (at, field) in schema.struct_at(*index).fields.iter().enumerate() {
                sink.text(if at == 0 { "" } else { " " });
                sink.text(field.go);
                sink.text(":");
                let inner = if field.inline { Some(value) } else { value.get(field.json) };
                dump(schema, field.ty, inner, true, sink);
            }
            sink.text("}");
        }
        Kind::Slice(element) => match value.as_array().filter(|items| !items.is_empty()) {
            Some(items) => {
                sink.text("[");
                for (at, item) in items.iter().enumerate() {
                    sink.text(if at == 0 { "" } else { " " });
                    dump(schema, *element, Some(item), false, sink);
                }
                sink.text("]");
            }
            None => sink.text("<nil>"),
        },
        Kind::Map(element) => match value.as_object().filter(|map| !map.is_empty()) {
            Some(map) => {
                sink.text("map[");
                // The wire form's keys are sorted bytewise, as Go's printer sorts them.
                for (at, (key, item)) in map.iter().enumerate() {
                    sink.text(if at == 0 { "" } else { " " });
                    sink.text(key);
                    sink.text(":");
                    dump(schema, *element, Some(item), false, sink);
                }
                sink.text("]");
            }
            None => sink.text("<nil>"),
        },
        Kind::IntOrString => match value.as_str() {
            Some(text) => {
                sink.text("{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)");
                sink.text(text);
                sink.text("}");
            }
            None => {
                sink.text("{Type:(intstr.Type)0 IntVal:(int32)");
                sink.text(&value.as_i64().unwrap_or_default().to_string());
                sink.text(" StrVal:(string)}");
            }
        },
        Kind::Quantity => {
            let text = quantity::wire_text(value);
            // The controller sees the quantity read again from its stored, canonical spelling.
            let stored =
                Quantity::parse(&text).and_then(|quantity| Quantity::parse(&quantity.canonical()));
            match stored {
                Ok(quantity) => sink.text(&quantity.go_dump()),
                Err(_) => sink.text(ZERO_QUANTITY),
            }
        }
        // Only the zero time occurs inside stored templates.
        Kind::Time | Kind::MicroTime | Kind::Bytes | Kind::Raw => sink.text(ZERO_TIME),
        _ => match value {
            Value::String(text) => sink.text(text),
            Value::Bool(true) => sink.text("true"),
            Value::Bool(false) => sink.text("false"),
            Value::Number(number) => sink.text(&number.to_string()),
            _ => {}
        },
    }
}

const ZERO_TIME: &str = "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}";
/// A quantity that is not a pointer is stored as `0` where it is absent.
const ZERO_QUANTITY: &str = "{i:(resource.int64Amount){value:(int64)0 scale:(resource.Scale)0} \
                             d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)0 \
                             Format:(resource.Format)DecimalSI}";

/// The text of a value that is absent. It depends on the type alone and is kept.
fn zero(schema: &'static Schema, id: TypeId, typed: bool) -> &'static str {
    let ty = schema.ty(id);
    let text = ty.zero_dump.get_or_init(|| {
        let mut text = format!("({})", ty.go);
        zero_untyped(schema, id, &mut text);
        Box::leak(text.into_boxed_str())
    });
    if typed { text } else { &text[ty.go.len() + 2..] }
}

fn zero_untyped(schema: &'static Schema, id: TypeId, text: &mut String) {
    match &schema.ty(id).kind {
        Kind::Struct(index) => {
            text.push('{');
            for (at, field) in schema.struct_at(*index).fields.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { " " });
                text.push_str(field.go);
                text.push(':');
                text.push_str(zero(schema, field.ty, true));
            }
            text.push('}');
        }
        Kind::Named(inner) => zero_untyped(schema, *inner, text),
        Kind::Pointer(_) | Kind::Slice(_) | Kind::Map(_) | Kind::Bytes => text.push_str("<nil>"),
        Kind::String => {}
        Kind::Bool => text.push_str("false"),
        Kind::Int32 | Kind::Int64 => text.push('0'),
        Kind::Quantity => text.push_str(ZERO_QUANTITY),
        Kind::IntOrString => text.push_str("{Type:(intstr.Type)0 IntVal:(int32)0 StrVal:(string)}"),
        Kind::Time | Kind::MicroTime | Kind::Raw => text.push_str(ZERO_TIME),
    }
}
