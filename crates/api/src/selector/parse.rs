//! The grammar of label selectors.

use std::collections::BTreeSet;

use super::{Operator, Requirement};
use crate::validate::names;

/// A word of the selector.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    End,
    /// `)`, `,`, `!`, `==`, `=`, `>`, `in`, `<`, `!=`, `notin`, `(`
    Known(&'static str),
    Identifier(String),
    /// What no token begins with; the text is the lexer's complaint.
    Error(String),
}

const KNOWN: [&str; 11] = [")", ",", "!", "==", "=", ">", "in", "<", "!=", "notin", "("];

impl Token {
    fn known(text: &str) -> Option<Self> {
        KNOWN.into_iter().find(|known| *known == text).map(Self::Known)
    }

    fn text(&self) -> &str {
        match self {
            Self::End => "",
            Self::Known(text) => text,
            Self::Identifier(text) | Self::Error(text) => text,
        }
    }

    /// Where a value is expected, `in` and `notin` are plain words.
    fn into_value(self) -> Self {
        match self {
            Self::Known(word @ ("in" | "notin")) => Self::Identifier(word.to_owned()),
            other => other,
        }
    }
}

fn is_special(c: char) -> bool {
    "=!(),><".contains(c)
}

fn is_space(c: char) -> bool {
    " \t\r\n".contains(c)
}

fn scan(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_space);
        let Some(first) = rest.chars().next() else { break };
        if is_special(first) {
            let run = rest.find(|c| !is_special(c)).unwrap_or(rest.len());
            // The longest known token; what is unknown is skipped up to the next known one.
            let mut best = None;
            for end in 1..=run {
                match Token::known(&rest[..end]) {
                    Some(token) => best = Some((token, end)),
                    None if best.is_some() => break,
                    None => {}
                }
            }
            let (token, end) = best.unwrap_or_else(|| {
                let text = format!("error expected: keyword found '{}'", &rest[..run]);
                (Token::Error(text), run)
            });
            tokens.push(token);
            rest = &rest[end..];
        } else {
            let end = rest.find(|c| is_special(c) || is_space(c)).unwrap_or(rest.len());
            let word = &rest[..end];
            tokens.push(Token::known(word).unwrap_or_else(|| Token::Identifier(word.to_owned())));
            rest = &rest[end..];
        }
    }
    tokens.push(Token::End);
    tokens
}

struct Parser {
    tokens: Vec<Token>,
    position: usize,
}

pub(super) fn parse(text: &str) -> Result<Vec<Requirement>, String> {
    let mut parser = Parser { tokens: scan(text), position: 0 };
    let mut requirements = Vec::new();
    loop {
        match parser.peek() {
            Token::Identifier(_) | Token::Known("!") => {
                let requirement = parser
                    .requirement()
                    .map_err(|error| format!("unable to parse requirement: {error}"))?;
                requirements.push(requirement);
                match parser.next() {
                    Token::End => return Ok(requirements),
                    Token::Known(",") => {
                        let next = parser.peek();
                        if !matches!(next, Token::Identifier(_) | Token::Known("!")) {
                            let found = next.text();
                            return Err(format!("found '{found}', expected: identifier after ','"));
                        }
                    }
                    other => {
                        let found = other.text();
                        return Err(format!("found '{found}', expected: ',' or 'end of string'"));
                    }
                }
            }
            Token::End => return Ok(requirements),
            other => {
                let found = other.text();
                return Err(format!(
                    "found '{found}', expected: !, identifier, or 'end of string'"
                ));
            }
        }
    }
}

impl Parser {
    fn peek(&self) -> Token {
        self.tokens.get(self.position).cloned().unwrap_or(Token::End).into_value()
    }

    fn next_raw(&mut self) -> Token {
        let token = self.tokens.get(self.position).cloned().unwrap_or(Token::End);
        self.position += 1;
        token
    }

