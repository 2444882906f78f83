//! The page as its users meet it: by the roles and names of its controls, and by nothing else.

#![allow(dead_code, reason = "each test file uses a part of this")]

pub mod frames;

use std::ops::Deref;

use rollscope_browser_tests::{Browser, keys};
use serde_json::json;

/// The course's first manifest.
pub const MY_APP_1: &str = include_str!("../../../../crates/playground/examples/my-app-1.yaml");
/// The course's second manifest.
pub const MY_APP_2: &str = include_str!("../../../../crates/playground/examples/my-app-2.yaml");
/// The ReplicaSet of the first manifest, as a real cluster names it.
pub const SET_1: &str = "my-app-66d6dffc99";
/// The ReplicaSet of the second manifest.
pub const SET_2: &str = "my-app-5556894bd8";

/// A browser with the page in it.
pub struct Page(Browser);

impl Deref for Page {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.0
    }
}

/// One pod on the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pod {
    pub name: String,
    pub state: String,
    pub revision: String,
    pub label: String,
}

impl Page {
    pub fn open() -> Self {
        Self::of(Browser::open())
    }

    pub fn of(browser: Browser) -> Self {
        let page = Self(browser);
        page.role("textbox", "Manifest");
        page
    }

    /// Chooses a speed by its number. The choice itself is clicked: letters typed to a busy page come
    /// too far apart to be read as one label.
    pub fn speed(&self, number: &str) {
        self.role("combobox", "Speed");
        let label = format!("{number}×");
        let choices = "select[aria-label=Speed] option";
        let find = "return [...document.querySelectorAll(arguments[0])]
            .findIndex(option => option.label === arguments[1])";
        let index = self.run(find, json!([choices, label])).as_u64();
        let index = index.unwrap_or_else(|| panic!("no speed {label}")) as usize;
        self.click(&self.all(choices)[index]);
        self.wait_for(&format!("the speed {label}"), || {
            let chosen = self.run(find, json!([format!("{choices}:checked"), label]));
            (chosen == json!(0)).then_some(())
        });
    }

    pub fn button(&self, name: &str) {
        let button = self.role("button", name);
        self.click(&button);
    }

    pub fn tab(&self, name: &str) {
        let tab = self.role("tab", name);
        self.click(&tab);
    }

    /// Replaces the manifest by selecting everything and typing.
    pub fn write_manifest(&self, text: &str) {
        let editor = self.role("textbox", "Manifest");
        self.click(&editor);
        self.press(&[keys::CONTROL, "a"]);
        self.press(&[keys::BACKSPACE]);
        if !text.is_empty() {
            self.type_into(&editor, text);
        }
    }

