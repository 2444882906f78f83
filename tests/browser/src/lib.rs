//! A small WebDriver client for the tests of the page.
//!
//! It speaks to chromedriver over plain HTTP and knows nothing of the page. Everything that fails
//! panics with what was asked: these are tests.

mod http;

use std::time::Duration;

use serde_json::{Value, json};

/// How long [`Browser::wait_for`] waits.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(40);
/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser window with a profile of its own. It is closed when it is dropped.
#[derive(Debug)]
pub struct Browser {
    driver: String,
    session: String,
    site: String,
}

/// An element of the page.
#[derive(Clone, Debug)]
pub struct Element(String);

/// Keys that have no character, as WebDriver spells them.
pub mod keys {
    #![allow(missing_docs)]
    pub const ENTER: &str = "\u{e007}";
    pub const TAB: &str = "\u{e004}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const BACKSPACE: &str = "\u{e003}";
    pub const CONTROL: &str = "\u{e009}";
    pub const SHIFT: &str = "\u{e008}";
    pub const END: &str = "\u{e010}";
    pub const HOME: &str = "\u{e011}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
    pub const F10: &str = "\u{e03a}";
    pub const SPACE: &str = " ";
}

fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run these tests with `cargo xtask test browser`")
    })
}

impl Browser {
    /// Opens the page at 1280×720.
    pub fn open() -> Self {
        Self::open_with(1280, 720, &[])
    }

    /// Opens the page in a window of that size, with more arguments for Chromium:
    /// `--force-prefers-reduced-motion`, `--force-dark-mode` …
    pub fn open_with(width: u32, height: u32, arguments: &[&str]) -> Self {
        let browser = Self::blank(width, height, arguments);
        browser.go("");
        browser
    }

