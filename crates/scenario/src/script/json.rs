//! Scripts in JSON, for links and records: the same fields, no lines to name.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{RawScript, Script, ScriptError, TEXT_BYTES_MAX, VERSION, check, whole};

impl Script {
    /// The same as [`Script::to_yaml`] in JSON, on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&RawScript::from(self)).unwrap_or_default()
    }

    /// Reads what [`Script::to_json`] writes, with the checks of [`Script::from_yaml`].
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, ScriptError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(whole(format!(
                "the script is {} bytes long; at most {TEXT_BYTES_MAX} are read",
                text.len()
            )));
        }
        serde_json::from_str(text).map_err(|error| whole(plain(&error)))
    }
}

/// What is wrong, without the line: the JSON that is read here has been written on one.
pub(crate) fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

impl Serialize for Script {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawScript::from(self).serialize(serializer)
    }
}

/// A script that is read is a script that is checked.
impl<'de> Deserialize<'de> for Script {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawScript::deserialize(deserializer)?;
        if raw.rollscope != VERSION {
            return Err(serde::de::Error::custom(format!(
                "the script is of version {}, this program reads version {VERSION}",
                raw.rollscope
            )));
        }
        let script = Self::from(raw);
        check::script(&script)
            .map_err(|wrong| serde::de::Error::custom(wrong.unlocated().message))?;
        Ok(script)
    }
}