    fn next(&mut self) -> Token {
        self.next_raw().into_value()
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let mut token = self.next();
        let negated = token == Token::Known("!");
        if negated {
            token = self.next();
        }
        let Token::Identifier(key) = token else {
            return Err(format!("found '{}', expected: identifier", token.text()));
        };
        check_key(&key, "<nil>")?;
        if matches!(self.peek(), Token::End | Token::Known(",")) {
            let operator = if negated { Operator::DoesNotExist } else { Operator::Exists };
            return build(key, operator, Vec::new());
        }
        if negated {
            return build(key, Operator::DoesNotExist, Vec::new());
        }
        let operator = self.operator()?;
        let values = match operator {
            Operator::In | Operator::NotIn => self.value_list()?,
            _ => vec![self.exact_value()?],
        };
        build(key, operator, values)
    }

    fn operator(&mut self) -> Result<Operator, String> {
        let token = self.next_raw();
        Ok(match token.text() {
            "in" => Operator::In,
            "=" => Operator::Equals,
            "==" => Operator::DoubleEquals,
            ">" => Operator::GreaterThan,
            "<" => Operator::LessThan,
            "notin" => Operator::NotIn,
            "!=" => Operator::NotEquals,
            found => {
                return Err(format!("found '{found}', expected: in, notin, =, ==, !=, gt, lt"));
            }
        })
    }

    fn value_list(&mut self) -> Result<Vec<String>, String> {
        let token = self.next();
        if token != Token::Known("(") {
            return Err(format!("found '{}' expected: '('", token.text()));
        }
        let first = self.peek();
        match first {
            Token::Identifier(_) | Token::Known(",") => {
                let values = self.identifiers()?;
                if self.next() != Token::Known(")") {
                    return Err(format!("found '{}', expected: ')'", first.text()));
                }
                Ok(values.into_iter().collect())
            }
            Token::Known(")") => {
                self.next();
                Ok(vec![String::new()])
            }
            other => Err(format!("found '{}', expected: ',', ')' or identifier", other.text())),
        }
    }

    fn identifiers(&mut self) -> Result<BTreeSet<String>, String> {
        let mut values = BTreeSet::new();
        loop {
            match self.next() {
                Token::Identifier(value) => {
                    values.insert(value);
                    match self.peek() {
                        Token::Known(",") => {}
                        Token::Known(")") => return Ok(values),
                        other => {
                            return Err(format!("found '{}', expected: ',' or ')'", other.text()));
                        }
                    }
                }
                Token::Known(",") => {
                    if values.is_empty() {
                        values.insert(String::new());
                    }
                    match self.peek() {
                        Token::Known(")") => {
                            values.insert(String::new());
                            return Ok(values);
                        }
                        Token::Known(",") => {
                            values.insert(String::new());
                        }
                        _ => {}
                    }
                }
                other => {
                    return Err(format!("found '{}', expected: ',', or identifier", other.text()));
                }
            }
        }
    }

    fn exact_value(&mut self) -> Result<String, String> {
        if matches!(self.peek(), Token::End | Token::Known(",")) {
            return Ok(String::new());
        }
        match self.next() {
            Token::Identifier(value) => Ok(value),
            other => Err(format!("found '{}', expected: identifier", other.text())),
        }
    }
}

fn check_key(key: &str, path: &str) -> Result<(), String> {
    let errors = names::label_key(key);
    if errors.is_empty() {
        return Ok(());
    }
    Err(format!("{path}: Invalid value: {key:?}: {}", errors.join("; ")))
}

/// Checks a requirement. Models `NewRequirement`.
fn build(key: String, operator: Operator, values: Vec<String>) -> Result<Requirement, String> {
    let mut errors = Vec::new();
    if matches!(operator, Operator::GreaterThan | Operator::LessThan) {
        for (at, value) in values.iter().enumerate() {
            if value.parse::<i64>().is_err() {
                errors.push(format!(
                    "values[{at}]: Invalid value: {value:?}: for 'Gt', 'Lt' operators, the value \
                     must be an integer"
                ));
            }
        }
    }
    for (at, value) in values.iter().enumerate() {
        let found = names::label_value(value);
        if !found.is_empty() {
            let found = found.join("; ");
            errors.push(format!("values[{at}][{key}]: Invalid value: {value:?}: {found}"));
        }
    }
    match errors.as_slice() {
        [] => Ok(Requirement { key, operator, values }),
        [one] => Err(one.clone()),
        several => Err(format!("[{}]", several.join(", "))),
    }
}
