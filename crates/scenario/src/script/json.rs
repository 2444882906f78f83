//! Scripts in JSON, for links and records: the same fields, no lines to name.

use rollscope_api::Value;
use serde::de::DeserializeOwned;
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
        read_json(text).map_err(whole)
    }
}

/// Reads something that holds scripts.
///
/// JSON is YAML, so that scripts need one reader, not one for each notation: a reader of every type
/// in a script weighs 60 KB of the page. What is not JSON is refused first, and so is a depth that
/// only somebody who means harm would write; no alias can come of it, as all texts are quoted.
///
/// # Errors
/// What is wrong, without a line: the JSON that is read here has been written on one.
pub(crate) fn read_json<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    let without_line = |text: String| text.split(" at line ").next().unwrap_or_default().to_owned();
    let value: Value =
        serde_json::from_str(json).map_err(|error| without_line(error.to_string()))?;
    let yaml = escape(&value.to_string());
    serde_yaml::from_str(&yaml).map_err(|error| without_line(error.to_string()))
}

/// Escapes the characters that JSON takes as they are and YAML does not; they are only in texts.
fn escape(json: &str) -> String {
    let mut yaml = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                yaml.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => yaml.push(other),
        }
    }
    yaml
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_survives() {
        let all: String = (0..=0x3_0000).chain([0x10_ffff]).filter_map(char::from_u32).collect();
        let json = serde_json::to_string(&[&all]).unwrap();
        assert_eq!(read_json::<[String; 1]>(&json), Ok([all]));
    }

    #[test]
    fn what_is_not_json_is_no_script_in_json() {
        for text in ["rollscope: 1", "{rollscope: 1}", "{\"a\": &x 1}", "", "[[", "{} {}"] {
            assert!(read_json::<Value>(text).is_err(), "{text}");
        }
        assert!(read_json::<Value>(&"[".repeat(10_000)).is_err());
        assert!(Script::from_json("{\"rollscope\": 1}").is_ok());
    }
}
