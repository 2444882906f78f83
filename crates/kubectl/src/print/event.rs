//! Rows of `get events` and of `kubectl events`. Models `printEvent` of the server's printers and
//! kubectl's `cmd/events/event_printer.go`.

use rollscope_api::{SimTime, Value};

use super::{Cells, TableOptions, push_line};
use crate::duration::{age, parse_time};
use crate::gosort;
use crate::tabwriter::TabWriter;
use crate::value::{Peek, or};

pub(super) const COLUMNS: &[&str] = &["Last Seen", "Type", "Reason", "Object", "Message"];
pub(super) const WIDE_COLUMNS: &[&str] = &[
    "Last Seen",
    "Type",
    "Reason",
    "Object",
    "Subobject",
    "Source",
    "Message",
    "First Seen",
    "Count",
    "Name",
];

pub(super) fn cells(event: &Value, wide: bool, now: SimTime) -> Cells {
    let first_seen = age(event.at("firstTimestamp").or(event.at("eventTime")), now);
    let mut last_seen = match event.at("lastTimestamp") {
        Some(time) => age(Some(time), now),
        None => first_seen.clone(),
    };
    // Events of the newer API that happened once have no count.
    let mut count = event.int("count").max(1);
    if let Some(series) = event.at("series") {
        last_seen = age(series.at("lastObservedTime"), now);
        count = series.int("count");
    }
    let kind = event.text("involvedObject.kind").to_lowercase();
    let object = match event.text("involvedObject.name") {
        "" => kind,
        name => format!("{kind}/{name}"),
    };
    let text = |path: &str| event.text(path).to_owned();
    let message = event.text("message").trim().to_owned();
    if !wide {
        return vec![last_seen, text("type"), text("reason"), object, message];
    }
    vec![
        last_seen,
        text("type"),
        text("reason"),
        object,
        text("involvedObject.fieldPath"),
        source(event),
        message,
        first_seen,
        count.to_string(),
        text("metadata.name"),
    ]
}

/// `kubelet, node-0`.
fn source(event: &Value) -> String {
    let component = or(event.text("source.component"), event.text("reportingComponent"));
    match or(event.text("source.host"), event.text("reportingInstance")) {
        "" => component.to_owned(),
        host => format!("{component}, {host}"),
    }
}

/// What `kubectl events` prints: LAST SEEN, TYPE, REASON, OBJECT, MESSAGE, oldest first.
pub fn events_table(events: &[Value], options: &TableOptions, now: SimTime) -> String {
    // Columns that a message of several lines interrupts go on as wide as they were.
    TabWriter::remembering(6, 3).align(&event_rows(events, options, now))
}

/// The rows of that table with tabs between the cells.
pub(crate) fn event_rows(events: &[Value], options: &TableOptions, now: SimTime) -> String {
    if events.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    if !options.no_headers {
        let mut header: Cells = COLUMNS.iter().map(|name| name.to_uppercase()).collect();
        if options.with_namespace {
            header.insert(0, "NAMESPACE".into());
        }
        push_line(&mut text, &header);
    }
    for event in events_by_time(events) {
        let object = event.at("involvedObject").unwrap_or(&Value::Null);
        let mut cells = vec![
            interval(event, now),
            event.text("type").to_owned(),
            event.text("reason").to_owned(),
            format!("{}/{}", object.text("kind"), object.text("name")),
            event.text("message").trim().to_owned(),
        ];
        if options.with_namespace {
            cells.insert(0, event.text("metadata.namespace").to_owned());
        }
        // Nothing is cut here: a message of several lines continues on the next line.
        text.push_str(&crate::value::escape_terminal(cells.join("\t")));
        text.push('\n');
    }
    text
}

/// Events in the order `kubectl events` lists them: by the time each was last seen, oldest first.
pub(crate) fn events_by_time(events: &[Value]) -> Vec<&Value> {
    let mut keyed: Vec<(Option<SimTime>, &Value)> = events
        .iter()
        .map(|event| {
            let time = |path: &str| event.at(path).and_then(Value::as_str).and_then(parse_time);
            let last = match event.at("series") {
                Some(_) => time("series.lastObservedTime"),
                None => time("lastTimestamp").or(time("eventTime")),
            };
            (last, event)
        })
        .collect();
    gosort::sort(&mut keyed, |(a, _), (b, _)| a < b);
    keyed.into_iter().map(|(_, event)| event).collect()
}

/// When an event happened, and how often: `10m`, `3m31s (x2 over 4m1s)`.
pub(crate) fn interval(event: &Value, now: SimTime) -> String {
    let first = age(event.at("eventTime").or(event.at("firstTimestamp")), now);
    if let Some(series) = event.at("series") {
        let last = age(series.at("lastObservedTime"), now);
        return format!("{last} (x{} over {first})", series.int("count"));
    }
    match event.int("count") {
        count if count > 1 => {
            format!("{} (x{count} over {first})", age(event.at("lastTimestamp"), now))
        }
        _ => first,
    }
}
