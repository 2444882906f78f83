//! A span of time of which only the bounds are known.

use rollscope_api::SimDuration;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A span between two bounds, both included, in milliseconds. Written as one number where the
/// bounds are equal, otherwise as `[least, most]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The least, in milliseconds.
    pub min_ms: u32,
    /// The most, in milliseconds.
    pub max_ms: u32,
}

impl Range {
    /// From `min_ms` to `max_ms`.
    pub const fn new(min_ms: u32, max_ms: u32) -> Self {
        Self { min_ms, max_ms }
    }

    /// Always the same.
    pub const fn exactly(ms: u32) -> Self {
        Self::new(ms, ms)
    }

    /// The least.
    pub const fn min(self) -> SimDuration {
        SimDuration::from_millis(self.min_ms as i64)
    }

    /// The most.
    pub const fn max(self) -> SimDuration {
        SimDuration::from_millis(self.max_ms as i64)
    }
}

impl Serialize for Range {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.min_ms == self.max_ms {
            serializer.serialize_u32(self.min_ms)
        } else {
            (self.min_ms, self.max_ms).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bounds;
        impl<'de> Visitor<'de> for Bounds {
            type Value = Range;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("milliseconds, as one whole number or as [least, most]")
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Range, E> {
                let ms = u32::try_from(number)
                    .map_err(|_| E::custom(format!("{number} ms is absurdly long")))?;
                Ok(Range::exactly(ms))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Range, E> {
                let ms = u64::try_from(number)
                    .map_err(|_| E::custom(format!("{number} ms is negative")))?;
                self.visit_u64(ms)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Range, A::Error> {
                let mut bounds = [0_u32; 2];
                for bound in &mut bounds {
                    let number: i64 =
                        seq.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
                    *bound = u32::try_from(number).map_err(|_| {
                        A::Error::custom(format!("{number} is no number of milliseconds"))
                    })?;
                }
                if seq.next_element::<i64>()?.is_some() {
                    return Err(A::Error::invalid_length(3, &self));
                }
                if bounds[0] > bounds[1] {
                    let [least, most] = bounds;
                    return Err(A::Error::custom(format!(
                        "[{least}, {most}] is reversed: the least comes first"
                    )));
                }
                Ok(Range::new(bounds[0], bounds[1]))
            }
        }
        deserializer.deserialize_any(Bounds)
    }
}
