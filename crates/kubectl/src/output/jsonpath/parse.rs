//! Parses templates. Models `parser.go` of `k8s.io/client-go/util/jsonpath`.

use super::{Node, Param};

/// Unions and filters nest; nobody nests them this deep.
const DEEPEST: usize = 50;

pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    parse_nested(text, 0)
}

fn parse_nested(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    if depth > DEEPEST {
        return Err("unclosed action".into());
    }
    let mut nodes = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        if start > 0 {
            nodes.push(Node::Text(rest[..start].to_owned()));
        }
        let mut action = Action { rest: &rest[start + 1..], nodes: Vec::new(), depth };
        action.parse()?;
        nodes.push(Node::List(action.nodes));
        rest = action.rest;
    }
    if !rest.is_empty() {
        nodes.push(Node::Text(rest.to_owned()));
    }
    Ok(nodes)
}

/// Parses what would stand between braces. Only the first action counts.
fn parse_action(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    let nodes = parse_nested(&format!("{{{text}}}"), depth + 1)?;
    match nodes.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

/// The inside of one pair of braces.
struct Action<'a> {
    rest: &'a str,
    nodes: Vec<Node>,
    depth: usize,
}

impl<'a> Action<'a> {
    /// Parses up to and including the closing brace.
    fn parse(&mut self) -> Result<(), String> {
        loop {
            if let Some(rest) = self.rest.strip_prefix('}') {
                self.rest = rest;
                return Ok(());
            }
            if let Some(rest) = self.rest.strip_prefix("[?(") {
                self.rest = rest;
                self.filter()?;
                continue;
            }
            if let Some(rest) = self.rest.strip_prefix("..") {
                self.rest = rest;
                self.recursive()?;
                continue;
            }
            let Some(c) = self.rest.chars().next() else { return Err("unclosed action".into()) };
            let after = &self.rest[c.len_utf8()..];
            match c {
                '\r' | '\n' => return Err("unclosed action".into()),
                ' ' | '@' | '$' => self.rest = after,
                '[' => {
                    self.rest = after;
                    self.array()?;
                }
                '"' | '\'' => self.quoted(c)?,
                '.' => {
                    self.rest = after;
                    self.field();
                }
                '+' | '-' => self.number()?,
                c if c.is_numeric() => self.number()?,
                c if is_alphanumeric(c) => self.identifier(),
                c => return Err(format!("unrecognized character in action: {}", unicode(c))),
            }
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// `range`, `end`, `true`, `false`.
    fn identifier(&mut self) {
        let length = self.rest.find(is_terminator).unwrap_or(self.rest.len());
        let name = self.take(length);
        self.nodes.push(match name {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            name => Node::Identifier(name.to_owned()),
        });
    }

    fn recursive(&mut self) -> Result<(), String> {
        if self.nodes.last() == Some(&Node::Recursive) {
            return Err("invalid multiple recursive descent".into());
        }
        self.nodes.push(Node::Recursive);
        if self.rest.starts_with(is_alphanumeric) {
            self.field();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        let signed = usize::from(self.rest.starts_with(['+', '-']));
        let digits = &self.rest[signed..];
        let length = digits.find(|c: char| c != '.' && !c.is_numeric()).unwrap_or(digits.len());
        let text = self.take(signed + length);
        if let Ok(int) = text.parse() {
            self.nodes.push(Node::Int(int));
            return Ok(());
        }
        match text.parse() {
            Ok(float) => self.nodes.push(Node::Float(float)),
            Err(_) => return Err(format!("cannot parse number {text}")),
        }
        Ok(())
    }

    /// A field's name up to a terminator; a backslash takes the terminator along.
    fn field(&mut self) {
        let mut chars = self.rest.char_indices();
        let mut length = self.rest.len();
        while let Some((at, c)) = chars.next() {
            if c == '\\' {
                chars.next();
            } else if is_terminator(c) {
                length = at;
                break;
            }
        }
        let name = self.take(length);
        self.nodes.push(match name {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        });
    }

    fn quoted(&mut self, quote: char) -> Result<(), String> {
        let unterminated = || "unterminated quoted string".to_owned();
        let mut previous = quote;
        let mut end = None;
        for (at, c) in self.rest.char_indices().skip(1) {
            if c == '\n' {
                return Err(unterminated());
            }
            if c == quote && previous != '\\' {
                end = Some(at);
                break;
            }
            previous = c;
        }
        let text = self.take(end.ok_or_else(unterminated)? + 1);
        let unquoted = unquote(&text[1..text.len() - 1], quote)
            .ok_or_else(|| format!("unquote string {text} error invalid syntax"))?;
        self.nodes.push(Node::Text(unquoted));
        Ok(())
    }

    /// Behind `[`: an index, a slice, a union or a quoted key.
    fn array(&mut self) -> Result<(), String> {
        let end = self.rest.find([']', '\n']);
        let end = end.filter(|end| self.rest[*end..].starts_with(']'));
        let text = self.take(end.ok_or("unterminated array")?);
        self.rest = &self.rest[1..];
        let text = if text == "*" { ":" } else { text };
        if text.contains(',') {
            let parts: Result<Vec<Vec<Node>>, String> = text
                .split(',')
                .map(|part| parse_action(&format!("[{}]", part.trim_matches(' ')), self.depth))
                .collect();
            self.nodes.push(Node::Union(parts?));
            return Ok(());
        }
        let key = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        if let Some(key) = key.filter(|key| !key.contains('\'')) {
            self.nodes.extend(parse_action(&format!(".{key}"), self.depth)?);
            return Ok(());
        }
        self.nodes.push(Node::Array(slice(text)?));
        Ok(())
    }

    /// Behind `[?(`: up to `)]`.
    fn filter(&mut self) -> Result<(), String> {
        let unterminated = || "unterminated filter".to_owned();
        let mut quote = None;
        let mut closed = false;
        let mut previous = '(';
        let mut end = None;
        for (at, c) in self.rest.char_indices() {
            match c {
                '\n' => return Err(unterminated()),
                '"' | '\'' if quote.is_none() => quote = Some(c),
                '"' | '\'' if previous != '\\' && quote == Some(c) => closed = true,
                ')' if quote.is_some() == closed => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
            previous = c;
        }
        let text = self.take(end.ok_or_else(unterminated)?);
        self.rest = self.rest.strip_prefix(")]").ok_or("unclosed array expect ]")?;
        let is_operator = |c: char| matches!(c, '!' | '<' | '>' | '=');
        let length = text.find(is_operator).unwrap_or(0);
        let (left, behind) = text.split_at(length);
        let operator_length = behind.find(|c| !is_operator(c)).unwrap_or(behind.len());
        let (operator, right) = behind.split_at(operator_length);
        if left.is_empty() || right.is_empty() {
            let left = parse_action(text, self.depth)?;
            self.nodes.push(Node::Filter { left, operator: "exists".into(), right: Vec::new() });
            return Ok(());
        }
        let (left, right) = (parse_action(left, self.depth)?, parse_action(right, self.depth)?);
        self.nodes.push(Node::Filter { left, operator: operator.to_owned(), right });
        Ok(())
    }
}

/// `5`, `-1`, `1:3`, `::2`.
fn slice(text: &str) -> Result<[Param; 3], String> {
    let is_number = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        digits.chars().all(|c| c.is_ascii_digit())
    };
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 || !parts.iter().all(|part| is_number(part)) {
        return Err(format!("invalid array index {text}"));
    }
    let mut params = [Param::default(); 3];
    for (index, param) in params.iter_mut().enumerate() {
        let Some(part) = parts.get(index).filter(|part| !part.is_empty()) else { continue };
        let value = part.parse().map_err(|_| format!("array index {part} is not a number"))?;
        *param = Param { value, known: true, derived: false };
    }
    if parts.len() == 1 {
        let value = params[0].value.saturating_add(1);
        params[1] = Param { value, known: true, derived: true };
    }
    Ok(params)
}

fn is_terminator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphabetic() || c.is_numeric()
}

/// A character as Go's `%#U` prints it: `U+0021 '!'`.
fn unicode(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if c.is_control() { code } else { format!("{code} '{c}'") }
}

/// Go's escapes; between single quotes a double quote needs none and the other way round.
pub(in crate::output) fn unquote(text: &str, quote: char) -> Option<String> {
    if !text.contains(['\\', quote]) {
        return Some(text.to_owned());
    }
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == quote {
            return None;
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escaped = chars.next()?;
        out.push(match escaped {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' => '\\',
            'x' => code(&mut chars, 0, 2, 16)?,
            'u' => code(&mut chars, 0, 4, 16)?,
            'U' => code(&mut chars, 0, 8, 16)?,
            '0'..='7' => code(&mut chars, escaped.to_digit(8)?, 2, 8)?,
            c if c == quote => c,
            _ => return None,
        });
    }
    Some(out)
}

/// A character given by the digits of its number.
fn code(chars: &mut std::str::Chars<'_>, start: u32, digits: u32, base: u32) -> Option<char> {
    let mut value = start;
    for _ in 0..digits {
        value = value.checked_mul(base)?.checked_add(chars.next()?.to_digit(base)?)?;
    }
    char::from_u32(value)
}
