use std::fmt::Write as _;

use expect_test::{Expect, expect};
use rollscope_api::SimDuration;

use super::link::pack;
use super::*;
use crate::Timeline;
use crate::script::{Script, View};
use crate::trace::script_trace;

const SCRIPT: &str = include_str!("../../../../tests/scripts/rollout-and-undo.yaml");

fn link() -> Link {
    let script = Script::from_yaml(SCRIPT).unwrap();
    Link { script, moment: SimDuration::from_millis(12_345), playing: true }
}

/// What opening a fragment says.
fn check(fragment: &str, expected: Expect) {
    expected.assert_eq(&match from_fragment(fragment) {
        Ok(opened) => format!("opened at {:?}", opened.link.moment.as_millis()),
        Err(error) => error.to_string(),
    });
}

fn check_json(json: &str, expected: Expect) {
    check(&pack(json.as_bytes()), expected);
}

#[test]
fn a_link_opens_as_it_was_sent() {
    let link = link();
    let fragment = to_fragment(&link).unwrap();
    assert!(fragment.len() < 2_000, "{} characters", fragment.len());
    assert!(fragment.chars().all(|c| c.is_ascii_alphanumeric() || "-_.=".contains(c)));
    for way in [fragment.clone(), format!("#{fragment}"), format!("#embed&{fragment}&x=1 ")] {
        assert!(has_link(&way));
        let opened = from_fragment(&way).unwrap();
        assert_eq!(opened.link, link);
        assert!(!opened.is_of_another_engine());
        assert_eq!(script_trace(&opened.link.script, None), script_trace(&link.script, None));
    }
}

#[test]
fn a_file_opens_as_it_was_saved() {
    let script = link().script;
    let view = Some(View { at: SimDuration::from_millis(12_500), playing: false });
    let file = export(&script, view);
    assert!(file.contains("\nview:\n  at: 12.5s\n  playing: false\n"), "{file}");
    assert_eq!(import(file.as_bytes()).unwrap(), (script.clone(), view));
    // Running it takes no notice.
    assert_eq!(Script::from_yaml(&file).unwrap(), script);
    let plain = export(&script, None);
    assert_eq!(import(plain.as_bytes()).unwrap(), (script.clone(), None));
    let windows = format!("\u{feff}{}", file.replace('\n', "\r\n"));
    assert_eq!(import(windows.as_bytes()).unwrap().0.inputs, script.inputs);
}

#[test]
fn wrong_links_say_what_is_wrong() {
    let fragment = to_fragment(&link()).unwrap();
    check("", expect!["this address holds no session"]);
    check("#lesson=first", expect!["this address holds no session"]);
    check("#s=", expect!["the end of the link is missing: copy it again as a whole"]);
    check("#s=1.", expect!["the end of the link is missing: copy it again as a whole"]);
    check("#s=1.AAAA", expect!["the end of the link is missing: copy it again as a whole"]);
    check(
        "#s=2.whatever",
        expect![
            "the link is of format 2, and this page reads format 1: it was made by a newer version"
        ],
    );
    check(
        "#s=x.whatever",
        expect!["the link is damaged: some of its letters are not as they were written"],
    );
    check(
        &fragment[..fragment.len() / 2],
        expect!["the end of the link is missing: copy it again as a whole"],
    );
    check(
        &fragment[..fragment.len() - 1],
        expect!["the end of the link is missing: copy it again as a whole"],
    );
    check(
        &fragment.replace(".", ".\u{e4}"),
        expect!["the link is damaged: some of its letters are not as they were written"],
    );
    let at = fragment.len() / 2;
    let other = if fragment.as_bytes()[at] == b'A' { "B" } else { "A" };
    check(
        &format!("{}{other}{}", &fragment[..at], &fragment[at + 1..]),
        expect!["the link is damaged: some of its letters are not as they were written"],
    );
    check(
        &"s=1.".repeat(200_000),
        expect!["the link is 800000 characters long: at most 400000 are read"],
    );
}

