//! The replacements that take chance and clock out of an output, in the recorder's order.
//!
//! They are written out by hand, as the engine goes to the browser and a regular-expression
//! library would weigh more than all of them. Every one leaves a text that has been through it
//! as it is, so that recorded and simulated text may both be sent through.

use std::collections::BTreeMap;

use rollscope_api::Value;
use rollscope_api::order;

/// The letters and digits of generated names.
const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// Knows the names that replacements depend on: ReplicaSets, and those made by a restart.
#[derive(Clone, Debug, Default)]
pub struct Normaliser {
    /// Names whose pods are masked.
    replica_sets: Vec<String>,
    /// ReplicaSet name and what stands for it, in order of appearance.
    restarts: Vec<(String, String)>,
    /// How many restarts a Deployment has had so far, by the name before the hash.
    restart_counts: BTreeMap<String, usize>,
}

impl Normaliser {
    /// A normaliser that knows these ReplicaSet names.
    pub fn with_replica_sets<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut normaliser = Self::default();
        for name in names {
            normaliser.learn_name(name);
        }
        normaliser
    }

    /// Takes note of the ReplicaSets there are, in wire form, in order of their creation.
    pub fn learn(&mut self, replica_sets: &[Value]) {
        for replica_set in replica_sets {
            let name = replica_set["metadata"]["name"].as_str().unwrap_or_default();
            self.learn_name(name);
            let annotations = &replica_set["spec"]["template"]["metadata"]["annotations"];
            let restarted = annotations["kubectl.kubernetes.io/restartedAt"].is_string();
            if restarted && !self.restarts.iter().any(|(known, _)| known == name) {
                let owner = name.rsplit_once('-').map_or(name, |(owner, _)| owner).to_owned();
                let count = self.restart_counts.entry(owner.clone()).or_default();
                *count += 1;
                let alias = format!("{owner}-<restart{count}>");
                self.learn_name(&alias);
                self.restarts.push((name.to_owned(), alias));
            }
        }
    }

    fn learn_name(&mut self, name: &str) {
        if !name.is_empty() && !self.replica_sets.iter().any(|known| known == name) {
            self.replica_sets.push(name.to_owned());
        }
    }

    /// Rewrites the whole output of a command.
    pub fn output(&self, text: &str) -> String {
        let text = self.names(text);
        let text = text.replace("(combined from similar events): ", "");
        let text = diff_paths(&text);
        let text = addresses(&text);
        let text = ages(&text);
        let text = event_counts(&text);
        let text = times(&text);
        let text = identities(&text);
        sort_pod_rows(&text)
    }

    /// Rewrites the names of restarted ReplicaSets and of pods.
    pub fn names(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, alias) in &self.restarts {
            text = text.replace(name.as_str(), alias);
            let hash = |name: &str| name.rsplit_once('-').map(|(_, hash)| hash.to_owned());
            if let (Some(hash), Some(alias)) = (hash(name), hash(alias)) {
                text = text.replace(&hash, &alias);
            }
        }
        for name in &self.replica_sets {
            text = mask_pods_of(&text, name);
        }
        mask_generated(&text)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether five generated characters stand at `at` and no word goes on after them.
fn is_suffix(bytes: &[u8], at: usize) -> bool {
    bytes.len() >= at + 5
        && bytes[at..at + 5].iter().all(|byte| ALPHABET.contains(byte))
        && !bytes.get(at + 5).is_some_and(|&byte| is_word(byte))
}

/// `NAME-x7k2p` → `NAME-*`
fn mask_pods_of(text: &str, name: &str) -> String {
    let prefix = format!("{name}-");
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(found) = text[from..].find(&prefix) {
        let end = from + found + prefix.len();
        result.push_str(&text[from..end]);
        from = end;
        if is_suffix(text.as_bytes(), end) {
            result.push('*');
            from = end + 5;
        }
    }
    result.push_str(&text[from..]);
    result
}

