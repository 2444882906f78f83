//! `kubectl get`. Models `kubectl/pkg/cmd/get/get.go`.

use rollscope_api::{Resource, Status, Value};

use serde_json::json;

use super::scale_subresource as scale;
use super::watch::WatchedList;
use crate::builder::{Builder, FILE_FLAGS, SELECTOR_FLAG, Selection, no_files};
use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags::{Flag, Kind as FlagKind};
use crate::flags_table::{ALL_NAMESPACES, CHUNK_SIZE, FIELD_SELECTOR, SUBRESOURCE};
use crate::info::Info;
use crate::kinds::Kind;
use crate::output::{self, Format, Offer, SortError, jsonpath};
use crate::print::{TableOptions, TablePrinter};
use crate::printer::{PRINT_FLAGS, omit_managed_fields};
use crate::waiting::{Flow, Progress, Waiter};

const FLAGS: &[Flag] = &[
    Flag::switch("show-labels", "A last column with all labels."),
    Flag::text("sort-by", "Sort by this field, a jsonpath expression: .metadata.name."),
    Flag::switch("show-kind", "Names with their type."),
    Flag::of(FlagKind::List, "label-columns", "", "Labels that get a column of their own.")
        .short('L'),
    Flag::switch("no-headers", "No header line."),
    Flag::text("raw", "A path of the API server."),
    Flag::switch("watch", "Go on with every change.").short('w'),
    Flag::switch("watch-only", "Only the changes from now on."),
    Flag::switch("output-watch-events", "Print the kinds of changes too."),
    Flag::switch("ignore-not-found", "Objects that do not exist are no error."),
    Flag::switch("server-print", "Has no effect here.").default("true"),
];

/// `get`
pub(crate) static GET: Command = Command {
    name: "get",
    suggest_for: &["list", "ls"],
    usage: "[(-o|--output=)json|yaml|name|wide|jsonpath|custom-columns] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]",
    short: "Show objects",
    examples: &[
        "get deployments",
        "get pods -o wide",
        "get deploy,rs,pods",
        "get deployment web -o yaml",
        "get pods -w",
    ],
    flags: &[
        PRINT_FLAGS,
        FLAGS,
        FIELD_SELECTOR,
        ALL_NAMESPACES,
        FILE_FLAGS,
        CHUNK_SIZE,
        SELECTOR_FLAG,
        SUBRESOURCE,
    ],
    run: Run::Verb(run),
    ..COMMAND
};

fn run(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let given = ctx.given().clone();
    let args = ctx.args();
    if !given.text("raw").is_empty() {
        if !args.is_empty() {
            return Err("arguments may not be passed when --raw is specified".into());
        }
        let filters =
            given.on("watch") || given.on("watch-only") || !given.text("selector").is_empty();
        if filters {
            return Err("--raw may not be specified with other flags that filter the server request or alter the output".into());
        }
        if !given.text("output").is_empty() {
            return Err("--raw and --output are mutually exclusive".into());
        }
        return Err("raw paths (--raw) are not part of the playground".into());
    }
    let sort_by = given.text("sort-by");
    let (watch, watch_only) = (given.on("watch"), given.on("watch-only"));
    if watch && !sort_by.is_empty() {
        ctx.eprintln(
            "warning: --watch requested, --sort-by will be ignored for watch events received",
        );
    } else if watch_only && !watch && !sort_by.is_empty() {
        ctx.eprintln("warning: --watch-only requested, --sort-by will be ignored");
    } else if !watch && !watch_only && args.is_empty() && no_files(&given) {
        ctx.eprintln("You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n");
        return Err(ctx.usage_error(
            "Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed \
             description of that resource (e.g. kubectl explain pods).",
        ));
    }
    let output = given.text("output");
    if given.on("show-labels") && !matches!(output, "" | "wide") {
        return Err(Error::Text(format!(
            "--show-labels option cannot be used with {output} printer"
        )));
    }
    if given.on("output-watch-events") && !watch && !watch_only {
        return Err(
            "--output-watch-events option can only be used with --watch or --watch-only".into()
        );
    }
    let builder = Builder::new(ctx)
        .all_namespaces(given.on("all-namespaces"))
        .files(ctx)
        .label_selector(given.text("selector"))
        .field_selector(given.text("field-selector"))
        .subresource(given.text("subresource"))
        .args(true, &args)
        .latest();
    if watch || watch_only {
        let selection = builder.single_resource_type().done()?;
        return start_watch(ctx, selection);
    }
    let selection = builder.continue_on_error().flatten().done()?;
    let human = matches!(output, "" | "wide") && given.text("template").is_empty();
    if human {
        print_tables(ctx, selection)?
    } else {
        print_objects(ctx, selection)?
    }
    Ok(Flow::Done)
}

