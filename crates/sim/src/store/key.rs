//! How objects are found: by namespace and name, or by number.

use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use rollscope_api::object::{ObjectMeta, Uid};

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
        Self { namespace: metadata.namespace.clone(), name: metadata.name.clone() }
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

/// A uid as a number: it compares as the text does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UidNumber(u128);

impl UidNumber {
    /// No owner.
    pub(crate) const NONE: Self = Self(0);

    /// The number that a UUID is; anything else is hashed, so that uids given in recorded objects
    /// work as well.
    pub(crate) fn of(uid: &Uid) -> Self {
        match uid {
            Uid::Uuid(high, low) => Self(u128::from(*high) << 64 | u128::from(*low)),
            Uid::None => Self::hashed(""),
            Uid::Other(text) => Self::hashed(text),
        }
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
    fn numbers_compare_as_uids_do() {
        let number = |text: &str| UidNumber::of(&text.into());
        let a = "0b9cd791-3507-4427-a919-fba1eab63199";
        assert_eq!(number(a).0, 0x0b9c_d791_3507_4427_a919_fba1_eab6_3199);
        assert!(number(a) < number("b9cd9791-3507-4427-a919-fba1eab63199"));
        // Whatever is no UUID is told apart from others, and from no owner.
        let strange = ["", "x", "B9CD9791-3507-4427-a919-fba1eab63199", "내앱"];
        for (index, one) in strange.iter().enumerate() {
            assert_ne!(number(one), UidNumber::NONE);
            assert!(strange[..index].iter().all(|other| number(other) != number(one)));
        }
    }
}
