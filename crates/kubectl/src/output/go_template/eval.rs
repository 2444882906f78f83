//! Executes templates. Models `text/template/exec.go`.

use std::borrow::Cow;

use rollscope_api::Value;
use serde_json::json;

use super::{Call, MAIN, Node, Operand, Pipeline, Templates, Term, functions};
use crate::gofmt;

/// A value, or none: a key that is not there.
pub(super) type Found<'a> = Option<Cow<'a, Value>>;

/// Go gives up at a depth of 100,000 templates. Objects are not nested as deeply as this, hence
/// what gets here never ends.
const DEEPEST: usize = 200;

/// A range over a number goes no further.
const RANGE_MAX: i64 = 100_000;

/// What went wrong at which operand.
pub(super) struct Error {
    /// The template it stands in, unless that is the main one.
    pub template: Option<String>,
    pub at: usize,
    pub text: String,
    pub why: String,
}

/// Appends what the template makes of the data.
pub(super) fn run(
    templates: &Templates,
    data: &Value,
    strict: bool,
    out: &mut String,
) -> Result<(), Error> {
    let root = Some(Cow::Borrowed(data));
    let variables = vec![("$".into(), root.clone())];
    let mut run = Run { templates, variables, depth: 0, strict, out };
    let nodes = templates.get(MAIN).map_or(&[][..], Vec::as_slice);
    run.nodes(nodes, &root).map(|_| ())
}

/// How a list of nodes ended.
#[derive(PartialEq)]
enum Flow {
    Next,
    Break,
    Continue,
}

struct Run<'a, 'o> {
    templates: &'o Templates,
    /// How many templates this one is called by.
    depth: usize,
    variables: Vec<(String, Found<'a>)>,
    strict: bool,
    out: &'o mut String,
}

impl<'a> Run<'a, '_> {
    fn nodes(&mut self, nodes: &[Node], dot: &Found<'a>) -> Result<Flow, Error> {
        let variables = self.variables.len();
        for node in nodes {
            match self.node(node, dot)? {
                Flow::Next => {}
                flow => {
                    self.variables.truncate(variables);
                    return Ok(flow);
                }
            }
        }
        self.variables.truncate(variables);
        Ok(Flow::Next)
    }