fn format(ctx: &Ctx<'_>) -> Result<Format, Error> {
    let given = ctx.given();
    let template = Some(given.text("template")).filter(|template| !template.is_empty());
    let format = Format::parse(given.text("output"), template, Offer::Get)?;
    Ok(format.strict(!given.on("allow-missing-template-keys")))
}

fn table_options(ctx: &Ctx<'_>, kind: &Kind, with_kind: bool) -> TableOptions {
    let given = ctx.given();
    TableOptions {
        generic: !given.on("server-print"),
        wide: given.text("output") == "wide",
        show_labels: given.on("show-labels"),
        label_columns: given.list("label-columns"),
        no_headers: given.on("no-headers"),
        with_namespace: given.on("all-namespaces") && kind.namespaced,
        with_kind: with_kind || given.on("show-kind"),
    }
}

/// Splits the error of a visit into the ones that count and the ones that are to be ignored.
fn without_not_found(ctx: &Ctx<'_>, error: Option<Error>) -> Option<Error> {
    if !ctx.given().on("ignore-not-found") {
        return error;
    }
    match error? {
        Error::Many(errors) => {
            let rest: Vec<Error> =
                errors.into_iter().filter(|error| !error.is_not_found()).collect();
            if rest.is_empty() { None } else { Some(Error::Many(rest)) }
        }
        error if error.is_not_found() => None,
        error => Some(error),
    }
}

/// `--subresource`: each object's part in its place.
fn subresources(
    ctx: &Ctx<'_>,
    infos: Vec<Info>,
    error: Option<Error>,
) -> (Vec<Info>, Option<Error>) {
    let subresource = ctx.given().text("subresource");
    if matches!(subresource, "" | "status") {
        return (infos, error);
    }
    let mut failed: Vec<Error> = error.into_iter().flat_map(flatten).collect();
    let mut found = Vec::new();
    for mut info in infos {
        if subresource == "scale" && scale::scales(info.kind) {
            info.object = scale::scale(&info.object);
            found.push(info);
        } else {
            let mut status = Status::not_found("", "");
            "the server could not find the requested resource".clone_into(&mut status.message);
            failed.push(status.into());
        }
    }
    let error = match failed.len() {
        0 => None,
        1 => Some(failed.remove(0)),
        _ => Some(Error::Many(failed)),
    };
    (found, error)
}

/// Several tables are sorted as if they were objects: by fields of the tables themselves.
fn sort_tables(ctx: &Ctx<'_>, field: &str) -> Result<(), Error> {
    let table = json!({
        "apiVersion": "meta.k8s.io/v1", "kind": "Table", "metadata": {"resourceVersion": "1"},
        "columnDefinitions": [{}], "rows": [{}],
    });
    output::sort_by(&mut [table.clone(), table], field).map_err(|error| sort_error(ctx, error))
}

fn sort_error(ctx: &Ctx<'_>, error: SortError) -> Error {
    match error {
        SortError::Refused(text) => Error::Text(text),
        SortError::Fatal(text) => Error::Verbatim(ctx.log_line('F', "sorter.go:329", &text)),
    }
}