/// `…-66d6dffc99-x7k2p` → `…-66d6dffc99-*`, for ReplicaSets that are no longer there.
fn mask_generated(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for at in 1..bytes.len() {
        if bytes[at] != b'-' || !is_suffix(bytes, at + 1) {
            continue;
        }
        let hash = bytes[..at].iter().rev().take_while(|byte| ALPHABET.contains(byte)).count();
        let before = at - hash;
        if (6..=10).contains(&hash) && before > 0 && bytes[before - 1] == b'-' && at + 1 > copied {
            result.push_str(&text[copied..=at]);
            result.push('*');
            copied = at + 6;
        }
    }
    result.push_str(&text[copied..]);
    result
}

/// Copies `text`, replacing what `matcher` finds. The matcher is asked at every character boundary
/// with the bytes and the position; it answers with the length found and the replacement.
fn rewrite(text: &str, matcher: impl Fn(&[u8], usize) -> Option<(usize, String)>) -> String {
    let bytes = text.as_bytes();
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        if let Some((length, replacement)) = matcher(bytes, at).filter(|&(length, _)| length > 0) {
            result.push_str(&replacement);
            at += length;
        } else {
            let next = (at + 1..=bytes.len()).find(|&end| text.is_char_boundary(end));
            let next = next.unwrap_or(bytes.len());
            result.push_str(&text[at..next]);
            at = next;
        }
    }
    result
}

