//! The event lines of a trace: what is new since the step before, grouped by object.

use std::collections::BTreeMap;

use rollscope_api::Value;

use super::Normaliser;

/// How often each event had been seen, by its UID.
#[derive(Clone, Debug, Default)]
pub struct SeenEvents(BTreeMap<String, i64>);

/// A line without its count, and the count.
struct Run {
    line: String,
    count: i64,
    counted: bool,
}

impl SeenEvents {
    /// Writes what has been added to `events` (in wire form) since the last call: as they are where
    /// `exact`, otherwise with chance and clock taken out.
    pub fn write_new(&mut self, events: &[Value], normaliser: &Normaliser, exact: bool) -> String {
        let mut new: Vec<(u64, &Value, i64)> = Vec::new();
        for event in events {
            let uid = event["metadata"]["uid"].as_str().unwrap_or_default();
            let count = event["count"].as_i64().unwrap_or_default().max(1);
            let before = self.0.insert(uid.to_owned(), count).unwrap_or_default();
            let version = event["metadata"]["resourceVersion"].as_str().unwrap_or_default();
            if count > before {
                new.push((version.parse().unwrap_or_default(), event, count - before));
            }
        }
        new.sort_by_key(|(version, ..)| *version);
        let mut groups: BTreeMap<String, Vec<Run>> = BTreeMap::new();
        for (_, event, count) in new {
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
                Some(run) if run.line == line => run.count += count,
                _ => group.push(Run { line, count, counted }),
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