/// One table a type, an empty line between them.
fn print_tables(ctx: &mut Ctx<'_>, selection: Selection) -> Result<(), Error> {
    let listed = if selection.targets_single { Vec::new() } else { selection.kinds() };
    let lists = listed.len();
    let (infos, error) = selection.infos(ctx);
    let (infos, error) = subresources(ctx, infos, error);
    // What could not be read is one of several errors here, even if it is the only one.
    let error = without_not_found(ctx, error).map(Error::into_one_of_several);
    // A listed type counts even if there are no objects of it.
    let mut kinds = listed.clone();
    for info in &infos {
        if !kinds.contains(&info.kind) {
            kinds.push(info.kind);
        }
    }
    let with_kind = kinds.len() > 1;
    let namespaced = !ctx.given().on("all-namespaces") && kinds.iter().all(|kind| kind.namespaced);
    let sort_by = ctx.given().text("sort-by").to_owned();

    let several = if lists > 0 { lists > 1 } else { infos.len() > 1 };
    if several && !sort_by.is_empty() {
        sort_tables(ctx, &sort_by)?;
    }
    let mut tables: Vec<(&'static Kind, Vec<Value>)> = Vec::new();
    for info in infos {
        match tables.last_mut() {
            Some((kind, objects)) if *kind == info.kind => objects.push(info.object),
            _ => tables.push((info.kind, vec![info.object])),
        }
    }
    let mut text = String::new();
    for (kind, mut objects) in tables {
        if !sort_by.is_empty() {
            match output::sort_rows(&mut objects, &sort_by) {
                Ok(()) => {}
                Err(SortError::Fatal(text)) => {
                    return Err(Error::Verbatim(ctx.log_line('F', "sorter.go:375", &text)));
                }
                // kubectl leaves the table out and says nothing of it.
                Err(SortError::Refused(_)) => continue,
            }
        }
        if ctx.given().text("subresource") == "scale" {
            text.push_str(&scale::table(&objects, ctx.given().on("no-headers"), ctx.now()));
            continue;
        }
        let Some(resource) = kind.resource() else { continue };
        let options = table_options(ctx, kind, with_kind);
        let gap = !options.no_headers && !text.is_empty();
        let table = crate::print::table(resource, &objects, &options, ctx.now());
        if !table.is_empty() && gap {
            text.push('\n');
        }
        text.push_str(&table);
    }
    ctx.print(&text);
    if text.is_empty() && !ctx.given().on("ignore-not-found") && error.is_none() {
        if namespaced {
            ctx.eprintln(&format!("No resources found in {} namespace.", ctx.namespace()));
        } else {
            ctx.eprintln("No resources found");
        }
    }
    error.map_or(Ok(()), Err)
}

/// All objects at once, in the format that was asked for.
fn print_objects(ctx: &mut Ctx<'_>, selection: Selection) -> Result<(), Error> {
    let single = selection.single;
    let (infos, error) = selection.infos(ctx);
    let (infos, error) = subresources(ctx, infos, error);
    let error = without_not_found(ctx, error);
    if single && let Some(error) = error {
        return Err(error);
    }
    if infos.is_empty() && ctx.given().on("ignore-not-found") {
        return error.map_or(Ok(()), Err);
    }
    let format = format(ctx)?;
    let headers = !ctx.given().on("no-headers");
    let sort_by = ctx.given().text("sort-by").to_owned();
    let count = infos.len();
    let mut objects: Vec<Value> = infos.into_iter().map(|info| info.object).collect();
    if !ctx.given().on("show-managed-fields") {
        objects.iter_mut().for_each(omit_managed_fields);
    }
    let mut text = String::new();
    let printed = if single && count == 1 {
        format.print_into(&objects[0], headers, &mut text)
    } else {
        if !sort_by.is_empty() {
            output::sort_by(&mut objects, &sort_by).map_err(|error| sort_error(ctx, error))?;
        }
        format.print_into(&output::list(objects), headers, &mut text)
    };
    // What was printed before an error stays.
    ctx.print(&text);
    let failed = printed.err().map(Error::Text);
    let mut failed: Vec<Error> = error.into_iter().chain(failed).flat_map(flatten).collect();
    match failed.len() {
        0 => Ok(()),
        1 => Err(failed.remove(0)),
        _ => Err(Error::Many(failed)),
    }
}

fn flatten(error: Error) -> Vec<Error> {
    match error {
        Error::Many(errors) => errors.into_iter().flat_map(flatten).collect(),
        error => vec![error],
    }
}

/// `get -w`: what is printed of every change.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    list: WatchedList,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    Table(TablePrinter),
    Objects(Format, usize),
}

