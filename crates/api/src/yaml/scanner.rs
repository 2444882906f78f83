//! From characters to tokens, by the rules of YAML 1.1 as libyaml and go-yaml v2 have them.
//!
//! Models scannerc.go of go.yaml.in/yaml/v2, so that what it refuses is refused here, with the
//! same words and at the same place. Scalars, anchors, tags and directives are in `scalars.rs`.

use std::collections::{BTreeMap, VecDeque};

use super::characters::{is_blank, is_blankz, is_break, is_breakz};
use super::token::{Failure, Mark, Token, TokenKind};

/// A place where a simple key may have begun: a key without a question mark, known only once its
/// colon is seen.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    token_number: usize,
    mark: Mark,
}

/// How deep collections may be nested. go-yaml allows 10,000; everything behind it recurses.
pub(super) const DEPTH_MAX: usize = 128;

/// Reads tokens as they are asked for.
pub(super) struct Scanner {
    pub(super) chars: Vec<char>,
    pub(super) mark: Mark,
    tokens: VecDeque<Token>,
    tokens_parsed: usize,
    started: bool,
    pub(super) ended: bool,
    pub(super) indent: isize,
    indents: Vec<isize>,
    pub(super) flow_level: usize,
    pub(super) simple_key_allowed: bool,
    simple_keys: Vec<SimpleKey>,
    simple_keys_by_token: BTreeMap<usize, usize>,
    /// Where the last plain scalar began.
    pub(super) plain_start: Mark,
}

type Result<T> = std::result::Result<T, Failure>;

impl Scanner {
    pub(super) fn new(text: &str) -> Self {
        Self {
            chars: text.chars().collect(),
            mark: Mark::default(),
            tokens: VecDeque::new(),
            tokens_parsed: 0,
            started: false,
            ended: false,
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: false,
            simple_keys: Vec::new(),
            simple_keys_by_token: BTreeMap::new(),
            plain_start: Mark::default(),
        }
    }

    /// The token to come, which stays.
    pub(super) fn peek(&mut self) -> Result<&Token> {
        self.fetch_more_tokens()?;
        let end = Token { kind: TokenKind::StreamEnd, start: self.mark, end: self.mark };
        if self.tokens.is_empty() {
            self.tokens.push_back(end);
        }
        Ok(&self.tokens[0])
    }

    /// Takes the token that was peeked at.
    pub(super) fn skip_token(&mut self) {
        if self.tokens.pop_front().is_some() {
            self.tokens_parsed += 1;
        }
    }

    /// The character `ahead` of the present one; NUL at the end.
    pub(super) fn at(&self, ahead: usize) -> char {
        self.chars.get(self.mark.index + ahead).copied().unwrap_or('\0')
    }

    pub(super) fn is_end(&self) -> bool {
        self.mark.index >= self.chars.len()
    }

    pub(super) fn skip(&mut self) {
        self.mark.index += 1;
        self.mark.column += 1;
    }

    pub(super) fn read(&mut self, into: &mut String) {
        into.push(self.at(0));
        self.skip();
    }

    pub(super) fn skip_line(&mut self) {
        if self.at(0) == '\r' && self.at(1) == '\n' {
            self.mark.index += 2;
        } else if is_break(self.at(0)) {
            self.mark.index += 1;
        } else {
            return;
        }
        self.mark.column = 0;
        self.mark.line += 1;
    }

    /// Reads a line break, normalised.
    pub(super) fn read_line(&mut self, into: &mut String) {
        match self.at(0) {
            '\r' | '\n' | '\u{85}' => into.push('\n'),
            c @ ('\u{2028}' | '\u{2029}') => into.push(c),
            _ => {}
        }
        self.skip_line();
    }

    pub(super) fn fail<T>(&self, context: Mark, problem: impl Into<String>) -> Result<T> {
        Err(Failure { problem: problem.into(), mark: self.mark, context, by_scanner: true })
    }

    pub(super) fn push(&mut self, kind: TokenKind, start: Mark) {
        self.tokens.push_back(Token { kind, start, end: self.mark });
    }

    /// Inserts a token before the one of that number, or at the end.
    fn insert(&mut self, number: Option<usize>, kind: TokenKind, mark: Mark) {
        let token = Token { kind, start: mark, end: mark };
        match number {
            Some(number) => {
                let at = number.saturating_sub(self.tokens_parsed).min(self.tokens.len());
                self.tokens.insert(at, token);
            }
            None => self.tokens.push_back(token),
        }
    }

