//! The hash that `--append-hash` puts behind the name of a config map or secret, so that another
//! content is another name. Models `kubectl/pkg/util/hash/hash.go`.

use rollscope_api::{Value, gojson};
use serde_json::{Map, json};

/// Ten letters and digits that follow from the object's name and content.
pub(crate) fn content_hash(object: &Value) -> String {
    let mut content = Map::new();
    for key in ["kind", "data"] {
        content.insert(key.into(), object[key].clone());
    }
    content.insert("name".into(), object["metadata"]["name"].clone());
    if content["data"].is_null() {
        content.insert("data".into(), json!({}));
    }
    if object["kind"] == "Secret" {
        content.insert("type".into(), object["type"].as_str().unwrap_or_default().into());
    }
    let digest = sha256(gojson::to_string(&Value::Object(content)).as_bytes());
    let hex: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    // Digits and vowels that could form words give way.
    let safe = |c: char| match c {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        c => c,
    };
    hex.chars().map(safe).collect()
}

/// FIPS 180-4.
fn sha256(message: &[u8]) -> [u8; 32] {
    let (constants, mut state) = (constants(), roots::<8>(2, 0x1_0000_0000));
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks_exact(64) {
        let mut words = [0_u32; 64];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        for at in 16..64 {
            let (a, b) = (words[at - 15], words[at - 2]);
            let a = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let b = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            words[at] = words[at - 16].wrapping_add(a).wrapping_add(words[at - 7]).wrapping_add(b);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (word, constant) in words.iter().zip(constants) {
            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let choice = (e & f) ^ (!e & g);
            let t1 =
                h.wrapping_add(s1).wrapping_add(choice).wrapping_add(constant).wrapping_add(*word);
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let t2 = s0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(t1), c, b, a, t1.wrapping_add(t2));
        }
        for (part, new) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *part = part.wrapping_add(new);
        }
    }
    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

/// The first bits of the fractions of the first 64 primes' cube roots.
fn constants() -> [u32; 64] {
    roots::<64>(3, 0x1_0000_0000)
}

/// The fractions of the first primes' roots of a degree, in units of `1 / scale`.
fn roots<const N: usize>(degree: u32, scale: u128) -> [u32; N] {
    let mut roots = [0; N];
    let is_prime = |n: &u128| (2..*n).all(|divisor| !n.is_multiple_of(divisor));
    for (root, prime) in roots.iter_mut().zip((2_u128..).filter(is_prime)) {
        // The greatest whole number whose power is at most the prime's, scaled.
        let power = prime * scale.pow(degree);
        let (mut low, mut high) = (0_u128, 32 * scale);
        while low + 1 < high {
            let middle = (low + high) / 2;
            if middle.pow(degree) <= power { low = middle } else { high = middle }
        }
        *root = (low % scale) as u32;
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::{content_hash, sha256};
    use serde_json::json;

    #[test]
    fn digests() {
        let check = |text: &str, expected: &str| {
            let hex: String =
                sha256(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, expected);
        };
        check("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        check("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        check(&"a".repeat(200), "c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5");
    }

    #[test]
    fn names_as_kubectl_makes_them() {
        let map = json!({"kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a": "b"}});
        assert_eq!(content_hash(&map), "64686gkt6c");
        let empty = json!({"kind": "ConfigMap", "metadata": {"name": "x"}});
        assert_eq!(content_hash(&empty), "62ctbmbfd2");
        let secret = json!({"kind": "Secret", "metadata": {"name": "x"}, "data": {"a": "Yg=="}});
        assert_eq!(content_hash(&secret), "k694gm4m9h");
    }
}
