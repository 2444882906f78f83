//! The list of known failures: cases that differ from the recording for a reason that is told.

use std::collections::BTreeMap;

use super::{Case, Kind};

/// Known failures by kind and case name, each with its reason.
#[derive(Clone, Debug, Default)]
pub struct KnownFailures(BTreeMap<(Kind, String), String>);

impl KnownFailures {
    /// Reads the list: one case a line, `KIND NAME: REASON`; lines that begin with `#` are
    /// remarks. Where a name holds `: `, the last one counts.
    ///
    /// # Errors
    /// The first wrong line, with its number.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut known = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |why: &str| format!("line {}: {why}", index + 1);
            let (kind, rest) =
                line.split_once(' ').ok_or_else(|| wrong("expected `KIND NAME: REASON`"))?;
            let kind = Kind::ALL.into_iter().find(|one| one.as_str() == kind);
            let kind = kind.ok_or_else(|| wrong("unknown kind of recording"))?;
            let (name, reason) =
                rest.rsplit_once(": ").ok_or_else(|| wrong("a reason is missing"))?;
            if reason.trim().is_empty() {
                return Err(wrong("a reason is missing"));
            }
            let before = known.insert((kind, name.trim().to_owned()), reason.trim().to_owned());
            if before.is_some() {
                return Err(wrong("the case is listed twice"));
            }
        }
        Ok(Self(known))
    }

    /// Why this case is known to fail, if it is.
    pub fn reason(&self, case: &Case) -> Option<&str> {
        self.0.get(&(case.kind, case.name.clone())).map(String::as_str)
    }

    /// Every listed case: kind, name, reason.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, &str, &str)> {
        self.0.iter().map(|((kind, name), reason)| (*kind, name.as_str(), reason.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_strict() {
        let known =
            KnownFailures::parse("# why\n\ncommands get x: y: upstream is a race\n").unwrap();
        assert_eq!(
            known.iter().collect::<Vec<_>>(),
            [(Kind::Commands, "get x: y", "upstream is a race")]
        );
        for wrong in ["traces", "dances a: b", "traces a", "traces a: ", "traces a: b\ntraces a: c"]
        {
            assert!(KnownFailures::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