    fn fetch_more_tokens(&mut self) -> Result<()> {
        loop {
            if !self.tokens.is_empty() {
                // The head of the queue may turn out to be a key: then more must be read.
                let Some(&at) = self.simple_keys_by_token.get(&self.tokens_parsed) else {
                    return Ok(());
                };
                if !self.simple_key_is_valid(at)? {
                    return Ok(());
                }
            }
            if self.ended {
                return Ok(());
            }
            self.fetch_next_token()?;
        }
    }

    fn fetch_next_token(&mut self) -> Result<()> {
        if !self.started {
            self.started = true;
            self.simple_key_allowed = true;
            self.simple_keys.push(SimpleKey::default());
            return Ok(());
        }
        self.scan_to_next_token();
        self.unroll_indent(self.mark.column as isize);
        if self.is_end() {
            return self.fetch_stream_end();
        }
        let blank_after = |count| is_blankz(self.at(count)) || self.past_end(count);
        if self.mark.column == 0 {
            if self.at(0) == '%' {
                return self.fetch_directive();
            }
            if self.document_indicator('-') {
                return self.fetch_document_indicator(TokenKind::DocumentStart);
            }
            if self.document_indicator('.') {
                return self.fetch_document_indicator(TokenKind::DocumentEnd);
            }
        }
        let in_flow = self.flow_level > 0;
        match self.at(0) {
            '[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            '{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            ']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            '}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            ',' => self.fetch_flow_entry(),
            '-' if blank_after(1) => self.fetch_block_entry(),
            '?' if in_flow || blank_after(1) => self.fetch_key(),
            ':' if in_flow || blank_after(1) => self.fetch_value(),
            '*' => self.fetch_word(true),
            '&' => self.fetch_word(false),
            '!' => self.fetch_tag(),
            '|' if !in_flow => self.fetch_block_scalar(true),
            '>' if !in_flow => self.fetch_block_scalar(false),
            '\'' => self.fetch_quoted_scalar(true),
            '"' => self.fetch_quoted_scalar(false),
            c if self.starts_plain_scalar(c) => self.fetch_plain_scalar(),
            _ => self.fail(self.mark, "found character that cannot start any token"),
        }
    }

    pub(super) fn past_end(&self, ahead: usize) -> bool {
        self.mark.index + ahead >= self.chars.len()
    }

    /// Whether three of a character stand here, as documents begin (`---`) and end (`...`).
    pub(super) fn document_indicator(&self, c: char) -> bool {
        (0..3).all(|ahead| self.at(ahead) == c) && is_blankz(self.at(3))
    }

    fn starts_plain_scalar(&self, c: char) -> bool {
        let indicator = "-?:,[]{}#&*!|>'\"%@`".contains(c) || is_blankz(c);
        !indicator
            || (c == '-' && !is_blank(self.at(1)))
            || (self.flow_level == 0 && (c == '?' || c == ':') && !is_blankz(self.at(1)))
    }

