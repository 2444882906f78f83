//! Chance, keyed by purpose and object.
//!
//! There is no global stream of random numbers: what is drawn for one pod's image pull depends on
//! the seed, the purpose and the pod alone. Two runs that differ in one action therefore differ
//! only in what depends on that action.

use rollscope_api::SimDuration;

/// The source of all chance: a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Random {
    seed: u64,
}

impl Random {
    /// Chance that follows from `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The stream for one purpose and one object, for instance `("pull", pod name)`.
    pub fn draw(&self, purpose: &str, object: &str) -> Draw {
        let mut state = mix(self.seed ^ 0x9e37_79b9_7f4a_7c15);
        for byte in purpose.bytes().chain([0xff]).chain(object.bytes()) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Draw { state: mix(state) }
    }

    /// The stream for one purpose and the `number`-th of its objects.
    pub fn draw_nth(&self, purpose: &str, number: u64) -> Draw {
        self.draw(purpose, "").nth(number)
    }
}

/// A stream of random numbers. Models no upstream file: Go's chance is not seeded.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    state: u64,
}

impl Draw {
    /// The stream for the `number`-th of the objects that this stream is for.
    pub fn nth(mut self, number: u64) -> Self {
        self.state = mix(self.state ^ mix(number));
        self
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number from 0 up to but not including `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.next_u64()) * u128::from(end);
        (wide >> 64) as u64
    }

    /// A span from `low` up to and including `high`.
    pub fn duration(&mut self, low: SimDuration, high: SimDuration) -> SimDuration {
        let width = (high.as_micros() - low.as_micros()).max(0) as u64;
        low + SimDuration::from_micros(self.below(width.saturating_add(1)) as i64)
    }
}

/// The finaliser of SplitMix64: spreads every input bit over all output bits.
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_keyed() {
        let random = Random::new(1);
        let first = |purpose, object| random.draw(purpose, object).next_u64();
        assert_eq!(first("pull", "a"), first("pull", "a"));
        assert_ne!(first("pull", "a"), first("pull", "b"));
        assert_ne!(first("pull", "a"), first("start", "a"));
        assert_ne!(first("pull", "a"), Random::new(2).draw("pull", "a").next_u64());
    }

    #[test]
    fn durations_stay_in_their_range() {
        let (low, high) = (SimDuration::from_millis(5), SimDuration::from_millis(9));
        let mut draw = Random::new(7).draw("latency", "");
        for _ in 0..1_000 {
            let span = draw.duration(low, high);
            assert!(low <= span && span <= high);
        }
        assert_eq!(draw.duration(low, low), low);
    }
}
