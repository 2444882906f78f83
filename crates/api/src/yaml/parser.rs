//! From tokens to a tree: the grammar of YAML 1.1, anchors and tags included.
//!
//! Models parserc.go and decode.go of go.yaml.in/yaml/v2. Only the first document is read, as
//! `yaml.Unmarshal` does; what follows it is never looked at.

use std::collections::BTreeMap;

use super::raw::{Raw, RawKind};
use super::resolve::{self, Scalar};
use super::scanner::{DEPTH_MAX, Scanner};
use super::token::{Failure, Mark, Style, Token, TokenKind};

type Result<T> = std::result::Result<T, Failure>;

/// The most nodes that aliases may expand a document to.
const EXPANDED_MAX: usize = 200_000;

pub(super) struct Parser {
    scanner: Scanner,
    /// Anchored nodes; nothing while the node is still being read.
    anchors: BTreeMap<String, Option<Raw>>,
    tags: Vec<(String, String)>,
    depth: usize,
    nodes: usize,
    aliased: usize,
    /// A failure that go-yaml finds only after the whole document is parsed.
    late: Option<Failure>,
}

impl Parser {
    pub(super) fn new(text: &str) -> Self {
        Self {
            scanner: Scanner::new(text),
            anchors: BTreeMap::new(),
            tags: Vec::new(),
            depth: 0,
            nodes: 0,
            aliased: 0,
            late: None,
        }
    }

    /// Reads the first document; nothing if there is none.
    pub(super) fn document(&mut self) -> Result<Option<Raw>> {
        let token = self.peek()?;
        let explicit = match token.kind {
            TokenKind::StreamEnd => return Ok(None),
            TokenKind::VersionDirective { .. }
            | TokenKind::TagDirective { .. }
            | TokenKind::DocumentStart => true,
            _ => false,
        };
        self.directives()?;
        let mut root = None;
        if explicit {
            let token = self.peek()?;
            if token.kind != TokenKind::DocumentStart {
                return self.fail(&token, "did not find expected <document start>");
            }
            self.scanner.skip_token();
            let token = self.peek()?;
            if matches!(
                token.kind,
                TokenKind::VersionDirective { .. }
                    | TokenKind::TagDirective { .. }
                    | TokenKind::DocumentStart
                    | TokenKind::DocumentEnd
                    | TokenKind::StreamEnd
            ) {
                root = Some(self.empty(token.start));
            }
        }
        let root = match root {
            Some(root) => root,
            None => self.node(true, false)?,
        };
        // The end of the document is asked for, which may find one more thing wrong.
        self.peek()?;
        match self.late.take() {
            Some(late) => Err(late),
            None => Ok(Some(root)),
        }
    }

    fn peek(&mut self) -> Result<Token> {
        self.scanner.peek().cloned()
    }

    fn fail<T>(&self, token: &Token, problem: &str) -> Result<T> {
        self.fail_in(Mark::default(), token.start, problem)
    }

    fn fail_in<T>(&self, context: Mark, mark: Mark, problem: &str) -> Result<T> {
        Err(Failure { problem: problem.to_owned(), mark, context, by_scanner: false })
    }

    /// A failure without a place, as go-yaml's decoder has them.
    fn fail_late<T>(&self, mark: Mark, problem: String) -> Result<T> {
        Err(late(mark, problem))
    }

    fn directives(&mut self) -> Result<()> {
        let mut version = false;
        loop {
            let token = self.peek()?;
            match &token.kind {
                TokenKind::VersionDirective { major, minor } => {
                    if version {
                        return self.fail(&token, "found duplicate %YAML directive");
                    }
                    if (*major, *minor) != (1, 1) {
                        return self.fail(&token, "found incompatible YAML document");
                    }
                    version = true;
                }
                TokenKind::TagDirective { handle, prefix } => {
                    if self.tags.iter().any(|(known, _)| known == handle) {
                        return self.fail(&token, "found duplicate %TAG directive");
                    }
                    self.tags.push((handle.clone(), prefix.clone()));
                }
                _ => break,
            }
            self.scanner.skip_token();
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if !self.tags.iter().any(|(known, _)| known == handle) {
                self.tags.push((handle.to_owned(), prefix.to_owned()));
            }
        }
        Ok(())
    }

