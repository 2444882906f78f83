//! Texts that every pod's status repeats, shared by all of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

thread_local! {
    static WORDS: RefCell<BTreeMap<&'static str, Rc<str>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The shared text. Which text it is never depends on what was asked before.
pub(super) fn word(text: &'static str) -> Rc<str> {
    WORDS.with_borrow_mut(|words| words.entry(text).or_insert_with(|| text.into()).clone())
}
