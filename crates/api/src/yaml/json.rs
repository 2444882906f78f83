//! JSON with the place of every value, and with Go's words about what is wrong.
//!
//! Models the scanner of Go's encoding/json.

use serde_json::Value;

use super::tree::{Node, NodeKind};
use super::{Span, resolve};

/// Why JSON cannot be read.
#[derive(Clone, Debug)]
pub(super) struct JsonError {
    /// Bytes read when it was noticed, counted from 1, as Go counts.
    pub(super) offset: usize,
    /// Go's words. At the end of the text: `unexpected EOF`.
    pub(super) message: String,
    pub(super) at_end: bool,
}

/// How deep values may be nested.
const DEPTH_MAX: usize = super::scanner::DEPTH_MAX;

pub(super) struct JsonReader<'a> {
    text: &'a str,
    /// Byte position.
    pos: usize,
    line: usize,
    column: usize,
    depth: usize,
}

type Result<T> = std::result::Result<T, JsonError>;

impl<'a> JsonReader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, pos: 0, line: 1, column: 1, depth: 0 }
    }

    /// Where the reader stands: bytes, and line and column, from 1.
    pub(super) fn position(&self) -> (usize, usize, usize) {
        (self.pos, self.line, self.column)
    }

    /// Reads the next value; nothing at the end of the text.
    pub(super) fn next_value(&mut self) -> Result<Option<Node>> {
        self.skip_space();
        if self.pos == self.text.len() {
            return Ok(None);
        }
        self.value("looking for beginning of value").map(Some)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.pos..].chars().next()
    }

    fn advance(&mut self) {
        if let Some(c) = self.peek() {
            self.pos += c.len_utf8();
            if c == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\r' | '\n')) {
            self.advance();
        }
    }

    fn fail<T>(&self, context: &str) -> Result<T> {
        Err(match self.peek() {
            None => {
                JsonError { offset: self.pos, message: "unexpected EOF".to_owned(), at_end: true }
            }
            Some(c) => {
                // Go looks at bytes, and shows one as a quoted character.
                let byte = char::from(self.text.as_bytes()[self.pos]);
                let shown = match byte {
                    '\'' => "'\\''".to_owned(),
                    '"' => "'\"'".to_owned(),
                    _ if c.is_ascii() => {
                        let quoted = crate::gojson::quote(&c.to_string());
                        format!("'{}'", &quoted[1..quoted.len() - 1])
                    }
                    byte => {
                        let quoted = crate::gojson::quote(&byte.to_string());
                        format!("'{}'", &quoted[1..quoted.len() - 1])
                    }
                };
                JsonError {
                    offset: self.pos + 1,
                    message: format!("invalid character {shown} {context}"),
                    at_end: false,
                }
            }
        })
    }

    fn span_from(&self, line: usize, column: usize) -> Span {
        Span { line, column, end_line: self.line, end_column: self.column }
    }

    fn value(&mut self, context: &str) -> Result<Node> {
        let (line, column) = (self.line, self.column);
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(JsonError {
                offset: self.pos + 1,
                message: "exceeded max depth".to_owned(),
                at_end: false,
            });
        }
        let kind = match self.peek() {
            Some('{') => self.object()?,
            Some('[') => self.array()?,
            Some('"') => NodeKind::Scalar(self.string()?.into()),
            Some('t') => self.word("true", Value::Bool(true))?,
            Some('f') => self.word("false", Value::Bool(false))?,
            Some('n') => self.word("null", Value::Null)?,
            Some('-' | '0'..='9') => NodeKind::Scalar(self.number()?),
            _ => return self.fail(context),
        };
        self.depth -= 1;
        Ok(Node { span: self.span_from(line, column), kind })
    }

    fn object(&mut self) -> Result<NodeKind> {
        self.advance();
        let mut entries = Vec::new();
        self.skip_space();
        if self.peek() == Some('}') {
            self.advance();
            return Ok(NodeKind::Mapping(entries));
        }
        loop {
            let (line, column) = (self.line, self.column);
            if self.peek() != Some('"') {
                return self.fail("looking for beginning of object key string");
            }
            let key = self.string()?;
            let span = self.span_from(line, column);
            self.skip_space();
            if self.peek() != Some(':') {
                return self.fail("after object key");
            }
            self.advance();
            self.skip_space();
            let value = self.value("looking for beginning of value")?;
            entries.push((key, span, value));
            self.skip_space();
            match self.peek() {
                Some(',') => self.advance(),
                Some('}') => {
                    self.advance();
                    return Ok(NodeKind::Mapping(entries));
                }
                _ => return self.fail("after object key:value pair"),
            }
            self.skip_space();
        }
    }

    fn array(&mut self) -> Result<NodeKind> {
        self.advance();
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(']') {
            self.advance();
            return Ok(NodeKind::Sequence(items));
        }
        loop {
            self.skip_space();
            items.push(self.value("looking for beginning of value")?);
            self.skip_space();
            match self.peek() {
                Some(',') => self.advance(),
                Some(']') => {
                    self.advance();
                    return Ok(NodeKind::Sequence(items));
                }
                _ => return self.fail("after array element"),
            }
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<NodeKind> {
        for (at, expected) in word.chars().enumerate() {
            if self.peek() != Some(expected) {
                let context = format!("in literal {word} (expecting '{expected}')");
                let context = if at == 0 { "looking for beginning of value" } else { &context };
                return self.fail(context);
            }
            self.advance();
        }
        Ok(NodeKind::Scalar(value))
    }

    fn digits(&mut self, context: &str) -> Result<()> {
        if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
            return self.fail(context);
        }
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.advance();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.pos;
        if self.peek() == Some('-') {
            self.advance();
        }
        if self.peek() == Some('0') {
            self.advance();
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some('.') {
            self.advance();
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.advance();
            if matches!(self.peek(), Some('+' | '-')) {
                self.advance();
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = &self.text[start..self.pos];
        if let Ok(number) = text.parse::<i64>() {
            return Ok(number.into());
        }
        // A text with a point or exponent, or beyond 64 bits. kubectl sends whole ones on as
        // integers.
        let float: f64 = text.parse().unwrap_or_default();
        Ok(resolve::float_value(float).unwrap_or_default())
    }

    fn string(&mut self) -> Result<String> {
        self.advance();
        let mut out = String::new();
        loop {
            match self.peek() {
                Some('"') => {
                    self.advance();
                    return Ok(out);
                }
                Some('\\') => {
                    self.advance();
                    self.escape(&mut out)?;
                }
                Some(c) if c as u32 >= 0x20 => {
                    out.push(c);
                    self.advance();
                }
                _ => return self.fail("in string literal"),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<()> {
        let plain = match self.peek() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                self.advance();
                let first = self.hex()?;
                let second =
                    (0xd800..0xdc00).contains(&first) && self.text[self.pos..].starts_with("\\u");
                if second {
                    self.advance();
                    self.advance();
                    let low = self.hex()?;
                    let joined = 0x10000 + ((first - 0xd800) << 10) + (low.wrapping_sub(0xdc00));
                    let valid = (0xdc00..0xe000).contains(&low);
                    out.push(char::from_u32(joined).filter(|_| valid).unwrap_or('\u{fffd}'));
                } else {
                    out.push(char::from_u32(first).unwrap_or('\u{fffd}'));
                }
                return Ok(());
            }
            _ => return self.fail("in string escape code"),
        };
        out.push(plain);
        self.advance();
        Ok(())
    }

    fn hex(&mut self) -> Result<u32> {
        let mut value = 0;
        for _ in 0..4 {
            match self.peek().and_then(|c| c.to_digit(16)) {
                Some(digit) => value = value * 16 + digit,
                None => return self.fail("in \\u hexadecimal character escape"),
            }
            self.advance();
        }
        Ok(value)
    }
}