    fn empty(&mut self, mark: Mark) -> Raw {
        self.nodes += 1;
        Raw { start: mark, end: mark, kind: RawKind::Scalar(Scalar::empty()), size: 1 }
    }

    fn node(&mut self, block: bool, indentless: bool) -> Result<Raw> {
        let mut token = self.peek()?;
        if let TokenKind::Alias(name) = &token.kind {
            let raw = self.alias(name, &token)?;
            self.scanner.skip_token();
            return Ok(raw);
        }
        let start = token.start;
        let (mut anchor, mut tag) = (None, None);
        for _ in 0..2 {
            match &token.kind {
                TokenKind::Anchor(name) if anchor.is_none() => anchor = Some(name.clone()),
                TokenKind::Tag { handle, suffix } if tag.is_none() => {
                    tag = Some((handle.clone(), suffix.clone(), token.start));
                }
                _ => break,
            }
            self.scanner.skip_token();
            token = self.peek()?;
        }
        let tag = match tag {
            Some((handle, suffix, mark)) => self.resolve_tag(handle, suffix, start, mark)?,
            None => String::new(),
        };
        if let Some(name) = &anchor {
            self.anchors.insert(name.clone(), None);
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let problem = format!("exceeded max depth of {DEPTH_MAX}");
            return self.fail_in(start, token.start, &problem);
        }
        let before = self.nodes;
        let mut raw = self.content(&token, start, block, indentless, &anchor, &tag)?;
        self.depth -= 1;
        self.nodes += 1;
        raw.size = self.nodes - before;
        if let Some(name) = anchor {
            self.anchors.insert(name, Some(raw.clone()));
        }
        Ok(raw)
    }

    fn resolve_tag(
        &self,
        handle: String,
        suffix: String,
        start: Mark,
        mark: Mark,
    ) -> Result<String> {
        if handle.is_empty() {
            return Ok(suffix);
        }
        match self.tags.iter().find(|(known, _)| *known == handle) {
            Some((_, prefix)) => Ok(format!("{prefix}{suffix}")),
            None => self.fail_in(start, mark, "found undefined tag handle"),
        }
    }

    fn alias(&mut self, name: &str, token: &Token) -> Result<Raw> {
        match self.anchors.get(name) {
            None => self.fail_late(token.start, format!("unknown anchor '{name}' referenced")),
            Some(None) => {
                let problem = format!("anchor '{name}' value contains itself");
                self.late.get_or_insert(late(token.start, problem));
                Ok(self.empty(token.start))
            }
            Some(Some(raw)) => {
                let size = raw.size;
                let mut raw = raw.clone();
                self.nodes += size;
                self.aliased += size;
                // go-yaml lets at most 99 % of what it decodes come from aliases.
                let excessive =
                    self.aliased > 100 && self.nodes > 1000 && self.aliased * 100 > self.nodes * 99;
                if excessive || self.nodes > EXPANDED_MAX {
                    let problem = "document contains excessive aliasing".to_owned();
                    return self.fail_late(token.start, problem);
                }
                (raw.start, raw.end) = (token.start, token.end);
                Ok(raw)
            }
        }
    }

    fn content(
        &mut self,
        token: &Token,
        start: Mark,
        block: bool,
        indentless: bool,
        anchor: &Option<String>,
        tag: &str,
    ) -> Result<Raw> {
        let (end, kind) = match &token.kind {
            TokenKind::BlockEntry if indentless => self.indentless_sequence(token.end)?,
            TokenKind::Scalar { value, style } => {
                self.scanner.skip_token();
                let plain = (tag.is_empty() && *style == Style::Plain) || tag == "!";
                let scalar = Scalar { text: value.clone(), tag: tag.to_owned(), plain };
                (token.end, RawKind::Scalar(scalar))
            }
            TokenKind::FlowSequenceStart => self.flow_sequence(token.start)?,
            TokenKind::FlowMappingStart => self.flow_mapping(token.start)?,
            TokenKind::BlockSequenceStart if block => self.block_sequence(token.start)?,
            TokenKind::BlockMappingStart if block => self.block_mapping(token.start)?,
            _ if anchor.is_some() || !tag.is_empty() => {
                let plain = tag.is_empty();
                let scalar = Scalar { text: String::new(), tag: tag.to_owned(), plain };
                (start, RawKind::Scalar(scalar))
            }
            _ => return self.fail_in(start, token.start, "did not find expected node content"),
        };
        Ok(Raw { start, end, kind, size: 1 })
    }

