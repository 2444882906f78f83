//! Arguments as they are written: `--name value`, `--name=value`, or something without a name.

use std::slice::Iter;

use crate::Failure;

/// The arguments of a command, one after the other.
pub(crate) struct Arguments<'a> {
    rest: Iter<'a, String>,
    name: &'a str,
    /// What stood behind the `=` of the present one.
    value: Option<&'a str>,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(arguments: &'a [String]) -> Self {
        Self { rest: arguments.iter(), name: "", value: None }
    }

    /// The next argument: its name, and all of it.
    pub(crate) fn advance(&mut self) -> Option<(&'a str, &'a String)> {
        let argument = self.rest.next()?;
        (self.name, self.value) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (argument.as_str(), None),
        };
        Some((self.name, argument))
    }

    /// The value of the present option: behind its `=`, or else the argument after it.
    ///
    /// # Errors
    /// Names the option that has none.
    pub(crate) fn value(&mut self) -> Result<String, Failure> {
        let given = self.value.map(str::to_owned).or_else(|| self.rest.next().cloned());
        given.ok_or_else(|| Failure::new(format!("{} needs a value", self.name)))
    }
}
