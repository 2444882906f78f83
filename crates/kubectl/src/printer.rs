//! Prints results: `deployment.apps/web scaled`, or the object where `-o` asks for it.
//!
//! Models `genericclioptions.PrintFlags` and the printers of cli-runtime.

use rollscope_api::{Resource, Value, decode};

use crate::context::{Ctx, DryRun};
use crate::error::Error;
use crate::flags::{Flag, Kind};
use crate::info::name_of;
use crate::output::{Format, Offer};

/// The flags of every command that prints an object.
pub(crate) const PRINT_FLAGS: &[Flag] = &[
    Flag::text("output", "Output format: json, yaml, name, jsonpath=…, go-template=….").short('o'),
    Flag::text("template", "A template, where the output format wants one."),
    Flag::of(
        Kind::Bool,
        "allow-missing-template-keys",
        "true",
        "Whether templates may name missing fields.",
    )
    .alone("true"),
    Flag::switch("show-managed-fields", "Keep managedFields in JSON and YAML."),
];

/// Prints objects of one command, one after another.
#[derive(Clone, Debug)]
pub(crate) struct Printer {
    format: Format,
    operation: String,
    typed: bool,
    printed: usize,
}

impl Printer {
    /// A printer for this command's `-o`; `operation` is what result lines say was done.
    pub(crate) fn new(ctx: &Ctx<'_>, operation: &str, dry_run: DryRun) -> Result<Self, Error> {
        let given = ctx.given();
        let template = Some(given.text("template")).filter(|text| !text.is_empty());
        let format = Format::parse(given.text("output"), template, Offer::Plain)?
            .strict(!given.on("allow-missing-template-keys"));
        let operation = format!("{operation}{}", dry_run.suffix());
        Ok(Self { format, operation, typed: false, printed: 0 })
    }

    /// For commands that know the type of what they print: JSON comes in Go's order of fields, and
    /// structs that are always there are there (`resources: {}`).
    pub(crate) fn typed(self) -> Self {
        Self { format: self.format.typed(), typed: true, ..self }
    }

    /// The same format under another operation.
    pub(crate) fn says(&self, operation: &str, dry_run: DryRun) -> Self {
        let operation = format!("{operation}{}", dry_run.suffix());
        Self { operation, ..self.clone() }
    }

    /// Whether objects themselves are printed, neither result lines nor names.
    pub(crate) fn prints_objects(&self) -> bool {
        !matches!(self.format, Format::Human | Format::Name)
    }

    /// Prints one object.
    pub(crate) fn print(&mut self, ctx: &mut Ctx<'_>, object: &Value) -> Result<(), Error> {
        if matches!(self.format, Format::Human) {
            let operation = self.operation.clone();
            ctx.println(&result_line(object, &operation));
            return Ok(());
        }
        if matches!(self.format, Format::Yaml) && self.printed > 0 {
            ctx.print("---\n");
        }
        self.printed += 1;
        let mut shown = if self.typed { as_go_writes_it(object) } else { object.clone() };
        if !ctx.given().on("show-managed-fields") {
            crate::printer::omit_managed_fields(&mut shown);
        }
        let mut text = String::new();
        let printed = self.format.print_into(&shown, true, &mut text);
        ctx.print(&text);
        Ok(printed?)
    }
}

/// The object with what Go writes even where nothing was given.
fn as_go_writes_it(object: &Value) -> Value {
    let text = |key: &str| object[key].as_str().unwrap_or_default();
    let resource = Resource::from_gvk(text("apiVersion"), text("kind"));
    let mut written = object.clone();
    if let Some(Ok(raw)) = resource.map(|resource| decode::decode_raw(resource, object)) {
        add_missing(&mut written, &raw.value);
    }
    written
}

/// Adds the fields that only the other has, at any depth.
fn add_missing(value: &mut Value, other: &Value) {
    match (value, other) {
        (Value::Object(fields), Value::Object(others)) => {
            for (key, other) in others {
                match fields.get_mut(key) {
                    Some(value) => add_missing(value, other),
                    None => drop(fields.insert(key.clone(), other.clone())),
                }
            }
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            items.iter_mut().zip(others).for_each(|(value, other)| add_missing(value, other));
        }
        _ => {}
    }
}

/// `deployment.apps/web scaled`; without an operation the line ends behind the name.
pub(crate) fn result_line(object: &Value, operation: &str) -> String {
    let kind = object["kind"].as_str().unwrap_or("<unknown>").to_lowercase();
    let group = match object["apiVersion"].as_str().and_then(|version| version.split_once('/')) {
        Some((group, _)) => format!(".{group}"),
        None => String::new(),
    };
    let name = match name_of(object) {
        "" => "<unknown>",
        name => name,
    };
    let operation = if operation.is_empty() { String::new() } else { format!(" {operation}") };
    format!("{kind}{group}/{name}{operation}")
}

/// Leaves out what nobody wants to read.
pub(crate) fn omit_managed_fields(object: &mut Value) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
    if let Some(items) = object.get_mut("items").and_then(Value::as_array_mut) {
        items.iter_mut().for_each(omit_managed_fields);
    }
}
