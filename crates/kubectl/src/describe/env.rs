//! Environment variables and where their values come from.
//! Models `describeContainerEnvVars` and `describeContainerEnvFrom`.

use rollscope_api::Value;

use super::containers::Owner;
use super::writer::Writer;
use crate::value::Peek;

/// Writes `Environment Variables from:`, where there are any, and `Environment:`.
pub(super) fn write(w: &mut Writer, container: &Value, owner: Owner<'_>) {
    let sources = container.items("envFrom");
    if !sources.is_empty() {
        w.put(2, "Environment Variables from:\n");
        sources.iter().for_each(|source| write_source(w, source));
    }
    let variables = container.items("env");
    let none = if variables.is_empty() { "\t<none>" } else { "" };
    w.put(2, &format!("Environment:{none}\n"));
    variables.iter().for_each(|variable| write_variable(w, variable, container, owner));
}

fn write_source(w: &mut Writer, source: &Value) {
    let (kind, reference) = match (source.at("configMapRef"), source.at("secretRef")) {
        (Some(reference), _) => ("ConfigMap", reference),
        (None, Some(reference)) => ("Secret", reference),
        (None, None) => ("", &Value::Null),
    };
    let with_prefix = match source.text("prefix") {
        "" => String::new(),
        prefix => format!(" with prefix '{prefix}'"),
    };
    let (name, optional) = (reference.text("name"), reference.flag("optional"));
    w.put(3, &format!("{name}\t{kind}{with_prefix}\tOptional: {optional}\n"));
}

fn write_variable(w: &mut Writer, variable: &Value, container: &Value, owner: Owner<'_>) {
    let name = variable.text("name");
    let Some(from) = variable.at("valueFrom") else {
        for (index, line) in variable.text("value").split('\n').enumerate() {
            let title = if index == 0 { format!("{name}:") } else { String::new() };
            w.put(3, &format!("{title}\t{line}\n"));
        }
        return;
    };
    let text = if let Some(field) = from.at("fieldRef") {
        let path = field.text("fieldPath");
        let value = match owner {
            Owner::Template => "",
            Owner::Pod(pod) => pod_field(pod, path),
        };
        format!("{value} ({}:{path})", field.text("apiVersion"))
    } else if let Some(resource) = from.at("resourceFieldRef") {
        let value = super::resources::container_value(container, resource);
        format!("{value} ({})", resource.text("resource"))
    } else if let Some(key) = from.at("secretKeyRef") {
        let (key, name, optional) = (key.text("key"), key.text("name"), key.flag("optional"));
        format!("<set to the key '{key}' in secret '{name}'>\tOptional: {optional}")
    } else if let Some(key) = from.at("configMapKeyRef") {
        let (key, name, optional) = (key.text("key"), key.text("name"), key.flag("optional"));
        format!("<set to the key '{key}' of config map '{name}'>\tOptional: {optional}")
    } else {
        return;
    };
    w.put(3, &format!("{name}:\t{text}\n"));
}

/// kubectl knows the paths of every object and none of pods alone, so that the node's name and the
/// pod's address stay empty.
fn pod_field<'a>(pod: &'a Value, path: &str) -> &'a str {
    match path {
        "metadata.name" | "metadata.namespace" => pod.text(path),
        _ => "",
    }
}
