use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use rollscope_api::SimDuration;
use rollscope_api::order;

use super::*;
use crate::input::Input;
use crate::measure::manifest;
use crate::runs::Runs;
use crate::script::Script;

const ROOM: usize = 1_000_000;

fn record() -> Record {
    let mut script = Script::default();
    script.files.insert("web.yaml".to_owned(), manifest(2, "1.0"));
    let mut runs = Runs::new(script);
    let start = runs.timeline().start();
    let command = |line: &str| Input::Command { line: line.to_owned() };
    runs.act(start, Input::Apply { file: "web.yaml".to_owned() }).unwrap();
    let image = |tag: &str| command(&format!("set image deployment/web web=web:{tag}"));
    runs.act(start + SimDuration::from_secs(30), image("2.0")).unwrap();
    runs.act(start + SimDuration::from_secs(20), image("3.0")).unwrap();
    runs.act(start + SimDuration::from_secs(10), image("4.0")).unwrap();
    Record {
        runs: runs.save(),
        moment: SimDuration::from_secs(12),
        playing: true,
        texts: [("web.yaml".to_owned(), "half a man\nifest \u{1f680} 한".to_owned())].into(),
        preferences: r#"{"theme":"dark"}"#.to_owned(),
    }
}

fn identity(session: &str, writer: &str) -> Identity {
    Identity { session: session.to_owned(), writer: writer.to_owned(), based_on: None }
}

fn text() -> String {
    write(&record(), &identity("s1", "w1"), 1_000, ROOM).text
}

fn describe(text: &str) -> String {
    match read(text) {
        Err(error) => format!("error: {error}\n"),
        Ok(loaded) => {
            let runs = loaded.runs.as_ref().map_or_else(Vec::new, |runs| {
                runs.save().iter().map(|run| (run.id.0, run.script.inputs.len())).collect()
            });
            format!(
                "{} {} {:?} {:?} {} runs={runs:?}\n{}",
                loaded.header.session,
                loaded.header.revision,
                loaded.moment.as_millis(),
                loaded.texts.get("web.yaml"),
                loaded.preferences,
                loaded.problems.iter().map(|line| format!("! {line}\n")).collect::<String>(),
            )
        }
    }
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&describe(text));
}