    fn block_sequence(&mut self, start: Mark) -> Result<(Mark, RawKind)> {
        self.scanner.skip_token();
        let mut items: Vec<Raw> = Vec::new();
        loop {
            let token = self.peek()?;
            match token.kind {
                TokenKind::BlockEntry => {
                    self.scanner.skip_token();
                    let next = self.peek()?;
                    let empty = matches!(next.kind, TokenKind::BlockEntry | TokenKind::BlockEnd);
                    let item = if empty { self.empty(token.end) } else { self.node(true, false)? };
                    items.push(item);
                }
                TokenKind::BlockEnd => {
                    self.scanner.skip_token();
                    let end = items.last().map_or(start, |item| item.end);
                    return Ok((end, RawKind::Sequence(items)));
                }
                _ => {
                    let problem = "did not find expected '-' indicator";
                    return self.fail_in(start, token.start, problem);
                }
            }
        }
    }

    /// A sequence as the value of a key, at the key's own column.
    fn indentless_sequence(&mut self, start: Mark) -> Result<(Mark, RawKind)> {
        let mut items: Vec<Raw> = Vec::new();
        loop {
            let token = self.peek()?;
            if token.kind != TokenKind::BlockEntry {
                let end = items.last().map_or(start, |item| item.end);
                return Ok((end, RawKind::Sequence(items)));
            }
            self.scanner.skip_token();
            let next = self.peek()?;
            let empty = matches!(
                next.kind,
                TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd
            );
            let item = if empty { self.empty(token.end) } else { self.node(true, false)? };
            items.push(item);
        }
    }

    fn block_mapping(&mut self, start: Mark) -> Result<(Mark, RawKind)> {
        self.scanner.skip_token();
        let mut entries: Vec<(Raw, Raw)> = Vec::new();
        loop {
            let token = self.peek()?;
            let key = match token.kind {
                TokenKind::Key => {
                    self.scanner.skip_token();
                    self.block_part(token.end)?
                }
                // A value without a key is left to the value's turn: its key is empty.
                TokenKind::BlockEnd => {
                    self.scanner.skip_token();
                    let end = entries.last().map_or(start, |(_, value)| value.end);
                    return Ok((end, RawKind::Mapping(entries)));
                }
                _ => return self.fail_in(start, token.start, "did not find expected key"),
            };
            let token = self.peek()?;
            let value = match token.kind {
                TokenKind::Value => {
                    self.scanner.skip_token();
                    self.block_part(token.end)?
                }
                _ => self.empty(token.start),
            };
            entries.push((key, value));
        }
    }

