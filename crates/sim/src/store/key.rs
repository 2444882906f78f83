//! How objects are found: by namespace and name, or by number.

use std::fmt;
use std::rc::Rc;

use rollscope_api::object::ObjectMeta;

/// Namespace and name. The namespace of cluster-scoped objects is empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// A pod's number: pods are numbered as they are created, and no number is used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodId(pub(crate) u32);

/// An Event's number, in order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub(crate) u32);

/// A uid as a number: it compares as the text does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UidNumber(u128);

impl UidNumber {
    /// No owner.
    pub(crate) const NONE: Self = Self(0);

    /// Reads the hexadecimal digits of a UUID; anything else is hashed, so that uids given in
    /// recorded objects work as well.
    pub(crate) fn of(uid: &str) -> Self {
        let mut number = 0_u128;
        let mut digits = 0;
        for byte in uid.bytes() {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                b'-' => continue,
                _ => return Self::hashed(uid),
            };
            number = number << 4 | u128::from(digit);
            digits += 1;
        }
        if digits == 32 { Self(number) } else { Self::hashed(uid) }
    }

    fn hashed(uid: &str) -> Self {
        let hash = uid.bytes().fold(0xcbf2_9ce4_8422_2325_u128, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
        Self(hash | 1)
    }
}
