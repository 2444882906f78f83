//! The events of an object, and how they are told. Models `DescribeEvents` and `searchEvents`.

use rollscope_api::{Api, ListOptions, Resource, SimTime, Value};

use super::writer::Writer;
use crate::duration::parse_time;
use crate::gosort;
use crate::print::event_interval;
use crate::value::{Peek, or};

/// The events about an object. As upstream, a server that refuses the list is no error.
pub(super) fn of(api: &mut dyn Api, resource: Resource, object: &Value) -> Vec<Value> {
    let name = object.text("metadata.name");
    let namespace = object.text("metadata.namespace");
    let uid = object.text("metadata.uid");
    let mut terms = vec![format!("involvedObject.name={name}")];
    // A pod is found by name and UID alone, as its static mirror would be.
    if resource != Resource::Pods {
        terms.push(format!("involvedObject.kind={}", resource.kind()));
    }
    if !namespace.is_empty() {
        terms.push(format!("involvedObject.namespace={namespace}"));
    }
    // Events about a node name it by its UID (controllers) or by its name (the kubelet).
    let uids: &[&str] = if resource == Resource::Nodes { &[uid, name] } else { &[uid] };
    let scope = (!namespace.is_empty()).then_some(namespace);
    let mut events = Vec::new();
    for uid in uids {
        let mut terms = terms.clone();
        if !uid.is_empty() {
            terms.push(format!("involvedObject.uid={uid}"));
        }
        let options = ListOptions { field_selector: terms.join(","), ..ListOptions::default() };
        events.extend(api.list(Resource::Events, scope, &options).unwrap_or_default());
    }
    events
}

/// Writes the events, oldest last occurrence first.
pub(super) fn write(w: &mut Writer, mut events: Vec<Value>, now: SimTime) {
    if events.is_empty() {
        return w.field(0, "Events", "<none>");
    }
    // Events of the newer API have no lastTimestamp and come first.
    gosort::sort(&mut events, |a, b| {
        parse_time(a.text("lastTimestamp")) < parse_time(b.text("lastTimestamp"))
    });
    w.flush();
    w.put(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n");
    w.put(1, "----\t------\t----\t----\t-------\n");
    for event in &events {
        let mut message = event.text("message").trim().to_owned();
        let field_path = event.text("involvedObject.fieldPath");
        if !field_path.is_empty() {
            message = format!("{field_path}: {message}");
        }
        let row = [
            event.text("type"),
            event.text("reason"),
            &event_interval(event, now),
            or(event.text("source.component"), event.text("reportingComponent")),
            &message,
        ];
        w.put(1, &format!("{}\n", row.join("\t")));
    }
}