    /// A key or value of a block mapping; empty where the next one follows at once.
    fn block_part(&mut self, mark: Mark) -> Result<Raw> {
        let token = self.peek()?;
        match token.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(self.empty(mark)),
            _ => self.node(true, true),
        }
    }

    fn flow_sequence(&mut self, start: Mark) -> Result<(Mark, RawKind)> {
        self.scanner.skip_token();
        let mut items = Vec::new();
        let mut first = true;
        loop {
            let mut token = self.peek()?;
            if token.kind != TokenKind::FlowSequenceEnd {
                if !first {
                    if token.kind != TokenKind::FlowEntry {
                        let problem = "did not find expected ',' or ']'";
                        return self.fail_in(start, token.start, problem);
                    }
                    self.scanner.skip_token();
                    token = self.peek()?;
                }
                first = false;
                if token.kind == TokenKind::Key {
                    let pair = self.flow_pair(token)?;
                    items.push(pair);
                    continue;
                } else if token.kind != TokenKind::FlowSequenceEnd {
                    items.push(self.node(false, false)?);
                    continue;
                }
            }
            self.scanner.skip_token();
            return Ok((token.end, RawKind::Sequence(items)));
        }
    }

    /// A single pair inside a flow sequence: `[a: b]`.
    fn flow_pair(&mut self, start: Token) -> Result<Raw> {
        self.scanner.skip_token();
        let ends =
            |kind: &TokenKind| matches!(kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd);
        let token = self.peek()?;
        let key = if token.kind == TokenKind::Value || ends(&token.kind) {
            // Upstream takes the token here, so `[? , a]` loses its comma.
            self.scanner.skip_token();
            self.empty(token.end)
        } else {
            self.node(false, false)?
        };
        let mut token = self.peek()?;
        let mut value = None;
        if token.kind == TokenKind::Value {
            self.scanner.skip_token();
            token = self.peek()?;
            if !ends(&token.kind) {
                value = Some(self.node(false, false)?);
            }
        }
        let value = match value {
            Some(value) => value,
            None => self.empty(token.start),
        };
        self.nodes += 1;
        let (end, size) = (value.end, key.size + value.size + 1);
        Ok(Raw { start: start.start, end, kind: RawKind::Mapping(vec![(key, value)]), size })
    }

    fn flow_mapping(&mut self, start: Mark) -> Result<(Mark, RawKind)> {
        self.scanner.skip_token();
        let mut entries = Vec::new();
        let mut first = true;
        let ends =
            |kind: &TokenKind| matches!(kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd);
        loop {
            let mut token = self.peek()?;
            if token.kind != TokenKind::FlowMappingEnd {
                if !first {
                    if token.kind != TokenKind::FlowEntry {
                        let problem = "did not find expected ',' or '}'";
                        return self.fail_in(start, token.start, problem);
                    }
                    self.scanner.skip_token();
                    token = self.peek()?;
                }
                first = false;
                if token.kind == TokenKind::Key {
                    self.scanner.skip_token();
                    token = self.peek()?;
                    let key = if token.kind == TokenKind::Value || ends(&token.kind) {
                        self.empty(token.start)
                    } else {
                        self.node(false, false)?
                    };
                    token = self.peek()?;
                    let mut value = None;
                    if token.kind == TokenKind::Value {
                        self.scanner.skip_token();
                        token = self.peek()?;
                        if !ends(&token.kind) {
                            value = Some(self.node(false, false)?);
                        }
                    }
                    let value = match value {
                        Some(value) => value,
                        None => self.empty(token.start),
                    };
                    entries.push((key, value));
                    continue;
                } else if token.kind != TokenKind::FlowMappingEnd {
                    let key = self.node(false, false)?;
                    let mark = self.peek()?.start;
                    let value = self.empty(mark);
                    entries.push((key, value));
                    continue;
                }
            }
            self.scanner.skip_token();
            return Ok((token.end, RawKind::Mapping(entries)));
        }
    }
}

/// A failure that carries no line in go-yaml's message.
pub(super) fn late(mark: Mark, problem: String) -> Failure {
    // The message's line comes from the context, and a line of zero is not shown.
    Failure { problem: format!("\u{0}{problem}"), mark, context: mark, by_scanner: false }
}

impl Failure {
    /// go-yaml's message: `line 6: found unexpected end of stream`.
    pub(super) fn message(&self) -> String {
        if let Some(problem) = self.problem.strip_prefix('\u{0}') {
            return problem.to_owned();
        }
        let line = match (self.mark.line, self.by_scanner) {
            (0, _) => self.context.line,
            (line, true) => line + 1,
            (line, false) => line,
        };
        match line {
            0 => self.problem.clone(),
            line => format!("line {line}: {}", self.problem),
        }
    }
}

impl Raw {
    /// Whether this key says that its value is to be merged in.
    pub(super) fn is_merge_key(&self) -> bool {
        match &self.kind {
            RawKind::Scalar(scalar) => resolve::is_merge(scalar),
            _ => false,
        }
    }
}
