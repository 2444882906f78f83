//! The tree as it is written, before it becomes a value.

use super::resolve::Scalar;
use super::token::Mark;

/// A parsed node: as it is written, aliases replaced by what they stand for.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub(super) start: Mark,
    pub(super) end: Mark,
    pub(super) kind: RawKind,
    /// How many nodes it consists of.
    pub(super) size: usize,
}

#[derive(Clone, Debug)]
pub(super) enum RawKind {
    Scalar(Scalar),
    Sequence(Vec<Raw>),
    /// Keys and values, merge keys (`<<`) marked.
    Mapping(Vec<(Raw, Raw)>),
}
