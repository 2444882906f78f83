//! Texts that many objects repeat, shared by all of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

thread_local! {
    /// By where the text lies, which is quicker to compare than what it says. Nothing depends on
    /// the order of these.
    static WORDS: RefCell<BTreeMap<(usize, usize), Rc<str>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The shared text. Which text it is never depends on what was asked before.
pub(crate) fn word(text: &'static str) -> Rc<str> {
    let place = (text.as_ptr() as usize, text.len());
    WORDS.with_borrow_mut(|words| words.entry(place).or_insert_with(|| text.into()).clone())
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends the last `digits` hexadecimal digits of a number.
pub(crate) fn push_hex(text: &mut String, number: u64, digits: u32) {
    for digit in (0..digits).rev() {
        text.push(char::from(HEX[(number >> (4 * digit) & 0xf) as usize]));
    }
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
