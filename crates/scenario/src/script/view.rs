//! Where a session is looked at when it is opened: beside the script, which follows from nothing of
//! it.

use rollscope_api::SimDuration;
use serde::{Deserialize, Serialize};

use super::check::{self, SPAN_MAX, Wrong};
use super::{RawScript, Script, ScriptError};
use crate::span;

/// The moment at which a session is opened. Running the script takes no notice of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Since the start.
    #[serde(with = "span::text")]
    pub at: SimDuration,
    /// Whether time goes on from there.
    #[serde(default)]
    pub playing: bool,
}

impl View {
    pub(super) fn check(self) -> Result<(), Wrong> {
        match self.at > SPAN_MAX {
            true => Err(Wrong::new("view.at", check::too_long("view", self.at))),
            false => Ok(()),
        }
    }
}

impl Script {
    /// Reads a script and where it is to be looked at, if it says so.
    ///
    /// # Errors
    /// As [`Script::from_yaml`].
    pub fn with_view_from_yaml(text: &str) -> Result<(Self, Option<View>), ScriptError> {
        let raw = super::read_raw(text)?;
        let view = raw.view;
        let script = Self::from(raw);
        let checked = check::script(&script).and_then(|()| view.map_or(Ok(()), View::check));
        checked.map_err(|wrong| wrong.located_in(text))?;
        Ok((script, view))
    }

    /// Writes the script and where it is to be looked at.
    pub fn to_yaml_with_view(&self, view: Option<View>) -> String {
        // Every part serialises: there are no maps with other keys than strings.
        serde_yaml::to_string(&RawScript { view, ..RawScript::from(self) }).unwrap_or_default()
    }
}