    fn node(&mut self, node: &Node, dot: &Found<'a>) -> Result<Flow, Error> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Print(pipeline) => {
                let value = self.pipeline(pipeline, dot)?;
                if pipeline.declares.is_empty() {
                    self.out.push_str(&printed(&value));
                }
            }
            Node::If(pipeline, body, otherwise) => {
                let variables = self.variables.len();
                let value = self.pipeline(pipeline, dot)?;
                let flow = self.nodes(if truth(&value) { body } else { otherwise }, dot);
                self.variables.truncate(variables);
                return flow;
            }
            Node::With(pipeline, body, otherwise) => {
                let variables = self.variables.len();
                let value = self.pipeline(pipeline, dot)?;
                let flow = match truth(&value) {
                    true => self.nodes(body, &value),
                    false => self.nodes(otherwise, dot),
                };
                self.variables.truncate(variables);
                return flow;
            }
            Node::Range(pipeline, body, otherwise) => {
                let variables = self.variables.len();
                let flow = self.range(pipeline, body, otherwise, dot);
                self.variables.truncate(variables);
                return flow;
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
            Node::Template(call) => self.template(call, dot)?,
        }
        Ok(Flow::Next)
    }

    fn template(&mut self, call: &Call, dot: &Found<'a>) -> Result<(), Error> {
        let fail =
            |why: String| Error { template: None, at: call.at, text: call.text.clone(), why };
        let Some(nodes) = self.templates.get(&call.name) else {
            return Err(fail(format!("template {} not defined", gofmt::quote(&call.name))));
        };
        let argument = match &call.argument {
            Some(pipeline) => self.pipeline(pipeline, dot)?,
            None => None,
        };
        if self.depth == DEEPEST {
            let why = fail("exceeded maximum template depth (100000)".into());
            return Err(Error { template: Some(call.name.clone()), ..why });
        }
        self.depth += 1;
        let own = vec![("$".into(), argument.clone())];
        let callers = std::mem::replace(&mut self.variables, own);
        let result = self.nodes(nodes, &argument);
        self.variables = callers;
        self.depth -= 1;
        result.map(|_| ()).map_err(|error| Error {
            template: error.template.or_else(|| Some(call.name.clone())),
            ..error
        })
    }

    fn range(
        &mut self,
        pipeline: &Pipeline,
        body: &[Node],
        otherwise: &[Node],
        dot: &Found<'a>,
    ) -> Result<Flow, Error> {
        let value = self.commands(pipeline, dot)?;
        let items: Vec<(Value, Cow<'a, Value>)> = match value {
            None | Some(Cow::Borrowed(Value::Null) | Cow::Owned(Value::Null)) => Vec::new(),
            Some(Cow::Borrowed(Value::Array(items))) => {
                items.iter().enumerate().map(|(i, x)| (json!(i), Cow::Borrowed(x))).collect()
            }
            Some(Cow::Borrowed(Value::Object(fields))) => {
                fields.iter().map(|(key, x)| (json!(key), Cow::Borrowed(x))).collect()
            }
            Some(Cow::Owned(Value::Array(items))) => {
                items.into_iter().enumerate().map(|(i, x)| (json!(i), Cow::Owned(x))).collect()
            }
            Some(Cow::Owned(Value::Object(fields))) => {
                fields.into_iter().map(|(key, x)| (json!(key), Cow::Owned(x))).collect()
            }
            Some(count) if count.as_i64().is_some() => {
                let count = count.as_i64().unwrap_or_default().min(RANGE_MAX);
                (0..count).map(|i| (json!(i), Cow::Owned(json!(i)))).collect()
            }
            Some(other) => {
                let operand = &pipeline.commands[0][0];
                return Err(fail(
                    operand,
                    format!("range can't iterate over {}", gofmt::v(&other)),
                ));
            }
        };
        if items.is_empty() {
            return self.nodes(otherwise, dot);
        }
        for (key, item) in items {
            let item = Some(item);
            let variables = self.variables.len();
            match pipeline.declares.as_slice() {
                [index, element] => {
                    self.set(pipeline, index, Some(Cow::Owned(key)));
                    self.set(pipeline, element, item.clone());
                }
                [element] => self.set(pipeline, element, item.clone()),
                _ => {}
            }
            let flow = self.nodes(body, &item)?;
            self.variables.truncate(variables);
            if flow == Flow::Break {
                break;
            }
        }
        Ok(Flow::Next)
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Found<'a>) -> Result<Found<'a>, Error> {
        let value = self.commands(pipeline, dot)?;
        for name in &pipeline.declares {
            self.set(pipeline, name, value.clone());
        }
        Ok(value)
    }

    fn set(&mut self, pipeline: &Pipeline, name: &str, value: Found<'a>) {
        let known = self.variables.iter_mut().rev().find(|(known, _)| known == name);
        match known.filter(|_| pipeline.assigns) {
            Some((_, variable)) => *variable = value,
            None => self.variables.push((name.to_owned(), value)),
        }
    }

    fn commands(&mut self, pipeline: &Pipeline, dot: &Found<'a>) -> Result<Found<'a>, Error> {
        let mut last = None;
        for (index, command) in pipeline.commands.iter().enumerate() {
            let piped = (index > 0).then_some(last);
            last = self.command(command, piped, dot)?;
        }
        Ok(last)
    }

    fn command(
        &mut self,
        command: &[Operand],
        piped: Option<Found<'a>>,
        dot: &Found<'a>,
    ) -> Result<Found<'a>, Error> {
        let first = &command[0];
        if let Term::Function(name) = &first.term {
            return self.call(name, first, &command[1..], piped, dot);
        }
        if command.len() > 1 || piped.is_some() {
            let why = match first.fields.last() {
                Some(field) => format!("{field} is not a method but has arguments"),
                None => format!("can't give argument to non-function {}", first.text),
            };
            return Err(fail(first, why));
        }
        self.operand(first, dot)
    }

    fn call(
        &mut self,
        name: &str,
        operand: &Operand,
        arguments: &[Operand],
        piped: Option<Found<'a>>,
        dot: &Found<'a>,
    ) -> Result<Found<'a>, Error> {
        let mut values: Vec<Found<'a>> = Vec::new();
        for argument in arguments {
            let value = match argument.term {
                Term::Nil => None,
                _ => self.operand(argument, dot)?,
            };
            // `and` and `or` look no further than they must.
            let decides = match name {
                "and" => !truth(&value),
                "or" => truth(&value),
                _ => false,
            };
            if decides {
                return Ok(value);
            }
            values.push(value);
        }
        values.extend(piped);
        let fields = &operand.fields;
        let result = functions::call(name, values).map_err(|why| {
            let words = std::iter::once(operand).chain(arguments).map(|word| word.text.as_str());
            Error { template: None, at: operand.at, text: words.collect::<Vec<_>>().join(" "), why }
        })?;
        fields.iter().try_fold(result, |value, field| self.field(value, field, operand))
    }

    fn operand(&mut self, operand: &Operand, dot: &Found<'a>) -> Result<Found<'a>, Error> {
        let start = match &operand.term {
            Term::Dot => dot.clone(),
            Term::Nil => return Err(fail(operand, "nil is not a command".into())),
            Term::Literal(value) => Some(Cow::Owned(value.clone())),
            Term::Variable(name) => {
                let mut variables = self.variables.iter().rev();
                variables.find(|(known, _)| known == name).and_then(|(_, value)| value.clone())
            }
            Term::Function(name) => return self.call(name, operand, &[], None, dot),
            Term::Pipeline(pipeline) => self.pipeline(pipeline, dot)?,
        };
        operand.fields.iter().try_fold(start, |value, field| self.field(value, field, operand))
    }

    fn field(&self, value: Found<'a>, name: &str, operand: &Operand) -> Result<Found<'a>, Error> {
        let missing = |why: String| if self.strict { Err(fail(operand, why)) } else { Ok(None) };
        match value {
            None => missing(format!("nil data; no entry for key {name:?}")),
            Some(Cow::Borrowed(Value::Object(fields))) => match fields.get(name) {
                Some(value) => Ok(Some(Cow::Borrowed(value))),
                None => missing(format!("map has no entry for key {name:?}")),
            },
            Some(Cow::Owned(Value::Object(mut fields))) => match fields.remove(name) {
                Some(value) => Ok(Some(Cow::Owned(value))),
                None => missing(format!("map has no entry for key {name:?}")),
            },
            Some(other) => Err(fail(
                operand,
                match other.is_null() {
                    true => format!("nil pointer evaluating interface {{}}.{name}"),
                    false => format!("can't evaluate field {name} in type interface {{}}"),
                },
            )),
        }
    }
}

fn fail(operand: &Operand, why: String) -> Error {
    Error { template: None, at: operand.at, text: operand.text.clone(), why }
}

/// Nothing, null, false, zero and what is empty are false.
pub(super) fn truth(value: &Found<'_>) -> bool {
    match value.as_deref() {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(fields)) => !fields.is_empty(),
    }
}

fn printed(value: &Found<'_>) -> String {
    match value.as_deref() {
        None | Some(Value::Null) => "<no value>".into(),
        Some(value) => gofmt::v(value),
    }
}
