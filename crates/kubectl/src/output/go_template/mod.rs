//! `-o go-template=…`: the part of Go's `text/template` that object templates use.
//!
//! Models `text/template` with cli-runtime's `printers/template.go`: actions, pipelines, variables,
//! `if`, `range`, `with`, `define`, `template`, `block` and the built-in functions.

mod eval;
mod functions;
mod lex;
mod parse;

use std::collections::BTreeMap;

use rollscope_api::{Value, gojson};

use crate::gofmt;

/// A parsed template.
#[derive(Clone, Debug)]
pub struct GoTemplate {
    text: String,
    templates: Templates,
    strict: bool,
}

/// What `define` and `block` define, by name, and the text itself under [`MAIN`].
type Templates = BTreeMap<String, Vec<Node>>;

/// What kubectl calls the template it is given.
const MAIN: &str = "output";

/// A piece of a template.
#[derive(Clone, Debug)]
enum Node {
    Text(String),
    /// `{{pipeline}}`
    Print(Pipeline),
    If(Pipeline, Vec<Node>, Vec<Node>),
    With(Pipeline, Vec<Node>, Vec<Node>),
    Range(Pipeline, Vec<Node>, Vec<Node>),
    Break,
    Continue,
    Template(Call),
}

/// `{{template "name" pipeline}}`
#[derive(Clone, Debug)]
struct Call {
    name: String,
    argument: Option<Pipeline>,
    /// For messages: the action, and where the name stands in the template.
    text: String,
    at: usize,
}

/// Commands whose results go from one to the next, and the variables that take the last one.
#[derive(Clone, Debug)]
struct Pipeline {
    declares: Vec<String>,
    /// `=` in place of `:=`.
    assigns: bool,
    commands: Vec<Vec<Operand>>,
}

/// A word of a command.
#[derive(Clone, Debug)]
struct Operand {
    term: Term,
    /// Fields behind the term: `.a.b`.
    fields: Vec<String>,
    /// For messages: the text, and where it stands in the template.
    text: String,
    at: usize,
}

#[derive(Clone, Debug)]
enum Term {
    Dot,
    Nil,
    Literal(Value),
    Variable(String),
    Function(String),
    Pipeline(Box<Pipeline>),
}

impl GoTemplate {
    /// Parses a template.
    ///
    /// # Errors
    /// Go's words: `template: output:1: unclosed action` …
    pub fn parse(text: &str) -> Result<Self, String> {
        let templates = parse::parse(text)
            .map_err(|(at, error)| format!("template: output:{}: {error}", line(text, at)))?;
        Ok(Self { text: text.to_owned(), templates, strict: false })
    }

    /// Missing keys become errors (`--allow-missing-template-keys=false`).
    #[must_use]
    pub fn strict(self, strict: bool) -> Self {
        Self { strict, ..self }
    }

    /// Appends what the template makes of the object; an error is explained there, too.
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn print(&self, data: &Value, out: &mut String) -> Result<(), String> {
        let Err(error) = eval::run(&self.templates, data, self.strict, out) else { return Ok(()) };
        let start = self.text[..error.at].rfind('\n').map_or(0, |at| at + 1);
        let place = format!("{}:{}", line(&self.text, error.at), error.at - start);
        let message = format!(
            "template: {MAIN}:{place}: executing {} at <{}>: {}",
            gofmt::quote(error.template.as_deref().unwrap_or(MAIN)),
            error.text,
            error.why
        );
        *out += &format!(
            "Error executing template: {message}. Printing more information for debugging the \
             template:\n\ttemplate was:\n\t\t{}\n\traw data was:\n\t\t{}\n\tobject given to \
             template engine was:\n\t\t{}\n\n",
            self.text,
            gojson::to_string(data),
            gofmt::v(data),
        );
        Err(format!("error executing template {}: {message}", gofmt::quote(&self.text)))
    }
}

/// What a base64 text stands for.
pub(crate) fn from_base64(text: &str) -> Option<String> {
    functions::base64(&Some(std::borrow::Cow::Owned(text.into()))).ok()
}

/// The line in which a position stands, from 1.
fn line(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}
