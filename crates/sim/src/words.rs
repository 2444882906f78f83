//! Texts that many objects repeat, shared by all of them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// More than there are texts: none pushes another out.
const SLOTS: usize = 512;
type Slot = Option<(&'static str, Rc<str>)>;

thread_local! {
    /// Texts that were asked for, by where they lie, which is quicker to compare than what they say.
    /// One that finds its slot taken goes into the next.
    static WORDS: RefCell<[Slot; SLOTS]> = const { RefCell::new([const { None }; SLOTS]) };
    /// Where texts are put together.
    static DRAFT: Cell<String> = const { Cell::new(String::new()) };
}

/// The shared copy of a text that is written out where it is used: the quickest way to have one.
macro_rules! word {
    ($text:literal) => {{
        thread_local! {
            static WORD: std::rc::Rc<str> = std::rc::Rc::from($text);
        }
        WORD.with(std::rc::Rc::clone)
    }};
}
/// The shared copy of a text that is known only by reference. Which text it is never depends on what was asked before.
pub(crate) fn word(text: &'static str) -> Rc<str> {
    let first = text.as_ptr() as usize / 4 + text.len();
    WORDS.with_borrow_mut(|words| {
        for place in first..first + SLOTS {
            match &mut words[place % SLOTS] {
                Some((known, word)) if std::ptr::eq(*known, text) => return word.clone(),
                Some(_) => {}
                free => return free.insert((text, text.into())).1.clone(),
            }
        }
        text.into()
    })
}

/// Whether two texts say the same, which copies of one do.
pub(crate) fn same(a: &Rc<str>, b: &Rc<str>) -> bool {
    Rc::ptr_eq(a, b) || a == b
}

/// A text of several parts, with memory for nothing but the whole.
pub(crate) fn joined<const N: usize>(parts: [&str; N]) -> Rc<str> {
    drafted(|draft| draft.extend(parts))
}

/// A text that `write` puts together.
pub(crate) fn drafted(write: impl FnOnce(&mut String)) -> Rc<str> {
    let mut draft = DRAFT.take();
    draft.clear();
    write(&mut draft);
    let text = draft.as_str().into();
    DRAFT.set(draft);
    text
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends the last `digits` hexadecimal digits of a number.
pub(crate) fn push_hex(text: &mut String, number: u64, digits: u32) {
    let mut all = [0; 16];
    for (place, digit) in all.iter_mut().zip((0..16).rev()) {
        *place = HEX[(number >> (4 * digit) & 0xf) as usize];
    }
    let last = &all[16 - digits as usize..];
    text.push_str(std::str::from_utf8(last).expect("only ASCII digits"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shared_and_say_what_they_should() {
        assert!(Rc::ptr_eq(&word("Normal"), &word("Normal")));
        assert_eq!((&*word(""), &*word("Warning")), ("", "Warning"));
        let mut text = String::new();
        push_hex(&mut text, 0x1234_abcd, 6);
        assert_eq!(text, "34abcd");
    }
}
