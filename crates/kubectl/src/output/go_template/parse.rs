//! Parses templates. Models `text/template/parse/parse.go`.

use rollscope_api::Value;
use serde_json::json;

use super::functions;
use super::lex::{Piece, Token, pieces, tokens};
use super::{Call, MAIN, Node, Operand, Pipeline, Templates, Term};
use crate::gofmt;

type Error = (usize, String);

pub(super) fn parse(template: &str) -> Result<Templates, Error> {
    let mut parser = Parser {
        pieces: pieces(template)?.into_iter(),
        templates: Templates::new(),
        variables: vec!["$".into()],
        ranges: 0,
        depth: 0,
    };
    let (nodes, end) = parser.list()?;
    match end {
        Close::Template => {
            parser.define(template.len(), MAIN.to_owned(), nodes)?;
            Ok(parser.templates)
        }
        Close::End(at) => Err((at, "unexpected {{end}}".into())),
        Close::Else(at, _) => Err((at, "unexpected {{else}}".into())),
    }
}

/// Blocks nest; nobody nests them this deep.
const DEEPEST: usize = 100;

struct Parser<'a> {
    pieces: std::vec::IntoIter<Piece<'a>>,
    templates: Templates,
    variables: Vec<String>,
    ranges: usize,
    depth: usize,
}

/// What ended a list of nodes.
enum Close<'a> {
    Template,
    End(usize),
    /// `else`, and what follows it: `if …`, `with …`.
    Else(usize, &'a str),
}

