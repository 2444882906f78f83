//! `kubectl events`. Models `kubectl/pkg/cmd/events/events.go`.

use rollscope_api::{Resource, Value};

use super::watch::WatchedList;
use crate::command::{COMMAND, Command, Run};
use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::flags_table::{ALL_NAMESPACES, CHUNK_SIZE};
use crate::kinds;
use crate::print::{TableOptions, event_rows, events_table};
use crate::printer::{PRINT_FLAGS, Printer};
use crate::tabwriter::TabWriter;
use crate::waiting::{Flow, Progress, Waiter};

const FLAGS: &[Flag] = &[
    Flag::switch("watch", "Go on with every new event.").short('w'),
    Flag::text("for", "Only events of this object, as TYPE/NAME."),
    Flag::of(Kind::List, "types", "", "Normal, Warning or both."),
    Flag::switch("no-headers", "No header line."),
];

/// `events`
pub(crate) static EVENTS: Command = Command {
    name: "events",
    usage: "[(-o|--output=)json|yaml|name] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
    short: "Show events, oldest first",
    examples: &["events", "events --for deployment/web", "events --types=Warning"],
    flags: &[FLAGS, ALL_NAMESPACES, CHUNK_SIZE, PRINT_FLAGS],
    run: Run::Verb(run),
    ..COMMAND
};

/// `events -w`
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    list: WatchedList,
    /// Whether the first look has been taken.
    begun: bool,
    header: bool,
    /// Columns never get narrower.
    writer: TabWriter,
}

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let given = ctx.given().clone();
    let fields = match given.text("for") {
        "" => String::new(),
        typed => object_fields(typed)?,
    };
    let formatted = !given.text("output").is_empty();
    let mut printer = Printer::new(ctx, "events", DryRun::None)?.typed();
    let known =
        |kind: &String| kind.eq_ignore_ascii_case("Normal") || kind.eq_ignore_ascii_case("Warning");
    if !given.list("types").iter().all(known) {
        return Err("valid --types are Normal or Warning".into());
    }
    let all = given.on("all-namespaces");
    let namespace = if all { String::new() } else { ctx.namespace() };
    if given.on("watch") {
        let list = WatchedList::new(Resource::Events, &namespace, "", &fields);
        let mut watch =
            Watch { list, begun: false, header: false, writer: TabWriter::remembering(6, 3) };
        watch.poll(ctx)?;
        return Ok(Flow::Wait(Box::new(Waiter::Events(watch))));
    }
    let mut events = ctx.list(kinds::of(Resource::Events), &namespace, "", &fields)?;
    events.retain(|event| wanted(ctx, event));
    if events.is_empty() {
        if all {
            ctx.eprintln("No events found.");
        } else {
            ctx.eprintln(&format!("No events found in {namespace} namespace."));
        }
        return Ok(Flow::Done);
    }
    if given.text("output").eq_ignore_ascii_case("name") {
        // The items of a typed list do not say what they are, hence kubectl names none.
        return Ok(Flow::Done);
    }
    if formatted {
        let events = crate::print::events_by_time(&events).into_iter().cloned().collect();
        let mut list = crate::output::list(events);
        list["kind"] = "EventList".into();
        list["metadata"] = serde_json::json!({});
        printer.print(ctx, &list)?;
        return Ok(Flow::Done);
    }
    let options = options(ctx, false);
    let table = events_table(&events, &options, ctx.now());
    ctx.print(&table);
    Ok(Flow::Done)
}

fn options(ctx: &Ctx<'_>, no_headers: bool) -> TableOptions {
    TableOptions {
        no_headers: no_headers || ctx.given().on("no-headers"),
        with_namespace: ctx.given().on("all-namespaces"),
        ..TableOptions::default()
    }
}

fn wanted(ctx: &Ctx<'_>, event: &Value) -> bool {
    let types = ctx.given().list("types");
    let kind = event["type"].as_str().unwrap_or_default();
    types.is_empty() || types.iter().any(|wanted| wanted.eq_ignore_ascii_case(kind))
}

/// The field selector for the events of `TYPE/NAME`.
fn object_fields(typed: &str) -> Result<String, Error> {
    let parts: Vec<&str> = typed.split('/').collect();
    let [resource, name] = parts.as_slice() else {
        return Err(match parts.len() {
            1 => "--for must be in resource/name form".into(),
            _ => "arguments in resource/name form may not have more than one slash".into(),
        });
    };
    let lower = resource.to_lowercase();
    let kind = kinds::find(&lower).ok_or_else(|| Error::Verbatim(kinds::unknown(&lower)))?;
    Ok(format!(
        "involvedObject.kind={},involvedObject.apiVersion={},involvedObject.name={name}",
        kind.kind,
        kind.api_version()
    ))
}

impl Watch {
    /// Prints the events since the last look.
    pub(crate) fn poll(&mut self, ctx: &mut Ctx<'_>) -> Result<Progress, Error> {
        let changes = self.list.changes(ctx)?;
        let mut events: Vec<Value> = changes
            .into_iter()
            .filter(|(what, event)| *what != "DELETED" && wanted(ctx, event))
            .map(|(_, event)| event)
            .collect();
        if !self.begun {
            // The server begins with what there is, by names.
            let name = |event: &Value| event["metadata"]["name"].as_str().map(str::to_owned);
            rollscope_api::order::sort_by_key(&mut events, name);
            self.begun = true;
        }
        for event in events {
            let options = options(ctx, self.header);
            let rows = event_rows(&[event], &options, ctx.now());
            let text = self.writer.align(&rows);
            self.header = true;
            ctx.print(&text);
        }
        Ok(Progress::Pending)
    }
}
