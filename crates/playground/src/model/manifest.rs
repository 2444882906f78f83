//! The manifests being edited: files as tabs, what is wrong with them, and which lines matter.

use std::rc::Rc;

use rollscope_api::Value;
use rollscope_api::diagnose::{Diagnostic, diagnose};
use rollscope_api::order;
use rollscope_api::yaml::{self, Node, NodeKind};
use rollscope_scenario::FileSet;
use rollscope_sim::store::{Key, Store};

use super::examples::EXAMPLES;
use super::shared::Shared;

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Its path, as `-f` names it.
    pub name: String,
    /// What the editor holds.
    pub text: Rc<str>,
    /// What was last applied.
    pub applied: Option<Rc<str>>,
}

/// Lines of a manifest that matter, counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tint {
    /// First and last lines of `spec.template` in every document that has one.
    pub template: Vec<(usize, usize)>,
    /// Lines in it that differ from what the cluster runs.
    pub changed: Vec<usize>,
}

/// The files and the one that is open.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// In the order of their tabs; never empty.
    pub files: Vec<File>,
    /// The open one.
    pub active: usize,
    /// What is wrong with it.
    pub problems: Shared<Vec<Diagnostic>>,
    /// Which of its lines matter.
    pub tint: Shared<Tint>,
}

impl Default for Manifest {
    fn default() -> Self {
        let first = &EXAMPLES[0];
        Self::of(vec![File { name: first.file.into(), text: first.text.into(), applied: None }], 0)
    }
}

impl Manifest {
    /// These files, of which there is at least one, and the number of the open one.
    pub fn of(files: Vec<File>, active: usize) -> Self {
        let active = active.min(files.len().saturating_sub(1));
        let (problems, tint) = (Shared::default(), Shared::default());
        let mut manifest = Self { files, active, problems, tint };
        manifest.check();
        manifest
    }

    /// The texts as commands read them.
    pub fn file_set(&self) -> FileSet {
        let mut set = FileSet::default();
        for file in &self.files {
            set.set(&file.name, &file.text);
        }
        set
    }

    /// The open file.
    pub fn file(&self) -> &File {
        &self.files[self.active]
    }

    /// The editor holds another text.
    pub fn edit(&mut self, text: String) {
        self.files[self.active].text = text.into();
        self.check();
    }

    fn check(&mut self) {
        self.problems.replace(diagnose(&self.file().text));
    }

    /// Opens a file by the number of its tab.
    pub fn open(&mut self, at: usize) {
        self.active = at.min(self.files.len() - 1);
        self.check();
    }

    /// Opens an example: in the file of that name, or in a new one.
    pub fn load(&mut self, example: usize) {
        if let Some(example) = EXAMPLES.get(example) {
            self.take_in(example.file, example.text);
        }
    }

    /// Opens a text from outside: in the file of that name, or in a new one.
    pub fn take_in(&mut self, name: &str, text: &str) {
        match self.files.iter().position(|file| file.name == name) {
            Some(at) => self.active = at,
            None => self.add(name),
        }
        self.edit(text.to_owned());
    }

    /// Opens a new, empty file of a name that is free.
    pub fn add_new(&mut self) {
        let taken = |name: &str| self.files.iter().any(|file| file.name == name);
        let names = (2..).map(|number| format!("deployment-{number}.yaml"));
        // The names never run out, there are only so many tabs.
        let name = names.into_iter().find(|name| !taken(name)).unwrap_or_default();
        self.add(&name);
        self.check();
    }

    fn add(&mut self, name: &str) {
        self.files.push(File { name: name.into(), text: Rc::from(""), applied: None });
        self.active = self.files.len() - 1;
    }

    /// Closes a file, unless it is the only one. Returns its name.
    pub fn close(&mut self, at: usize) -> Option<String> {
        if self.files.len() == 1 || at >= self.files.len() {
            return None;
        }
        let closed = self.files.remove(at);
        if self.active > at || self.active == self.files.len() {
            self.active -= 1;
        }
        self.check();
        Some(closed.name)
    }

    /// Finds the lines that matter.
    pub fn tint(&mut self, store: &Store) {
        let text = &self.file().text;
        let tint = yaml::parse(text).map(|documents| tint(&documents, store));
        // While the text cannot be read the lines stay as they were.
        if let Ok(tint) = tint {
            self.tint.replace(tint);
        }
    }
}