#[test]
fn what_is_saved_is_what_is_loaded() {
    let text = text();
    check(
        &text,
        expect![[r#"
        s1 1 12000 Some("half a man\nifest 🚀 한") {"theme":"dark"} runs=[(3, 2), (1, 2), (2, 2)]
    "#]],
    );
    let loaded = read(&text).unwrap();
    let saved = record().runs;
    assert_eq!(loaded.runs.unwrap().save(), saved);
}

#[test]
fn of_a_damaged_record_the_rest_is_saved() {
    let text = text();
    let lines: Vec<&str> = text.lines().collect();
    // The last run is cut, the current run is cut, a letter of the text is another.
    check(
        &text[..text.len() - 100],
        expect![[r#"
        s1 1 12000 Some("half a man\nifest 🚀 한") {"theme":"dark"} runs=[(3, 2), (2, 2)]
        ! a run could not be read: EOF while parsing a list
        ! the end is missing
    "#]],
    );
    check(
        &lines[..4].join("\n"),
        expect![[r#"
        s1 1 12000 Some("half a man\nifest 🚀 한") {"theme":"dark"} runs=[]
        ! the end is missing
        ! no run could be read
    "#]],
    );
    check(
        &text.replacen("half", "hall", 1),
        expect![[r#"
        s1 1 12000 Some("hall a man\nifest 🚀 한") {"theme":"dark"} runs=[(3, 2), (1, 2), (2, 2)]
        ! the editor's texts may be damaged
    "#]],
    );
    check(
        &text.replacen("texts", "thing", 1),
        expect![[r#"
        s1 1 12000 None {"theme":"dark"} runs=[(3, 2), (1, 2), (2, 2)]
        ! a part is not known
    "#]],
    );
    check(
        &text.replacen("\"script\":{", "\"script\":[", 1),
        expect![[r#"
            s1 1 12000 Some("half a man\nifest 🚀 한") {"theme":"dark"} runs=[(2, 2), (1, 2)]
            ! a run could not be read: expected `,` or `]`
        "#]],
    );
    check(
        &text.replacen("autosave 1", "autosave 2", 1),
        expect![[r#"
        error: a newer version of this page saved the session (format 2; this one reads 1)
    "#]],
    );
    check(
        "",
        expect![[r#"
        error: what was saved cannot be read
    "#]],
    );
    check(
        "{\"json\": true}",
        expect![[r#"
        error: what was saved cannot be read
    "#]],
    );
}

#[test]
fn any_cut_and_any_flip_is_survived() {
    let text = text();
    for cut in (0..text.len()).step_by(37).filter(|&at| text.is_char_boundary(at)) {
        describe(&text[..cut]);
    }
    for at in (0..text.len()).step_by(29) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1 << (at % 8);
        let found = describe(&String::from_utf8_lossy(&bytes));
        // Whatever is flipped behind the header, no other part is lost with it.
        if at > lines_start(&text, 3) {
            assert!(found.contains("half a man"), "{at}: {found}");
        }
    }
}

fn lines_start(text: &str, line: usize) -> usize {
    text.lines().take(line).map(|line| line.len() + 1).sum()
}

#[test]
fn old_runs_give_way_where_there_is_little_room() {
    let (record, identity) = (record(), identity("s1", "w1"));
    let whole = write(&record, &identity, 1, ROOM);
    assert_eq!(whole.left_out, 0);
    let less = write(&record, &identity, 1, whole.text.len() - 10);
    assert_eq!(less.left_out, 1);
    check(
        &less.text,
        expect![[r#"
        s1 1 12000 Some("half a man\nifest 🚀 한") {"theme":"dark"} runs=[(3, 2), (2, 2)]
    "#]],
    );
    assert_eq!(write(&record, &identity, 1, 0).left_out, 2);
}

/// A browser's storage, and tabs that follow the rules.
#[derive(Default)]
struct Storage(BTreeMap<String, String>);

struct Tab {
    identity: Identity,
    text: String,
    ids: u32,
}

impl Tab {
    fn open(storage: &Storage, writer: &str, remembered: Option<&str>) -> Self {
        let mut index = Index::parse(storage.0.get(INDEX_KEY).map(String::as_str));
        index.retain(storage.0.keys().map(String::as_str));
        for session in index.missing(storage.0.keys().map(String::as_str)) {
            let text = &storage.0[&key_of(&session)];
            if let Ok(header) = Header::parse(text) {
                index.add(Entry::of(&header, text.len(), ""));
            }
        }
        let mut identity = identity(&format!("new-{writer}"), writer);
        let mut text = String::new();
        let chosen = choose(&index, remembered);
        if let Choice::Continue(session) | Choice::Copy(session) = &chosen {
            let loaded = read(&storage.0[&key_of(session)]).unwrap();
            text = loaded.texts["web.yaml"].clone();
            if let Choice::Continue(session) = &chosen {
                identity.session = session.clone();
                identity.based_on = Some(loaded.header);
            }
        }
        Self { identity, text, ids: 0 }
    }

    fn save(&mut self, storage: &mut Storage, at_ms: u64) {
        let stored = |session: &str| storage.0.get(&key_of(session)).map(String::as_str);
        if !may_write(&self.identity, stored(&self.identity.session)) {
            self.ids += 1;
            self.identity.session = format!("{}-{}", self.identity.writer, self.ids);
            self.identity.based_on = None;
        }
        let mut record = record();
        record.texts = [("web.yaml".to_owned(), self.text.clone())].into();
        let written = write(&record, &self.identity, at_ms, ROOM);
        let key = key_of(&self.identity.session);
        let entry = Entry::of(&written.header, written.text.len(), "web");
        storage.0.insert(key, written.text);
        self.identity.based_on = Some(written.header);
        let mut index = Index::parse(storage.0.get(INDEX_KEY).map(String::as_str));
        index.add(entry);
        for key in index.prune(&self.identity.session) {
            storage.0.remove(&key);
        }
        storage.0.insert(INDEX_KEY.to_owned(), index.to_text());
    }
}

fn texts(storage: &Storage) -> Vec<String> {
    let records = storage.0.iter().filter(|(key, _)| key.starts_with(KEY_PREFIX));
    let mut texts: Vec<String> =
        records.map(|(_, text)| read(text).unwrap().texts["web.yaml"].clone()).collect();
    order::sort(&mut texts);
    texts
}

#[test]
fn a_reload_goes_on_and_a_new_tab_gets_a_copy() {
    let mut storage = Storage::default();
    let mut one = Tab::open(&storage, "w1", None);
    one.text = "one".to_owned();
    one.save(&mut storage, 1);
    let session = one.identity.session.clone();
    // Loaded again, or its process killed: the tab remembers its session.
    let mut again = Tab::open(&storage, "w2", Some(&session));
    assert_eq!((again.text.as_str(), &again.identity.session), ("one", &session));
    again.text = "one again".to_owned();
    again.save(&mut storage, 2);
    assert_eq!(texts(&storage), ["one again"]);
    // A new tab begins with the same and writes elsewhere.
    let mut other = Tab::open(&storage, "w3", None);
    assert_eq!(other.text, "one again");
    other.text = "other".to_owned();
    other.save(&mut storage, 3);
    again.text = "one once more".to_owned();
    again.save(&mut storage, 4);
    assert_eq!(texts(&storage), ["one once more", "other"]);
}

#[test]
fn two_tabs_never_write_the_same_record() {
    let mut storage = Storage::default();
    let mut first = Tab::open(&storage, "w1", None);
    first.text = "first".to_owned();
    first.save(&mut storage, 1);
    // A duplicated tab remembers the same session.
    let session = first.identity.session.clone();
    let mut twin = Tab::open(&storage, "w2", Some(&session));
    twin.text = "twin".to_owned();
    twin.save(&mut storage, 2);
    first.text = "first again".to_owned();
    first.save(&mut storage, 3);
    twin.text = "twin again".to_owned();
    twin.save(&mut storage, 4);
    first.save(&mut storage, 5);
    assert_eq!(texts(&storage), ["first again", "twin again"]);
    // The index was lost, or overwritten by another tab: the records are found again.
    storage.0.remove(INDEX_KEY);
    assert_eq!(Tab::open(&storage, "w3", None).text, "first again");
}

#[test]
fn old_records_go_but_not_ones_own() {
    let mut storage = Storage::default();
    let mut oldest = Tab::open(&storage, "w0", None);
    oldest.save(&mut storage, 0);
    for number in 1..20 {
        Tab::open(&storage, &format!("w{number}"), None).save(&mut storage, number);
    }
    assert_eq!(texts(&storage).len(), RECORDS_MAX);
    oldest.text = "still here".to_owned();
    oldest.save(&mut storage, 100);
    assert_eq!(texts(&storage).len(), RECORDS_MAX);
    assert!(texts(&storage).contains(&"still here".to_owned()));
    let mut index = Index::parse(storage.0.get(INDEX_KEY).map(String::as_str));
    let own = oldest.identity.session.clone();
    while index.give_up_oldest(&own).is_some() {}
    assert_eq!(index.entries().len(), 1);
    for rubbish in
        ["", "{}", "[1]", "[{\"session\":\"../x\",\"revision\":1,\"saved_at_ms\":1,\"bytes\":1}]"]
    {
        assert_eq!(Index::parse(Some(rubbish)), Index::default());
    }
}