impl<'a> Parser<'a> {
    fn list(&mut self) -> Result<(Vec<Node>, Close<'a>), Error> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            match piece {
                Piece::Text(text) => nodes.push(Node::Text(text.to_owned())),
                Piece::Action { at, text } => match keyword(text) {
                    ("end", _) => return Ok((nodes, Close::End(at))),
                    ("else", rest) => return Ok((nodes, Close::Else(at, rest))),
                    (word @ ("if" | "with" | "range"), rest) => {
                        nodes.push(self.block(word, at, rest, text)?);
                    }
                    (word @ ("break" | "continue"), "") => {
                        if self.ranges == 0 {
                            return Err((at, format!("{{{{{word}}}}} outside {{{{range}}}}")));
                        }
                        nodes.push(if word == "break" { Node::Break } else { Node::Continue });
                    }
                    ("define", rest) if self.depth == 0 => self.definition(at, rest, text)?,
                    ("define", _) => return Err((at, "unexpected <define> in command".into())),
                    ("template", rest) => nodes.push(self.template(at, rest, text)?),
                    ("block", rest) => nodes.push(self.block_template(at, rest, text)?),
                    _ => nodes.push(Node::Print(self.pipeline(at, text, "command")?)),
                },
            }
        }
        Ok((nodes, Close::Template))
    }

    /// `{{define "name"}} … {{end}}`
    fn definition(&mut self, at: usize, rest: &'a str, text: &'a str) -> Result<(), Error> {
        let (name, _, after) = self.name(at, rest, text, "define clause")?;
        if let Some(shown) = after.first() {
            return Err((at, format!("unexpected {shown} in define clause")));
        }
        let body = self.body(at, "define clause")?;
        self.define(at, name, body)
    }

    /// `{{template "name" pipeline}}`
    fn template(&mut self, at: usize, rest: &'a str, text: &'a str) -> Result<Node, Error> {
        let context = "template clause";
        let (name, name_at, after) = self.name(at, rest, text, context)?;
        let end = at + text.len();
        if after.first().is_some_and(|word| word == "\"|\"") {
            return Err((at, format!("unexpected \"|\" in {context}")));
        }
        let argument = match after.is_empty() {
            true => None,
            false => Some(self.argument(name_at, end, text, at, context)?),
        };
        Ok(Node::Template(call(name, name_at, argument)))
    }

    /// `{{block "name" pipeline}} … {{end}}`
    fn block_template(&mut self, at: usize, rest: &'a str, text: &'a str) -> Result<Node, Error> {
        let context = "block clause";
        let (name, name_at, after) = self.name(at, rest, text, context)?;
        if after.is_empty() {
            return Err((at, format!("missing value for {context}")));
        }
        let argument = self.argument(name_at, at + text.len(), text, at, context)?;
        let body = self.body(at, context)?;
        self.define(at, name.clone(), body)?;
        Ok(Node::Template(call(name, name_at, Some(argument))))
    }

    /// What is handed over to a template: all that follows its name.
    fn argument(
        &mut self,
        name_at: usize,
        end: usize,
        text: &'a str,
        at: usize,
        context: &str,
    ) -> Result<(Pipeline, &'a str), Error> {
        let behind = &text[name_at - at..end - at];
        let tokens = tokens(behind).map_err(|error| (at, error))?;
        let from = tokens.get(1).map_or(behind.len(), |(at, _)| *at);
        let argument = &behind[from..];
        Ok((self.pipeline(name_at + from, argument, context)?, argument.trim()))
    }

    /// The name behind `define`, `template` or `block`, where it stands, and what follows it as
    /// messages show it.
    fn name(
        &self,
        at: usize,
        rest: &str,
        text: &str,
        context: &str,
    ) -> Result<(String, usize, Vec<String>), Error> {
        let offset = text.len() - rest.len();
        let tokens = tokens(rest).map_err(|error| (at, error))?;
        let mut words = tokens.iter().enumerate().filter(|(_, (_, token))| *token != Token::Space);
        let shown = |index: usize| {
            let end = tokens.get(index + 1).map_or(rest.len(), |(at, _)| *at);
            clause_word(&tokens[index].1, &rest[tokens[index].0..end])
        };
        match words.next() {
            Some((_, (start, Token::Text(name)))) => {
                let after = words.map(|(index, _)| shown(index)).collect();
                Ok((name.clone(), at + offset + start, after))
            }
            Some((index, _)) => Err((at, format!("unexpected {} in {context}", shown(index)))),
            None => Err((at, format!("unexpected \"}}}}\" in {context}"))),
        }
    }

    /// The nodes up to `end`, which see no variable from outside.
    fn body(&mut self, at: usize, context: &str) -> Result<Vec<Node>, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err((at, "blocks are nested too deeply".into()));
        }
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let ranges = std::mem::take(&mut self.ranges);
        let (body, end) = self.list()?;
        (self.variables, self.ranges) = (variables, ranges);
        self.depth -= 1;
        match end {
            Close::End(_) => Ok(body),
            Close::Else(at, _) => Err((at, format!("unexpected {{{{else}}}} in {context}"))),
            Close::Template => Err((at, "unexpected EOF".into())),
        }
    }

    /// A template that holds nothing but blanks gives way to another of the same name.
    fn define(&mut self, at: usize, name: String, body: Vec<Node>) -> Result<(), Error> {
        match self.templates.get(&name) {
            Some(known) if !is_empty(known) => match is_empty(&body) {
                true => Ok(()),
                false => {
                    let name = gofmt::quote(&name);
                    Err((at, format!("template: multiple definition of template {name}")))
                }
            },
            _ => {
                self.templates.insert(name, body);
                Ok(())
            }
        }
    }

    fn block(
        &mut self,
        word: &str,
        at: usize,
        rest: &'a str,
        text: &'a str,
    ) -> Result<Node, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err((at, "blocks are nested too deeply".into()));
        }
        let variables = self.variables.len();
        let offset = at + (text.len() - rest.len());
        let pipeline = self.pipeline(offset, rest, word)?;
        self.ranges += usize::from(word == "range");
        let (body, end) = self.list()?;
        self.ranges -= usize::from(word == "range");
        let otherwise = match end {
            Close::Template => return Err((at, "unexpected EOF".into())),
            Close::End(_) => Vec::new(),
            Close::Else(at, rest) => match keyword(rest) {
                ("", "") => match self.list()? {
                    (nodes, Close::End(_)) => nodes,
                    (_, Close::Else(at, _)) => {
                        return Err((at, "expected end; found {{else}}".into()));
                    }
                    (_, Close::Template) => return Err((at, "unexpected EOF".into())),
                },
                // `else if` is an `if` in the `else` that shares its `end`.
                (again @ ("if" | "with"), inner) if again == word => {
                    vec![self.block(again, at, inner, rest)?]
                }
                _ => return Err((at, format!("unexpected {rest} in {word}"))),
            },
        };
        self.variables.truncate(variables);
        self.depth -= 1;
        Ok(match word {
            "if" => Node::If(pipeline, body, otherwise),
            "with" => Node::With(pipeline, body, otherwise),
            _ => Node::Range(pipeline, body, otherwise),
        })
    }

    fn pipeline(&mut self, at: usize, text: &str, context: &str) -> Result<Pipeline, Error> {
        let tokens = tokens(text).map_err(|error| (at, error))?;
        let mut tokens = Tokens { tokens: &tokens, next: 0, at, text };
        let pipeline = self.commands(&mut tokens, context, 0)?;
        match tokens.peek() {
            None => Ok(pipeline),
            Some(_) => Err((at, format!("unexpected {} in {context}", tokens.shown()))),
        }
    }

    fn commands(
        &mut self,
        tokens: &mut Tokens<'_>,
        context: &str,
        depth: usize,
    ) -> Result<Pipeline, Error> {
        if depth > DEEPEST {
            return Err((tokens.at, "parentheses are nested too deeply".into()));
        }
        tokens.skip_space();
        let (declares, assigns) = self.declaration(tokens, context)?;
        let mut commands = Vec::new();
        loop {
            commands.push(self.command(tokens, depth)?);
            tokens.skip_space();
            if !tokens.take(&Token::Pipe) {
                break;
            }
        }
        if commands.iter().any(Vec::is_empty) {
            let why = if commands.len() == 1 { "missing value for" } else { "empty command in" };
            let context = if why.starts_with("missing") { context } else { "pipeline" };
            return Err((tokens.at, format!("{why} {context}")));
        }
        self.variables.extend(declares.iter().filter(|_| !assigns).cloned());
        Ok(Pipeline { declares, assigns, commands })
    }

    /// `$x :=`, `$x =`, in a range `$i, $x :=`.
    fn declaration(
        &mut self,
        tokens: &mut Tokens<'_>,
        context: &str,
    ) -> Result<(Vec<String>, bool), Error> {
        let start = tokens.next;
        let mut names = Vec::new();
        while let Some(Token::Variable(name)) = tokens.peek().cloned() {
            tokens.next += 1;
            names.push(name);
            tokens.skip_space();
            if context == "range" && names.len() == 1 && tokens.take(&Token::Comma) {
                tokens.skip_space();
                continue;
            }
            break;
        }
        let assigns = tokens.peek() == Some(&Token::Assign);
        if names.is_empty() || !(assigns || tokens.peek() == Some(&Token::Declare)) {
            tokens.next = start;
            return Ok((Vec::new(), false));
        }
        tokens.next += 1;
        match names.iter().find(|name| assigns && !self.variables.contains(name)) {
            Some(name) => Err((tokens.at, format!("undefined variable {name:?}"))),
            None => Ok((names, assigns)),
        }
    }

    fn command(&mut self, tokens: &mut Tokens<'_>, depth: usize) -> Result<Vec<Operand>, Error> {
        let mut operands = Vec::new();
        loop {
            tokens.skip_space();
            let Some(operand) = self.operand(tokens, depth)? else { return Ok(operands) };
            operands.push(operand);
            match tokens.peek() {
                None | Some(Token::Space | Token::Pipe | Token::Close) => {}
                Some(_) => {
                    return Err((tokens.at, format!("unexpected {} in operand", tokens.shown())));
                }
            }
        }
    }

    fn operand(&mut self, tokens: &mut Tokens<'_>, depth: usize) -> Result<Option<Operand>, Error> {
        let Some(token) = tokens.peek().cloned() else { return Ok(None) };
        let start = tokens.position();
        let mut fields = Vec::new();
        let fail = |why: String| Err((start, why));
        let term = match token {
            Token::Dot => Term::Dot,
            Token::Field(name) => {
                fields.push(name);
                Term::Dot
            }
            Token::Variable(name) if self.variables.contains(&name) => Term::Variable(name),
            Token::Variable(name) => return fail(format!("undefined variable {name:?}")),
            Token::Word(word) => match word.as_str() {
                "true" => Term::Literal(json!(true)),
                "false" => Term::Literal(json!(false)),
                "nil" => Term::Nil,
                name if functions::exists(name) => Term::Function(name.to_owned()),
                name => return fail(format!("function {name:?} not defined")),
            },
            Token::Number(number) => match literal(&number) {
                Some(value) => Term::Literal(value),
                None => return fail(format!("bad number syntax: {number:?}")),
            },
            Token::Char(c) => Term::Literal(json!(u32::from(c))),
            Token::Text(text) => Term::Literal(json!(text)),
            Token::Open => {
                tokens.next += 1;
                let inner = self.commands(tokens, "parenthesized pipeline", depth + 1)?;
                if tokens.peek() != Some(&Token::Close) {
                    return fail("unclosed left paren".into());
                }
                Term::Pipeline(Box::new(inner))
            }
            Token::Pipe | Token::Close => return Ok(None),
            _ => return fail(format!("unexpected {} in command", tokens.shown())),
        };
        tokens.next += 1;
        let mut at = start;
        let mut more = 0;
        while let Some(Token::Field(name)) = tokens.peek().cloned() {
            if more == 0 {
                // Messages point at the second field.
                at = tokens.position();
            }
            more += 1;
            fields.push(name);
            tokens.next += 1;
        }
        let text = tokens.text[start - tokens.at..tokens.position() - tokens.at].to_owned();
        Ok(Some(Operand { term, fields, text, at }))
    }
}

