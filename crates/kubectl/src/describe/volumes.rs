//! Volumes and what they are filled from. Models `describeVolumes` and its `print…VolumeSource`.

use rollscope_api::Value;

use super::resources;
use super::volume_table::{FieldKind, SOURCES};
use super::writer::{Writer, shorten};
use crate::value::{Peek, plain};

/// Writes the `Volumes:` block; `indent` is that of the block it stands in.
pub(super) fn write(w: &mut Writer, volumes: &[Value], indent: &str) {
    if volumes.is_empty() {
        return w.put(0, &format!("{indent}Volumes:\t<none>\n"));
    }
    w.put(0, &format!("{indent}Volumes:\n"));
    let name_indent = if indent.is_empty() { "" } else { " " };
    for volume in volumes {
        w.put(1, &format!("{name_indent}{}:\n", volume.text("name")));
        write_source(w, volume);
    }
}

fn write_source(w: &mut Writer, volume: &Value) {
    for source in SOURCES {
        let Some(value) = volume.at(source.field) else { continue };
        w.field(2, "Type", source.description);
        for (title, field, kind) in source.fields {
            w.put(2, &format!("{title}\t{}\n", field_text(value, field, *kind)));
        }
        match source.field {
            "csi" => attributes(w, value),
            "downwardAPI" => downward_items(w, value),
            "projected" => projected(w, value),
            "ephemeral" => claim(w, value),
            _ => {}
        }
        return;
    }
    w.put(1, "<unknown>\n");
}

fn field_text(source: &Value, field: &str, kind: FieldKind) -> String {
    match kind {
        FieldKind::Text => source.text(field).to_owned(),
        FieldKind::Number => source.int(field).to_string(),
        FieldKind::Flag => source.flag(field).to_string(),
        FieldKind::List => format!("[{}]", source.joined(field, " ")),
        FieldKind::TextOrNone => source.at(field).map_or("<none>".into(), plain),
        FieldKind::Size => match source.at(field) {
            Some(size) if resources::is_positive(size) => plain(size),
            _ => "<unset>".into(),
        },
        FieldKind::Reference => match source.at(field) {
            Some(reference) => format!("&LocalObjectReference{{Name:{},}}", reference.text("name")),
            None => "nil".into(),
        },
        FieldKind::Map => {
            let pairs = source.fields(field).into_iter().flatten();
            let texts: Vec<String> = pairs.map(|(k, v)| format!("{k}:{}", plain(v))).collect();
            format!("map[{}]", texts.join(" "))
        }
        FieldKind::Commas => source.joined(field, ", "),
    }
}

fn attributes(w: &mut Writer, source: &Value) {
    const LONGEST: usize = 140;
    w.put(2, "VolumeAttributes:\t");
    let Some(attributes) = source.fields("volumeAttributes") else {
        return w.put(0, "<none>\n");
    };
    for (index, (key, value)) in attributes.iter().enumerate() {
        if index > 0 {
            // Upstream writes the indentation once for the line and once for its TAB.
            w.put(2, "");
            w.put(2, "\t");
        }
        w.put(2, &format!("{}\n", shorten(&format!("{key}={}", plain(value)), LONGEST)));
    }
}

fn downward_items(w: &mut Writer, source: &Value) {
    w.put(2, "Items:\n");
    for item in source.items("items") {
        let path = item.text("path");
        for of in ["fieldRef.fieldPath", "resourceFieldRef.resource"] {
            if item.has(of) {
                w.put(3, &format!("{} -> {path}\n", item.text(of)));
            }
        }
    }
}

fn projected(w: &mut Writer, volume: &Value) {
    for source in volume.items("sources") {
        if let Some(secret) = source.at("secret") {
            w.field(2, "SecretName", secret.text("name"));
            w.field(2, "Optional", secret.flag("optional"));
        } else if source.has("downwardAPI") {
            w.field(2, "DownwardAPI", "true");
        } else if let Some(config_map) = source.at("configMap") {
            w.field(2, "ConfigMapName", config_map.text("name"));
            w.field(2, "Optional", config_map.flag("optional"));
        } else if let Some(token) = source.at("serviceAccountToken") {
            w.field(2, "TokenExpirationSeconds", token.int("expirationSeconds"));
        }
    }
}

/// The claim template of an ephemeral volume.
fn claim(w: &mut Writer, ephemeral: &Value) {
    let Some(template) = ephemeral.at("volumeClaimTemplate") else { return };
    let class = match template.fields("metadata.annotations") {
        Some(annotations) => annotations.get("volume.beta.kubernetes.io/storage-class"),
        None => None,
    };
    let class = class.and_then(Value::as_str).unwrap_or(template.text("spec.storageClassName"));
    w.field(2, "StorageClass", class);
    w.field(2, "Volume", template.text("spec.volumeName"));
    // The nested writer indents every write, the titles as well as the values.
    nested_labels(w, "Labels", template, "metadata.labels", "=");
    nested_labels(w, "Annotations", template, "metadata.annotations", ": ");
    w.field(2, "Capacity", "");
    w.field(2, "Access Modes", "");
    if template.has("spec.volumeMode") {
        w.field(2, "VolumeMode", template.text("spec.volumeMode"));
    }
    if let Some(source) = template.at("spec.dataSource") {
        w.put(2, "DataSource:\n");
        if source.has("apiGroup") {
            w.field(3, "APIGroup", source.text("apiGroup"));
        }
        w.field(3, "Kind", source.text("kind"));
        w.field(3, "Name", source.text("name"));
    }
}

fn nested_labels(w: &mut Writer, title: &str, template: &Value, path: &str, equals: &str) {
    w.put(2, &format!("{title}:\t"));
    let Some(labels) = template.fields(path) else {
        return w.put(2, "<none>\n");
    };
    for (index, (key, value)) in labels.iter().enumerate() {
        if index > 0 {
            w.put(2, "\t");
        }
        w.put(2, &format!("{key}{equals}{}\n", plain(value)));
    }
}
