//! The event lines of a trace: what is new since the step before, grouped by object.

use std::collections::BTreeMap;

use rollscope_api::Value;
use rollscope_sim::Cluster;

use super::Normaliser;

/// How many writes of events had been seen. Writes are counted and not events, since a folded
/// event's message changes with each of its writes: a watch sees every one.
#[derive(Clone, Debug, Default)]
pub struct SeenEvents(u64);

/// A line without its count, and the count.
struct Run {
    line: String,
    count: i64,
    counted: bool,
}

impl SeenEvents {
    /// Writes the events in `namespace` since the last call: as they are where `exact`, otherwise
    /// with chance and clock taken out.
    pub fn write_new(
        &mut self,
        cluster: &Cluster,
        namespace: &str,
        normaliser: &Normaliser,
        exact: bool,
    ) -> String {
        let new: Vec<Value> = cluster
            .events_written_since(self.0)
            .filter(|event| *event.metadata.namespace == *namespace)
            .map(|event| event.to_value())
            .collect();
        self.0 = cluster.event_writes();
        let mut groups: BTreeMap<String, Vec<Run>> = BTreeMap::new();
        for event in &new {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let involved = &event["involvedObject"];
            let object = format!("{}/{}", text(&involved["kind"]), text(&involved["name"]));
            let reason = text(&event["reason"]);
            let message = text(&event["message"]);
            let mut line = format!("event {object} {} {reason}: {message}", text(&event["type"]));
            let mut object = object;
            if !exact {
                line = normaliser.names(&line.replace("(combined from similar events): ", ""));
                object = normaliser.names(&object);
            }
            let counted = exact || reason != "FailedCreate";
            let group = groups.entry(object).or_default();
            match group.last_mut() {
                Some(run) if run.line == line => run.count += 1,
                _ => group.push(Run { line, count: 1, counted }),
            }
        }
        let mut text = String::new();
        for run in groups.into_values().flatten() {
            match (run.counted, run.count) {
                (false, _) => text.push_str(&format!("{} (x*)\n", run.line)),
                (true, 1) => text.push_str(&format!("{}\n", run.line)),
                (true, count) => text.push_str(&format!("{} (x{count})\n", run.line)),
            }
        }
        text
    }
}
