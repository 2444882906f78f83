//! Nothing, shared: most objects have many empty fields, and none of them needs memory of its own.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::StringMap;

/// The empty text. Unlike `Rc::default()` it allocates nothing.
pub fn no_text() -> Rc<str> {
    thread_local! {
        static EMPTY: Rc<str> = Rc::from("");
    }
    EMPTY.with(Rc::clone)
}

/// No labels or annotations.
pub(super) fn no_strings() -> StringMap {
    thread_local! {
        static EMPTY: StringMap = Rc::new(BTreeMap::new());
    }
    EMPTY.with(Rc::clone)
}
