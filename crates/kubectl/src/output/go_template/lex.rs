//! Splits templates into text and actions, and actions into tokens. Models `text/template/parse/lex.go`.

/// Text, or the inside of an action with its position.
pub(super) enum Piece<'a> {
    Text(&'a str),
    Action { at: usize, text: &'a str },
}

/// Splits at `{{` and `}}`; `{{-` and `-}}` trim the text beside them; comments are left out.
pub(super) fn pieces(template: &str) -> Result<Vec<Piece<'_>>, (usize, String)> {
    let mut pieces = Vec::new();
    let mut rest = template;
    let mut trim_left = false;
    while let Some(start) = rest.find("{{") {
        let offset = template.len() - rest.len();
        let mut inside = &rest[start + 2..];
        let trims = inside.starts_with('-') && inside[1..].starts_with(is_space);
        let mut text = &rest[..start];
        if trim_left {
            text = text.trim_start_matches(is_space);
        }
        if trims {
            text = text.trim_end_matches(is_space);
            inside = &inside[1..];
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        let at = template.len() - inside.len();
        let trimmed = inside.trim_start_matches(is_space);
        if let Some(comment) = trimmed.strip_prefix("/*") {
            let end = comment.find("*/").ok_or((offset + start, "unclosed comment".to_owned()))?;
            let after = &comment[end + 2..];
            let after_trim = after.trim_start_matches(is_space);
            let trims = after_trim.starts_with("-}}") && after.starts_with(is_space);
            let closed = if trims { &after_trim[1..] } else { after };
            rest = closed
                .strip_prefix("}}")
                .ok_or((offset + start, "comment ends before closing delimiter".to_owned()))?;
            trim_left = trims;
            continue;
        }
        let end = end_of_action(inside).map_err(|why| (at, why.to_owned()))?;
        let mut action = &inside[..end];
        rest = &inside[end + 2..];
        trim_left = action.ends_with('-') && action[..action.len() - 1].ends_with(is_space);
        if trim_left {
            action = &action[..action.len() - 1];
        }
        pieces.push(Piece::Action { at, text: action });
    }
    let text = if trim_left { rest.trim_start_matches(is_space) } else { rest };
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}

/// The position of `}}` outside of quotes.
fn end_of_action(text: &str) -> Result<usize, &'static str> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '`' | '\'') => quote = Some(c),
            (None, '}') if text[at..].starts_with("}}") => return Ok(at),
            (Some('"' | '\''), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(open), c) if c == open && !escaped => quote = None,
            _ => {}
        }
        escaped = false;
    }
    Err(match quote {
        Some('"') => "unterminated quoted string",
        Some('`') => "unterminated raw quoted string",
        Some(_) => "unterminated character constant",
        None => "unclosed action",
    })
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// `.name`
    Field(String),
    Dot,
    /// `$`, `$name`
    Variable(String),
    Word(String),
    Number(String),
    /// Unquoted.
    Text(String),
    Char(char),
    Pipe,
    Open,
    Close,
    Declare,
    Assign,
    Comma,
    Space,
}

/// The tokens of an action with their positions within it.
pub(super) fn tokens(action: &str) -> Result<Vec<(usize, Token)>, String> {
    let mut tokens: Vec<(usize, Token)> = Vec::new();
    let mut rest = action;
    while let Some(c) = rest.chars().next() {
        let at = action.len() - rest.len();
        let word = |text: &str| {
            let ends = |c: char| !(c.is_alphanumeric() || c == '_');
            text.find(ends).unwrap_or(text.len())
        };
        let (length, token) = match c {
            c if is_space(c) => {
                (rest.len() - rest.trim_start_matches(is_space).len(), Token::Space)
            }
            '|' => (1, Token::Pipe),
            '(' => (1, Token::Open),
            ')' => (1, Token::Close),
            ',' => (1, Token::Comma),
            '=' => (1, Token::Assign),
            ':' if rest.starts_with(":=") => (2, Token::Declare),
            '.' => match word(&rest[1..]) {
                0 => (1, Token::Dot),
                length if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                    (length + 1, Token::Number(rest[..=length].to_owned()))
                }
                length => (length + 1, Token::Field(rest[1..=length].to_owned())),
            },
            '$' => {
                let length = word(&rest[1..]);
                (length + 1, Token::Variable(rest[..=length].to_owned()))
            }
            '"' | '\'' => quoted(rest, c)?,
            '`' => {
                let end = rest[1..].find('`').ok_or("unterminated raw quoted string")?;
                (end + 2, Token::Text(rest[1..=end].to_owned()))
            }
            '+' | '-' | '0'..='9' => {
                let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_'));
                let length = rest[1..].find(ends).map_or(rest.len(), |length| length + 1);
                (length, Token::Number(rest[..length].to_owned()))
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = word(rest);
                (length, Token::Word(rest[..length].to_owned()))
            }
            c => {
                let code = u32::from(c);
                return Err(format!("unrecognized character in action: U+{code:04X} '{c}'"));
            }
        };
        tokens.push((at, token));
        rest = &rest[length..];
    }
    Ok(tokens)
}

fn quoted(text: &str, quote: char) -> Result<(usize, Token), String> {
    let what =
        if quote == '"' { "unterminated quoted string" } else { "unterminated character constant" };
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    let (end, _) = end.filter(|(end, _)| !text[..*end].contains('\n')).ok_or(what)?;
    let inner = super::super::jsonpath::unquote(&text[1..end], quote)
        .ok_or_else(|| "invalid syntax".to_owned())?;
    let token = match (quote, inner.chars().next()) {
        ('\'', Some(c)) => Token::Char(c),
        _ => Token::Text(inner),
    };
    Ok((end + 1, token))
}
