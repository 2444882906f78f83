//! Texts that many objects repeat, shared by all of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

thread_local! {
    /// By where the text lies, which is quicker to compare than what it says. Nothing depends on
    /// the order of these.
    static WORDS: RefCell<BTreeMap<(usize, usize), Rc<str>>> = const { RefCell::new(BTreeMap::new()) };
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

/// 128 bits in the form of a UUID.
pub(crate) fn uuid(high: u64, low: u64) -> Rc<str> {
    let mut text = [b'-'; 36];
    let digit = |number: u64, shift: u32| HEX[(number >> shift & 0xf) as usize];
    let places = (0..36).filter(|at| !matches!(at, 8 | 13 | 18 | 23));
    for (nth, place) in (0..32).zip(places) {
        let number = if nth < 16 { high } else { low };
        text[place] = digit(number, 60 - 4 * (nth % 16));
    }
    std::str::from_utf8(&text).expect("only ASCII digits and dashes").into()
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
        let id = uuid(0x0b9c_d791_3507_4427, 0xa919_fba1_eab6_3199);
        assert_eq!(&*id, "0b9cd791-3507-4427-a919-fba1eab63199");
    }
}
