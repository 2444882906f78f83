//! Scalars, anchors, tags and directives: what fills tokens with text.

use super::characters::{is_alpha, is_blank, is_blankz, is_break, is_breakz};
use super::scanner::Scanner;
use super::token::{Failure, Mark, Style, TokenKind};

type Result<T> = std::result::Result<T, Failure>;

/// White space inside a scalar that is written once more text follows it.
#[derive(Default)]
struct Gap {
    leading_blanks: bool,
    leading_break: String,
    trailing_breaks: String,
    blanks: String,
}

impl Gap {
    /// Folds the gap into the scalar: a single line break becomes a space.
    fn fold_into(&mut self, text: &mut String) {
        if !self.leading_blanks {
            text.push_str(&self.blanks);
        } else if self.leading_break.starts_with('\n') {
            if self.trailing_breaks.is_empty() {
                text.push(' ');
            } else {
                text.push_str(&self.trailing_breaks);
            }
        } else {
            text.push_str(&self.leading_break);
            text.push_str(&self.trailing_breaks);
        }
        self.leading_break.clear();
        self.trailing_breaks.clear();
        self.blanks.clear();
    }
}

impl Scanner {
    /// Reads the white space between two words of a scalar.
    fn scan_gap(&mut self, gap: &mut Gap, tab_limit: Option<(isize, Mark)>) -> Result<()> {
        while is_blank(self.at(0)) || is_break(self.at(0)) {
            if is_break(self.at(0)) {
                if gap.leading_blanks {
                    self.read_line(&mut gap.trailing_breaks);
                } else {
                    gap.blanks.clear();
                    self.read_line(&mut gap.leading_break);
                    gap.leading_blanks = true;
                }
                continue;
            }
            if let Some((indent, start)) = tab_limit
                && gap.leading_blanks
                && (self.mark.column as isize) < indent
                && self.at(0) == '\t'
            {
                return self.fail(start, "found a tab character that violates indentation");
            }
            if gap.leading_blanks {
                self.skip();
            } else {
                self.read(&mut gap.blanks);
            }
        }
        Ok(())
    }

    pub(super) fn scan_plain_scalar(&mut self) -> Result<()> {
        let start = self.mark;
        self.plain_start = start;
        let mut end = start;
        let indent = self.indent + 1;
        let mut text = String::new();
        let mut gap = Gap::default();
        loop {
            let indicator = self.document_indicator('-') || self.document_indicator('.');
            if (self.mark.column == 0 && indicator) || self.at(0) == '#' {
                break;
            }
            while !is_blankz(self.at(0)) {
                let c = self.at(0);
                let ends = (c == ':' && is_blankz(self.at(1)))
                    || (self.flow_level > 0 && ",?[]{}".contains(c));
                if ends {
                    break;
                }
                if gap.leading_blanks || !gap.blanks.is_empty() {
                    gap.fold_into(&mut text);
                    gap.leading_blanks = false;
                }
                self.read(&mut text);
                end = self.mark;
            }
            if !(is_blank(self.at(0)) || is_break(self.at(0))) {
                break;
            }
            self.scan_gap(&mut gap, Some((indent, start)))?;
            if self.flow_level == 0 && (self.mark.column as isize) < indent {
                break;
            }
        }
        let after = std::mem::replace(&mut self.mark, end);
        self.push(TokenKind::Scalar { value: text, style: Style::Plain }, start);
        self.mark = after;
        if gap.leading_blanks {
            self.simple_key_allowed = true;
        }
        Ok(())
    }

    pub(super) fn scan_quoted_scalar(&mut self, single: bool) -> Result<()> {
        let start = self.mark;
        let quote = if single { '\'' } else { '"' };
        self.skip();
        let mut text = String::new();
        loop {
            let indicator = self.document_indicator('-') || self.document_indicator('.');
            if self.mark.column == 0 && indicator {
                return self.fail(start, "found unexpected document indicator");
            }
            if self.is_end() {
                return self.fail(start, "found unexpected end of stream");
            }
            let mut gap = Gap::default();
            while !is_blankz(self.at(0)) {
                match (self.at(0), self.at(1)) {
                    ('\'', '\'') if single => {
                        text.push('\'');
                        self.skip();
                        self.skip();
                    }
                    (c, _) if c == quote => break,
                    ('\\', next) if !single && is_break(next) => {
                        self.skip();
                        self.skip_line();
                        gap.leading_blanks = true;
                        break;
                    }
                    ('\\', _) if !single => self.scan_escape(start, &mut text)?,
                    _ => self.read(&mut text),
                }
            }
            if self.at(0) == quote {
                break;
            }
            self.scan_gap(&mut gap, None)?;
            gap.fold_into(&mut text);
        }
        self.skip();
        self.push(TokenKind::Scalar { value: text, style: Style::Quoted }, start);
        Ok(())
    }

