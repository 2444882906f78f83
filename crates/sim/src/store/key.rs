//! How objects are found: by namespace and name, or by number.

use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use rollscope_api::object::ObjectMeta;

/// Namespace and name. The namespace of cluster-scoped objects is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The namespace, or nothing.
    pub namespace: Rc<str>,
    /// The name.
    pub name: Rc<str>,
}

impl Key {
    /// The key of an object of that namespace and name.
    pub fn new(namespace: &str, name: &str) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }

    /// The key of the object that has this metadata.
    pub fn of(metadata: &ObjectMeta) -> Self {
        Self::new(&metadata.namespace, &metadata.name)
    }
}

/// By namespace, then by name. Keys are mostly copies of others, whose texts need not be compared.
impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let by = |a: &Rc<str>, b: &Rc<str>| {
            if Rc::ptr_eq(a, b) { Ordering::Equal } else { a.cmp(b) }
        };
        by(&self.namespace, &other.namespace).then_with(|| by(&self.name, &other.name))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// A pod's number: pods are numbered as they are created, and no number is used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodId(pub(crate) u32);

impl PodId {
    /// The number itself.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// An Event's number, in order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub(crate) u32);

/// The values of lower-case hexadecimal digits; 16 for every other byte.
const DIGITS: [u8; 256] = {
    let mut digits = [16; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    digits
};

/// A uid as a number: it compares as the text does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UidNumber(u128);

impl UidNumber {
    /// No owner.
    pub(crate) const NONE: Self = Self(0);

    /// Reads the hexadecimal digits of a UUID; anything else is hashed, so that uids given in
    /// recorded objects work as well.
    pub(crate) fn of(uid: &str) -> Self {
        Self::read(uid.as_bytes()).unwrap_or_else(|| Self::hashed(uid))
    }

    fn read(uid: &[u8]) -> Option<Self> {
        let uid: &[u8; 36] = uid.try_into().ok()?;
        let dashes = [8, 13, 18, 23].iter().all(|at| uid[*at] == b'-');
        let mut seen = 0;
        let mut digits = |from: usize, to: usize| {
            uid[from..to].iter().fold(0_u64, |number, byte| {
                let digit = DIGITS[usize::from(*byte)];
                seen |= digit;
                number << 4 | u64::from(digit)
            })
        };
        let high = digits(0, 8) << 32 | digits(9, 13) << 16 | digits(14, 18);
        let low = digits(19, 23) << 48 | digits(24, 36);
        (dashes && seen < 16).then(|| Self(u128::from(high) << 64 | u128::from(low)))
    }

    fn hashed(uid: &str) -> Self {
        let hash = uid.bytes().fold(0xcbf2_9ce4_8422_2325_u128, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
        Self(hash | 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_compare_as_their_texts_do() {
        let a = "0b9cd791-3507-4427-a919-fba1eab63199";
        let b = "b9cd9791-3507-4427-a919-fba1eab63199";
        assert_eq!(UidNumber::of(a).0, 0x0b9c_d791_3507_4427_a919_fba1_eab6_3199);
        assert!(UidNumber::of(a) < UidNumber::of(b));
        // Whatever is no UUID is told apart from others, and from no owner.
        let strange = ["", "x", "B9CD9791-3507-4427-a919-fba1eab63199", "내앱"];
        for (index, one) in strange.iter().enumerate() {
            assert_ne!(UidNumber::of(one), UidNumber::NONE);
            assert!(
                strange[..index].iter().all(|other| UidNumber::of(other) != UidNumber::of(one))
            );
        }
    }
}
