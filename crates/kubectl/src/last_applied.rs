//! The annotation that client-side apply keeps a manifest in. Models `kubectl/pkg/util/apply.go`.

use rollscope_api::Value;
use rollscope_api::annotation::LAST_APPLIED;

use crate::go;
use crate::info::{annotation, set_annotation};

/// What the annotation holds of a manifest: all of it but the annotation, on one line.
pub(crate) fn configuration(manifest: &Value) -> String {
    let mut manifest = manifest.clone();
    // An object without annotations is written down with an empty map of them.
    set_annotation(&mut manifest, LAST_APPLIED, "");
    if let Some(annotations) = manifest["metadata"]["annotations"].as_object_mut() {
        annotations.remove(LAST_APPLIED);
    }
    format!("{}\n", go::json(&manifest))
}

/// The same without an empty map of annotations, as `set-last-applied` writes it down.
pub(crate) fn configuration_as_it_is(manifest: &Value) -> String {
    match manifest["metadata"]["annotations"].is_object() {
        true => configuration(manifest),
        false => format!("{}\n", go::json(manifest)),
    }
}

/// Of an object whose type the command knows: fields in Go's order, no empty map of annotations.
pub(crate) fn typed(object: &mut Value) {
    let text = crate::output::to_typed_line(object);
    set_annotation(object, LAST_APPLIED, &format!("{text}\n"));
}

/// The manifest with its own configuration in the annotation.
pub(crate) fn annotated(manifest: &Value) -> Value {
    let mut annotated = manifest.clone();
    set_annotation(&mut annotated, LAST_APPLIED, &configuration(manifest));
    annotated
}

/// Writes the annotation, always or only where there is one already.
pub(crate) fn create_or_update(always: bool, manifest: &mut Value) {
    let present = annotation(manifest, LAST_APPLIED).is_some_and(|text| !text.is_empty());
    if always || present {
        *manifest = annotated(manifest);
    }
}
