//! Texts that stand for much more than they are: aliases and deep nesting, found without
//! anything being expanded.

use super::scanner::Scanner;
use super::token::TokenKind;

/// What a text must not hold for readers that take neither aliases nor deep nesting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excess {
    /// An alias (`*name`) on this line, from 1. A small text with aliases can stand for a very
    /// large one.
    Alias(usize),
    /// The text cannot be read on from this line: it is nested too deeply, or wrong.
    Unreadable(usize, String),
}

/// The first excess of a text, all documents in it included.
pub fn excess(text: &str) -> Option<Excess> {
    let mut scanner = Scanner::new(text);
    loop {
        match scanner.peek() {
            Ok(token) => match token.kind {
                TokenKind::StreamEnd => return None,
                TokenKind::Alias(_) => return Some(Excess::Alias(token.start.line + 1)),
                _ => {}
            },
            Err(failure) => {
                return Some(Excess::Unreadable(failure.mark.line + 1, failure.problem));
            }
        }
        scanner.skip_token();
    }
}