fn digits(bytes: &[u8], at: usize) -> usize {
    bytes[at.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Matches a shape in which `0` stands for one digit and everything else for itself.
fn shape(bytes: &[u8], at: usize, shape: &str) -> bool {
    let shape = shape.as_bytes();
    bytes.len() >= at + shape.len()
        && shape.iter().zip(&bytes[at..]).all(|(&want, &byte)| match want {
            b'0' => byte.is_ascii_digit(),
            _ => byte == want,
        })
}

fn starts_number(bytes: &[u8], at: usize) -> bool {
    at == 0 || !is_word(bytes[at - 1])
}

/// `/tmp/LIVE-123` → `<LIVE>`, and the file times behind such names.
fn diff_paths(text: &str) -> String {
    let text = rewrite(text, |bytes, at| {
        for (prefix, replacement) in [("/tmp/LIVE-", "<LIVE>"), ("/tmp/MERGED-", "<MERGED>")] {
            if bytes[at..].starts_with(prefix.as_bytes()) {
                let number = digits(bytes, at + prefix.len());
                return (number > 0).then(|| (prefix.len() + number, replacement.to_owned()));
            }
        }
        None
    });
    // 2026-01-02 03:04:05.123456789 +0000
    rewrite(&text, |bytes, at| {
        if !shape(bytes, at, "0000-00-00 00:00:00") || !starts_number(bytes, at) {
            return None;
        }
        let mut length = 19;
        if bytes.get(at + length) == Some(&b'.') {
            length += 1 + digits(bytes, at + length + 1);
        }
        let zone = at + length;
        if shape(bytes, zone, " +0000") || shape(bytes, zone, " -0000") {
            length += 6;
        }
        Some((length, "<time>".to_owned()))
    })
}

/// Service addresses and node names.
fn addresses(text: &str) -> String {
    rewrite(text, |bytes, at| {
        if !starts_number(bytes, at) {
            return None;
        }
        if bytes[at..].starts_with(b"10.0.") {
            let third = digits(bytes, at + 5);
            let dot = at + 5 + third;
            let fourth = digits(bytes, dot + 1);
            if third > 0 && fourth > 0 && bytes.get(dot) == Some(&b'.') {
                return Some((5 + third + 1 + fourth, "<ip>".to_owned()));
            }
        }
        if bytes[at..].starts_with(b"node-") {
            let number = digits(bytes, at + 5);
            return (number > 0).then(|| (5 + number, "node-*".to_owned()));
        }
        None
    })
}

/// The length of `12s`, `3m20s` at `at`; 0 where there is none.
fn age(bytes: &[u8], at: usize) -> usize {
    let part = |at: usize| {
        let number = digits(bytes, at);
        let unit = bytes.get(at + number).is_some_and(|byte| b"smhd".contains(byte));
        if number > 0 && unit { number + 1 } else { 0 }
    };
    match part(at) {
        0 => 0,
        first => first + part(at + first),
    }
}

/// Ages that stand alone after a space or tab.
pub(crate) fn ages(text: &str) -> String {
    rewrite(text, |bytes, at| {
        if at == 0 || !matches!(bytes[at - 1], b' ' | b'\t') {
            return None;
        }
        let length = age(bytes, at);
        let ends = bytes.get(at + length).is_none_or(u8::is_ascii_whitespace);
        (length > 0 && ends).then(|| (length, "<age>".to_owned()))
    })
}

/// `(x3 over 12s)` → `(x3 over <age>)`
pub(crate) fn event_counts(text: &str) -> String {
    rewrite(text, |bytes, at| {
        if !bytes[at..].starts_with(b"(x") {
            return None;
        }
        let number = digits(bytes, at + 2);
        let over = at + 2 + number;
        if number == 0 || !bytes[over..].starts_with(b" over ") {
            return None;
        }
        let mut end = over + 6;
        end += usize::from(bytes.get(end) == Some(&b'<'));
        let word = bytes[end..].iter().take_while(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
        end += word.count();
        end += usize::from(bytes.get(end) == Some(&b'>'));
        if bytes.get(end) != Some(&b')') {
            return None;
        }
        let count = String::from_utf8_lossy(&bytes[at + 2..over]).into_owned();
        Some((end + 1 - at, format!("(x{count} over <age>)")))
    })
}

/// `Mon, 02 Jan 2006 15:04:05 +0000` and RFC 3339 → `<time>`
fn times(text: &str) -> String {
    rewrite(text, |bytes, at| {
        if !starts_number(bytes, at) {
            return None;
        }
        // The names of days and months are letters, whatever they are.
        let masked: Vec<u8> = bytes[at..bytes.len().min(at + 31)]
            .iter()
            .map(|byte| if byte.is_ascii_alphabetic() { b'a' } else { *byte })
            .collect();
        if shape(&masked, 0, "aaa, 00 aaa 0000 00:00:00 +0000")
            || shape(&masked, 0, "aaa, 00 aaa 0000 00:00:00 -0000")
        {
            return Some((31, "<time>".to_owned()));
        }
        if !shape(bytes, at, "0000-00-00T00:00:00") {
            return None;
        }
        let mut length = 19;
        if bytes.get(at + length) == Some(&b'.') {
            length += 1 + digits(bytes, at + length + 1);
        }
        let zone = at + length;
        if bytes.get(zone) == Some(&b'Z') {
            Some((length + 1, "<time>".to_owned()))
        } else if shape(bytes, zone, "+00:00") || shape(bytes, zone, "-00:00") {
            Some((length + 6, "<time>".to_owned()))
        } else {
            None
        }
    })
}

/// UIDs, and resource versions as YAML and JSON print them.
fn identities(text: &str) -> String {
    let text = rewrite(text, |bytes, at| {
        const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
        if !starts_number(bytes, at) {
            return None;
        }
        let mut end = at;
        for (index, group) in GROUPS.into_iter().enumerate() {
            if index > 0 {
                if bytes.get(end) != Some(&b'-') {
                    return None;
                }
                end += 1;
            }
            let hex = bytes.get(end..end + group)?;
            if !hex.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
                return None;
            }
            end += group;
        }
        Some((end - at, "<uid>".to_owned()))
    });
    let text = masked_number(&text, "resourceVersion: \"");
    masked_number(&text, "\"resourceVersion\": \"")
}

/// `PREFIX123"` → `PREFIX<n>"`
fn masked_number(text: &str, prefix: &str) -> String {
    rewrite(text, |bytes, at| {
        if !bytes[at..].starts_with(prefix.as_bytes()) {
            return None;
        }
        let number = digits(bytes, at + prefix.len());
        let closed = bytes.get(at + prefix.len() + number) == Some(&b'"');
        (number > 0 && closed).then(|| (prefix.len() + number, format!("{prefix}<n>")))
    })
}

/// Sorts every run of lines that name a pod.
fn sort_pod_rows(text: &str) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let names_pod = |line: &str| line.contains("-* ");
    let mut at = 0;
    while at < lines.len() {
        let run = lines[at..].iter().take_while(|line| names_pod(line)).count();
        order::sort(&mut lines[at..at + run]);
        at += run.max(1);
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let normaliser = Normaliser::with_replica_sets(["web-84c54799fc", "legacy"]);
        let once = normaliser.output(text);
        expected.assert_eq(&once);
        assert_eq!(normaliser.output(&once), once, "a second pass changes nothing");
    }

    #[test]
    fn names_of_pods() {
        check(
            "pod/web-84c54799fc-x7k2p legacy-bcdfg legacy-bcdfgh api-d7497855-zzzzz web-a1-bcdfg\n",
            expect![[r#"
                pod/web-84c54799fc-* legacy-* legacy-bcdfgh api-d7497855-* web-a1-bcdfg
            "#]],
        );
    }

    #[test]
    fn restarted_replica_sets() {
        let mut normaliser = Normaliser::default();
        let replica_set = |name: &str, restarted: bool| {
            let mut value = serde_json::json!({"metadata": {"name": name}});
            if restarted {
                value["spec"]["template"]["metadata"]["annotations"] =
                    serde_json::json!({"kubectl.kubernetes.io/restartedAt": "x"});
            }
            value
        };
        normaliser.learn(&[replica_set("web-84c54799fc", false), replica_set("web-5fb9d", true)]);
        normaliser.learn(&[replica_set("web-5fb9d", true), replica_set("web-6cc7b", true)]);
        assert_eq!(
            normaliser.output("web-5fb9d-x7k2p pod-template-hash=5fb9d web-6cc7b"),
            "web-<restart1>-* pod-template-hash=<restart1> web-<restart2>"
        );
    }

    #[test]
    fn clock_and_chance() {
        check(
            "web   3/3   12s\nweb\t2d3h\n(12s)  3m20s \n  Normal  X  4s (x3 over 2m)  f\n\
             at Mon, 02 Jan 2006 15:04:05 +0000 and 2026-01-02T03:04:05Z, 2026-01-02T03:04:05.123456Z\n\
             uid: 456b90b8-ba97-4d77-8ed0-bdc7db2a5de7\nresourceVersion: \"121\"\nresourceVersion: 121\n\
             --- /tmp/LIVE-42/web\t2026-01-02 03:04:05.1234 +0000\nclusterIP: 10.0.3.44 on node-12\n\
             (combined from similar events): Created pod\n",
            expect![[r#"
                web   3/3   <age>
                web	<age>
                (12s)  <age> 
                  Normal  X  <age> (x3 over <age>)  f
                at <time> and <time>, <time>
                uid: <uid>
                resourceVersion: "<n>"
                resourceVersion: 121
                --- <LIVE>/web	<time>
                clusterIP: <ip> on node-*
                Created pod
            "#]],
        );
    }

    #[test]
    fn rows_of_pods_are_sorted() {
        check(
            "NAME READY\nweb-84c54799fc-x7k2p   1/1\nweb-84c54799fc-zzzzz   0/1\nend\n",
            expect![[r#"
                NAME READY
                web-84c54799fc-*   0/1
                web-84c54799fc-*   1/1
                end
            "#]],
        );
    }
}