#[test]
fn hostile_links_are_refused() {
    let script = |rest: &str| format!(r#"{{"engine":"9.9","script":{{"rollscope":1{rest}}}}}"#);
    check_json(&script(""), expect!["opened at 0"]);
    check_json(
        &" ".repeat(50_000_000),
        expect!["the link unpacks to more than 2001000 bytes, which no session needs"],
    );
    check_json(
        &"[".repeat(1_000_000),
        expect!["the script in the link cannot be run: recursion limit exceeded"],
    );
    check_json("{}", expect!["the script in the link cannot be run: missing field `script`"]);
    check_json("\u{0}", expect!["the script in the link cannot be run: expected value"]);
    check_json(&script(r#","rollscope":1"#), expect!["opened at 0"]);
    check_json(
        r#"{"script":{"rollscope":2,"seed":1}}"#,
        expect![
            "the script in the link cannot be run: the script is of version 2, this program reads version 1"
        ],
    );
    check_json(
        &script(r#","world":{"nodes":4000000000}"#),
        expect![
            "the script in the link cannot be run: world.nodes: 4000000000 nodes are more than 5000"
        ],
    );
    check_json(
        &script(r#","start":"9999-01-01T00:00:00Z""#),
        expect![
            "the script in the link cannot be run: start: 9999-01-01T00:00:00Z is not between 1970 and 9000"
        ],
    );
    check_json(
        &script(r#","start":"2026-01-01T00:00:00+99999999999999999:00""#),
        expect![[
            r#"the script in the link cannot be run: script.start: "2026-01-01T00:00:00+99999999999999999:00" is not an RFC 3339 time"#
        ]],
    );
    check_json(
        &script(r#","inputs":[{"at":"2562047788h","command":"get pods"}]"#),
        expect![
            "the script in the link cannot be run: inputs: 2562047788h is too long: at most 168h"
        ],
    );
    let one = r#"{"at":"0","command":"get pods"},"#;
    let many = one.repeat(10_001);
    check_json(
        &script(&format!(r#","inputs":[{}]"#, many.trim_end_matches(','))),
        expect![
            "the script in the link cannot be run: inputs: 10001 are given, at most 10000 are read"
        ],
    );
    check_json(
        r#"{"at":"2562047788h","play":true,"script":{"rollscope":1}}"#,
        expect!["opened at 691200000"],
    );
}

#[test]
fn wrong_files_say_what_is_wrong() {
    let check = |bytes: &[u8], expected: Expect| {
        expected.assert_eq(&import(bytes).map_or_else(|e| e.to_string(), |_| "read".to_owned()));
    };
    check(
        b"",
        expect!["this is not a script: it has no `rollscope: 1`, which names the format's version"],
    );
    check(b"\xff\xfe", expect!["the file is not a text in UTF-8"]);
    check(
        &vec![b' '; 3_000_000],
        expect!["the file is 3000000 bytes long: at most 2000000 are read"],
    );
    check(&vec![b'['; 1_000_000], expect!["line 1: exceeded max depth of 128"]);
    check(
        b"rollscope: 1\nseed: many\n",
        expect![[r#"line 2: seed: invalid type: string "many", expected u64"#]],
    );
    check("- ".repeat(500_000).as_bytes(), expect!["line 1: exceeded max depth of 128"]);
    check("? ".repeat(500_000).as_bytes(), expect!["line 1: exceeded max depth of 128"]);
    check("{a: ".repeat(200_000).as_bytes(), expect!["line 1: exceeded max depth of 128"]);
    check(
        format!("rollscope: 1{}", "\n---\n".repeat(200_000)).as_bytes(),
        expect!["deserializing from YAML containing more than one document is not supported"],
    );
    // A few lines that would stand for gigabytes.
    let mut bomb = format!("rollscope: 1\nfiles:\n  a: &a {}\ninputs:\n", "x".repeat(1_000_000));
    for _ in 0..9_000 {
        bomb.push_str("- {at: 0s, edit: {file: a, text: *a}}\n");
    }
    check(
        bomb.as_bytes(),
        expect!["line 5: aliases (*name) are not read in scripts: write the value out"],
    );
    let mut laughs = "rollscope: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (name, before) in ('b'..='z').zip('a'..) {
        let _ = writeln!(laughs, "{name}: &{name} {:?}", vec![format!("*{before}"); 10]);
    }
    check(
        laughs.replace('"', "").as_bytes(),
        expect!["line 2: aliases (*name) are not read in scripts: write the value out"],
    );
}

/// A small generator of the test's own.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

/// Flips, cuts, repeats, swaps and rubbish, in the letters or, with a right checksum, in the
/// JSON behind them: what the second kind makes is read further.
fn mutated(dice: &mut Dice, fragment: &str, json: &str) -> String {
    if dice.below(3) == 0 {
        let mut bytes = json.as_bytes().to_vec();
        mutate(dice, &mut bytes);
        return pack(&bytes);
    }
    let mut bytes = fragment.as_bytes().to_vec();
    mutate(dice, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn mutate(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            return;
        }
        let (at, to) = (dice.below(bytes.len()), dice.below(bytes.len() + 1));
        match dice.below(8) {
            0 | 1 => bytes[at] ^= 1 << dice.below(8),
            2 => bytes[at] = b"0123456789AZaz-_{}[]\",:"[dice.below(23)],
            3 => bytes.truncate(to),
            4 => drop(bytes.drain(at.min(to)..at.max(to))),
            5 => {
                let part = bytes[at.min(to)..at.max(to)].to_vec();
                let times = if dice.below(400) == 0 { 1_000 } else { 1 + dice.below(3) };
                bytes.splice(at..at, part.repeat(times));
                bytes.truncate(3_000_000);
            }
            6 => {
                let to = to.min(bytes.len() - 1);
                bytes.swap(at, to);
            }
            _ => {
                let rubbish: Vec<u8> =
                    (0..dice.below(200)).map(|_| dice.below(256) as u8).collect();
                bytes.splice(at..at, rubbish);
            }
        }
    }
}

#[test]
fn ten_thousand_mutated_links_are_opened_or_refused() {
    let link = link();
    let fragment = to_fragment(&link).unwrap();
    let json = format!(
        r#"{{"engine":"{ENGINE}","at":"12.345s","play":true,"script":{}}}"#,
        link.script.to_json()
    );
    assert_eq!(from_fragment(&pack(json.as_bytes())).unwrap().link, link);
    let mut dice = Dice(1);
    let (mut opened, mut refused) = (0, std::collections::BTreeMap::<String, usize>::new());
    for _ in 0..10_000 {
        match from_fragment(&mutated(&mut dice, &fragment, &json)) {
            Ok(found) => {
                opened += 1;
                // What is opened can be shown: some of it is tried, with little to compute.
                if opened % 50 == 0 {
                    let mut timeline = Timeline::new(found.link.script);
                    timeline.advance(200);
                }
            }
            Err(error) => {
                let kind = format!("{error:?}");
                let kind = kind.split([' ', '(']).next().unwrap_or_default().to_owned();
                *refused.entry(kind).or_default() += 1;
                assert!(error.to_string().len() < 1_000, "{error}");
            }
        }
    }
    // The test sees both kinds, and every way to fail.
    assert!(opened > 100, "{opened}");
    assert!(refused.len() >= 5, "{refused:?}");
}