fn tint(documents: &[yaml::Document], store: &Store) -> Tint {
    let mut tint = Tint::default();
    for document in documents {
        if document.value["kind"] != "Deployment" {
            continue;
        }
        let Some((line, template)) =
            member(&document.root, "spec").and_then(|(_, spec)| member(spec, "template"))
        else {
            continue;
        };
        tint.template.push((line, last_line(template).max(line)));
        let metadata = &document.value["metadata"];
        let namespace = metadata["namespace"].as_str().unwrap_or("default");
        let key = Key::new(namespace, metadata["name"].as_str().unwrap_or_default());
        if let Some(live) = store.deployment(&key) {
            changed(template, Some(&*live.spec.template.0), line, &mut tint.changed);
        }
    }
    order::sort(&mut tint.changed);
    tint.changed.dedup();
    tint
}

/// A member of a map, and the line of its key.
fn member<'a>(node: &'a Node, name: &str) -> Option<(usize, &'a Node)> {
    let NodeKind::Mapping(entries) = &node.kind else { return None };
    let (_, span, value) = entries.iter().rev().find(|(key, _, _)| key == name)?;
    Some((span.line, value))
}

fn last_line(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Scalar(_) if node.span.end_column == 1 => node.span.end_line.saturating_sub(1),
        NodeKind::Scalar(_) => node.span.end_line,
        NodeKind::Sequence(items) => items.iter().map(last_line).max().unwrap_or(node.span.line),
        NodeKind::Mapping(entries) => entries
            .iter()
            .map(|(_, key, value)| last_line(value).max(key.line))
            .max()
            .unwrap_or(node.span.line),
    }
}

/// Lines with values that the live object has not, or has otherwise.
fn changed(node: &Node, live: Option<&Value>, line: usize, lines: &mut Vec<usize>) {
    match &node.kind {
        NodeKind::Scalar(value) => {
            if !same_scalar(value, live) {
                lines.push(line);
            }
        }
        NodeKind::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                changed(item, live.and_then(|live| live.get(at)), item.span.line, lines);
            }
        }
        NodeKind::Mapping(entries) => {
            for (key, span, value) in entries {
                changed(value, live.and_then(|live| live.get(key)), span.line, lines);
            }
        }
    }
}

/// Numbers and texts that the server stores in another form count as the same.
fn same_scalar(value: &Value, live: Option<&Value>) -> bool {
    let Some(live) = live else { return value.is_null() };
    if value == live {
        return true;
    }
    let quantity = |value: &Value| match value {
        Value::String(text) => rollscope_api::quantity::Quantity::parse(text).ok(),
        Value::Number(number) => rollscope_api::quantity::Quantity::parse(&number.to_string()).ok(),
        _ => None,
    };
    match (quantity(value), quantity(live)) {
        (Some(a), Some(b)) => a.cmp(&b).is_eq(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_tinted_to_its_last_line() {
        let manifest = Manifest::default();
        let documents = yaml::parse(&manifest.file().text).unwrap();
        let tint = tint(&documents, &Store::default());
        assert_eq!(tint, Tint { template: vec![(10, 17)], changed: vec![] });
    }

    #[test]
    fn values_that_differ_mark_their_lines() {
        let text = "a: 1\nlist:\n- x: 500m\n  w: same\n- z: new\nb: |\n  long\n";
        let documents = yaml::parse(text).unwrap();
        let live = serde_json::json!({"a": 2, "list": [{"x": "0.5", "w": "same"}], "b": "long\n"});
        let mut lines = Vec::new();
        changed(&documents[0].root, Some(&live), 1, &mut lines);
        assert_eq!(lines, [1, 5]);
        assert_eq!(last_line(&documents[0].root), 7);
    }

    #[test]
    fn tabs_open_and_close() {
        let mut manifest = Manifest::default();
        manifest.load(4);
        manifest.add_new();
        let names = |manifest: &Manifest| {
            let names: Vec<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
            format!("{} [{}]", names.join(" "), manifest.active)
        };
        assert_eq!(names(&manifest), "deployment.yaml web.yaml deployment-2.yaml [2]");
        assert_eq!(manifest.close(0).as_deref(), Some("deployment.yaml"));
        assert_eq!(names(&manifest), "web.yaml deployment-2.yaml [1]");
        manifest.close(1);
        assert_eq!(names(&manifest), "web.yaml [0]");
        assert_eq!(manifest.close(0), None);
    }
}