    fn simple_key_is_valid(&mut self, at: usize) -> Result<bool> {
        let key = self.simple_keys[at];
        if !key.possible {
            return Ok(false);
        }
        // A simple key is on one line and no longer than 1024 characters.
        if key.mark.line < self.mark.line || key.mark.index + 1024 < self.mark.index {
            if key.required {
                return self.fail(key.mark, "could not find expected ':'");
            }
            self.simple_keys[at].possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    fn save_simple_key(&mut self) -> Result<()> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let key = SimpleKey {
            possible: true,
            required: self.flow_level == 0 && self.indent == self.mark.column as isize,
            token_number: self.tokens_parsed + self.tokens.len(),
            mark: self.mark,
        };
        self.remove_simple_key()?;
        let last = self.simple_keys.len() - 1;
        self.simple_keys[last] = key;
        self.simple_keys_by_token.insert(key.token_number, last);
        Ok(())
    }

    fn remove_simple_key(&mut self) -> Result<()> {
        let last = self.simple_keys.len() - 1;
        let key = self.simple_keys[last];
        if key.possible {
            if key.required {
                return self.fail(key.mark, "could not find expected ':'");
            }
            self.simple_keys[last].possible = false;
            self.simple_keys_by_token.remove(&key.token_number);
        }
        Ok(())
    }

    fn roll_indent(
        &mut self,
        column: usize,
        number: Option<usize>,
        kind: TokenKind,
        mark: Mark,
    ) -> Result<()> {
        if self.flow_level > 0 || self.indent >= column as isize {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column as isize;
        if self.indents.len() > DEPTH_MAX {
            return self.fail(mark, format!("exceeded max depth of {DEPTH_MAX}"));
        }
        self.insert(number, kind, mark);
        Ok(())
    }

    fn unroll_indent(&mut self, column: isize) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.insert(None, TokenKind::BlockEnd, self.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn fetch_stream_end(&mut self) -> Result<()> {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.insert(None, TokenKind::StreamEnd, self.mark);
        self.ended = true;
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<()> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_directive()
    }

    fn fetch_document_indicator(&mut self, kind: TokenKind) -> Result<()> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        for _ in 0..3 {
            self.skip();
        }
        self.push(kind, start);
        Ok(())
    }

    fn single(&mut self, kind: TokenKind) {
        let start = self.mark;
        self.skip();
        self.push(kind, start);
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Result<()> {
        self.save_simple_key()?;
        self.simple_keys.push(SimpleKey {
            token_number: self.tokens_parsed + self.tokens.len(),
            mark: self.mark,
            ..SimpleKey::default()
        });
        self.flow_level += 1;
        if self.flow_level > DEPTH_MAX {
            return self.fail(self.mark, format!("exceeded max depth of {DEPTH_MAX}"));
        }
        self.simple_key_allowed = true;
        self.single(kind);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Result<()> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            if let Some(key) = self.simple_keys.pop() {
                self.simple_keys_by_token.remove(&key.token_number);
            }
        }
        self.simple_key_allowed = false;
        self.single(kind);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<()> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.single(TokenKind::FlowEntry);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                let problem = "block sequence entries are not allowed in this context";
                return self.fail(self.mark, problem);
            }
            let mark = self.mark;
            self.roll_indent(mark.column, None, TokenKind::BlockSequenceStart, mark)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.single(TokenKind::BlockEntry);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                let problem = "mapping keys are not allowed in this context";
                return self.fail(self.mark, problem);
            }
            let mark = self.mark;
            self.roll_indent(mark.column, None, TokenKind::BlockMappingStart, mark)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.single(TokenKind::Key);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<()> {
        let last = self.simple_keys.len() - 1;
        if self.simple_key_is_valid(last)? {
            let key = self.simple_keys[last];
            self.insert(Some(key.token_number), TokenKind::Key, key.mark);
            let kind = TokenKind::BlockMappingStart;
            self.roll_indent(key.mark.column, Some(key.token_number), kind, key.mark)?;
            self.simple_keys[last].possible = false;
            self.simple_keys_by_token.remove(&key.token_number);
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    // What stands before the colon may have begun as a key without one, above.
                    let start = self.plain_start;
                    let before = &self.chars[start.index.saturating_sub(start.column)..start.index];
                    let begins_line = before.iter().all(|c| matches!(c, ' ' | '-'));
                    let above = start.line < self.mark.line && begins_line;
                    let context = if above { start } else { self.mark };
                    let problem = "mapping values are not allowed in this context";
                    return self.fail(context, problem);
                }
                let mark = self.mark;
                self.roll_indent(mark.column, None, TokenKind::BlockMappingStart, mark)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.single(TokenKind::Value);
        Ok(())
    }

    fn fetch_word(&mut self, alias: bool) -> Result<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_anchor(alias)
    }

    fn fetch_tag(&mut self) -> Result<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_tag()
    }

    fn fetch_block_scalar(&mut self, literal: bool) -> Result<()> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.scan_block_scalar(literal)
    }

    fn fetch_quoted_scalar(&mut self, single: bool) -> Result<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_quoted_scalar(single)
    }

    fn fetch_plain_scalar(&mut self) -> Result<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_plain_scalar()
    }

    /// Skips blanks, comments and line breaks.
    fn scan_to_next_token(&mut self) {
        loop {
            if self.mark.column == 0 && self.at(0) == '\u{feff}' {
                self.skip();
            }
            // A tab cannot indent, so it is skipped only where no key can begin.
            while self.at(0) == ' '
                || ((self.flow_level > 0 || !self.simple_key_allowed) && self.at(0) == '\t')
            {
                self.skip();
            }
            if self.at(0) == '#' {
                while !is_breakz(self.at(0)) {
                    self.skip();
                }
            }
            if !is_break(self.at(0)) {
                return;
            }
            self.skip_line();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }
}