    /// Opens a window without loading anything.
    pub fn blank(width: u32, height: u32, arguments: &[&str]) -> Self {
        let (driver, site) = (setting("ROLLSCOPE_DRIVER"), setting("ROLLSCOPE_SITE"));
        let size = format!("--window-size={width},{height}");
        let mut all = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            size.as_str(),
        ];
        all.extend(arguments);
        let mut options = json!({"args": all});
        if let Ok(binary) = std::env::var("ROLLSCOPE_BROWSER") {
            options["binary"] = Value::String(binary);
        }
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": 120_000},
        }}});
        let answer = http::request(&driver, "POST", "/session", Some(&capabilities));
        let session = answer["sessionId"].as_str().expect("a session").to_owned();
        let browser = Self { driver, session, site };
        // The window's size includes its frame: the page itself is to be as large as asked for.
        let (inner, outer) = (
            browser.run("return [window.innerWidth, window.innerHeight]", json!([])),
            browser.run("return [window.outerWidth, window.outerHeight]", json!([])),
        );
        let frame = |index: usize| {
            outer[index].as_i64().unwrap_or_default() - inner[index].as_i64().unwrap_or_default()
        };
        let rect = json!({
            "width": i64::from(width) + frame(0),
            "height": i64::from(height) + frame(1),
        });
        browser.post("/window/rect", &rect);
        browser
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        http::request(&self.driver, method, &format!("/session/{}{path}", self.session), body)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, Some(body))
    }

    /// The site's address, with a slash at its end.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Loads an address relative to the site: `""`, `#fragment`, `?query`.
    pub fn go(&self, path: &str) {
        self.post("/url", &json!({"url": format!("{}{path}", self.site)}));
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.post("/refresh", &json!({}));
    }

    /// Kills the process behind the tab, as running out of memory does.
    pub fn crash_tab(&self) {
        let path = format!("/session/{}/goog/cdp/execute", self.session);
        let body = json!({"cmd": "Page.crash", "params": {}});
        // The driver may say that the tab has crashed: that is what was asked for.
        let _ = http::try_request(&self.driver, "POST", &path, Some(&body));
    }

    /// Puts a text in at once where the focus is, as pasting and other testing tools do.
    pub fn insert_text(&self, text: &str) {
        let body = json!({"cmd": "Input.insertText", "params": {"text": text}});
        self.post("/goog/cdp/execute", &body);
    }

    /// Opens another tab in the same profile, empty, and goes on in it.
    pub fn new_tab(&self) {
        let tab = self.post("/window/new", &json!({"type": "tab"}));
        self.switch_to_tab(tab["handle"].as_str().unwrap_or_default());
    }

    /// The tab that is spoken to.
    pub fn tab_handle(&self) -> String {
        let handle = self.ask("GET", "/window", None);
        handle.as_str().unwrap_or_default().to_owned()
    }

    /// Goes on in another tab.
    pub fn switch_to_tab(&self, handle: &str) {
        self.post("/window", &json!({"handle": handle}));
    }

    /// Runs a function body in the page; `arguments` holds the values (a JSON list).
    pub fn run(&self, script: &str, arguments: Value) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": arguments}))
    }

    /// As [`Browser::run`], for scripts that call the function they are given last with their result.
    pub fn run_async(&self, script: &str, arguments: Value) -> Value {
        self.post("/execute/async", &json!({"script": script, "args": arguments}))
    }

    /// The elements that a CSS selector finds.
    pub fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.post("/elements", &json!({"using": "css selector", "value": selector}));
        let found = found.as_array().cloned().unwrap_or_default();
        found.iter().filter_map(|one| one[ELEMENT].as_str()).map(|id| Element(id.into())).collect()
    }

    /// The first element that a CSS selector finds; waits until there is one.
    pub fn find(&self, selector: &str) -> Element {
        self.wait_for(&format!("an element {selector}"), || self.all(selector).into_iter().next())
    }

    /// The first element of that role and accessible name, as a screen reader would tell them.
    /// Waits until there is one. `role` may be empty.
    pub fn role(&self, role: &str, name: &str) -> Element {
        self.wait_for(&format!("a {role} named {name:?}"), || self.by_role(role, name))
    }

    /// As [`Browser::role`], without waiting.
    pub fn by_role(&self, role: &str, name: &str) -> Option<Element> {
        let candidates = match role {
            "button" => "button, [role=button], summary",
            "textbox" => "textarea, input, [role=textbox], [contenteditable=true]",
            "listitem" => "li, [role=listitem]",
            "link" => "a, [role=link]",
            "tab" => "[role=tab]",
            "slider" => "input[type=range], [role=slider]",
            "combobox" => "select, [role=combobox]",
            "checkbox" => "input[type=checkbox], [role=checkbox]",
            "region" => "section, [role=region]",
            "" => "*",
            other => return self.computed(&format!("[role={other}], {other}"), other, name),
        };
        self.computed(candidates, role, name)
    }

    fn computed(&self, selector: &str, role: &str, name: &str) -> Option<Element> {
        self.all(selector).into_iter().find(|element| {
            let path = format!("/element/{}", element.0);
            // An element may be gone by the time it is asked.
            let ask = |what: &str| {
                http::try_request(
                    &self.driver,
                    "GET",
                    &format!("/session/{}{path}/{what}", self.session),
                    None,
                )
            };
            ask("computedlabel").is_ok_and(|label| label == name)
                && (role.is_empty() || ask("computedrole").is_ok_and(|found| found == role))
        })
    }

    /// Waits until `look` finds something. `what` is what was waited for in vain.
    pub fn wait_for<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        self.wait_for_within(PATIENCE, what, look)
    }

    /// As [`Browser::wait_for`], for things that take longer.
    pub fn wait_for_within<T>(
        &self,
        patience: Duration,
        what: &str,
        mut look: impl FnMut() -> Option<T>,
    ) -> T {
        let mut waited = Duration::ZERO;
        loop {
            if let Some(found) = look() {
                return found;
            }
            if waited > patience {
                self.screenshot("failed");
                panic!("waited {} s in vain for {what}", patience.as_secs());
            }
            std::thread::sleep(POLL);
            waited += POLL;
        }
    }

    /// Waits until an element's text holds `text`.
    pub fn wait_for_text(&self, selector: &str, text: &str) {
        self.wait_for(&format!("{selector} to say {text:?}"), || {
            let found = self.run(
                "return [...document.querySelectorAll(arguments[0])].some(e => e.textContent.includes(arguments[1]))",
                json!([selector, text]),
            );
            (found == true).then_some(())
        });
    }

    /// Clicks an element.
    pub fn click(&self, element: &Element) {
        self.post(&format!("/element/{}/click", element.0), &json!({}));
    }

    /// Types into an element.
    pub fn type_into(&self, element: &Element, text: &str) {
        self.post(&format!("/element/{}/value", element.0), &json!({"text": text}));
    }

    /// Presses keys together, wherever the focus is: `&[keys::CONTROL, keys::ENTER]`.
    pub fn press(&self, together: &[&str]) {
        let mut actions = Vec::new();
        for key in together {
            actions.push(json!({"type": "keyDown", "value": key}));
        }
        for key in together.iter().rev() {
            actions.push(json!({"type": "keyUp", "value": key}));
        }
        self.post(
            "/actions",
            &json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}),
        );
    }

    /// Drags the mouse from one point to another, in CSS pixels of the window.
    pub fn drag(&self, from: (i64, i64), to: (i64, i64)) {
        let steps = 8;
        let mut actions = vec![
            json!({"type": "pointerMove", "duration": 0, "x": from.0, "y": from.1}),
            json!({"type": "pointerDown", "button": 0}),
        ];
        for step in 1..=steps {
            let between = |a: i64, b: i64| a + (b - a) * step / steps;
            let (x, y) = (between(from.0, to.0), between(from.1, to.1));
            actions.push(json!({"type": "pointerMove", "duration": 20, "x": x, "y": y}));
        }
        actions.push(json!({"type": "pointerUp", "button": 0}));
        self.post(
            "/actions",
            &json!({"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]}),
        );
    }

    /// The text of an element as it is rendered.
    pub fn text(&self, element: &Element) -> String {
        let text = self.ask("GET", &format!("/element/{}/text", element.0), None);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// An attribute of an element.
    pub fn attribute(&self, element: &Element, name: &str) -> Option<String> {
        let value = self.ask("GET", &format!("/element/{}/attribute/{name}", element.0), None);
        value.as_str().map(str::to_owned)
    }

    /// Left, top, width and height of an element, in CSS pixels of the window.
    pub fn rect(&self, selector: &str) -> (i64, i64, i64, i64) {
        let rect = self.run(
            "const r = document.querySelector(arguments[0]).getBoundingClientRect(); return [r.left, r.top, r.width, r.height].map(Math.round)",
            json!([selector]),
        );
        let side = |index: usize| rect[index].as_i64().unwrap_or_default();
        (side(0), side(1), side(2), side(3))
    }

    /// What the console said since the last time it was asked: level and text, one a line.
    pub fn console(&self) -> Vec<String> {
        let entries = self.post("/se/log", &json!({"type": "browser"}));
        let entries = entries.as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                let part = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
                format!("{} {}", part("level"), part("message"))
            })
            .collect()
    }

    /// Fails where the console said anything.
    pub fn assert_console_clean(&self) {
        let said = self.console();
        assert!(said.is_empty(), "the console is not clean:\n{}", said.join("\n"));
    }

    /// Writes a screenshot of the window, where the environment names a folder for them.
    pub fn screenshot(&self, name: &str) {
        let Ok(folder) = std::env::var("ROLLSCOPE_SHOTS") else { return };
        let encoded = self.ask("GET", "/screenshot", None);
        let bytes = base64(encoded.as_str().unwrap_or_default());
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        if let Err(error) = std::fs::write(&path, bytes) {
            eprintln!("{}: {error}", path.display());
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let path = format!("/session/{}", self.session);
        // A browser that is already gone needs no closing.
        let _ = http::try_request(&self.driver, "DELETE", &path, None);
    }
}

fn base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| -> Option<u32> {
        Some(match byte {
            b'A'..=b'Z' => u32::from(byte - b'A'),
            b'a'..=b'z' => u32::from(byte - b'a') + 26,
            b'0'..=b'9' => u32::from(byte - b'0') + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        })
    };
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for sextet in text.bytes().filter_map(value) {
        bits = bits << 6 | sextet;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_is_decoded() {
        assert_eq!(super::base64("aGVsbG8sIHdvcmxk"), b"hello, world");
        assert_eq!(super::base64("aGk="), b"hi");
    }
}
