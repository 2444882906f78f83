//! Texts that every pod's status repeats, shared by all of them.

pub(super) use crate::words::word;