    /// A backslash and what it stands for.
    fn scan_escape(&mut self, start: Mark, text: &mut String) -> Result<()> {
        let digits = match self.at(1) {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let plain = match self.at(1) {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            't' | '\t' => '\t',
            'n' => '\n',
            'v' => '\u{b}',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            c @ (' ' | '"' | '\'' | '\\') => c,
            'N' => '\u{85}',
            '_' => '\u{a0}',
            'L' => '\u{2028}',
            'P' => '\u{2029}',
            'x' | 'u' | 'U' => '\0',
            _ => return self.fail(start, "found unknown escape character"),
        };
        self.skip();
        self.skip();
        if digits == 0 {
            text.push(plain);
            return Ok(());
        }
        let mut value: u32 = 0;
        for ahead in 0..digits {
            let Some(digit) = self.at(ahead).to_digit(16) else {
                return self.fail(start, "did not find expected hexdecimal number");
            };
            value = (value << 4) | digit;
        }
        let Some(c) = char::from_u32(value) else {
            return self.fail(start, "found invalid Unicode character escape code");
        };
        text.push(c);
        for _ in 0..digits {
            self.skip();
        }
        Ok(())
    }

    pub(super) fn scan_block_scalar(&mut self, literal: bool) -> Result<()> {
        let start = self.mark;
        self.skip();
        let (chomping, increment) = self.scan_block_header(start)?;
        let mut end = self.mark;
        let mut indent = match increment {
            0 => 0,
            increment => self.indent.max(0) as usize + increment,
        };
        let mut text = String::new();
        let (mut leading_break, mut trailing_breaks) = (String::new(), String::new());
        self.scan_block_breaks(&mut indent, &mut trailing_breaks, start, &mut end)?;
        let mut leading_blank = false;
        while self.mark.column == indent && !self.is_end() {
            let trailing_blank = is_blank(self.at(0));
            let folds = !literal && !leading_blank && !trailing_blank;
            if folds && leading_break.starts_with('\n') {
                if trailing_breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(&leading_break);
            }
            leading_break.clear();
            text.push_str(&trailing_breaks);
            trailing_breaks.clear();
            leading_blank = is_blank(self.at(0));
            while !is_breakz(self.at(0)) {
                self.read(&mut text);
            }
            self.read_line(&mut leading_break);
            self.scan_block_breaks(&mut indent, &mut trailing_breaks, start, &mut end)?;
        }
        if chomping != Some('-') {
            text.push_str(&leading_break);
        }
        if chomping == Some('+') {
            text.push_str(&trailing_breaks);
        }
        let after = std::mem::replace(&mut self.mark, end);
        self.push(TokenKind::Scalar { value: text, style: Style::Block }, start);
        self.mark = after;
        Ok(())
    }

    /// What follows `|` or `>` on its line: chomping and indentation.
    fn scan_block_header(&mut self, start: Mark) -> Result<(Option<char>, usize)> {
        let mut chomping = None;
        let mut increment = 0;
        for _ in 0..2 {
            match self.at(0) {
                c @ ('+' | '-') if chomping.is_none() => {
                    chomping = Some(c);
                    self.skip();
                }
                '0' if increment == 0 => {
                    return self.fail(start, "found an indentation indicator equal to 0");
                }
                c @ '1'..='9' if increment == 0 => {
                    increment = c as usize - '0' as usize;
                    self.skip();
                }
                _ => {}
            }
        }
        self.skip_comment(start)?;
        Ok((chomping, increment))
    }

    /// Skips the rest of a line that may hold only blanks and a comment.
    fn skip_comment(&mut self, start: Mark) -> Result<()> {
        while is_blank(self.at(0)) {
            self.skip();
        }
        if self.at(0) == '#' {
            while !is_breakz(self.at(0)) {
                self.skip();
            }
        }
        if !is_breakz(self.at(0)) {
            return self.fail(start, "did not find expected comment or line break");
        }
        self.skip_line();
        Ok(())
    }

    /// Reads empty lines and indentation; finds the indentation of the first line with text.
    fn scan_block_breaks(
        &mut self,
        indent: &mut usize,
        breaks: &mut String,
        start: Mark,
        end: &mut Mark,
    ) -> Result<()> {
        *end = self.mark;
        let mut max_indent = 0;
        loop {
            while (*indent == 0 || self.mark.column < *indent) && self.at(0) == ' ' {
                self.skip();
            }
            max_indent = max_indent.max(self.mark.column);
            if (*indent == 0 || self.mark.column < *indent) && self.at(0) == '\t' {
                let problem = "found a tab character where an indentation space is expected";
                return self.fail(start, problem);
            }
            if !is_break(self.at(0)) {
                break;
            }
            self.read_line(breaks);
            *end = self.mark;
        }
        if *indent == 0 {
            let least = (self.indent + 1).max(1) as usize;
            *indent = max_indent.max(least);
        }
        Ok(())
    }

    pub(super) fn scan_anchor(&mut self, alias: bool) -> Result<()> {
        let start = self.mark;
        self.skip();
        let mut name = String::new();
        while is_alpha(self.at(0)) {
            self.read(&mut name);
        }
        if name.is_empty() || !(is_blankz(self.at(0)) || "?:,]}%@`".contains(self.at(0))) {
            return self.fail(start, "did not find expected alphabetic or numeric character");
        }
        self.push(if alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) }, start);
        Ok(())
    }

    pub(super) fn scan_tag(&mut self) -> Result<()> {
        let start = self.mark;
        let (mut handle, mut suffix) = (String::new(), String::new());
        if self.at(1) == '<' {
            self.skip();
            self.skip();
            self.scan_tag_uri("", start, &mut suffix)?;
            if self.at(0) != '>' {
                return self.fail(start, "did not find the expected '>'");
            }
            self.skip();
        } else {
            self.scan_tag_handle(false, start, &mut handle)?;
            if handle.len() > 1 && handle.ends_with('!') {
                self.scan_tag_uri("", start, &mut suffix)?;
            } else {
                let head = std::mem::replace(&mut handle, "!".to_owned());
                self.scan_tag_uri(&head, start, &mut suffix)?;
                if suffix.is_empty() {
                    // A lone `!`.
                    std::mem::swap(&mut handle, &mut suffix);
                }
            }
        }
        if !is_blankz(self.at(0)) {
            return self.fail(start, "did not find expected whitespace or line break");
        }
        self.push(TokenKind::Tag { handle, suffix }, start);
        Ok(())
    }

    fn scan_tag_handle(&mut self, directive: bool, start: Mark, handle: &mut String) -> Result<()> {
        if self.at(0) != '!' {
            return self.fail(start, "did not find expected '!'");
        }
        self.read(handle);
        while is_alpha(self.at(0)) {
            self.read(handle);
        }
        if self.at(0) == '!' {
            self.read(handle);
        } else if directive && handle != "!" {
            return self.fail(start, "did not find expected '!'");
        }
        Ok(())
    }

    fn scan_tag_uri(&mut self, head: &str, start: Mark, uri: &mut String) -> Result<()> {
        let mut any = !head.is_empty();
        uri.push_str(head.get(1..).unwrap_or_default());
        let mut bytes = Vec::new();
        while is_alpha(self.at(0))
            || (self.at(0) != '\0' && ";/?:@&=+$,.!~*'()[]%".contains(self.at(0)))
        {
            any = true;
            if self.at(0) != '%' {
                self.read(uri);
                continue;
            }
            let hex = |c: char| c.to_digit(16);
            let (Some(high), Some(low)) = (hex(self.at(1)), hex(self.at(2))) else {
                return self.fail(start, "did not find URI escaped octet");
            };
            bytes.push((high * 16 + low) as u8);
            for _ in 0..3 {
                self.skip();
            }
            if let Ok(text) = std::str::from_utf8(&bytes) {
                uri.push_str(text);
                bytes.clear();
            } else if bytes.len() >= 4 {
                return self.fail(start, "found an incorrect leading UTF-8 octet");
            }
        }
        if !any {
            return self.fail(start, "did not find expected tag URI");
        }
        Ok(())
    }

    pub(super) fn scan_directive(&mut self) -> Result<()> {
        let start = self.mark;
        self.skip();
        let mut name = String::new();
        while is_alpha(self.at(0)) {
            self.read(&mut name);
        }
        if name.is_empty() {
            return self.fail(start, "could not find expected directive name");
        }
        if !is_blankz(self.at(0)) {
            return self.fail(start, "found unexpected non-alphabetical character");
        }
        while is_blank(self.at(0)) {
            self.skip();
        }
        let kind = match name.as_str() {
            "YAML" => self.scan_version(start)?,
            "TAG" => self.scan_tag_directive(start)?,
            _ => return self.fail(start, "found unknown directive name"),
        };
        self.push(kind, start);
        self.skip_comment(start)
    }

    fn scan_version(&mut self, start: Mark) -> Result<TokenKind> {
        let major = self.scan_version_number(start)?;
        if self.at(0) != '.' {
            return self.fail(start, "did not find expected digit or '.' character");
        }
        self.skip();
        let minor = self.scan_version_number(start)?;
        Ok(TokenKind::VersionDirective { major, minor })
    }

    fn scan_version_number(&mut self, start: Mark) -> Result<u32> {
        let mut digits = 0;
        let mut value = 0;
        while let Some(digit) = self.at(0).to_digit(10) {
            digits += 1;
            if digits > 2 {
                return self.fail(start, "found extremely long version number");
            }
            value = value * 10 + digit;
            self.skip();
        }
        if digits == 0 {
            return self.fail(start, "did not find expected version number");
        }
        Ok(value)
    }

    fn scan_tag_directive(&mut self, start: Mark) -> Result<TokenKind> {
        let (mut handle, mut prefix) = (String::new(), String::new());
        self.scan_tag_handle(true, start, &mut handle)?;
        if !is_blank(self.at(0)) {
            return self.fail(start, "did not find expected whitespace");
        }
        while is_blank(self.at(0)) {
            self.skip();
        }
        self.scan_tag_uri("", start, &mut prefix)?;
        if !is_blankz(self.at(0)) {
            return self.fail(start, "did not find expected whitespace or line break");
        }
        Ok(TokenKind::TagDirective { handle, prefix })
    }
}
