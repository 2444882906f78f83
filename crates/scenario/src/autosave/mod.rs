//! What the page keeps so that nothing is lost, as texts: the page only moves them.
//!
//! Every tab writes a record of its own, under a key of its own ([`key_of`]), with every change.
//! An [`Index`] lists the records there are. Two tabs never write the same record: a tab asks
//! [`may_write`] before it writes, and takes a new session id where somebody else has written.
//!
//! * A tab opens: read the index, [`choose`] what to open, [`read`] that record.
//! * Something changed: [`may_write`], [`write`] and store it, then read the index again, add this
//!   record ([`Index::add`]), store the index and remove what [`Index::prune`] names.

mod index;
mod record;
#[cfg(test)]
mod tests;

pub use index::{
    Choice, Entry, INDEX_KEY, Index, KEY_PREFIX, RECORDS_BYTES_MAX, RECORDS_MAX, choose,
    is_session_id, key_of,
};
pub use record::{
    FORMAT, Header, Identity, Loaded, READ_BYTES_MAX, Record, RecordError, Written, may_write,
    read, write,
};