fn start_watch(ctx: &mut Ctx<'_>, selection: Selection) -> Result<Flow, Error> {
    if selection.sources() != 1 {
        return Err(if selection.targets_single {
            "you may only watch a single resource or type of resource at a time".into()
        } else {
            "you may only specify a single resource type".into()
        });
    }
    let given = ctx.given().clone();
    let is_list = !selection.targets_single;
    let infos = match selection.all(ctx) {
        Err(error) if error.is_not_found() && given.on("ignore-not-found") => {
            return Ok(Flow::Done);
        }
        infos => infos?,
    };
    let Some(info) = infos.into_iter().next() else {
        return Err("no objects passed to watch".into());
    };
    let Some(resource) = info.kind.resource() else {
        return Err(Error::Text(format!("{} are not simulated here", info.kind.plural)));
    };
    let objects = match (is_list, info.object["items"].as_array()) {
        (true, Some(items)) => items.clone(),
        _ => vec![info.object.clone()],
    };
    let mut watch =
        Watch { list: watched(ctx, &info, resource, is_list), shape: shape(ctx, &info)? };
    watch.list.start(&objects);
    if !given.on("watch-only") {
        let first: Vec<(&str, Value)> =
            objects.into_iter().map(|object| ("ADDED", object)).collect();
        watch.print(ctx, first)?;
    }
    Ok(Flow::Wait(Box::new(Waiter::Get(Box::new(watch)))))
}

fn watched(ctx: &Ctx<'_>, info: &Info, resource: Resource, is_list: bool) -> WatchedList {
    let given = ctx.given();
    let fields = match (is_list, given.text("field-selector")) {
        (true, fields) => fields.to_owned(),
        (false, _) => format!("metadata.name={}", info.name),
    };
    WatchedList::new(resource, &info.namespace, given.text("selector"), &fields)
}

fn shape(ctx: &Ctx<'_>, info: &Info) -> Result<Shape, Error> {
    Ok(match (format(ctx)?, info.kind.resource()) {
        (Format::Human | Format::Wide, Some(resource)) => {
            let options = table_options(ctx, info.kind, false);
            Shape::Table(TablePrinter::new(resource, options))
        }
        (format, _) => Shape::Objects(format, 0),
    })
}

impl Watch {
    /// Prints what changed since the last look.
    pub(crate) fn poll(&mut self, ctx: &mut Ctx<'_>) -> Result<Progress, Error> {
        let changes = self.list.changes(ctx)?;
        self.print(ctx, changes)?;
        Ok(Progress::Pending)
    }

    fn print(
        &mut self,
        ctx: &mut Ctx<'_>,
        changes: Vec<(&'static str, Value)>,
    ) -> Result<(), Error> {
        let events = ctx.given().on("output-watch-events");
        let now = ctx.now();
        for (what, object) in changes {
            let text = match &mut self.shape {
                Shape::Table(table) => {
                    let line = table.print(std::slice::from_ref(&object), now);
                    if events { with_event(&line, what) } else { line }
                }
                Shape::Objects(format, printed) => {
                    let shown = if events {
                        serde_json::json!({"type": what, "object": object})
                    } else {
                        object
                    };
                    *printed += 1;
                    let separator =
                        if *printed > 1 && matches!(format, Format::Yaml) { "---\n" } else { "" };
                    format!("{separator}{}", format.print(&shown, *printed == 1)?)
                }
            };
            ctx.print(&text);
        }
        Ok(())
    }
}

/// A first column with the kind of change.
fn with_event(lines: &str, what: &str) -> String {
    lines
        .lines()
        .map(|line| {
            let first = if line.starts_with("NAME") { "EVENT" } else { what };
            format!("{first:<11}{line}\n")
        })
        .collect()
}

/// `{.spec.replicas}` from `.spec.replicas` and the like.
pub(crate) fn relaxed(expression: &str) -> Result<String, Error> {
    jsonpath::relaxed(expression).map_err(Error::Text)
}