    pub fn manifest_text(&self) -> String {
        // The editor draws only the lines in view; a manifest of the course is in view.
        let lines = self.run(
            "return [...document.querySelectorAll('[role=textbox][aria-label=Manifest] .cm-line')].map(l => l.textContent)",
            json!([]),
        );
        let lines = lines.as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| line.as_str().unwrap_or_default().to_owned() + "\n").collect()
    }

    pub fn apply(&self) {
        self.button("Apply");
    }

    pub fn log(&self) -> String {
        let log = self.role("log", "Terminal");
        self.text(&log)
    }

    /// Enters a command; waits until it has printed something and returns that.
    pub fn kubectl(&self, command: &str) -> String {
        let before = self.log().matches(command).count();
        let prompt = self.role("textbox", "kubectl");
        self.type_into(&prompt, &format!("{command}{}", keys::ENTER));
        self.wait_for(&format!("an answer to {command:?}"), || {
            let now = self.log();
            let (_, answer) = now.rsplit_once(command)?;
            let answered = now.matches(command).count() > before && !answer.trim().is_empty();
            answered.then(|| answer.trim().to_owned())
        })
    }

    /// Waits until the log ends with this.
    pub fn wait_for_log(&self, end: &str) {
        self.wait_for(&format!("the log to end with {end:?}"), || {
            self.log().trim_end().ends_with(end).then_some(())
        });
    }

    pub fn pods(&self) -> Vec<Pod> {
        let rows = self.run(
            "const list = [...document.querySelectorAll('[role=list]')].find(l => l.getAttribute('aria-label') === 'Pods');
             return [...list.querySelectorAll('[role=listitem]')].map(p => [p.dataset.pod, p.dataset.state, p.dataset.revision ?? '', p.getAttribute('aria-label')])",
            json!([]),
        );
        let rows = rows.as_array().cloned().unwrap_or_default();
        rows.iter()
            .map(|row| {
                let part = |at: usize| row[at].as_str().unwrap_or_default().to_owned();
                Pod { name: part(0), state: part(1), revision: part(2), label: part(3) }
            })
            .collect()
    }

    /// Waits until there are so many pods and all are available and of that revision.
    pub fn wait_for_rollout(&self, count: usize, revision: &str) -> Vec<Pod> {
        self.wait_for(&format!("{count} available pods of revision {revision}"), || {
            let pods = self.pods();
            let done = pods.len() == count
                && pods.iter().all(|pod| pod.state == "available" && pod.revision == revision);
            done.then_some(pods)
        })
    }

    /// The texts of the revisions' items.
    pub fn revisions(&self) -> Vec<String> {
        let texts = self.run(
            "const list = [...document.querySelectorAll('[role=list], ul')].find(l => l.getAttribute('aria-label') === 'Revisions');
             return [...list.children].map(item => item.innerText)",
            json!([]),
        );
        let texts = texts.as_array().cloned().unwrap_or_default();
        texts.iter().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The numbers of the revisions, in the order of the list.
    pub fn revision_numbers(&self) -> Vec<u32> {
        let numbers = self.revisions().into_iter().map(|text| {
            let number = text.strip_prefix("Revision ").expect("an item starts with Revision");
            let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
            number[..end].parse().expect("a number")
        });
        numbers.collect()
    }

    pub fn wait_for_revisions(&self, numbers: &[u32]) {
        self.wait_for(&format!("the revisions {numbers:?}"), || {
            (self.revision_numbers() == numbers).then_some(())
        });
    }

    /// Presses an undo button, reads the dialog, and confirms. Returns the dialog's text.
    pub fn undo_to(&self, revision: u32) -> String {
        self.button(&format!("Undo to revision {revision}"));
        let dialog = self.find("dialog[open]");
        // It fades in.
        let text = self.wait_for("the dialog to say something", || {
            Some(self.text(&dialog)).filter(|text| !text.is_empty())
        });
        self.button("Undo");
        self.wait_for("the dialog to close", || self.all("dialog[open]").is_empty().then_some(()));
        text
    }

    /// From now on every frame is watched: the fewest available pods, and the most that are not
    /// being deleted.
    pub fn watch_pods(&self) {
        self.run(
            "window.watched = {available: Infinity, up: 0};
             const look = () => {
               const pods = [...document.querySelectorAll('[role=listitem][data-pod]')];
               const count = test => pods.filter(p => test(p.dataset.state)).length;
               const up = count(s => s !== 'terminating' && s !== 'failed');
               window.watched.available = Math.min(window.watched.available, count(s => s === 'available'));
               window.watched.up = Math.max(window.watched.up, up);
               window.watching = requestAnimationFrame(look);
             };
             cancelAnimationFrame(window.watching ?? 0);
             look();",
            json!([]),
        );
    }

    /// The fewest available and the most pods since [`Page::watch_pods`].
    pub fn watched(&self) -> (i64, i64) {
        let seen = self.run("return [window.watched.available, window.watched.up]", json!([]));
        (seen[0].as_i64().unwrap_or(-1), seen[1].as_i64().unwrap_or(-1))
    }

    /// The value of the slider of time, in milliseconds.
    pub fn time(&self) -> i64 {
        let value = self.run(
            "return Number([...document.querySelectorAll('input[type=range]')].find(i => i.getAttribute('aria-label') === 'Time').value)",
            json!([]),
        );
        value.as_f64().map_or(-1, |value| value as i64)
    }
}
