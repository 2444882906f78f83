//! Unique identifiers. Every object has one and hardly any is ever printed, so that they are kept
//! as numbers and written out when somebody asks.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A unique identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Uid {
    /// The empty text, before there is one.
    #[default]
    None,
    /// The two halves of a UUID, written in lower case.
    Uuid(u64, u64),
    /// Any other text: recorded objects have what they have.
    Other(Rc<str>),
}

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

impl Uid {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    fn uuid(text: &str) -> Option<Self> {
        let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
        let dashes = [8, 13, 18, 23].iter().all(|at| text[*at] == b'-');
        let mut seen = 0;
        let mut digits = |from: usize, to: usize| {
            text[from..to].iter().fold(0_u64, |number, byte| {
                let digit = DIGITS[usize::from(*byte)];
                seen |= digit;
                number << 4 | u64::from(digit)
            })
        };
        let high = digits(0, 8) << 32 | digits(9, 13) << 16 | digits(14, 18);
        let low = digits(19, 23) << 48 | digits(24, 36);
        (dashes && seen < 16).then_some(Self::Uuid(high, low))
    }
}

impl From<&str> for Uid {
    fn from(text: &str) -> Self {
        match text {
            "" => Self::None,
            text => Self::uuid(text).unwrap_or_else(|| Self::Other(text.into())),
        }
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Uuid(high, low) => write!(
                f,
                "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                high >> 32,
                high >> 16 & 0xffff,
                high & 0xffff,
                low >> 48,
                low & 0xffff_ffff_ffff
            ),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// As the texts are ordered.
impl Ord for Uid {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Uuid(a, b), Self::Uuid(c, d)) => (a, b).cmp(&(c, d)),
            _ => self.to_string().cmp(&other.to_string()),
        }
    }
}

impl PartialOrd for Uid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Uid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Uid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Cow::<str>::deserialize(deserializer)?.as_ref().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_are_written_as_they_were_read_and_ordered_as_their_texts() {
        let texts = [
            "",
            "0b9cd791-3507-4427-a919-fba1eab63199",
            "0b9cd791-3507-4427-a919-fba1eab6319A",
            "0b9cd791-3507-4427-a919-fba1eab6319a",
            "0b9cd791+3507-4427-a919-fba1eab63199",
            "00000000-0000-0000-0000-000000000001",
            "B9CD9791-3507-4427-a919-fba1eab63199",
            "x",
            "내앱",
        ];
        for one in texts {
            let uid = Uid::from(one);
            assert_eq!(uid.to_string(), one);
            assert_eq!(serde_json::to_value(&uid).unwrap(), one);
            assert_eq!(serde_json::from_value::<Uid>(one.into()).unwrap(), uid);
            for other in texts {
                assert_eq!(uid.cmp(&Uid::from(other)), one.cmp(other), "{one} {other}");
            }
        }
        let numbers = Uid::Uuid(0x0b9c_d791_3507_4427, 0xa919_fba1_eab6_3199);
        assert_eq!(Uid::from(texts[1]), numbers);
    }
}
