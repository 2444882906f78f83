//! What the API server fills in.
//!
//! Regular defaults are in the schema table; this module walks an object by the table, applies
//! them, and does what a table cannot say. Models pkg/apis/core/v1/defaults.go,
//! pkg/apis/apps/v1/defaults.go and pkg/apis/autoscaling/v2/defaults.go.

mod image;
mod other;
mod pod;

use serde_json::Map;

pub use image::pull_policy;

use crate::schema::{Field, Kind, Schema, Struct, TypeId};
use crate::{Resource, Value, quantity};

/// What defaulting a struct does beyond the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hook {
    None,
    AzureDisk,
    Container,
    DeploymentStrategy,
    HpaMetric,
    HpaRules,
    HpaSpec,
    ImageVolume,
    Pod,
    PodSpec,
    ResourceRequirements,
    ServiceSpec,
    Volume,
}

impl Hook {
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "AzureDiskVolumeSource" => Self::AzureDisk,
            "Container" | "EphemeralContainerCommon" => Self::Container,
            "DeploymentStrategy" => Self::DeploymentStrategy,
            "v2.MetricSpec" => Self::HpaMetric,
            "v2.HorizontalPodAutoscalerBehavior" => Self::HpaRules,
            "v2.HorizontalPodAutoscalerSpec" => Self::HpaSpec,
            "ImageVolumeSource" => Self::ImageVolume,
            "Pod" => Self::Pod,
            "PodSpec" => Self::PodSpec,
            "ResourceRequirements" | "VolumeResourceRequirements" => Self::ResourceRequirements,
            "ServiceSpec" => Self::ServiceSpec,
            "Volume" => Self::Volume,
            _ => Self::None,
        }
    }
}

/// Fills in the defaults of an object in wire form.
///
/// Quantities of resource lists are rounded up to thousandths and written canonically. What the
/// server allocates (cluster IPs, uids) and what admission adds is not done here.
pub fn set_defaults(resource: Resource, object: &mut Value) {
    let schema = Schema::get();
    default_value(schema, schema.root(resource), object);
}

/// Fills in the defaults of a pod template alone.
pub fn set_template_defaults(template: &mut Value) {
    let schema = Schema::get();
    default_value(schema, schema.pod_template(), template);
}

fn default_value(schema: &'static Schema, id: TypeId, value: &mut Value) {
    match schema.ty(schema.resolve(id)).kind {
        Kind::Struct(index) => {
            let Some(object) = value.as_object_mut() else { return };
            default_struct(schema, schema.struct_at(index), object);
        }
        Kind::Slice(element) if has_defaults(schema, element) => {
            for item in value.as_array_mut().into_iter().flatten() {
                default_value(schema, element, item);
            }
        }
        Kind::Map(element) if has_defaults(schema, element) => {
            for (_, item) in value.as_object_mut().into_iter().flatten() {
                default_value(schema, element, item);
            }
        }
        _ => {}
    }
}

fn has_defaults(schema: &'static Schema, element: TypeId) -> bool {
    matches!(schema.ty(schema.resolve(element)).kind, Kind::Struct(_))
}

fn default_struct(
    schema: &'static Schema,
    structure: &'static Struct,
    object: &mut Map<String, Value>,
) {
    apply_hook(structure.hook, object);
    for field in &structure.fields {
        if field.inline {
            if let Some(embedded) = schema.as_struct(field.ty) {
                default_struct(schema, embedded, object);
            }
            continue;
        }
        if let Some(text) = field.default {
            apply_default(schema, field, text, object);
        }
        match object.get_mut(field.json) {
            Some(value) => default_value(schema, field.ty, value),
            None => default_absent(schema, field, object),
        }
    }
}

/// A struct that is not behind a pointer is always there, so its own defaults apply even where the
/// manifest leaves it out: `spec.strategy`, `spec.template`.
fn default_absent(schema: &'static Schema, field: &'static Field, object: &mut Map<String, Value>) {
    let Kind::Struct(index) = schema.ty(field.ty).kind else { return };
    let mut inner = Map::new();
    default_struct(schema, schema.struct_at(index), &mut inner);
    if !inner.is_empty() {
        object.insert(field.json.to_owned(), Value::Object(inner));
    }
}

fn apply_default(
    schema: &'static Schema,
    field: &'static Field,
    text: &str,
    object: &mut Map<String, Value>,
) {
    // A pointer tells an explicit zero from an absent value, anything else does not.
    let pointer = matches!(schema.ty(field.ty).kind, Kind::Pointer(_));
    let present = match object.get(field.json) {
        None | Some(Value::Null) => false,
        Some(_) if pointer => true,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Number(number)) => number.as_i64() != Some(0),
        Some(_) => true,
    };
    if present {
        return;
    }
    let value = match schema.ty(schema.resolve(field.ty)).kind {
        Kind::Int32 | Kind::Int64 => text.parse::<i64>().map(Value::from).unwrap_or_default(),
        Kind::Bool => Value::Bool(text == "true"),
        Kind::Struct(_) => Value::Object(Map::new()),
        _ => Value::from(text),
    };
    object.insert(field.json.to_owned(), value);
}

fn apply_hook(hook: Hook, object: &mut Map<String, Value>) {
    match hook {
        Hook::None => {}
        Hook::AzureDisk | Hook::Pod => pod::default_pod(hook, object),
        Hook::Container => image::default_container(object),
        Hook::ImageVolume => image::default_image_volume(object),
        Hook::PodSpec => pod::default_pod_spec(object),
        Hook::ResourceRequirements => round_resources(object),
        Hook::Volume => pod::default_volume(object),
        Hook::DeploymentStrategy => other::default_deployment_strategy(object),
        Hook::ServiceSpec => other::default_service_spec(object),
        Hook::HpaSpec => other::default_hpa_spec(object),
        Hook::HpaMetric => other::default_hpa_metric(object),
        Hook::HpaRules => other::default_hpa_behavior(object),
    }
}

/// Rounds the quantities of limits and requests up to thousandths, as the server stores them.
fn round_resources(requirements: &mut Map<String, Value>) {
    for list in ["limits", "requests"] {
        if let Some(Value::Object(list)) = requirements.get_mut(list) {
            round_resource_list(list);
        }
    }
}

fn round_resource_list(list: &mut Map<String, Value>) {
    for (_, value) in list.iter_mut() {
        if let Ok(mut quantity) = quantity::Quantity::parse(&quantity::wire_text(value)) {
            quantity.round_up(-3);
            *value = Value::String(quantity.canonical());
        }
    }
}