struct Tokens<'t> {
    tokens: &'t [(usize, Token)],
    next: usize,
    /// Where the action's text begins in the template.
    at: usize,
    text: &'t str,
}

impl Tokens<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        while self.take(&Token::Space) {}
    }

    fn position(&self) -> usize {
        self.at + self.tokens.get(self.next).map_or(self.text.len(), |(at, _)| *at)
    }

    /// The next token as messages show it.
    fn shown(&self) -> String {
        let end = self.tokens.get(self.next + 1).map_or(self.text.len(), |(at, _)| *at);
        let token = &self.text[self.position() - self.at..end];
        match self.peek() {
            Some(Token::Text(_)) => token.to_owned(),
            _ => format!("<{token}>"),
        }
    }
}

fn call(name: String, at: usize, argument: Option<(Pipeline, &str)>) -> Call {
    let (argument, words) = match argument {
        Some((pipeline, words)) => (Some(pipeline), format!(" {words}")),
        None => (None, String::new()),
    };
    let text = format!("{{{{template {}{words}}}}}", gofmt::quote(&name));
    Call { name, argument, text, at }
}

fn is_empty(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
}

/// A word that is out of place in a clause: keywords in angle brackets, all else quoted and, if it
/// is long, shortened.
fn clause_word(token: &Token, text: &str) -> String {
    const KEYWORDS: [&str; 11] = [
        "block", "break", "continue", "define", "else", "end", "if", "range", "nil", "template",
        "with",
    ];
    let keyword = matches!(token, Token::Word(word) if KEYWORDS.contains(&word.as_str()));
    match text.chars().count() {
        _ if keyword || *token == Token::Dot => format!("<{text}>"),
        0..=10 => gofmt::quote(text),
        _ => format!("{}...", gofmt::quote(&text.chars().take(10).collect::<String>())),
    }
}

/// The first word of an action and what follows it.
fn keyword(action: &str) -> (&str, &str) {
    let trimmed = action.trim_start_matches(super::lex::is_space);
    let length = trimmed.find(|c: char| !c.is_alphanumeric()).unwrap_or(trimmed.len());
    let (word, rest) = trimmed.split_at(length);
    if rest.trim().is_empty() { (word, "") } else { (word, rest) }
}

fn literal(number: &str) -> Option<Value> {
    let plain = number.replace('_', "");
    if let Some(hex) = plain.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().map(|int| json!(int));
    }
    plain
        .parse::<i64>()
        .map(|int| json!(int))
        .or_else(|_| plain.parse::<f64>().map(|f| json!(f)))
        .ok()
}
