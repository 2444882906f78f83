//! Comparing bytes.
//!
//! What the compiler brings along for wasm compares one byte after the other, and a simulated cluster
//! compares names all the time: a sixteenth of a rollout was spent there.

#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "only tested"))]

use core::cmp::Ordering;

/// How two texts of one length compare, by the first byte that differs. It must not call `memcmp`,
/// so it compares numbers, never slices.
#[inline(always)]
fn compare(left: &[u8], right: &[u8]) -> Ordering {
    let (left_words, left_rest) = left.as_chunks();
    let (right_words, right_rest) = right.as_chunks();
    for (one, other) in left_words.iter().zip(right_words) {
        if u64::from_ne_bytes(*one) != u64::from_ne_bytes(*other) {
            // The first byte of a text is the most significant one.
            return u64::from_be_bytes(*one).cmp(&u64::from_be_bytes(*other));
        }
    }
    for (one, other) in left_rest.iter().zip(right_rest) {
        if one != other {
            return one.cmp(other);
        }
    }
    Ordering::Equal
}

/// C's `memcmp`, which `str` and slices are compared with.
///
/// # Safety
///
/// Both must be readable for `len` bytes.
#[cfg(target_arch = "wasm32")]
// SAFETY: it does what C's function of this name does; the compiler's own gives way to it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, len: usize) -> i32 {
    // SAFETY: the caller's promise.
    let left = unsafe { core::slice::from_raw_parts(left, len) };
    // SAFETY: the caller's promise.
    let right = unsafe { core::slice::from_raw_parts(right, len) };
    compare(left, right) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_decides_wherever_it_is() {
        for len in 0..40 {
            let one: Vec<u8> = (0..len).map(|at| at as u8 % 50).collect();
            assert_eq!(compare(&one, &one.clone()), Ordering::Equal, "{len}");
            for first in 0..len {
                let mut other = one.clone();
                other[first] = 255;
                // What follows says the opposite.
                for later in &mut other[first + 1..] {
                    *later = 0;
                }
                assert_eq!(compare(&one, &other), Ordering::Less, "{first} of {len}");
                assert_eq!(compare(&other, &one), Ordering::Greater, "{first} of {len}");
            }
        }
    }

    #[test]
    fn bytes_need_not_lie_at_a_word() {
        let text = b"..web-7c5ddbdf54-x2x4q";
        for start in 0..8 {
            let moved = [&vec![b'#'; start], &text[..]].concat();
            assert_eq!(compare(&moved[start..], text), Ordering::Equal);
        }
    }
}
