//! The list of records, so that a new tab finds the latest and old ones go.
//!
//! Tabs write the index one after the other and may overwrite each other's entries. Nothing is
//! lost by that: the records themselves say what there is, and an entry that is missing is added
//! again when the index is read.

use rollscope_api::order;
use serde::{Deserialize, Serialize};

use super::record::Header;

/// Where the index is stored.
pub const INDEX_KEY: &str = "rollscope/sessions";
/// What the keys of records begin with.
pub const KEY_PREFIX: &str = "rollscope/session/";
/// Most records that are kept.
pub const RECORDS_MAX: usize = 8;
/// Most bytes in all records together: browsers give a site about twice as much.
pub const RECORDS_BYTES_MAX: usize = 2_000_000;
/// The longest session id.
const ID_CHARS_MAX: usize = 40;

/// The key of a session's record.
pub fn key_of(session: &str) -> String {
    format!("{KEY_PREFIX}{session}")
}

/// Whether a text can be a session's or writer's id.
pub fn is_session_id(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=ID_CHARS_MAX).contains(&text.len()) && text.chars().all(is_plain)
}

/// One record that there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The session's id.
    pub session: String,
    /// How often it was written.
    pub revision: u64,
    /// When it was written last.
    pub saved_at_ms: u64,
    /// How long the record is.
    pub bytes: usize,
    /// What it is about, for people.
    #[serde(default)]
    pub title: String,
}

impl Entry {
    /// The entry of a record.
    pub fn of(header: &Header, bytes: usize, title: &str) -> Self {
        let Header { session, revision, saved_at_ms, .. } = header.clone();
        Self { session, revision, saved_at_ms, bytes, title: title.to_owned() }
    }
}

/// The records there are, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Index {
    entries: Vec<Entry>,
}

impl Index {
    /// Reads the stored index. An index that cannot be read is empty.
    pub fn parse(text: Option<&str>) -> Self {
        let mut index: Self =
            text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        index.entries.retain(|entry| is_session_id(&entry.session));
        index.sort();
        index
    }

    /// As it is stored.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The records, the latest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The sessions that have a key and no entry, and whose header should be read and added.
    pub fn missing<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let sessions = keys.into_iter().filter_map(|key| key.strip_prefix(KEY_PREFIX));
        sessions
            .filter(|id| is_session_id(id) && !self.entries.iter().any(|e| e.session == *id))
            .map(str::to_owned)
            .collect()
    }

    /// Drops the entries whose records are gone.
    pub fn retain<'a>(&mut self, keys: impl IntoIterator<Item = &'a str>) {
        let keys: Vec<&str> = keys.into_iter().collect();
        self.entries.retain(|entry| keys.contains(&key_of(&entry.session).as_str()));
    }

    /// Adds a record, or what is new of it.
    pub fn add(&mut self, entry: Entry) {
        self.entries.retain(|one| one.session != entry.session);
        self.entries.push(entry);
        self.sort();
    }

    fn sort(&mut self) {
        // Clocks may stand still: then the session's id decides, so that all tabs agree.
        order::sort_by(&mut self.entries, |a, b| {
            (b.saved_at_ms, &b.session).cmp(&(a.saved_at_ms, &a.session))
        });
        self.entries.dedup_by(|a, b| a.session == b.session);
    }

    /// Drops the oldest records beyond what is kept, never that of `own`. Returns their keys, to be
    /// removed.
    pub fn prune(&mut self, own: &str) -> Vec<String> {
        let (mut count, mut bytes) = (0, 0);
        for entry in self.entries.iter().filter(|entry| entry.session == own) {
            (count, bytes) = (1, entry.bytes);
        }
        let mut removed = Vec::new();
        self.entries.retain(|entry| {
            if entry.session == own {
                return true;
            }
            count += 1;
            bytes += entry.bytes;
            let keep = count <= RECORDS_MAX && bytes <= RECORDS_BYTES_MAX;
            if !keep {
                removed.push(key_of(&entry.session));
            }
            keep
        });
        removed
    }

    /// Storage is full: the oldest record but `own`, to be removed before trying again.
    pub fn give_up_oldest(&mut self, own: &str) -> Option<String> {
        let oldest = self.entries.iter().rposition(|entry| entry.session != own)?;
        Some(key_of(&self.entries.remove(oldest).session))
    }
}

/// What a page opens with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Its own session goes on: the page was loaded again.
    Continue(String),
    /// The latest session is opened under a new id: another tab may still be in it.
    Copy(String),
    /// There is none.
    Fresh,
}

/// What to open, given the session id that this tab remembers from before it was loaded again
/// (`sessionStorage`).
pub fn choose(index: &Index, remembered: Option<&str>) -> Choice {
    let own = index.entries.iter().find(|entry| Some(entry.session.as_str()) == remembered);
    match (own, index.entries.first()) {
        (Some(own), _) => Choice::Continue(own.session.clone()),
        (None, Some(latest)) => Choice::Copy(latest.session.clone()),
        (None, None) => Choice::Fresh,
    }
}
