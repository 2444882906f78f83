//! Where sessions are kept: `localStorage`, one record for each tab's session and an index.
//!
//! What is kept and who may write where is decided in `rollscope_scenario::autosave`; here texts
//! are only moved.

use gloo::utils::window;
use rollscope_scenario::autosave::{
    Choice, Entry, Header, INDEX_KEY, Identity, Index, RECORDS_BYTES_MAX, Record, choose,
    is_session_id, key_of, may_write, write,
};
use web_sys::Storage;

/// In `sessionStorage`, which survives a reload and is each tab's own: the tab's session.
const SESSION_KEY: &str = "rollscope.session";

/// The tab's place in storage.
pub struct Keeper {
    storage: Option<Storage>,
    identity: Identity,
    /// The session before the last new beginning.
    former: Option<Identity>,
}

/// A session of this browser that is not open here.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// Its id.
    pub session: String,
    /// What it is about.
    pub title: String,
    /// When it was kept last, as the browser writes times.
    pub saved: String,
}

impl Keeper {
    /// Finds the tab's session, or the latest of the browser. Returns its record as well.
    pub fn open() -> (Self, Option<String>) {
        let storage = window().local_storage().ok().flatten();
        let index = storage.as_ref().map(read_index).unwrap_or_default();
        let remembered = remembered();
        let (session, record) = match choose(&index, remembered.as_deref()) {
            Choice::Continue(session) => (session.clone(), get(storage.as_ref(), &session)),
            Choice::Copy(latest) => (new_id(), get(storage.as_ref(), &latest)),
            Choice::Fresh => (new_id(), None),
        };
        // A record that is gone on with is based on what was read; a copy has not been written yet.
        let header = record.as_deref().and_then(|text| Header::parse(text).ok());
        let based_on = header.filter(|header| header.session == session);
        let identity = Identity { session, writer: new_id(), based_on };
        let keeper = Self { storage, identity, former: None };
        keeper.remember();
        (keeper, record)
    }

    /// From now on another session is kept; the one before stays.
    pub fn begin(&mut self) {
        let next = Identity { session: new_id(), based_on: None, ..self.identity.clone() };
        self.former = Some(std::mem::replace(&mut self.identity, next));
        self.remember();
    }

    /// The session before the last [`Keeper::begin`] goes on; what was kept since then goes.
    pub fn back(&mut self) {
        let Some(former) = self.former.take() else { return };
        let left = std::mem::replace(&mut self.identity, former);
        if let Some(storage) = &self.storage {
            // Where it cannot be removed it is only an old session more.
            let _ = storage.remove_item(&key_of(&left.session));
        }
        self.remember();
    }

    /// The key of the tab's record.
    pub fn key(&self) -> String {
        key_of(&self.identity.session)
    }

    /// Keeps the session. Returns how many of its runs had no room.
    pub fn keep(&mut self, record: &Record, title: &str) -> Result<usize, String> {
        let Some(storage) = self.storage.clone() else {
            return Err("storage is switched off for this site".to_owned());
        };
        let stored = storage.get_item(&self.key()).ok().flatten();
        if !may_write(&self.identity, stored.as_deref()) {
            // Another tab is in this session: this one goes on under a name of its own.
            let session = new_id();
            self.identity = Identity { session, based_on: None, ..self.identity.clone() };
            self.remember();
        }
        let saved_at_ms = js_sys::Date::now() as u64;
        let mut index = read_index(&storage);
        let mut room = RECORDS_BYTES_MAX;
        loop {
            let written = write(record, &self.identity, saved_at_ms, room);
            match storage.set_item(&self.key(), &written.text) {
                Ok(()) => {
                    index.add(Entry::of(&written.header, written.text.len(), title));
                    self.identity.based_on = Some(written.header);
                    for key in index.prune(&self.identity.session) {
                        let _ = storage.remove_item(&key);
                    }
                    // Without its entry the record is found by its key.
                    let _ = storage.set_item(INDEX_KEY, &index.to_text());
                    return Ok(written.left_out);
                }
                // Full: first other sessions give way, the oldest first, then other runs.
                Err(_) => match index.give_up_oldest(&self.identity.session) {
                    Some(key) => {
                        let _ = storage.remove_item(&key);
                        let _ = storage.set_item(INDEX_KEY, &index.to_text());
                    }
                    None if room > 0 => room = if room > 100_000 { room / 4 } else { 0 },
                    None => return Err("the browser has no room left for this site".to_owned()),
                },
            }
        }
    }

    /// The other sessions of this browser, the latest first.
    pub fn earlier(&self) -> Vec<Earlier> {
        let index = self.storage.as_ref().map(read_index).unwrap_or_default();
        let others = index.entries().iter().filter(|entry| entry.session != self.identity.session);
        others
            .map(|entry| Earlier {
                session: entry.session.clone(),
                title: entry.title.clone(),
                saved: local_time(entry.saved_at_ms),
            })
            .collect()
    }

    /// The record of another session.
    pub fn record_of(&self, session: &str) -> Option<String> {
        get(self.storage.as_ref(), session)
    }

    fn remember(&self) {
        if let Ok(Some(storage)) = window().session_storage() {
            // Where it cannot be remembered, a reload finds the latest session instead.
            let _ = storage.set_item(SESSION_KEY, &self.identity.session);
        }
    }
}

/// The record of the tab's session as it was kept last.
pub fn last_record() -> Option<String> {
    get(window().local_storage().ok().flatten().as_ref(), &remembered()?)
}

fn remembered() -> Option<String> {
    let storage = window().session_storage().ok().flatten()?;
    storage.get_item(SESSION_KEY).ok().flatten().filter(|id| is_session_id(id))
}

fn get(storage: Option<&Storage>, session: &str) -> Option<String> {
    storage?.get_item(&key_of(session)).ok().flatten()
}

/// The index, with records that it does not list and without entries whose records are gone.
fn read_index(storage: &Storage) -> Index {
    let mut index = Index::parse(storage.get_item(INDEX_KEY).ok().flatten().as_deref());
    let count = storage.length().unwrap_or_default();
    let keys: Vec<String> = (0..count).filter_map(|at| storage.key(at).ok().flatten()).collect();
    index.retain(keys.iter().map(String::as_str));
    for session in index.missing(keys.iter().map(String::as_str)) {
        if let Some(text) = get(Some(storage), &session)
            && let Ok(header) = Header::parse(&text)
        {
            index.add(Entry::of(&header, text.len(), ""));
        }
    }
    index
}

/// Letters and digits that no other tab draws.
fn new_id() -> String {
    let part = || format!("{:08x}", (js_sys::Math::random() * f64::from(u32::MAX)) as u32);
    format!("{}{}", part(), part())
}

fn local_time(ms: u64) -> String {
    let date = js_sys::Date::new(&(ms as f64).into());
    date.to_locale_string("default", &js_sys::Object::new()).into()
}
