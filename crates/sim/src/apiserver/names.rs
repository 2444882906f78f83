//! Names the server completes. Models `apiserver/pkg/storage/names/generate.go`.

use std::rc::Rc;

use crate::kernel::Draw;
use crate::words::drafted;

/// Consonants and digits that cannot be confused or form words.
const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
const RANDOM_LENGTH: usize = 5;
const MAX_GENERATED_LENGTH: usize = 63;

/// `base` and five random characters, at most 63 characters in all.
pub(crate) fn generate(base: &str, draw: &mut Draw) -> Rc<str> {
    let base = base.get(..MAX_GENERATED_LENGTH - RANDOM_LENGTH).unwrap_or(base);
    drafted(|name| {
        name.push_str(base);
        for _ in 0..RANDOM_LENGTH {
            name.push(char::from(ALPHABET[draw.below(ALPHABET.len() as u64) as usize]));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Random;

    #[test]
    fn long_bases_are_cut() {
        let mut draw = Random::new(1).draw("name", "");
        assert_eq!(generate("web-84c54799fc-", &mut draw).len(), 20);
        assert_eq!(generate(&"a".repeat(80), &mut draw).len(), 63);
    }
}
