//! Texts that every pod's status repeats, shared by all of them.

pub(super) use crate::words::word as shared;

/// The one shared copy of a text that is known when this is compiled.
macro_rules! word {
    ($text:literal) => {{
        thread_local! {
            static WORD: std::rc::Rc<str> = std::rc::Rc::from($text);
        }
        WORD.with(std::rc::Rc::clone)
    }};
}
pub(super) use word;
