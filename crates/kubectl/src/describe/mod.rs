//! `kubectl describe`: an object told in words, with what belongs to it.
//!
//! Models `kubectl/pkg/describe/describe.go`: a file for each kind and for each part that kinds share.

mod config;
mod containers;
mod deployment;
mod endpoint_slice;
mod endpoints;
mod env;
mod events;
mod generic;
mod hpa;
mod namespace;
mod node;
mod pod;
mod probe;
mod qos;
mod quota;
mod replica_set;
mod resources;
mod service;
mod template;
mod volume_table;
mod volumes;
mod writer;

use rollscope_api::{Api, Resource, Status, Timestamp, Value};

use writer::Writer;

/// How objects are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DescribeOptions {
    /// Whether the object's events are listed.
    pub show_events: bool,
}

/// Describes one object; related objects (events, ReplicaSets, pods) are read through `api`.
/// The text ends in a newline.
///
/// # Errors
/// Whatever the API server answers to the reads.
pub fn describe(
    api: &mut dyn Api,
    resource: Resource,
    object: &Value,
    options: &DescribeOptions,
) -> Result<String, Status> {
    let mut w = Writer::default();
    match resource {
        Resource::Pods => pod::write(&mut w, object, api.now()),
        Resource::Deployments => deployment::write(&mut w, api, object),
        Resource::ReplicaSets => replica_set::write(&mut w, api, object),
        Resource::Services => service::write(&mut w, api, object),
        Resource::Endpoints => endpoints::write(&mut w, object),
        Resource::EndpointSlices => endpoint_slice::write(&mut w, object),
        Resource::HorizontalPodAutoscalers => hpa::write(&mut w, object),
        Resource::Nodes => node::write(&mut w, api, object)?,
        Resource::Namespaces => namespace::write(&mut w, api, object)?,
        Resource::ConfigMaps => config::config_map(&mut w, object),
        Resource::Secrets => config::secret(&mut w, object),
        Resource::ResourceQuotas => quota::write(&mut w, object),
        Resource::Events | Resource::DaemonSets | Resource::StatefulSets => {
            generic::write(&mut w, object);
        }
    }
    let has_no_events =
        matches!(resource, Resource::Namespaces | Resource::Secrets | Resource::ResourceQuotas);
    if options.show_events && !has_no_events {
        let found = events::of(api, resource, object);
        events::write(&mut w, found, api.now());
    }
    Ok(w.finish())
}

/// The pod template block with raw TABs, as `rollout history --revision` prints it.
pub fn pod_template(template: &Value) -> String {
    let mut w = Writer::default();
    template::write(&mut w, template);
    w.raw()
}

/// A time as descriptions show it: `Fri, 02 Jan 2026 03:04:05 +0000`. No time is the year one.
fn time(value: Option<&Value>) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some(time) = value.and_then(Value::as_str).and_then(Timestamp::parse_rfc3339) else {
        return "Mon, 01 Jan 0001 00:00:00 +0000".into();
    };
    let (year, month, day, hour, minute, second) = time.civil();
    let weekday = DAYS[time.as_secs().div_euclid(86_400).rem_euclid(7) as usize];
    let month = MONTHS[month as usize - 1];
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} +0000")
}

#[cfg(test)]
mod tests;
