//! The files of a session: the editor's documents, which commands name with `-f`.

use std::collections::BTreeMap;
use std::rc::Rc;

/// Files by path. Clones share the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet(BTreeMap<Rc<str>, Rc<str>>);

impl FileSet {
    /// The text of a file. A leading `./` is no part of its path.
    pub fn get(&self, path: &str) -> Option<&Rc<str>> {
        self.0.get(path.strip_prefix("./").unwrap_or(path))
    }

    /// Writes a file, new or again.
    pub fn set(&mut self, path: &str, text: &str) {
        self.0.insert(path.into(), text.into());
    }

    /// Removes a file, if there is one of that path.
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// Paths and texts, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (&**path, &**text))
    }
}

impl rollscope_kubectl::Files for FileSet {
    fn read(&self, path: &str) -> Option<&str> {
        self.get(path).map(|text| &**text)
    }

    fn paths(&self) -> Vec<String> {
        self.0.keys().map(|path| path.to_string()).collect()
    }
}
