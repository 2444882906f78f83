//! Evaluates templates. Models `jsonpath.go` of `k8s.io/client-go/util/jsonpath`.
//!
//! Go visits maps in random order; here it is the order of their keys.

use std::borrow::Cow;

use rollscope_api::Value;
use serde_json::json;

use super::{Found, Node, Param, compare};
use crate::gofmt;

/// One run of a template over its data.
pub(super) struct Evaluation<'n> {
    nodes: &'n [Node],
    strict: bool,
    /// A `range` was met and is to begin.
    begin_range: bool,
    /// How many ranges are open.
    in_range: usize,
    /// How many `end`s were met that close them.
    end_range: usize,
    /// Where the last `end` stands.
    last_end: Option<usize>,
}

impl<'n> Evaluation<'n> {
    pub fn new(nodes: &'n [Node], strict: bool) -> Self {
        Self { nodes, strict, begin_range: false, in_range: 0, end_range: 0, last_end: None }
    }

    pub fn run<'a>(mut self, data: &'a Value) -> Result<Vec<Vec<Found<'a>>>, String> {
        self.find(0, Cow::Borrowed(data))
    }

    fn find<'a>(&mut self, start: usize, data: Found<'a>) -> Result<Vec<Vec<Found<'a>>>, String> {
        let mut all = Vec::new();
        let mut at = start;
        while at < self.nodes.len() {
            let results = self.walk(vec![data.clone()], &self.nodes[at])?;
            if self.end_range > 0 && self.end_range <= self.in_range {
                self.end_range -= 1;
                self.last_end = Some(at);
                break;
            }
            if self.begin_range {
                self.begin_range = false;
                self.in_range += 1;
                if results.is_empty() {
                    // The body is passed through all the same, so that its end is found.
                    self.find(at + 1, Cow::Owned(Value::Null))?;
                }
                for item in results {
                    all.extend(self.find(at + 1, item)?);
                }
                self.in_range -= 1;
                at = self.last_end.filter(|end| *end > at).unwrap_or(at) + 1;
                continue;
            }
            all.push(results);
            at += 1;
        }
        Ok(all)
    }

    fn walk<'a>(&mut self, input: Vec<Found<'a>>, node: &Node) -> Result<Vec<Found<'a>>, String> {
        let literal = |value: Value| input.iter().map(|_| Cow::Owned(value.clone())).collect();
        match node {
            Node::List(nodes) => self.list(input, nodes),
            Node::Text(text) => Ok(vec![Cow::Owned(Value::String(text.clone()))]),
            Node::Int(int) => Ok(literal(json!(int))),
            Node::Float(float) => Ok(literal(json!(float))),
            Node::Bool(flag) => Ok(literal(json!(flag))),
            Node::Field(name) => self.field(input, name),
            Node::Array(params) => array(input, params),
            Node::Filter { left, operator, right } => self.filter(input, left, operator, right),
            Node::Wildcard => Ok(input.into_iter().flat_map(children).collect()),
            Node::Recursive => Ok(recursive(input)),
            Node::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.list(input.clone(), part)?);
                }
                Ok(all)
            }
            Node::Identifier(name) => self.identifier(input, name),
        }
    }

    fn list<'a>(
        &mut self,
        input: Vec<Found<'a>>,
        nodes: &[Node],
    ) -> Result<Vec<Found<'a>>, String> {
        nodes.iter().try_fold(input, |current, node| self.walk(current, node))
    }

    fn identifier<'a>(
        &mut self,
        input: Vec<Found<'a>>,
        name: &str,
    ) -> Result<Vec<Found<'a>>, String> {
        match name {
            "range" => {
                self.begin_range = true;
                Ok(input)
            }
            "end" if self.in_range > 0 => {
                self.end_range += 1;
                Ok(Vec::new())
            }
            "end" => Err("not in range, nothing to end".into()),
            other => Err(format!("unrecognized identifier {other}")),
        }
    }

    fn field<'a>(&self, input: Vec<Found<'a>>, name: &str) -> Result<Vec<Found<'a>>, String> {
        let had_input = !input.is_empty();
        let results: Vec<Found<'a>> = input.into_iter().filter_map(|v| get(v, name)).collect();
        if results.is_empty() && had_input && self.strict {
            return Err(format!("{name} is not found"));
        }
        Ok(results)
    }

    fn filter<'a>(
        &mut self,
        input: Vec<Found<'a>>,
        left: &[Node],
        operator: &str,
        right: &[Node],
    ) -> Result<Vec<Found<'a>>, String> {
        let mut results = Vec::new();
        for value in input {
            if !value.is_array() {
                let text = gofmt::v(&value);
                return Err(format!("{text} is not array or slice and cannot be filtered"));
            }
            for item in children(value) {
                let lefts = self.list(vec![item.clone()], left);
                if operator == "exists" {
                    // An error here is a path that is not there.
                    if lefts.is_ok_and(|found| !found.is_empty()) {
                        results.push(item);
                    }
                    continue;
                }
                let Some(left) = only_one(lefts?)? else { continue };
                let Some(right) = only_one(self.list(vec![item.clone()], right)?)? else {
                    continue;
                };
                if compare::holds(&left, operator, &right)? {
                    results.push(item);
                }
            }
        }
        Ok(results)
    }
}

fn only_one<'a>(mut found: Vec<Found<'a>>) -> Result<Option<Found<'a>>, String> {
    match found.len() {
        0 | 1 => Ok(found.pop()),
        _ => Err("can only compare one element at a time".into()),
    }
}

fn get<'a>(value: Found<'a>, name: &str) -> Option<Found<'a>> {
    match value {
        Cow::Borrowed(value) => value.as_object()?.get(name).map(Cow::Borrowed),
        Cow::Owned(value) => value.as_object()?.get(name).cloned().map(Cow::Owned),
    }
}

/// The values of a map or a list; of a string its bytes.
fn children<'a>(value: Found<'a>) -> Vec<Found<'a>> {
    match value {
        Cow::Borrowed(Value::Object(fields)) => fields.values().map(Cow::Borrowed).collect(),
        Cow::Borrowed(Value::Array(items)) => items.iter().map(Cow::Borrowed).collect(),
        Cow::Owned(Value::Object(fields)) => {
            fields.into_iter().map(|(_, value)| Cow::Owned(value)).collect()
        }
        Cow::Owned(Value::Array(items)) => items.into_iter().map(Cow::Owned).collect(),
        other => {
            let text = other.as_str().unwrap_or("");
            text.bytes().map(|byte| Cow::Owned(json!(byte))).collect()
        }
    }
}

/// Every value that has children, each before its own.
fn recursive<'a>(input: Vec<Found<'a>>) -> Vec<Found<'a>> {
    let mut all = Vec::new();
    for value in input {
        let inner = children(value.clone());
        if !inner.is_empty() {
            all.push(value);
            all.extend(recursive(inner));
        }
    }
    all
}

fn array<'a>(input: Vec<Found<'a>>, params: &[Param; 3]) -> Result<Vec<Found<'a>>, String> {
    let mut results = Vec::new();
    // As upstream, negative numbers are resolved once, against the first list.
    let [mut from, mut to, step] = *params;
    for value in input {
        if value.is_null() {
            continue;
        }
        if !value.is_array() {
            return Err(format!("{} is not array or slice", gofmt::type_name(&value)));
        }
        let items = children(value);
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        if !from.known {
            from.value = 0;
        }
        if from.value < 0 {
            from.value += length;
        }
        if !to.known {
            to.value = length;
        }
        if to.value < 0 || (to.value == 0 && to.derived) {
            to.value += length;
        }
        if from.value == to.value {
            return Ok(results);
        }
        let out_of_bounds =
            |index: i64| format!("array index out of bounds: index {index}, length {length}");
        if from.value >= length || from.value < 0 {
            return Err(out_of_bounds(from.value));
        }
        if to.value > length || to.value < 0 {
            return Err(out_of_bounds(to.value - 1));
        }
        if from.value > to.value {
            let (from, to) = (from.value, to.value);
            return Err(format!("starting index {from} is greater than ending index {to}"));
        }
        if step.known && step.value <= 0 {
            return Err("step must be > 0".into());
        }
        let at = |value: i64| usize::try_from(value).unwrap_or(0);
        let step = if step.known { at(step.value) } else { 1 };
        let wanted = at(to.value) - at(from.value);
        results.extend(items.into_iter().skip(at(from.value)).take(wanted).step_by(step));
    }
    Ok(results)
}
